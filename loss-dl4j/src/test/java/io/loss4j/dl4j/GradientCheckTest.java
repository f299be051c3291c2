package io.loss4j.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.ClassCounts;
import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.Reduction;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.BinaryCrossEntropy;
import io.loss4j.loss.CrossEntropy;
import io.loss4j.loss.Dice;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.Jaccard;
import io.loss4j.loss.KlDivergence;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.MatthewsCorrelation;
import io.loss4j.loss.MultiMargin;
import io.loss4j.loss.OverlapAxis;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.RowLoss;
import io.loss4j.loss.Scaled;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import io.loss4j.loss.WeightedSum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** R2.2: Deeplearning4j's own check finds that the gradients of whole networks are those of their scores. */
class GradientCheckTest {
    private static final DataType TYPE = DataType.DOUBLE;

    @BeforeAll
    static void doublePrecision() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterAll
    static void back() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    private static boolean check(MultiLayerNetwork network, INDArray features, INDArray labels, INDArray mask) {
        return GradientCheckUtil.checkGradients(new GradientCheckUtil.MLNConfig()
                .net(network)
                .input(features)
                .labels(labels)
                .labelMask(mask)
                .maxRelError(1e-5)
                .minAbsoluteError(1e-9)
                .print(GradientCheckUtil.PrintMode.FAILURES_ONLY)
                .subset(true)
                .maxPerParam(12));
    }

    private static boolean check(
            Head head, ILossFunction loss, Activation activation, INDArray labels, @Nullable INDArray mask) {
        MultiLayerNetwork network = head.network(loss, activation, (int) labels.size(1), TYPE, new NoOp());
        return check(network, head.features(TYPE), labels, mask);
    }

    /** One loss behind one activation, with labels that it takes. */
    record Case(Loss4jLoss loss, Activation activation, Labels labels, int nOut) {
        @Override
        public String toString() {
            return loss + " behind " + activation;
        }

        INDArray labels(Head head) {
            return switch (labels) {
                case ONE_HOT -> head.oneHot(TYPE, nOut);
                case BINARY -> head.binary(TYPE, nOut);
                case REAL -> head.real(TYPE, nOut);
                case DISTRIBUTION -> {
                    INDArray soft = head.real(TYPE, nOut).add(1.1);
                    yield soft.div(soft.sum(true, 1));
                }
            };
        }

        Case with(UnaryOperator<LossFunction> change) {
            return new Case(loss.with(change), activation, labels, nOut);
        }
    }

    enum Labels {
        ONE_HOT,
        BINARY,
        REAL,
        DISTRIBUTION
    }

    private static Case classes(Loss4jLoss loss, Activation activation) {
        return new Case(loss, activation, Labels.ONE_HOT, 3);
    }

    private static Case flags(Loss4jLoss loss, Activation activation) {
        return new Case(loss, activation, Labels.BINARY, 3);
    }

    private static Case numbers(Loss4jLoss loss, Activation activation) {
        return new Case(loss, activation, Labels.REAL, 2);
    }

