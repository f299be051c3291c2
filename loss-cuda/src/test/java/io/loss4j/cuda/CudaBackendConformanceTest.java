package io.loss4j.cuda;

import io.loss4j.tck.BackendConformance;
import io.loss4j.tck.LossExample;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every loss that has a kernel, by the rules of the contract; the others are declined with a reason. */
@ExtendWith(FakeDriver.class)
class CudaBackendConformanceTest extends BackendConformance {
    /** How many of the losses without a kernel are asked, only to be declined. */
    private static final int DECLINED = 3;

    @Override
    protected String backend() {
        return "cuda";
    }

    @Override
    protected List<LossExample> losses() {
        Map<Boolean, List<LossExample>> byKernel = super.losses().stream()
                .collect(Collectors.partitioningBy(e -> Formula.of(e.spec().apply(2)).decline == null));
        return Stream.concat(
                        byKernel.get(true).stream(),
                        byKernel.get(false).stream().limit(DECLINED))
                .toList();
    }
}
