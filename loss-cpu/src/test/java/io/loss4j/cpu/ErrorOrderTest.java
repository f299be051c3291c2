package io.loss4j.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Comparator;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The order of errors against a stable sort of the library. */
class ErrorOrderTest {
    private static final int FROM = 3;

    private final Random random = new Random(11);
    private final ErrorOrder order = new ErrorOrder();

    /** Reused for other sizes, as by a worker. */
    private void check(DoubleUnaryOperator error) {
        for (int n : new int[] {5000, 0, 1, 2, 1023, 1024, 37, 70_001}) {
            double[] errors = new double[FROM + n];
            for (int i = 0; i < n; i++) {
                errors[FROM + i] = error.applyAsDouble(random.nextDouble());
            }
            order.clear(n);
            for (int i = 0; i < n; i++) {
                if (errors[FROM + i] > 0) {
                    order.add(i, errors[FROM + i]);
                }
            }
            order.sort(errors, FROM);
            int[] expected = IntStream.range(0, n)
                    .filter(i -> errors[FROM + i] > 0)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> -errors[FROM + i]))
                    .mapToInt(i -> i)
                    .toArray();
            int[] found = IntStream.range(0, order.size()).map(order::at).toArray();
            assertArrayEquals(expected, found, n + " errors");
        }
    }

    @Test
    void largestFirst() {
        check(u -> u);
        check(u -> 1e30 * (u - 0.3));
    }

    @Test
    void equalErrorsKeepTheirOrder() {
        check(u -> Math.rint(4 * u));
        check(u -> 0.25);
    }

    @Test
    void errorsThatAreEqualInSinglePrecisionOnly() {
        check(u -> 1 - 1e-9 * u);
        check(u -> 1 - 1e-9 * Math.rint(9 * u));
        check(u -> Math.rint(50 * u) + 1e-12 * u);
    }
}
