package io.loss4j.cpu.wiring;

import io.loss4j.backend.LossBackend;
import io.loss4j.cpu.wiring.ChildJvm.Outcome;
import io.loss4j.cpu.wiring.HostileBackends.Future;
import io.loss4j.cpu.wiring.HostileBackends.Impostor;
import io.loss4j.cpu.wiring.HostileBackends.Moody;
import io.loss4j.cpu.wiring.HostileBackends.Mute;
import io.loss4j.cpu.wiring.HostileBackends.Nameless;
import io.loss4j.cpu.wiring.HostileBackends.Orphan;
import io.loss4j.cpu.wiring.HostileBackends.Pushy;
import io.loss4j.cpu.wiring.HostileBackends.Silent;
import io.loss4j.cpu.wiring.HostileBackends.Stillborn;
import io.loss4j.cpu.wiring.HostileBackends.Stranger;
import io.loss4j.cpu.wiring.HostileBackends.Turbo;
import io.loss4j.cpu.wiring.HostileBackends.Unlinked;
import io.loss4j.cpu.wiring.HostileBackends.Vague;
import io.loss4j.loss.LossProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * R8 from outside: programs in JVMs of their own, with hostile jars on their class path or without what they need. Each
 * gets the message of the error catalogue, and what can work works and is right. The tag is for the build: these tests
 * choose the flags of their JVMs themselves, so they run once, not with and without SIMD.
 */
@Tag("wiring")
class WiringTest {
    private static final String VECTOR_MODULE = "--add-modules=jdk.incubator.vector";
    private static final String HOW_TO_GET_SIMD = "add --add-modules jdk.incubator.vector to the java command";

    private Path folder;

    @BeforeEach
    void aFolderAsOnAnyDesktop(@TempDir Path parent) throws IOException {
        folder = Files.createDirectory(parent.resolve("my losses"));
    }

    private ChildJvm jvm() {
        return new ChildJvm(folder);
    }

    private ChildJvm jvmWithBackend(String jar, Class<?> provider) throws IOException {
        return jvm().with(PluginJar.of(jar, LossBackend.class, provider, Pushy.class));
    }

    private ChildJvm jvmWithLosses(String jar, Class<?> provider, Class<?>... losses) throws IOException {
        return jvm().with(PluginJar.of(jar, LossProvider.class, provider, losses));
    }

    private String at(String jar) {
        return " (" + folder.resolve(jar) + ")";
    }

    // Backends that cannot be loaded

    @Test
    void r8_1_aBackendThatThrowsInItsConstructorIsLeftOut() throws Exception {
        Outcome o = jvmWithBackend("stillborn.jar", Stillborn.class).run(Program.HUBER, Program.EXPLAIN);
        o.exits(0).says(Program.HUBER_IS_RIGHT, "backend cpu (asked for: auto, from default)");
        String what = Stillborn.class.getName() + at("stillborn.jar");
        String why = "cannot be loaded: its constructor threw java.lang.IllegalStateException: the licence has expired";
        String remedy = "; remove or update the jar that names it";
        o.says(what + ": broken, " + why + remedy);
        o.logsTimes(1, "WARN io.loss4j.provider.Discovery - L4J-B10 " + what + ": " + why + remedy);
    }

    @Test
    void r8_1_aBackendWhoseClassIsMissingIsLeftOut() throws Exception {
        PluginJar jar = new PluginJar("empty.jar").service(LossBackend.class, "com.example.FastBackend");
        Outcome o = jvm().with(jar).run(Program.HUBER, Program.EXPLAIN);
        o.exits(0).says(Program.HUBER_IS_RIGHT, "backend cpu (asked for: auto, from default)");
        String what = "backend provider com.example.FastBackend" + at("empty.jar");
        String why = "cannot be loaded: io.loss4j.backend.LossBackend: Provider com.example.FastBackend not found";
        o.says(what + ": broken, " + why);
        o.logsTimes(1, "L4J-B10 " + what + ": " + why + "; remove or update the jar that names it");
    }

