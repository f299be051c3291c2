package io.loss4j.examples.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
        List<Table.Row> people = new ArrayList<>();
        try (InputStream in = Passengers.class.getResourceAsStream(RESOURCE);
                BufferedReader reader = new BufferedReader(
                        new InputStreamReader(Objects.requireNonNull(in, RESOURCE), StandardCharsets.UTF_8))) {
            String text;
            for (int line = 1; (text = reader.readLine()) != null; line++) {
                List<String> cells = Arrays.asList(text.split(","));
                int count = Integer.parseInt(cells.get(4));
                people.addAll(Collections.nCopies(count, new Table.Row(line, cells.subList(0, 4))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Table("Titanic passengers", List.of("class", "sex", "age", LABEL), people);
    }
}
