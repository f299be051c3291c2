package io.loss4j.examples.comparison;

import io.loss4j.examples.data.Dataset;
import io.loss4j.examples.data.Examples;
import io.loss4j.examples.data.Schema;
import io.loss4j.examples.data.Split;
import io.loss4j.examples.training.SavedModel;
import io.loss4j.examples.training.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Trains every candidate on the same folds from the same initial weights, several fits at a time. The result does not
 * depend on how many, nor on which fits were finished by an earlier run.
 */
public final class CrossValidation {
    private final Examples examples;
    private final Settings settings;
    private final List<Recipe> recipes;
    private final int folds;
    private final int repeats;
    private final FitStore store;
    private final List<List<Split>> splits = new ArrayList<>();
    private final List<Job> missing = new ArrayList<>();
    private final List<List<Fit>> finished = new ArrayList<>();

    /** A fit that is to be made. */
    private record Job(int candidate, int repeat, int fold) {}

    /**
     * Cuts the folds and looks for fits that are finished.
     *
     * @throws io.loss4j.error.LossInputException L4J-D32 for a class with fewer rows than folds
     */
    public CrossValidation(
            Examples examples, Settings settings, List<Recipe> recipes, int folds, int repeats, FitStore store) {
        this.examples = examples;
        this.settings = settings;
        this.recipes = List.copyOf(recipes);
        this.folds = folds;
        this.repeats = repeats;
        this.store = store;
        for (int r = 0; r < repeats; r++) {
            splits.add(examples.folds(folds, settings.seed() + r));
        }
        store.createDirectory(); // not before it is clear that there is something to keep
        for (int c = 0; c < recipes.size(); c++) {
            finished.add(new ArrayList<>());
        }
        // Candidates last, so that an interrupted run has all of them for some folds.
        for (int r = 0; r < repeats; r++) {
            for (int f = 0; f < folds; f++) {
                for (int c = 0; c < recipes.size(); c++) {
                    Fit kept = store.find(recipes.get(c), r, f);
                    if (kept == null) {
                        missing.add(new Job(c, r, f));
                    } else {
                        finished.get(c).add(kept);
                    }
                }
            }
        }
    }

    /** How many fits there are in all. */
    public int fits() {
        return recipes.size() * folds * repeats;
    }

    /** How many of them are still to be made. */
    public int missing() {
        return missing.size();
    }

    /** How many steps {@link #run} takes. */
    public long steps() {
        return (long) missing.size() * settings.epochs();
    }

    /**
     * Makes the fits that are missing.
     *
     * @param threads how many at a time
     * @param step called after every epoch of every network, by several threads
     */
    public Comparison run(int threads, Runnable step) {
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            ExecutorCompletionService<Fit> completed = new ExecutorCompletionService<>(workers);
            for (Job job : missing) {
                completed.submit(() -> fit(job, step));
            }
            for (int i = 0; i < missing.size(); i++) {
                Fit fit = completed.take().get();
                for (int c = 0; c < recipes.size(); c++) {
                    if (recipes.get(c).id().equals(fit.candidate())) {
                        finished.get(c).add(fit);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            workers.shutdownNow();
        }
        return comparison();
    }

    private Fit fit(Job job, Runnable step) {
        Recipe recipe = recipes.get(job.candidate());
        Split split = splits.get(job.repeat()).get(job.fold());
        Dataset data = examples.prepare(split);
        // Each fold of each repeat has initial weights of its own, the same for every candidate.
        Settings own = settings.withSeed(settings.seed() + (long) job.repeat() * folds + job.fold());
        double[] losses = new double[settings.epochs()];
        double[] accuracies = new double[settings.epochs()];
        long nanoseconds = 0;
        long begin = System.nanoTime();
        Fitting fitting = new Fitting(recipe, data, own);
        float[][] probabilities = {};
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            losses[epoch] = fitting.epoch(epoch);
            nanoseconds += System.nanoTime() - begin;
            probabilities = fitting.probabilities();
            accuracies[epoch] = fitting.balancedAccuracy(probabilities);
            begin = System.nanoTime();
            step.run();
        }
        Fit fit = new Fit(
                recipe.id(),
                job.repeat(),
                job.fold(),
                split.test(),
                probabilities,
                fitting.decide(probabilities),
                losses,
                accuracies,
                nanoseconds / 1e9);
        store.keep(recipe, fit);
        return fit;
    }

    /**
     * A model for use, trained by a candidate on all rows.
     *
     * @param candidate one of those that were compared
     * @param step called after every epoch
     */
    public SavedModel train(Candidate candidate, Runnable step) {
        Recipe recipe = recipes.stream()
                .filter(r -> r.id().equals(candidate.id()))
                .findFirst()
                .orElseThrow();
        Dataset data = examples.whole();
        Fitting fitting = new Fitting(recipe, data, settings);
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            fitting.epoch(epoch);
            step.run();
        }
        Schema schema = new Schema(data.label(), data.classes(), data.encoding(), examples.missing());
        return new SavedModel(fitting.network(), schema, fitting.rule());
    }

    private Comparison comparison() {
        List<CandidateResult> results = new ArrayList<>();
        for (int c = 0; c < recipes.size(); c++) {
            List<Fit> fits = new ArrayList<>(finished.get(c));
            fits.sort((a, b) -> Integer.compare(a.repeat() * folds + a.fold(), b.repeat() * folds + b.fold()));
            results.add(new CandidateResult(recipes.get(c).candidate(settings), fits));
        }
        return new Comparison(
                examples.source(),
                examples.label(),
                examples.classes(),
                examples.labels(),
                folds,
                repeats,
                settings.seed(),
                settings,
                examples.remarks(),
                results);
    }
}
