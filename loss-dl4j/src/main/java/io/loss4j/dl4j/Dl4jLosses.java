package io.loss4j.dl4j;

import io.loss4j.ClassCounts;
import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.Reduction;
import io.loss4j.loss.AsymmetricLoss;
import io.loss4j.loss.BinaryCrossEntropy;
import io.loss4j.loss.CrossEntropy;
import io.loss4j.loss.FMeasure;
import io.loss4j.loss.Huber;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.KlDivergence;
import io.loss4j.loss.Ldam;
import io.loss4j.loss.LogitAdjustedCrossEntropy;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.MeanAbsoluteError;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.MultiMargin;
import io.loss4j.loss.NegativeLogLikelihood;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Losses for the builders of Deeplearning4j.
 *
 * <pre>{@code
 * new OutputLayer.Builder(Dl4jLosses.softmaxCrossEntropy(ClassWeights.balanced(counts)))
 *         .activation(Activation.SOFTMAX).nIn(64).nOut(10).build()
 * }</pre>
 *
 * <p>All of them sum over rows, and Deeplearning4j divides by the number of examples. Label smoothing, ignored labels and
 * other options: {@link Loss4jLoss#with}. Losses that are not named here: {@link #of(LossSpec)}.
 */
public final class Dl4jLosses {
    private Dl4jLosses() {}

    // Classes that exclude each other: SOFTMAX, at least two outputs, one-hot or soft labels or class indices

    /** Cross-entropy of a softmax. Replaces MCXENT, NEGATIVELOGLIKELIHOOD and SPARSE_MCXENT. */
    public static Loss4jLoss softmaxCrossEntropy() {
        return of(new SoftmaxCrossEntropy());
    }

    /** The same with class weights. */
    public static Loss4jLoss softmaxCrossEntropy(ClassWeights weights) {
        return softmaxCrossEntropy().with(loss -> loss.withClassWeights(weights));
    }

    /** Focal loss of a softmax: less weight on rows that are right already. */
    public static Loss4jLoss softmaxFocal(double gamma) {
        return of(new SoftmaxFocal(gamma));
    }

    /** The same with class weights. */
    public static Loss4jLoss softmaxFocal(double gamma, ClassWeights weights) {
        return softmaxFocal(gamma).with(loss -> loss.withClassWeights(weights));
    }

    /** Cross-entropy with logits shifted by the class frequencies; tau = 1 is the balanced softmax. */
    public static Loss4jLoss logitAdjusted(ClassCounts counts, double tau) {
        return of(new LogitAdjustedCrossEntropy(perColumn(counts), tau));
    }

    /** Cross-entropy with larger margins for rarer classes, with the authors' margin 0.5 and scale 30. */
    public static Loss4jLoss ldam(ClassCounts counts) {
        return of(new Ldam(perColumn(counts)));
    }

    /** The same with a margin of the rarest class and a scale of the logits. */
    public static Loss4jLoss ldam(ClassCounts counts, double maxMargin, double scale) {
        return of(new Ldam(perColumn(counts), maxMargin, scale));
    }

    /** Multi-class hinge loss of Weston and Watkins; any activation, usually IDENTITY. */
    public static Loss4jLoss multiMargin() {
        return of(new MultiMargin());
    }

    // Yes or no, of each output: SIGMOID

    /** Cross-entropy of a sigmoid, exact at any distance. Replaces XENT. */
    public static Loss4jLoss sigmoidCrossEntropy() {
        return of(new SigmoidCrossEntropy());
    }

    /** The same with a weight per output. */
    public static Loss4jLoss sigmoidCrossEntropy(ClassWeights weights) {
        return sigmoidCrossEntropy().with(loss -> loss.withClassWeights(weights));
    }

    /** Focal loss of a sigmoid; alpha in [0, 1] is the weight of "yes" against "no". */
    public static Loss4jLoss sigmoidFocal(double alpha, double gamma) {
        return of(new SigmoidFocal(alpha, gamma));
    }

    /** Focal loss of a sigmoid without alpha. */
    public static Loss4jLoss sigmoidFocal(double gamma) {
        return of(new SigmoidFocal(gamma));
    }

    /** Asymmetric loss for many labels of which few are "yes". */
    public static Loss4jLoss asymmetric(double gammaPositive, double gammaNegative, double clip) {
        return of(new AsymmetricLoss(gammaPositive, gammaNegative, clip));
    }

    /** One minus the soft F-measure of the batch; one SIGMOID output or two SOFTMAX outputs. Replaces LossFMeasure. */
    public static Loss4jLoss fMeasure(double beta) {
        return of(new FMeasure(beta));
    }

    // Networks that end in probabilities, such as imported ones: IDENTITY

    /** Cross-entropy of given probabilities; behind SOFTMAX the same as {@link #softmaxCrossEntropy()}. */
    public static Loss4jLoss crossEntropy() {
        return of(new CrossEntropy());
    }

    /** Binary cross-entropy of given probabilities; behind SIGMOID the same as {@link #sigmoidCrossEntropy()}. */
    public static Loss4jLoss binaryCrossEntropy() {
        return of(new BinaryCrossEntropy());
    }

    /** Negative log-likelihood of given log-probabilities; behind SOFTMAX that of {@link #softmaxCrossEntropy()}. */
    public static Loss4jLoss negativeLogLikelihood() {
        return of(new NegativeLogLikelihood());
    }

    /** Kullback-Leibler divergence of probabilities, behind SOFTMAX, SIGMOID or IDENTITY. Replaces KL_DIVERGENCE. */
    public static Loss4jLoss klDivergence() {
        return of(new KlDivergence(InputForm.PROBABILITIES));
    }

    // Regression: any activation

    /** Squared error, summed over the outputs. Replaces L2; MSE is this divided by the number of outputs. */
    public static Loss4jLoss meanSquaredError() {
        return of(new MeanSquaredError());
    }

    /** Absolute error, summed over the outputs. Replaces L1; MAE is this divided by the number of outputs. */
    public static Loss4jLoss meanAbsoluteError() {
        return of(new MeanAbsoluteError());
    }

    /** Squared error up to delta, absolute error beyond. */
    public static Loss4jLoss huber(double delta) {
        return of(new Huber(delta));
    }

    // Everything else

    /**
     * The exact loss in place of one of Deeplearning4j's own, with its weights: the same sum over rows, without clipping.
     * {@link Migration} does this for whole networks; docs/migration.md tells where values differ, and why.
     *
     * @throws io.loss4j.error.LossInputException for losses of others, and weights below 0
     */
    public static Loss4jLoss replacementFor(ILossFunction loss) {
        return Replacements.of(loss);
    }

    /** Any loss, summed over the rows. */
    public static Loss4jLoss of(LossSpec spec) {
        return of(LossFunction.of(spec).withReduction(Reduction.SUM));
    }

    /**
     * Any loss with options, whose reduction must be {@link Reduction#SUM}.
     *
     * @throws io.loss4j.error.LossInputException for means, which need one of the following methods
     */
    public static Loss4jLoss of(LossFunction function) {
        return new Loss4jLoss(function, Minibatch.OF_SUMS);
    }

    /**
     * Any loss with any reduction, for layers in which every row is an example: OutputLayer, LossLayer,
     * CenterLossOutputLayer. The score is the reduced loss, and Deeplearning4j's division is made up for.
     */
    public static Loss4jLoss feedForward(LossFunction function) {
        return rowsPerExample(1, function);
    }

    /**
     * The same for layers in which every example has as many rows: time steps of sequences of one length, pixels.
     *
     * @param rows of one example, from 1
     */
    public static Loss4jLoss rowsPerExample(int rows, LossFunction function) {
        return new Loss4jLoss(function, Minibatch.ofRowsPerExample(rows));
    }

    /**
     * Any loss with any reduction, in any layer of a network configured with {@code miniBatch(false)}, where
     * Deeplearning4j does not divide: the way to a mean over the unmasked steps of sequences. (The score that the loss
     * layers without parameters report is divided even then.)
     */
    public static Loss4jLoss undivided(LossFunction function) {
        return new Loss4jLoss(function, Minibatch.UNDIVIDED);
    }

    private static PerColumn perColumn(ClassCounts counts) {
        return PerColumn.of(counts.toArray());
    }
}
