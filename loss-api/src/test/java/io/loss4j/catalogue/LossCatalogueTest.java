package io.loss4j.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.error.LossInputException;
import io.loss4j.loss.BuiltInLosses;
import io.loss4j.loss.LossType;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.provider.Discovery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LossCatalogueTest {
    @Test
    void lossesOfAllProvidersById() {
        for (LossType<?> type : new BuiltInLosses().losses()) {
            assertEquals(type, LossCatalogue.type(type.id()));
        }
        assertTrue(LossCatalogue.types().containsKey("everything"), "of a third party");
        assertEquals(
                new BuiltInLosses().losses().size() + 1, LossCatalogue.types().size());
        List<String> ids = new ArrayList<>(LossCatalogue.types().keySet());
        assertEquals(ids.stream().sorted().toList(), ids);
        assertThrows(
                UnsupportedOperationException.class, () -> LossCatalogue.types().remove("huber"));
    }

    @Test
    void r8_1_brokenProvidersAreReportedAndTheOthersKeepWorking() {
        List<String> problems = LossCatalogue.problems().stream()
                .map((Discovery.Problem p) -> p.who() + " " + p.what())
                .toList();
        assertEquals(4, problems.size(), problems.toString());
        for (String expected : List.of(
                "TestLosses$Silent",
                "returns null instead of its losses",
                "TestLosses$Broken",
                "NoClassDefFoundError: some/Library",
                "Provider io.loss4j.loss.IsNotOnTheClassPath not found",
                "TestLosses$Taken",
                "the loss 'everything' is taken by")) {
            assertTrue(problems.stream().anyMatch(p -> p.contains(expected)), expected + " in " + problems);
        }
    }

    @Test
    void r7_3_anUnknownIdIsRefusedWithTheNearestOne() {
        LossInputException e = assertThrows(LossInputException.class, () -> LossCatalogue.type("sigmoid_focl"));
        assertEquals("L4J-J02", e.code());
        assertTrue(e.getMessage().contains("'sigmoid_focl' is not known; known are [active_passive, "), e.getMessage());
        assertTrue(e.getMessage().contains("did you mean 'sigmoid_focal'"), e.getMessage());
        assertTrue(
                e.getMessage().contains("TestLosses$Broken"), "a broken provider may be the reason: " + e.getMessage());
        e = assertThrows(LossInputException.class, () -> LossCatalogue.type("java.lang.Runtime"));
        assertTrue(e.getMessage().contains("put the jar that provides it on the class path"), e.getMessage());
        e = assertThrows(LossInputException.class, () -> LossCatalogue.type("x".repeat(1_000_000)));
        assertTrue(e.getMessage().length() < 3000, "length " + e.getMessage().length());
    }

    @Test
    void lossesFromPlainValues() {
        assertEquals(
                new SigmoidFocal(0.25, 2), LossCatalogue.create("sigmoid_focal", Map.of("alpha", 0.25, "gamma", 2)));
        assertThrows(LossInputException.class, () -> LossCatalogue.create("sigmoid_focal", Map.of("beta", 1)));
    }
}
