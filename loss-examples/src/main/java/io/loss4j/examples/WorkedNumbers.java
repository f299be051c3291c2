package io.loss4j.examples;

import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.Reduction;
import io.loss4j.loss.BinaryCrossEntropy;
import io.loss4j.loss.CrossEntropy;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SoftmaxCrossEntropy;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Small examples that can be checked by hand, computed by the library in DOUBLE. */
final class WorkedNumbers {
    /** The expected numbers have six decimals. */
    private static final double HALF_A_DIGIT = 5.01e-7;

    /**
     * One number.
     *
     * @param what in words
     * @param computed by the library, now
     * @param expected with six decimals
     */
    record Worked(String what, double computed, double expected) {
        boolean agrees() {
            return Math.abs(computed - expected) <= HALF_A_DIGIT;
        }
    }

    private final List<Worked> numbers = new ArrayList<>();

    private WorkedNumbers() {}

    static List<Worked> compute() {
        WorkedNumbers all = new WorkedNumbers();
        all.probabilitiesOfTwo();
        all.probabilitiesOfMany();
        all.diceRolls();
        all.softmaxOfTwoIsSigmoid();
        all.classWeights();
        all.focal();
        return all.numbers;
    }

    private void add(String what, double computed, double expected) {
        numbers.add(new Worked(what, computed, expected));
    }

    private void probabilitiesOfTwo() {
        LossFunction loss = LossFunction.of(new BinaryCrossEntropy());
        INDArray passengers = column(0.51, 0.56);
        INDArray survived = column(1, 0);
        INDArray terms = loss.terms(passengers, survived);
        add("survivor predicted 0.51 to survive: -ln 0.51", terms.getDouble(0), 0.673345);
        add("victim predicted 0.56 to survive: -ln 0.44", terms.getDouble(1), 0.820981);
        add("mean of the two", loss.value(passengers, survived), 0.747163);
        add("0.8 and 0.2 for labels 1 and 0: -ln 0.8", loss.value(column(0.8, 0.2), column(1, 0)), 0.223144);
    }

    private void probabilitiesOfMany() {
        LossFunction loss = LossFunction.of(new CrossEntropy());
        double dog = loss.value(rows(new double[] {0.33, 0.32, 0.35}), column(0));
        add("dog, fox, wolf at 0.33, 0.32, 0.35; it is a dog", dog, 1.108663);
        add("the same in base 10", dog / Math.log(10), 0.481486);
        add("0.2, 0.7, 0.1; the second is true", loss.value(rows(new double[] {0.2, 0.7, 0.1}), column(1)), 0.356675);
    }

    private void diceRolls() {
        LossFunction loss = LossFunction.of(new CrossEntropy()).withReduction(Reduction.SUM);
        INDArray loaded = rows(new double[] {0.25, 0.15, 0.15, 0.15, 0.15, 0.15});
        add("loaded die shows 1, which has 0.25: -ln 0.25", loss.value(loaded, column(0)), 1.386294);
        INDArray counts = rows(new double[] {5, 3, 3, 3, 3, 3});
        add("20 rolls as counts: -5 ln 0.25 - 15 ln 0.15", loss.value(loaded, counts), 35.388272);
    }

    private void softmaxOfTwoIsSigmoid() {
        LossFunction softmax = LossFunction.of(new SoftmaxCrossEntropy());
        LossFunction sigmoid = LossFunction.of(new SigmoidCrossEntropy());
        INDArray two = rows(new double[] {2, 0});
        add("softmax of (2, 0), first is true", softmax.value(two, column(0)), 0.126928);
        add("sigmoid of 2, label 1", sigmoid.value(column(2), column(1)), 0.126928);
        add("  gradient of the softmax", softmax.gradient(two, column(0)).getDouble(0), -0.119203);
        add("  gradient of the sigmoid", sigmoid.gradient(column(2), column(1)).getDouble(0), -0.119203);
        add("sigmoid of -20, label 1", sigmoid.value(column(-20), column(1)), 20);
        add("  gradient", sigmoid.gradient(column(-20), column(1)).getDouble(0), -1);
    }

    private void classWeights() {
        LossFunction loss = LossFunction.of(new SoftmaxCrossEntropy());
        INDArray terms = loss.terms(LOGITS, column(0, 2));
        add("z = (1, 2, 3), class 0", terms.getDouble(0), 2.407606);
        add("z = (0.5, -1, 0.2), class 2", terms.getDouble(1), 0.974957);
        LossFunction weighted = loss.withClassWeights(ClassWeights.of(2, 1, 5));
        add(
                "both, weights 2, 1, 5, weighted mean",
                weighted.withReduction(Reduction.WEIGHTED_MEAN).value(LOGITS, column(0, 2)),
                1.384285);
        add(
                "both, weights 2, 1, 5, one-hot, batch mean",
                weighted.withReduction(Reduction.BATCH_MEAN).value(LOGITS, ONE_HOT),
                4.844998);
    }

    private void focal() {
        INDArray terms = LossFunction.of(new SigmoidFocal(0.25, 2)).terms(LOGITS, ONE_HOT);
        double[] expected = {0.005665, 1.237559, 2.074710, 0.283059, 0.016994, 0.030303};
        for (int i = 0; i < expected.length; i++) {
            String logit = Lines.number(LOGITS.getDouble(i / 3, i % 3));
            String label = Lines.number(ONE_HOT.getDouble(i / 3, i % 3));
            add("sigmoid focal 0.25, 2 at " + logit + ", label " + label, terms.getDouble(i / 3, i % 3), expected[i]);
        }
    }

    private static final INDArray LOGITS = rows(new double[] {1, 2, 3}, new double[] {0.5, -1, 0.2});
    private static final INDArray ONE_HOT = rows(new double[] {1, 0, 0}, new double[] {0, 0, 1});

    private static INDArray column(double... values) {
        return Nd4j.createFromArray(values).reshape(values.length, 1);
    }

    private static INDArray rows(double[]... values) {
        return Nd4j.createFromArray(values).castTo(DataType.DOUBLE);
    }
}
