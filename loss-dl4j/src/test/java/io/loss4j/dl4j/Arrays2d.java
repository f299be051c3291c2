package io.loss4j.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Short words for small arrays. */
final class Arrays2d {
    static final IActivation IDENTITY = Activation.IDENTITY.getActivationFunction();
    static final IActivation SOFTMAX = Activation.SOFTMAX.getActivationFunction();
    static final IActivation SIGMOID = Activation.SIGMOID.getActivationFunction();
    static final IActivation TANH = Activation.TANH.getActivationFunction();
    static final IActivation RELU = Activation.RELU.getActivationFunction();
    static final IActivation HARDSIGMOID = Activation.HARDSIGMOID.getActivationFunction();

    private Arrays2d() {}

    static INDArray of(DataType type, double[]... rows) {
        return Nd4j.create(rows).castTo(type);
    }

    static INDArray doubles(double[]... rows) {
        return of(DataType.DOUBLE, rows);
    }

    static double[] row(double... values) {
        return values;
    }

    static void assertClose(INDArray expected, INDArray actual, double tolerance) {
        assertArrayEquals(expected.shape(), actual.shape());
        assertArrayEquals(
                expected.castTo(DataType.DOUBLE).dup('c').data().asDouble(),
                actual.castTo(DataType.DOUBLE).dup('c').data().asDouble(),
                tolerance);
    }
}
