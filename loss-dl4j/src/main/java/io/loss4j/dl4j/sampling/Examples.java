package io.loss4j.dl4j.sampling;

import io.loss4j.error.LossInputException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.shape.Gather;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/** Chosen examples of a data set with all that belongs to them: masks, meta data, names of labels. */
public final class Examples {
    private Examples() {}

    /**
     * Copies of examples, in the given order.
     *
     * @param from features and labels of any shape, examples on axis 0
     * @param chosen numbers of examples, from 0; may name one twice
     */
    public static DataSet select(DataSet from, int... chosen) {
        return copy(from, chosen, new DataSet());
    }

    /** Fills a data set with copies of examples of another, in the given order; they may be given twice. */
    static <D extends DataSet> D copy(DataSet from, int[] chosen, D to) {
        to.setFeatures(rows(from.getFeatures(), chosen));
        to.setLabels(rows(from.getLabels(), chosen));
        to.setFeaturesMaskArray(rows(from.getFeaturesMaskArray(), chosen));
        to.setLabelsMaskArray(rows(from.getLabelsMaskArray(), chosen));
        List<Serializable> meta = from.getExampleMetaData();
        if (meta != null && meta.size() == from.numExamples()) {
            to.setExampleMetaData(Arrays.stream(chosen).mapToObj(meta::get).toList());
        }
        copyNames(from, to);
        return to;
    }

    static void copyNames(DataSet from, DataSet to) {
        to.setLabelNames(from.getLabelNamesList());
    }

    static @Nullable INDArray rows(@Nullable INDArray array, int[] chosen) {
        if (array == null) {
            return null;
        }
        if (chosen.length == 0) {
            long[] shape = array.shape();
            shape[0] = 0;
            return Nd4j.create(array.dataType(), shape);
        }
        return Nd4j.exec(new Gather(array, Nd4j.createFromArray(chosen), 0))[0];
    }

    /** All examples of an iterator at once, outside of any workspace. Resets it before and after, if it can be. */
    @SuppressWarnings("try")
    static DataSet collect(String who, DataSetIterator training) {
        try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            if (training.resetSupported()) {
                training.reset();
            }
            List<DataSet> batches = new ArrayList<>();
            while (training.hasNext()) {
                DataSet batch = training.next();
                batch.detach();
                batches.add(batch);
            }
            if (training.resetSupported()) {
                training.reset();
            }
            if (batches.isEmpty()) {
                throw new LossInputException("L4J-D45", who, "the iterator is empty", "give it data");
            }
            DataSet all = new DataSet(
                    required(who, "features", batches, DataSet::getFeatures),
                    required(who, "labels", batches, DataSet::getLabels),
                    concat(who, "feature masks", batches, DataSet::getFeaturesMaskArray),
                    concat(who, "label masks", batches, DataSet::getLabelsMaskArray));
            copyNames(batches.get(0), all);
            return all;
        }
    }

    private static INDArray required(
            String who, String what, List<DataSet> batches, Function<DataSet, @Nullable INDArray> part) {
        INDArray all = concat(who, what, batches, part);
        if (all == null) {
            throw new LossInputException("L4J-D45", who, "the batches have no " + what, "give features and labels");
        }
        return all;
    }

    private static @Nullable INDArray concat(
            String who, String what, List<DataSet> batches, Function<DataSet, @Nullable INDArray> part) {
        List<INDArray> parts = new ArrayList<>();
        for (DataSet batch : batches) {
            INDArray array = part.apply(batch);
            INDArray first = parts.isEmpty() ? array : parts.get(0);
            if (array == null || first == null) {
                if (array == first && parts.isEmpty()) {
                    continue;
                }
                throw differ(who, what, "some batches have " + what + " and others have none");
            }
            long[] tail = Arrays.copyOfRange(array.shape(), 1, array.rank());
            if (!Arrays.equals(tail, Arrays.copyOfRange(first.shape(), 1, first.rank()))) {
                throw differ(
                        who,
                        what,
                        "batches have " + what + " of the shapes " + Arrays.toString(first.shape()) + " and "
                                + Arrays.toString(array.shape()));
            }
            parts.add(array);
        }
        if (parts.isEmpty()) {
            return null;
        }
        if (parts.size() != batches.size()) {
            throw differ(who, what, "some batches have " + what + " and others have none");
        }
        return Nd4j.concat(0, parts.toArray(new INDArray[0]));
    }

    private static LossInputException differ(String who, String what, String problem) {
        return new LossInputException(
                "L4J-D45", who, problem, "give all batches " + what + " of one shape; pad sequences to one length");
    }
}
