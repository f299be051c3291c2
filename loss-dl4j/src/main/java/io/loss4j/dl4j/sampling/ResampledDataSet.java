package io.loss4j.dl4j.sampling;

import io.loss4j.error.LossInputException;
import java.util.Random;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.SplitTestAndTrain;

/** Training data with copied or synthetic rows. A test set cut from it would hold what the network has trained on. */
final class ResampledDataSet extends DataSet {
    private static final long serialVersionUID = 1L;

    @Override
    public SplitTestAndTrain splitTestAndTrain(int trainingExamples, Random random) {
        throw refused();
    }

    @Override
    public SplitTestAndTrain splitTestAndTrain(int trainingExamples) {
        throw refused();
    }

    @Override
    public SplitTestAndTrain splitTestAndTrain(double trainingShare) {
        throw refused();
    }

    static LossInputException refused() {
        return new LossInputException(
                "L4J-D46",
                "resampled data",
                "it cannot be split: the test set would contain copies and mixtures of training rows",
                "split first, then resample the training part");
    }
}
