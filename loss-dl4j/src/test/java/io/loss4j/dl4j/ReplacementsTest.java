package io.loss4j.dl4j;

import static io.loss4j.dl4j.Arrays2d.IDENTITY;
import static io.loss4j.dl4j.Arrays2d.RELU;
import static io.loss4j.dl4j.Arrays2d.SIGMOID;
import static io.loss4j.dl4j.Arrays2d.SOFTMAX;
import static io.loss4j.dl4j.Arrays2d.TANH;
import static io.loss4j.dl4j.Arrays2d.assertClose;
import static io.loss4j.dl4j.Arrays2d.doubles;
import static io.loss4j.dl4j.Arrays2d.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.error.LossInputException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossCosineProximity;
import org.nd4j.linalg.lossfunctions.impl.LossFMeasure;
import org.nd4j.linalg.lossfunctions.impl.LossHinge;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossL1;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMAPE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossMSLE;
import org.nd4j.linalg.lossfunctions.impl.LossMixtureDensity;
import org.nd4j.linalg.lossfunctions.impl.LossMultiLabel;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSquaredHinge;
import org.nd4j.linalg.lossfunctions.impl.LossWasserstein;

/** Deeplearning4j's own losses beside what replaces them, where theirs are right: the same numbers. */
class ReplacementsTest {
    private static final IActivation SOFTPLUS = Activation.SOFTPLUS.getActivationFunction();

    private static final INDArray OUTPUT = doubles(row(1, 2, -3), row(0.5, -1, 0.2), row(0, 4, 1), row(-0.7, 0.3, 0.6));
    private static final INDArray PROBABILITIES =
            doubles(row(0.2, 0.7, 0.1), row(0.5, 0.25, 0.25), row(0.05, 0.9, 0.05), row(0.4, 0.3, 0.3));
    private static final INDArray POSITIVE = doubles(row(1, 2, 3), row(0.5, 1, 0.2), row(0.1, 4, 1), row(2, 0.7, 1.5));
    private static final INDArray ONE_HOT = doubles(row(1, 0, 0), row(0, 0, 1), row(0, 1, 0), row(0, 0, 1));
    private static final INDArray INDICES = doubles(row(0), row(2), row(1), row(2));
    private static final INDArray FLAGS = doubles(row(1, 0, 1), row(0, 0, 1), row(1, 1, 0), row(1, 0, 0));
    private static final INDArray SIGNS = FLAGS.mul(2).sub(1);
    private static final INDArray SOFT =
            doubles(row(0.3, 0.6, 0.1), row(0.2, 0.2, 0.6), row(0.1, 0.1, 0.8), row(0.4, 0.5, 0.1));
    private static final INDArray NUMBERS = doubles(row(0.4, -1, 2), row(1, 0.3, -0.2), row(2, 2, 0.5), row(0.1, 3, 1));

    private static final INDArray ROWS = doubles(row(1), row(0), row(1), row(1));
    private static final INDArray ELEMENTS = doubles(row(1, 0, 1), row(1, 1, 1), row(0, 0, 0), row(1, 1, 0));
    private static final INDArray WEIGHTS = doubles(row(0.5, 2, 1.25));

