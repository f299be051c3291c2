package io.loss4j.dl4j;

import io.loss4j.ClassReport;
import io.loss4j.error.LossInputException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs how the loss of a network is spread over its classes while it trains: one table per output, over all examples
 * since the last one.
 *
 * <pre>{@code
 * network.setListeners(ClassReportListener.everyEpoch("no", "yes"));
 * }</pre>
 *
 * <p>It finds the {@link Loss4jLoss} of every output layer of a MultiLayerNetwork or ComputationGraph, and lets it report
 * from the pass that computes its gradient; outputs with other losses, or losses that know no classes, are left alone.
 * One listener belongs to one network. Reporting is not part of a model: what is saved, loaded or copied by
 * ParallelWrapper is silent until it gets a listener of its own. {@link #detach} silences the network at hand.
 *
 * <p>The numbers are those of training: predictions change while an epoch goes on, and dropout is on. What a layer
 * reports takes O(classes) of memory, however long the training.
 */
public final class ClassReportListener extends BaseTrainingListener {
    private static final Logger LOG = LoggerFactory.getLogger(ClassReportListener.class);

    /** 0: every epoch. */
    private final int iterations;

    private final Consumer<String> log;
    private final List<String> names;
    private final Map<String, Collected> outputs = new TreeMap<>();
    private int done;

    /** What an output has reported since the last table. */
    private static final class Collected implements Consumer<ClassReport> {
        private @Nullable ClassReport sum;

        @Override
        public synchronized void accept(ClassReport report) {
            sum = sum == null ? report : sum.merge(report);
        }

        synchronized @Nullable ClassReport take() {
            ClassReport taken = sum;
            sum = null;
            return taken;
        }

        synchronized @Nullable ClassReport look() {
            return sum;
        }
    }

    ClassReportListener(int iterations, Consumer<String> log, String... names) {
        this.iterations = iterations;
        this.log = log;
        this.names = List.of(names);
    }

    /**
     * A table at the end of every epoch of {@code fit} with an iterator.
     *
     * @param names of the classes, for the table; numbers where there are none
     */
    public static ClassReportListener everyEpoch(String... names) {
        return new ClassReportListener(0, LOG::info, names);
    }

    /**
     * A table after so many iterations.
     *
     * @param iterations from 1
     * @param names of the classes, for the table; numbers where there are none
     */
    public static ClassReportListener everyIterations(int iterations, String... names) {
        if (iterations < 1) {
            throw new LossInputException(
                    "L4J-D08",
                    "class report listener",
                    "reports every " + iterations + " iterations, expected a number from 1",
                    "correct it, or use everyEpoch");
        }
        return new ClassReportListener(iterations, LOG::info, names);
    }

    /** What has been collected since the last table, by the name of the output layer. */
    public synchronized Map<String, ClassReport> reports() {
        Map<String, ClassReport> reports = new TreeMap<>();
        outputs.forEach((name, collected) -> {
            ClassReport report = collected.look();
            if (report != null) {
                reports.put(name, report);
            }
        });
        return reports;
    }

    /** Ends the reporting of a network. */
    public synchronized void detach(Model network) {
        NetworkLosses.change(
                network,
                (name, loss) -> outputs.containsValue(loss.classReports()) ? loss.withoutClassReports() : loss);
        outputs.clear();
    }

    /** Before the gradient of a step: from here on its losses report. */
    @Override
    public void onForwardPass(Model network, List<INDArray> activations) {
        attach(network);
    }

    @Override
    public void onForwardPass(Model network, Map<String, INDArray> activations) {
        attach(network);
    }

    private synchronized void attach(Model network) {
        NetworkLosses.change(
                network, (name, loss) -> outputs.containsValue(loss.classReports()) ? loss : attach(name, loss));
    }

    private Loss4jLoss attach(String name, Loss4jLoss loss) {
        Collected collected = new Collected();
        try {
            Loss4jLoss reporting = loss.withClassReports(collected);
            outputs.put(name, collected);
            return reporting;
        } catch (LossInputException e) {
            LOG.debug("output {} is left alone: {}", name, e.getMessage());
            return loss;
        }
    }

    @Override
    public void iterationDone(Model network, int iteration, int epoch) {
        if (iterations > 0 && ++done % iterations == 0) {
            log("iteration " + iteration);
        }
    }

    @Override
    public void onEpochEnd(Model network) {
        if (iterations == 0) {
            int epoch = network instanceof MultiLayerNetwork layers
                    ? layers.getEpochCount()
                    : network instanceof ComputationGraph graph
                            ? graph.getConfiguration().getEpochCount()
                            : 0;
            log("epoch " + epoch);
        }
    }

    private synchronized void log(String when) {
        outputs.forEach((name, collected) -> {
            ClassReport report = collected.take();
            if (report != null) {
                log.accept(name + ", " + when + System.lineSeparator() + report.table(names));
            }
        });
    }
}
