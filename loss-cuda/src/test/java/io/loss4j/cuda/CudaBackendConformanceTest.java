package io.loss4j.cuda;

import io.loss4j.loss.LossSpec;
import io.loss4j.tck.BackendConformance;
import io.loss4j.tck.LossExample;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every loss that has a kernel, by the rules of the contract; the others are declined with a reason. */
@Tag("once")
@ExtendWith(FakeDriver.class)
class CudaBackendConformanceTest extends BackendConformance {
    /** How many of the losses without a kernel are asked, only to be declined. */
    private static final int DECLINED = 3;

    @Override
    protected String backend() {
        return "cuda";
    }

    /**
     * One example of every loss with a kernel: those of its other parameters differ in numbers only. Of the losses of whole
     * rows one, for they share all but a formula, which golden values and {@code selfcheck.cpp} check, and one of them
     * takes the emulation as long as four others. Not {@code seesaw}, whose steps grow with the square of the columns:
     * golden values, {@code CudaLossTest} and {@code selfcheck.cpp} check it.
     */
    @Override
    protected List<LossExample> losses() {
        Set<String> seen = new HashSet<>();
        Map<Boolean, List<LossExample>> byKernel = super.losses().stream()
                .filter(e -> seen.add(kernelOf(e.spec().apply(2))))
                .filter(e -> !e.spec().apply(2).id().equals("seesaw"))
                .collect(Collectors.partitioningBy(e -> hasKernel(e.spec().apply(2))));
        return Stream.concat(
                        byKernel.get(true).stream(),
                        byKernel.get(false).stream().limit(DECLINED))
                .toList();
    }

    private static String kernelOf(LossSpec spec) {
        KernelTable.Loss entry = KernelTable.LOSSES.get(spec.id());
        return entry != null && entry.shape().equals("whole_row") ? entry.stem() : spec.id();
    }

    private static boolean hasKernel(LossSpec spec) {
        return Formula.of(spec.formula(2)).decline == null;
    }
}