    @Test
    void r8_1_aBackendWithoutANameIsLeftOut() throws Exception {
        Outcome o = jvmWithBackend("nameless.jar", Nameless.class).run(Program.HUBER, Program.EXPLAIN);
        o.exits(0).says(Program.HUBER_IS_RIGHT);
        String message = ": returns null instead of a backend; report this to its authors";
        o.logsTimes(1, "L4J-B10 " + Nameless.class.getName() + at("nameless.jar") + message);
    }

    @Test
    void r8_1_aBackendWithTheNameOfAnotherIsLeftOut() throws Exception {
        // after loss-cpu on the class path: the first one keeps the name
        PluginJar jar = PluginJar.of("impostor.jar", LossBackend.class, Impostor.class, Pushy.class);
        Outcome o = jvm().withLast(jar).run(Program.HUBER, Program.EXPLAIN);
        o.exits(0).says(Program.HUBER_IS_RIGHT);
        o.logsTimes(
                1,
                "L4J-B10 " + Impostor.class.getName() + at("impostor.jar") + ": the backend 'cpu' is taken by"
                        + " io.loss4j.cpu.CpuBackend (");
        o.logs("which came first and is kept; remove one of the two jars");
    }

    // Backends that fail when they are asked

    @Test
    void r8_1_aBackendThatThrowsWhenAskedForItsAvailabilityIsUnavailable() throws Exception {
        Outcome o = jvmWithBackend("unlinked.jar", Unlinked.class).run(Program.HUBER, Program.EXPLAIN);
        o.exits(0).says(Program.HUBER_IS_RIGHT, "backend cpu (asked for: auto, from default)");
        String why = "its availability() threw java.lang.UnsatisfiedLinkError: libturbo.so.7: cannot open shared object"
                + " file";
        String who = Unlinked.class.getName() + at("unlinked.jar");
        o.says("unlinked: unavailable, L4J-B03 " + why + ", in " + who + "; report this to its authors");
        o.logsTimes(1, "WARN io.loss4j.backend.Backends - L4J-B03 " + who + ": " + why);
        // auto has fallen back, and says so once
        o.logsTimes(1, "INFO io.loss4j.backend.Backends - Loss4J computes on backend cpu (");
        o.logs("; not on unlinked: L4J-B03 " + why);
    }

    @Test
    void r8_1_aBackendWithNullForItsAvailabilityIsUnavailable() throws Exception {
        Outcome o = jvmWithBackend("vague.jar", Vague.class).run(Program.HUBER, Program.EXPLAIN);
        o.exits(0).says(Program.HUBER_IS_RIGHT);
        o.says("vague: unavailable, L4J-B03 its availability() returned null, in " + Vague.class.getName());
        o.logsTimes(1, "L4J-B03 " + Vague.class.getName() + at("vague.jar") + ": its availability() returned null");
    }

    @Test
    void r8_1_backendsThatMakeNoOfferDecline() throws Exception {
        Outcome o = jvmWithBackend("moody.jar", Moody.class)
                .with(PluginJar.of("silent.jar", LossBackend.class, Silent.class))
                .run(Program.HUBER, Program.HUBER, Program.SOFTMAX);
        o.exits(0).says(Program.HUBER_IS_RIGHT, Program.SOFTMAX_IS_RIGHT);
        o.logsTimes(
                1,
                "L4J-B03 " + Moody.class.getName() + at("moody.jar")
                        + ": its offer() threw java.lang.UnsupportedOperationException: not today");
        o.logsTimes(1, "L4J-B03 " + Silent.class.getName() + at("silent.jar") + ": its offer() returned null");
    }

