package io.loss4j.cuda;

import io.loss4j.cuda.driver.Context;
import io.loss4j.cuda.driver.CudaException;
import io.loss4j.error.LossInputException;

/** A job whose arrays are in device memory: one launch, and a wait only for what the caller must know. */
final class DeviceRun {
    /** The error of a label that is out of range. */
    interface BadLabel {
        LossInputException error(long row, long label);
    }

    /**
     * Events of the driver around the kernels of a job, for who measures them.
     *
     * @param before reached when the kernels may start, or 0
     * @param after reached when they have ended, or 0
     */
    record Marks(long before, long after) {
        static final Marks NONE = new Marks(0, 0);

        private static void set(long event, long stream) {
            if (event != 0) {
                Context.record(event, stream);
            }
        }
    }

    private final Gpu gpu;
    private final DeviceJob job;
    private final Marks marks;
    private final BadLabel badLabel;

    DeviceRun(Gpu gpu, DeviceJob job, Marks marks, BadLabel badLabel) {
        this.gpu = gpu;
        this.job = job;
        this.marks = marks;
        this.badLabel = badLabel;
    }

    /** Runs on a stream of ours and waits; the value, or 0 if it is not wanted. */
    double compute() {
        return gpu.use(() -> withRoom(lane -> launch(lane, lane.stream, 0, true)));
    }

    /** The same in the order of a stream. */
    double compute(long stream) {
        return gpu.use(() -> withRoom(lane -> launch(lane, stream, 0, true)));
    }

    /**
     * Runs in the order of a stream; waits only if labels are class indices, which might be out of range.
     *
     * @param valueAddress where the value goes, or 0
     */
    void enqueue(long stream, long valueAddress) {
        gpu.use(() -> withRoom(lane -> launch(lane, stream, valueAddress, job.index())));
    }

    private interface Launch {
        double on(Lane lane);
    }

    private double withRoom(Launch launch) {
        try {
            return onLane(launch);
        } catch (CudaException e) {
            if (!e.isOutOfMemory()) {
                throw e;
            }
            gpu.lanes.clear(); // what idle lanes hold may do
        }
        try {
            return onLane(launch);
        } catch (CudaException e) {
            throw e.isOutOfMemory()
                    ? OutOfMemory.even(
                            "for the partial sums of " + job.formula().spec.id(), e)
                    : e;
        }
    }

    private double onLane(Launch launch) {
        Lane lane = gpu.lanes.take();
        boolean reusable = false;
        try {
            double value = launch.on(lane);
            reusable = true;
            return value;
        } catch (LossInputException e) {
            reusable = true;
            throw e;
        } finally {
            gpu.lanes.giveBack(lane, reusable);
        }
    }

    private double launch(Lane lane, long stream, long valueAddress, boolean waits) {
        Frame frame = new Frame(
                job.formula(),
                job.classWeights(),
                job.positiveWeights(),
                job.logits(),
                job.predictions().columns(),
                Frame.Sizes.NONE);
        lane.reserve(frame.end, frame.outputsEnd);
        frame.writeConstants(lane);
        frame.clearResults(lane);
        try {
            lane.upload(0, frame.inputsEnd, stream);
            long ours = job.value() ? lane.device(frame.value) : 0;
            Marks.set(marks.before(), stream);
            gpu.launch(job, frame, lane, valueAddress != 0 ? valueAddress : ours, stream);
            Marks.set(marks.after(), stream);
            if (!waits) {
                lane.leaveTo(stream);
                return 0;
            }
            lane.download(frame.fault, frame.inputsEnd, stream);
            Context.synchronize(stream);
        } catch (CudaException e) {
            Lanes.tryTo(() -> Context.synchronize(stream)); // before the memory is freed
            throw e;
        }
        long bad = frame.faultRow(lane);
        if (bad != 0) {
            throw frame.isFraction(lane)
                    ? fraction(bad - 1, Double.longBitsToDouble(frame.faultLabel(lane)))
                    : badLabel.error(bad - 1, frame.faultLabel(lane));
        }
        return frame.value(lane);
    }

    private LossInputException fraction(long row, double label) {
        return new LossInputException(
                "L4J-L02",
                job.formula().spec.id(),
                "the label of row " + row + " is " + label + ", expected a whole number, the index of a class",
                "use class indices, or labels with one column per class");
    }
}
