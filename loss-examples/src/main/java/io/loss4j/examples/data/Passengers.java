package io.loss4j.examples.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The people on board the Titanic by class, sex, age and survival: 32 counts, 2201 people, of whom 711 survived. From
 * R. J. MacG. Dawson, "The 'Unusual Episode' Data Revisited", Journal of Statistics Education 3(3), 1995.
 */
public final class Passengers {
    /** The column to predict. */
    public static final String LABEL = "survived";

    private static final String RESOURCE = "titanic-passengers.csv";

    private Passengers() {}

    /** One row per person. */
    public static Table table() {
        List<List<String>> counted = new ArrayList<>();
        try (InputStream in = Passengers.class.getResourceAsStream(RESOURCE);
                BufferedReader reader = new BufferedReader(
                        new InputStreamReader(Objects.requireNonNull(in, RESOURCE), StandardCharsets.UTF_8))) {
            String text;
            while ((text = reader.readLine()) != null) {
                counted.add(List.of(text.split(",")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Table(
                "Titanic passengers", List.of("class", "sex", "age", LABEL), visitor -> walk(counted, visitor));
    }

    /** As often as the fifth cell says. */
    private static void walk(List<List<String>> counted, Table.Visitor visitor) {
        for (int line = 1; line <= counted.size(); line++) {
            List<String> cells = counted.get(line - 1);
            for (int i = Integer.parseInt(cells.get(4)); i > 0; i--) {
                visitor.visit(line, cells.subList(0, 4));
            }
        }
    }
}
