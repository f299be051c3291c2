package io.loss4j.tck;

import static java.util.Map.entry;

import io.loss4j.ClassCounts;
import io.loss4j.ClassWeights;
import io.loss4j.tck.PeerCase.Answer;
import io.loss4j.tck.PeerCase.Unsupported;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The definitions that other libraries share, as losses of the catalogue: the table that {@code literal.json} is run by.
 * A row says which loss, which options become which parameters, and how arrays are laid out. No row computes a loss.
 */
final class PeerLosses {
    /** Keras's epsilon; its losses clip with the conventions of its profile. */
    static final double KERAS_EPSILON = 1e-7;

    /** What is added inside a logarithm to no effect beyond rounding. */
    private static final double NEGLIGIBLE = 1e-12;

    private static final String SEVERAL = "it compares several outputs of a network, not predictions with labels";
    private static final String WITHIN_BATCH = "it compares the rows of a batch with each other";

    /** Losses that the catalogue does not have, with the reason. */
    private static final Map<String, String> ABSENT = Map.ofEntries(
            entry("barlow_twins", SEVERAL),
            entry("circle", WITHIN_BATCH),
            entry("contrastive_pair", "its predictions are distances of pairs"),
            entry("cosine_embedding", SEVERAL),
            entry("ctc", "it sums over alignments of sequences"),
            entry("focal_cosine", "a sum with terms of normalised rows, of one repository"),
            entry("generalized_wasserstein_dice", "it needs a matrix of distances between classes"),
            entry("hinge_embedding", "its predictions are distances of pairs"),
            entry("label_smoothing_transform", "it is smoothed labels, not a loss"),
            entry("margin_ranking", SEVERAL),
            entry("ntxent", WITHIN_BATCH),
            entry("siamese_contrastive_flux", "its predictions are distances of pairs"),
            entry("simclr", SEVERAL),
            entry("tempered_softmax", "it is a vector of probabilities, not a loss"),
            entry("triplet_margin", SEVERAL));

    private static final Map<String, Function<PeerCase, Answer>> TABLE = new LinkedHashMap<>();

