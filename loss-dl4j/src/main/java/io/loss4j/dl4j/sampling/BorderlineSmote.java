package io.loss4j.dl4j.sampling;

import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.nd4j.linalg.dataset.DataSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Smote} from endangered rows only. A row of the class is in danger if at least half of its m nearest neighbours
 * among all rows, but not all of them, are of other classes:
 *
 * <pre>{@code m / 2 <= others < m}</pre>
 *
 * <p>{@link Kind#BORDERLINE_1} goes from a row in danger to one of its k nearest neighbours of the class, at most all the
 * way. {@link Kind#BORDERLINE_2} does the same for a random share of the rows (beta(10, 10) distributed, so about half),
 * and otherwise goes towards one of its k nearest neighbours of other classes, less than half of the way.
 *
 * <p>A class without a row in danger stays as it is, which is logged. Features, masks, order and memory as for
 * {@link Smote}; time grows with the rows of the classes to be raised times all rows.
 *
 * <p>Source: Han et al., "Borderline-SMOTE: a new over-sampling method in imbalanced data sets learning" (2005), as
 * defined by imbalanced-learn's BorderlineSMOTE, except that it takes the rows of other classes in borderline-2 by numbers
 * of neighbours of the class, while these are the nearest ones, as in the paper.
 *
 * @param kind which of the two
 * @param neighbours k, from 1; a class to be raised needs more rows than that
 * @param dangerNeighbours m, from 1; there must be more rows than that
 * @param strategy how many of each class there shall be
 * @param seed of the choice
 */
public record BorderlineSmote(Kind kind, int neighbours, int dangerNeighbours, SamplingStrategy strategy, long seed)
        implements Resampler {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(BorderlineSmote.class);
    private static final String WHO = "borderline-smote";
    /** The usual m. */
    private static final int DANGER = 10;
    /** The tenth of nineteen uniform numbers is beta(10, 10) distributed. */
    private static final int UNIFORMS = 19;

    /** Towards whom synthetic rows go. */
    public enum Kind {
        /** Towards rows of the class. */
        BORDERLINE_1,
        /** Towards rows of the class and, less far, of others. */
        BORDERLINE_2
    }

    /** Checks k and m. */
    public BorderlineSmote {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(strategy);
        Smote.checkNeighbours(WHO, neighbours);
        Smote.checkNeighbours(WHO, dangerNeighbours);
    }

    /** Five neighbours, ten for the danger, all classes to the largest. */
    public BorderlineSmote(Kind kind, long seed) {
        this(kind, Smote.NEIGHBOURS, DANGER, SamplingStrategy.balanced(), seed);
    }

    /** The same with another k. */
    public BorderlineSmote withNeighbours(int k) {
        return new BorderlineSmote(kind, k, dangerNeighbours, strategy, seed);
    }

    /** The same with another m. */
    public BorderlineSmote withDangerNeighbours(int m) {
        return new BorderlineSmote(kind, neighbours, m, strategy, seed);
    }

    /** The same with another strategy. */
    public BorderlineSmote withStrategy(SamplingStrategy other) {
        return new BorderlineSmote(kind, neighbours, dangerNeighbours, other, seed);
    }

    @Override
    public BorderlineSmote withSeed(long other) {
        return new BorderlineSmote(kind, neighbours, dangerNeighbours, strategy, other);
    }

    /**
     * {@inheritDoc}
     *
     * @throws io.loss4j.error.LossInputException also L4J-D42 for features that have no distances, L4J-D43 for too few
     *     rows
     */
    @Override
    public DataSet resample(DataSet training) {
        ExampleClasses classes = ExampleClasses.of(WHO, training);
        int[] add = strategy.toAdd(WHO, classes);
        SyntheticExamples synthetic = new SyntheticExamples(WHO, training, add);
        if (Arrays.stream(add).sum() > 0) {
            int[] all = IntStream.range(0, classes.examples()).toArray();
            Points points = Points.of(WHO, training.getFeatures(), all);
            SplittableRandom random = new SplittableRandom(seed);
            for (int k = 0; k < add.length; k++) {
                if (add[k] > 0) {
                    Smote.checkRows(WHO, k, classes.counts()[k], neighbours);
                    raise(k, add[k], classes, points, random, synthetic);
                }
            }
        }
        return synthetic.afterGiven();
    }

    private void raise(
            int k, int add, ExampleClasses classes, Points points, SplittableRandom random, SyntheticExamples to) {
        int[] danger = danger(k, classes, points);
        if (danger.length == 0) {
            LOG.info("{}: no example of class {} is in danger, so none is added", WHO, k);
            return;
        }
        NearestNeighbours search = new NearestNeighbours(points);
        int[][] own = search.of(danger, classes.examples(k), neighbours);
        int towardsOwn = kind == Kind.BORDERLINE_1 ? add : (int) (share(random) * (add + 1));
        Smote.mix(points, danger, own, towardsOwn, 1, random, to);
        if (towardsOwn < add) {
            int[] rest = IntStream.range(0, points.size())
                    .filter(i -> classes.of(i) != k)
                    .toArray();
            int[][] others = search.of(danger, rest, Math.min(neighbours, rest.length));
            Smote.mix(points, danger, others, add - towardsOwn, 0.5, random, to);
        }
    }

    /** The rows of a class that are in danger. */
    int[] danger(int k, ExampleClasses classes, Points points) {
        Smote.checkAllRows(WHO, points.size(), dangerNeighbours);
        int[] rows = classes.examples(k);
        int[][] nearest = new NearestNeighbours(points).of(rows, points.all(), dangerNeighbours);
        return IntStream.range(0, rows.length)
                .filter(i -> {
                    long others = Arrays.stream(nearest[i])
                            .filter(j -> classes.of(j) != k)
                            .count();
                    return 2 * others >= dangerNeighbours && others < dangerNeighbours;
                })
                .map(i -> rows[i])
                .toArray();
    }

    private static double share(SplittableRandom random) {
        double[] uniforms = random.doubles(UNIFORMS).sorted().toArray();
        return uniforms[UNIFORMS / 2];
    }
}
