package io.loss4j.cuda;

import io.loss4j.backend.Availability;
import io.loss4j.backend.LossBackend;
import io.loss4j.backend.LossJob;
import io.loss4j.backend.Offer;
import io.loss4j.cuda.driver.CudaException;
import io.loss4j.cuda.driver.DriverFiles;
import io.loss4j.cuda.driver.UnavailableException;
import io.loss4j.error.BackendException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Computes losses on an NVIDIA GPU. Properties: {@code loss4j.cuda.device}, the number of the GPU (default: ND4J's, or the
 * one with most free memory); {@code loss4j.cuda.memory}, how much device memory is kept between calls (default {@code
 * 256m}); {@code loss4j.cuda.library}, the driver's library (default: the system's).
 */
public final class CudaBackend implements LossBackend {
    private static final String RESTART = "restart the process";

    /** Called by {@link java.util.ServiceLoader}. */
    public CudaBackend() {}

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public Availability availability() {
        Availability missing = DriverFiles.missing(); // the usual answer, at once
        if (missing != null) {
            return missing;
        }
        try {
            return new Availability.Available(Gpus.describe());
        } catch (UnavailableException e) {
            return e.answer();
        }
    }

    @Override
    public Offer offer(LossJob job) {
        Formula formula = Formula.of(job.spec());
        if (formula.decline != null) {
            return formula.decline;
        }
        if (!job.labels().index()
                && job.labels().rows().columns() != job.predictions().columns()) {
            return new Offer.Decline(
                    "L4J-C21", job.spec().id() + ": its kernel takes as many labels as predictions", Formula.USE_CPU);
        }
        Nd4jArrays arrays = Nd4jArrays.onDevice();
        Offer.Decline obstacle = arrays == null ? null : Nd4jArrays.obstacle(job);
        if (obstacle != null) {
            return obstacle;
        }
        return onGpu(job, arrays, gpu -> offer(gpu, formula, job, arrays != null));
    }

    private static Offer offer(Gpu gpu, Formula formula, LossJob job, boolean onDevice) {
        CudaException lost = gpu.lost();
        if (lost != null) {
            return new Offer.Decline("L4J-C10", gpu + " is lost since " + lost.call() + " failed", RESTART);
        }
        String tooLong =
                gpu.obstacle(formula.accepted(), typeOf(job), job.predictions().columns());
        if (tooLong != null) {
            return new Offer.Decline("L4J-C11", tooLong, Formula.USE_CPU);
        }
        Costs costs = gpu.costs();
        return new Offer.Accept(onDevice ? costs.ofDeviceJob(job) : costs.ofHostJob(job));
    }

    /** FLOAT for what is converted on its way to the device. */
    private static ElementType typeOf(LossJob job) {
        ElementType type = ElementType.of(job.predictions().type());
        return type == null ? ElementType.FLOAT : type;
    }

    @Override
    public double compute(LossJob job) {
        Nd4jArrays arrays = Nd4jArrays.onDevice();
        return onGpu(job, arrays, gpu -> arrays == null ? HostRun.compute(gpu, job) : arrays.compute(gpu, job));
    }

    /** Does something on the GPU of a job, from its beginning if the GPU has been released before it began. */
    private static <T> T onGpu(LossJob job, @Nullable Nd4jArrays arrays, Function<Gpu, T> work) {
        while (true) {
            try {
                return work.apply(gpuFor(job, arrays));
            } catch (Gpu.Released e) {
                // by someone else, after it was looked up: look it up again, which opens it
            }
        }
    }

    private static Gpu gpuFor(LossJob job, @Nullable Nd4jArrays arrays) {
        if (arrays != null) {
            return Gpus.at(arrays.deviceOf(job.predictions().array()));
        }
        try {
            return Gpus.first();
        } catch (UnavailableException e) {
            throw new BackendException(
                    e.answer().code(), e.answer().reason(), e.answer().remedy(), e);
        }
    }

    /**
     * Frees all memory and gives back the contexts of the GPUs, after the calls that are at work. The next call takes
     * them again. Not needed at the end of a process.
     */
    public static void release() {
        Gpus.close();
    }
}