    @BeforeAll
    static void doublePrecision() { // several of theirs make arrays of the default type
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterAll
    static void back() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    /** One of theirs behind an activation, with numbers and masks for which it is right. */
    private record Case(
            ILossFunction theirs,
            IActivation activation,
            INDArray labels,
            INDArray output,
            List<INDArray> masks,
            boolean perRow) {
        @Override
        public String toString() {
            return theirs + " behind " + activation;
        }
    }

    private static List<INDArray> none() {
        List<INDArray> masks = new ArrayList<>();
        masks.add(null);
        return masks;
    }

    private static List<INDArray> rows() {
        List<INDArray> masks = none();
        masks.add(ROWS);
        return masks;
    }

    private static List<INDArray> all() {
        List<INDArray> masks = rows();
        masks.add(ELEMENTS);
        return masks;
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (INDArray weights : new INDArray[] {null, WEIGHTS}) {
            cases.add(new Case(new LossMCXENT(weights), SOFTMAX, ONE_HOT, OUTPUT, rows(), true));
            cases.add(new Case(new LossMCXENT(weights), IDENTITY, ONE_HOT, PROBABILITIES, all(), true));
            cases.add(new Case(new LossMCXENT(weights), SOFTMAX, SOFT, OUTPUT, rows(), true));
            cases.add(new Case(new LossNegativeLogLikelihood(weights), SOFTMAX, ONE_HOT, OUTPUT, rows(), true));
            cases.add(new Case(new LossSparseMCXENT(weights), SOFTMAX, INDICES, OUTPUT, rows(), true));
            cases.add(new Case(new LossBinaryXENT(weights), SIGMOID, FLAGS, OUTPUT, all(), true));
            cases.add(new Case(new LossBinaryXENT(weights), IDENTITY, FLAGS, PROBABILITIES, all(), true));
            for (IActivation activation : List.of(IDENTITY, TANH, RELU, SIGMOID)) {
                cases.add(new Case(new LossL2(weights), activation, NUMBERS, OUTPUT, all(), true));
                cases.add(new Case(new LossMSE(weights), activation, NUMBERS, OUTPUT, all(), true));
                cases.add(new Case(new LossL1(weights), activation, NUMBERS, OUTPUT, all(), true));
                cases.add(new Case(new LossMAE(weights), activation, NUMBERS, OUTPUT, all(), false));
                cases.add(new Case(new LossMAPE(weights), activation, NUMBERS, OUTPUT, all(), true));
            }
            cases.add(new Case(new LossL2(weights), SOFTMAX, SOFT, OUTPUT, rows(), true));
            cases.add(new Case(new LossMSLE(weights), SOFTPLUS, POSITIVE, OUTPUT, all(), true));
            cases.add(new Case(new LossMSLE(weights), IDENTITY, POSITIVE, POSITIVE.mul(0.7), all(), true));
        }
        cases.add(new Case(new LossKLD(), SOFTMAX, SOFT, OUTPUT, rows(), true));
        cases.add(new Case(new LossKLD(), SIGMOID, SOFT, OUTPUT, all(), true));
        cases.add(new Case(new LossKLD(), IDENTITY, SOFT, PROBABILITIES, all(), true));
        for (IActivation activation : List.of(SOFTPLUS, IDENTITY)) {
            cases.add(new Case(new LossPoisson(), activation, POSITIVE, POSITIVE.mul(0.7), all(), true));
        }
        for (IActivation activation : List.of(IDENTITY, TANH)) {
            cases.add(new Case(new LossHinge(), activation, SIGNS, OUTPUT.mul(0.7), all(), true));
            cases.add(new Case(new LossSquaredHinge(), activation, SIGNS, OUTPUT.mul(0.7), all(), true));
            cases.add(new Case(new LossCosineProximity(), activation, NUMBERS, OUTPUT, rows(), true));
            cases.add(new Case(new LossWasserstein(), activation, SIGNS, OUTPUT, rows(), true));
            cases.add(new Case(new LossMultiLabel(), activation, FLAGS, OUTPUT, none(), true));
        }
        INDArray two = doubles(row(1, 0), row(0, 1), row(0, 1), row(1, 0));
        INDArray output = OUTPUT.getColumns(0, 1).dup();
        cases.add(new Case(new LossFMeasure(2), SOFTMAX, two, output, rows(), false));
        INDArray flag = FLAGS.getColumns(1).dup();
        cases.add(
                new Case(new LossFMeasure(), SIGMOID, flag, OUTPUT.getColumns(2).dup(), rows(), false));
        ILossFunction mixture =
                LossMixtureDensity.builder().gaussians(2).labelWidth(2).build();
        INDArray parameters = Nd4j.concat(1, OUTPUT.mul(0.3), OUTPUT, NUMBERS.getColumns(0, 1));
        cases.add(new Case(mixture, IDENTITY, NUMBERS.getColumns(1, 2).dup(), parameters, rows(), true));
        cases.add(new Case(mixture, TANH, NUMBERS.getColumns(1, 2).dup(), parameters, rows(), true));
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theReplacementGivesTheSameNumbers(Case c) {
        Loss4jLoss ours = Dl4jLosses.replacementFor(c.theirs());
        for (INDArray mask : c.masks()) {
            for (boolean average : c.perRow() ? new boolean[] {false, true} : new boolean[1]) {
                double expected =
                        c.theirs().computeScore(c.labels().dup(), c.output().dup(), c.activation(), mask, average);
                double tolerance = 1e-9 * Math.max(1, Math.abs(expected));
                assertEquals(
                        expected,
                        ours.computeScore(c.labels(), c.output(), c.activation(), mask, average),
                        tolerance,
                        () -> "score, mask " + mask);
            }
            INDArray gradient =
                    c.theirs().computeGradient(c.labels().dup(), c.output().dup(), c.activation(), mask);
            double largest = Math.max(1, gradient.amaxNumber().doubleValue());
            assertClose(gradient, ours.computeGradient(c.labels(), c.output(), c.activation(), mask), 1e-9 * largest);
            if (c.perRow()) {
                INDArray scores = c.theirs()
                        .computeScoreArray(c.labels().dup(), c.output().dup(), c.activation(), mask);
                assertClose(
                        scores.reshape(4, 1),
                        ours.computeScoreArray(c.labels(), c.output(), c.activation(), mask),
                        1e-9 * Math.max(1, scores.amaxNumber().doubleValue()));
            }
        }
    }

    /** Every class in their package. */
    private static Set<String> builtIns() throws IOException {
        URI jar = URI.create(
                "jar:" + LossMCXENT.class.getProtectionDomain().getCodeSource().getLocation());
        try (FileSystem files = FileSystems.newFileSystem(jar, Map.of());
                Stream<Path> classes = Files.list(
                        files.getPath("/" + LossMCXENT.class.getPackageName().replace('.', '/')))) {
            return classes.map(path -> path.getFileName().toString().replace(".class", ""))
                    .filter(name -> !name.contains("$"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void nothingOfTheirsIsLeftOut() throws IOException {
        Set<String> compared = new TreeSet<>();
        cases().forEach(c -> compared.add(c.theirs().getClass().getSimpleName()));
        assertEquals(builtIns(), compared);
    }

    @Test
    void everyWordOfTheirEnumIsReplaced() {
        for (LossFunctions.LossFunction word : LossFunctions.LossFunction.values()) {
            Dl4jLosses.replacementFor(word.getILossFunction());
        }
    }

    @Test
    void theTableOfTheDocumentationIsComplete() throws IOException {
        Path root = Path.of("").toAbsolutePath().getParent();
        List<String> rows = Files.readAllLines(root.resolve("docs/migration.md")).stream()
                .filter(line -> line.startsWith("| `Loss"))
                .toList();
        Set<String> documented = new TreeSet<>();
        for (Case c : cases()) {
            String start = "| `" + c.theirs().getClass().getSimpleName() + "` | `";
            String replacement =
                    Dl4jLosses.replacementFor(c.theirs()).function().spec().id();
            String row =
                    rows.stream().filter(r -> r.startsWith(start)).findFirst().orElse(start + " is missing");
            assertTrue(row.startsWith(start + replacement), row + " should tell of " + replacement);
            documented.add(c.theirs().getClass().getSimpleName());
        }
        assertEquals(documented.size(), rows.size());
    }

    @Test
    void oursStayAsTheyAre() {
        Loss4jLoss loss = Dl4jLosses.softmaxFocal(2);
        assertSame(loss, Dl4jLosses.replacementFor(loss));
    }

    @Test
    void whatCannotBeReplacedSaysWhy() {
        for (ILossFunction loss : List.of(new WrongGradient(), new LossMCXENT(doubles(row(1, -1))))) {
            LossInputException e = assertThrows(LossInputException.class, () -> Dl4jLosses.replacementFor(loss));
            assertEquals("L4J-D07", e.code());
            assertTrue(e.getMessage().contains(loss.getClass().getName()), e.getMessage());
        }
        ILossFunction notANumber = new LossL2(doubles(row(1, Double.NaN)));
        LossInputException e = assertThrows(LossInputException.class, () -> Dl4jLosses.replacementFor(notANumber));
        assertTrue(e.getMessage().contains("a weight is NaN"), e.getMessage());
    }
}
