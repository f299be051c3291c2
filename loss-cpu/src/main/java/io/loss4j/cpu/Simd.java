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

    /** Why SIMD is off, and how to turn it on if there is a way. */
    private record Off(String reason, @Nullable String remedy) {}

    private static final class Chosen {
        /** Null if SIMD is on. */
        static final @Nullable Off OFF;

        static final Primitives PRIMITIVES;

        static {
            Primitives vector = null;
            Off off = null;
            if (mode().equals("off")) {
                off = new Off("SIMD is switched off by -D" + PROPERTY + "=off", null);
            } else if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
                off = new Off("the vector module is not there", "add " + FLAG + " to the java command");
            } else {
                try {
                    vector = (Primitives)
                            Class.forName(VECTOR_PRIMITIVES).getMethod("create").invoke(null);
                } catch (InvocationTargetException e) {
                    off = e.getCause() instanceof UnsupportedOperationException refusal && refusal.getMessage() != null
                            ? new Off(refusal.getMessage(), null)
                            : doesNotRun(e.getCause());
                } catch (ReflectiveOperationException | LinkageError e) {
                    off = doesNotRun(e);
                }
            }
            OFF = off;
            PRIMITIVES = vector == null ? new ScalarPrimitives() : vector;
        }

        private static Off doesNotRun(@Nullable Throwable cause) {
            return new Off(
                    "the vector code of this jar does not run on JDK " + Runtime.version() + ": " + cause,
                    "update loss-cpu or use another JDK");
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
                    "correct it or remove it",
                    null);
        }
        Off off = Chosen.OFF;
        if (mode.equals("require") && off != null) {
            String waive = "remove -D" + PROPERTY + "=require";
            return new Availability.Unavailable(
                    "L4J-B11",
                    "SIMD is required but " + off.reason(),
                    off.remedy() == null ? waive : off.remedy() + ", or " + waive,
                    null);
        }
        String threads = Crew.threads() == 1 ? "1 thread" : Crew.threads() + " threads";
        if (off == null) {
            return new Availability.Available(primitives().description() + ", " + threads);
        }
        String remedy = off.remedy() == null ? "" : "; " + off.remedy();
        return new Availability.Available(
                threads + ", " + primitives().description() + " because " + off.reason() + remedy);
    }
}
