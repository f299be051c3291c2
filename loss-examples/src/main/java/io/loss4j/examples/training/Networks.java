package io.loss4j.examples.training;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** The networks of all programs: one hidden layer, and a softmax over the classes. */
public final class Networks {
    private Networks() {}

    /** A network with its initial weights, which depend on nothing but its size and the seed. */
    public static MultiLayerNetwork create(int inputs, int classes, Settings settings, ILossFunction loss) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(settings.seed())
                .dataType(DataType.FLOAT)
                .weightInit(WeightInit.XAVIER)
                .updater(new Adam(settings.learningRate()))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(inputs)
                        .nOut(settings.hidden())
                        .activation(Activation.RELU)
                        .build())
                .layer(new OutputLayer.Builder(loss)
                        .nIn(settings.hidden())
                        .nOut(classes)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        return network;
    }
}
