package io.loss4j.dl4j.keras;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.Profile;
import io.loss4j.dl4j.Dl4jLosses;
import io.loss4j.dl4j.Loss4jLoss;
import java.io.File;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleBiFunction;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.modelimport.keras.KerasModelImport;
import org.deeplearning4j.nn.modelimport.keras.config.Keras2LayerConfiguration;
import org.deeplearning4j.nn.modelimport.keras.exceptions.UnsupportedKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.utils.KerasLossUtils;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Files as Keras writes them: read, predicted from, trained on. What Keras computes is written out by hand here. */
class Loss4jKerasTest {
    private static final double[][] KERNEL_1 = {{0.5, -0.3, 0.8}, {-0.6, 0.4, 0.1}};
    private static final double[] BIAS_1 = {0.1, -0.2, 0.3};
    private static final double[][] KERNEL_2 = {{0.7, -0.5, 0.2}, {-0.4, 0.9, 0.3}, {0.6, -0.1, -0.8}};
    private static final double[] BIAS_2 = {0.05, -0.15, 0.1};
    private static final double[][] X = {{0.4, -1.2}, {1.1, 0.3}, {-0.7, 0.9}, {0.2, 0.2}};
    private static final double[][] CLASSES = {{1, 0, 0}, {0, 0, 1}, {0, 1, 0}, {0, 0, 1}};
    private static final double[][] FLAGS = {{1, 0, 1}, {0, 0, 1}, {1, 1, 0}, {0, 0, 0}};
    private static final double[][] SOFT = {{0.7, 0.2, 0.1}, {0.1, 0.1, 0.8}, {0.3, 0.3, 0.4}, {0.25, 0.5, 0.25}};
    private static final double[][] NUMBERS = {{1.5, -0.2, 3}, {0.3, 0.1, -2}, {0, 0.9, 0.4}, {2, 0.5, 0.5}};
    private static final double RATE = 0.5;

    /** A loss of one example, written as in the documentation of Keras. */
    private interface Loss extends ToDoubleBiFunction<double[], double[]> {}

    private interface Element {
        double of(double y, double p);
    }

    private static double sum(double[] y, double[] p, Element element) {
        double sum = 0;
        for (int k = 0; k < y.length; k++) {
            sum += element.of(y[k], p[k]);
        }
        return sum;
    }

    private static Loss mean(Element element) {
        return (y, p) -> sum(y, p, element) / y.length;
    }

    private static double dot(double[] a, double[] b) {
        return sum(a, b, (x, y) -> x * y);
    }

    private static double categoricalHinge(double[] y, double[] p) {
        double wrong = 0;
        for (int k = 0; k < y.length; k++) {
            wrong = Math.max(wrong, (1 - y[k]) * p[k]);
        }
        return Math.max(0, 1 + wrong - dot(y, p));
    }

    /** The loss as in the file, the last activation, labels and the formula. */
    static List<Arguments> models() {
        Loss crossEntropy = (y, p) -> sum(y, p, (t, q) -> -t * Math.log(q));
        Loss huber = mean((t, q) -> Math.abs(q - t) <= 1 ? (q - t) * (q - t) / 2 : Math.abs(q - t) - 0.5);
        Loss logCosh = mean((t, q) -> Math.log(Math.cosh(q - t)));
        Loss cosine = (y, p) -> -dot(y, p) / Math.sqrt(dot(y, y) * dot(p, p));
        return List.of(
                Arguments.of("\"CategoricalCrossentropy\"", "softmax", CLASSES, crossEntropy),
                Arguments.of("\"categorical_focal_crossentropy\"", "softmax", CLASSES, (Loss)
                        (y, p) -> sum(y, p, (t, q) -> -0.25 * t * (1 - q) * (1 - q) * Math.log(q))),
                Arguments.of("\"huber\"", "linear", NUMBERS, huber),
                Arguments.of(
                        "{\"class_name\":\"Huber\",\"config\":{\"reduction\":\"auto\",\"name\":\"huber_loss\","
                                + "\"delta\":1.0}}",
                        "linear",
                        NUMBERS,
                        huber),
                Arguments.of("\"log_cosh\"", "linear", NUMBERS, logCosh),
                Arguments.of("{\"out\":\"log_cosh\"}", "linear", NUMBERS, logCosh),
                Arguments.of("\"categorical_hinge\"", "linear", CLASSES, (Loss) Loss4jKerasTest::categoricalHinge),
                Arguments.of("\"cosine_similarity\"", "linear", NUMBERS, cosine),
                Arguments.of("\"kl_divergence\"", "softmax", SOFT, (Loss)
                        (y, p) -> sum(y, p, (t, q) -> t * Math.log(t / q))),
                Arguments.of(
                        "\"BinaryFocalCrossentropy\"",
                        "sigmoid",
                        FLAGS,
                        mean((t, q) -> -t * (1 - q) * (1 - q) * Math.log(q) - (1 - t) * q * q * Math.log(1 - q))),
                Arguments.of(
                        "\"bce\"", "sigmoid", FLAGS, mean((t, q) -> -t * Math.log(q) - (1 - t) * Math.log(1 - q))));
    }

