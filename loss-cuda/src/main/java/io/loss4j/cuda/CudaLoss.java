package io.loss4j.cuda;

import io.loss4j.LossFunction;
import io.loss4j.Reduction;
import io.loss4j.cuda.driver.Context;
import io.loss4j.error.BackendException;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.LogitTransform;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.Scaled;
import io.loss4j.loss.SoftmaxLoss;
import io.loss4j.tensor.Rows;
import java.util.Arrays;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A loss function over arrays that lie in the memory of a GPU, whoever put them there: nothing is copied, and results stay
 * on the device. Immutable and thread-safe.
 *
 * <pre>{@code
 * DeviceArray logits = DeviceArray.of(address, new long[] {4096, 1000}, DataType.FLOAT, 0);
 * CudaLoss loss = CudaLoss.of(LossFunction.of(new SoftmaxCrossEntropy()));
 * loss.run(logits, labels, null, DeviceOutputs.gradient(gradient), stream);
 * }</pre>
 *
 * <p>Shapes are those of {@link LossFunction}. The arrays of a call lie on one GPU.
 */
public final class CudaLoss {
    private static final String ON_HOST = "compute it on arrays in host memory, with the CPU";

    private final LossFunction function;
    private final LogitTransform logits;
    private final DeviceRun.Marks marks;

    private CudaLoss(LossFunction function, DeviceRun.Marks marks) {
        this.function = function;
        this.logits = function.logits();
        this.marks = marks;
    }

    /**
     * A loss with the reduction, weights and options of a function. Whether there is a kernel for it shows when it runs,
     * for that may depend on the columns.
     */
    public static CudaLoss of(LossFunction function) {
        return new CudaLoss(function, DeviceRun.Marks.NONE);
    }

    /**
     * The same loss that marks its kernels, to measure them: every call records the events in its stream, around its
     * kernels and without the copies of weights and faults that go before and after. Calls at the same time need events
     * of their own.
     *
     * @param before a CUevent of the device, reached when the kernels may start
     * @param after a CUevent, reached when they have ended
     */
    public CudaLoss marking(long before, long after) {
        return new CudaLoss(function, new DeviceRun.Marks(before, after));
    }

    /**
     * Computes in the order of a stream: after what the stream was given before, and before what it is given later.
     * Returns when the work is queued; only with class indices it waits for the stream, because one that is out of range
     * has to be reported.
     *
     * @param predictions [N, K] or [N, K, ...]: FLOAT, DOUBLE, HALF or BFLOAT16
     * @param labels of the same shape, or one class index per row
     * @param mask one weight per row or per element, or null
     * @param outputs what to compute and where it goes
     * @param stream a CUstream of the device, 0 for the default stream
     * @throws LossInputException if shapes, types, devices or class indices are wrong, or if the reduction divides by
     *     something that would have to be counted on the device
     * @throws BackendException if there is no kernel for the loss, or the GPU cannot be used or fails
     */
    public void run(
            DeviceArray predictions,
            DeviceArray labels,
            @Nullable DeviceArray mask,
            DeviceOutputs outputs,
            long stream) {
        DeviceArray value = outputs.value();
        DeviceJob job = lower(predictions, labels, mask, outputs, value != null);
        DeviceRun run = prepare(job, predictions, labels, mask, value, outputs.gradient(), outputs.terms());
        run.enqueue(stream, value == null ? 0 : value.address());
    }

    /** The reduced loss; waits for it. {@link #run} leaves it on the device. */
    public double value(DeviceArray predictions, DeviceArray labels, @Nullable DeviceArray mask, long stream) {
        DeviceJob job = lower(predictions, labels, mask, new DeviceOutputs(null, null, null), true);
        return prepare(job, predictions, labels, mask).compute(stream);
    }

    private DeviceRun prepare(DeviceJob job, DeviceArray predictions, @Nullable DeviceArray... others) {
        Gpu gpu = Gpus.at(predictions.device());
        LossSpec spec = job.formula().spec;
        String tooLong = gpu.obstacle(
                job.formula().accepted(), predictions.type(), job.predictions().columns());
        if (tooLong != null) {
            throw new BackendException("L4J-C11", tooLong, ON_HOST, null);
        }
        gpu.use(() -> {
            requireMemoryOf(spec, gpu, predictions);
            requireMemoryOf(spec, gpu, others);
            return true;
        });
        return new DeviceRun(gpu, job, marks, (row, label) -> labelOutOfRange(job, row, label));
    }

