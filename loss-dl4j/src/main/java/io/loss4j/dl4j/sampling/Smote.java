package io.loss4j.dl4j.sampling;

import io.loss4j.error.LossInputException;
import java.util.Objects;
import java.util.SplittableRandom;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Synthetic minority over-sampling: a new row lies at a random place on the way from a row of the class to one of its k
 * nearest neighbours of the same class,
 *
 * <pre>{@code x + u (x_neighbour - x),   u uniform in [0, 1)}</pre>
 *
 * <p>Row and neighbour are drawn at random with replacement. Distances are Euclidean, so standardise the features first;
 * columns of categories need {@link SmoteNc}. Features are [N, F] of a floating type, without masks; sequences and images
 * have no mean and are refused. The given examples come first, then the synthetic ones by class; meta data is dropped.
 *
 * <p>Time grows with the square of the rows of the classes to be raised; memory does not.
 *
 * <p>Source: Chawla et al., "SMOTE: synthetic minority over-sampling technique" (2002), as defined by imbalanced-learn's
 * SMOTE, whose random numbers are others.
 *
 * @param neighbours k, from 1; a class to be raised needs more rows than that
 * @param strategy how many of each class there shall be
 * @param seed of the choice
 */
public record Smote(int neighbours, SamplingStrategy strategy, long seed) implements Resampler {
    private static final long serialVersionUID = 1L;
    private static final String WHO = "smote";

    /** The usual k. */
    static final int NEIGHBOURS = 5;

    /** Checks k. */
    public Smote {
        Objects.requireNonNull(strategy);
        checkNeighbours(WHO, neighbours);
    }

    /** Five neighbours, all classes to the largest. */
    public Smote(long seed) {
        this(NEIGHBOURS, SamplingStrategy.balanced(), seed);
    }

    /** The same with another k. */
    public Smote withNeighbours(int k) {
        return new Smote(k, strategy, seed);
    }

    /** The same with another strategy. */
    public Smote withStrategy(SamplingStrategy other) {
        return new Smote(neighbours, other, seed);
    }

    @Override
    public Smote withSeed(long other) {
        return new Smote(neighbours, strategy, other);
    }

    /**
     * {@inheritDoc}
     *
     * @throws LossInputException also L4J-D42 for features that have no distances, L4J-D43 for a class with too few rows
     */
    @Override
    public DataSet resample(DataSet training) {
        ExampleClasses classes = ExampleClasses.of(WHO, training);
        int[] add = strategy.toAdd(WHO, classes);
        SyntheticExamples synthetic = new SyntheticExamples(WHO, training, add);
        SplittableRandom random = new SplittableRandom(seed);
        for (int k = 0; k < add.length; k++) {
            if (add[k] > 0) {
                checkRows(WHO, k, classes.counts()[k], neighbours);
                Points points = Points.of(WHO, training.getFeatures(), classes.examples(k));
                int[] all = points.all();
                int[][] nearest = new NearestNeighbours(points).of(all, all, neighbours);
                mix(points, all, nearest, add[k], 1, random, synthetic);
            }
        }
        return synthetic.afterGiven();
    }

    /** So many rows between points, drawn at random, and their neighbours, at most so far towards them. */
    static void mix(
            Points points,
            int[] from,
            int[][] nearest,
            int rows,
            double farthest,
            SplittableRandom random,
            SyntheticExamples to) {
        for (int i = 0; i < rows; i++) {
            int row = random.nextInt(from.length);
            int neighbour = nearest[row][random.nextInt(nearest[row].length)];
            to.between(points, from[row], neighbour, farthest * random.nextDouble());
        }
    }

    static void checkNeighbours(String who, int k) {
        if (k < 1) {
            throw new LossInputException(
                    "L4J-D43", who, "the number of neighbours is " + k + ", expected a number from 1", "correct it");
        }
    }

    static void checkRows(String who, int k, int rows, int neighbours) {
        if (rows <= neighbours) {
            throw new LossInputException(
                    "L4J-D43",
                    who,
                    "class " + k + " has " + rows + " rows, expected more than its " + neighbours + " neighbours",
                    rows > 1 ? "use withNeighbours(" + (rows - 1) + ") or RandomOverSampler" : "use RandomOverSampler");
        }
    }

    static void checkAllRows(String who, int rows, int neighbours) {
        if (rows <= neighbours) {
            throw new LossInputException(
                    "L4J-D43",
                    who,
                    "there are " + rows + " rows, expected more than the " + neighbours + " neighbours for the danger",
                    "use withDangerNeighbours(" + Math.max(1, rows - 1) + ")");
        }
    }
}
