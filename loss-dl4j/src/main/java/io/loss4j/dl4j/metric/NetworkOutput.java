package io.loss4j.dl4j.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** Runs a network over data, batch by batch. */
final class NetworkOutput {
    private NetworkOutput() {}

    static Predictions of(DataSetIterator data, Function<DataSet, INDArray> output) {
        if (data.resetSupported()) {
            data.reset();
        }
        List<Predictions> batches = new ArrayList<>();
        while (data.hasNext()) {
            DataSet batch = data.next();
            INDArray mask = batch.getLabelsMaskArray();
            if (mask == null || mask.sumNumber().doubleValue() > 0) {
                batches.add(Predictions.of(output.apply(batch), batch.getLabels(), mask));
            }
        }
        if (data.resetSupported()) {
            data.reset();
        }
        return Predictions.concat(batches);
    }

    static INDArray of(ComputationGraph network, DataSet batch) {
        return network.output(
                        false,
                        new INDArray[] {batch.getFeatures()},
                        masks(batch.getFeaturesMaskArray()),
                        masks(batch.getLabelsMaskArray()))[0];
    }

    private static INDArray @Nullable [] masks(@Nullable INDArray mask) {
        return mask == null ? null : new INDArray[] {mask};
    }
}
