package io.loss4j.benchmarks;

import io.loss4j.benchmarks.timing.Wanted;
import io.loss4j.benchmarks.timing.Workload;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
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

    /** How many times longer the first takes than the second. */
    Optional<Times> ratio(Contender slower, Contender faster) {
        Measurement a = of(slower);
        Measurement b = of(faster);
        return a == null || b == null ? Optional.empty() : ratio(a, b);
    }

    /** A ratio for every round, in which the two ran within the same second; empty if there is no such round. */
    static Optional<Times> ratio(Measurement slower, Measurement faster) {
        double[] a = slower.rounds();
        double[] b = faster.rounds();
        double[] ratios = IntStream.range(0, Math.min(a.length, b.length))
                .mapToDouble(i -> a[i] / b[i])
                .filter(r -> !Double.isNaN(r))
                .toArray();
        return ratios.length == 0 ? Optional.empty() : Optional.of(new Times(ratios));
    }
}
