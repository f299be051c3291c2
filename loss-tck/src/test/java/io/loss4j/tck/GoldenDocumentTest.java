package io.loss4j.tck;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/golden.md} lists exactly the cases of the shared folder that are not reproduced. */
class GoldenDocumentTest {
    @Test
    void listsEveryCaseThatIsNotReproduced() throws IOException {
        Path folder = Path.of(System.getProperty("loss4j.shared", ""), "golden");
        assumeTrue(Files.isRegularFile(folder.resolve("literal.json")), "no golden cases in " + folder);
        String document =
                Files.readString(Path.of(System.getProperty("basedir", "")).resolve("../docs/golden.md"));
        String tables = GoldenDifferences.tables(GoldenCases.read(folder));
        assertTrue(document.contains(tables), "docs/golden.md is stale; it should contain\n" + tables);
        int reproduced = Integer.parseInt(tables.replaceAll("(?s).*?has: (\\d+) of.*", "$1"));
        int all = Integer.parseInt(tables.replaceAll("(?s).*? of (\\d+) cases.*", "$1"));
        assertTrue(reproduced >= 0.95 * all, reproduced + " of " + all);
    }
}
