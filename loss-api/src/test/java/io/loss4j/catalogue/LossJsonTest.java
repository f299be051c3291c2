package io.loss4j.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.Reduction;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.Ldam;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SoftmaxCrossEntropy;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R7.3: hostile JSON gives a clear error and nothing else. */
class LossJsonTest {
    private static LossInputException refused(String json) {
        LossInputException e = assertThrows(LossInputException.class, () -> LossFunction.fromJson(json));
        assertTrue(
                e.getMessage().length() < 2500, () -> "length " + e.getMessage().length());
        return e;
    }

    private static void refused(String code, String part, String json) {
        LossInputException e = refused(json.replace('\'', '"'));
        assertEquals(code, e.code(), e.getMessage());
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    private static String spec(String id, String params) {
        return "{'spec':{'id':'" + id + "','version':1,'params':{" + params + "}}}";
    }

    @Test
    void r7_3_unknownIds() {
        refused("L4J-J02", "did you mean 'sigmoid_focal'", spec("sigmoid_focul", ""));
        refused("L4J-J02", "'Huber' is not known", spec("Huber", ""));
        refused("L4J-J02", "is not known", spec("io.loss4j.loss.Huber", ""));
        refused("L4J-J02", "is not known", spec("x".repeat(100_000), ""));
        refused("L4J-J02", "is not known", spec("", ""));
    }

    @Test
    void r7_3_nothingIsMadeByClassName() {
        refused("L4J-J04", "unknown field @class", "{'@class':'java.lang.ProcessBuilder','spec':{'id':'huber'}}");
        refused(
                "L4J-J04",
                "unknown field @class",
                "{'spec':{'@class':'javax.script.ScriptEngineManager','id':'huber'}}");
        refused("L4J-P01", "unknown parameter @class", spec("huber", "'@class':'java.net.URL'"));
        refused("L4J-J05", "", spec("huber", "'delta':['java.net.URL','http://localhost']"));
        refused("L4J-J05", "delta is an object", spec("huber", "'delta':{'@class':'java.net.URL'}"));
    }

    @Test
    void r7_3_lossesInsideLosses() {
        refused("L4J-J05", "loss is 3, expected a loss", spec("scaled", "'factor':1,'loss':3"));
        refused("L4J-P04", "parameter loss is", spec("scaled", "'factor':1,'loss':[]"));
        refused("L4J-P04", "parameter losses is", spec("weighted_sum", "'losses':{'id':'huber'}"));
        refused(
                "L4J-J05",
                "weighted_sum.losses[0]: value is 1, expected an object",
                spec("weighted_sum", "'losses':[1]"));
        refused("L4J-P05", "losses is empty", spec("weighted_sum", "'losses':[]"));
        refused("L4J-J02", "is not known", spec("weighted_sum", "'losses':[{'id':'java.net.URL'}]"));
        refused("L4J-P01", "unknown parameter", spec("weighted_sum", "'losses':[{'id':'huber','params':{'x':1}}]"));
        String deep = "{'id':'scaled','params':{'factor':1,'loss':".repeat(17) + "{'id':'huber'}" + "}}".repeat(17);
        refused("L4J-J06", "more than 16 deep", "{'spec':" + deep + "}");
    }

    @Test
    void r7_3_changedLogits() {
        String ok = "{'spec':{'id':'softmax_focal'},'logits':%s}";
        refused("L4J-J05", "logits: value is 3", ok.formatted("3"));
        refused("L4J-J04", "unknown field biass", ok.formatted("{'biass':[1]}"));
        refused("L4J-J05", "bias is 1", ok.formatted("{'bias':1}"));
        refused("L4J-P05", "scale is 0.0", ok.formatted("{'scale':0}"));
        refused("L4J-P06", "changed logits are for", ok.formatted("{'scale':2}").replace("softmax_focal", "huber"));
    }

    @Test
    void r7_3_unknownMissingAndWrongParameters() {
        refused("L4J-P01", "huber: unknown parameter dleta; it knows delta", spec("huber", "'dleta':1"));
        refused("L4J-P03", "ldam: parameter class_counts is missing", spec("ldam", "'scale':1"));
        refused("L4J-P04", "delta is 1, expected a number", spec("huber", "'delta':'1'"));
        refused("L4J-P04", "delta is null, expected a number", spec("huber", "'delta':null"));
        refused("L4J-P04", "delta is true", spec("huber", "'delta':true"));
        refused("L4J-P04", "delta is [1.0]", spec("huber", "'delta':[1]"));
        refused("L4J-P04", "p is 1.5, expected a whole number", spec("multi_margin", "'p':1.5"));
        refused("L4J-P04", "p is 1.0E30", spec("multi_margin", "'p':1e30"));
        refused(
                "L4J-P04",
                "one of [logits, probabilities, log_probabilities]",
                spec("sigmoid_focal", "'input':'LOGITS'"));
        refused("L4J-P04", "input is 1", spec("sigmoid_focal", "'input':1"));
        refused(
                "L4J-J05",
                "class_counts is an array, expected a list of numbers",
                spec("ldam", "'class_counts':[1,null]"));
        refused("L4J-J05", "class_counts is an array", spec("ldam", "'class_counts':[[1],[2]]"));
        refused("L4J-P05", "class_counts is 7.0, expected one number per class", spec("ldam", "'class_counts':7"));
        refused("L4J-P05", "delta is -1.0", spec("huber", "'delta':-1"));
    }

    @Test
    void r7_3_numbersThatAreNone() {
        for (String number : List.of("NaN", "Infinity", "-Infinity", "+1", "01", "0x10", "1.", ".5", "1e")) {
            refused("L4J-J01", "not JSON", spec("huber", "'delta':" + number));
        }
        refused("L4J-P05", "delta is Infinity", spec("huber", "'delta':1e999"));
        refused("L4J-P05", "class_counts[1] is Infinity", spec("ldam", "'class_counts':[1,1e999]"));
        refused("L4J-P04", "delta is NaN", spec("huber", "'delta':'NaN'"));
        refused("L4J-W01", "weight 0 is Infinity", "{'spec':{'id':'huber'},'class_weights':[1e999]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "true",
                "1",
                "'text'",
                "[]",
                "[{}]",
                "{}",
                "{",
                "}",
                "{'spec'",
                "{'spec':}",
                "{spec:1}",
                "{'spec':null}",
                "{'spec':[]}",
                "{'spec':{}}",
                "{'spec':{'id':1}}",
                "{'spec':{'id':null}}",
                "{'spec':{'id':['huber']}}",
                "{'spec':{'id':'huber'}} x",
                "{'spec':{'id':'huber'}}{}",
                "{'spec':{'id':'huber'}},",
                "{'spec':{'id':'huber'},}",
                "/* c */ {'spec':{'id':'huber'}}",
                "{'spec':{'id':'huber','params':[]}}",
                "{'spec':{'id':'huber','params':null}}",
                "{'spec':{'id':'huber','params':1}}",
                "{'spec':{'id':'huber','version':0}}",
                "{'spec':{'id':'huber','version':-1}}",
                "{'spec':{'id':'huber','version':'1'}}",
                "{'spec':{'id':'huber','version':1.5}}",
                "{'spec':{'id':'huber','version':null}}",
                "{'spec':{'id':'huber','version':99999999999}}",
                "{'spec':{'id':'huber'},'backend':'cpu'}",
                "{'spec':{'id':'huber'},'reduction':'mean'}",
                "{'spec':{'id':'huber'},'reduction':null}",
                "{'spec':{'id':'huber'},'reduction':0}",
                "{'spec':{'id':'huber'},'class_weights':1}",
                "{'spec':{'id':'huber'},'class_weights':null}",
                "{'spec':{'id':'huber'},'class_weights':['1']}",
                "{'spec':{'id':'huber'},'class_weights':[-1]}",
                "{'spec':{'id':'huber'},'class_weights':{}}",
                "{'spec':{'id':'huber'},'ignore_index':1.5}",
                "{'spec':{'id':'huber'},'ignore_index':'1'}",
                "{'spec':{'id':'huber'},'ignore_index':99999999999999999999}",
                "{'spec':{'id':'huber'},'label_smoothing':0.1}",
                "{'spec':{'id':'huber'},'z_loss':0.1}",
                "{'spec':{'id':'softmax_cross_entropy'},'z_loss':-1}",
                "{'spec':{'id':'softmax_cross_entropy'},'label_smoothing':2}",
                "{'spec':{'id':'softmax_cross_entropy'},'label_smoothing':'x'}",
                "{'spec':{'id':'sigmoid_cross_entropy'},'positive_weights':[]}",
                "{'spec':{'id':'sigmoid_cross_entropy'},'positive_weights':[-1]}",
                "{'spec':{'id':'sigmoid_cross_entropy'},'positive_weights':'x'}",
                "{'spec':{'id':'sigmoid_cross_entropy'},'positive_weights':null}",
                "\u0000",
                "{'spec':{'id':'\ud800'}}",
                "{'spec':{'id':'hu\u0000ber'}}"
            })
    void r7_3_everythingElseThatIsNoFunction(String json) {
        refused(json.replace('\'', '"'));
    }

    @Test
    void r7_3_laterVersionsNameTheRemedy() {
        refused(
                "L4J-J03",
                "saved as version 2, but this program knows version 1; update the jar",
                "{'spec':{'id':'huber','version':2}}");
    }

    @Test
    void r7_3_nothingMayBeSaidTwice() {
        refused("L4J-J01", "Duplicate field", "{'spec':{'id':'huber'},'spec':{'id':'huber'}}");
        refused("L4J-J01", "Duplicate field", spec("huber", "'delta':1,'delta':2"));
    }

    @ParameterizedTest
    @CsvSource({"[,]", "{\"a\":,}"})
    void r7_3_deepNesting(String open, String close) {
        String nested = open.repeat(100_000) + "1" + close.repeat(100_000);
        refused(nested);
        refused("{\"spec\":" + nested + "}");
        refused("{\"spec\":{\"id\":\"huber\",\"params\":{\"delta\":" + nested + "}}}");
        refused("{\"spec\":{\"id\":\"huber\",\"params\":" + nested + "}}");
        refused("{\"spec\":{\"id\":\"huber\"},\"class_weights\":" + nested + "}");
        refused("{\"spec\":{\"id\":\"huber\"},\"class_weights\":[" + nested + "]}");
    }

    @Test
    void r7_3_hugeListsCostWhatTheyAreLong() {
        int n = 1_000_000;
        String ones = "[" + "1,".repeat(n - 1) + "1]";
        LossFunction f = LossFunction.fromJson("{\"spec\":{\"id\":\"huber\"},\"class_weights\":" + ones + "}");
        assertEquals(n, f.classWeights().classes());
        Ldam ldam =
                (Ldam) LossFunction.fromJson("{\"spec\":{\"id\":\"ldam\",\"params\":{\"class_counts\":" + ones + "}}}")
                        .spec();
        assertEquals(n, ldam.columns());
        refused("{\"spec\":{\"id\":\"huber\",\"params\":{\"delta\":" + ones + "}}}");
        refused("{\"spec\":{\"id\":\"huber\",\"params\":{\"" + "d".repeat(n) + "\":1}}}");
        refused("{\"" + "d".repeat(n) + "\":1}");
        refused("{\"spec\":{\"id\":\"huber\"},\"reduction\":\"" + "M".repeat(n) + "\"}");
        refused("{\"spec\":{\"id\":\"huber\",\"params\":{\"delta\":\"" + "1".repeat(n) + "\"}}}");
        refused("M".repeat(n));
    }

    @Test
    void r7_3_numbersWithManyDigits() {
        String digits = "9".repeat(2000);
        refused("L4J-P05", "delta is Infinity", spec("huber", "'delta':" + digits));
        refused("L4J-P04", "p is ", spec("multi_margin", "'p':" + digits));
        refused("L4J-J05", "ignore_index is 999", "{'spec':{'id':'huber'},'ignore_index':" + digits + "}");
        refused("L4J-J05", "version is 999", "{'spec':{'id':'huber','version':" + digits + "}}");
        refused("L4J-J01", "a number of more than 2000 digits", spec("huber", "'delta':9" + digits));
        refused("L4J-J01", "a number of more than 2000 digits", spec("huber", "'delta':" + "9".repeat(10_000_000)));
    }

    /** Random damage to good texts: each is read, or refused by the one exception. */
    @Test
    void r7_3_randomDamage() {
        List<String> texts = List.of(
                LossFunction.of(new SigmoidFocal(0.25, 2)).toJson(),
                LossFunction.of(new Ldam(PerColumn.of(10L, 3L)))
                        .withIgnoreIndex(-1)
                        .toJson(),
                LossFunction.of(new SoftmaxCrossEntropy())
                        .withReduction(Reduction.WEIGHTED_MEAN)
                        .withClassWeights(ClassWeights.of(1, 2))
                        .withLabelSmoothing(0.1)
                        .withZLoss(1e-4)
                        .toJson(),
                LossFunction.of(new SigmoidCrossEntropy())
                        .withPositiveWeights(PerColumn.of(1.0, 2))
                        .toJson());
        String alphabet = "{}[]\",:0123456789.eE+-nulltruefalse\\u \u0000\ud83d\u20ac";
        Random random = new Random(42);
        int read = 0;
        for (int i = 0; i < 40_000; i++) {
            StringBuilder text = new StringBuilder(texts.get(i % texts.size()));
            for (int damage = random.nextInt(3); damage >= 0; damage--) {
                int at = random.nextInt(text.length());
                int end = Math.min(text.length(), at + random.nextInt(4));
                String inserted = "";
                for (int n = random.nextInt(3); n > 0; n--) {
                    inserted += alphabet.charAt(random.nextInt(alphabet.length()));
                }
                text.replace(at, end, inserted);
            }
            try {
                LossFunction f = LossFunction.fromJson(text.toString());
                assertEquals(f, LossFunction.fromJson(f.toJson()));
                read++;
            } catch (LossInputException e) {
                assertTrue(e.getMessage().startsWith("L4J-"), text.toString());
            }
        }
        assertTrue(read > 100 && read < 39_000, "both happen: " + read);
    }
}
