package io.loss4j.examples.comparison;

import io.loss4j.ClassCounts;
import io.loss4j.ClassWeights;
import io.loss4j.dl4j.Loss4jLoss;
import io.loss4j.dl4j.NetworkLosses;
import io.loss4j.dl4j.decision.DecisionRule;
import io.loss4j.dl4j.decision.Goal;
import io.loss4j.dl4j.metric.ConfusionMatrix;
import io.loss4j.dl4j.metric.Predictions;
import io.loss4j.dl4j.sampling.Resampler;
import io.loss4j.dl4j.sampling.StratifiedSplit;
import io.loss4j.error.LossInputException;
import io.loss4j.examples.data.Dataset;
import io.loss4j.examples.training.Batches;
import io.loss4j.examples.training.Networks;
import io.loss4j.examples.training.Settings;
import java.util.Arrays;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.DataSet;

/**
 * One network and its training by a recipe. Every recipe takes the same number of steps with batches of the same size: one
 * that trains with more rows sees each of them less often, and is not better only because it trained for longer.
 */
final class Fitting {
    /** Rows that are answered at once. */
    private static final int ANSWERED = 4096;
    /** When deferred weights come in: after this part of the epochs, as in the paper. */
    private static final double DEFERRED = 0.8;
    /** The part of the rows that thresholds are fitted on. */
    private static final double HELD_OUT = 0.2;

    private final Recipe recipe;
    private final Dataset data;
    private final Settings settings;
    private final DataSet given;
    /** Rows to fit the decision rule on, if there is one. */
    private final @Nullable DataSet heldOut;

    private final @Nullable Resampler resampler;
    private final @Nullable ClassWeights deferred;
    private final MultiLayerNetwork network;
    private final int steps;
    private Batches pass;
    private int passes;
    private int next;

    /**
     * @param settings whose seed is that of the fold, the same for every recipe
     */
    Fitting(Recipe recipe, Dataset data, Settings settings) {
        int classes = data.classes().size();
        this.recipe = recipe;
        this.data = data;
        this.settings = settings;
        DataSet all = Batches.whole(data.train(), classes);
        StratifiedSplit split = recipe.fitsThresholds() ? StratifiedSplit.of(all, HELD_OUT, settings.seed()) : null;
        this.given = split == null ? all : split.training();
        this.heldOut = split == null ? null : split.evaluation();
        this.resampler = recipe.resampler(Dataset.Part.of(given).counts(classes), settings.seed());
        this.steps = (data.train().size() + settings.batch() - 1) / settings.batch();
        DataSet first = sample();
        this.pass = batches(first);
        ClassCounts counts = ClassCounts.ofLabels(classes, first.getLabels());
        this.deferred = recipe.deferredWeights(counts);
        Loss4jLoss loss = recipe.loss(counts);
        this.network = Networks.create(data.inputs(), classes, settings, loss);
    }

    /** Rows for a pass over them: others every time where they are sampled. */
    private DataSet sample() {
        return resampler == null
                ? given
                : resampler.withSeed(settings.seed() + passes).resample(given);
    }

    private Batches batches(DataSet rows) {
        Batches batches =
                new Batches(Dataset.Part.of(rows), data.classes().size(), settings.batch(), settings.seed() + passes);
        batches.shuffle();
        return batches;
    }

    private DataSet nextBatch() {
        if (next == pass.count()) {
            passes++;
            next = 0;
            if (resampler == null) {
                pass.shuffle();
            } else {
                pass = batches(sample());
            }
        }
        return pass.get(next++);
    }

    /**
     * Trains for an epoch.
     *
     * @return the mean loss of its batches
     */
    double epoch(int epoch) {
        if (deferred != null && epoch == deferral(settings.epochs())) {
            ClassWeights weights = deferred;
            NetworkLosses.change(network, (name, loss) -> loss.with(f -> f.withClassWeights(weights)));
        }
        double sum = 0;
        for (int i = 0; i < steps; i++) {
            network.fit(nextBatch());
            sum += network.score();
        }
        return sum / steps;
    }

    /** The epoch, from 0, in which deferred weights come in. */
    static int deferral(int epochs) {
        return (int) (DEFERRED * epochs);
    }

    /**
     * What the network says about the rows to test.
     *
     * @throws LossInputException if training went astray and it answers NaN
     */
    float[][] probabilities() {
        Batches tested = new Batches(data.test(), data.classes().size(), ANSWERED, 0);
        float[][] answers = new float[data.test().size()][];
        for (int i = 0; i < tested.count(); i++) {
            float[][] some = network.output(tested.inputs(i)).toFloatMatrix();
            System.arraycopy(some, 0, answers, i * ANSWERED, some.length);
        }
        for (float[] row : answers) {
            for (float p : row) {
                if (Float.isNaN(p)) {
                    throw new LossInputException(
                            "L4J-D30",
                            recipe.id(),
                            "the network answers NaN after training with a learning rate of " + settings.learningRate(),
                            "lower --learning-rate");
                }
            }
        }
        return answers;
    }

    /** How the outputs become a class: the most probable one, unless thresholds are fitted. */
    DecisionRule rule() {
        DecisionRule rule = DecisionRule.ofClasses(data.classes().size());
        return heldOut == null
                ? rule
                : rule.fitThresholds(
                        Predictions.of(network.output(heldOut.getFeatures()), heldOut.getLabels()),
                        Goal.balancedAccuracy());
    }

    /** The class that is answered for each row. */
    int[] decide(float[][] probabilities) {
        double[][] scores = new double[probabilities.length][];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = new double[probabilities[i].length];
            for (int k = 0; k < scores[i].length; k++) {
                scores[i][k] = probabilities[i][k];
            }
        }
        return rule().decide(scores);
    }

    private static int[] mostProbable(float[][] rows) {
        return Arrays.stream(rows).mapToInt(Fitting::mostProbable).toArray();
    }

    private static int mostProbable(float[] row) {
        int best = 0;
        for (int k = 1; k < row.length; k++) {
            best = row[k] > row[best] ? k : best;
        }
        return best;
    }

    /** Of the rows to test, by the most probable class. */
    double balancedAccuracy(float[][] probabilities) {
        return ConfusionMatrix.of(data.classes().size(), data.test().labels(), mostProbable(probabilities))
                .balancedAccuracy();
    }

    MultiLayerNetwork network() {
        return network;
    }
}
