package io.loss4j.dl4j;

import io.loss4j.catalogue.LossCatalogue;
import io.loss4j.loss.BatchLoss;
import io.loss4j.loss.BinaryLoss;
import io.loss4j.loss.CrossEntropy;
import io.loss4j.loss.Dice;
import io.loss4j.loss.FMeasure;
import io.loss4j.loss.GaussianNll;
import io.loss4j.loss.Huber;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.Ldam;
import io.loss4j.loss.LogCosh;
import io.loss4j.loss.LogitAdjustedCrossEntropy;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.LossType;
import io.loss4j.loss.MixtureDensity;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.PerOutputMean;
import io.loss4j.loss.RowLoss;
import io.loss4j.loss.Scaled;
import io.loss4j.loss.Seesaw;
import io.loss4j.loss.SoftmaxFocal;
import io.loss4j.loss.SoftmaxLoss;
import io.loss4j.loss.WeightedSum;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.ops.transforms.Transforms;

/** A loss of the catalogue as the output layer of a network meets it: behind its natural activation, with fitting labels. */
record CatalogueCase(LossSpec spec, int nOut) {
    private static final PerColumn COUNTS = PerColumn.of(50L, 20L, 5L);

    /** Losses whose parameters have no defaults, or that take other than three columns. */
    private static final Map<String, CatalogueCase> SPECIAL = List.of(
                    new CatalogueCase(new LogitAdjustedCrossEntropy(COUNTS, 1), 3),
                    new CatalogueCase(new Ldam(COUNTS, 0.5, 3), 3),
                    new CatalogueCase(new Seesaw(COUNTS), 3),
                    new CatalogueCase(new FMeasure(2), 2),
                    new CatalogueCase(new GaussianNll(), 4),
                    new CatalogueCase(new MixtureDensity(2, 2), 8),
                    new CatalogueCase(new WeightedSum(new CrossEntropy(), new Scaled(0.5, new Dice())), 3),
                    new CatalogueCase(new Scaled(0.5, new SoftmaxFocal(2)), 3),
                    new CatalogueCase(new PerOutputMean(new WeightedSum(new Huber(0.3), new LogCosh())), 2))
            .stream()
            .collect(Collectors.toMap(CatalogueCase::id, c -> c));

    private static final Set<String> MARGINS = Set.of("hinge", "squared_hinge", "soft_margin", "perceptron");
    private static final Set<String> FLAGS =
            Set.of("multilabel_ranking", "multilabel_margin", "multilabel_soft_margin");
    private static final Set<String> AMOUNTS =
            Set.of("poisson_nll", "gamma_nll", "tweedie", "mean_squared_logarithmic_error");

    /** One per id: a loss that needs more than its defaults and is not listed above fails here. */
    static Map<String, CatalogueCase> all() {
        Map<String, CatalogueCase> cases = new TreeMap<>();
        for (LossType<?> type : LossCatalogue.types().values()) {
            CatalogueCase special = SPECIAL.get(type.id());
            cases.put(type.id(), special == null ? new CatalogueCase(type.create(Map.of()), 3) : special);
        }
        return cases;
    }

    String id() {
        return spec.id();
    }

    Loss4jLoss loss() {
        return Dl4jLosses.of(spec);
    }

    /** What the layer ends in, as the loss itself tells. */
    Activation activation() {
        if (spec.input() == null) {
            return id().equals("mean_squared_logarithmic_error") ? Activation.SOFTPLUS : Activation.IDENTITY;
        }
        return switch (spec.activation()) {
            case SOFTMAX -> Activation.SOFTMAX;
            case SIGMOID -> Activation.SIGMOID;
            case ANY -> spec.input() == InputForm.PROBABILITIES ? Activation.SOFTMAX : Activation.IDENTITY;
        };
    }

    INDArray labels(Head head, DataType type) {
        LossSpec shape = shape(spec, nOut);
        if (MARGINS.contains(id())) {
            return head.binary(type, nOut).mul(2).sub(1);
        } else if (shape instanceof BinaryLoss || FLAGS.contains(id())) {
            return head.binary(type, nOut);
        } else if (isClassification(shape)) {
            return head.oneHot(type, nOut);
        } else if (spec.input() != null) {
            INDArray soft = head.real(type, nOut).add(1.1);
            return soft.div(soft.sum(true, 1));
        }
        INDArray numbers = head.real(type, shape instanceof RowLoss row ? row.labelColumns(nOut) : nOut);
        return AMOUNTS.contains(id()) ? Transforms.abs(numbers).add(0.1) : numbers;
    }

    /** Whether there are as many labels as outputs, so that class weights and masks of outputs make sense. */
    boolean isWeighable() {
        return !(shape(spec, nOut) instanceof RowLoss row) || row.labelColumns(nOut) == nOut;
    }

    /** Whether something counts as a constant while the loss is differentiated, so that it is not the slope of the score. */
    boolean isHeld() {
        double[] somewhere = new double[nOut];
        somewhere[0] = 1;
        return spec instanceof RowLoss row && row.labelColumns(nOut) == nOut && row.heldAt(somewhere) != row;
    }

    MultiLayerNetwork network(Head head, DataType type, IUpdater updater) {
        return head.network(loss(), activation(), nOut, type, updater);
    }

    private static boolean isClassification(LossSpec shape) {
        return shape instanceof SoftmaxLoss
                || shape instanceof BatchLoss
                || shape instanceof RowLoss row && row.classification();
    }

    /** One of the four shapes; of a sum, that of its first loss. */
    private static LossSpec shape(LossSpec spec, int columns) {
        LossSpec formula = WeightedSum.parts(spec).get(0).loss().formula(columns);
        return formula instanceof Scaled scaled ? scaled.loss() : formula;
    }

    @Override
    public String toString() {
        return loss() + " behind " + activation();
    }
}
