package io.loss4j.dl4j.noise;

import io.loss4j.LossFunction;
import io.loss4j.dl4j.sampling.Examples;
import io.loss4j.error.LossInputException;
import io.loss4j.tensor.Rows;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * The rows of a batch that a network finds easiest, which for noisy labels are those most likely to be right: networks
 * learn what is common before they learn by heart what is wrong. The share of kept rows falls to 1 - forgetRate,
 *
 * <pre>{@code kept(epoch) = 1 - forgetRate * min((epoch / gradualEpochs)^exponent, 1)}</pre>
 *
 * <p>Co-teaching trains two networks that differ in their seeds, each on what the other one finds easy:
 *
 * <pre>{@code
 * SmallLossSelection selection = new SmallLossSelection(LossFunction.of(new CrossEntropy()), 0.2);
 * for (int epoch = 0; epoch < 50; epoch++, training.reset()) {
 *     while (training.hasNext()) {
 *         DataSet batch = training.next();
 *         DataSet easyForA = selection.select(batch, a.output(batch.getFeatures()), epoch);
 *         DataSet easyForB = selection.select(batch, b.output(batch.getFeatures()), epoch);
 *         a.fit(easyForB);
 *         b.fit(easyForA);
 *     }
 * }
 * }</pre>
 *
 * <p>The loss must take what the network puts out: {@code CrossEntropy} behind a softmax, {@code BinaryCrossEntropy} behind
 * a sigmoid. An example with several rows (time steps, pixels) has their mean. Masked rows do not count, wholly masked
 * examples are never kept; other weights of the mask do not change the order. Immutable.
 *
 * <p>Source: Han et al., "Co-teaching: robust training of deep neural networks with extremely noisy labels" (2018).
 *
 * @param loss which ranks the rows; its reduction is not used
 * @param forgetRate the share to leave out at last, about the share of wrong labels; in [0, 1)
 * @param gradualEpochs after how many epochs it is reached, from 1
 * @param exponent above 0; 1 is linear, less is faster at the beginning
 */
public record SmallLossSelection(LossFunction loss, double forgetRate, int gradualEpochs, double exponent) {
    private static final String WHO = "small-loss selection";
    /** Of the paper. */
    private static final int GRADUAL_EPOCHS = 10;

    /** Checks the ranges. */
    public SmallLossSelection {
        Objects.requireNonNull(loss);
        if (!(forgetRate >= 0 && forgetRate < 1) || gradualEpochs < 1 || !(exponent > 0 && exponent < 1e6)) {
            throw new LossInputException(
                    "L4J-D48",
                    WHO,
                    "forget rate, gradual epochs and exponent are " + forgetRate + ", " + gradualEpochs + " and "
                            + exponent + ", expected 0 to below 1, from 1, and above 0",
                    "correct them");
        }
    }

    /** As in the paper: linear over ten epochs. */
    public SmallLossSelection(LossFunction loss, double forgetRate) {
        this(loss, forgetRate, GRADUAL_EPOCHS, 1);
    }

    /** The share of rows that an epoch keeps; epochs count from 0, the first keeps all. */
    public double keptShare(int epoch) {
        return 1 - forgetRate * Math.min(1, Math.pow(Math.max(0, epoch) / (double) gradualEpochs, exponent));
    }

    /**
     * The numbers of the examples with the smallest loss, ascending: {@code keptShare(epoch)} of those that are not
     * masked, rounded down, but at least one. Of equal losses the first is kept.
     *
     * @param predictions what the network puts out for the batch
     */
    public int[] rank(DataSet batch, INDArray predictions, int epoch) {
        double[] losses = losses(predictions, batch.getLabels(), batch.getLabelsMaskArray());
        int[] counted = IntStream.range(0, losses.length)
                .filter(i -> losses[i] != Double.NEGATIVE_INFINITY)
                .toArray();
        int kept = Math.min(counted.length, Math.max(1, (int) (keptShare(epoch) * counted.length + 1e-9)));
        return Arrays.stream(counted)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> losses[i])) // stable; NaN comes last
                .limit(kept)
                .mapToInt(i -> i)
                .sorted()
                .toArray();
    }

    /** These examples themselves, with all that belongs to them. */
    public DataSet select(DataSet batch, INDArray predictions, int epoch) {
        return Examples.select(batch, rank(batch, predictions, epoch));
    }

    /** The mean loss of each example over its rows; minus infinity if all of them are masked. */
    private double[] losses(INDArray predictions, INDArray labels, @Nullable INDArray mask) {
        int examples = Math.toIntExact(predictions.size(0));
        if (examples == 0) {
            return new double[0];
        }
        Rows terms = Rows.each(loss.perRow(predictions, labels, mask));
        Rows weights = mask == null ? null : Rows.mask(WHO, mask, predictions.shape());
        int steps = (int) (terms.rows() / examples);
        double[] losses = new double[examples];
        double[] term = new double[1];
        double[] weight = new double[weights == null ? 0 : weights.columns()];
        for (int i = 0; i < examples; i++) {
            double sum = 0;
            double all = 0;
            for (int step = 0; step < steps; step++) {
                long row = (long) i * steps + step;
                double w = 1;
                if (weights != null) {
                    weights.load(row, 1, 0, weight.length, weight, 0);
                    w = Arrays.stream(weight).average().orElse(0);
                }
                if (w > 0) {
                    terms.load(row, 1, 0, 1, term, 0);
                    sum += term[0];
                    all += w;
                }
            }
            losses[i] = all == 0 ? Double.NEGATIVE_INFINITY : sum / all;
        }
        return losses;
    }
}
