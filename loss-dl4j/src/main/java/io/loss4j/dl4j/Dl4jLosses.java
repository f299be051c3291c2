package io.loss4j.dl4j;

import io.loss4j.ClassCounts;
import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.Reduction;
import io.loss4j.loss.ActivePassive;
import io.loss4j.loss.AsymmetricLoss;
import io.loss4j.loss.AsymmetricSingleLabel;
import io.loss4j.loss.BiTemperedLogistic;
import io.loss4j.loss.BinaryCrossEntropy;
import io.loss4j.loss.BootstrapHard;
import io.loss4j.loss.BootstrapSoft;
import io.loss4j.loss.CategoricalHinge;
import io.loss4j.loss.Cauchy;
import io.loss4j.loss.Charbonnier;
import io.loss4j.loss.CosineProximity;
import io.loss4j.loss.CrossEntropy;
import io.loss4j.loss.Dice;
import io.loss4j.loss.EpsilonInsensitive;
import io.loss4j.loss.FMeasure;
import io.loss4j.loss.FocalTversky;
import io.loss4j.loss.GammaNll;
import io.loss4j.loss.GaussianNll;
import io.loss4j.loss.GemanMcclure;
import io.loss4j.loss.GeneralizedCrossEntropy;
import io.loss4j.loss.GeneralizedDice;
import io.loss4j.loss.Hinge;
import io.loss4j.loss.Huber;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.Jaccard;
import io.loss4j.loss.JsDivergence;
import io.loss4j.loss.KlDivergence;
import io.loss4j.loss.Ldam;
import io.loss4j.loss.LogCosh;
import io.loss4j.loss.LogitAdjustedCrossEntropy;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.LovaszHinge;
import io.loss4j.loss.LovaszSoftmax;
import io.loss4j.loss.MaeProbability;
import io.loss4j.loss.MatthewsCorrelation;
import io.loss4j.loss.MeanAbsoluteError;
import io.loss4j.loss.MeanAbsolutePercentageError;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.MeanSquaredLogarithmicError;
import io.loss4j.loss.MixtureDensity;
import io.loss4j.loss.MultiMargin;
import io.loss4j.loss.MultilabelMargin;
import io.loss4j.loss.MultilabelRanking;
import io.loss4j.loss.MultilabelSoftMargin;
import io.loss4j.loss.NegativeLogLikelihood;
import io.loss4j.loss.NormalizedCrossEntropy;
import io.loss4j.loss.PenaltyReducedFocal;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.Perceptron;
import io.loss4j.loss.PoissonNll;
import io.loss4j.loss.Poly1CrossEntropy;
import io.loss4j.loss.Poly1SigmoidFocal;
import io.loss4j.loss.Quantile;
import io.loss4j.loss.Seesaw;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SmoothL1;
import io.loss4j.loss.SoftMargin;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import io.loss4j.loss.Sparsemax;
import io.loss4j.loss.SquaredHinge;
import io.loss4j.loss.SymmetricCrossEntropy;
import io.loss4j.loss.TruncatedGeneralizedCrossEntropy;
import io.loss4j.loss.Tversky;
import io.loss4j.loss.Tweedie;
import io.loss4j.loss.Wasserstein;
import io.loss4j.loss.Welsch;
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

    /** Cross-entropy plus epsilon times one minus the probability of the label; behind SOFTMAX. */
    public static Loss4jLoss poly1CrossEntropy(double epsilon) {
        return of(new Poly1CrossEntropy(epsilon));
    }

    /** Cross-entropy bounded against wrong labels; q in (0, 1], towards 0 the cross-entropy; behind SOFTMAX. */
    public static Loss4jLoss generalizedCrossEntropy(double q) {
        return of(new GeneralizedCrossEntropy(q));
    }

    /** The same, and constant where the label has no more than probability k; behind SOFTMAX. */
    public static Loss4jLoss truncatedGeneralizedCrossEntropy(double q, double k) {
        return of(new TruncatedGeneralizedCrossEntropy(q, k));
    }

    /** Cross-entropy times alpha plus its reverse times beta, against wrong labels; behind SOFTMAX. */
    public static Loss4jLoss symmetricCrossEntropy(double alpha, double beta) {
        return of(new SymmetricCrossEntropy(alpha, beta, new SymmetricCrossEntropy().logZero()));
    }

    /** Cross-entropy divided by its sum over all labels, against wrong labels; behind SOFTMAX. */
    public static Loss4jLoss normalizedCrossEntropy() {
        return of(new NormalizedCrossEntropy());
    }

    /** An active loss plus a passive one, against wrong labels; behind SOFTMAX. */
    public static Loss4jLoss activePassive(ActivePassive.Active active, ActivePassive.Passive passive) {
        return of(new ActivePassive(active, passive));
    }

    /** Cross-entropy to a mixture of the label (share beta) and what the network says itself; behind SOFTMAX. */
    public static Loss4jLoss bootstrapSoft(double beta) {
        return of(new BootstrapSoft(beta));
    }

    /** The same with the class that the network prefers; behind SOFTMAX. */
    public static Loss4jLoss bootstrapHard(double beta) {
        return of(new BootstrapHard(beta));
    }

    /** One minus the probability of the label, against wrong labels; behind SOFTMAX. */
    public static Loss4jLoss maeProbability() {
        return of(new MaeProbability());
    }

    /** Cross-entropy that spares rare classes the push of frequent ones; behind SOFTMAX. */
    public static Loss4jLoss seesaw(ClassCounts counts) {
        return of(new Seesaw(perColumn(counts)));
    }

    /** Asymmetric loss for classes that exclude each other; behind SOFTMAX. */
    public static Loss4jLoss asymmetricSingleLabel() {
        return of(new AsymmetricSingleLabel());
    }

    /** Cross-entropy with tempered logarithm (t1 &lt; 1) and softmax (t2 &gt; 1), against outliers; behind SOFTMAX. */
    public static Loss4jLoss biTemperedLogistic(double t1, double t2) {
        return of(new BiTemperedLogistic(t1, t2));
    }

    /** The loss of sparse probabilities; behind SOFTMAX, although it projects the logits in its own way. */
    public static Loss4jLoss sparsemax() {
        return of(new Sparsemax());
    }

    /** Multi-class hinge loss of Weston and Watkins; any activation, usually IDENTITY. */
    public static Loss4jLoss multiMargin() {
        return of(new MultiMargin());
    }

    /** Hinge loss of the label against the strongest other class; any activation, usually IDENTITY. */
    public static Loss4jLoss categoricalHinge() {
        return of(new CategoricalHinge());
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

    /** Focal loss plus epsilon times its next power; behind SIGMOID. */
    public static Loss4jLoss poly1SigmoidFocal(double gamma, double epsilon) {
        return of(new Poly1SigmoidFocal(null, gamma, epsilon));
    }

    /** Focal loss of heat maps whose labels fall off around the centres; behind SIGMOID. */
    public static Loss4jLoss penaltyReducedFocal(double alpha, double beta) {
        return of(new PenaltyReducedFocal(alpha, beta));
    }

    /** Cross-entropy of a sigmoid, averaged over the outputs; behind SIGMOID. */
    public static Loss4jLoss multilabelSoftMargin() {
        return of(new MultilabelSoftMargin());
    }

    /** Every label that is present above every one that is not; any activation, usually TANH. Replaces LossMultiLabel. */
    public static Loss4jLoss multilabelRanking() {
        return of(new MultilabelRanking());
    }

    /** Hinge loss of every present label against every absent one; any activation, usually IDENTITY. */
    public static Loss4jLoss multilabelMargin() {
        return of(new MultilabelMargin());
    }

    /** Hinge loss of labels -1 and 1; any activation, usually IDENTITY or TANH. Replaces HINGE. */
    public static Loss4jLoss hinge() {
        return of(new Hinge());
    }

    /** Squared hinge loss of labels -1 and 1; any activation, usually IDENTITY or TANH. Replaces SQUARED_HINGE. */
    public static Loss4jLoss squaredHinge() {
        return of(new SquaredHinge());
    }

    /** Logistic loss of labels -1 and 1; any activation, usually IDENTITY. */
    public static Loss4jLoss softMargin() {
        return of(new SoftMargin());
    }

    /** Loss of the perceptron for labels -1 and 1; any activation, usually IDENTITY. */
    public static Loss4jLoss perceptron() {
        return of(new Perceptron());
    }

    // Overlap of what is predicted and labelled: SOFTMAX or SIGMOID. Some have a single value for the batch, which
    // Deeplearning4j divides by the number of examples, unless they are wrapped by feedForward or undivided

    /** One minus the Dice coefficient, behind SOFTMAX or SIGMOID. */
    public static Loss4jLoss dice() {
        return of(new Dice());
    }

    /** One minus the intersection over the union, behind SOFTMAX or SIGMOID. */
    public static Loss4jLoss jaccard() {
        return of(new Jaccard());
    }

    /** Dice with a weight of false positives and one of false negatives, behind SOFTMAX or SIGMOID. */
    public static Loss4jLoss tversky(double alpha, double beta) {
        return of(new Tversky(alpha, beta));
    }

    /** The same to a power, behind SOFTMAX or SIGMOID. */
    public static Loss4jLoss focalTversky(double alpha, double beta, double gamma) {
        return of(new FocalTversky(alpha, beta, gamma));
    }

    /** Dice with classes weighed by their size, behind SOFTMAX or SIGMOID. */
    public static Loss4jLoss generalizedDice() {
        return of(new GeneralizedDice());
    }

    /** Surrogate of the intersection over the union for a yes or no per output, behind SIGMOID. */
    public static Loss4jLoss lovaszHinge() {
        return of(new LovaszHinge());
    }

    /** The same for classes, behind SOFTMAX or SIGMOID. */
    public static Loss4jLoss lovaszSoftmax() {
        return of(new LovaszSoftmax());
    }

    /** One minus Matthews' correlation, behind SOFTMAX or SIGMOID. */
    public static Loss4jLoss matthewsCorrelation() {
        return of(new MatthewsCorrelation());
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

    /** Jensen-Shannon divergence of probabilities, behind SOFTMAX, SIGMOID or IDENTITY. */
    public static Loss4jLoss jsDivergence() {
        return of(new JsDivergence());
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

    /** The same divided by beta, so that far errors count as the absolute error. */
    public static Loss4jLoss smoothL1(double beta) {
        return of(new SmoothL1(beta));
    }

    /** Logarithm of the hyperbolic cosine of the error: smooth, and absolute far out. */
    public static Loss4jLoss logCosh() {
        return of(new LogCosh());
    }

    /** The given quantile of the labels; quantile in (0, 1). */
    public static Loss4jLoss quantile(double quantile) {
        return of(new Quantile(quantile));
    }

    /** One quantile per output. */
    public static Loss4jLoss quantile(double... quantiles) {
        return of(new Quantile(PerColumn.of(quantiles)));
    }

    /** Absolute error beyond epsilon. */
    public static Loss4jLoss epsilonInsensitive(double epsilon) {
        return of(new EpsilonInsensitive(epsilon));
    }

    /** Absolute error in per cent of the label, averaged over the outputs. Replaces MEAN_ABSOLUTE_PERCENTAGE_ERROR. */
    public static Loss4jLoss meanAbsolutePercentageError() {
        return of(new MeanAbsolutePercentageError(1e-7, true));
    }

    /** Squared error of logarithms, averaged over the outputs. Replaces MEAN_SQUARED_LOGARITHMIC_ERROR. */
    public static Loss4jLoss meanSquaredLogarithmicError() {
        return of(new MeanSquaredLogarithmicError(null, true));
    }

    /** Counts from logarithms of rates: IDENTITY. */
    public static Loss4jLoss poissonOfLogRates() {
        return of(new PoissonNll());
    }

    /** Counts from rates: SOFTPLUS or another activation that stays above 0. Replaces POISSON. */
    public static Loss4jLoss poisson() {
        return of(new PoissonNll(false, false, 0));
    }

    /** Means, then log-variances: IDENTITY, two outputs per label. */
    public static Loss4jLoss gaussianNll() {
        return of(new GaussianNll());
    }

    /** Positive amounts from logarithms of their means: IDENTITY. */
    public static Loss4jLoss gammaNll() {
        return of(new GammaNll());
    }

    /** Amounts that may be 0, from logarithms of their means: IDENTITY; power from 1 (counts) to 2 (gamma). */
    public static Loss4jLoss tweedie(double power) {
        return of(new Tweedie(power));
    }

    /** Mixture of normal distributions: IDENTITY, (labelWidth + 2) components outputs. Replaces LossMixtureDensity. */
    public static Loss4jLoss mixtureDensity(int components, int labelWidth) {
        return of(new MixtureDensity(components, labelWidth));
    }

    /** Logarithm of the squared error, against outliers. */
    public static Loss4jLoss cauchy(double scale) {
        return of(new Cauchy(scale));
    }

    /** Smooth absolute error. */
    public static Loss4jLoss charbonnier(double scale) {
        return of(new Charbonnier(scale));
    }

    /** Bounded squared error, against outliers. */
    public static Loss4jLoss gemanMcclure(double scale) {
        return of(new GemanMcclure(scale));
    }

    /** Bounded squared error with a Gaussian shape, against outliers. */
    public static Loss4jLoss welsch(double scale) {
        return of(new Welsch(scale));
    }

    /** The negative cosine of the angle between outputs and labels. Replaces COSINE_PROXIMITY. */
    public static Loss4jLoss cosineProximity() {
        return of(new CosineProximity());
    }

    /** Output times label, averaged over the outputs, for critics: IDENTITY. Replaces WASSERSTEIN. */
    public static Loss4jLoss wasserstein() {
        return of(new Wasserstein(true));
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
