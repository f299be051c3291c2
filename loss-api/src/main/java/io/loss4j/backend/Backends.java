package io.loss4j.backend;

import io.loss4j.error.BackendException;
import io.loss4j.error.LossInputException;
import io.loss4j.provider.Discovery;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backends of this process: found through {@link java.util.ServiceLoader}, listed, preferred, explained, and asked to
 * compute.
 *
 * <p>Which one runs, strongest first: {@link #prefer}, {@code -Dloss4j.backend}, the environment variable
 * {@code LOSS4J_BACKEND}, {@code auto}. A value is an ordered list such as {@code cuda,cpu}; a {@code *} at its end lets
 * anything else follow. Without it nothing else may run. Under {@code auto} the cheapest offer wins, and a backend that
 * fails is set aside and the work is done by the next.
 */
public final class Backends {
    private static final Logger LOG = LoggerFactory.getLogger(Backends.class);

    private static volatile @Nullable String preferred;

    private Backends() {}

    /** What is on the class path, found and probed once. */
    private static final class Found {
        static final Discovery<LossBackend> DISCOVERY = Discovery.of(LossBackend.class, LossBackend::name, "backend");
        static final List<Known> KNOWN = probe();

        private static List<Known> probe() {
            List<Known> known = new ArrayList<>();
            for (Map.Entry<String, LossBackend> e : DISCOVERY.found().entrySet()) {
                known.add(new Known(e.getKey(), e.getValue(), availability(e.getValue())));
            }
            return List.copyOf(known);
        }

        private static Availability availability(LossBackend backend) {
            Availability answer = null;
            String what = "its availability() returned null";
            Throwable cause = null;
            try {
                answer = backend.availability();
            } catch (VirtualMachineError e) {
                throw e;
            } catch (Throwable e) {
                what = "its availability() threw " + Discovery.describe(e);
                cause = e;
            }
            if (answer != null) {
                return answer;
            }
            reportBroken(backend, what, cause);
            return new Availability.Unavailable(
                    BROKEN, what + ", in " + Discovery.where(backend.getClass()), ASK_ITS_AUTHORS, cause);
        }
    }

    private static final String BROKEN = "L4J-B03";
    private static final String ADD_CPU = "add loss-cpu to the class path";
    private static final String ASK_ITS_AUTHORS = "report this to its authors";

    private static void reportBroken(LossBackend backend, String what, @Nullable Throwable cause) {
        LOG.warn("{} {}: {}; {}", BROKEN, Discovery.where(backend.getClass()), what, ASK_ITS_AUTHORS);
        if (cause != null) {
            LOG.debug("cause", cause);
        }
    }

    private record Known(String name, LossBackend backend, Availability availability) {
        boolean usable() {
            return availability instanceof Availability.Available && !SET_ASIDE.containsKey(name);
        }

        /** What it says to a job; a backend that breaks the rules here declines. */
        Offer offer(LossJob job) {
            if (job.outputs().classes() != null && !backend.totalsByClass()) {
                return new Offer.Decline(
                        "L4J-B06",
                        "it cannot add up by class",
                        "let cpu do it, or ask for valueAndGradient instead of diagnose");
            }
            Offer answer = null;
            String what = "its offer() returned null";
            Throwable cause = null;
            try {
                answer = backend.offer(job);
            } catch (VirtualMachineError e) {
                throw e;
            } catch (Throwable e) {
                what = "its offer() threw " + Discovery.describe(e);
                cause = e;
            }
            if (answer != null) {
                return answer;
            }
            if (OFFERED_NOTHING.add(name)) {
                reportBroken(backend, what, cause);
            }
            return new Offer.Decline(BROKEN, what + ", in " + Discovery.where(backend.getClass()), ASK_ITS_AUTHORS);
        }
    }

    /** Backends that failed while computing, with the cause. */
    private static final Map<String, Throwable> SET_ASIDE = new ConcurrentHashMap<>();

    /** Backends whose answer to a job was none, reported already. */
    private static final Set<String> OFFERED_NOTHING = ConcurrentHashMap.newKeySet();

    private static final Set<String> ANNOUNCED = ConcurrentHashMap.newKeySet();

    /** The wish in force, kept with what it was parsed from: properties may change between calls. */
    private record Parsed(@Nullable String code, @Nullable String property, Wish wish) {}

    private static volatile @Nullable Parsed parsed;

    private static Wish wish(@Nullable String fromCode) {
        String code = fromCode != null ? fromCode : preferred;
        String property = System.getProperty(Wish.PROPERTY);
        Parsed last = parsed;
        if (last == null || !Objects.equals(last.code(), code) || !Objects.equals(last.property(), property)) {
            last = new Parsed(code, property, checked(Wish.current(code)));
            parsed = last;
        }
        return last.wish();
    }

    private static Wish checked(Wish wish) {
        for (String name : wish.names()) {
            if (Found.KNOWN.stream().noneMatch(k -> k.name().equals(name))) {
                List<String> names = Found.KNOWN.stream().map(Known::name).toList();
                String nearest = Discovery.nearest(name, names);
                throw new BackendException(
                        "L4J-B02",
                        "backend '" + name + "' (from " + wish.source() + ") is not known; known are " + names
                                + Found.DISCOVERY.problemsAsText(),
                        nearest != null
                                ? "did you mean '" + nearest + "'"
                                : "put the jar of that backend on the class path or remove the name"
                                        + (names.isEmpty() ? "; " + ADD_CPU : ""),
                        null);
            }
        }
        return wish;
    }

    /** The names of all backends that could be loaded, usable or not. */
    public static List<String> list() {
        return Found.KNOWN.stream().map(Known::name).toList();
    }

    /**
     * Chooses backends for the whole process, before properties and environment.
     *
     * @param names an ordered list such as {@code "cuda", "cpu"}, with {@code "*"} at its end to let others follow; none
     *     withdraws the choice
     * @throws BackendException if a name is not known
     */
    public static void prefer(String... names) {
        String wish = names.length == 0 ? null : String.join(",", names);
        if (wish != null) {
            checked(Wish.current(wish));
        }
        preferred = wish;
    }

    /** Which backend would be used as far as can be told without a job, and why. */
    public static Resolution explain() {
        return explain(null, null);
    }

    /**
     * Which backend a job would run on, and why.
     *
     * @param job the work, or null for no work in particular
     * @param fromCode the choice of this call, stronger than any other; or null
     */
    public static Resolution explain(@Nullable LossJob job, @Nullable String fromCode) {
        return resolve(wish(fromCode), job).resolution();
    }

    private record Choice(Resolution resolution, List<Known> candidates) {}

    /** The candidates in the order in which to try them; slow and complete, unlike {@link #compute}. */
    private static Choice resolve(Wish wish, @Nullable LossJob job) {
        List<Verdict> verdicts = new ArrayList<>();
        List<Known> candidates = candidates(wish, job);
        for (Known k : Found.KNOWN) {
            verdicts.add(verdict(k, wish, job, candidates));
        }
        for (Discovery.Problem p : Found.DISCOVERY.problems()) {
            verdicts.add(new Verdict(p.who(), Verdict.Outcome.BROKEN, p.what(), p.remedy()));
        }
        String chosen = candidates.isEmpty() ? null : candidates.get(0).name();
        return new Choice(new Resolution(chosen, wish.text(), wish.source(), verdicts), candidates);
    }

    private static Verdict verdict(Known k, Wish wish, @Nullable LossJob job, List<Known> candidates) {
        Throwable failure = SET_ASIDE.get(k.name());
        if (failure != null) {
            return new Verdict(
                    k.name(),
                    Verdict.Outcome.SET_ASIDE,
                    "it failed before: " + Discovery.describe(failure),
                    "see the log; restart to retry");
        }
        if (k.availability() instanceof Availability.Unavailable no) {
            return new Verdict(k.name(), Verdict.Outcome.UNAVAILABLE, no.code() + " " + no.reason(), no.remedy());
        }
        String description = ((Availability.Available) k.availability()).description();
        if (!wish.orAnyOther() && !wish.names().contains(k.name())) {
            return new Verdict(k.name(), Verdict.Outcome.NOT_ASKED_FOR, description, null);
        }
        if (job != null && k.offer(job) instanceof Offer.Decline no) {
            return new Verdict(k.name(), Verdict.Outcome.DECLINED, no.code() + " " + no.reason(), no.remedy());
        }
        boolean first = !candidates.isEmpty() && candidates.get(0) == k;
        return new Verdict(k.name(), first ? Verdict.Outcome.CHOSEN : Verdict.Outcome.POSSIBLE, description, null);
    }

    private record Priced(Known known, double nanoseconds) {}

    private static List<Known> candidates(Wish wish, @Nullable LossJob job) {
        List<Known> named = new ArrayList<>();
        for (String name : wish.names()) {
            Found.KNOWN.stream()
                    .filter(k -> k.name().equals(name) && accepts(k, job))
                    .forEach(named::add);
        }
        if (wish.orAnyOther()) {
            List<Priced> others = new ArrayList<>();
            for (Known k : Found.KNOWN) {
                if (wish.names().contains(k.name()) || !k.usable()) {
                    continue;
                }
                if (job == null) {
                    others.add(new Priced(k, 0));
                } else if (k.offer(job) instanceof Offer.Accept accept) {
                    others.add(new Priced(k, accept.nanoseconds()));
                }
            }
            others.sort(Comparator.comparingDouble(Priced::nanoseconds)); // stable: equal prices keep their order
            others.forEach(p -> named.add(p.known()));
        }
        return named;
    }

    private static boolean accepts(Known k, @Nullable LossJob job) {
        return k.usable() && (job == null || k.offer(job) instanceof Offer.Accept);
    }

    /**
     * Runs a job on the backend that the wish selects.
     *
     * @param job the work
     * @param fromCode the choice of this call, stronger than any other; or null
     * @return the scaled sum of all terms
     * @throws BackendException if no backend can or may do it, with the verdict on every one
     */
    public static double compute(LossJob job, @Nullable String fromCode) {
        Wish wish = wish(fromCode);
        List<Known> known = Found.KNOWN;
        if (known.size() == 1 && wish.orAnyOther() && accepts(known.get(0), job)) {
            return attempt(List.of(known.get(0)), wish, job); // the usual case, without building lists
        }
        return attempt(candidates(wish, job), wish, job);
    }

    private static double attempt(List<Known> candidates, Wish wish, LossJob job) {
        Throwable failure = null;
        String failed = "";
        for (int i = 0; i < candidates.size(); i++) {
            Known k = candidates.get(i);
            if (job.outputs().classes() != null) {
                job.outputs().classes().clear(); // of what a backend has left that failed
            }
            try {
                double value = k.backend().compute(job);
                if (!ANNOUNCED.contains(k.name())) {
                    announce(k, wish);
                }
                return value;
            } catch (LossInputException | VirtualMachineError e) {
                throw e;
            } catch (Throwable e) {
                failure = e;
                failed = k.name();
                boolean last = i == candidates.size() - 1;
                if (!wish.orAnyOther() || last) {
                    break; // with nobody else to answer, the next call may as well try again
                }
                if (SET_ASIDE.putIfAbsent(k.name(), e) == null) {
                    LOG.warn(
                            "L4J-B05 backend {} failed at {} and is set aside for this process",
                            k.name(),
                            job.spec(),
                            e);
                }
            }
        }
        if (failure != null) {
            throw new BackendException(
                    "L4J-B04",
                    "backend " + failed + " failed at " + job.spec() + ": " + Discovery.describe(failure)
                            + System.lineSeparator()
                            + resolve(wish, job).resolution().explain(),
                    wish.orAnyOther()
                            ? "see the cause; no other backend could answer"
                            : "see the cause, or add ',*' to let another backend answer",
                    failure);
        }
        String remedy =
                Found.KNOWN.isEmpty() ? ADD_CPU : "change the choice of backends or follow one of the remedies above";
        throw new BackendException(
                "L4J-B01",
                "no backend can compute " + job.spec() + System.lineSeparator()
                        + resolve(wish, job).resolution().explain(),
                remedy,
                null);
    }

    private static void announce(Known k, Wish wish) {
        if (ANNOUNCED.add(k.name())) {
            String description = k.availability() instanceof Availability.Available a ? a.description() : "";
            LOG.info(
                    "Loss4J computes on backend {} ({}); asked for: {}, from {}{}",
                    k.name(),
                    description,
                    wish.text(),
                    wish.source(),
                    passedOver(wish));
        }
    }

    /** The backends that would have been welcome but cannot work here: the fallback that "auto" owes an explanation. */
    private static String passedOver(Wish wish) {
        StringBuilder text = new StringBuilder();
        for (Known k : Found.KNOWN) {
            if (k.availability() instanceof Availability.Unavailable no
                    && (wish.orAnyOther() || wish.names().contains(k.name()))) {
                text.append("; not on ").append(k.name()).append(": ").append(no.code() + " " + no.reason());
                text.append(", ").append(no.remedy());
            }
        }
        return text.toString();
    }
}
