package io.loss4j.benchmarks.scaling;

import io.loss4j.LossFunction;
import io.loss4j.Reduction;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SoftmaxCrossEntropy;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Times one loss on arrays of ever more elements, in turns, and prints a line for each: elements, ns per element. */
public final class ScalingProcess {
    /** Begins a line of results. */
    public static final String MARK = "@scaling\t";

    private static final int TILE = 4096;
    private static final int ROUNDS = 7;
    private static final long TURN = 120_000_000L;
    private static final long WARMUP = 1_500_000_000L;

    private ScalingProcess() {}

    /** A size with its arrays and times. */
    private static final class Size {
        final long elements;
        final INDArray predictions;
        final INDArray labels;
        final WorkspaceConfiguration workspace;
        final double[] times = new double[ROUNDS];

        Size(long rows, INDArray predictions, INDArray labels) {
            this.elements = rows * predictions.columns();
            this.predictions = predictions;
            this.labels = labels;
            this.workspace = WorkspaceConfiguration.builder()
                    .initialSize(elements * Float.BYTES + (1 << 20))
                    .policyAllocation(AllocationPolicy.STRICT)
                    .policyLearning(LearningPolicy.NONE)
                    .policySpill(SpillPolicy.FAIL)
                    .build();
        }
    }

    /** {@code softmax} or {@code sigmoid}, and the largest power of two. */
    public static void main(String[] arguments) {
        boolean softmax = arguments[0].equals("softmax");
        int largest = Integer.parseInt(arguments[1]);
        LossSpec spec = softmax ? new SoftmaxCrossEntropy() : new SigmoidCrossEntropy();
        LossFunction loss = LossFunction.of(spec).withReduction(Reduction.SUM);
        int columns = softmax ? 1024 : 1;
        INDArray tile = Nd4j.createFromArray(numbers(columns)).reshape(TILE, columns);
        INDArray labels = Nd4j.createFromArray(labels(columns)).reshape(TILE, 1);
        List<Size> sizes = new ArrayList<>();
        sizes.add(size(tile, labels, 100_000 / columns));
        for (int power = 18; power <= largest; power += 2) {
            sizes.add(size(tile, labels, (1L << power) / columns));
        }
        long until = System.nanoTime() + WARMUP;
        while (System.nanoTime() < until) {
            call(loss, sizes.get(0));
            call(loss, sizes.get(1));
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < sizes.size(); i++) {
                Size size = sizes.get(round % 2 == 0 ? i : sizes.size() - 1 - i);
                size.times[round] = time(loss, size);
            }
        }
        PrintStream out = System.out;
        for (Size size : sizes) {
            Arrays.sort(size.times);
            out.printf(
                    Locale.ROOT,
                    "%s%d\t%.4f\t%.4f\t%.4f%n",
                    MARK,
                    size.elements,
                    size.times[ROUNDS / 2],
                    size.times[1],
                    size.times[ROUNDS - 2]);
        }
        out.flush();
        System.exit(0);
    }

    private static Size size(INDArray tile, INDArray labels, long rows) {
        return new Size(rows, Tiles.repeat(tile, DataType.FLOAT, rows), Tiles.repeat(labels, labels.dataType(), rows));
    }

    private static float[] numbers(int columns) {
        SplittableRandom random = new SplittableRandom(11);
        float[] numbers = new float[TILE * columns];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) (2 * random.nextGaussian());
        }
        return numbers;
    }

    /** Class indices, or zeros and ones. */
    private static float[] labels(int columns) {
        SplittableRandom random = new SplittableRandom(12);
        float[] labels = new float[TILE];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = random.nextInt(Math.max(2, columns));
        }
        return labels;
    }

    /** Nanoseconds per element, from calls for the length of a turn but at least one; the first does not count. */
    private static double time(LossFunction loss, Size size) {
        call(loss, size);
        long start = System.nanoTime();
        long now;
        long calls = 0;
        do {
            call(loss, size);
            calls++;
            now = System.nanoTime();
        } while (now - start < TURN);
        return (now - start) / (double) calls / size.elements;
    }

    @SuppressWarnings("try")
    private static void call(LossFunction loss, Size size) {
        try (MemoryWorkspace scope =
                Nd4j.getWorkspaceManager().getAndActivateWorkspace(size.workspace, "SCALING" + size.elements)) {
            loss.valueAndGradient(size.predictions, size.labels);
        }
    }
}
