package io.loss4j.backend;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Backends for tests of selection and lowering, good and bad ones. All are on the class path of this module's tests. */
public final class TestBackends {
    /** What the backend of a name throws at its next jobs on this thread; those without an entry work. */
    private static final ThreadLocal<Map<String, Throwable>> FAILURES = ThreadLocal.withInitial(HashMap::new);

    private static final ThreadLocal<LossJob> LAST = new ThreadLocal<>();

    private TestBackends() {}

    /** The last job that any of these backends computed on this thread. */
    public static LossJob lastJob() {
        return LAST.get();
    }

    /** Runs something while a backend fails with an exception or error. */
    static <T> T whileFailing(String backend, Throwable failure, Supplier<T> action) {
        FAILURES.get().put(backend, failure);
        try {
            return action.get();
        } finally {
            FAILURES.get().remove(backend);
        }
    }

    private abstract static class Working implements LossBackend {
        @Override
        public Availability availability() {
            return new Availability.Available("in memory of the test");
        }

        @Override
        public double compute(LossJob job) {
            LAST.set(job);
            Throwable failure = FAILURES.get().get(name());
            if (failure instanceof RuntimeException e) {
                throw e;
            } else if (failure instanceof Error e) {
                throw e;
            }
            return job.scale();
        }
    }

    /** Keeps the job and returns its scale. The cheapest that always accepts. */
    public static final class Recording extends Working {
        @Override
        public String name() {
            return "recording";
        }

        @Override
        public Offer offer(LossJob job) {
            return new Offer.Accept(100);
        }
    }

    /** Works too, at a higher price. */
    public static final class Expensive extends Working {
        @Override
        public String name() {
            return "expensive";
        }

        @Override
        public Offer offer(LossJob job) {
            return new Offer.Accept(1e12);
        }
    }

    /** Works at the highest price, so that it is used only where a test names it. */
    public static final class Herald extends Working {
        @Override
        public String name() {
            return "herald";
        }

        @Override
        public Offer offer(LossJob job) {
            return new Offer.Accept(1e15);
        }
    }

    /** Cheapest of all, but only while it is meant to fail. */
    public static final class Failing extends Working {
        @Override
        public String name() {
            return "failing";
        }

        @Override
        public Offer offer(LossJob job) {
            return FAILURES.get().containsKey(name())
                    ? new Offer.Accept(1)
                    : new Offer.Decline("T-03", "not now", "call it while it is failing");
        }
    }

    /** The same, for input that is refused. */
    public static final class Picky extends Working {
        @Override
        public String name() {
            return "picky";
        }

        @Override
        public Offer offer(LossJob job) {
            return FAILURES.get().containsKey(name())
                    ? new Offer.Accept(1)
                    : new Offer.Decline("T-04", "not now", "call it while it is failing");
        }
    }

    /** Never accepts. */
    public static final class Declining extends Working {
        @Override
        public String name() {
            return "declining";
        }

        @Override
        public Offer offer(LossJob job) {
            return new Offer.Decline("T-01", "it does not like " + job.spec().id(), "ask another");
        }
    }

    /** Cannot work here. */
    public static final class Absent extends Working {
        @Override
        public String name() {
            return "absent";
        }

        @Override
        public Availability availability() {
            return new Availability.Unavailable("T-02", "no such device", "plug it in", null);
        }

        @Override
        public Offer offer(LossJob job) {
            throw new AssertionError("not asked");
        }
    }

    /** Its availability throws. */
    public static final class Shy extends Working {
        @Override
        public String name() {
            return "shy";
        }

        @Override
        public Availability availability() {
            throw new NoClassDefFoundError("some/Driver");
        }

        @Override
        public Offer offer(LossJob job) {
            throw new AssertionError("not asked");
        }
    }

    /** Its availability is null. */
    public static final class Silent extends Working {
        @Override
        public String name() {
            return "silent";
        }

        @Override
        public Availability availability() {
            return null;
        }

        @Override
        public Offer offer(LossJob job) {
            throw new AssertionError("not asked");
        }
    }

    /** Takes the name of another. */
    public static final class Impostor extends Working {
        @Override
        public String name() {
            return "recording";
        }

        @Override
        public Offer offer(LossJob job) {
            throw new AssertionError("left out");
        }
    }

    /** Has no name. */
    public static final class Nameless extends Working {
        @Override
        public String name() {
            return null;
        }

        @Override
        public Offer offer(LossJob job) {
            throw new AssertionError("left out");
        }
    }

    /** Cannot be made. */
    public static final class Stillborn extends Working {
        public Stillborn() {
            throw new IllegalStateException("no luck today");
        }

        @Override
        public String name() {
            return "stillborn";
        }

        @Override
        public Offer offer(LossJob job) {
            throw new AssertionError("left out");
        }
    }
}
