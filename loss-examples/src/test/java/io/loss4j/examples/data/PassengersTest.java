package io.loss4j.examples.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Totals that the sources of the table give, which the 32 counts must add up to. */
class PassengersTest {
    private final Table table = Passengers.table();

    private Map<String, Long> counts(int column) {
        Map<String, Long> counts = new HashMap<>();
        table.rows().forEach((line, cells) -> counts.merge(cells.get(column), 1L, Long::sum));
        return counts;
    }

    @Test
    void thereWere2201People() {
        assertEquals(List.of("class", "sex", "age", "survived"), table.columns());
        assertEquals(Map.of("no", 1490L, "yes", 711L), counts(3));
    }

    @Test
    void classesSexesAndAgesAddUp() {
        assertEquals(Map.of("1st", 325L, "2nd", 285L, "3rd", 706L, "crew", 885L), counts(0));
        assertEquals(Map.of("male", 1731L, "female", 470L), counts(1));
        assertEquals(Map.of("child", 109L, "adult", 2092L), counts(2));
    }
}
