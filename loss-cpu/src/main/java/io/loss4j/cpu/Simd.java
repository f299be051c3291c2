package io.loss4j.cpu;

import io.loss4j.backend.Availability;
import java.lang.reflect.InvocationTargetException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the SIMD primitives or their scalar twin, once, and says why. {@code -Dloss4j.cpu.simd}: {@code auto} takes SIMD
 * where it can, {@code off} never, {@code require} makes the backend unavailable without it.
 */
final class Simd {
    static final String PROPERTY = "loss4j.cpu.simd";
    static final String FLAG = "--add-modules jdk.incubator.vector";
    private static final String VECTOR_PRIMITIVES = "io.loss4j.cpu.simd.VectorPrimitives";

    private Simd() {}

    private static final class Chosen {
        /** Why SIMD is off, or null. */
        static final @Nullable String REASON;

        static final Primitives PRIMITIVES;

        static {
            Primitives vector = null;
            String reason = null;
            if (mode().equals("off")) {
                reason = "switched off by -D" + PROPERTY + "=off";
            } else if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
                reason = "the vector module is not there; add " + FLAG + " to the java command";
            } else {
                try {
                    vector = (Primitives)
                            Class.forName(VECTOR_PRIMITIVES).getMethod("create").invoke(null);
                } catch (InvocationTargetException e) {
                    reason = e.getCause() == null ? e.toString() : e.getCause().getMessage();
                } catch (ReflectiveOperationException | LinkageError e) {
                    reason = "the vector code of this jar does not run on JDK " + Runtime.version() + ": " + e;
                }
            }
            REASON = reason;
            PRIMITIVES = vector == null ? new ScalarPrimitives() : vector;
        }
    }

    private static String mode() {
        return System.getProperty(PROPERTY, "auto").trim().toLowerCase(Locale.ROOT);
    }

    static Primitives primitives() {
        return Chosen.PRIMITIVES;
    }

    static Availability availability() {
        String mode = mode();
        if (!mode.equals("auto") && !mode.equals("off") && !mode.equals("require")) {
            return new Availability.Unavailable(
                    "L4J-B12",
                    "-D" + PROPERTY + " is '" + mode + "', expected auto, off or require",
                    "correct it",
                    null);
        }
        String reason = Chosen.REASON;
        if (mode.equals("require") && reason != null) {
            return new Availability.Unavailable(
                    "L4J-B11", "SIMD is required but " + reason, "follow that, or remove -D" + PROPERTY, null);
        }
        String threads = Crew.threads() == 1 ? "1 thread" : Crew.threads() + " threads";
        String why = reason == null ? "" : ", because " + reason;
        return new Availability.Available(primitives().description() + ", " + threads + why);
    }
}
