package io.loss4j.examples.training;

import io.loss4j.examples.data.Dataset;
import java.util.ArrayList;
import java.util.List;

/** Several losses, each training its own network from the same weights with the same batches. */
public final class Contest {
    private final Settings settings;
    private final List<Contestant> contestants;
    private final List<Trial> trials;

    /** Steps to warm up with. */
    private static final int WARM = 100;

    /**
     * Makes the networks, and trains others for a while that does not count, which loads classes and lets the JVM
     * compile.
     */
    public Contest(Dataset data, Settings settings, List<Contestant> contestants) {
        this.settings = settings;
        this.contestants = List.copyOf(contestants);
        for (Contestant c : contestants) {
            new Trial(data, settings, c.loss()).steps(WARM);
        }
        this.trials = contestants.stream()
                .map(c -> new Trial(data, settings, c.loss()))
                .toList();
    }

    /** How many steps {@link #train} takes. */
    public long steps() {
        return (long) settings.epochs() * trials.size();
    }

    /**
     * Trains all of them. Epochs take turns, so that no loss alone pays for what the JVM is still compiling.
     *
     * @param step called after every epoch of every network
     */
    public void train(Runnable step) {
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            for (Trial trial : trials) {
                trial.epoch();
                step.run();
            }
        }
    }

    /** One per contestant, in their order. */
    public List<Result> results() {
        List<Result> results = new ArrayList<>();
        for (int i = 0; i < trials.size(); i++) {
            Trial trial = trials.get(i);
            results.add(new Result(contestants.get(i).name(), trial.scores(), trial.fitSeconds(), trial.lossSeconds()));
        }
        return results;
    }
}
