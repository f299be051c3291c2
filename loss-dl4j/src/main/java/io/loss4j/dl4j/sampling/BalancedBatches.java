package io.loss4j.dl4j.sampling;

import io.loss4j.error.LossInputException;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Batches in which all classes are as frequent, without a copy of the data: exactly ({@link #exactly}: counts of a batch
 * differ by one at most, and who has one more changes at random), or in expectation ({@link #inExpectation}: every row is
 * of a class drawn at random). Within a class each example comes once before any comes again.
 *
 * <pre>{@code
 * network.fit(BalancedBatches.exactly(training, 64, 7), 30);
 * }</pre>
 *
 * <p>An epoch has as many full batches as the data fills, so rare examples come several times in it and not all frequent ones
 * come; {@link #withBatches} changes that. Features may have any shape, masks and sequences go with their examples.
 * Classes that never occur are left out. One iterator belongs to one training. Networks refuse to be evaluated on it
 * (L4J-D46).
 */
public final class BalancedBatches extends TrainingBatches {
    private static final long serialVersionUID = 1L;
    private static final String WHO = "balanced batches";

    private final boolean exact;
    private final long seed;
    private final int batches;
    private final int[][] examples;
    /** Null before the first epoch, and again once loaded. */
    private transient Deck @Nullable [] decks;

    private transient @Nullable SplittableRandom random;
    private int left;

    private BalancedBatches(DataSet training, int batchSize, long seed, boolean exact, int[][] examples, int batches) {
        super(WHO, training, batchSize);
        this.exact = exact;
        this.seed = seed;
        this.batches = batches;
        this.examples = examples;
    }

    private static BalancedBatches of(DataSet training, int batchSize, long seed, boolean exact) {
        ExampleClasses classes = ExampleClasses.of(WHO, training);
        int[][] examples = new int[classes.count()][];
        for (int k = 0; k < examples.length; k++) {
            examples[k] = classes.examples(k);
        }
        int[][] found = Arrays.stream(examples).filter(e -> e.length > 0).toArray(int[][]::new);
        int batches = Math.max(1, classes.examples() / Math.max(1, batchSize));
        return new BalancedBatches(training, batchSize, seed, exact, found, batches);
    }

    /**
     * Every batch has equally many of each class, give or take one where the classes do not divide the batch size.
     *
     * @param training examples of one class each
     * @param batchSize examples per batch, from 1
     * @param seed of the choice
     */
    public static BalancedBatches exactly(DataSet training, int batchSize, long seed) {
        return of(training, batchSize, seed, true);
    }

    /** The same from an iterator over training data, which is read into memory once. */
    public static BalancedBatches exactly(DataSetIterator training, int batchSize, long seed) {
        return exactly(Examples.collect(WHO, training), batchSize, seed);
    }

    /**
     * The class of every row is drawn at random, all with the same probability.
     *
     * @param training examples of one class each
     * @param batchSize examples per batch, from 1
     * @param seed of the choice
     */
    public static BalancedBatches inExpectation(DataSet training, int batchSize, long seed) {
        return of(training, batchSize, seed, false);
    }

    /** The same from an iterator over training data, which is read into memory once. */
    public static BalancedBatches inExpectation(DataSetIterator training, int batchSize, long seed) {
        return inExpectation(Examples.collect(WHO, training), batchSize, seed);
    }

    /** The same from its start, with another number of batches per epoch. */
    public BalancedBatches withBatches(int perEpoch) {
        if (perEpoch < 1) {
            throw new LossInputException(
                    "L4J-D45", WHO, perEpoch + " batches per epoch, expected a number from 1", "correct it");
        }
        return new BalancedBatches(training(), batch(), seed, exact, examples, perEpoch);
    }

    /** Decks are shuffled anew only when they are used up, over the epochs, so that every example gets its turn. */
    @Override
    void start(int epoch) {
        if (decks == null) {
            SplittableRandom all = new SplittableRandom(seed);
            random = all;
            decks = Arrays.stream(examples).map(e -> new Deck(e, all)).toArray(Deck[]::new);
        }
        left = batches;
    }

    @Override
    boolean hasMore() {
        return left > 0;
    }

    @Override
    DataSet take(int wanted) {
        left--;
        Deck[] classes = Objects.requireNonNull(decks);
        SplittableRandom draw = Objects.requireNonNull(random);
        int[] order = new int[classes.length];
        for (int k = 0; k < order.length; k++) {
            order[k] = k;
        }
        // whoever comes first gets one more where the classes do not divide the batch
        Deck.shuffle(order, order.length, draw);
        int[] chosen = new int[wanted];
        for (int i = 0; i < wanted; i++) {
            int k = exact ? order[i % order.length] : draw.nextInt(order.length);
            chosen[i] = classes[k].next();
        }
        return Examples.copy(training(), chosen, new ResampledDataSet());
    }
}
