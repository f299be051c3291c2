package io.loss4j.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All contenders on one workload, from one run. */
final class Comparison {
    final Workload workload;
    final Wanted wanted;
    private final Map<Contender, Measurement> measurements = new EnumMap<>(Contender.class);

    private Comparison(Workload workload, Wanted wanted) {
        this.workload = workload;
        this.wanted = wanted;
    }

    static List<Comparison> of(Collection<Measurement> measurements) {
        Map<List<Object>, Comparison> all = new LinkedHashMap<>();
        for (Measurement m : measurements) {
            Workload workload = m.entry.workload();
            Wanted wanted = m.entry.wanted();
            all.computeIfAbsent(List.of(workload.name(), wanted), key -> new Comparison(workload, wanted))
                    .measurements
                    .put(m.entry.contender(), m);
        }
        return new ArrayList<>(all.values());
    }

    Collection<Measurement> measurements() {
        return Collections.unmodifiableCollection(measurements.values());
    }

    @Nullable
    Measurement of(Contender contender) {
        return measurements.get(contender);
    }

    /**
     * How many times longer the first takes than the second: a ratio of medians for every round, in which the two ran
     * right after each other. Null if there is no such round.
     */
    @Nullable
    Times ratio(Contender slower, Contender faster) {
        Measurement a = of(slower);
        Measurement b = of(faster);
        if (a == null || b == null) {
            return null;
        }
        double[] ratios = a.rounds().stream()
                .filter(b.rounds()::contains)
                .mapToDouble(round -> a.round(round).median() / b.round(round).median())
                .toArray();
        return ratios.length == 0 ? null : new Times(ratios);
    }
}