    static {
        // Regression
        elements("mean_squared_error", "mean_squared_error", q -> q);
        elements("half_squared_error", "mean_squared_error", q -> q.times(0.5));
        elements("mean_absolute_error", "mean_absolute_error", q -> q);
        elements("huber", "huber", q -> q.with("delta"));
        elements("smooth_l1", "smooth_l1", q -> q.with("beta"));
        elements("log_cosh", "log_cosh", q -> q);
        elements("pinball", "quantile", q -> q.with("tau", "quantile"));
        elements("quantile_l1", "quantile", q -> q.with("quantile").times(2));
        elements("mean_absolute_percentage_error", "mean_absolute_percentage_error", q -> q.with("epsilon"));
        TABLE.put("mean_squared_logarithmic_error", PeerLosses::squaredLogarithms);
        elements("poisson", "poisson_nll", q -> q.set("log_input", false).with("epsilon"));
        elements(
                "poisson_nll",
                "poisson_nll",
                q -> q.with("log_input").with("full").with("epsilon"));
        TABLE.put("gaussian_nll", PeerLosses::gaussian);
        elements("cauchy", "cauchy", q -> q);
        elements("charbonnier", "charbonnier", q -> q);
        elements("geman_mcclure", "geman_mcclure", q -> q);
        elements("welsch", "welsch", q -> q);
        TABLE.put("cosine_similarity", PeerLosses::cosine);

        // Margin
        elements("hinge", "hinge", PeerLosses::signed);
        elements("squared_hinge", "squared_hinge", PeerLosses::signed);
        elements("soft_margin", "soft_margin", q -> q);
        elements("perceptron", "perceptron", q -> q);
        rows("categorical_hinge", "categorical_hinge", q -> q.set("empty_rows", true));
        TABLE.put("multiclass_hinge", PeerLosses::multiclassHinge);
        rows("multi_margin", "multi_margin", q -> q.with("p").with("margin"));
        TABLE.put("multiclass_perceptron", PeerLosses::multiclassPerceptron);
        TABLE.put("multilabel_margin", PeerLosses::multilabelMargin);
        TABLE.put("multilabel_soft_margin", PeerLosses::multilabelSoftMargin);

        // Yes or no
        TABLE.put("binary_crossentropy", PeerLosses::binaryCrossEntropy);
        TABLE.put("binary_focal_crossentropy", PeerLosses::binaryFocal);
        elements("sigmoid_focal", "sigmoid_focal", q -> q.with("alpha").with("gamma"));
        TABLE.put(
                "mm_sigmoid_focal",
                c -> multiLabel(c, "sigmoid_focal", c.predictions())
                        .with("alpha")
                        .with("gamma"));
        TABLE.put("asymmetric", PeerLosses::asymmetric);
        TABLE.put("binary_penalty_reduced_focal", PeerLosses::penaltyReducedFocal);
        TABLE.put("monai_focal", PeerLosses::monaiFocal);
        TABLE.put("class_balanced", PeerLosses::classBalanced);

        // Classes
        TABLE.put("categorical_crossentropy", PeerLosses::categoricalCrossEntropy);
        TABLE.put("categorical_focal_crossentropy", PeerLosses::categoricalFocal);
        TABLE.put("masked_softmax_crossentropy", PeerLosses::maskedSequences);
        rows("poly1_cross_entropy", "poly1_cross_entropy", q -> q.with("epsilon1", "epsilon"));
        rows(
                "generalized_cross_entropy",
                "generalized_cross_entropy",
                q -> q.set("input", "probabilities").with("q"));
        rows("ldam", "ldam", q -> q.with("class_counts").with("max_margin").with("scale"));
        TABLE.put("ranking_softmax", PeerLosses::ranking);
        TABLE.put("seesaw", PeerLosses::seesaw);
        TABLE.put("bi_tempered_logistic", PeerLosses::biTempered);
        rows("sparsemax_multiclass", "sparsemax", q -> q);
        TABLE.put("sparsemax_binary", PeerLosses::binarySparsemax);

        // Divergences
        TABLE.put("kl_divergence", PeerLosses::divergence);
        TABLE.put(
                "kl_divergence_2d",
                c -> overImages(c, "kl_divergence", Math::log).set("input", "log_probabilities"));
        TABLE.put("js_divergence", c -> overImages(c, "js_divergence", p -> p));

        PeerOverlaps.addTo(TABLE);
    }

    private PeerLosses() {}

    private static void elements(String loss, String id, Function<Question, Question> further) {
        TABLE.put(loss, c -> further.apply(Question.elements(c, id)));
    }

    private static void rows(String loss, String id, Function<Question, Question> further) {
        TABLE.put(loss, c -> further.apply(Question.rows(c, id)));
    }

    /**
     * What a case becomes.
     *
     * @throws Unsupported with the reason if it becomes nothing
     */
    static Answer translate(PeerCase c) {
        Function<PeerCase, Answer> row = TABLE.get(c.loss());
        if (row == null) {
            throw new Unsupported(ABSENT.getOrDefault(c.loss(), "there is no such definition"));
        }
        Answer answer = row.apply(c);
        if (answer instanceof Question question) {
            question.requireAnswer();
        }
        return answer;
    }

    /** Whether the catalogue has a loss for this definition. */
    static boolean inCatalogue(String loss) {
        return TABLE.containsKey(loss);
    }

    // Regression

    private static Answer squaredLogarithms(PeerCase c) {
        if (c.has("log_offset")) {
            throw new Unsupported("logarithms of labels and predictions without the 1 that the catalogue's form adds");
        }
        return Question.elements(c, "mean_squared_logarithmic_error").with("epsilon");
    }

    /** One row per target: mean and logarithm of the variance. */
    private static Answer gaussian(PeerCase c) {
        Grid mean = c.predictions();
        double epsilon = c.number("epsilon", 0);
        Grid logVariance = c.input("variance").stretched(mean.shape()).map(v -> Math.log(Math.max(v, epsilon)));
        int n = mean.size();
        double[] both = IntStream.range(0, n)
                .mapToObj(i -> DoubleStream.of(mean.data()[i], logVariance.data()[i]))
                .flatMapToDouble(pair -> pair)
                .toArray();
        Grid labels = c.labels().stretched(mean.shape()).reshaped(n, 1);
        return Question.of(c, "gaussian_nll", false, new Grid(new int[] {n, 2}, false, both), labels, mean.shape())
                .with("full")
                .with("epsilon");
    }

