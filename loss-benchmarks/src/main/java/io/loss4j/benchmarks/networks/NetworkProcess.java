package io.loss4j.benchmarks.networks;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Trains every network with Deeplearning4j's own loss and with ours, in turns in one process, and prints a line for each:
 * milliseconds per step and the loss's share of them.
 */
public final class NetworkProcess {
    /** Begins a line of results. */
    public static final String MARK = "@network\t";

    private static final int ROUNDS = 9;
    private static final double NANOSECONDS = 1e6;

    private NetworkProcess() {}

    /** A network in training with one loss. */
    private static final class Trainee {
        final MultiLayerNetwork network;
        final StopwatchLoss loss;
        final double[] steps = new double[ROUNDS];
        final double[] losses = new double[ROUNDS];
        double lossOfLast;

        Trainee(Network what, ILossFunction loss) {
            this.loss = new StopwatchLoss(loss);
            this.network = new MultiLayerNetwork(what.configuration(this.loss));
            network.init();
        }

        /** Milliseconds per step; leaves those in the loss behind. */
        double train(DataSet data, long nanoseconds) {
            loss.takeNanoseconds();
            long start = System.nanoTime();
            long now;
            int count = 0;
            do {
                network.fit(data);
                count++;
                now = System.nanoTime();
            } while (now - start < nanoseconds);
            lossOfLast = loss.takeNanoseconds() / NANOSECONDS / count;
            return (now - start) / NANOSECONDS / count;
        }
    }

    /** Milliseconds of a turn. */
    public static void main(String[] arguments) {
        long turn = Long.parseLong(arguments[0]) * 1_000_000;
        PrintStream out = System.out;
        for (Network what : Network.values()) {
            DataSet data = what.data();
            Trainee[] both = {new Trainee(what, what.builtIn()), new Trainee(what, what.ours())};
            for (Trainee trainee : both) {
                trainee.train(data, 4 * turn); // until the JIT has seen it
            }
            for (int round = 0; round < ROUNDS; round++) {
                for (Trainee trainee : both) {
                    trainee.steps[round] = trainee.train(data, turn);
                    trainee.losses[round] = trainee.lossOfLast;
                }
            }
            out.printf(
                    Locale.ROOT,
                    "%s%s\t%d\t%.4f\t%.4f\t%.4f\t%.4f%n",
                    MARK,
                    what.title,
                    what.batch,
                    median(both[0].steps),
                    median(both[0].losses),
                    median(both[1].steps),
                    median(both[1].losses));
            out.flush();
        }
        System.exit(0);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
