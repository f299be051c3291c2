package io.loss4j.dl4j;

import java.util.Arrays;
import java.util.Random;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** A small network for every output layer of Deeplearning4j that takes a custom loss, with data that fits it. */
enum Head {
    OUTPUT(new long[] {6, 4}) {
        @Override
        Layer[] layers(ILossFunction loss, Activation activation, int nOut) {
            return new Layer[] {
                new DenseLayer.Builder().nIn(4).nOut(5).build(),
                new OutputLayer.Builder(loss)
                        .activation(activation)
                        .nIn(5)
                        .nOut(nOut)
                        .build()
            };
        }
    },
    LOSS(new long[] {6, 4}) {
        @Override
        Layer[] layers(ILossFunction loss, Activation activation, int nOut) {
            return new Layer[] {
                new DenseLayer.Builder().nIn(4).nOut(nOut).build(),
                new LossLayer.Builder(loss).activation(activation).build()
            };
        }
    },
    CENTER_LOSS(new long[] {6, 4}) {
        @Override
        Layer[] layers(ILossFunction loss, Activation activation, int nOut) {
            return new Layer[] {
                new DenseLayer.Builder().nIn(4).nOut(5).build(),
                new CenterLossOutputLayer.Builder(loss)
                        .activation(activation)
                        .nIn(5)
                        .nOut(nOut)
                        .alpha(1)
                        .gradientCheck(true)
                        .build()
            };
        }
    },
    RNN_OUTPUT(new long[] {3, 4, 5}) {
        @Override
        Layer[] layers(ILossFunction loss, Activation activation, int nOut) {
            return new Layer[] {
                new LSTM.Builder().nIn(4).nOut(5).build(),
                new RnnOutputLayer.Builder(loss)
                        .activation(activation)
                        .nIn(5)
                        .nOut(nOut)
                        .build()
            };
        }
    },
    RNN_LOSS(new long[] {3, 4, 5}) {
        @Override
        Layer[] layers(ILossFunction loss, Activation activation, int nOut) {
            return new Layer[] {
                new LSTM.Builder().nIn(4).nOut(nOut).build(),
                new RnnLossLayer.Builder(loss).activation(activation).build()
            };
        }
    },
    CNN_LOSS(new long[] {2, 2, 4, 3}) {
        @Override
        Layer[] layers(ILossFunction loss, Activation activation, int nOut) {
            return new Layer[] {
                new ConvolutionLayer.Builder(3, 3)
                        .convolutionMode(ConvolutionMode.Same)
                        .nIn(2)
                        .nOut(nOut)
                        .build(),
                new CnnLossLayer.Builder(loss).activation(activation).build()
            };
        }
    },
    CNN_3D_LOSS(new long[] {2, 2, 2, 3, 2}) {
        @Override
        Layer[] layers(ILossFunction loss, Activation activation, int nOut) {
            return new Layer[] {
                new Convolution3D.Builder(2, 2, 2)
                        .convolutionMode(ConvolutionMode.Same)
                        .nIn(2)
                        .nOut(nOut)
                        .build(),
                new Cnn3DLossLayer.Builder(Convolution3D.DataFormat.NCDHW)
                        .lossFunction(loss)
                        .activation(activation)
                        .build()
            };
        }
    };

    private final long[] features;

    Head(long[] features) {
        this.features = features;
    }

    abstract Layer[] layers(ILossFunction loss, Activation activation, int nOut);

    MultiLayerNetwork network(
            ILossFunction loss, Activation activation, int nOut, DataType type, IUpdater updater, boolean miniBatch) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(42)
                .dataType(type)
                .updater(updater)
                .miniBatch(miniBatch)
                .activation(Activation.TANH)
                .list();
        for (Layer layer : layers(loss, activation, nOut)) {
            list.layer(layer);
        }
        MultiLayerNetwork network =
                new MultiLayerNetwork(list.validateOutputLayerConfig(false).build());
        network.init();
        return network;
    }

    MultiLayerNetwork network(ILossFunction loss, Activation activation, int nOut, DataType type, IUpdater updater) {
        return network(loss, activation, nOut, type, updater, true);
    }

    INDArray features(DataType type) {
        return uniform(new Random(1), type, features);
    }

    /** One class per position, one-hot on axis 1. */
    INDArray oneHot(DataType type, int nOut) {
        return oneHot(indices(), type, nOut);
    }

    private INDArray oneHot(INDArray indices, DataType type, int nOut) {
        INDArray labels = Nd4j.zeros(type, labelShape(nOut));
        forEach(indices.shape(), at -> {
            long[] to = at.clone();
            to[1] = indices.getLong(at) % nOut;
            labels.putScalar(to, 1);
        });
        return labels;
    }

    /** One class index (0 to 2) per position, of size 1 on axis 1. */
    INDArray indices() {
        INDArray indices = Nd4j.zeros(DataType.INT32, labelShape(1));
        Random random = new Random(2);
        forEach(indices.shape(), at -> indices.putScalar(at, random.nextInt(3)));
        return indices;
    }

    /** Independent zeros and ones. */
    INDArray binary(DataType type, int nOut) {
        INDArray labels = Nd4j.zeros(type, labelShape(nOut));
        Random random = new Random(3);
        forEach(labels.shape(), at -> labels.putScalar(at, random.nextInt(2)));
        return labels;
    }

    INDArray real(DataType type, int nOut) {
        return uniform(new Random(4), type, labelShape(nOut));
    }

    /** A mask in the form that this layer takes: of rows, [examples, 1] or [examples, steps] or with size 1 on axis 1. */
    INDArray rowMask(DataType type) {
        long[] shape = labelShape(1);
        INDArray mask = everyThirdOut(type, shape);
        return shape.length == 3 ? mask.reshape(shape[0], shape[2]) : mask;
    }

    /** A mask of single outputs. */
    INDArray elementMask(DataType type, int nOut) {
        return everyThirdOut(type, labelShape(nOut));
    }

    private static INDArray everyThirdOut(DataType type, long[] shape) {
        INDArray mask = Nd4j.ones(type, shape);
        int[] count = new int[1];
        forEach(shape, at -> mask.putScalar(at, count[0]++ % 3 == 1 ? 0 : 1));
        return mask;
    }

    long[] labelShape(int nOut) {
        long[] shape = features.clone();
        shape[1] = nOut;
        return shape;
    }

    long rowsPerExample() {
        return Arrays.stream(labelShape(1)).skip(1).reduce(1, (a, b) -> a * b);
    }

    private static INDArray uniform(Random random, DataType type, long[] shape) {
        INDArray array = Nd4j.zeros(type, shape);
        forEach(shape, at -> array.putScalar(at, random.nextDouble() * 2 - 1));
        return array;
    }

    private interface Position {
        void visit(long[] at);
    }

    private static void forEach(long[] shape, Position position) {
        long[] at = new long[shape.length];
        while (true) {
            position.visit(at);
            int axis = shape.length - 1;
            while (axis >= 0 && ++at[axis] == shape[axis]) {
                at[axis--] = 0;
            }
            if (axis < 0) {
                return;
            }
        }
    }
}
