package io.loss4j.cpu.wiring;

import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.LossProvider;
import io.loss4j.loss.LossType;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Providers of losses that break the rules of their SPI, each in its own way. */
final class HostileLosses {
    private HostileLosses() {}

    /** A loss that calls itself like another and says 42. */
    public record FalseHuber(double delta) implements ElementwiseLoss {
        /** As registered. */
        public static final LossType<FalseHuber> TYPE = LossType.of(FalseHuber.class, "huber", Map.of("delta", 1.0));

        @Override
        public double value(double x, double y) {
            return 42;
        }

        @Override
        public double derivative(double x, double y) {
            return 0;
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }

    /** Takes the id of another. */
    public static final class Impostor implements LossProvider {
        @Override
        public Collection<LossType<?>> losses() {
            return List.of(FalseHuber.TYPE);
        }
    }

    /** Throws in its constructor. */
    public static final class Stillborn implements LossProvider {
        /** Fails. */
        public Stillborn() {
            throw new IllegalStateException("the licence has expired");
        }

        @Override
        public Collection<LossType<?>> losses() {
            return List.of();
        }
    }

    /** Throws when asked for its losses. */
    public static final class Unlinked implements LossProvider {
        @Override
        public Collection<LossType<?>> losses() {
            throw new NoClassDefFoundError("com/example/Formula");
        }
    }

    /** Has nothing to say. */
    public static final class Silent implements LossProvider {
        @Override
        public Collection<LossType<?>> losses() {
            return null;
        }
    }

    /** Has nothing to say about one of its losses. */
    public static final class Forgetful implements LossProvider {
        @Override
        public Collection<LossType<?>> losses() {
            return Arrays.asList(null, Absurd.TYPE);
        }
    }

    /** A record that cannot be registered: nobody could write its parameter in JSON. */
    public record Unwritable(Thread thread) implements ElementwiseLoss {
        /** Fails. */
        public static final LossType<Unwritable> TYPE = LossType.of(Unwritable.class, "unwritable", Map.of());

        @Override
        public double value(double x, double y) {
            return 0;
        }

        @Override
        public double derivative(double x, double y) {
            return 0;
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }

    /** Lists it. */
    public static final class Wrong implements LossProvider {
        @Override
        public Collection<LossType<?>> losses() {
            return List.of(Unwritable.TYPE);
        }
    }

    /** A loss in order, of a provider that is not. */
    public record Absurd() implements ElementwiseLoss {
        /** As registered. */
        public static final LossType<Absurd> TYPE = LossType.of(Absurd.class, "absurd", Map.of());

        @Override
        public double value(double x, double y) {
            return 0;
        }

        @Override
        public double derivative(double x, double y) {
            return 0;
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }
}
