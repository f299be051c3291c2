package io.loss4j.cuda;

import io.loss4j.backend.LossJob;
import io.loss4j.backend.Offer;
import io.loss4j.tensor.Rows;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Arrays of nd4j-cuda, which are in device memory already: used without a copy, through nd4j-api alone. ND4J's streams
 * are waited for before, and ours after, so that every operation sees what came before it.
 */
final class Nd4jArrays {
    private final OpExecutioner executioner;
    private final AffinityManager affinity;

    Nd4jArrays(OpExecutioner executioner, AffinityManager affinity) {
        this.executioner = executioner;
        this.affinity = affinity;
    }

    /** Those of this process, or null if ND4J keeps its arrays in host memory. */
    static @Nullable Nd4jArrays onDevice() {
        OpExecutioner executioner = Nd4j.getExecutioner();
        return executioner.type() == OpExecutioner.ExecutionerType.CUDA
                ? new Nd4jArrays(executioner, Nd4j.getAffinityManager())
                : null;
    }

    /** The device that holds an array. */
    int deviceOf(INDArray array) {
        return affinity.getDeviceForArray(array);
    }

    /** What keeps kernels from working on the arrays where they are, or null. */
    static Offer.@Nullable Decline obstacle(LossJob job) {
        Rows[] all = {
            job.predictions(),
            job.labels().rows(),
            job.weights().mask(),
            job.outputs().gradient(),
            job.outputs().terms()
        };
        for (Rows rows : all) {
            if (rows != null && view(rows, 0, job) == null) {
                return new Offer.Decline(
                        "L4J-C23",
                        "kernels cannot read " + rows + " with strides "
                                + java.util.Arrays.toString(rows.array().stride()) + " where it is",
                        "give a copy, dup('c'), of a type that GPUs know");
            }
        }
        return null;
    }

    double compute(Gpu gpu, LossJob job) {
        Rows gradient = job.outputs().gradient();
        Rows terms = job.outputs().terms();
        DeviceJob onDevice = new DeviceJob(
                Formula.of(job.spec()),
                locate(job.predictions(), job),
                locate(job.labels().rows(), job),
                job.labels().index(),
                job.labels().smoothing(),
                job.labels().ignored(),
                job.weights().columns(),
                job.weights().positive(),
                locate(job.weights().mask(), job),
                job.logits(),
                job.zLoss(),
                job.scale(),
                locate(gradient, job),
                locate(terms, job),
                job.outputs().value(),
                0);
        executioner.commit();
        double value = new DeviceRun(gpu, onDevice, DeviceRun.Marks.NONE, job::labelOutOfRange).compute();
        if (gradient != null) {
            affinity.tagLocation(gradient.array(), Location.DEVICE);
        }
        if (terms != null) {
            affinity.tagLocation(terms.array(), Location.DEVICE);
        }
        return value;
    }

    private DeviceRows locate(@Nullable Rows rows, LossJob job) {
        if (rows == null) {
            return DeviceRows.ABSENT;
        }
        affinity.ensureLocation(rows.array(), Location.DEVICE);
        // with the offset of a view
        DeviceRows view = view(rows, rows.array().data().platformAddress(), job);
        if (view == null) {
            throw new IllegalStateException("declined: " + rows);
        }
        return view;
    }

    /** What the rows are in device memory; null if kernels cannot express it. */
    private static @Nullable DeviceRows view(Rows rows, long address, LossJob job) {
        INDArray array = rows.array();
        ElementType type = ElementType.of(array.dataType());
        if (type == null) {
            return null;
        }
        if (rows.elements() != array.length()) {
            long[] predictions = job.predictions().array().shape();
            return DeviceRows.perExample(address, type, predictions, array.stride(0));
        }
        boolean hasColumns = array.rank() > 1 && array.size(1) == rows.columns();
        return DeviceRows.of(address, type, array.shape(), array.stride(), hasColumns ? 1 : -1);
    }
}
