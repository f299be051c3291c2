package io.loss4j;

import io.loss4j.error.LossInputException;
import java.util.List;

/** What Keras 3 calls its losses: class, function and short forms. */
final class KerasNames {
    /** Kept inside the logarithms of ratios and rates. */
    private static final double EPSILON = 1e-7;

    private KerasNames() {}

    static List<PeerLoss> all() {
        return List.of(
                        classes("cross_entropy", "CategoricalCrossentropy", "categorical_crossentropy")
                                .takesSmoothing()
                                .fromLogits("softmax_cross_entropy"),
                        classes("cross_entropy", "SparseCategoricalCrossentropy", "sparse_categorical_crossentropy")
                                .takesIgnored("ignore_class")
                                .fromLogits("softmax_cross_entropy"),
                        classes("softmax_focal", "CategoricalFocalCrossentropy", "categorical_focal_crossentropy")
                                .inputFromLogits()
                                .with("alpha", "factor, or one per class", 0.25, KerasNames::classAlpha)
                                .takes("gamma", "gamma", 2.0)
                                .takesSmoothing(),
                        classes(
                                        "generalized_cross_entropy",
                                        "CategoricalGeneralizedCrossEntropy",
                                        "categorical_generalized_cross_entropy")
                                .set("input", "probabilities")
                                .takes("q", "q", 0.5),
                        classes("binary_cross_entropy", "BinaryCrossentropy", "binary_crossentropy", "bce", "BCE")
                                .takesSmoothing()
                                .fromLogits("sigmoid_cross_entropy"),
                        classes("sigmoid_focal", "BinaryFocalCrossentropy", "binary_focal_crossentropy")
                                .inputFromLogits()
                                .with("alpha", "alpha, if apply_class_balancing", 0.25, KerasNames::keepAlpha)
                                .with("apply_class_balancing", "alpha", false, KerasNames::balance)
                                .takes("gamma", "gamma", 2.0)
                                .takesSmoothing(),
                        classes(
                                        "kl_divergence",
                                        "KLDivergence",
                                        "kl_divergence",
                                        "kld",
                                        "KLD",
                                        "kullback_leibler_divergence")
                                .set("input", "probabilities"),
                        classes("poisson_nll", "Poisson", "poisson")
                                .set("log_input", false)
                                .set("epsilon", EPSILON),
                        classes("mean_squared_error", "MeanSquaredError", "mean_squared_error", "mse", "MSE"),
                        classes("mean_absolute_error", "MeanAbsoluteError", "mean_absolute_error", "mae", "MAE"),
                        classes(
                                        "mean_absolute_percentage_error",
                                        "MeanAbsolutePercentageError",
                                        "mean_absolute_percentage_error",
                                        "mape",
                                        "MAPE")
                                .set("epsilon", EPSILON),
                        classes(
                                        "mean_squared_logarithmic_error",
                                        "MeanSquaredLogarithmicError",
                                        "mean_squared_logarithmic_error",
                                        "msle",
                                        "MSLE")
                                .set("epsilon", EPSILON),
                        classes("huber", "Huber", "huber", "huber_loss").takes("delta", "delta", 1.0),
                        classes("log_cosh", "LogCosh", "log_cosh", "logcosh"),
                        classes("cosine_proximity", "CosineSimilarity", "cosine_similarity", "cosine_proximity"),
                        classes("hinge", "Hinge", "hinge").takes("labels", "labels", null),
                        classes("squared_hinge", "SquaredHinge", "squared_hinge")
                                .takes("labels", "labels", null),
                        classes("categorical_hinge", "CategoricalHinge", "categorical_hinge")
                                .set("empty_rows", true),
                        overlap("dice", "Dice", "dice"),
                        overlap("tversky", "Tversky", "tversky")
                                .takes("alpha", "alpha", 0.5)
                                .takes("beta", "beta", 0.5),
                        PeerLoss.missing("it sums over alignments", "CTC", "ctc"),
                        PeerLoss.missing("it compares the rows of a batch with each other", "Circle", "circle"))
                .stream()
                .map(loss -> loss.reason() == null ? loss.accepts("name", "dtype") : loss)
                .toList();
    }

    private static PeerLoss classes(String id, String... names) {
        return PeerLoss.of(id, names).with("axis", "the class axis: -1, or 1 for axis 1", null, KerasNames::axis);
    }

    /** Over the whole batch, smoothed below only. */
    private static PeerLoss overlap(String id, String... names) {
        return PeerLoss.of(id, names)
                .set("axis", "batch")
                .set("smooth_numerator", 0)
                .set("smooth_denominator", EPSILON);
    }

    /** Classes are on axis 1 here, which is the last one of [N, K]. */
    private static void axis(PeerLoss.Draft draft, Object value) {
        if (!value.equals(-1) && !value.equals(1)) {
            throw new LossInputException(
                    "L4J-P24",
                    draft.id,
                    "axis is " + value + ", expected -1 or 1",
                    "move the classes to axis 1 with permute");
        }
    }

    /** Keras weighs the terms of every class by alpha, a number or one per class. */
    private static void classAlpha(PeerLoss.Draft draft, Object value) {
        if (value instanceof Number factor) {
            draft.factor = factor.doubleValue();
        } else {
            ClassWeights weights = ClassWeights.of(PeerLoss.numbers(draft, "alpha", value));
            draft.options.add(f -> f.withClassWeights(weights));
        }
    }

    private static void keepAlpha(PeerLoss.Draft draft, Object value) {
        draft.parameters.put("alpha", PeerLoss.number(draft, "alpha", value));
    }

    /** alpha counts only when asked for. */
    private static void balance(PeerLoss.Draft draft, Object value) {
        if (!PeerLoss.flag(draft, "apply_class_balancing", value)) {
            draft.parameters.remove("alpha");
        }
    }
}
