package io.loss4j.benchmarks;

import io.loss4j.benchmarks.timing.Workload;
import java.util.Arrays;

/** Who is timed; each in processes of its own, with JVM options and a class path of its own. */
enum Contender {
    LOSS4J("loss4j", "Loss4J with SIMD"),
    LOSS4J_ONE_THREAD("loss4j-1-thread", "Loss4J with SIMD on one thread"),
    LOSS4J_SCALAR("loss4j-scalar", "Loss4J without SIMD"),
    DL4J("dl4j", "Deeplearning4j's own loss with the natives of the class path"),
    DL4J_AVX2("dl4j-avx2", "Deeplearning4j's own loss with the avx2 natives"),
    DL4J_AVX512("dl4j-avx512", "Deeplearning4j's own loss with the avx512 natives"),
    PYTORCH("pytorch", "PyTorch's functional loss, forward and backward by autograd"),
    COPY("copy", "reads labels and predictions, writes as much as a gradient, computes nothing");

    final String id;
    final String description;

    Contender(String id, String description) {
        this.id = id;
        this.description = description;
    }

    static Contender named(String id) {
        return Arrays.stream(values())
                .filter(c -> c.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no contender '" + id + "'"));
    }

    boolean isDl4j() {
        return this == DL4J || this == DL4J_AVX2 || this == DL4J_AVX512;
    }

    boolean isLoss4j() {
        return this == LOSS4J || this == LOSS4J_ONE_THREAD || this == LOSS4J_SCALAR;
    }

    boolean takesPartIn(Workload workload) {
        return !isDl4j() || BuiltIn.of(workload) != null;
    }

    int threads(int asked) {
        return this == LOSS4J_ONE_THREAD ? 1 : asked;
    }

    /** For {@code -Dloss4j.cpu.simd}: without SIMD nobody shall take the numbers for those with. */
    String simd() {
        return this == LOSS4J_SCALAR ? "off" : "require";
    }

    /** The ending of the classifier of ND4J's natives, or an empty text for those of the class path. */
    String natives() {
        return switch (this) {
            case DL4J_AVX2 -> "-avx2";
            case DL4J_AVX512 -> "-avx512";
            default -> "";
        };
    }

    @Override
    public String toString() {
        return id;
    }
}
