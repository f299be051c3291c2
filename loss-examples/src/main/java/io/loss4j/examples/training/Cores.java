package io.loss4j.examples.training;

import org.nd4j.linalg.factory.Nd4j;

/** How the cores are shared out. */
public final class Cores {
    private static final String LOSS_THREADS = "loss4j.cpu.threads";

    private Cores() {}

    /**
     * Gives each fit one core. Networks of this size have nothing to share out among threads: waiting for each other
     * takes them longer than the work.
     */
    public static void oneForEachFit() {
        if (System.getProperty(LOSS_THREADS) == null) {
            System.setProperty(LOSS_THREADS, "1");
        }
        Nd4j.getEnvironment().setMaxThreads(1);
        Nd4j.getEnvironment().setMaxMasterThreads(1);
    }
}
