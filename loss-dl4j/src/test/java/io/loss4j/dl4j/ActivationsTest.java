package io.loss4j.dl4j;

import static io.loss4j.dl4j.Arrays2d.HARDSIGMOID;
import static io.loss4j.dl4j.Arrays2d.IDENTITY;
import static io.loss4j.dl4j.Arrays2d.RELU;
import static io.loss4j.dl4j.Arrays2d.SIGMOID;
import static io.loss4j.dl4j.Arrays2d.SOFTMAX;
import static io.loss4j.dl4j.Arrays2d.TANH;
import static io.loss4j.dl4j.Arrays2d.assertClose;
import static io.loss4j.dl4j.Arrays2d.doubles;
import static io.loss4j.dl4j.Arrays2d.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.ClassCounts;
import io.loss4j.ClassWeights;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.BinaryCrossEntropy;
import io.loss4j.loss.CrossEntropy;
import io.loss4j.loss.Dice;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.Jaccard;
import io.loss4j.loss.KlDivergence;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.MultiMargin;
import io.loss4j.loss.OverlapAxis;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.Scaled;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import io.loss4j.loss.WeightedSum;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** How losses meet activations, on plain arrays. */
class ActivationsTest {
    private static final OverlapAxis ROW = OverlapAxis.ROW;
    private static final InputForm P = InputForm.PROBABILITIES;
    private static final io.loss4j.loss.Activation ANY = io.loss4j.loss.Activation.ANY;
    private static final io.loss4j.loss.Activation OF_SOFTMAX = io.loss4j.loss.Activation.SOFTMAX;

    private static final INDArray OUTPUT = doubles(row(1, 2, -3), row(0.5, -1, 0.2), row(0, 4, 1));
    private static final INDArray ONE_HOT = doubles(row(1, 0, 0), row(0, 0, 1), row(0, 1, 0));
    private static final INDArray FLAGS = doubles(row(1, 0, 1), row(0, 0, 1), row(1, 1, 0));
    private static final INDArray ROWS = doubles(row(1), row(0), row(1));

    private static final List<Loss4jLoss> SOFTMAX_OF_LOGITS = List.of(
            Dl4jLosses.softmaxCrossEntropy(),
            Dl4jLosses.softmaxFocal(2),
            Dl4jLosses.logitAdjusted(ClassCounts.of(9, 3, 1), 1),
            Dl4jLosses.ldam(ClassCounts.of(9, 3, 1)));
    private static final List<Loss4jLoss> SOFTMAX_OF_PROBABILITIES = List.of(
            Dl4jLosses.crossEntropy(),
            Dl4jLosses.of(new CrossEntropy(1e-7)),
            Dl4jLosses.of(new SoftmaxFocal(PerColumn.all(2), InputForm.PROBABILITIES)),
            Dl4jLosses.negativeLogLikelihood());
    private static final List<Loss4jLoss> SIGMOID_OF_LOGITS =
            List.of(Dl4jLosses.sigmoidCrossEntropy(), Dl4jLosses.sigmoidFocal(0.25, 2), Dl4jLosses.asymmetric(1, 4, 0));
    private static final List<Loss4jLoss> SIGMOID_OF_PROBABILITIES = List.of(
            Dl4jLosses.binaryCrossEntropy(),
            Dl4jLosses.of(new BinaryCrossEntropy(1e-7)),
            Dl4jLosses.of(new SigmoidFocal(null, 2, InputForm.PROBABILITIES)));

    /** Behind softmax or sigmoid a loss of logits is fused; behind identity the output is logits: the same numbers. */
    @Test
    void logitsAreTheSameBehindTheNaturalActivationAndBehindIdentity() {
        for (Loss4jLoss loss : SOFTMAX_OF_LOGITS) {
            assertSame(loss, SOFTMAX, loss, IDENTITY, ONE_HOT);
        }
        for (Loss4jLoss loss : SIGMOID_OF_LOGITS) {
            assertSame(loss, SIGMOID, loss, IDENTITY, FLAGS);
        }
    }

