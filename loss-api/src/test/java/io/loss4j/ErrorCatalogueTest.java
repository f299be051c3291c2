package io.loss4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/errors.md} lists every code in the main sources of every module. */
class ErrorCatalogueTest {
    private static final Pattern CODE = Pattern.compile("L4J-[A-Z]\\d\\d");
    private static final Path MODULE =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final Path CHECKOUT = MODULE.getParent();

    /** Codes by module, as found in main sources. */
    private static Map<String, Set<String>> used() throws IOException {
        Map<String, Set<String>> used = new TreeMap<>();
        try (Stream<Path> modules = Files.list(CHECKOUT)) {
            for (Path module : modules.filter(m -> Files.isDirectory(m.resolve("src/main/java")))
                    .toList()) {
                Set<String> codes = used.computeIfAbsent(module.getFileName().toString(), m -> new TreeSet<>());
                try (Stream<Path> files = Files.walk(module.resolve("src/main/java"))) {
                    for (Path file :
                            files.filter(f -> f.toString().endsWith(".java")).toList()) {
                        Matcher matcher = CODE.matcher(Files.readString(file));
                        while (matcher.find()) {
                            codes.add(matcher.group());
                        }
                    }
                }
            }
        }
        return used;
    }

    /** Rows of the catalogue: code, module, meaning, remedy. */
    private static List<String[]> listed() throws IOException {
        List<String[]> rows = new ArrayList<>();
        for (String line : Files.readAllLines(CHECKOUT.resolve("docs/errors.md"))) {
            if (line.startsWith("| L4J-")) {
                rows.add(Arrays.stream(line.split("\\|", -1)).map(String::trim).toArray(String[]::new));
            }
        }
        return rows;
    }

    private static boolean lists(String code, String module) throws IOException {
        // Javadoc of the interfaces quotes codes of backends
        return listed().stream()
                .anyMatch(row -> row[1].equals(code)
                        && (row[2].equals(module) || row[2].equals("loss-api") || module.equals("loss-api")));
    }

    @Test
    void r9_everyCodeIsListed() throws IOException {
        Set<String> missing = new TreeSet<>();
        for (Map.Entry<String, Set<String>> module : used().entrySet()) {
            for (String code : module.getValue()) {
                if (!lists(code, module.getKey())) {
                    missing.add(code + " of " + module.getKey());
                }
            }
        }
        assertTrue(missing.isEmpty(), "add to docs/errors.md: " + missing);
        assertTrue(used().get("loss-api").size() > 25, "the sources are searched");
    }

    @Test
    void r9_everyListedCodeOfThisModuleIsUsed() throws IOException {
        Set<String> stale = new TreeSet<>();
        for (String[] row : listed()) {
            if (row[2].equals("loss-api") && !used().get("loss-api").contains(row[1])) {
                stale.add(row[1]);
            }
        }
        assertTrue(stale.isEmpty(), "remove from docs/errors.md: " + stale);
    }

    @Test
    void everyRowIsCompleteAndUnique() throws IOException {
        Set<String> seen = new TreeSet<>();
        for (String[] row : listed()) {
            String where = String.join(" | ", row);
            assertEquals(6, row.length, where);
            assertTrue(CODE.matcher(row[1]).matches(), where);
            assertTrue(!row[3].isEmpty() && !row[4].isEmpty(), where);
            assertTrue(seen.add(row[1] + row[2]), "twice: " + where);
        }
    }
}