    @AfterEach
    void forget() {
        KerasLossUtils.clearCustomLoss();
    }

    @ParameterizedTest
    @MethodSource("models")
    void aModelFilePredictsAndGoesOnTraining(
            String loss, String activation, double[][] labels, Loss formula, @TempDir File folder) throws Exception {
        File file = new File(folder, "model.h5");
        KerasFile.write(
                file,
                loss,
                List.of(
                        new KerasFile.Dense("hidden", "tanh", floats(KERNEL_1), floats(BIAS_1)),
                        new KerasFile.Dense("out", activation, floats(KERNEL_2), floats(BIAS_2))));
        assertThrows(
                UnsupportedKerasConfigurationException.class,
                () -> KerasModelImport.importKerasSequentialModelAndWeights(file.getPath(), true));
        Loss4jKeras.registerAll();
        MultiLayerNetwork network = KerasModelImport.importKerasSequentialModelAndWeights(file.getPath(), true);

        double[] weights = flat(KERNEL_1, BIAS_1, KERNEL_2, BIAS_2);
        INDArray predicted = network.output(Nd4j.create(X));
        for (int i = 0; i < X.length; i++) {
            assertArrayEquals(
                    predict(weights, X[i], activation), predicted.getRow(i).toDoubleVector(), 1e-6);
        }

        DataSet data = new DataSet(Nd4j.create(X), Nd4j.create(labels));
        assertEquals(score(weights, activation, labels, formula), network.score(data), 1e-5);
        network.fit(data);
        double[] expected = weights.clone();
        double h = 1e-5;
        for (int i = 0; i < weights.length; i++) {
            double[] up = weights.clone();
            double[] down = weights.clone();
            up[i] += h;
            down[i] -= h;
            double slope =
                    (score(up, activation, labels, formula) - score(down, activation, labels, formula)) / (2 * h);
            expected[i] -= RATE * slope;
        }
        assertArrayEquals(expected, weightsOf(network), 2e-6);

        double after = network.score(data);
        for (int i = 0; i < 20; i++) {
            network.fit(data);
        }
        assertTrue(network.score(data) < after, network.score(data) + " after " + after);
        File saved = new File(folder, "model.zip");
        ModelSerializer.writeModel(network, saved, true);
        MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(saved, true);
        network.fit(data);
        restored.fit(data);
        assertEquals(network.params(), restored.params());
        assertInstanceOf(
                Loss4jLoss.class, ((LossLayer) restored.getLayer(2).conf().getLayer()).getLossFn());
    }

    private static double score(double[] weights, String activation, double[][] labels, Loss formula) {
        double sum = 0;
        for (int i = 0; i < X.length; i++) {
            sum += formula.applyAsDouble(labels[i], predict(weights, X[i], activation));
        }
        return sum / X.length;
    }