    private static LossInputException labelOutOfRange(DeviceJob job, long row, long label) {
        return new LossInputException(
                "L4J-L01",
                job.formula().spec.id(),
                "the label of row " + row + " is " + label + ", expected a class index from 0 to "
                        + (job.predictions().columns() - 1) + " for K = "
                        + job.predictions().columns() + " columns",
                "correct the label, or set ignoreIndex(" + label + ") to leave such rows out");
    }

    private DeviceJob lower(
            DeviceArray predictions,
            DeviceArray labels,
            @Nullable DeviceArray mask,
            DeviceOutputs outputs,
            boolean value) {
        long[] shape = predictions.shape();
        long columns = shape.length < 2 ? 1 : shape[1];
        if (columns > Integer.MAX_VALUE) {
            throw wrong(function.spec(), "L4J-S05", "predictions", predictions, "fewer than 2^31 columns");
        }
        LossSpec shaped = function.spec().formula((int) columns);
        double factor = shaped instanceof Scaled scaled ? scaled.factor() : 1;
        LossSpec spec = shaped instanceof Scaled scaled ? scaled.loss() : shaped;
        Formula formula = Formula.of(spec);
        if (formula.decline != null) {
            throw new BackendException(formula.decline.code(), formula.decline.reason(), ON_HOST, null);
        }
        DeviceArray valueArray = outputs.value();
        if (valueArray != null && (valueArray.type() != ElementType.DOUBLE || valueArray.length() != 1)) {
            throw wrong(spec, "L4J-C31", "value", valueArray, "one DOUBLE");
        }
        if (!predictions.type().isFloating() || shape.length == 0 || columns == 0) {
            throw wrong(spec, "L4J-S01", "predictions", predictions, "FLOAT, DOUBLE, HALF or BFLOAT16 [N, K]");
        }
        boolean dense = Arrays.equals(labels.shape(), shape);
        boolean index = !dense && Rows.isColumnFor(labels.shape(), shape) && columns > 1;
        if (!dense
                && !(Rows.isColumnFor(labels.shape(), shape) && (columns == 1 || !(spec instanceof ElementwiseLoss)))) {
            throw wrong(spec, "L4J-S02", "labels", labels, "the shape of the predictions or a class index per row");
        }
        OptionalLong ignored = function.ignoreIndex();
        LogitTransform change = spec instanceof SoftmaxLoss softmax ? logits.then(softmax.logits()) : logits;
        return new DeviceJob(
                formula,
                view(spec, predictions, shape, true),
                view(spec, labels, shape, dense),
                index,
                function.labelSmoothing(),
                ignored,
                classWeights(spec, columns, factor),
                positiveWeights(spec, columns),
                mask == null ? DeviceRows.ABSENT : mask(spec, mask, shape),
                change,
                factor * function.zLoss(),
                scale(spec, predictions.length() / columns, columns, mask != null, index),
                gradient(spec, outputs.gradient(), predictions),
                terms(spec, outputs.terms(), predictions),
                value,
                0);
    }

    /** With the factor of a scaled loss, which, unlike a reduction, is in the terms too. */
    private double @Nullable [] classWeights(LossSpec spec, long columns, double factor) {
        double[] weights = perColumn(spec, function.classWeights().toArray(), columns);
        if (factor == 1) {
            return weights;
        }
        double[] scaled = new double[(int) columns];
        Arrays.setAll(scaled, k -> factor * (weights == null ? 1 : weights[k]));
        return scaled;
    }

    private static double @Nullable [] perColumn(LossSpec spec, double[] numbers, long columns) {
        if (numbers.length == 0) {
            return null;
        }
        if (numbers.length != columns) {
            throw new LossInputException(
                    "L4J-W02",
                    spec.id(),
                    numbers.length + " weights for predictions with " + columns + " columns (shapes: weights ["
                            + numbers.length + "], predictions [N, " + columns + "])",
                    "give one weight per column");
        }
        return numbers;
    }

    private double @Nullable [] positiveWeights(LossSpec spec, long columns) {
        PerColumn weights = function.positiveWeights();
        if (weights == null || !weights.isScalar()) {
            return weights == null ? null : perColumn(spec, weights.toArray(), columns);
        }
        double[] each = new double[(int) columns];
        Arrays.fill(each, weights.at(0));
        return each;
    }

