package io.loss4j.benchmarks.networks;

import io.loss4j.dl4j.Dl4jLosses;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Networks as people build them, with made-up data: nothing is learned here, only timed. */
enum Network {
    WIDE("784-256-1000, batch of 128", 128) {
        @Override
        MultiLayerConfiguration configuration(ILossFunction loss) {
            return dense(784, 256, 1000, Activation.SOFTMAX, loss);
        }

        @Override
        DataSet data() {
            return new DataSet(Nd4j.rand(DataType.FLOAT, batch, 784), oneHot(batch, 1000));
        }
    },
    SMALL("30-64-1, batch of 32", 32) {
        @Override
        MultiLayerConfiguration configuration(ILossFunction loss) {
            return dense(30, 64, 1, Activation.SIGMOID, loss);
        }

        @Override
        DataSet data() {
            return new DataSet(Nd4j.rand(DataType.FLOAT, batch, 30), bits(batch, 1));
        }

        @Override
        boolean isBinary() {
            return true;
        }
    },
    CHARACTERS("LSTM of 128 on 80 characters, batch of 32, 50 steps", 32) {
        @Override
        MultiLayerConfiguration configuration(ILossFunction loss) {
            return new NeuralNetConfiguration.Builder()
                    .seed(SEED)
                    .updater(new Adam(0.001))
                    .list()
                    .layer(new LSTM.Builder()
                            .nIn(ALPHABET)
                            .nOut(128)
                            .activation(Activation.TANH)
                            .build())
                    .layer(new RnnOutputLayer.Builder(loss)
                            .nIn(128)
                            .nOut(ALPHABET)
                            .activation(Activation.SOFTMAX)
                            .build())
                    .backpropType(BackpropType.Standard)
                    .build();
        }

        @Override
        DataSet data() {
            return new DataSet(sequences(), sequences());
        }

        private INDArray sequences() {
            return oneHot(batch * STEPS, ALPHABET)
                    .reshape(batch, STEPS, ALPHABET)
                    .permute(0, 2, 1);
        }
    },
    LABELS("multi-label 300-128-200, batch of 64", 64) {
        @Override
        MultiLayerConfiguration configuration(ILossFunction loss) {
            return dense(300, 128, 200, Activation.SIGMOID, loss);
        }

        @Override
        DataSet data() {
            return new DataSet(Nd4j.rand(DataType.FLOAT, batch, 300), bits(batch, 200));
        }

        @Override
        boolean isBinary() {
            return true;
        }
    };

    private static final int SEED = 5;
    private static final int ALPHABET = 80;
    private static final int STEPS = 50;

    final String title;
    final int batch;

    Network(String title, int batch) {
        this.title = title;
        this.batch = batch;
    }

    abstract MultiLayerConfiguration configuration(ILossFunction loss);

    abstract DataSet data();

    boolean isBinary() {
        return false;
    }

    ILossFunction builtIn() {
        return isBinary() ? new LossBinaryXENT() : new LossMCXENT();
    }

    ILossFunction ours() {
        return isBinary() ? Dl4jLosses.sigmoidCrossEntropy() : Dl4jLosses.softmaxCrossEntropy();
    }

    private static MultiLayerConfiguration dense(
            int inputs, int hidden, int outputs, Activation activation, ILossFunction loss) {
        return new NeuralNetConfiguration.Builder()
                .seed(SEED)
                .updater(new Adam(0.001))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(inputs)
                        .nOut(hidden)
                        .activation(Activation.RELU)
                        .build())
                .layer(new OutputLayer.Builder(loss)
                        .nIn(hidden)
                        .nOut(outputs)
                        .activation(activation)
                        .build())
                .build();
    }

    private static INDArray oneHot(int rows, int classes) {
        SplittableRandom random = new SplittableRandom(SEED);
        float[] labels = new float[rows * classes];
        for (int row = 0; row < rows; row++) {
            labels[row * classes + random.nextInt(classes)] = 1;
        }
        return Nd4j.createFromArray(labels).reshape(rows, classes);
    }

    private static INDArray bits(int rows, int columns) {
        SplittableRandom random = new SplittableRandom(SEED);
        float[] labels = new float[rows * columns];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = random.nextInt(2);
        }
        return Nd4j.createFromArray(labels).reshape(rows, columns);
    }
}
