package io.loss4j.benchmarks.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.benchmarks.timing.Wanted;
import io.loss4j.benchmarks.timing.Workload;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DrawTest {
    static GpuCase of(String workload, Optional<GpuCase.Extras> extras) {
        return new GpuCase(
                Workload.named(workload),
                Wanted.VALUE_AND_GRADIENT,
                extras,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                true);
    }

    private static ByteBuffer room(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
    }

    @Test
    void numbersAreThoseOfPlaceAndSeedAlone() {
        Draw draw = new Draw(of("softmax_cross_entropy/index/100x1000", Optional.empty()), 7);
        ByteBuffer whole = room(100_000 * Float.BYTES);
        long sum = draw.writePredictions(0, 100_000, whole);
        ByteBuffer part = room(70_001 * Float.BYTES);
        draw.writePredictions(29_999, 70_001, part);
        long expected = 0;
        for (int i = 0; i < 100_000; i++) {
            assertEquals(draw.prediction(i), whole.getFloat(i * Float.BYTES));
            expected += draw.predictionSteps(i);
        }
        assertEquals(expected, sum);
        assertEquals(whole.slice(29_999 * Float.BYTES, part.capacity()), part);
        Draw other = new Draw(of("softmax_cross_entropy/index/100x1000", Optional.empty()), 8);
        assertNotEquals(sum, other.writePredictions(0, 100_000, whole));
    }

    @Test
    void predictionsAreNearlyNormalAndOfTheirType() {
        for (String type : new String[] {"", "/half", "/bfloat16", "/double"}) {
            Draw draw = new Draw(of("huber/1000x100" + type, Optional.empty()), 1);
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < 100_000; i++) {
                double x = draw.prediction(i);
                assertTrue(Math.abs(x) <= 8, () -> x + type);
                sum += x;
                squares += x * x;
            }
            assertEquals(0, sum / 100_000, 0.03, type);
            assertEquals(2.31, Math.sqrt(squares / 100_000), 0.02, type);
        }
    }

    @Test
    void labelsAreClassesOneHotRowsOrNumbers() {
        Draw index = new Draw(of("softmax_cross_entropy/index/5000x7", Optional.empty()), 3);
        Draw oneHot = new Draw(of("softmax_cross_entropy/dense/5000x7", Optional.empty()), 3);
        Set<Integer> classes = new HashSet<>();
        for (int row = 0; row < 5000; row++) {
            int label = index.classOf(row);
            classes.add(label);
            for (int k = 0; k < 7; k++) {
                assertEquals(k == label ? 1 : 0, oneHot.labelAt(row * 7L + k));
            }
        }
        assertEquals(Set.of(0, 1, 2, 3, 4, 5, 6), classes);
        Draw yesNo = new Draw(of("sigmoid_focal/5000x7", Optional.empty()), 3);
        long yes = 0;
        for (int i = 0; i < 10_000; i++) {
            double label = yesNo.labelAt(i);
            assertTrue(label == 0 || label == 1);
            yes += (long) label;
        }
        assertEquals(5000, yes, 200);
    }

    @Test
    void aFifthOfTheRowsIsIgnored() {
        GpuCase.Extras extras = new GpuCase.Extras(0.1, -100, 205);
        Draw draw = new Draw(of("softmax_cross_entropy/index/20000x9", Optional.of(extras)), 3);
        int ignored = 0;
        for (int row = 0; row < 20_000; row++) {
            ignored += draw.classOf(row) == -100 ? 1 : 0;
        }
        assertEquals(4004, ignored, 200);
    }
}
