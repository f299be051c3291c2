package io.loss4j.dl4j;

import io.loss4j.backend.Backends;
import io.loss4j.error.BackendException;
import java.io.File;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;

/** What a machine without any backend can do with a model; run by {@link SerialisationTest} in a JVM of its own. */
final class LoadWithoutBackend {
    private LoadWithoutBackend() {}

    public static void main(String[] arguments) throws Exception {
        MultiLayerNetwork network = ModelSerializer.restoreMultiLayerNetwork(new File(arguments[0]), true);
        OutputLayer layer = (OutputLayer) network.getLayer(1).conf().getLayer();
        System.out.println("loaded " + layer.getLossFn());
        Head head = Head.OUTPUT;
        System.out.println("predicted "
                + Arrays.toString(network.output(head.features(DataType.FLOAT)).shape()));
        System.out.println("backends " + Backends.list());
        try {
            network.fit(new DataSet(head.features(DataType.FLOAT), head.oneHot(DataType.FLOAT, 3)));
        } catch (BackendException e) {
            System.out.println("training: " + e.getMessage());
        }
    }
}
