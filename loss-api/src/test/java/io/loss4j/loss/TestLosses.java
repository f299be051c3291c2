package io.loss4j.loss;

import java.util.Collection;
import java.util.List;

/** Providers of losses for tests, good and bad ones. */
public final class TestLosses {
    private TestLosses() {}

    /** Adds a loss with a parameter of every type. */
    public static final class Good implements LossProvider {
        @Override
        public Collection<LossType<?>> losses() {
            return List.of(LossTypeTest.Everything.TYPE);
        }
    }

    /** Takes the id of another. */
    public static final class Taken implements LossProvider {
        @Override
        public Collection<LossType<?>> losses() {
            return List.of(LossType.of(Huber.class, "everything", java.util.Map.of()));
        }
    }

    /** Has no losses, not even an empty list. */
    public static final class Silent implements LossProvider {
        @Override
        public Collection<LossType<?>> losses() {
            return null;
        }
    }

    /** Cannot list its losses. */
    public static final class Broken implements LossProvider {
        @Override
        public Collection<LossType<?>> losses() {
            throw new NoClassDefFoundError("some/Library");
        }
    }
}
