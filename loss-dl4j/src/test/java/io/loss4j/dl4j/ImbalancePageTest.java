package io.loss4j.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.ClassCounts;
import io.loss4j.ClassWeights;
import io.loss4j.dl4j.decision.DecisionRule;
import io.loss4j.dl4j.decision.Goal;
import io.loss4j.dl4j.metric.Bootstrap;
import io.loss4j.dl4j.metric.ConfusionMatrix;
import io.loss4j.dl4j.metric.Interval;
import io.loss4j.dl4j.metric.Metric;
import io.loss4j.dl4j.metric.Predictions;
import io.loss4j.dl4j.sampling.BalancedBatches;
import io.loss4j.dl4j.sampling.RandomOverSampler;
import io.loss4j.dl4j.sampling.ResampledIterator;
import io.loss4j.dl4j.sampling.Smote;
import io.loss4j.dl4j.sampling.StratifiedSplit;
import io.loss4j.dl4j.schedule.DeferredReweighting;
import io.loss4j.dl4j.schedule.LossSchedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** docs/imbalance.md from its first step to its last; its snippets are lines of this file. */
class ImbalancePageTest {
    private static final Path PAGE = Path.of("..", "docs", "imbalance.md");
    private static final Path HERE = Path.of("src/test/java/io/loss4j/dl4j/ImbalancePageTest.java");
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;

    /** Two overlapping clouds, one row in ten in the second. */
    private static DataSet clouds() {
        Random random = new Random(9);
        double[][] x = new double[800][2];
        double[][] y = new double[800][2];
        for (int i = 0; i < 800; i++) {
            int label = i % 10 == 0 ? 1 : 0;
            x[i] = new double[] {random.nextGaussian() + 1.5 * label, random.nextGaussian() + label};
            y[i][label] = 1;
        }
        return new DataSet(Nd4j.create(x).castTo(DataType.FLOAT), Nd4j.create(y).castTo(DataType.FLOAT));
    }

