package io.loss4j.dl4j.noise;

import io.loss4j.dl4j.sampling.Examples;
import io.loss4j.error.LossInputException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Unlabelled examples of which a network is sure.
 *
 * @param examples with their pseudo-labels
 * @param offered how many there were, sure or not
 */
record PseudoLabelled(DataSet examples, int offered) {
    private static final double SUM_TOLERANCE = 0.02; // HALF

    /**
     * @param output what the network puts out for the examples, [n', K] or [n', 1]
     * @param like labels whose form the pseudo-labels take: [n, K], or [n, 1] for one output or class indices
     */
    static PseudoLabelled of(DataSet unlabelled, INDArray output, INDArray like, double threshold) {
        if (output.rank() != 2 || like.rank() != 2) {
            throw refused(
                    "output and labels have the shapes " + Arrays.toString(output.shape()) + " and "
                            + Arrays.toString(like.shape()) + ", expected [N, K]: one class per example",
                    "sequences and pictures of labels are not supported");
        }
        double[][] p = output.castTo(DataType.DOUBLE).toDoubleMatrix();
        int columns = (int) like.size(1);
        int[] preferred = new int[p.length];
        double[] sureness = new double[p.length];
        for (int i = 0; i < p.length; i++) {
            preferred[i] = preferred(p[i]);
            sureness[i] = p[i].length > 1 ? p[i][preferred[i]] : Math.max(p[i][0], 1 - p[i][0]);
        }
        int[] sure = IntStream.range(0, p.length)
                .filter(i -> sureness[i] >= threshold) // not NaN
                .toArray();
        double[][] labels = new double[sure.length][columns];
        for (int i = 0; i < sure.length; i++) {
            if (columns == 1) {
                labels[i][0] = preferred[sure[i]];
            } else {
                labels[i][preferred[sure[i]]] = 1;
            }
        }
        DataSet examples = new DataSet();
        if (sure.length > 0) {
            DataSet features = new DataSet(unlabelled.getFeatures(), output);
            features.setFeaturesMaskArray(unlabelled.getFeaturesMaskArray());
            examples = Examples.select(features, sure);
            examples.setLabels(Nd4j.createFromArray(labels).castTo(like.dataType()));
        }
        return new PseudoLabelled(examples, p.length);
    }

    private static int preferred(double[] p) {
        if (p.length == 1) {
            return p[0] >= 0.5 ? 1 : 0;
        }
        if (Math.abs(Arrays.stream(p).sum() - 1) > SUM_TOLERANCE) {
            throw refused(
                    "the network puts out " + Arrays.toString(p) + ", expected probabilities that sum to 1",
                    "use a softmax; several labels at once are not supported");
        }
        int best = 0;
        for (int k = 1; k < p.length; k++) {
            best = p[k] > p[best] ? k : best;
        }
        return best;
    }

    boolean isEmpty() {
        return examples.getFeatures() == null;
    }

    /**
     * Both in one batch, with masks so that Deeplearning4j's division by all of them gives 1/n sum + weight / n' sum'.
     */
    DataSet mixedInto(DataSet labelled, double weight) {
        int n = labelled.numExamples();
        int sure = examples.numExamples();
        double all = n + sure;
        INDArray given = labelled.getLabelsMaskArray();
        long columns = given == null || given.rank() < 2 ? 1 : given.size(1);
        INDArray mask = given == null
                ? Nd4j.ones(DataType.FLOAT, n, 1)
                : given.castTo(DataType.FLOAT).reshape(n, columns);
        INDArray weights = Nd4j.concat(
                0,
                mask.mul(all / n),
                Nd4j.valueArrayOf(new long[] {sure, columns}, weight * all / offered, DataType.FLOAT));
        DataSet mixed = new DataSet(
                concat("features", labelled.getFeatures(), examples.getFeatures()),
                concat("labels", labelled.getLabels(), examples.getLabels()),
                featureMasks(labelled.getFeaturesMaskArray(), examples.getFeaturesMaskArray()),
                weights);
        mixed.setLabelNames(labelled.getLabelNamesList());
        return mixed;
    }

    private static @Nullable INDArray featureMasks(@Nullable INDArray labelled, @Nullable INDArray unlabelled) {
        if (labelled == null && unlabelled == null) {
            return null;
        }
        if (labelled == null || unlabelled == null) {
            throw refused("only one of labelled and unlabelled features has a mask", "give both one, or none");
        }
        return concat("feature masks", labelled, unlabelled);
    }

    private static INDArray concat(String what, INDArray labelled, INDArray unlabelled) {
        long[] a = Arrays.copyOfRange(labelled.shape(), 1, labelled.rank());
        long[] b = Arrays.copyOfRange(unlabelled.shape(), 1, unlabelled.rank());
        if (!Arrays.equals(a, b)) {
            throw refused(
                    "labelled and unlabelled " + what + " have the shapes " + Arrays.toString(labelled.shape())
                            + " and " + Arrays.toString(unlabelled.shape()),
                    "give both the same columns; pad sequences to one length");
        }
        return Nd4j.concat(0, labelled, unlabelled.castTo(labelled.dataType()));
    }

    private static LossInputException refused(String problem, String remedy) {
        return new LossInputException("L4J-D49", "pseudo-labels", problem, remedy);
    }
}
