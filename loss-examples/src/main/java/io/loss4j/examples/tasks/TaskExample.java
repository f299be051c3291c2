package io.loss4j.examples.tasks;

import java.util.List;
import java.util.function.Supplier;

/**
 * An example by the name of its task.
 *
 * @param name as on the command line
 * @param task in a few words
 * @param source the class to read and to copy from
 * @param program trains the networks, in seconds
 */
public record TaskExample(String name, String task, Class<?> source, Supplier<Scoreboard> program) {
    /** All of them. */
    public static final List<TaskExample> ALL = List.of(
            new TaskExample(
                    "pixels", "small spots in images, pixel by pixel", PixelImbalance.class, PixelImbalance::run),
            new TaskExample("anchors", "objects on a dense grid of anchors", DenseAnchors.class, DenseAnchors::run),
            new TaskExample("text", "rare messages in a stream of text", RareMessages.class, RareMessages::run),
            new TaskExample("dna", "binding sites in DNA", DnaSites.class, DnaSites::run),
            new TaskExample("speech", "a class for every frame of speech", SpeechFrames.class, SpeechFrames::run),
            new TaskExample(
                    "ranking", "the order of documents for a query", ListwiseRanking.class, ListwiseRanking::run),
            new TaskExample(
                    "recommendation",
                    "what users like, with sampled negatives",
                    SampledNegatives.class,
                    SampledNegatives::run),
            new TaskExample("outliers", "regression with outliers", OutlierRegression.class, OutlierRegression::run),
            new TaskExample("margins", "hinge losses instead of cross-entropy", HingeMargins.class, HingeMargins::run),
            new TaskExample("noise", "labels of which a third is wrong", NoisyLabels.class, NoisyLabels::run));
}
