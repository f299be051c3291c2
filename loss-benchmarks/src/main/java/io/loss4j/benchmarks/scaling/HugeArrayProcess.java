package io.loss4j.benchmarks.scaling;

import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import io.loss4j.Reduction;
import io.loss4j.loss.SigmoidCrossEntropy;
import java.io.PrintStream;
import java.util.Locale;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Holds a loss over more elements than an int can count against the formula: [2^31 + 64, 1] in HALF. The rows repeat 65536
 * different ones, so the value is known and every part of the gradient must equal the first.
 */
public final class HugeArrayProcess {
    /** Begins the line of the result. */
    public static final String MARK = "@huge\t";

    private static final int TILE = 1 << 16;
    private static final int MORE = 64;

    private HugeArrayProcess() {}

    /** The power of two of the rows, 31 if it is meant. */
    public static void main(String[] arguments) {
        long rows = (1L << Integer.parseInt(arguments[0])) + MORE;
        PrintStream out = System.out;
        INDArray tile = tile(1);
        INDArray labelTile = tile(2).gt(0).castTo(DataType.FLOAT16);
        INDArray predictions = Tiles.repeat(tile, DataType.FLOAT16, rows);
        INDArray labels = Tiles.repeat(labelTile, DataType.FLOAT16, rows);
        LossFunction loss = LossFunction.of(new SigmoidCrossEntropy()).withReduction(Reduction.SUM);
        long start = System.nanoTime();
        LossResult result = loss.valueAndGradient(predictions, labels);
        double seconds = (System.nanoTime() - start) / 1e9;
        String wrong = difference(result, tile.castTo(DataType.DOUBLE), labelTile.castTo(DataType.DOUBLE), rows);
        out.printf(
                Locale.ROOT,
                "%s[%d, 1] HALF: %s; %.2f s, %.3f ns per element%n",
                MARK,
                rows,
                wrong.isEmpty() ? "value and gradient right" : "WRONG, " + wrong,
                seconds,
                seconds * 1e9 / rows);
        out.flush();
        System.exit(wrong.isEmpty() ? 0 : 1);
    }

    private static INDArray tile(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] numbers = new float[TILE];
        for (int i = 0; i < TILE; i++) {
            numbers[i] = (float) (3 * random.nextGaussian());
        }
        return Nd4j.createFromArray(numbers).reshape(TILE, 1).castTo(DataType.FLOAT16);
    }

    /** What is wrong, or an empty text. */
    private static String difference(LossResult result, INDArray x, INDArray y, long rows) {
        SigmoidCrossEntropy formula = new SigmoidCrossEntropy();
        double[] logits = x.data().asDouble();
        double[] labels = y.data().asDouble();
        double tile = 0;
        double tail = 0;
        float[] gradient = new float[TILE];
        for (int i = 0; i < TILE; i++) {
            double value = formula.value(logits[i], labels[i]);
            tile += value;
            tail += i < MORE ? value : 0;
            gradient[i] = (float) formula.derivative(logits[i], labels[i]);
        }
        double value = tile * (rows / TILE) + tail;
        if (!(Math.abs(result.value() - value) <= 1e-5 * value)) {
            return "value " + result.value() + ", expected " + value;
        }
        for (long from = 0; from < rows; from += TILE) {
            long to = Math.min(rows, from + TILE);
            float[] part = Tiles.rows(result.gradient(), from, to)
                    .castTo(DataType.FLOAT)
                    .dup('c')
                    .data()
                    .asFloat();
            for (int i = 0; i < to - from; i++) {
                if (!(Math.abs(part[i] - gradient[i]) <= 6e-4 * Math.abs(gradient[i]) + 1e-7)) {
                    return String.format(
                            Locale.ROOT, "gradient %s at row %d, expected %s", part[i], from + i, gradient[i]);
                }
            }
        }
        return "";
    }
}