    private static Answer cosine(PeerCase c) {
        Question q = Question.rows(c, "cosine_proximity");
        return switch (c.word("output", "negative_similarity")) {
            case "similarity" -> q.times(-1);
            case "distance" -> q.plus(1);
            default -> q;
        };
    }

    // Margin

    /** Keras takes labels of 0 and 1 for -1 and 1 if there are no others. */
    private static Question signed(Question q) {
        return q.takes("labels", "binary01_to_signed") && q.labels().isBinary() ? q.set("labels", "zero_one") : q;
    }

    /** max_j (x_j + [j != y]) - x_y; with all scores above 0 that is Keras's form, and a shift changes neither. */
    private static Answer multiclassHinge(PeerCase c) {
        Grid x = c.predictions();
        double lowest = Arrays.stream(x.data()).min().orElse(0);
        return Question.rows(c, "categorical_hinge", x.map(v -> v - lowest), c.labels())
                .prepared();
    }

    /** max_j x_j - x_y: of two classes, the hinge loss of both without a margin. */
    private static Answer multiclassPerceptron(PeerCase c) {
        if (c.predictions().size(-1) != 2) {
            throw new Unsupported("the largest score of more than two classes, without a margin");
        }
        return Question.rows(c, "multi_margin").set("margin", 0).times(2);
    }

    /** Labels are the classes up to the first -1. */
    private static Answer multilabelMargin(PeerCase c) {
        Grid labels = c.labels();
        int columns = c.predictions().size(-1);
        double[] data = labels.data();
        double[] hot = new double[data.length];
        for (int row = 0; row < data.length; row += columns) {
            for (int k = row; k < row + columns && data[k] >= 0; k++) {
                hot[row + (int) data[k]] = 1;
            }
        }
        return Question.rows(c, "multilabel_margin", c.predictions(), new Grid(labels.shape(), false, hot));
    }

    /** Its elements are shares of a mean over the columns. */
    private static Answer multilabelSoftMargin(PeerCase c) {
        Grid x = c.predictions();
        int[] values = Arrays.copyOf(x.shape(), x.rank() - 1);
        Grid rows = x.reshaped(x.size() / x.size(-1), x.size(-1));
        return Question.of(c, "multilabel_soft_margin", true, rows, c.labels().reshaped(rows.shape()), values)
                .weighed(c.optional("sample_weight"))
                .weighedClasses();
    }

    // Yes or no

    private static Answer binaryCrossEntropy(PeerCase c) {
        boolean exact = c.is("from_logits") && !c.has("epsilon");
        Question q = Question.elements(c, exact ? "sigmoid_cross_entropy" : "binary_cross_entropy");
        smoothBinary(c, probabilities(c, q, exact)).positiveWeights(c.optional("pos_weight"));
        if (!exact && c.has("epsilon") && c.number("epsilon") != KERAS_EPSILON) {
            q.with("epsilon");
        }
        if (c.is("class_weight_by", "label")) {
            double[] weights = c.input("class_weight").data();
            q.weighElements(q.labels().map(label -> weights[(int) label]));
        }
        return q.ignoring(false);
    }

    /** Activates logits whose probabilities are clipped, and clips as float32 does. */
    private static Question probabilities(PeerCase c, Question q, boolean fromLogits) {
        if (fromLogits) {
            return q;
        }
        refuseOffset(c);
        if (c.is("from_logits")) {
            q.changedPredictions(PeerArrays.SIGMOID);
        }
        return c.has("epsilon") ? q.changedPredictions(clip(c.number("epsilon"))) : q;
    }