    private static void assertSame(Loss4jLoss a, IActivation aFn, Loss4jLoss b, IActivation bFn, INDArray labels) {
        for (INDArray mask : new INDArray[] {null, ROWS, FLAGS}) {
            assertEquals(
                    b.computeScore(labels, OUTPUT, bFn, mask, false),
                    a.computeScore(labels, OUTPUT, aFn, mask, false),
                    1e-12);
            assertClose(
                    b.computeGradient(labels, OUTPUT, bFn, mask), a.computeGradient(labels, OUTPUT, aFn, mask), 1e-12);
            assertClose(
                    b.computeScoreArray(labels, OUTPUT, bFn, mask),
                    a.computeScoreArray(labels, OUTPUT, aFn, mask),
                    1e-12);
        }
    }

    @Test
    void probabilitiesBehindTheirActivationAreFused() {
        assertSame(Dl4jLosses.crossEntropy(), SOFTMAX, Dl4jLosses.softmaxCrossEntropy(), SOFTMAX, ONE_HOT);
        assertSame(Dl4jLosses.negativeLogLikelihood(), SOFTMAX, Dl4jLosses.softmaxCrossEntropy(), SOFTMAX, ONE_HOT);
        assertSame(SOFTMAX_OF_PROBABILITIES.get(2), SOFTMAX, Dl4jLosses.softmaxFocal(2), SOFTMAX, ONE_HOT);
        assertSame(Dl4jLosses.binaryCrossEntropy(), SIGMOID, Dl4jLosses.sigmoidCrossEntropy(), SIGMOID, FLAGS);
        assertSame(SIGMOID_OF_PROBABILITIES.get(2), SIGMOID, Dl4jLosses.sigmoidFocal(2), SIGMOID, FLAGS);
        ClassWeights weights = ClassWeights.of(1, 2, 3);
        assertSame(
                Dl4jLosses.crossEntropy().with(f -> f.withClassWeights(weights).withLabelSmoothing(0.1)),
                SOFTMAX,
                Dl4jLosses.softmaxCrossEntropy(weights).with(f -> f.withLabelSmoothing(0.1)),
                SOFTMAX,
                ONE_HOT);
    }

    /** r1_2: the gradient survives where the probability has become 0. */
    @Test
    void r1_2_fusedProbabilitiesDoNotLoseTheGradient() {
        INDArray far = doubles(row(1e4, -1e4, 0));
        INDArray label = doubles(row(0, 1, 0));
        assertClose(
                doubles(row(1, -1, 0)), Dl4jLosses.crossEntropy().computeGradient(label, far, SOFTMAX, null), 1e-12);
        assertEquals(2e4, Dl4jLosses.crossEntropy().computeScore(label, far, SOFTMAX, null, false), 1e-6);
    }

    /** Going through the activation gives what fusing gives, where no probability is extreme. */
    @Test
    void throughTheActivationIsTheSameAsFused() {
        assertSame(SOFTMAX_OF_PROBABILITIES.get(1), SOFTMAX, Dl4jLosses.softmaxCrossEntropy(), SOFTMAX, ONE_HOT);
        assertSame(SIGMOID_OF_PROBABILITIES.get(1), SIGMOID, Dl4jLosses.sigmoidCrossEntropy(), SIGMOID, FLAGS);
    }

    @Test
    void behindIdentityProbabilitiesAreTakenAsTheyAre() {
        INDArray p = doubles(row(0.2, 0.7, 0.1));
        INDArray label = doubles(row(0, 1, 0));
        assertEquals(
                0.356675, Dl4jLosses.crossEntropy().computeScore(label, p, IDENTITY, null, false), 1e-6); // -ln 0.7
        assertClose(
                doubles(row(0, -1 / 0.7, 0)),
                Dl4jLosses.crossEntropy().computeGradient(label, p, IDENTITY, null),
                1e-12);
        INDArray two = doubles(row(0.8), row(0.2));
        INDArray labels = doubles(row(1), row(0));
        assertEquals( // mean of -ln 0.8 and -ln 0.8
                0.223144, Dl4jLosses.binaryCrossEntropy().computeScore(labels, two, IDENTITY, null, true), 1e-6);
    }