    /** One loss of every kind behind every activation that it takes. */
    static List<Case> cases() {
        ClassCounts counts = ClassCounts.of(50, 20, 5);
        List<Case> cases = new ArrayList<>();
        for (Activation activation : List.of(Activation.SOFTMAX, Activation.IDENTITY)) {
            cases.add(classes(Dl4jLosses.softmaxCrossEntropy(), activation));
            cases.add(classes(Dl4jLosses.softmaxFocal(2), activation));
            cases.add(classes(Dl4jLosses.logitAdjusted(counts, 1), activation));
            cases.add(classes(Dl4jLosses.ldam(counts, 0.5, 3), activation));
            cases.add(new Case(Dl4jLosses.softmaxCrossEntropy(), activation, Labels.DISTRIBUTION, 3));
        }
        cases.add(classes(Dl4jLosses.crossEntropy(), Activation.SOFTMAX));
        cases.add(classes(Dl4jLosses.of(new CrossEntropy(1e-7)), Activation.SOFTMAX));
        cases.add(classes(Dl4jLosses.negativeLogLikelihood(), Activation.SOFTMAX));
        cases.add(classes(
                Dl4jLosses.of(new SoftmaxFocal(PerColumn.of(1.0, 2.0, 3.0), InputForm.PROBABILITIES)),
                Activation.SOFTMAX));
        for (Activation activation : List.of(Activation.SIGMOID, Activation.IDENTITY)) {
            cases.add(flags(Dl4jLosses.sigmoidCrossEntropy(), activation));
            cases.add(flags(Dl4jLosses.sigmoidFocal(0.25, 2), activation));
            cases.add(flags(Dl4jLosses.sigmoidFocal(1.5), activation));
            cases.add(flags(Dl4jLosses.asymmetric(1, 4, 0.05), activation));
        }
        cases.add(flags(Dl4jLosses.binaryCrossEntropy(), Activation.SIGMOID));
        cases.add(flags(Dl4jLosses.of(new BinaryCrossEntropy(1e-7)), Activation.SIGMOID));
        cases.add(flags(Dl4jLosses.of(new SigmoidFocal(0.25, 2, InputForm.PROBABILITIES)), Activation.SIGMOID));
        cases.add(new Case(Dl4jLosses.klDivergence(), Activation.SOFTMAX, Labels.DISTRIBUTION, 3));
        cases.add(new Case(Dl4jLosses.klDivergence(), Activation.SIGMOID, Labels.DISTRIBUTION, 3));
        cases.add(new Case(Dl4jLosses.of(new KlDivergence()), Activation.IDENTITY, Labels.DISTRIBUTION, 3));
        cases.add(new Case(Dl4jLosses.fMeasure(1), Activation.SIGMOID, Labels.BINARY, 1));
        cases.add(new Case(Dl4jLosses.fMeasure(2), Activation.SOFTMAX, Labels.ONE_HOT, 2));
        for (Activation activation : List.of(Activation.IDENTITY, Activation.TANH, Activation.SOFTMAX)) {
            cases.add(numbers(Dl4jLosses.meanSquaredError(), activation));
            cases.add(numbers(Dl4jLosses.meanAbsoluteError(), activation));
            cases.add(numbers(Dl4jLosses.huber(0.3), activation));
            cases.add(classes(Dl4jLosses.multiMargin(), activation));
        }
        cases.add(classes(Dl4jLosses.of(new MultiMargin(2, 0.7)), Activation.SIGMOID));
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void r2_2_outputLayer(Case c) {
        Head head = Head.OUTPUT;
        assertTrue(check(head, c.loss(), c.activation(), c.labels(head), null));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void r2_2_rowMask(Case c) {
        Head head = Head.OUTPUT;
        assertTrue(check(head, c.loss(), c.activation(), c.labels(head), head.rowMask(TYPE)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void r2_2_maskOfOutputsAndClassWeights(Case c) {
        Head head = Head.OUTPUT;
        double[] weights = {0.5, 2, 1.25};
        Case weighted = c.with(f -> f.withClassWeights(ClassWeights.of(Arrays.copyOf(weights, c.nOut()))));
        assertTrue(check(head, weighted.loss(), c.activation(), c.labels(head), head.elementMask(TYPE, c.nOut())));
    }

    @ParameterizedTest
    @EnumSource(Head.class)
    void r2_2_everyLayerWithMasks(Head head) {
        for (INDArray mask : new INDArray[] {null, head.rowMask(TYPE), head.elementMask(TYPE, 3)}) {
            assertTrue(check(
                    head,
                    Dl4jLosses.softmaxFocal(2, ClassWeights.of(1, 2, 3)).with(f -> f.withLabelSmoothing(0.1)),
                    Activation.SOFTMAX,
                    head.oneHot(TYPE, 3),
                    mask));
            assertTrue(check(head, Dl4jLosses.asymmetric(1, 3, 0.05), Activation.SIGMOID, head.binary(TYPE, 3), mask));
            assertTrue(check(head, Dl4jLosses.huber(0.3), Activation.TANH, head.real(TYPE, 3), mask));
        }
    }

    /** Weights of examples: a mask that is not 0 or 1, which layers with parameters multiply into the output. */
    @ParameterizedTest
    @EnumSource(Head.class)
    void r3_3_everyLayerWithWeights(Head head) {
        for (INDArray mask : List.of(weights(head.rowMask(TYPE)), weights(head.elementMask(TYPE, 3)))) {
            assertTrue(check(head, Dl4jLosses.softmaxCrossEntropy(), Activation.SOFTMAX, head.oneHot(TYPE, 3), mask));
            assertTrue(check(head, Dl4jLosses.sigmoidFocal(2), Activation.SIGMOID, head.binary(TYPE, 3), mask));
            assertTrue(
                    check(head, Dl4jLosses.of(new CrossEntropy(1e-7)), Activation.SOFTMAX, head.oneHot(TYPE, 3), mask));
        }
    }

    private static INDArray weights(INDArray mask) {
        return mask.mul(Nd4j.linspace(0.25, 3, mask.length(), TYPE).reshape(mask.shape()));
    }

    /** A sum of losses of which one exists for the whole batch only, over rows that are examples, steps and pixels. */
    @ParameterizedTest
    @EnumSource(Head.class)
    void r2_2_sumsOfLossesInEveryLayer(Head head) {
        InputForm z = InputForm.LOGITS;
        LossSpec softmax = new WeightedSum(
                List.of(
                        new SoftmaxFocal(2),
                        new Dice(OverlapAxis.CLASS, z, io.loss4j.loss.Activation.SOFTMAX),
                        new MatthewsCorrelation(0.1, OverlapAxis.BATCH, z, io.loss4j.loss.Activation.SOFTMAX)),
                PerColumn.of(1, 0.5, 2.0));
        LossSpec sigmoid = new WeightedSum(new Scaled(0.5, new BinaryCrossEntropy()), new Jaccard());
        for (INDArray mask : new INDArray[] {null, head.rowMask(TYPE), head.elementMask(TYPE, 3)}) {
            assertTrue(check(head, Dl4jLosses.of(softmax), Activation.SOFTMAX, head.oneHot(TYPE, 3), mask));
            assertTrue(check(head, Dl4jLosses.of(sigmoid), Activation.SIGMOID, head.binary(TYPE, 3), mask));
        }
    }

    /** The convolutional layers and the center loss of Deeplearning4j itself need as many labels as outputs. */
    @ParameterizedTest
    @EnumSource(
            value = Head.class,
            names = {"OUTPUT", "LOSS", "RNN_OUTPUT", "RNN_LOSS"})
    void r2_2_labelsOfAnotherWidth(Head head) {
        for (INDArray mask : new INDArray[] {null, head.rowMask(TYPE), weights(head.rowMask(TYPE))}) {
            for (int nOut : new int[] {4, 8}) {
                Loss4jLoss loss = nOut == 4 ? Dl4jLosses.gaussianNll() : Dl4jLosses.mixtureDensity(2, 2);
                MultiLayerNetwork network = head.network(loss, Activation.IDENTITY, nOut, TYPE, new NoOp());
                INDArray labels = head.real(TYPE, 2);
                assertTrue(check(network, head.features(TYPE), labels, mask));
                INDArray scores = network.scoreExamples(new DataSet(head.features(TYPE), labels, null, mask), false);
                assertEquals(head.labelShape(1)[0], scores.length());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Reduction.class)
    void r2_1_everyReductionWhereNothingIsDivided(Reduction reduction) {
        // The loss layers without parameters divide the score all the same, so their scores and gradients disagree.
        for (Head head : List.of(Head.OUTPUT, Head.RNN_OUTPUT)) {
            Loss4jLoss loss = Dl4jLosses.undivided(LossFunction.of(new SoftmaxCrossEntropy())
                    .withClassWeights(ClassWeights.of(1, 2, 3))
                    .withReduction(reduction));
            MultiLayerNetwork network = head.network(loss, Activation.SOFTMAX, 3, TYPE, new NoOp(), false);
            assertTrue(check(network, head.features(TYPE), head.oneHot(TYPE, 3), head.rowMask(TYPE)));
        }
    }

    @Test
    void theCheckFindsAWrongGradient() {
        Head head = Head.OUTPUT;
        ILossFunction wrong = new WrongGradient();
        assertFalse(check(head, wrong, Activation.SOFTMAX, head.oneHot(TYPE, 3), null));
    }

    static List<CatalogueCase> catalogue() {
        return CatalogueCase.all().values().stream().filter(c -> !c.isHeld()).toList();
    }

    static List<CatalogueCase> held() {
        return CatalogueCase.all().values().stream()
                .filter(CatalogueCase::isHeld)
                .toList();
    }

    private static boolean check(Head head, CatalogueCase c, Loss4jLoss loss, @Nullable INDArray mask) {
        MultiLayerNetwork network = head.network(loss, c.activation(), c.nOut(), TYPE, new NoOp());
        return check(network, head.features(TYPE), c.labels(head, TYPE), mask);
    }

    @ParameterizedTest
    @MethodSource("catalogue")
    void r2_2_everyIdBehindItsNaturalActivation(CatalogueCase c) {
        Head head = Head.OUTPUT;
        assertTrue(check(head, c, c.loss(), null));
        assertTrue(check(head, c, c.loss(), head.rowMask(TYPE)), "mask of rows");
        assertTrue(check(head, c, c.loss(), weights(head.rowMask(TYPE))), "weights of rows");
    }

    @ParameterizedTest
    @MethodSource("catalogue")
    void r2_2_everyIdWithClassWeightsAndAMaskOfOutputs(CatalogueCase c) {
        Head head = Head.OUTPUT;
        Loss4jLoss loss = weighted(c);
        INDArray mask = head.elementMask(TYPE, c.nOut());
        if (c.isWeighable()) {
            assertTrue(check(head, c, loss, null), "class weights");
            assertTrue(check(head, c, c.loss(), mask), "mask of outputs");
            assertTrue(check(head, c, loss, mask), "both");
        } else {
            assertEquals(
                    "L4J-P06",
                    assertThrows(LossInputException.class, () -> check(head, c, loss, null))
                            .code());
        }
    }

    private static Loss4jLoss weighted(CatalogueCase c) {
        double[] weights = {0.5, 2, 1.25, 1, 3, 0.1, 1, 2};
        return c.loss().with(f -> f.withClassWeights(ClassWeights.of(Arrays.copyOf(weights, c.nOut()))));
    }

    @Test
    void theLossesThatHoldSomethingConstantAreKnown() {
        assertEquals(
                Set.of("bootstrap_hard", "bootstrap_soft", "seesaw"),
                held().stream().map(CatalogueCase::id).collect(Collectors.toSet()));
    }

    /** Their gradient is not the slope of their score, by definition: it is that of the loss with the constants held. */
    @ParameterizedTest
    @MethodSource("held")
    void r2_2_whatIsHeldConstantIsNotDifferentiated(CatalogueCase c) {
        Head head = Head.OUTPUT;
        INDArray logits = head.real(TYPE, 3).mul(2);
        INDArray labels = head.oneHot(TYPE, 3);
        INDArray mask = weights(head.rowMask(TYPE));
        Loss4jLoss loss = weighted(c);
        INDArray targets =
                labels.mulRowVector(Nd4j.create(loss.function().classWeights().toArray()));
        INDArray expected = Nd4j.zeros(TYPE, logits.shape());
        double h = 1e-5;
        for (int row = 0; row < logits.rows(); row++) {
            double[] z = logits.getRow(row).toDoubleVector();
            double[] t = targets.getRow(row).toDoubleVector();
            RowLoss held = ((RowLoss) c.spec()).heldAt(z);
            for (int k = 0; k < z.length; k++) {
                double at = z[k];
                z[k] = at + h;
                double up = held.evaluate(z, t, new double[3]);
                z[k] = at - h;
                double down = held.evaluate(z, t, new double[3]);
                z[k] = at;
                expected.putScalar(row, k, mask.getDouble(row, 0) * (up - down) / (2 * h));
            }
        }
        IActivation softmax = Arrays2d.SOFTMAX;
        Arrays2d.assertClose(expected, loss.computeGradient(labels, logits, softmax, mask), 1e-8);
    }
}