    /** To epsilon and 1 - epsilon; Keras does it in float32, where the largest number up to 1 - 1e-7 is 1 - 2^-23. */
    private static DoubleUnaryOperator clip(double epsilon) {
        boolean inFloat = epsilon == KERAS_EPSILON;
        double low = inFloat ? (float) epsilon : epsilon;
        double high = inFloat ? 1 - (float) epsilon : 1 - epsilon;
        return p -> p < low ? low : p > high ? high : p;
    }

    private static void refuseOffset(PeerCase c) {
        if (c.number("log_offset", 0) > NEGLIGIBLE) {
            throw new Unsupported("a number added inside logarithms");
        }
    }

    private static Question smoothBinary(PeerCase c, Question q) {
        double a = c.number("label_smoothing", 0);
        return switch (c.word("smoothing_form", "half")) {
            case "half" -> q.smoothed(a);
            case "over_last_axis" -> {
                int columns = c.predictions().size(-1);
                yield q.changedLabels(y -> y * (1 - a) + a / columns);
            }
            case "segmentation" -> q.smoothed(2 * a); // a and 1 - a
            default ->
                throw new Unsupported("smoothing in the form " + c.options().get("smoothing_form"));
        };
    }

    private static Answer binaryFocal(PeerCase c) {
        boolean logits = c.is("from_logits") && !c.has("epsilon");
        if (c.is("smooth_bce_only") && c.number("label_smoothing", 0) != 0) {
            throw new Unsupported("labels smoothed in the cross-entropy but not in the focusing factor");
        }
        Question q = Question.elements(c, "sigmoid_focal")
                .set("input", logits ? "logits" : "probabilities")
                .with("gamma");
        if (c.word("alpha_form", "balanced").endsWith("scalar")) {
            q.times(c.number("alpha"));
        } else {
            q.with("alpha");
        }
        return smoothBinary(c, probabilities(c, q, logits));
    }

    /** Elements with labels of 0 and 1, or class indices made such. */
    private static Question multiLabel(PeerCase c, String id, Grid predictions) {
        int columns = predictions.size(-1);
        boolean indices = c.indices() || c.labels().size() * columns == predictions.size() && columns > 1;
        Grid labels = indices ? c.labels().oneHot(columns) : c.labels();
        return Question.elements(c, id, predictions, labels.stretched(predictions.shape()));
    }

    /** After a softmax the loss is that of the probabilities, whose logits are not those of the classes. */
    private static Answer asymmetric(PeerCase c) {
        boolean softmax = c.is("activation", "softmax");
        Grid x = softmax ? PeerArrays.softmax(c.predictions(), -1).map(PeerArrays.LOGIT) : c.predictions();
        Question q = multiLabel(c, "asymmetric", x)
                .with("gamma_pos", "gamma_positive")
                .with("gamma_neg", "gamma_negative")
                .set("clip", c.number("clip", 0));
        return softmax ? q.prepared() : q;
    }

    private static Answer penaltyReducedFocal(PeerCase c) {
        double threshold = c.number("positive_threshold", 1);
        double negative = c.number("negative_weight", 1);
        double positive = c.number("positive_weight", 1);
        return Question.elements(c, "penalty_reduced_focal")
                .set("input", "probabilities")
                .with("alpha")
                .with("beta")
                .changedLabels(y -> y >= threshold ? 1 : y)
                .positiveWeights(Grid.scalar(positive / negative))
                .times(negative);
    }

    /** Classes on axis 1, and the mean over all entries. */
    private static Answer monaiFocal(PeerCase c) {
        int classes = c.predictions().size(1);
        boolean foreground = classes > 1 && Boolean.FALSE.equals(c.options().get("include_background"));
        Grid x = foreground ? PeerArrays.flat(c.predictions()).from(1, 1) : PeerArrays.flat(c.predictions());
        Grid y = foreground ? PeerArrays.classesOf(c, classes).from(1, 1) : PeerArrays.classesOf(c, classes);
        boolean softmax = c.is("use_softmax");
        double[] weights = new double[x.size(1)];
        Arrays.fill(weights, 1);
        if (c.optional("class_weight") != null) {
            weights = c.input("class_weight").stretched(weights.length).data();
        }
        Question q = Question.of(c, softmax ? "softmax_focal" : "sigmoid_focal", !softmax, x, y, x.shape())
                .with("gamma");
        if (softmax && c.has("alpha")) {
            double alpha = c.number("alpha");
            for (int k = 0; k < weights.length; k++) {
                weights[k] *= k == 0 && !foreground ? 1 - alpha : alpha;
            }
        } else if (!softmax) {
            q.with("alpha");
        }
        if (softmax && c.is("reduction", "none")) {
            throw new Unsupported("terms of single classes of a softmax");
        }
        q.classWeights(weights);
        return c.is("reduction", "sum") ? q.times(1.0 / x.size(2)) : q;
    }

