package io.loss4j.benchmarks.gpu;

import io.loss4j.benchmarks.timing.LabelForm;
import io.loss4j.benchmarks.timing.Precision;
import io.loss4j.tensor.Half;
import java.nio.ByteBuffer;
import java.util.stream.IntStream;

/**
 * The numbers of a case: each is a function of seed and place, in whole numbers, so that {@code peers.py} draws the same
 * bits on the GPU and nobody has to keep or carry them. Predictions are sums of four uniform numbers, nearly normal with a
 * deviation of 2.3, within -8 and 8, exact in FLOAT.
 */
final class Draw {
    private static final long PREDICTIONS = 0;
    private static final long LABELS = 1;
    private static final long IGNORED = 2;
    private static final long STREAMS = 4;
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;
    private static final int CENTRE = 131_070;
    private static final float UNIT = 0x1p-14f;
    private static final int BLOCK = 1 << 16;

    private final GpuCase of;
    private final long predictionsKey;
    private final long labelsKey;
    private final long ignoredKey;

    Draw(GpuCase of, long seed) {
        this.of = of;
        predictionsKey = mix(seed * STREAMS + PREDICTIONS);
        labelsKey = mix(seed * STREAMS + LABELS);
        ignoredKey = mix(seed * STREAMS + IGNORED);
    }

    /** SplitMix64's. */
    private static long mix(long x) {
        long z = (x ^ x >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    private static long bits(long key, long place) {
        return mix((place + 1) * GOLDEN + key);
    }

    private static int steps(long bits) {
        return (int) ((bits & 0xffff) + (bits >>> 16 & 0xffff) + (bits >>> 32 & 0xffff) + (bits >>> 48)) - CENTRE;
    }

    /** A prediction in units of 2^-14, before it is rounded to its type. */
    int predictionSteps(long place) {
        return steps(bits(predictionsKey, place));
    }

    /** The class index of a row, or the one that is ignored. */
    int classOf(long row) {
        if (of.extras().isPresent()
                && (bits(ignoredKey, row) & 1023) < of.extras().get().ignoredOf1024()) {
            return (int) of.extras().get().ignored();
        }
        return (int) ((bits(labelsKey, row) >>> 33) % of.workload().columns());
    }

    private float label(long place) {
        int columns = of.workload().columns();
        return switch (of.workload().labels()) {
            case INDEX -> classOf(place);
            case ONE_HOT -> classOf(place / columns) == place % columns ? 1 : 0;
            case YES_NO -> bits(labelsKey, place) & 1;
            case REAL -> steps(bits(labelsKey, place)) * UNIT;
            case SOFT -> throw new IllegalArgumentException("nobody draws " + LabelForm.SOFT);
        };
    }

    /** A prediction as its type holds it. */
    double prediction(long place) {
        return rounded(predictionSteps(place) * UNIT);
    }

    /** A label that is no index, as its type holds it. */
    double labelAt(long place) {
        return rounded(label(place));
    }

    private double rounded(float number) {
        return switch (of.workload().precision()) {
            case FLOAT, DOUBLE -> number;
            case HALF -> Half.halfToFloat(Half.floatToHalf(number));
            case BFLOAT16 -> Half.bfloatToFloat(Half.floatToBfloat(number));
        };
    }

    /** Writes predictions from a place on; the sum of their steps. */
    long writePredictions(long from, int count, ByteBuffer to) {
        return inBlocks(count, (begin, end) -> {
            long sum = 0;
            for (int i = begin; i < end; i++) {
                int steps = predictionSteps(from + i);
                sum += steps;
                put(to, i, steps * UNIT);
            }
            return sum;
        });
    }

    /** Writes labels from a place on: INT for class indices, else of the predictions' type. */
    void writeLabels(long from, int count, ByteBuffer to) {
        inBlocks(count, (begin, end) -> {
            for (int i = begin; i < end; i++) {
                if (of.hasIndices()) {
                    to.putInt(i * Integer.BYTES, classOf(from + i));
                } else {
                    put(to, i, label(from + i));
                }
            }
            return 0;
        });
    }

    private void put(ByteBuffer to, int place, float number) {
        Precision precision = of.workload().precision();
        int at = place * precision.bytes;
        switch (precision) {
            case FLOAT -> to.putFloat(at, number);
            case DOUBLE -> to.putDouble(at, number);
            case HALF -> to.putShort(at, Half.floatToHalf(number));
            case BFLOAT16 -> to.putShort(at, Half.floatToBfloat(number));
        }
    }

    private interface Block {
        long write(int begin, int end);
    }

    /** On all cores; the order in which integers are added does not matter. */
    private static long inBlocks(int count, Block block) {
        return IntStream.range(0, (count + BLOCK - 1) / BLOCK)
                .parallel()
                .mapToLong(b -> block.write(b * BLOCK, Math.min(count, (b + 1) * BLOCK)))
                .sum();
    }
}