    private double scale(LossSpec spec, long rows, long columns, boolean masked, boolean index) {
        Reduction reduction = function.reduction();
        boolean elementwise = spec instanceof ElementwiseLoss;
        boolean needsCounting = reduction == Reduction.MEAN || reduction == Reduction.WEIGHTED_MEAN;
        boolean counted = !masked && function.ignoreIndex().isEmpty();
        boolean weighted = reduction == Reduction.WEIGHTED_MEAN
                && (!function.classWeights().isNone() || !elementwise && !index);
        if (needsCounting && (!counted || weighted)) {
            throw new LossInputException(
                    "L4J-C33",
                    spec.id(),
                    "the reduction " + reduction + " divides by what masks, weights and ignored labels leave, which is"
                            + " not counted in device memory",
                    "use SUM or BATCH_MEAN, and divide yourself");
        }
        double denominator = !needsCounting && reduction != Reduction.BATCH_MEAN
                ? 1
                : reduction == Reduction.BATCH_MEAN || !elementwise ? rows : rows * columns;
        return denominator == 0 ? 0 : 1 / denominator;
    }

    private static DeviceRows mask(LossSpec spec, DeviceArray mask, long[] predictions) {
        long[] shape = mask.shape();
        boolean perExample = shape.length == 1 || shape.length == 2 && shape[1] == 1;
        if (Arrays.equals(shape, predictions)) {
            return view(spec, mask, predictions, true);
        } else if (Rows.isColumnFor(shape, predictions)) {
            return view(spec, mask, predictions, false);
        } else if (perExample && predictions.length > 2 && shape[0] == predictions[0]) {
            return DeviceRows.perExample(mask.address(), mask.type(), predictions, mask.strides()[0]);
        }
        throw wrong(spec, "L4J-S03", "mask", mask, "one weight per row, [N] or [N, 1], or one per element");
    }

    private static DeviceRows gradient(LossSpec spec, @Nullable DeviceArray gradient, DeviceArray predictions) {
        if (gradient == null) {
            return DeviceRows.ABSENT;
        }
        if (gradient.type() != predictions.type() || !Arrays.equals(gradient.shape(), predictions.shape())) {
            throw wrong(spec, "L4J-C31", "gradient", gradient, "the type and shape of the predictions");
        }
        return view(spec, gradient, predictions.shape(), true);
    }

    private static DeviceRows terms(LossSpec spec, @Nullable DeviceArray terms, DeviceArray predictions) {
        if (terms == null) {
            return DeviceRows.ABSENT;
        }
        ElementType expected = predictions.type() == ElementType.DOUBLE ? ElementType.DOUBLE : ElementType.FLOAT;
        boolean perElement = spec instanceof ElementwiseLoss && Arrays.equals(terms.shape(), predictions.shape());
        if (terms.type() != expected || !perElement && !Rows.isColumnFor(terms.shape(), predictions.shape())) {
            throw wrong(spec, "L4J-C31", "terms", terms, expected + ", one per row or element");
        }
        return view(spec, terms, predictions.shape(), perElement);
    }

    private static DeviceRows view(LossSpec spec, DeviceArray array, long[] predictions, boolean hasColumns) {
        int axis = hasColumns && predictions.length > 1 ? 1 : -1;
        DeviceRows view = DeviceRows.of(array.address(), array.type(), array.shape(), array.strides(), axis);
        if (view == null) {
            throw wrong(
                    spec,
                    "L4J-C31",
                    "strides " + Arrays.toString(array.strides()),
                    array,
                    "no more than two axes of rows that lie apart");
        }
        return view;
    }

    private static void requireMemoryOf(LossSpec spec, Gpu gpu, @Nullable DeviceArray... arrays) {
        for (DeviceArray array : arrays) {
            if (array != null && array.length() > 0 && Context.deviceOf(array.address()) != gpu.device.ordinal()) {
                throw wrong(spec, "L4J-C32", "an array", array, "memory of GPU " + gpu.device.ordinal());
            }
        }
    }

    private static LossInputException wrong(
            LossSpec spec, String code, String what, DeviceArray found, String expected) {
        return new LossInputException(
                code, spec.id(), what + " of type and shapes " + found + ", expected " + expected, "correct it");
    }
}