    /** Weights of the effective number of samples, by the label of the row. */
    private static Answer classBalanced(PeerCase c) {
        Grid x = c.predictions();
        int rows = x.size(0);
        double[] weights = new double[x.size(1)];
        Arrays.fill(weights, 1);
        if (c.has("class_counts")) {
            weights = ClassWeights.effectiveNumber(ClassCounts.of(c.numbers("class_counts")), c.number("beta"))
                    .toArray();
        }
        double[] each = weights;
        Grid ofRows = c.labels().map(label -> each[(int) label]);
        return switch (c.word("base", "softmax")) {
            case "softmax" ->
                Question.rows(c, "softmax_cross_entropy").classWeights(weights).reduced("mean");
            case "sigmoid" ->
                multiLabel(c, "sigmoid_cross_entropy", x)
                        .weighElements(ofRows.reshaped(rows, 1).stretched(x.shape()))
                        .reduced("mean");
            case "focal" ->
                multiLabel(c, "sigmoid_focal", x)
                        .with("gamma")
                        .weighElements(ofRows.reshaped(rows, 1).stretched(x.shape()))
                        .reduced("batch_mean");
            default -> throw new Unsupported("balanced " + c.options().get("base"));
        };
    }

    // Classes

    private static Answer categoricalCrossEntropy(PeerCase c) {
        boolean logProbabilities = c.is("predictions_are", "log_probabilities");
        boolean logits = c.is("from_logits") && !c.has("epsilon");
        String id = logProbabilities ? "negative_log_likelihood" : logits ? "softmax_cross_entropy" : "cross_entropy";
        Grid x = c.predictions();
        if (!logits && !logProbabilities) {
            refuseOffset(c);
            x = classProbabilities(c);
        }
        Question q = Question.rows(c, id, x, c.labels()).smoothed(c.number("label_smoothing", 0));
        if (!logits && c.has("epsilon") && c.number("epsilon") != KERAS_EPSILON) {
            q.with("epsilon");
        }
        refuseMeanOfNothing(c);
        return (logits || logProbabilities ? q : q.prepared())
                .ignoring(!Boolean.FALSE.equals(c.options().get("ignored_in_mean")));
    }

    private static void refuseMeanOfNothing(PeerCase c) {
        boolean nothing = c.has("ignore_index")
                && Arrays.stream(c.labels().data()).allMatch(label -> label == c.number("ignore_index"));
        if (nothing && c.word("reduction", "none").startsWith("mean")) {
            throw new Unsupported("a mean over nothing is 0 (contract R4.2), NaN in PyTorch");
        }
    }

    /** Activated or normalised along the axis of the classes. */
    private static Grid classProbabilities(PeerCase c) {
        int axis = c.has("axis") ? (int) c.number("axis") : -1;
        Grid p = c.is("from_logits") ? PeerArrays.softmax(c.predictions(), axis) : c.predictions();
        return c.is("normalize") ? PeerArrays.normalized(p, axis) : p;
    }

    /** alpha weighs every class alike, and the focusing factor of each is its own. */
    private static Answer categoricalFocal(PeerCase c) {
        refuseOffset(c);
        boolean logits = c.is("from_logits") && !c.has("epsilon");
        Grid x = logits ? c.predictions() : classProbabilities(c);
        if (c.has("epsilon")) {
            x = x.map(clip(c.number("epsilon")));
        }
        Question q = Question.rows(c, "softmax_focal", x, c.labels())
                .set("input", logits ? "logits" : "probabilities")
                .with("gamma")
                .smoothed(c.number("label_smoothing", 0));
        q = c.options().get("alpha") instanceof List<?>
                ? q.classWeights(c.numbers("alpha"))
                : q.times(c.number("alpha", 1));
        return logits ? q : q.prepared();
    }

