package io.loss4j;

import java.util.List;

/** What PyTorch and torchvision call their losses. */
final class TorchNames {
    private static final String TWO_INPUTS =
            "it compares several outputs of a network; a loss here sees one and labels";

    private TorchNames() {}

    static List<PeerLoss> all() {
        return List.of(
                PeerLoss.of("softmax_cross_entropy", "CrossEntropyLoss", "cross_entropy")
                        .takesClassWeights("weight")
                        .takesIgnored("ignore_index")
                        .takesSmoothing()
                        .with("target", "class_indices, or class_probabilities", null, TorchNames::target),
                PeerLoss.of("negative_log_likelihood", "NLLLoss", "nll_loss")
                        .takesClassWeights("weight")
                        .takesIgnored("ignore_index"),
                PeerLoss.of("binary_cross_entropy", "BCELoss", "binary_cross_entropy")
                        .takesClassWeights("weight"),
                PeerLoss.of("sigmoid_cross_entropy", "BCEWithLogitsLoss", "binary_cross_entropy_with_logits")
                        .takesClassWeights("weight")
                        .takesPositiveWeights("pos_weight"),
                PeerLoss.of("sigmoid_focal", "sigmoid_focal_loss")
                        .with("alpha", "alpha, or none if negative", 0.25, TorchNames::alpha)
                        .takes("gamma", "gamma", 2.0)
                        .reducedBy(Reduction.NONE),
                PeerLoss.of("kl_divergence", "KLDivLoss", "kl_div").takes("log_target", "log_target", null),
                PeerLoss.of("mean_absolute_error", "L1Loss", "l1_loss"),
                PeerLoss.of("mean_squared_error", "MSELoss", "mse_loss"),
                PeerLoss.of("smooth_l1", "SmoothL1Loss", "smooth_l1_loss").takes("beta", "beta", 1.0),
                PeerLoss.of("huber", "HuberLoss", "huber_loss").takes("delta", "delta", 1.0),
                PeerLoss.of("poisson_nll", "PoissonNLLLoss", "poisson_nll_loss")
                        .takes("log_input", "log_input", true)
                        .takes("full", "full", false)
                        .takes("eps", "epsilon", 1e-8),
                PeerLoss.of("soft_margin", "SoftMarginLoss", "soft_margin_loss"),
                PeerLoss.of("multi_margin", "MultiMarginLoss", "multi_margin_loss")
                        .takes("p", "p", 1)
                        .takes("margin", "margin", 1.0)
                        .takesClassWeights("weight"),
                PeerLoss.of("multilabel_margin", "MultiLabelMarginLoss", "multilabel_margin_loss"),
                PeerLoss.of("multilabel_soft_margin", "MultiLabelSoftMarginLoss", "multilabel_soft_margin_loss")
                        .takesClassWeights("weight"),
                PeerLoss.missing(
                        "the variance is an input of its own; gaussian_nll takes its logarithm as a second output",
                        "GaussianNLLLoss",
                        "gaussian_nll_loss"),
                PeerLoss.missing("it sums over alignments; Deeplearning4j has no such layer", "CTCLoss", "ctc_loss"),
                PeerLoss.missing(
                        TWO_INPUTS,
                        "CosineEmbeddingLoss",
                        "cosine_embedding_loss",
                        "HingeEmbeddingLoss",
                        "hinge_embedding_loss",
                        "MarginRankingLoss",
                        "margin_ranking_loss",
                        "TripletMarginLoss",
                        "triplet_margin_loss",
                        "TripletMarginWithDistanceLoss",
                        "triplet_margin_with_distance_loss"));
    }

    private static void target(PeerLoss.Draft draft, Object value) {
        if (!value.equals("class_indices") && !value.equals("class_probabilities")) {
            throw PeerLoss.wrong(draft, "target", value, "class_indices or class_probabilities");
        }
        draft.distributions = value.equals("class_probabilities");
    }

    /** torchvision writes "no alpha" as a negative one. */
    private static void alpha(PeerLoss.Draft draft, Object value) {
        double alpha = PeerLoss.number(draft, "alpha", value);
        if (alpha >= 0) {
            draft.parameters.put("alpha", alpha);
        }
    }
}
