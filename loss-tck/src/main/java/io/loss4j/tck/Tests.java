package io.loss4j.tck;

import io.loss4j.error.BackendException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.TestAbortedException;

/** The tests of one rule for one loss. */
final class Tests {
    /** A test that draws its numbers from a seed of its own: the same numbers whichever tests run beside it. */
    interface Seeded {
        void run(Random random) throws Throwable;
    }

    private final List<DynamicNode> list = new ArrayList<>();
    private final LossExample example;
    private final @Nullable String mayDecline;

    /**
     * @param mayDecline the backend that may decline jobs, or null
     */
    Tests(LossExample example, @Nullable String mayDecline) {
        this.example = example;
        this.mayDecline = mayDecline;
    }

    /** One container per loss; losses that a rule does not concern are left out. */
    static Stream<DynamicNode> each(
            List<LossExample> examples, @Nullable String mayDecline, BiConsumer<LossExample, Tests> rule) {
        return examples.stream().flatMap(example -> {
            Tests tests = new Tests(example, mayDecline);
            rule.accept(example, tests);
            return tests.list.isEmpty()
                    ? Stream.empty()
                    : Stream.of(DynamicContainer.dynamicContainer(example.name(), tests.list));
        });
    }

    void add(String name, Seeded test) {
        long seed = name.hashCode();
        list.add(DynamicTest.dynamicTest(name, () -> run(name, test, new Random(seed))));
    }

    /** What the backend declines is reported as aborted, with its reason. */
    private void run(String name, Seeded test, Random random) throws Throwable {
        try {
            test.run(random);
        } catch (AssertionError e) { // build tools report dynamic tests by number
            throw new AssertionError(example.name() + ", " + name + ": " + e.getMessage(), e);
        } catch (BackendException e) {
            String message = String.valueOf(e.getMessage());
            boolean declined = mayDecline != null
                    && e.code().equals("L4J-B01")
                    && message.contains("  " + mayDecline + ": declined,");
            throw declined ? new TestAbortedException(message, e) : e;
        }
    }

    List<DynamicNode> list() {
        return list;
    }
}
