package io.loss4j.cpu;

import io.loss4j.loss.AbsentClasses;
import io.loss4j.loss.Activation;
import io.loss4j.loss.AsymmetricLoss;
import io.loss4j.loss.BinaryCrossEntropy;
import io.loss4j.loss.CrossEntropy;
import io.loss4j.loss.Dice;
import io.loss4j.loss.FMeasure;
import io.loss4j.loss.FocalTversky;
import io.loss4j.loss.GeneralizedDice;
import io.loss4j.loss.Huber;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.Jaccard;
import io.loss4j.loss.KlDivergence;
import io.loss4j.loss.Ldam;
import io.loss4j.loss.LogitAdjustedCrossEntropy;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.LovaszHinge;
import io.loss4j.loss.LovaszSoftmax;
import io.loss4j.loss.MatthewsCorrelation;
import io.loss4j.loss.MeanAbsoluteError;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.MultiMargin;
import io.loss4j.loss.NegativeLogLikelihood;
import io.loss4j.loss.OverlapAxis;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import io.loss4j.loss.Tversky;
import io.loss4j.tck.LossConformance;
import io.loss4j.tck.Range;
import java.util.Arrays;
import org.junit.jupiter.api.Nested;

/** The losses of Loss4J as the contract of losses sees them: one class each, as a third party would write it. */
class CpuLossConformanceTest {
    private static PerColumn counts(int columns) {
        double[] counts = new double[columns];
        Arrays.setAll(counts, k -> 3 + 5 * (k % 7));
        return PerColumn.of(counts);
    }

    @Nested
    class SoftmaxCrossEntropyTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return new SoftmaxCrossEntropy();
        }
    }

    @Nested
    class SoftmaxFocalTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return new SoftmaxFocal(2);
        }
    }

    @Nested
    class LogitAdjustedCrossEntropyTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return spec(5);
        }

        @Override
        protected LossSpec spec(int columns) {
            return new LogitAdjustedCrossEntropy(counts(columns));
        }
    }

    @Nested
    class LdamTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return spec(5);
        }

        @Override
        protected LossSpec spec(int columns) {
            return new Ldam(counts(columns));
        }
    }

    @Nested
    class CrossEntropyTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return new CrossEntropy();
        }
    }

    @Nested
    class NegativeLogLikelihoodTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return new NegativeLogLikelihood();
        }
    }

    @Nested
    class SigmoidCrossEntropyTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return new SigmoidCrossEntropy();
        }
    }

    @Nested
    class SigmoidFocalTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return new SigmoidFocal(0.25, 2);
        }
    }

    @Nested
    class AsymmetricLossTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return new AsymmetricLoss();
        }
    }

    @Nested
    class BinaryCrossEntropyTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return new BinaryCrossEntropy();
        }
    }

    @Nested
    class KlDivergenceTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return new KlDivergence();
        }

        @Override
        protected Range predictions() {
            return Range.LOG_PROBABILITIES;
        }

        @Override
        protected Range labels() {
            return Range.PROBABILITIES;
        }
    }

    @Nested
    class MeanSquaredErrorTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return new MeanSquaredError();
        }
    }

    @Nested
    class MeanAbsoluteErrorTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return new MeanAbsoluteError();
        }
    }

    @Nested
    class HuberTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return new Huber(1.5);
        }
    }

    @Nested
    class MultiMarginTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return new MultiMargin(2, 0.8);
        }
    }

    @Nested
    class FMeasureTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return new FMeasure(2);
        }

        @Override
        protected int mostColumns() {
            return 2;
        }
    }

    @Nested
    class DiceTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return new Dice(OverlapAxis.CLASS, InputForm.LOGITS, Activation.SOFTMAX);
        }
    }

    @Nested
    class DiceOfRowsTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return new Dice(OverlapAxis.ROW, InputForm.LOGITS, Activation.SIGMOID);
        }
    }

    @Nested
    class JaccardTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return new Jaccard();
        }
    }

    @Nested
    class TverskyTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return new Tversky(0.3, 0.7, OverlapAxis.BATCH, InputForm.LOGITS, Activation.SIGMOID);
        }
    }

    @Nested
    class FocalTverskyTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return new FocalTversky(0.3, 0.7, 1.3);
        }
    }

    @Nested
    class GeneralizedDiceTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return new GeneralizedDice();
        }
    }

    @Nested
    class LovaszHingeTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return new LovaszHinge();
        }
    }

    @Nested
    class LovaszSoftmaxTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return new LovaszSoftmax(OverlapAxis.ROW, AbsentClasses.COUNT, InputForm.LOGITS, Activation.SOFTMAX);
        }
    }

    @Nested
    class MatthewsCorrelationTest extends LossConformance {
        @Override
        protected LossSpec spec() {
            return new MatthewsCorrelation();
        }
    }
}
