package io.loss4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void barsCompareWhatIsTimedTogether(boolean quick) {
        for (Group group : Plan.of(quick)) {
            assertEquals(group.entries().size(), new HashSet<>(group.entries()).size(), group.name());
            for (Bar bar : group.bars()) {
                assertTrue(group.entries().contains(bar.ours()), bar.toString());
                assertTrue(group.entries().contains(bar.other()), bar.toString());
                assertEquals(Contender.LOSS4J, bar.ours().contender());
            }
        }
    }

    @Test
    void theQuickPlanIsPartOfTheWhole() {
        List<Entry> whole =
                Plan.of(false).stream().flatMap(g -> g.entries().stream()).toList();
        List<Entry> quick =
                Plan.of(true).stream().flatMap(g -> g.entries().stream()).toList();
        assertTrue(whole.containsAll(quick));
        assertTrue(quick.size() < whole.size() / 2, quick.size() + " of " + whole.size());
    }

    @Test
    void aRatioIsTakenRoundByRound() {
        Entry entry = Plan.of(true).get(0).entries().get(0);
        Measurement slow = new Measurement(entry.by(Contender.DL4J), "");
        Measurement fast = new Measurement(entry, "");
        for (double[] round : new double[][] {{10, 1}, {40, 2}, {Double.NaN, 3}, {90, 3}}) {
            slow.add(round[0]);
            fast.add(round[1]);
        }
        Optional<Times> ratio = Comparison.ratio(slow, fast);
        assertEquals(20, ratio.orElseThrow().median()); // of 10, 20 and 30
        assertEquals(Optional.empty(), Comparison.ratio(slow, new Measurement(entry, "")));
    }

    @Test
    void barsAreMetOnTheirSide() {
        Entry entry = Plan.of(true).get(0).entries().get(0);
        Bar faster = Bar.faster(entry, Contender.PYTORCH, 2, 2);
        assertTrue(faster.isMet(2));
        assertFalse(faster.isMet(1.99));
        assertEquals("pytorch : loss4j", faster.text());
        Bar within = Bar.within(entry, entry.by(Contender.COPY), 1.3);
        assertTrue(within.isMet(1.3));
        assertFalse(within.isMet(1.31));
        assertFalse(within.isMet(Double.NaN));
        assertEquals("at most 1.3", within.expected());
    }

    @Test
    void roundsFillTheTime() {
        Effort effort = new Effort(1, 16, 80, 600, 2, Duration.ZERO);
        Effort fitting = effort.within(Duration.ofMinutes(7), 100);
        assertTrue(fitting.rounds() > 3 && fitting.rounds() < 40, fitting.toString());
        assertTrue(fitting.estimate(100).compareTo(Duration.ofMinutes(7)) <= 0, fitting.toString());
        assertTrue(fitting.estimate(100).compareTo(Duration.ofMinutes(6)) > 0, fitting.toString());
        assertEquals(3, effort.within(Duration.ofSeconds(1), 100).rounds());
    }
}
