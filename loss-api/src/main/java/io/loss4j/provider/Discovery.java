package io.loss4j.provider;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a {@link ServiceLoader} finds, one provider at a time: a provider that cannot be loaded, throws, returns null or
 * takes a name that is in use becomes a {@link Problem} with its jar and cause, and the others are kept.
 *
 * @param <P> the service
 */
public final class Discovery<P> {
    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);
    /** A service loader that fails again and again without advancing must not hang the process. */
    private static final int MOST_FAILURES = 100;

    private final Map<String, P> found = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    /**
     * A provider that is left out.
     *
     * @param who its class or name and jar, as far as known
     * @param what what is wrong
     * @param remedy what to do about it
     * @param cause the failure underneath, or null
     */
    public record Problem(
            String who,
            String what,
            String remedy,
            @Nullable Throwable cause) {}

    private Discovery() {}

    /**
     * Loads all providers of a service.
     *
     * @param service the interface
     * @param name what a provider is called; may throw or return null, which is a problem of that provider alone
     * @param kind for messages, for example "backend"
     */
    public static <P> Discovery<P> of(Class<P> service, Function<P, @Nullable String> name, String kind) {
        Discovery<P> discovery = new Discovery<>();
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader own = Discovery.class.getClassLoader();
        // Application servers and Spark executors see plugins through the context loader only.
        boolean contextSeesUs = false;
        for (ClassLoader l = context; l != null; l = l.getParent()) {
            contextSeesUs |= l == own;
        }
        ClassLoader loader = contextSeesUs ? context : own;
        Iterator<ServiceLoader.Provider<P>> providers =
                ServiceLoader.load(service, loader).stream().iterator();
        int failures = 0;
        while (failures < MOST_FAILURES) {
            ServiceLoader.Provider<P> provider = null;
            try {
                if (!providers.hasNext()) {
                    break;
                }
                provider = providers.next();
                discovery.accept(provider, name, kind);
            } catch (VirtualMachineError e) {
                throw e;
            } catch (Throwable e) {
                failures++;
                boolean fromLoader = e instanceof ServiceConfigurationError;
                Throwable cause = fromLoader && e.getCause() != null ? e.getCause() : e;
                String who = provider == null ? culprit(service, loader, e, kind) : where(provider.type());
                String what;
                if (provider != null) {
                    what = "its constructor threw " + describe(cause);
                } else {
                    what = fromLoader && e.getMessage() != null ? e.getMessage() : describe(e);
                }
                discovery.report(
                        new Problem(who, "cannot be loaded: " + what, "remove or update the jar that names it", cause));
            }
        }
        return discovery;
    }

    private void accept(ServiceLoader.Provider<P> provider, Function<P, @Nullable String> name, String kind) {
        String where = where(provider.type());
        P instance = provider.get();
        String called;
        try {
            called = instance == null ? null : name.apply(instance);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            report(new Problem(where, "does not tell its name: " + describe(e), "report this to its authors", e));
            return;
        }
        if (called == null) {
            report(new Problem(where, "returns null instead of a " + kind, "report this to its authors", null));
            return;
        }
        P first = found.putIfAbsent(called, instance);
        if (first != null) {
            report(new Problem(
                    where,
                    "the " + kind + " '" + called + "' is taken by " + where(first.getClass())
                            + ", which came first and is kept",
                    "remove one of the two jars",
                    null));
        }
    }

    /**
     * The provider that the loader failed at before it had a class, and the jar whose service file names it; as much of
     * that as can be found out.
     */
    private static String culprit(Class<?> service, ClassLoader loader, Throwable failure, String kind) {
        String who = kind + " provider";
        String file = "META-INF/services/" + service.getName();
        try {
            for (URL url : Collections.list(loader.getResources(file))) {
                for (String name : namesIn(url)) {
                    if (isAbout(failure, name, loader)) {
                        String jar = url.toString().replaceFirst("^jar:", "");
                        URL place = URI.create(jar.replaceFirst("!?/" + Pattern.quote(file) + "$", ""))
                                .toURL();
                        return who + " " + name + " (" + readable(place) + ")";
                    }
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.debug("cannot read {}", file, e);
        }
        return who;
    }

    private static List<String> namesIn(URL serviceFile) throws IOException {
        try (InputStream in = serviceFile.openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.replaceFirst("#.*", "").trim())
                    .filter(line -> !line.isEmpty())
                    .toList();
        }
    }

    private static boolean isAbout(Throwable failure, String name, ClassLoader loader) {
        if (failure instanceof ServiceConfigurationError) {
            return (failure.getMessage() + " ").contains(" " + name + " ");
        }
        try {
            Class.forName(name, false, loader); // fails in the same way again
            return false;
        } catch (ClassNotFoundException | LinkageError e) {
            return e.toString().equals(failure.toString());
        }
    }

    /** Adds a problem that showed later, when a provider was used for the first time. */
    public void report(Problem problem) {
        problems.add(problem);
        LOG.warn("L4J-B10 {}: {}; {}", problem.who(), problem.what(), problem.remedy());
        if (problem.cause() != null) {
            LOG.debug("cause", problem.cause());
        }
    }

    /** The usable providers by name, in the order in which they were found. */
    public Map<String, P> found() {
        return Collections.unmodifiableMap(found);
    }

    /** What was left out and why. */
    public List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** The problems as a clause to add to a message; empty if there are none. */
    public String problemsAsText() {
        StringBuilder text = new StringBuilder();
        for (Problem p : problems) {
            text.append("; ").append(p.who()).append(' ').append(p.what());
        }
        return text.toString();
    }

    /** A failure in one line, with what is underneath if it alone would say nothing. */
    public static String describe(Throwable e) {
        return e instanceof ExceptionInInitializerError && e.getCause() != null
                ? e + ": " + e.getCause()
                : e.toString();
    }

    /** The class and the jar or folder it comes from. */
    public static String where(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        URL location = source == null ? null : source.getLocation();
        return type.getName() + (location == null ? "" : " (" + readable(location) + ")");
    }

    /** A file's path as people write it; URLs write spaces and accents in code. */
    private static String readable(URL location) {
        try {
            return Path.of(location.toURI()).toString();
        } catch (URISyntaxException | RuntimeException e) { // not a file
            return location.toString();
        }
    }

    /** The candidate that a misspelt name most likely meant, or null if none is near. */
    public static @Nullable String nearest(String name, Iterable<String> candidates) {
        String best = null;
        int bestDistance = (name.length() <= 3 ? 1 : Math.max(2, name.length() / 3)) + 1;
        for (String candidate : candidates) {
            int distance = distance(name, candidate);
            if (distance < bestDistance) {
                bestDistance = distance;
                best = candidate;
            }
        }
        return best;
    }

    /** Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replace, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
