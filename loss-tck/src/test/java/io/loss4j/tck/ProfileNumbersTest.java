package io.loss4j.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.Profile;
import io.loss4j.loss.SoftmaxCrossEntropy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The same data by each library's conventions. */
class ProfileNumbersTest {
    private static final INDArray LOGITS = Nd4j.create(new double[][] {{1, 2, 3}, {.5, -1, .2}});
    private static final INDArray CLASSES = Nd4j.createFromArray(0, 2);
    private static final List<Integer> WEIGHTS = List.of(2, 1, 5);

    private static double value(LossFunction f, INDArray predictions, INDArray labels) {
        return f.on("reference").value(predictions, labels);
    }

    @Test
    void r4_1_meansOfWeightedClasses() {
        ClassWeights weights = ClassWeights.of(2, 1, 5);
        SoftmaxCrossEntropy spec = new SoftmaxCrossEntropy();
        assertEquals(
                1.384285, value(Profile.TORCH.of(spec).withClassWeights(weights), LOGITS, CLASSES), 1e-6, "sum of w");
        assertEquals(4.844998, value(Profile.KERAS.of(spec).withClassWeights(weights), LOGITS, CLASSES), 1e-6, "rows");
        assertEquals(4.844998, value(Profile.DL4J.of(spec).withClassWeights(weights), LOGITS, CLASSES), 1e-6, "rows");
        LossFunction distributions =
                Profile.TORCH.loss("CrossEntropyLoss", Map.of("weight", WEIGHTS, "target", "class_probabilities"));
        INDArray oneHot = Nd4j.create(new double[][] {{1, 0, 0}, {0, 0, 1}});
        assertEquals(4.844998, value(distributions, LOGITS, oneHot), 1e-6, "rows, of distributions");
    }

    @Test
    void r3_2_torchIgnoresMinus100() {
        LossFunction f = Profile.TORCH.loss("CrossEntropyLoss");
        assertEquals(2.407606, value(f, LOGITS, Nd4j.createFromArray(0, -100)), 1e-6);
        assertEquals(0, value(f, LOGITS, Nd4j.createFromArray(-100, -100)), "a mean over nothing");
    }

    @Test
    void r1_1_clippingOfProbabilities() {
        INDArray p = Nd4j.createFromArray(new double[] {0}).reshape(1, 1);
        INDArray yes = Nd4j.createFromArray(new double[] {1}).reshape(1, 1);
        assertEquals(100, value(Profile.TORCH.loss("BCELoss"), p, yes), "the logarithm ends at -100");
        assertEquals(-Math.log(1e-7), value(Profile.KERAS.loss("BinaryCrossentropy"), p, yes), 1e-12);
        assertEquals(-Math.log(1e-5), value(Profile.DL4J.loss("XENT"), p, yes), 1e-12);
    }

    @Test
    void r4_1_meansOverOutputs() {
        INDArray x = Nd4j.create(new double[][] {{1, 2}, {3, 5}});
        INDArray y = Nd4j.create(new double[][] {{0, 0}, {0, 0}});
        assertEquals(39 / 4.0, value(Profile.TORCH.loss("MSELoss"), x, y), 1e-12);
        assertEquals(39 / 4.0, value(Profile.KERAS.loss("mse"), x, y), 1e-12);
        assertEquals(39 / 4.0, value(Profile.DL4J.loss("MSE"), x, y), 1e-12);
        assertEquals(39 / 2.0, value(Profile.DL4J.loss("L2"), x, y), 1e-12);
    }

    /** Divergence of (0.5, 0.5) from (0.25, 0.75), twice. */
    @Test
    void r4_1_meansOfDivergences() {
        INDArray p = Nd4j.create(new double[][] {{.25, .75}, {.25, .75}});
        INDArray y = Nd4j.create(new double[][] {{.5, .5}, {.5, .5}});
        double perRow = 0.5 * Math.log(2) + 0.5 * Math.log(2 / 3.0);
        assertEquals(perRow, value(Profile.KERAS.loss("kld"), p, y), 1e-12);
        assertEquals(perRow, value(Profile.DL4J.loss("KL_DIVERGENCE"), p, y), 1e-12);
        INDArray logs = Nd4j.create(new double[][] {{Math.log(.25), Math.log(.75)}, {Math.log(.25), Math.log(.75)}});
        assertEquals(perRow / 2, value(Profile.TORCH.loss("KLDivLoss"), logs, y), 1e-12, "of elements");
        assertEquals(perRow, value(Profile.TORCH.loss("KLDivLoss", Map.of("reduction", "batchmean")), logs, y), 1e-12);
    }

    /** p = (0.6, 0.4), label 0, gamma 2: 0.4^2 ln(1 / 0.6) = 0.081732. */
    @Test
    void r1_1_alphaOfFocalLosses() {
        double focal = 0.16 * -Math.log(0.6);
        INDArray p = Nd4j.create(new double[][] {{.6, .4}});
        INDArray label = Nd4j.create(new double[][] {{1, 0}});
        assertEquals(0.25 * focal, value(Profile.KERAS.loss("categorical_focal_crossentropy"), p, label), 1e-12);
        assertEquals(focal, value(Profile.KERAS.loss("binary_focal_crossentropy"), p, label), 1e-12, "without alpha");
        assertEquals(
                (0.25 * focal + 0.75 * focal) / 2,
                value(Profile.KERAS.loss("binary_focal_crossentropy", Map.of("apply_class_balancing", true)), p, label),
                1e-12);
    }
}