    @Test
    void regressionIsBehindAnyActivationAndMatchesByHand() {
        INDArray x = doubles(row(0.5, -1));
        INDArray y = doubles(row(0.1, 0.3));
        INDArray tanh = Transforms.tanh(x, true);
        INDArray expected = tanh.sub(y).mul(2).mul(tanh.mul(tanh).rsub(1));
        assertClose(expected, Dl4jLosses.meanSquaredError().computeGradient(y, x, TANH, null), 1e-12);
        assertEquals(
                tanh.sub(y).norm2Number().doubleValue(),
                Math.sqrt(Dl4jLosses.meanSquaredError().computeScore(y, x, TANH, null, false)),
                1e-12);
    }

    /** A sum expects what its parts expect, and is fused only if all of them can be. */
    @Test
    void sumsAndMultiplesMeetActivationsAsTheirPartsDo() {
        InputForm z = InputForm.LOGITS;
        Loss4jLoss sum = Dl4jLosses.of(new WeightedSum(new CrossEntropy(), new Scaled(3, new CrossEntropy())));
        assertSame(Dl4jLosses.of(new Scaled(4, new SoftmaxCrossEntropy())), SOFTMAX, sum, SOFTMAX, ONE_HOT);
        assertSame(
                Dl4jLosses.of(new Scaled(0.5, new BinaryCrossEntropy())),
                SIGMOID,
                Dl4jLosses.of(new Scaled(0.5, new SigmoidCrossEntropy())),
                SIGMOID,
                FLAGS);
        Loss4jLoss throughTheActivation = Dl4jLosses.of(new WeightedSum(new CrossEntropy(0.01), new Dice(ROW, P, ANY)));
        Loss4jLoss overLogits = Dl4jLosses.of(new WeightedSum(new SoftmaxCrossEntropy(), new Dice(ROW, z, OF_SOFTMAX)));
        assertSame(throughTheActivation, SOFTMAX, overLogits, SOFTMAX, ONE_HOT);

        Loss4jLoss mixed = Dl4jLosses.of(new WeightedSum(new SoftmaxCrossEntropy(), new MultiMargin()));
        mixed.computeScore(ONE_HOT, OUTPUT, IDENTITY, null, false);
        LossInputException e =
                assertThrows(LossInputException.class, () -> mixed.computeScore(ONE_HOT, OUTPUT, SOFTMAX, null, false));
        assertTrue(e.getMessage().contains("expected IDENTITY for logits; set activation(IDENTITY)"), e.getMessage());
    }

    /** Overlap losses of probabilities behind softmax and sigmoid are those of logits behind the same. */
    @Test
    void overlapsOfProbabilitiesAndOfLogitsAgree() {
        for (OverlapAxis axis : List.of(ROW, OverlapAxis.CLASS)) {
            assertSameBatch(new Dice(axis, P, ANY), SOFTMAX, new Dice(axis, InputForm.LOGITS, OF_SOFTMAX), ONE_HOT);
            assertSameBatch(
                    new Jaccard(axis, P, ANY),
                    SIGMOID,
                    new Jaccard(axis, InputForm.LOGITS, io.loss4j.loss.Activation.SIGMOID),
                    FLAGS);
        }
    }

    private static void assertSameBatch(LossSpec a, IActivation activation, LossSpec b, INDArray labels) {
        for (INDArray mask : new INDArray[] {null, ROWS, FLAGS}) {
            Loss4jLoss first = Dl4jLosses.of(a);
            Loss4jLoss second = Dl4jLosses.of(b);
            assertEquals(
                    first.computeScore(labels, OUTPUT, activation, mask, false),
                    second.computeScore(labels, OUTPUT, activation, mask, false),
                    1e-12);
            assertClose(
                    first.computeGradient(labels, OUTPUT, activation, mask),
                    second.computeGradient(labels, OUTPUT, activation, mask),
                    1e-12);
        }
    }

