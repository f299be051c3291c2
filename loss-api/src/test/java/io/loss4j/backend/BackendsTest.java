package io.loss4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.LossFunction;
import io.loss4j.error.BackendException;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.Huber;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Selection among the backends of {@link TestBackends}. */
class BackendsTest {
    private static final INDArray X = Nd4j.zeros(2, 2);
    private static final LossFunction LOSS = LossFunction.of(new Huber());

    @AfterEach
    void forgetChoices() {
        Backends.prefer();
        System.clearProperty(Wish.PROPERTY);
    }

    private static double compute(String backends) {
        return (backends == null ? LOSS : LOSS.on(backends)).value(X, X);
    }

    private static Resolution resolve(String backends) {
        return (backends == null ? LOSS : LOSS.on(backends)).resolve(X, X, null);
    }

    private static Verdict verdict(Resolution resolution, String backend) {
        return resolution.verdicts().stream()
                .filter(v -> v.backend().startsWith(backend))
                .findFirst()
                .orElseThrow();
    }

    private static void assertVerdict(Resolution r, String backend, Verdict.Outcome outcome, String detail) {
        Verdict v = verdict(r, backend);
        assertEquals(outcome, v.outcome(), r.explain());
        assertTrue(v.detail().contains(detail), v.detail());
    }

