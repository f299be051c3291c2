package io.loss4j.dl4j.metric;

import static io.loss4j.dl4j.metric.Refusal.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.evaluation.EvaluationAveraging;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Against scikit-learn 1.2.1 on {@link Examples}, by its functions balanced_accuracy_score, f1_score, fbeta_score,
 * matthews_corrcoef, log_loss, average_precision_score, roc_auc_score (one against the rest), brier_score_loss.
 */
class MetricTest {
    private static final double EXACT = 1e-12;

    private static void assertMetric(double expected, Metric metric) {
        assertEquals(expected, metric.of(Examples.predictions()), EXACT);
    }

    @Test
    void decisions() {
        assertMetric(38 / 60.0, Metric.accuracy());
        assertMetric(0.6851851851851852, Metric.balancedAccuracy());
        assertMetric(0.6034188034188034, Metric.macroF1());
        assertMetric(0.43281580514169404, Metric.matthewsCorrelation());
        assertMetric(5 / 6.0, Metric.recall(2));
        assertMetric(5 / 19.0, Metric.precision(2));
        assertMetric(0.4, Metric.fBeta(2, 1));
        assertMetric(25 / 43.0, Metric.fBeta(2, 2)); // 0.58139535
        assertMetric(Math.cbrt(22 / 36.0 * 11 / 18 * 5 / 6), Metric.geometricMean());
    }

    @Test
    void areas() {
        assertMetric(0.9252575775418561, Metric.averagePrecision(0));
        assertMetric(0.8262029201109662, Metric.averagePrecision(1));
        assertMetric(0.8733333333333333, Metric.averagePrecision(2));
        assertMetric(
                (0.9252575775418561 + 0.8262029201109662 + 0.8733333333333333) / 3, Metric.macroAveragePrecision());
        assertMetric(0.941358024691358, Metric.rocArea(2));
        assertMetric(0.9056069958847736, Metric.macroRocArea());
    }

    /** floor(5 p) has four different values. */
    @Test
    void areasWithManyEqualScores() {
        Predictions all = Examples.predictions();
        double[] scores = new double[60];
        boolean[] positive = new boolean[60];
        for (int i = 0; i < 60; i++) {
            scores[i] = Math.floor(5 * all.score(i, 2));
            positive[i] = all.label(i) == 2;
        }
        assertEquals(0.7494462901439646, Ranking.of(scores, positive).averagePrecision(), EXACT);
        assertEquals(0.9151234567901235, Ranking.of(scores, positive).rocArea(), EXACT);
    }

    @Test
    void probabilities() {
        assertMetric(0.7135301650513759, Metric.logLoss());
        assertMetric(0.41436947362772136, Metric.brier());
        assertMetric(0.08637373434386107, Metric.brier(2));
    }

    @Test
    void byHand() {
        double[][] probabilities = {{0.8, 0.2}, {0.2, 0.8}};
        assertEquals(-Math.log(0.8), Metric.logLoss().of(probabilities, new int[] {0, 1}), EXACT);
        assertEquals(0.08, Metric.brier().of(probabilities, new int[] {0, 1}), EXACT);
        assertEquals(0.04, Metric.brier(1).of(probabilities, new int[] {0, 1}), EXACT);
        assertEquals(1, Metric.accuracy().of(Nd4j.create(probabilities), Nd4j.create(new double[][] {{1, 0}, {0, 1}})));
    }

    /** 1 and 0 for a row of the second class: scikit-learn gives 18.021826694558577 too, -ln(2^-52) / 2. */
    @Test
    void r1_2_aProbabilityOfZeroHasAFiniteLoss() {
        double[][] sure = {{1, 0}, {1, 0}};
        assertEquals(18.021826694558577, Metric.logLoss().of(sure, new int[] {0, 1}), EXACT);
        assertEquals(0, Metric.logLoss().of(sure, new int[] {0, 0}));
    }

    @Test
    void classesThatDoNotOccur() {
        double[][] scores = {{3, 2, 1}, {3, 2, 1}, {1, 2, 3}, {1, 3, 2}, {3, 2, 1}};
        int[] labels = {0, 0, 0, 1, 1};
        assertEquals(0.5833333333333333, Metric.balancedAccuracy().of(scores, labels), EXACT);
        assertEquals(0.4444444444444444, Metric.macroF1().of(scores, labels), EXACT); // class 2 is predicted: 0
        assertEquals(0.3086066999241838, Metric.matthewsCorrelation().of(scores, labels), EXACT);
        assertEquals(Double.NaN, Metric.recall(2).of(scores, labels));
        assertEquals(0, Metric.precision(2).of(scores, labels));
        assertEquals(Double.NaN, Metric.averagePrecision(2).of(scores, labels));
        assertEquals(
                (Metric.averagePrecision(0).of(scores, labels)
                                + Metric.averagePrecision(1).of(scores, labels))
                        / 2,
                Metric.macroAveragePrecision().of(scores, labels),
                EXACT);
    }

