package io.loss4j.cuda;

import io.loss4j.loss.Huber;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import io.loss4j.tck.LossConformance;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One loss of every shape of kernel. Totals by class are the CPU's, as {@code cuda,cpu} lets them; what CUDA accepts it
 * must compute, for without a {@code *} a failure is an error. The others go through {@link CudaBackendConformanceTest},
 * with a part of the combinations: emulated kernels take their time.
 */
@ExtendWith(FakeDriver.class)
class CudaLossConformanceTest {
    abstract static class OnCuda extends LossConformance {
        @Override
        protected String backends() {
            return "cuda,cpu";
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
    class SigmoidCrossEntropyTest extends OnCuda {
        @Override
        protected LossSpec spec() {
            return new SigmoidCrossEntropy();
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
