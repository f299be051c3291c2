package io.loss4j.cuda;

import io.loss4j.loss.LossSpec;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.tck.BackendConformance;
import io.loss4j.tck.LossExample;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A softmax and an elementwise loss through all combinations of the contract. {@link CudaBackendConformanceTest} takes the
 * others through a part of them: emulated kernels take their time.
 */
@ExtendWith(FakeDriver.class)
class CudaCombinationsTest {
    abstract static class OneLoss extends BackendConformance {
        abstract LossSpec spec();

        @Override
        protected String backend() {
            return "cuda";
        }

        @Override
        protected List<LossExample> losses() {
            return List.of(LossExample.of(spec()));
        }
    }

    @Nested
    class CrossEntropyTest extends OneLoss {
        @Override
        LossSpec spec() {
            return new SoftmaxCrossEntropy();
        }
    }

    @Nested
    class SigmoidTest extends OneLoss {
        @Override
        LossSpec spec() {
            return new SigmoidCrossEntropy();
        }
    }
}