    @Test
    void r8_1_anyNumberOfBrokenBackendsDoNotHideEachOtherOrTheGoodOne() throws Exception {
        Outcome o = jvmWithBackend("stillborn.jar", Stillborn.class)
                .with(
                        new PluginJar("orphan.jar")
                                .with(Orphan.class)
                                .service(LossBackend.class, Orphan.class.getName()),
                        new PluginJar("future.jar")
                                .withFromTheFuture(Future.class)
                                .service(LossBackend.class, Future.class.getName()),
                        new PluginJar("garbage.jar").service(LossBackend.class, "<html>404 not found</html>"),
                        PluginJar.of("stranger.jar", LossBackend.class, Stranger.class),
                        PluginJar.of("mute.jar", LossBackend.class, Mute.class),
                        PluginJar.of("unlinked.jar", LossBackend.class, Unlinked.class),
                        PluginJar.of("moody.jar", LossBackend.class, Moody.class))
                .run(Program.HUBER, Program.EXPLAIN);
        o.exits(0).says(Program.HUBER_IS_RIGHT, "backend cpu (asked for: auto, from default)");
        o.logs(
                "L4J-B10 " + Stillborn.class.getName() + at("stillborn.jar"),
                "L4J-B10 backend provider " + Orphan.class.getName() + at("orphan.jar")
                        + ": cannot be loaded: java.lang.NoClassDefFoundError: io/loss4j/cpu/wiring/HostileBackends$Parent",
                "L4J-B10 backend provider " + Future.class.getName() + at("future.jar")
                        + ": cannot be loaded: java.lang.UnsupportedClassVersionError: ",
                "garbage.jar!/META-INF/services/io.loss4j.backend.LossBackend:1: Illegal configuration-file syntax",
                "L4J-B10 backend provider " + Stranger.class.getName() + at("stranger.jar")
                        + ": cannot be loaded: io.loss4j.backend.LossBackend: " + Stranger.class.getName()
                        + " not a subtype",
                "L4J-B10 " + Mute.class.getName() + at("mute.jar")
                        + ": does not tell its name: java.lang.AssertionError: nobody should ask",
                "L4J-B03 " + Unlinked.class.getName() + at("unlinked.jar"),
                "L4J-B03 " + Moody.class.getName() + at("moody.jar"));
        o.logsTimes(6, "L4J-B10 ");
        o.logsTimes(2, "L4J-B03 io");
    }

    // Backends that fail at work

    @Test
    void r8_3_aBackendThatFailsUnderAutoIsSetAsideAndTheNextOneAnswersCompletely() throws Exception {
        Outcome o = jvmWithBackend("turbo.jar", Turbo.class)
                .run(Program.HUBER, Program.SOFTMAX, Program.HUBER, Program.EXPLAIN);
        o.exits(0)
                .says(Program.HUBER_IS_RIGHT, Program.SOFTMAX_IS_RIGHT, "backend cpu (asked for: auto, from default)");
        o.says("turbo: set aside, it failed before: java.lang.IllegalStateException: device lost; see the log");
        o.logsTimes(
                1,
                "L4J-B05 backend turbo failed at Huber[delta=1.0] and is set aside for this process\n"
                        + "java.lang.IllegalStateException: device lost\n\tat ");
        o.logsTimes(1, "Caused by: java.lang.RuntimeException: error 719");
        o.logsTimes(1, "L4J-B05");
    }

    @Test
    void r8_2_aBackendThatFailsThoughAskedForByNameIsNotReplaced() throws Exception {
        Outcome o = jvmWithBackend("turbo.jar", Turbo.class)
                .options("-Dloss4j.backend=turbo")
                .run(Program.HUBER, Program.HUBER_ON_CPU);
        o.exits(1);
        o.says(
                "huber is refused: L4J-B04 backend turbo failed at Huber[delta=1.0]: java.lang.IllegalStateException:"
                        + " device lost\nbackend turbo (asked for: turbo, from -Dloss4j.backend)\n",
                "\n  turbo: chosen, ready\n",
                "\n  cpu: not asked for, ",
                "\nsee the cause, or add ',*' to let another backend answer.\n");
        o.says(Program.HUBER_IS_RIGHT); // on the CPU, asked for in code
    }

    // Losses

