package io.loss4j.benchmarks.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What {@code run.sh} makes of its arguments, and of stages that fail; a pack here has a shell script for a Java. */
@DisabledOnOs(OS.WINDOWS)
class RunScriptTest {
    @TempDir
    private Path folder;

    private int code;

    private String run(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("sh", Path.of("gpu", "run.sh").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        code = process.waitFor();
        return said;
    }

    /** A pack whose Java prints its arguments, and fails where they have a word. */
    private String packThatFailsAt(String word) throws IOException {
        Path java = folder.resolve("pack/java/bin/java");
        Files.createDirectories(java.getParent());
        Files.writeString(
                java, "#!/bin/sh\necho \"$*\"\ncase \"$*\" in *" + word + "*) echo out of luck; exit 7 ;; esac\n");
        assertTrue(java.toFile().setExecutable(true));
        return folder.resolve("pack").toString();
    }

    private List<String> checks() throws IOException {
        return Files.readAllLines(folder.resolve("raw/checks.tsv")).stream()
                .filter(line -> !line.startsWith("nvidia-smi"))
                .toList();
    }

    @Test
    void wrongArgumentsAreNamed() throws Exception {
        assertTrue(run().contains("run.sh: --pack DIR is missing"));
        assertEquals(2, code);
        assertTrue(run("--pack").contains("--pack needs a value"));
        assertEquals(2, code);
        assertTrue(run("--stage", "check").contains("unknown option --stage"));
        assertEquals(2, code);
        assertTrue(run("--pack", folder.toString()).contains("is no pack"));
        assertEquals(2, code);
        assertTrue(run("--help").contains("run.sh --pack DIR [--stages LIST]"));
        assertEquals(0, code);
    }

    @Test
    void everyStageIsRunAndAFailureIsRecordedAndNotForgotten() throws Exception {
        String pack = packThatFailsAt("GpuProcess?time");
        String raw = folder.resolve("raw").toString();
        String said = run("--pack", pack, "--raw", raw, "--stages", "check,time,report", "--cases", "focal");
        assertEquals(1, code, said);
        List<String> checks = checks();
        assertEquals(2, checks.size(), said);
        assertTrue(checks.get(0).startsWith("check\tpassed\t"), checks.toString());
        assertTrue(checks.get(1).startsWith("time\tfailed\tcode 7"), checks.toString());
        assertTrue(checks.get(1).endsWith("out of luck"), checks.toString());
        String check = Files.readString(folder.resolve("raw/logs/check.log"));
        assertTrue(check.contains("-Dloss4j.cuda.test=gpu") && check.contains("--cases focal"), check);
        assertFalse(check.contains("--elements"), check);
        assertTrue(said.contains("GpuReport"), said);
        assertTrue(said.contains("run.sh --pack DIR --raw DIR --stages check,time,report"), said);

        packThatFailsAt("nothing-at-all");
        run("--pack", pack, "--raw", raw, "--stages", "time");
        assertEquals(0, code);
        assertEquals(2, checks().size(), "a stage that is run again replaces what was said of it");
        assertTrue(checks().get(1).startsWith("time\tpassed\t"), checks().toString());
    }
}
