package io.loss4j.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R8.1: a plugin that is broken in any way is reported, and the others keep working. */
class DiscoveryTest {
    /** A service. */
    public interface Greeter {
        String name();
    }

    /** Works. */
    public static final class Hello implements Greeter {
        @Override
        public String name() {
            return "hello";
        }
    }

    /** Works too. */
    public static final class Bye implements Greeter {
        @Override
        public String name() {
            return "bye";
        }
    }

    /** Takes a name. */
    public static final class AlsoHello implements Greeter {
        @Override
        public String name() {
            return "hello";
        }
    }

    /** Cannot be made. */
    public static final class Stillborn implements Greeter {
        public Stillborn() {
            throw new IllegalStateException("no luck");
        }

        @Override
        public String name() {
            return "stillborn";
        }
    }

    /** Its class cannot be initialised. */
    public static final class Uninitialised implements Greeter {
        static final int NUMBER = Integer.parseInt("not a number");

        @Override
        public String name() {
            return "uninitialised" + NUMBER;
        }
    }

    /** Misses a class of its own when it is asked. */
    public static final class Unlinked implements Greeter {
        @Override
        public String name() {
            throw new NoClassDefFoundError("some/Library");
        }
    }

    /** Has no name. */
    public static final class Nameless implements Greeter {
        @Override
        public String name() {
            return null;
        }
    }

    /** Is none. */
    public static final class Stranger {}

    /** Nobody may make it. */
    public static final class Closed implements Greeter {
        private Closed() {}

        @Override
        public String name() {
            return "closed";
        }
    }

    @TempDir
    Path folder;

    /** Runs discovery with a service file of these lines, in a folder that only the context class loader sees. */
    private Discovery<Greeter> discover(String... lines) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.write(services.resolve(Greeter.class.getName()), List.of(lines));
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, DiscoveryTest.class.getClassLoader())) {
            Thread.currentThread().setContextClassLoader(loader);
            return Discovery.of(Greeter.class, Greeter::name, "greeter");
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static String named(Class<?>... types) {
        List<String> names = new ArrayList<>();
        for (Class<?> type : types) {
            names.add(type.getName());
        }
        return String.join("\n", names);
    }

    private static Discovery.Problem problem(Discovery<?> discovery, String part) {
        return discovery.problems().stream()
                .filter(p -> p.who().contains(part) || p.what().contains(part))
                .findFirst()
                .orElseThrow(() -> new AssertionError(part + " in " + discovery.problems()));
    }

    @Test
    void r8_1_everyKindOfBrokenProviderIsReportedAndTheOthersAreKept() throws IOException {
        Discovery<Greeter> discovery = discover(
                named(Stillborn.class, Hello.class, Uninitialised.class, Unlinked.class, Nameless.class),
                "no.such.Greeter",
                named(Stranger.class, AlsoHello.class, Closed.class, Bye.class));
        assertEquals("[hello, bye]", discovery.found().keySet().toString());
        assertEquals(Hello.class, discovery.found().get("hello").getClass());
        assertEquals(8, discovery.problems().size(), discovery.problems().toString());
        assertTrue(problem(discovery, "Stillborn")
                .what()
                .contains("its constructor threw java.lang.IllegalStateException: no luck"));
        assertNotNull(problem(discovery, "Stillborn").cause());
        assertTrue(problem(discovery, "Uninitialised").what().contains("ExceptionInInitializerError"));
        assertTrue(problem(discovery, "Unlinked")
                .what()
                .contains("does not tell its name: java.lang.NoClassDefFoundError"));
        assertTrue(problem(discovery, "Nameless").what().contains("returns null instead of a greeter"));
        assertTrue(problem(discovery, "no.such.Greeter").what().contains("not found"));
        assertTrue(problem(discovery, "Stranger").what().contains("not a subtype"));
        assertTrue(problem(discovery, "AlsoHello")
                .what()
                .contains("the greeter 'hello' is taken by " + Hello.class.getName()));
        assertTrue(problem(discovery, "Closed").what().contains("cannot be loaded"));
        for (Discovery.Problem p : discovery.problems()) {
            assertTrue(!p.remedy().isBlank());
            assertTrue(discovery.problemsAsText().contains(p.who() + " " + p.what()));
        }
    }

    @Test
    void r8_1_aProviderIsReportedWithWhereItComesFrom() throws IOException {
        String who = problem(discover(named(Stillborn.class)), "Stillborn").who();
        assertTrue(who.startsWith(Stillborn.class.getName() + " (") && who.contains("test-classes"), who);
        assertEquals("java.lang.String", Discovery.where(String.class), "classes of the JDK have no jar");
    }

    @Test
    void r8_1_aServiceFileOfGarbageIsReported() throws IOException {
        Discovery<Greeter> discovery = discover("this is not a class name");
        assertTrue(discovery.found().isEmpty());
        assertEquals(1, discovery.problems().size());
    }

    @Test
    void r8_1_manyBrokenProvidersEnd() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            lines.append("no.such.Greeter").append(i).append('\n');
        }
        assertEquals(100, discover(lines.toString()).problems().size());
    }

    @Test
    void nothingOnTheClassPathIsNoProblem() {
        Discovery<Greeter> discovery = Discovery.of(Greeter.class, Greeter::name, "greeter");
        assertTrue(discovery.found().isEmpty());
        assertTrue(discovery.problems().isEmpty());
        assertEquals("", discovery.problemsAsText());
    }

    @Test
    void aContextLoaderThatDoesNotKnowUsIsNotAsked() throws IOException {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try {
            Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
            assertTrue(Discovery.of(Greeter.class, Greeter::name, "greeter")
                    .problems()
                    .isEmpty());
            Thread.currentThread().setContextClassLoader(null);
            assertTrue(Discovery.of(Greeter.class, Greeter::name, "greeter")
                    .problems()
                    .isEmpty());
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void theNearestName() {
        List<String> known = List.of("cpu", "cuda", "softmax_focal", "softmax_cross_entropy");
        assertEquals("cuda", Discovery.nearest("cudda", known));
        assertEquals("cpu", Discovery.nearest("gpu", known));
        assertEquals("softmax_cross_entropy", Discovery.nearest("softmax_crossentropy", known));
        assertEquals("softmax_focal", Discovery.nearest("softmaxfocal", known));
        assertNull(Discovery.nearest("opencl", known));
        assertNull(Discovery.nearest("x", List.of()));
    }
}
