package io.loss4j.benchmarks.gpu;

import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import io.loss4j.Reduction;
import io.loss4j.benchmarks.timing.Wanted;
import io.loss4j.benchmarks.timing.Workload;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Value and gradient of a loss on arrays in host memory, as a user of Deeplearning4j has them: on the GPU with the copies
 * there and back, on all cores of the CPU, and by {@code auto}, in turns.
 */
final class HostCurve {
    /** Names of backends, and what chooses between them. */
    static final List<String> CONTENDERS = List.of("cuda", "cpu", "auto");

    private static final int WARM_UP = 5;

    private final Workload workload;
    private final INDArray predictions;
    private final INDArray labels;

    HostCurve(Workload workload) {
        this.workload = workload;
        GpuCase drawn = new GpuCase(
                workload,
                Wanted.VALUE_AND_GRADIENT,
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                false);
        Draw numbers = new Draw(drawn, 1);
        int elements = Math.toIntExact(workload.elements());
        ByteBuffer x = floats(elements);
        numbers.writePredictions(0, elements, x);
        predictions = Nd4j.createFromArray(array(x)).reshape(workload.rows(), workload.columns());
        if (drawn.hasIndices()) {
            int[] classes = new int[workload.rows()];
            for (int row = 0; row < classes.length; row++) {
                classes[row] = numbers.classOf(row);
            }
            labels = Nd4j.createFromArray(classes).reshape(workload.rows(), 1);
        } else {
            numbers.writeLabels(0, elements, x);
            labels = Nd4j.createFromArray(array(x)).reshape(workload.rows(), workload.columns());
        }
    }

    private static ByteBuffer floats(int elements) {
        return ByteBuffer.allocate(elements * Float.BYTES).order(ByteOrder.nativeOrder());
    }

    private static float[] array(ByteBuffer from) {
        float[] floats = new float[from.capacity() / Float.BYTES];
        from.asFloatBuffer().get(floats);
        return floats;
    }

    /** What {@code auto} takes. */
    String chosen() {
        return Objects.requireNonNullElse(
                function("auto").resolve(predictions, labels, null).chosen(), "nothing");
    }

    private LossFunction function(String backend) {
        return LossFunction.of(workload.spec()).withReduction(Reduction.SUM).on(backend);
    }

    /** Microseconds per call of each contender, after so many milliseconds of calls that compile. */
    Map<String, List<Double>> times(int repetitions, int warmUpMilliseconds) {
        Map<String, List<Double>> times = new LinkedHashMap<>();
        Map<String, LossFunction> functions = new LinkedHashMap<>();
        for (String contender : CONTENDERS) {
            functions.put(contender, function(contender));
            times.put(contender, new ArrayList<>());
        }
        long until = System.nanoTime() + warmUpMilliseconds * 1_000_000L;
        for (int i = 0; i < WARM_UP || System.nanoTime() < until; i++) {
            functions.values().forEach(this::time);
        }
        for (int i = 0; i < repetitions; i++) {
            functions.forEach((contender, function) ->
                    Objects.requireNonNull(times.get(contender)).add(time(function)));
        }
        return times;
    }

    private double time(LossFunction function) {
        long start = System.nanoTime();
        LossResult result = function.valueAndGradient(predictions, labels, null);
        double microseconds = (System.nanoTime() - start) / 1e3;
        result.gradient().close();
        return microseconds;
    }

    void close() {
        predictions.close();
        labels.close();
    }
}
