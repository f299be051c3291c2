package io.loss4j;

import java.util.List;

/** What Deeplearning4j calls its losses: constants of its enumeration and classes. */
final class Dl4jNames {
    private Dl4jNames() {}

    static List<PeerLoss> all() {
        return List.of(
                weighted("cross_entropy", "MCXENT", "NEGATIVELOGLIKELIHOOD", "LossMCXENT", "LossNegativeLogLikelihood")
                        .takes("softmaxClipEps", "epsilon", null),
                weighted("cross_entropy", "SPARSE_MCXENT", "LossSparseMCXENT"),
                weighted("binary_cross_entropy", "XENT", "LossBinaryXENT").takes("clipEps", "epsilon", null),
                PeerLoss.of("kl_divergence", "KL_DIVERGENCE", "RECONSTRUCTION_CROSSENTROPY", "LossKLD")
                        .set("input", "probabilities"),
                weighted("mean_squared_error", "MSE", "LossMSE").set("per_output_mean", true),
                weighted("mean_squared_error", "L2", "SQUARED_LOSS", "LossL2"),
                weighted("mean_absolute_error", "MEAN_ABSOLUTE_ERROR", "LossMAE")
                        .set("per_output_mean", true),
                weighted("mean_absolute_error", "L1", "LossL1"),
                weighted("mean_absolute_percentage_error", "MEAN_ABSOLUTE_PERCENTAGE_ERROR", "LossMAPE")
                        .set("per_output_mean", true),
                weighted("mean_squared_logarithmic_error", "MEAN_SQUARED_LOGARITHMIC_ERROR", "LossMSLE")
                        .set("per_output_mean", true),
                PeerLoss.of("poisson_nll", "POISSON", "LossPoisson").set("log_input", false),
                PeerLoss.of("cosine_proximity", "COSINE_PROXIMITY", "LossCosineProximity"),
                PeerLoss.of("hinge", "HINGE", "LossHinge"),
                PeerLoss.of("squared_hinge", "SQUARED_HINGE", "LossSquaredHinge"),
                PeerLoss.of("wasserstein", "WASSERSTEIN", "LossWasserstein").set("per_output_mean", true),
                PeerLoss.of("multilabel_ranking", "LossMultiLabel"),
                PeerLoss.of("f_measure", "LossFMeasure").takes("beta", "beta", 1.0),
                PeerLoss.of("mixture_density", "LossMixtureDensity")
                        .takes("gaussians", "components", null)
                        .takes("labelWidth", "label_width", null));
    }

    private static PeerLoss weighted(String id, String... names) {
        return PeerLoss.of(id, names).takesClassWeights("weights");
    }
}
