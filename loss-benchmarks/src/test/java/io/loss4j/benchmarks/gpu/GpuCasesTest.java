package io.loss4j.benchmarks.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.benchmarks.timing.Wanted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuCasesTest {
    private static GpuCase named(String name) throws IOException {
        return GpuCases.read(Path.of("gpu", "cases.json")).stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(name));
    }

    @Test
    void everyCaseHasItsBytesAndBars() throws IOException {
        GpuCase index = named("softmax_cross_entropy/index/8192x32000");
        assertEquals(8, index.bytesPerElement());
        assertEquals(OptionalDouble.of(0.92), index.copyFraction());
        assertEquals(OptionalDouble.of(2e-6), index.errorBar());
        assertTrue(index.hasPeers());
        GpuCase bfloat = named("softmax_cross_entropy/index/8192x32000/bfloat16");
        assertEquals(4, bfloat.bytesPerElement());
        assertEquals(OptionalDouble.of(0.92), bfloat.copyFraction());
        assertEquals(OptionalDouble.empty(), bfloat.errorBar());
        assertEquals(12, named("sigmoid_focal/262144x1024").bytesPerElement());
        assertEquals(6, named("sigmoid_focal/262144x1024/bfloat16").bytesPerElement());
        assertEquals(1L << 28, named("sigmoid_focal/262144x1024").workload().elements());
        GpuCase half = named("softmax_cross_entropy/index/8192x32000/half");
        assertTrue(!half.hasPeers() && half.copyFraction().isEmpty());
        GpuCase value = named("softmax_cross_entropy/index/8192x32000 value");
        assertEquals(Wanted.VALUE, value.wanted());
        assertEquals(4, value.bytesPerElement());
        assertEquals(OptionalDouble.empty(), value.copyFraction());
        assertEquals(16, named("softmax_cross_entropy/index/65536x1000/double").bytesPerElement());
        assertEquals(
                OptionalDouble.of(15),
                named("softmax_cross_entropy/index/32x10").callMicroseconds());
        GpuCase weighted = named("softmax_cross_entropy/index/65536x1000/weighted");
        assertEquals(-100, weighted.function().ignoreIndex().orElseThrow());
        assertEquals(0.1, weighted.function().labelSmoothing());
        assertEquals(1000, weighted.function().classWeights().toArray().length);
    }

    @Test
    void aCaseIsCutByRows() throws IOException {
        GpuCase index = named("softmax_cross_entropy/index/8192x32000");
        assertEquals(3, index.within(100_000).workload().rows());
        assertEquals(1, index.within(1).workload().rows());
        assertEquals(8192, index.within(Long.MAX_VALUE).workload().rows());
        assertEquals(32_000, index.within(1).workload().columns());
    }

    @Test
    void whatNobodyKnowsIsRefused(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("cases.json");
        for (List<String> wrong : List.of(
                List.of("{\"workload\": \"huber/3x4\", \"copy\": 1}", "copy"),
                List.of("{\"workload\": \"huber/3x4\"}, {\"workload\": \"huber/3x4\"}", "twice"),
                List.of("{\"workload\": \"hubert/3x4\"}", "hubert"))) {
            Files.writeString(file, "{\"cases\": [" + wrong.get(0) + "]}");
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> GpuCases.read(file));
            assertTrue(e.getMessage().contains(wrong.get(1)), e::getMessage);
        }
    }
}