    @Test
    void r8_1_aLossWithTheIdOfABuiltInOneIsLeftOutWhateverComesFirst() throws Exception {
        Outcome o = jvmWithLosses("losses.jar", HostileLosses.Impostor.class, HostileLosses.FalseHuber.class)
                .run(Program.CATALOGUE, Program.HUBER_FROM_JSON);
        o.exits(0).says(Program.HUBER_IS_RIGHT);
        String who = HostileLosses.Impostor.class.getName() + at("losses.jar");
        String why = ": the loss 'huber' is taken by io.loss4j.loss.Huber (";
        o.says("left out: " + who + why).logsTimes(1, "L4J-B10 " + who + why);
        o.logs("), which is kept; remove one of the two jars or rename the loss");
    }

    @Test
    void r8_1_aProviderThatThrowsLosesOnlyItsOwnLosses() throws Exception {
        Outcome o = jvmWithLosses("unlinked.jar", HostileLosses.Unlinked.class)
                .with(
                        PluginJar.of("stillborn.jar", LossProvider.class, HostileLosses.Stillborn.class),
                        PluginJar.of(
                                "wrong.jar",
                                LossProvider.class,
                                HostileLosses.Wrong.class,
                                HostileLosses.Unwritable.class),
                        new PluginJar("empty.jar").service(LossProvider.class, "com.example.Losses"))
                .run(Program.CATALOGUE, Program.HUBER_FROM_JSON);
        o.exits(0).says(Program.HUBER_IS_RIGHT);
        String remedy = "; report this to its authors";
        o.logs(
                "L4J-B10 " + HostileLosses.Unlinked.class.getName() + at("unlinked.jar")
                        + ": does not list its losses: java.lang.NoClassDefFoundError: com/example/Formula" + remedy,
                "L4J-B10 " + HostileLosses.Stillborn.class.getName() + at("stillborn.jar")
                        + ": cannot be loaded: its constructor threw java.lang.IllegalStateException: the licence has"
                        + " expired; remove or update the jar that names it",
                "L4J-B10 " + HostileLosses.Wrong.class.getName() + at("wrong.jar") + ": does not list its losses: ",
                "L4J-P02 unwritable: component thread of " + HostileLosses.Unwritable.class.getName()
                        + " has type java.lang.Thread; use double, int",
                "L4J-B10 loss provider com.example.Losses" + at("empty.jar") + ": cannot be loaded: ");
        o.logsTimes(4, "L4J-B10");
    }

    @Test
    void r8_1_aProviderThatReturnsNullLosesOnlyItsOwnLosses() throws Exception {
        Outcome o = jvmWithLosses("silent.jar", HostileLosses.Silent.class)
                .with(PluginJar.of(
                        "forgetful.jar", LossProvider.class, HostileLosses.Forgetful.class, HostileLosses.Absurd.class))
                .run(Program.CATALOGUE, Program.HUBER_FROM_JSON, "json {\"spec\":{\"id\":\"tukey\"}}");
        o.exits(1).says(Program.HUBER_IS_RIGHT, "losses [absurd, ");
        String silent = HostileLosses.Silent.class.getName() + at("silent.jar");
        String forgetful = HostileLosses.Forgetful.class.getName() + at("forgetful.jar");
        o.logsTimes(1, "L4J-B10 " + silent + ": returns null instead of its losses; report this to its authors");
        o.logsTimes(1, "L4J-B10 " + forgetful + ": lists null among its losses; report this to its authors");
        // whoever looks for a loss of theirs reads why it is not there
        o.says("is refused: L4J-J02 loss: 'tukey' is not known; known are [absurd, ", silent + " returns null");
    }

    // SIMD

    @Test
    void simdRunsWhereItIsRequired() throws Exception {
        Outcome o = jvm().options(VECTOR_MODULE, "-Dloss4j.cpu.simd=require", "-Xlog:class+load")
                .run(Program.SOFTMAX, Program.HUBER, Program.EXPLAIN);
        o.exits(0).says(Program.SOFTMAX_IS_RIGHT, Program.HUBER_IS_RIGHT);
        o.says("cpu: chosen, SIMD ", "jdk.incubator.vector.FloatVector source: jrt:/jdk.incubator.vector");
        o.logs("Loss4J computes on backend cpu (SIMD ");
    }

