package io.loss4j.benchmarks;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;

/** The times of one entry in all rounds. */
final class Measurement {
    final Entry entry;
    /** What really computed, by the report of the process itself. */
    final String engine;

    private final SortedMap<Integer, Round> rounds = new TreeMap<>();

    /**
     * One process.
     *
     * @param results by JMH
     * @param otherWork how busy the machine was with other things right before and after, from 0 to 1
     */
    private record Round(List<BenchmarkResult> results, double otherWork) {
        Times times() {
            return new Times(results.stream()
                    .flatMap(r -> r.getIterationResults().stream())
                    .map(IterationResult::getPrimaryResult)
                    .mapToDouble(r -> r.getScore())
                    .toArray());
        }
    }

    Measurement(Entry entry, String engine) {
        this.entry = entry;
        this.engine = engine;
    }

    void add(int round, Collection<RunResult> results, double otherWork) {
        List<BenchmarkResult> flat =
                results.stream().flatMap(r -> r.getBenchmarkResults().stream()).toList();
        rounds.put(round, new Round(flat, otherWork));
    }

    /** The numbers of the rounds in which this succeeded. */
    Set<Integer> rounds() {
        return rounds.keySet();
    }

    /** Microseconds per call, one for every iteration of a round. */
    Times round(int round) {
        return of(round).times();
    }

    /** How busy the machine was with other things right before and after a round, from 0 to 1. */
    double otherWork(int round) {
        return of(round).otherWork();
    }

    /** Whether other things may have slowed this down. */
    boolean isDisturbed() {
        return rounds.values().stream().anyMatch(r -> r.otherWork() > OtherWork.MUCH);
    }

    private Round of(int round) {
        Round found = rounds.get(round);
        if (found == null) {
            throw new IllegalArgumentException(entry + " was not timed in round " + round);
        }
        return found;
    }

    /** The iterations of all rounds. */
    Times times() {
        return rounds.values().stream().map(Round::times).reduce(Times::and).orElseThrow();
    }

    /** As if JMH had made all rounds itself. */
    RunResult result() {
        List<BenchmarkResult> all =
                rounds.values().stream().flatMap(r -> r.results().stream()).collect(Collectors.toList());
        return new RunResult(all.get(0).getParams(), all);
    }
}