    private static MultiLayerNetwork network(Loss4jLoss loss) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Adam(0.02))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(2)
                        .nOut(6)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder(loss)
                        .activation(Activation.SOFTMAX)
                        .nIn(6)
                        .nOut(2)
                        .build())
                .build());
        network.init();
        return network;
    }

    @Test
    void fromCountsToAVerdict() throws IOException {
        DataSet all = clouds();
        StratifiedSplit split = StratifiedSplit.of(all, 0.25, 42);
        StratifiedSplit inner = StratifiedSplit.of(split.training(), 0.25, 43);
        DataSet training = inner.training();
        DataSet heldOut = inner.evaluation();
        DataSet test = split.evaluation();

        ClassCounts counts = ClassCounts.of(new ListDataSetIterator<>(training.asList(), 32));
        double[] priors = counts.priors();
        assertEquals(0.1, priors[1], 1e-9);

        Loss4jLoss weighted = Dl4jLosses.softmaxCrossEntropy(ClassWeights.balanced(counts));
        Loss4jLoss milder = Dl4jLosses.softmaxCrossEntropy(ClassWeights.effectiveNumber(counts, 0.999));
        Loss4jLoss adjusted = Dl4jLosses.logitAdjusted(counts, 1);
        Loss4jLoss margins = Dl4jLosses.ldam(counts);
        DataSetIterator trainingData = new ListDataSetIterator<>(training.asList(), 32);
        for (Loss4jLoss loss : List.of(weighted, milder, adjusted, margins)) {
            MultiLayerNetwork trained = network(loss);
            trained.fit(trainingData, 2);
            assertFalse(Double.isNaN(trained.score()), loss.toString());
        }

        MultiLayerNetwork network = network(Dl4jLosses.softmaxCrossEntropy());
        DataSetIterator repeated = new ResampledIterator(training, new RandomOverSampler(7), 32);
        DataSetIterator synthetic = new ResampledIterator(training, new Smote(7), 32);
        DataSetIterator balanced = BalancedBatches.exactly(training, 32, 7);
        network.fit(balanced, 5);
        network.fit(repeated, 1);
        network.fit(synthetic, 1);

        network = network(Dl4jLosses.softmaxCrossEntropy());
        network.setListeners(new DeferredReweighting(ClassWeights.effectiveNumber(counts, 0.9999), 8));
        network.fit(trainingData, 10); // epochs 0 to 7 without weights, 8 and 9 with them
        assertFalse(NetworkLosses.of(network)
                .values()
                .iterator()
                .next()
                .function()
                .classWeights()
                .isNone());

        MultiLayerNetwork focalNetwork = network(Dl4jLosses.softmaxFocal(2));
        ISchedule rising = new MapSchedule.Builder(ScheduleType.EPOCH)
                .add(0, 0.0)
                .add(3, 1.0)
                .add(6, 2.0)
                .build();
        focalNetwork.setListeners(
                LossSchedule.of("gamma", rising),
                LossSchedule.of((loss, epoch, iteration) -> loss.withLabelSmoothing(epoch < 5 ? 0.05 : 0)));
        focalNetwork.fit(trainingData, 6);

        MultiLayerNetwork plainNetwork = network(Dl4jLosses.softmaxCrossEntropy());
        plainNetwork.fit(trainingData, 10);

        Predictions heldOutPredictions = Predictions.of(network, new ListDataSetIterator<>(heldOut.asList(), 32));
        DecisionRule calibrated = DecisionRule.ofClasses(2).fitTemperature(heldOutPredictions);
        DecisionRule best = calibrated.fitThresholds(heldOutPredictions, Goal.fBeta(1, 2));
        DecisionRule cheapest = calibrated.withCosts(new double[][] {{0, 1}, {20, 0}}); // costs[true class][decision]
        assertEquals(best.temperature(), cheapest.temperature());

        Path model = folder.resolve("model.zip");
        ModelSerializer.writeModel(network, model.toFile(), true);
        best.addTo(model);
        INDArray decisions = DecisionRule.ofModel(model).decide(network.output(test.getFeatures()));
        assertEquals(200, decisions.length());

        Predictions ours = Predictions.of(network, new ListDataSetIterator<>(test.asList(), 32));
        Predictions theirs = Predictions.of(plainNetwork, new ListDataSetIterator<>(test.asList(), 32));
        Bootstrap bootstrap = Bootstrap.of(42).stratifiedByClass();
        Interval area = bootstrap.interval(Metric.averagePrecision(1), ours);
        Interval gain = bootstrap.difference(Metric.averagePrecision(1), ours, theirs);
        String verdict = gain.excludesZero() ? "real" : "may be chance";
        assertTrue(area.lower() > 0.15, "better than guessing: " + area + ", " + gain + " " + verdict);

        ConfusionMatrix matrix = ConfusionMatrix.of(2, ours.labels(), decisions.toIntVector());
        double mcc = matrix.matthewsCorrelation();
        assertTrue(mcc > 0.1, matrix.toString());
        assertTrue(matrix.recall(1) > ConfusionMatrix.of(theirs).recall(1), "F2 wants recall");
    }

    @Test
    void everySnippetOfThePageIsPartOfTheTest() throws IOException {
        String source = oneLine(Files.readString(HERE));
        List<String> missing = new ArrayList<>();
        Matcher snippets = JAVA.matcher(Files.readString(PAGE));
        int found = 0;
        for (; snippets.find(); found++) {
            if (!source.contains(oneLine(snippets.group(1)))) {
                missing.add(snippets.group(1));
            }
        }
        assertEquals(List.of(), missing);
        assertEquals(10, found);
    }

    /** Lines are broken elsewhere on a page than in a source file. */
    private static String oneLine(String text) {
        return text.replaceAll("\\s+", "");
    }
}
