package io.loss4j.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Times groups, one after the other. All processes of a group wait ready side by side and work in turns of some
 * milliseconds, every other round backwards; so a ratio compares what ran within the same second, and a machine that gets
 * slower or faster favours nobody.
 */
final class Session {
    /** A JVM is warm when it has not become faster than this for some turns. */
    private static final double FASTER = 0.95;

    private static final int STILL = 6;
    /** Turns of warming up, at most. */
    private static final int MOST_TURNS = 60;

    private final ContenderJvm jvm;
    private final Effort effort;
    private final PrintWriter out;
    private final Map<Entry, Measurement> measurements = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private double otherWork;

    Session(ContenderJvm jvm, Effort effort, PrintWriter out) {
        this.jvm = jvm;
        this.effort = effort;
        this.out = out;
    }

    void run(List<Group> groups) throws IOException, InterruptedException {
        int done = 0;
        for (int repeat = 0; repeat < effort.repeats(); repeat++) {
            for (Group group : groups) {
                done++;
                out.printf(
                        "[%d/%d] %s, %d processes%n",
                        done,
                        groups.size() * effort.repeats(),
                        group.name(),
                        group.entries().size());
                out.flush();
                time(group);
            }
        }
    }

    /** In the order of the entries. */
    List<Measurement> measurements() {
        return measurements.values().stream().filter(m -> !m.isEmpty()).toList();
    }

    /** What could not be timed, and why. */
    List<String> failures() {
        return Collections.unmodifiableList(failures);
    }

    /** What was not timed because its result is wrong. */
    List<String> wrong() {
        return Collections.unmodifiableList(wrong);
    }

    /** How busy the machine was with other things, at most; 0 if unknown. */
    double otherWork() {
        return otherWork;
    }

    private void time(Group group) throws IOException, InterruptedException {
        note(OtherWork.awaitRest(effort.patience()));
        List<LiveEntry> live = new ArrayList<>();
        try {
            start(group, live);
            List<LiveEntry> warm = new ArrayList<>();
            for (LiveEntry entry : live) {
                if (warmUp(entry)) {
                    warm.add(entry);
                }
            }
            for (int round = 0; round < effort.rounds(); round++) {
                List<LiveEntry> order = new ArrayList<>(warm);
                if (round % 2 == 1) {
                    Collections.reverse(order);
                }
                for (LiveEntry entry : order) {
                    measurement(entry).add(turn(entry));
                }
            }
            fill(group);
            note(OtherWork.watch());
            for (LiveEntry entry : warm) {
                out.printf(
                        "    %-70s %s%n",
                        entry.entry,
                        measurement(entry).isEmpty()
                                ? "failed"
                                : measurement(entry).times().asTime());
            }
            out.flush();
        } finally {
            for (LiveEntry entry : live) {
                entry.close();
            }
        }
    }

    private void note(double work) {
        otherWork = Math.max(otherWork, Double.isNaN(work) ? 0 : work);
    }

    /** As many at a time as there are processors: nothing is timed yet. */
    private void start(Group group, List<LiveEntry> live) throws IOException, InterruptedException {
        int atOnce = Runtime.getRuntime().availableProcessors();
        List<LiveEntry> starting = new ArrayList<>();
        for (Entry entry : group.entries()) {
            if (starting.size() == atOnce) {
                await(starting.remove(0), live);
            }
            starting.add(new LiveEntry(entry, jvm, effort.threads(), List.of()));
        }
        for (LiveEntry entry : starting) {
            await(entry, live);
        }
    }

    private void await(LiveEntry entry, List<LiveEntry> live) throws IOException, InterruptedException {
        try {
            entry.awaitReady();
            live.add(entry);
        } catch (LiveEntry.Unfit e) {
            fail(entry, e);
            entry.close();
        }
    }

    private void fail(LiveEntry entry, LiveEntry.Unfit cause) {
        String text = entry.entry + ": " + cause.getMessage();
        List<String> list = cause.wrong && !entry.entry.contender().isLoss4j() ? wrong : failures;
        if (!list.contains(text)) {
            list.add(text);
        }
    }

    /** Until it gets no faster. */
    private boolean warmUp(LiveEntry entry) throws InterruptedException {
        try {
            int turns = Math.max(STILL, effort.warmup() / effort.milliseconds());
            double best = Double.POSITIVE_INFINITY;
            int still = 0;
            for (int i = 0; i < MOST_TURNS && (i < turns || still < STILL); i++) {
                double time = entry.time(effort.milliseconds());
                still = time < FASTER * best ? 0 : still + 1;
                best = Math.min(best, time);
            }
            return true;
        } catch (LiveEntry.Unfit e) {
            fail(entry, e);
            return false;
        }
    }

    private double turn(LiveEntry entry) throws InterruptedException {
        Thread.sleep(Effort.PAUSE);
        try {
            return entry.time(effort.milliseconds());
        } catch (LiveEntry.Unfit e) {
            fail(entry, e);
            return Double.NaN;
        }
    }

    private Measurement measurement(LiveEntry entry) {
        return measurements.computeIfAbsent(entry.entry, e -> new Measurement(e, entry.engine()));
    }

    /** Round i of every entry is the same moment, whoever failed before. */
    private void fill(Group group) {
        int most = 0;
        for (Entry entry : group.entries()) {
            Measurement m = measurements.get(entry);
            most = m == null ? most : Math.max(most, m.rounds().length);
        }
        for (Entry entry : group.entries()) {
            Measurement m = measurements.get(entry);
            while (m != null && m.rounds().length < most) {
                m.add(Double.NaN);
            }
        }
    }
}
