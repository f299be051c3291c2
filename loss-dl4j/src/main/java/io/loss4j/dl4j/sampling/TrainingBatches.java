package io.loss4j.dl4j.sampling;

import io.loss4j.error.LossInputException;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Batches of training data that are others in every epoch. What they are follows from the seed and from how many epochs
 * there have been, so Deeplearning4j must not fetch ahead: everything is in memory anyway.
 */
abstract class TrainingBatches implements DataSetIterator {
    private static final long serialVersionUID = 1L;

    private final String who;
    private final DataSet training;
    private final int batchSize;
    private @Nullable DataSetPreProcessor preProcessor;
    private int epoch;
    private boolean started;
    private boolean touched;

    TrainingBatches(String who, DataSet training, int batchSize) {
        if (batchSize < 1) {
            throw new LossInputException(
                    "L4J-D45", who, "the batch size is " + batchSize + ", expected a number from 1", "correct it");
        }
        if (training.getFeatures() == null || training.getLabels() == null || training.numExamples() == 0) {
            throw new LossInputException("L4J-D45", who, "the training data is empty", "give it examples with labels");
        }
        this.who = who;
        this.training = training;
        this.batchSize = batchSize;
    }

    /** Prepares the batches of an epoch, counted from 0. */
    abstract void start(int epoch);

    /** Whether the epoch has more. */
    abstract boolean hasMore();

    /** The next examples, at most so many. */
    abstract DataSet take(int examples);

    DataSet training() {
        return training;
    }

    @Override
    public boolean hasNext() {
        EvaluationGuard.refuse(who);
        startIfNew();
        return hasMore();
    }

    @Override
    public DataSet next() {
        return next(batchSize);
    }

    @Override
    public DataSet next(int examples) {
        EvaluationGuard.refuse(who);
        startIfNew();
        if (!hasMore()) {
            throw new NoSuchElementException(who + ": the epoch is over, reset() starts the next");
        }
        touched = true;
        DataSet batch = take(examples);
        if (preProcessor != null) {
            preProcessor.preProcess(batch);
        }
        return batch;
    }

    /** Starts the next epoch, with other rows. Twice in a row is once. */
    @Override
    public void reset() {
        if (touched) {
            epoch++;
            touched = false;
            started = false;
        }
    }

    private void startIfNew() {
        if (!started) {
            start(epoch);
            started = true;
        }
    }

    /** No: batches depend on when they are asked for. */
    @Override
    public final boolean asyncSupported() {
        return false;
    }

    @Override
    public final boolean resetSupported() {
        return true;
    }

    @Override
    public int batch() {
        return batchSize;
    }

    @Override
    public int inputColumns() {
        return Math.toIntExact(
                training.getFeatures().size(training.getFeatures().rank() > 1 ? 1 : 0));
    }

    @Override
    public int totalOutcomes() {
        return training.getLabels().rank() > 1
                ? Math.toIntExact(training.getLabels().size(1))
                : 1;
    }

    @Override
    public void setPreProcessor(@Nullable DataSetPreProcessor preProcessor) {
        this.preProcessor = preProcessor;
    }

    @Override
    public @Nullable DataSetPreProcessor getPreProcessor() {
        return preProcessor;
    }

    @Override
    public @Nullable List<String> getLabels() {
        return training.getLabelNamesList();
    }
}
