package io.loss4j.dl4j.sampling;

import io.loss4j.error.LossInputException;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.nd4j.linalg.dataset.DataSet;

/**
 * {@link Smote} for columns of numbers and of categories. Numbers of a synthetic row lie between those of a row and one of
 * its k nearest neighbours; each category is the most frequent among all k neighbours, a random one of them where several
 * are. For the distance, a category that differs counts as much as a number that differs by s, the median of the standard
 * deviations of the columns of numbers over the class,
 *
 * <pre>{@code distance^2 = sum_numbers (x_f - y_f)^2 + s^2 * (how many categories differ)}</pre>
 *
 * <pre>{@code
 * // columns 0 to 3 are numbers, 4 is a code, 5 to 7 are one-hot
 * new SmoteNc(List.of(CategoricalFeature.code(4), CategoricalFeature.oneHot(5, 3)), 7)
 * }</pre>
 *
 * <p>Networks are given one-hot groups: each is one category, and comes out as one-hot again. Features, masks, order, time
 * and memory as for {@link Smote}.
 *
 * <p>Source: Chawla et al., "SMOTE: synthetic minority over-sampling technique" (2002), section 6.1, as defined by
 * imbalanced-learn's SMOTENC from 0.12 on (before, categories counted half, with the median of the rarest class).
 *
 * @param categorical the columns of categories; the others are numbers, and there is at least one
 * @param neighbours k, from 1; a class to be raised needs more rows than that
 * @param strategy how many of each class there shall be
 * @param seed of the choice
 */
public record SmoteNc(List<CategoricalFeature> categorical, int neighbours, SamplingStrategy strategy, long seed)
        implements Resampler {
    private static final long serialVersionUID = 1L;
    private static final String WHO = "smote-nc";

    /** Checks k. */
    public SmoteNc {
        categorical = List.copyOf(categorical);
        Objects.requireNonNull(strategy);
        Smote.checkNeighbours(WHO, neighbours);
    }

    /** Five neighbours, all classes to the largest. */
    public SmoteNc(List<CategoricalFeature> categorical, long seed) {
        this(categorical, Smote.NEIGHBOURS, SamplingStrategy.balanced(), seed);
    }

    /** The same with another k. */
    public SmoteNc withNeighbours(int k) {
        return new SmoteNc(categorical, k, strategy, seed);
    }

    /** The same with another strategy. */
    public SmoteNc withStrategy(SamplingStrategy other) {
        return new SmoteNc(categorical, neighbours, other, seed);
    }

    @Override
    public SmoteNc withSeed(long other) {
        return new SmoteNc(categorical, neighbours, strategy, other);
    }

    /**
     * {@inheritDoc}
     *
     * @throws LossInputException also L4J-D42 for features that have no distances, L4J-D43 for a class with too few rows,
     *     L4J-D44 for columns that are not there, named twice, or all categorical
     */
    @Override
    public DataSet resample(DataSet training) {
        ExampleClasses classes = ExampleClasses.of(WHO, training);
        int[] add = strategy.toAdd(WHO, classes);
        SyntheticExamples synthetic = new SyntheticExamples(WHO, training, add);
        int[] numbers = numbers(Math.toIntExact(training.getFeatures().size(1)));
        SplittableRandom random = new SplittableRandom(seed);
        for (int k = 0; k < add.length; k++) {
            if (add[k] > 0) {
                Smote.checkRows(WHO, k, classes.counts()[k], neighbours);
                Points points = Points.of(WHO, training.getFeatures(), classes.examples(k));
                mix(MixedPoints.of(points, numbers, categorical), add[k], random, synthetic);
            }
        }
        return synthetic.afterGiven();
    }

    private void mix(MixedPoints mixed, int rows, SplittableRandom random, SyntheticExamples to) {
        int[][] nearest = mixed.nearest(neighbours);
        Points points = mixed.points();
        for (int i = 0; i < rows; i++) {
            int row = random.nextInt(nearest.length);
            int neighbour = nearest[row][random.nextInt(neighbours)];
            to.between(points, row, neighbour, random.nextDouble());
            for (int c = 0; c < categorical.size(); c++) {
                int like = mixed.mostFrequent(c, nearest[row], random);
                CategoricalFeature feature = categorical.get(c);
                for (int f = feature.column(); f < feature.column() + feature.width(); f++) {
                    to.set(f, points.columns()[f][like]);
                }
            }
        }
    }

    private int[] numbers(int width) {
        BitSet taken = new BitSet();
        for (CategoricalFeature feature : categorical) {
            int end = feature.column() + feature.width();
            if (end > width) {
                throw refused(feature + " ends at column " + (end - 1) + ", but there are " + width + " columns");
            }
            int again = taken.nextSetBit(feature.column());
            if (again >= 0 && again < end) {
                throw refused("column " + again + " is named twice");
            }
            taken.set(feature.column(), end);
        }
        int[] numbers = IntStream.range(0, width).filter(f -> !taken.get(f)).toArray();
        if (numbers.length == 0) {
            throw refused("all " + width + " columns are categorical, but distances need at least one of numbers");
        }
        return numbers;
    }

    private static LossInputException refused(String problem) {
        return new LossInputException("L4J-D44", WHO, problem, "correct the categorical features");
    }
}