    static List<Arguments> wrongPairs() {
        List<Arguments> pairs = new ArrayList<>();
        List<Loss4jLoss> softmax = new ArrayList<>(SOFTMAX_OF_LOGITS);
        softmax.addAll(SOFTMAX_OF_PROBABILITIES);
        for (Loss4jLoss loss : softmax) {
            for (IActivation activation : List.of(SIGMOID, TANH, RELU, HARDSIGMOID)) {
                pairs.add(Arguments.of(loss, activation, "activation(SOFTMAX)"));
            }
        }
        List<Loss4jLoss> sigmoid = new ArrayList<>(SIGMOID_OF_LOGITS);
        sigmoid.addAll(SIGMOID_OF_PROBABILITIES);
        for (Loss4jLoss loss : sigmoid) {
            for (IActivation activation : List.of(SOFTMAX, TANH, RELU)) {
                pairs.add(Arguments.of(loss, activation, "activation(SIGMOID)"));
            }
        }
        pairs.add(Arguments.of(Dl4jLosses.lovaszHinge(), SOFTMAX, "activation(SIGMOID)"));
        pairs.add(Arguments.of(Dl4jLosses.sparsemax(), SIGMOID, "activation(SOFTMAX)"));
        pairs.add(Arguments.of(Dl4jLosses.dice(), TANH, "SOFTMAX, SIGMOID or IDENTITY"));
        pairs.add(Arguments.of(Dl4jLosses.klDivergence(), TANH, "SOFTMAX, SIGMOID or IDENTITY"));
        pairs.add(Arguments.of(Dl4jLosses.fMeasure(1), RELU, "SOFTMAX, SIGMOID or IDENTITY"));
        pairs.add(Arguments.of(Dl4jLosses.of(new KlDivergence()), SOFTMAX, "the form of the loss that expects"));
        return pairs;
    }

    @ParameterizedTest
    @MethodSource("wrongPairs")
    void wrongPairsAreRefusedWithTheRemedy(Loss4jLoss loss, IActivation activation, String remedy) {
        List<Runnable> calls = List.of(
                () -> loss.computeScore(ONE_HOT, OUTPUT, activation, null, false),
                () -> loss.computeGradient(ONE_HOT, OUTPUT, activation, null),
                () -> loss.computeScoreArray(ONE_HOT, OUTPUT, activation, null),
                () -> loss.computeGradientAndScore(ONE_HOT, OUTPUT, activation, null, false));
        for (Runnable call : calls) {
            LossInputException e = assertThrows(LossInputException.class, call::run);
            assertEquals("L4J-D01", e.code());
            assertTrue(e.getMessage().contains(activation.getClass().getSimpleName()), e.getMessage());
            assertTrue(e.getMessage().contains(remedy), e.getMessage());
            assertTrue(e.getMessage().startsWith("L4J-D01 " + loss.name()), e.getMessage());
        }
    }

    @Test
    void softmaxOfOneOutputIsRefused() {
        INDArray x = doubles(row(1), row(2));
        INDArray y = doubles(row(1), row(0));
        for (Loss4jLoss loss : List.of(Dl4jLosses.softmaxCrossEntropy(), Dl4jLosses.crossEntropy())) {
            for (IActivation activation : List.of(SOFTMAX, IDENTITY)) {
                LossInputException e =
                        assertThrows(LossInputException.class, () -> loss.computeGradient(y, x, activation, null));
                assertEquals("L4J-D02", e.code());
                assertTrue(e.getMessage().contains("sigmoid loss with activation(SIGMOID)"), e.getMessage());
            }
        }
        assertEquals(
                "L4J-D02",
                assertThrows(LossInputException.class, () -> Dl4jLosses.huber(1).computeGradient(y, x, SOFTMAX, null))
                        .code());
    }

    @Test
    void weightsOfTheWrongLengthAreRefused() {
        Loss4jLoss loss = Dl4jLosses.softmaxCrossEntropy(ClassWeights.of(1, 2));
        LossInputException e =
                assertThrows(LossInputException.class, () -> loss.computeGradient(ONE_HOT, OUTPUT, SOFTMAX, null));
        assertEquals("L4J-W02", e.code());
        assertTrue(e.getMessage().contains("2 class weights for predictions with 3 columns"), e.getMessage());
        assertTrue(e.getMessage().contains("shapes"), e.getMessage());
    }