    @Test
    void withoutTheVectorModuleItsScalarTwinRunsAndSaysWhichFlagTurnsSimdOn() throws Exception {
        Outcome o = jvm().run(Program.SOFTMAX, Program.HUBER, Program.EXPLAIN);
        o.exits(0).says(Program.SOFTMAX_IS_RIGHT, Program.HUBER_IS_RIGHT);
        String why = "scalar because the vector module is not there; " + HOW_TO_GET_SIMD;
        o.says(why).logsTimes(1, why);
    }

    @Test
    void r8_2_withoutTheVectorModuleRequiredSimdFailsWithTheVerdictAndTheRemedy() throws Exception {
        Outcome o = jvm().options("-Dloss4j.cpu.simd=require").run(Program.HUBER);
        o.exits(1);
        o.says("huber is refused: L4J-B01 no backend can compute Huber[delta=1.0]\n"
                + "backend none (asked for: auto, from default)\n"
                + "  cpu: unavailable, L4J-B11 SIMD is required but the vector module is not there; "
                + HOW_TO_GET_SIMD + ", or remove -Dloss4j.cpu.simd=require\n"
                + "change the choice of backends or follow one of the remedies above.\n");
    }

    @Test
    void r8_2_aSettingOfSimdThatMeansNothingIsRefused() throws Exception {
        Outcome o = jvm().options(VECTOR_MODULE, "-Dloss4j.cpu.simd=nonsense").run(Program.HUBER);
        o.exits(1);
        o.says(
                "L4J-B01 no backend can compute",
                "cpu: unavailable, L4J-B12 -Dloss4j.cpu.simd is 'nonsense', expected"
                        + " auto, off or require; correct it or remove it");
    }

    // Names

    @Test
    void r8_2_anUnknownBackendInThePropertyIsRefusedWithTheNearestOne() throws Exception {
        Outcome o = jvm().options("-Dloss4j.backend=cqu").run(Program.HUBER, Program.EXPLAIN, Program.HUBER_ON_CPU);
        o.exits(2);
        String message = "L4J-B02 backend 'cqu' (from -Dloss4j.backend) is not known; known are [cpu]; did you mean"
                + " 'cpu'.\n";
        o.says("huber is refused: " + message, "explain is refused: " + message, Program.HUBER_IS_RIGHT);
    }

    @Test
    void r8_2_anUnknownBackendInTheEnvironmentIsRefusedThoughOthersMayFollow() throws Exception {
        Outcome o = jvm().environment("LOSS4J_BACKEND", "quantum,*").run(Program.HUBER, Program.HUBER_ON_CPU);
        o.exits(1).says(Program.HUBER_IS_RIGHT);
        o.says(
                "huber is refused: L4J-B02 backend 'quantum' (from LOSS4J_BACKEND) is not known; known are [cpu]; put the"
                        + " jar of that backend on the class path or remove the name.\n");
    }

    @Test
    void r8_2_thePropertyIsStrongerThanTheEnvironmentAndAStarLetsOthersFollow() throws Exception {
        Outcome o = jvmWithBackend("turbo.jar", Turbo.class)
                .options("-Dloss4j.backend=cpu,*")
                .environment("LOSS4J_BACKEND", "quantum")
                .run(Program.HUBER, Program.EXPLAIN);
        o.exits(0).says(Program.HUBER_IS_RIGHT, "backend cpu (asked for: cpu,*, from -Dloss4j.backend)");
        o.says("  turbo: possible, ready"); // cheaper, but not first
    }

    @Test
    void r8_2_withoutAnyBackendTheRemedyIsToAddOne() throws Exception {
        Outcome o = jvm().withoutCpu().run(Program.HUBER, Program.CATALOGUE, Program.HUBER_ON_CPU);
        o.exits(2);
        o.says(
                "huber is refused: L4J-B01 no backend can compute Huber[delta=1.0]\n"
                        + "backend none (asked for: auto, from default)\n"
                        + "add loss-cpu to the class path.\n",
                "losses [",
                "huber on cpu is refused: L4J-B02 backend 'cpu' (from code) is not known; known are []; put the jar of"
                        + " that backend on the class path or remove the name; add loss-cpu to the class path.\n");
    }
}
