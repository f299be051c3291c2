package io.loss4j.tck;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The cases of other libraries that are not reproduced, with the reasons, as the two tables of {@code docs/golden.md}.
 *
 * <pre>
 *   java -cp ... io.loss4j.tck.GoldenDifferences DIR
 * </pre>
 */
final class GoldenDifferences {
    private GoldenDifferences() {}

    /** Prints the tables. */
    public static void main(String[] arguments) {
        System.out.print(tables(GoldenCases.read(Path.of(arguments[0]))));
    }

    /** One row per case of a loss that the catalogue has, one per loss that it does not have. */
    static String tables(GoldenCases golden) {
        List<String> different = new ArrayList<>();
        Map<String, Integer> absent = new TreeMap<>();
        Map<String, String> reasons = new TreeMap<>();
        int inCatalogue = 0;
        for (GoldenCase c : golden.cases()) {
            if (!(c instanceof PeerCase peer)) {
                continue;
            }
            String reason = peer.unsupported();
            if (reason != null && !peer.inCatalogue()) {
                absent.merge(peer.loss(), 1, Integer::sum);
                reasons.put(peer.loss(), reason);
                continue;
            }
            inCatalogue++;
            if (reason != null) {
                different.add("| `" + peer.id() + "` | `" + peer.loss() + "` | " + reason + " |");
            }
        }
        StringBuilder text = new StringBuilder();
        text.append("Of losses that the catalogue has: ")
                .append(inCatalogue - different.size())
                .append(" of ")
                .append(inCatalogue)
                .append(" cases are reproduced. The others:\n\n| case | definition | why not |\n|---|---|---|\n");
        different.stream().sorted().forEach(row -> text.append(row).append('\n'));
        text.append(
                "\nOf losses that the catalogue does not have:\n\n| definition | cases | why not |\n|---|---:|---|\n");
        absent.forEach((loss, n) -> text.append("| `")
                .append(loss)
                .append("` | ")
                .append(n)
                .append(" | ")
                .append(reasons.get(loss))
                .append(" |\n"));
        return text.toString();
    }
}
