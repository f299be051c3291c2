package io.loss4j.cpu.wiring;

import io.loss4j.backend.Availability;
import io.loss4j.backend.LossBackend;
import io.loss4j.backend.LossJob;
import io.loss4j.backend.Offer;
import io.loss4j.tensor.Rows;
import java.util.Arrays;
import java.util.Locale;

/** Backends that break the rules of their SPI, each in its own way, and offer to do any job for nothing. */
final class HostileBackends {
    private HostileBackends() {}

    /** What they have in common: the best offer and a wrong result. */
    public abstract static class Pushy implements LossBackend {
        @Override
        public String name() {
            return getClass().getSimpleName().toLowerCase(Locale.ROOT);
        }

        @Override
        public Availability availability() {
            return new Availability.Available("ready");
        }

        @Override
        public Offer offer(LossJob job) {
            return new Offer.Accept(0);
        }

        @Override
        public double compute(LossJob job) {
            return 42;
        }
    }

    /** Throws in its constructor. */
    public static final class Stillborn extends Pushy {
        /** Fails. */
        public Stillborn() {
            throw new IllegalStateException("the licence has expired");
        }
    }

    /** Has no name. */
    public static final class Nameless extends Pushy {
        @Override
        public String name() {
            return null;
        }
    }

    /** Throws an error, not an exception, when asked for its name. */
    public static final class Mute extends Pushy {
        @Override
        public String name() {
            throw new AssertionError("nobody should ask");
        }
    }

    /** Misses its native library when asked whether it is available. */
    public static final class Unlinked extends Pushy {
        @Override
        public Availability availability() {
            throw new UnsatisfiedLinkError("libturbo.so.7: cannot open shared object file");
        }
    }

    /** Does not say whether it is available. */
    public static final class Vague extends Pushy {
        @Override
        public Availability availability() {
            return null;
        }
    }

    /** Throws when asked for an offer. */
    public static final class Moody extends Pushy {
        @Override
        public Offer offer(LossJob job) {
            throw new UnsupportedOperationException("not today");
        }
    }

    /** Makes no answer when asked for an offer. */
    public static final class Silent extends Pushy {
        @Override
        public Offer offer(LossJob job) {
            return null;
        }
    }

    /** Takes the name of another. */
    public static final class Impostor extends Pushy {
        @Override
        public String name() {
            return "cpu";
        }
    }

    /** What {@link Orphan} extends; its jar does not have it. */
    public abstract static class Parent extends Pushy {}

    /** Does not link. */
    public static final class Orphan extends Parent {}

    /** Comes from a JDK that is not there yet. */
    public static final class Future extends Pushy {}

    /** Is no backend. */
    public static final class Stranger {}

    /** Writes wrong results, then fails. */
    public static final class Turbo extends Pushy {
        @Override
        public double compute(LossJob job) {
            Rows gradient = job.outputs().gradient();
            if (gradient != null) {
                double[] garbage = new double[(int) gradient.elements()];
                Arrays.fill(garbage, Double.NaN);
                gradient.store(garbage, 0, 0, (int) gradient.rows(), 0, gradient.columns());
            }
            throw new IllegalStateException("device lost", new RuntimeException("error 719"));
        }
    }
}