    private static String logOf(Runnable action) {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8);
    }

    private static int count(String text, String part) {
        return text.split(part, -1).length - 1;
    }

    @Test
    void everyBackendThatCouldBeLoadedIsListed() {
        assertEquals(
                List.of("declining", "expensive", "recording", "absent", "shy", "silent", "failing", "picky", "herald"),
                Backends.list());
    }

    @Test
    void r8_1_brokenProvidersAreReportedAndTheOthersWork() {
        Resolution r = resolve(null);
        assertEquals("recording", r.chosen());
        assertVerdict(r, "io.loss4j.backend.TestBackends$Stillborn", Verdict.Outcome.BROKEN, "no luck today");
        assertVerdict(r, "io.loss4j.backend.TestBackends$Nameless", Verdict.Outcome.BROKEN, "returns null");
        assertVerdict(r, "io.loss4j.backend.TestBackends$Impostor", Verdict.Outcome.BROKEN, "'recording' is taken by");
        assertVerdict(r, "backend provider", Verdict.Outcome.BROKEN, "IsNotOnTheClassPath");
        assertTrue(
                verdict(r, "io.loss4j.backend.TestBackends$Stillborn").backend().contains("test-classes"), "its jar");
        assertTrue(r.verdicts().stream()
                .filter(v -> v.outcome() == Verdict.Outcome.BROKEN)
                .allMatch(v -> v.remedy() != null));
    }

    @Test
    void everyNoHasCodeReasonAndRemedy() {
        Resolution r = resolve(null);
        assertVerdict(r, "absent", Verdict.Outcome.UNAVAILABLE, "T-02 no such device");
        assertEquals("plug it in", verdict(r, "absent").remedy());
        assertVerdict(
                r,
                "shy",
                Verdict.Outcome.UNAVAILABLE,
                "L4J-B03 its availability() threw java.lang.NoClassDefFoundError: some/Driver");
        assertVerdict(r, "silent", Verdict.Outcome.UNAVAILABLE, "L4J-B03 its availability() returned null");
        assertVerdict(r, "declining", Verdict.Outcome.DECLINED, "T-01 it does not like huber");
        assertEquals("ask another", verdict(r, "declining").remedy());
    }

    @Test
    void autoTakesTheCheapestOffer() {
        Resolution r = resolve(null);
        assertEquals("recording", r.chosen());
        assertEquals("auto", r.wish());
        assertEquals("default", r.source());
        assertVerdict(r, "recording", Verdict.Outcome.CHOSEN, "in memory of the test");
        assertVerdict(r, "expensive", Verdict.Outcome.POSSIBLE, "in memory of the test");
        assertEquals(0.25, compute(null));
    }

    @Test
    void theExplanationNamesTheChoiceAndEveryReason() {
        String text = resolve("expensive").explain();
        assertTrue(text.startsWith("backend expensive (asked for: expensive, from code)"), text);
        assertTrue(text.contains("  recording: not asked for, in memory of the test"), text);
        assertTrue(text.contains("  absent: unavailable, T-02 no such device; plug it in"), text);
        assertEquals(text, resolve("expensive").toString());
    }

    @Test
    void withoutAJobThereIsAnAnswerToo() {
        Resolution r = Backends.explain();
        assertVerdict(r, "declining", Verdict.Outcome.CHOSEN, "in memory of the test");
        assertVerdict(r, "absent", Verdict.Outcome.UNAVAILABLE, "T-02");
    }

    @Test
    void codeIsStrongerThanPreferenceAndPreferenceThanTheProperty() {
        System.setProperty(Wish.PROPERTY, "expensive");
        assertEquals("expensive", resolve(null).chosen());
        assertEquals("-Dloss4j.backend", resolve(null).source());
        Backends.prefer("herald");
        assertEquals("herald", resolve(null).chosen());
        assertEquals("code", resolve(null).source());
        assertEquals("recording", resolve("recording").chosen());
        Backends.prefer();
        assertEquals("expensive", resolve(null).chosen());
        System.setProperty(Wish.PROPERTY, " ");
        assertEquals("recording", resolve(null).chosen());
    }

    @Test
    void aListIsTriedInOrder() {
        assertEquals("expensive", resolve("expensive,recording").chosen());
        assertEquals("recording", resolve("absent, RECORDING").chosen());
        assertEquals("expensive", resolve("declining,expensive,recording").chosen());
        assertEquals("recording", resolve("declining,*").chosen());
        Backends.prefer("absent", "*");
        assertEquals("recording", resolve(null).chosen());
        assertEquals(0.25, compute(null));
    }

    @Test
    void r8_2_anExplicitChoiceThatCannotRunFailsWithEveryVerdict() {
        for (String wish : List.of("declining", "absent", "shy,declining")) {
            BackendException e = assertThrows(BackendException.class, () -> compute(wish));
            assertEquals("L4J-B01", e.code());
            assertTrue(e.getMessage().contains("no backend can compute Huber[delta=1.0]"), e.getMessage());
            assertTrue(e.getMessage().contains("asked for: " + wish + ", from code"), e.getMessage());
            assertTrue(e.getMessage().contains("recording: not asked for"), e.getMessage());
            assertTrue(e.getMessage().contains("absent: unavailable, T-02 no such device; plug it in"), e.getMessage());
            assertNull(resolve(wish).chosen());
        }
    }

    @Test
    void anUnknownNameIsRefusedWithTheNearestOne() {
        BackendException e = assertThrows(BackendException.class, () -> compute("recordin"));
        assertEquals("L4J-B02", e.code());
        assertTrue(
                e.getMessage().contains("backend 'recordin' (from code) is not known; known are [declining, "),
                e.getMessage());
        assertTrue(e.getMessage().contains("did you mean 'recording'"), e.getMessage());
        assertTrue(e.getMessage().contains("Stillborn"), "a broken provider may be the reason: " + e.getMessage());
        e = assertThrows(BackendException.class, () -> compute("quantum,*"));
        assertTrue(e.getMessage().contains("put the jar of that backend on the class path"), e.getMessage());
        assertThrows(BackendException.class, () -> Backends.prefer("recording", "nonsense"));
        assertEquals("default", resolve(null).source(), "the wrong preference is not kept");
        System.setProperty(Wish.PROPERTY, "recroding");
        e = assertThrows(BackendException.class, () -> compute(null));
        assertTrue(e.getMessage().contains("(from -Dloss4j.backend)"), e.getMessage());
    }

    @Test
    void r8_2_anExplicitBackendThatFailsIsNotReplaced() {
        RuntimeException cause = new IllegalStateException("out of luck");
        for (int attempt = 0; attempt < 2; attempt++) {
            BackendException e = TestBackends.whileFailing(
                    "expensive", cause, () -> assertThrows(BackendException.class, () -> compute("expensive")));
            assertEquals("L4J-B04", e.code());
            assertSame(cause, e.getCause());
            assertTrue(e.getMessage().contains("out of luck"), e.getMessage());
            assertTrue(e.getMessage().contains("add ',*'"), e.getMessage());
            assertTrue(e.getMessage().contains("recording: not asked for"), e.getMessage());
        }
        // r6_2: the failure leaves the backend usable
        assertEquals(0.25, compute("expensive"));
    }

    @Test
    void r8_3_underAutoAFailingBackendIsSetAsideAndTheNextOneAnswers() {
        Error cause = new ExceptionInInitializerError("driver gone");
        String log = logOf(() -> {
            for (int i = 0; i < 3; i++) {
                double value = TestBackends.whileFailing("failing", cause, () -> compute(null));
                assertEquals(0.25, value);
                assertEquals("huber", TestBackends.lastJob().spec().id());
            }
        });
        assertEquals(1, count(log, "L4J-B05 backend failing failed"), log);
        assertTrue(log.contains("driver gone"), log);
        Resolution r = TestBackends.whileFailing("failing", cause, () -> resolve(null));
        assertEquals("recording", r.chosen());
        assertVerdict(r, "failing", Verdict.Outcome.SET_ASIDE, "driver gone");
        // asked for by name it does not run either, and the reason is told
        BackendException e = TestBackends.whileFailing(
                "failing", cause, () -> assertThrows(BackendException.class, () -> compute("failing")));
        assertEquals("L4J-B01", e.code());
        assertTrue(e.getMessage().contains("failing: set aside, it failed before"), e.getMessage());
    }

    @Test
    void r8_3_wrongInputIsNoFailureOfTheBackend() {
        LossInputException refusal = new LossInputException("T-09", "picky", "a label is wrong", "correct it");
        Supplier<Double> call = () -> compute(null);
        LossInputException e =
                TestBackends.whileFailing("picky", refusal, () -> assertThrows(LossInputException.class, call::get));
        assertSame(refusal, e);
        Resolution r = TestBackends.whileFailing("picky", refusal, () -> resolve(null));
        assertVerdict(r, "picky", Verdict.Outcome.CHOSEN, "");
    }

    @Test
    void anExhaustedJvmIsNoFailureOfTheBackendEither() {
        OutOfMemoryError error = new OutOfMemoryError("for the test");
        assertSame(
                error,
                TestBackends.whileFailing(
                        "expensive", error, () -> assertThrows(OutOfMemoryError.class, () -> compute("expensive"))));
        assertEquals(0.25, compute("expensive"));
    }

    @Test
    void r8_3_withNobodyElseToAnswerTheFailureIsTheAnswer() {
        RuntimeException cause = new IllegalStateException("all of them");
        BackendException e = TestBackends.whileFailing(
                "recording",
                cause,
                () -> TestBackends.whileFailing(
                        "expensive",
                        cause,
                        () -> assertThrows(BackendException.class, () -> compute("expensive,recording"))));
        assertEquals("L4J-B04", e.code());
        assertEquals(0.25, compute("recording"));
    }

    @Test
    void theWinnerIsNamedOnce() {
        String log = logOf(() -> {
            compute("herald,*");
            compute("herald,*");
        });
        assertEquals(1, count(log, "Loss4J computes on backend herald"), log);
        assertTrue(log.contains("INFO"), log);
        assertTrue(log.contains("(in memory of the test); asked for: herald,*, from code"), log);
    }

    @Test
    void wishesAreLists() {
        assertEquals(List.of("cuda", "cpu"), Wish.current(" CUDA , cpu,").names());
        assertFalse(Wish.current("cuda,cpu").orAnyOther());
        assertTrue(Wish.current("cuda,*").orAnyOther());
        assertFalse(Wish.current("cuda,*").isAuto());
        assertTrue(Wish.current("auto").isAuto());
        assertTrue(Wish.current("auto").orAnyOther());
        assertTrue(Wish.current("").orAnyOther());
        assertEquals("code", Wish.current("cpu").source());
    }
}