    private static double[] predict(double[] weights, double[] x, String activation) {
        double[] hidden = new double[3];
        double[] out = new double[3];
        for (int k = 0; k < 3; k++) {
            hidden[k] = Math.tanh(x[0] * weights[k] + x[1] * weights[3 + k] + weights[6 + k]);
        }
        for (int k = 0; k < 3; k++) {
            out[k] = hidden[0] * weights[9 + k]
                    + hidden[1] * weights[12 + k]
                    + hidden[2] * weights[15 + k]
                    + weights[18 + k];
        }
        return switch (activation) {
            case "sigmoid" ->
                Arrays.stream(out).map(z -> 1 / (1 + Math.exp(-z))).toArray();
            case "softmax" -> {
                double sum = Arrays.stream(out).map(Math::exp).sum();
                yield Arrays.stream(out).map(z -> Math.exp(z) / sum).toArray();
            }
            default -> out;
        };
    }

    private static double[] flat(double[][] kernel1, double[] bias1, double[][] kernel2, double[] bias2) {
        double[] all = new double[21];
        int at = 0;
        for (double[][] rows : List.of(kernel1, new double[][] {bias1}, kernel2, new double[][] {bias2})) {
            for (double[] row : rows) {
                System.arraycopy(row, 0, all, at, row.length);
                at += row.length;
            }
        }
        return all;
    }

    private static double[] weightsOf(MultiLayerNetwork network) {
        return flat(
                network.getParam("0_W").toDoubleMatrix(),
                network.getParam("0_b").toDoubleVector(),
                network.getParam("1_W").toDoubleMatrix(),
                network.getParam("1_b").toDoubleVector());
    }

    private static float[][] floats(double[][] values) {
        return Arrays.stream(values).map(Loss4jKerasTest::floats).toArray(float[][]::new);
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static ILossFunction imported(String name) throws UnsupportedKerasConfigurationException {
        return KerasLossUtils.mapLossFunction(name, new Keras2LayerConfiguration());
    }

    @Test
    void everyNameOfKerasThatHasACounterpartIsKnownAfterwards() throws Exception {
        Loss4jKeras.Names names = Loss4jKeras.registerAll();
        for (String name : Profile.KERAS.names().keySet()) {
            if (Profile.KERAS.has(name)) {
                ILossFunction found = imported(name);
                String lower = name.toLowerCase(Locale.ROOT);
                assertEquals(
                        found,
                        names.losses().containsKey(lower)
                                ? names.losses().get(lower)
                                : names.kept().get(lower));
            }
        }
        assertTrue(names.losses()
                .keySet()
                .containsAll(
                        List.of("huber", "log_cosh", "categoricalcrossentropy", "categorical_focal_crossentropy")));
        assertTrue(names.kept().keySet().containsAll(List.of("mse", "binary_crossentropy", "hinge", "kld")));
        assertFalse(names.kept().values().stream().anyMatch(Loss4jLoss.class::isInstance));
        assertTrue(names.toString().startsWith(names.losses().size() + " Keras losses from Loss4J: "), names::toString);
    }

    @Test
    void registeringAgainChangesNothing() throws Exception {
        Loss4jKeras.Names first = Loss4jKeras.registerAll();
        ILossFunction huber = imported("huber");
        assertEquals(first, Loss4jKeras.registerAll());
        assertSame(huber, imported("huber"));
    }

    @Test
    void whatTheUserHasRegisteredIsKept() throws Exception {
        Loss4jLoss mine = Dl4jLosses.huber(2);
        KerasLossUtils.registerCustomLoss("huber", mine);
        assertSame(mine, Loss4jKeras.registerAll().kept().get("huber"));
        assertSame(mine, imported("huber"));
    }

    @Test
    void r6_1_threadsMayRegisterAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<Loss4jKeras.Names> task = Loss4jKeras::registerAll;
            List<Future<Loss4jKeras.Names>> all = threads.invokeAll(Collections.nCopies(16, task));
            for (Future<Loss4jKeras.Names> names : all) {
                assertEquals(all.get(0).get().losses(), names.get().losses());
            }
        } finally {
            threads.shutdown();
        }
    }
}