    /** A user's own activation may return probabilities or logarithms of them, but nobody can know that it is a softmax. */
    @Test
    void ownActivationsArePassedThrough() {
        IActivation logSoftmax = new LogSoftmax();
        INDArray expected = Dl4jLosses.softmaxCrossEntropy().computeGradient(ONE_HOT, OUTPUT, SOFTMAX, null);
        assertClose(
                expected, Dl4jLosses.negativeLogLikelihood().computeGradient(ONE_HOT, OUTPUT, logSoftmax, null), 1e-12);
        LossInputException e = assertThrows(
                LossInputException.class,
                () -> Dl4jLosses.softmaxCrossEntropy().computeGradient(ONE_HOT, OUTPUT, logSoftmax, null));
        assertEquals("L4J-D01", e.code());
    }

    /** A user's activation outside Deeplearning4j's package. */
    static class LogSoftmax extends BaseActivationFunction {
        private static final long serialVersionUID = 1L;

        @Override
        public INDArray getActivation(INDArray in, boolean training) {
            return in.assign(Transforms.log(Transforms.softmax(in, true), false));
        }

        @Override
        public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
            INDArray p = Transforms.softmax(in, true);
            return new Pair<>(epsilon.sub(p.mulColumnVector(epsilon.sum(true, 1))), null);
        }
    }

    @Test
    void r2_3_nothingIsWrittenTo() {
        List<Arguments> pairs = List.of(
                Arguments.of(Dl4jLosses.softmaxCrossEntropy(), SOFTMAX),
                Arguments.of(Dl4jLosses.sigmoidFocal(2), SIGMOID),
                Arguments.of(Dl4jLosses.of(new CrossEntropy(1e-7)), SOFTMAX),
                Arguments.of(Dl4jLosses.klDivergence(), SOFTMAX),
                Arguments.of(Dl4jLosses.huber(1), TANH),
                Arguments.of(Dl4jLosses.huber(1), RELU),
                Arguments.of(Dl4jLosses.huber(1), IDENTITY),
                Arguments.of(Dl4jLosses.multiMargin(), SIGMOID));
        for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT, DataType.FLOAT16)) {
            for (Arguments pair : pairs) {
                Loss4jLoss loss = (Loss4jLoss) pair.get()[0];
                IActivation activation = (IActivation) pair.get()[1];
                for (INDArray m : new INDArray[] {null, ROWS, FLAGS}) {
                    INDArray x = OUTPUT.castTo(type).dup();
                    INDArray y = ONE_HOT.castTo(type).dup();
                    INDArray mask = m == null ? null : m.dup();
                    loss.computeScore(y, x, activation, mask, false);
                    loss.computeScoreArray(y, x, activation, mask);
                    INDArray gradient = loss.computeGradient(y, x, activation, mask);
                    INDArray other = loss.computeGradientAndScore(y, x, activation, mask, false)
                            .getSecond();
                    assertEquals(OUTPUT.castTo(type), x);
                    assertEquals(ONE_HOT.castTo(type), y);
                    assertEquals(m, mask);
                    assertEquals(type, gradient.dataType());
                    assertClose(gradient, other, 0);
                    gradient.assign(7); // as Yolo2OutputLayer and LayerNorm do
                    assertEquals(OUTPUT.castTo(type), x);
                }
            }
        }
    }

    @Test
    void averageDividesByTheRows() {
        Loss4jLoss loss = Dl4jLosses.softmaxCrossEntropy();
        double sum = loss.computeScore(ONE_HOT, OUTPUT, SOFTMAX, ROWS, false);
        assertEquals(sum / 3, loss.computeScore(ONE_HOT, OUTPUT, SOFTMAX, ROWS, true), 1e-12);
        assertEquals(
                sum / 3,
                loss.computeGradientAndScore(ONE_HOT, OUTPUT, SOFTMAX, ROWS, true)
                        .getFirst(),
                1e-12);
        assertEquals(
                sum,
                loss.computeScoreArray(ONE_HOT, OUTPUT, SOFTMAX, ROWS)
                        .sumNumber()
                        .doubleValue(),
                1e-12);
    }
}
