package io.loss4j.benchmarks.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The list is read by Java and by Python, and both draw the same numbers. Python's part runs here with a stand-in for
 * PyTorch that has names only: nothing of it computes.
 */
class PeersTest {
    private static final Path FOLDER = Path.of("gpu").toAbsolutePath();

    private static final String SCRIPT = """
            import sys, types
            torch = types.ModuleType("torch")
            for name in ("float32", "float64", "float16", "bfloat16"):
                setattr(torch, name, name)
            torch.nn = types.ModuleType("torch.nn")
            torch.nn.functional = types.ModuleType("torch.nn.functional")
            sys.modules.update({"torch": torch, "torch.nn": torch.nn, "torch.nn.functional": torch.nn.functional})
            sys.path.insert(0, sys.argv[1])
            import peers
            options = types.SimpleNamespace(list=sys.argv[1] + "/cases.json", cases=[], elements=0)
            for case in peers.cases(options):
                print("case", case.name, case.rows, case.columns, case.labels)
            for stream in (peers.PREDICTIONS, peers.LABELS):
                key = peers.mixed_number(5 * peers.STREAMS + stream)
                for place in (0, 1, 2, 12345678901):
                    z = peers.signed(peers.mixed_number((place + 1) * peers.GOLDEN + key))
                    print("number", peers.steps(z), peers.shifted(z, 33) % 50257)
            """;

    private static List<String> python(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("python3"));
        command.addAll(List.of(arguments));
        Process process;
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("PYTHONPYCACHEPREFIX", folder.toString());
            process = builder.start();
        } catch (IOException e) {
            assumeTrue(false, "there is no python3");
            throw e;
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said.lines().toList();
    }

    @Test
    void bothReadTheSameListAndDrawTheSameNumbers(@TempDir Path folder) throws Exception {
        Path script = folder.resolve("ask.py");
        Files.writeString(script, SCRIPT);
        List<String> said = python(folder, script.toString(), FOLDER.toString());
        List<GpuCase> cases = GpuCases.read(FOLDER.resolve("cases.json"));
        List<String> expected = new ArrayList<>();
        for (GpuCase c : cases) {
            if (c.hasPeers()) {
                String labels = switch (c.workload().labels()) {
                    case INDEX -> "index";
                    case ONE_HOT -> "dense";
                    case YES_NO -> "yes_no";
                    case REAL -> "real";
                    case SOFT -> "soft";
                };
                expected.add("case " + c.name() + " " + c.workload().rows() + " "
                        + c.workload().columns() + " " + labels);
            }
        }
        long[] places = {0, 1, 2, 12_345_678_901L};
        GpuCase index = DrawTest.of("softmax_cross_entropy/index/10x50257", Optional.empty());
        Draw draw = new Draw(index, 5);
        // of labels in general only classes are seen; what is left of a number is checked by that of predictions
        LongStream.of(places).forEach(p -> expected.add("number " + draw.predictionSteps(p)));
        LongStream.of(places).forEach(p -> expected.add("class " + draw.classOf(p)));
        List<String> found = new ArrayList<>(
                said.stream().filter(line -> line.startsWith("case ")).toList());
        List<String> numbers =
                said.stream().filter(line -> line.startsWith("number ")).toList();
        numbers.subList(0, 4).forEach(line -> found.add("number " + line.split(" ")[1]));
        numbers.subList(4, 8).forEach(line -> found.add("class " + line.split(" ")[2]));
        assertEquals(expected, found);
    }

    @Test
    void thePythonSidesAreSoundAtLeastInTheirSyntax(@TempDir Path folder) throws Exception {
        python(
                folder,
                "-m",
                "py_compile",
                FOLDER.resolve("peers.py").toString(),
                FOLDER.resolve("triton_losses.py").toString());
    }
}
