package io.loss4j.cuda;

import io.loss4j.loss.AsymmetricLoss;
import io.loss4j.loss.Huber;
import io.loss4j.loss.Ldam;
import io.loss4j.loss.LogitAdjustedCrossEntropy;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import io.loss4j.tck.LossConformance;
import java.util.Arrays;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/** Losses that must run on CUDA whatever their options: declining one is a failure here. */
@ExtendWith(FakeDriver.class)
class CudaLossConformanceTest {
    private static PerColumn counts(int columns) {
        double[] counts = new double[columns];
        Arrays.setAll(counts, k -> 3 + 5 * (k % 7));
        return PerColumn.of(counts);
    }

    abstract static class OnCuda extends LossConformance {
        @Override
        protected String backends() {
            return "cuda";
        }
    }

    @Nested
    class SoftmaxCrossEntropyTest extends OnCuda {
        @Override
        protected LossSpec spec() {
            return new SoftmaxCrossEntropy();
        }
    }

    @Nested
    class SoftmaxFocalTest extends OnCuda {
        @Override
        protected LossSpec spec() {
            return new SoftmaxFocal(2);
        }
    }

    @Nested
    class LogitAdjustedCrossEntropyTest extends OnCuda {
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
    class LdamTest extends OnCuda {
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
    class SigmoidCrossEntropyTest extends OnCuda {
        @Override
        protected LossSpec spec() {
            return new SigmoidCrossEntropy();
        }
    }

    @Nested
    class SigmoidFocalTest extends OnCuda {
        @Override
        protected LossSpec spec() {
            return new SigmoidFocal(0.25, 2);
        }
    }

    @Nested
    class AsymmetricLossTest extends OnCuda {
        @Override
        protected LossSpec spec() {
            return new AsymmetricLoss();
        }
    }

    @Nested
    class MeanSquaredErrorTest extends OnCuda {
        @Override
        protected LossSpec spec() {
            return new MeanSquaredError();
        }
    }

    @Nested
    class HuberTest extends OnCuda {
        @Override
        protected LossSpec spec() {
            return new Huber(1.5);
        }
    }
}
