package io.loss4j.benchmarks.pytorch;

import io.loss4j.benchmarks.timing.TimedProcess;
import java.io.IOException;
import org.bytedeco.pytorch.global.torch;

/** A process that times PyTorch. */
final class PytorchProcess {
    private PytorchProcess() {}

    public static void main(String[] arguments) throws IOException {
        TimedProcess.serve(arguments, (workload, wanted, numbers, threads) -> {
            torch.set_num_threads(threads);
            return new PytorchLoss(workload, wanted, numbers);
        });
        System.exit(0);
    }
}