    /** Steps beyond the length of a sequence have no weight; the mean is over all steps. */
    private static Answer maskedSequences(PeerCase c) {
        Grid labels = c.labels();
        int sequences = labels.size(0);
        int steps = labels.size(1);
        double[] lengths = c.input("valid_length").data();
        double[] mask = new double[labels.size()];
        Arrays.setAll(mask, i -> i % steps < lengths[i / steps] ? 1 : 0);
        Question q = Question.rows(c, "softmax_cross_entropy", c.predictions(), labels)
                .weighed(new Grid(labels.shape(), false, mask));
        return (backend, type) -> {
            double[] terms = q.loss(backend, type);
            return IntStream.range(0, sequences)
                    .mapToDouble(i ->
                            Arrays.stream(terms, i * steps, (i + 1) * steps).sum() / steps)
                    .toArray();
        };
    }

    /** Cross-entropy with relevances, times the weights of the items, as soft labels. */
    private static Answer ranking(PeerCase c) {
        Grid weights = c.optional("item_weight");
        Grid labels = weights == null ? c.labels() : c.labels().zip(weights, (y, w) -> y * w);
        return Question.rows(c, "softmax_cross_entropy", c.predictions(), labels);
    }

    private static Answer seesaw(PeerCase c) {
        return Question.rows(c, "seesaw")
                .with("p")
                .with("q")
                .with("cum_samples", "class_counts")
                .with("eps", "epsilon");
    }

    /** The peers spread a over the other classes: that is a C / (C - 1) over all of them. */
    private static Answer biTempered(PeerCase c) {
        double classes = c.predictions().size(-1);
        return Question.rows(c, "bi_tempered_logistic")
                .with("t1")
                .with("t2")
                .with("label_entropy")
                .smoothed(c.number("label_smoothing", 0) * classes / (classes - 1))
                .weighed(c.optional("mask"));
    }

    /** A logit against 0, class 0 being "yes". */
    private static Answer binarySparsemax(PeerCase c) {
        Grid z = c.predictions();
        Grid both = z.reshaped(z.size(), 1)
                .stretched(z.size(), 2)
                .zip(new Grid(new int[] {1, 2}, false, 1, 0), (a, b) -> a * b);
        Grid yes = c.labels().reshaped(z.size()).map(y -> 1 - y);
        return Question.of(c, "sparsemax", false, both, yes, z.shape());
    }

    // Divergences

    private static Answer divergence(PeerCase c) {
        if (c.is("generalized")) {
            throw new Unsupported("the sum of predictions minus labels that generalises the divergence");
        }
        boolean logs = c.is("predictions", "log_prob");
        double base = c.number("base_scale", 1);
        double offset = c.number("offset", 0);
        Question q = Question.elements(c, "kl_divergence")
                .set("log_target", c.is("labels", "log_prob"))
                .times(base);
        if (logs) {
            return q.set("input", "log_probabilities");
        }
        if (c.has("epsilon")) {
            double epsilon = c.number("epsilon");
            DoubleUnaryOperator clip = p -> Math.min(Math.max(p, epsilon), 1);
            return q.set("input", "probabilities").changedPredictions(clip).changedLabels(clip);
        }
        if (offset > NEGLIGIBLE) {
            throw new Unsupported("a number added inside logarithms");
        }
        return q.set("input", "log_probabilities").changedPredictions(Math::log);
    }

    /** Divergences of distributions over the last two axes: a row each. */
    private static Question overImages(PeerCase c, String id, DoubleUnaryOperator change) {
        int[] values = Arrays.copyOf(c.predictions().shape(), 2);
        int images = values[0] * values[1];
        Grid x = c.predictions().reshaped(images, c.predictions().size() / images);
        Grid y = c.labels().reshaped(x.shape());
        return Question.of(c, id, true, x, y, values).changedPredictions(change);
    }
}
