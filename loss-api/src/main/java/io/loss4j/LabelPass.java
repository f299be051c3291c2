package io.loss4j;

import io.loss4j.error.LossInputException;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/** One pass over the labels and label masks of a data set, batch by batch, between two resets. */
final class LabelPass {
    private static final String WHO = "class counts";

    private LabelPass() {}

    static void over(
            DataSetIterator data, LongConsumer progress, BiConsumer<INDArray, @Nullable INDArray> labelsAndMask) {
        reset(data.resetSupported(), data::reset);
        long examples = 0;
        boolean empty = true;
        while (data.hasNext()) {
            DataSet batch = data.next();
            labelsAndMask.accept(batch.getLabels(), batch.getLabelsMaskArray());
            examples += batch.getLabels().size(0);
            progress.accept(examples);
            empty = false;
        }
        reset(data.resetSupported(), data::reset);
        refuse(empty);
    }

    static void over(
            MultiDataSetIterator data,
            int output,
            LongConsumer progress,
            BiConsumer<INDArray, @Nullable INDArray> labelsAndMask) {
        reset(data.resetSupported(), data::reset);
        long examples = 0;
        boolean empty = true;
        while (data.hasNext()) {
            MultiDataSet batch = data.next();
            INDArray labels = labels(batch, output);
            INDArray[] masks = batch.getLabelsMaskArrays();
            labelsAndMask.accept(labels, masks == null ? null : masks[output]);
            examples += labels.size(0);
            progress.accept(examples);
            empty = false;
        }
        reset(data.resetSupported(), data::reset);
        refuse(empty);
    }

    private static INDArray labels(MultiDataSet batch, int output) {
        int outputs = batch.numLabelsArrays();
        if (output < 0 || output >= outputs) {
            throw new LossInputException(
                    "L4J-W05",
                    WHO,
                    "asked for output " + output + ", expected 0 to " + (outputs - 1) + ", for the data has " + outputs,
                    "correct the number");
        }
        return batch.getLabels(output);
    }

    private static void reset(boolean supported, Runnable reset) {
        if (supported) {
            reset.run();
        }
    }

    private static void refuse(boolean empty) {
        if (empty) {
            throw new LossInputException("L4J-W04", WHO, "the iterator is empty", "give it data");
        }
    }
}