    @Test
    void oneClassOnly() {
        double[][] scores = {{1, 0}, {0, 1}, {1, 0}};
        int[] labels = {0, 0, 0};
        assertEquals(2 / 3.0, Metric.balancedAccuracy().of(scores, labels), EXACT);
        assertEquals(0.4, Metric.macroF1().of(scores, labels), EXACT);
        assertEquals(0, Metric.matthewsCorrelation().of(scores, labels));
        assertEquals(Double.NaN, Metric.macroRocArea().of(scores, labels));
        assertEquals(1, Metric.macroAveragePrecision().of(scores, labels));
    }

    /** scikit-learn: 0.5379318465051987 for 80, 10, 6 and 4. */
    @Test
    void matthewsCorrelationOfTwoClassesIsTheUsualOne() {
        ConfusionMatrix m = ConfusionMatrix.ofCounts(new long[][] {{80, 10}, {2, 8}});
        assertEquals((80 * 8 - 10 * 2) / Math.sqrt(90.0 * 10 * 82 * 18), m.matthewsCorrelation(), EXACT);
    }

    @Test
    void matricesOfPartsAddUp() {
        ConfusionMatrix one = ConfusionMatrix.of(2, new int[] {0, 0, 1}, new int[] {0, 1, 1});
        ConfusionMatrix other = ConfusionMatrix.of(2, new int[] {1, 1}, new int[] {0, 1});
        ConfusionMatrix sum = ConfusionMatrix.of(2, new int[] {0, 0, 1, 1, 1}, new int[] {0, 1, 1, 0, 1});
        assertEquals(sum, one.plus(other));
        assertEquals(ConfusionMatrix.ofCounts(new long[][] {{1, 1}, {1, 2}}), sum);
        assertEquals(5, sum.total());
        assertEquals(3, sum.predicted(1));
        refused("L4J-D52", "2 classes plus 3", () -> sum.plus(ConfusionMatrix.ofCounts(new long[3][3])));
        refused("L4J-D50", "row 1 of 2 is [1]", () -> ConfusionMatrix.ofCounts(new long[][] {{1, 2}, {1}}));
        refused("L4J-D50", "row 0 of 1 is [-1]", () -> ConfusionMatrix.ofCounts(new long[][] {{-1}}));
        refused("L4J-D50", "1 labels and 2 decisions", () -> ConfusionMatrix.of(2, new int[1], new int[2]));
        refused("L4J-L01", "row 0 is 2", () -> ConfusionMatrix.of(2, new int[] {2}, new int[1]));
    }

    @Test
    void theMatrixIsThatOfScikitLearn() {
        ConfusionMatrix expected = ConfusionMatrix.ofCounts(new long[][] {{22, 0, 14}, {7, 11, 0}, {0, 1, 5}});
        assertEquals(expected, ConfusionMatrix.of(Examples.predictions()));
        assertEquals("""
                true \\ predicted   0  urgent   2
                0                 22       0  14
                urgent             7      11   0
                2                  0       1   5""", expected.table(List.of("0", "urgent")).replace(System.lineSeparator(), "\n"));
    }

    /** What of ND4J's evaluation agrees, and the reason for an own matrix: if the last line fails, it can go. */
    @Test
    void nd4jCountsTheSameButAveragesOtherwise() {
        Predictions p = Examples.predictions();
        double[][] oneHot = new double[60][3];
        double[][] scores = new double[60][3];
        for (int i = 0; i < 60; i++) {
            oneHot[i][p.label(i)] = 1;
            for (int k = 0; k < 3; k++) {
                scores[i][k] = p.score(i, k);
            }
        }
        Evaluation nd4j = new Evaluation(3);
        nd4j.eval(Nd4j.create(oneHot), Nd4j.create(scores));
        ConfusionMatrix ours = ConfusionMatrix.of(nd4j);
        assertEquals(ConfusionMatrix.of(p), ours);
        assertEquals(nd4j.accuracy(), ours.accuracy(), EXACT);
        for (int k = 0; k < 3; k++) {
            assertEquals(nd4j.recall(k), ours.recall(k), EXACT);
            assertEquals(nd4j.precision(k), ours.precision(k), EXACT);
            assertEquals(nd4j.f1(k), ours.f1(k), EXACT);
        }
        assertNotEquals(nd4j.matthewsCorrelation(EvaluationAveraging.Macro), ours.matthewsCorrelation(), 1e-3);
    }

    @Test
    void r9_whatIsNoProbabilityIsRefused() {
        int[] labels = {0, 1};
        double[][] logits = {{3, -1}, {0, 1}};
        refused("L4J-D51", "a score of row 0 is 3.0", () -> Metric.brier(1).of(logits, labels));
        double[][] sigmoids = {{0.9, 0.9}, {0.1, 0.1}};
        refused(
                "L4J-D51",
                "the scores of row 0 sum to 1.8",
                () -> Metric.logLoss().of(sigmoids, labels));
        refused("L4J-D51", "sum to", () -> Metric.brier().of(sigmoids, labels));
        assertEquals(0.81 / 2 + 0.81 / 2, Metric.brier(1).of(sigmoids, labels), EXACT);
        refused("L4J-D52", "class 2 of 2 classes", () -> Metric.recall(2).of(sigmoids, labels));
        refused("L4J-D52", "beta is 0.0", () -> Metric.fBeta(1, 0).of(sigmoids, labels));
        refused("L4J-D52", "0 bins", () -> Metric.expectedCalibrationError(0).of(sigmoids, labels));
    }
}
