package io.loss4j.tck;

import io.loss4j.tck.PeerCase.Answer;
import io.loss4j.tck.PeerCase.Unsupported;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The part of the table of {@link PeerLosses} for losses that compare sets: Dice and its relatives. */
final class PeerOverlaps {
    private PeerOverlaps() {}

    static void addTo(Map<String, Function<PeerCase, Answer>> table) {
        table.put("dice", c -> overlap(c, "dice", p -> p));
        table.put(
                "dice_squared_denominator",
                c -> overlap(c, "dice", p -> p)
                        .set("counts", "squared")
                        .with("smooth", "smooth_numerator")
                        .with("smooth", "smooth_denominator"));
        table.put("tversky", PeerOverlaps::tversky);
        table.put(
                "tversky_flux",
                c -> overlap(c, "tversky", p -> p)
                        .set("alpha", c.number("beta"))
                        .set("beta", 1 - c.number("beta"))
                        .set("smooth_numerator", 1)
                        .set("smooth_denominator", 1));
        table.put("overlap_score", PeerOverlaps::overlapScore);
        table.put("overlap_by_class", PeerOverlaps::overlapByClass);
        table.put("monai_dice", c -> monaiOverlap(c, c.is("jaccard") ? "jaccard" : "dice", c.optional("class_weight")));
        table.put("monai_tversky", c -> monaiOverlap(c, "tversky", null));
        table.put("monai_dice_ce", PeerOverlaps::monaiDiceAndCrossEntropy);
        table.put("monai_generalized_dice", PeerOverlaps::monaiGeneralizedDice);
        table.put("lovasz_hinge", PeerOverlaps::lovaszHinge);
        table.put("mcc", PeerOverlaps::mcc);
        table.put("soft_f1", PeerOverlaps::fMeasure);
    }

    private static Question smooth(PeerCase c, Question q) {
        return q.with("smooth_nr", "smooth_numerator").with("smooth_dr", "smooth_denominator");
    }

    /** Sums over the axes of the option, or over everything: a row for every index of the others. */
    private static Question overlap(PeerCase c, String id, DoubleUnaryOperator activation) {
        Grid x = c.predictions();
        int[] axes = c.has("axis")
                ? Arrays.stream(c.numbers("axis")).mapToInt(a -> (int) a).toArray()
                : IntStream.range(0, x.rank()).toArray();
        int[] values = IntStream.range(0, x.rank())
                .filter(axis -> Arrays.stream(axes).noneMatch(a -> Math.floorMod(a, x.rank()) == axis))
                .map(x::size)
                .toArray();
        int sets = Arrays.stream(values).reduce(1, (a, b) -> a * b);
        Question q = Question.of(
                c,
                id,
                false,
                last(x, axes).reshaped(sets, x.size() / sets),
                last(c.labels().reshaped(x.shape()), axes).reshaped(sets, x.size() / sets),
                values);
        return smooth(c, q.set("axis", "row").changedPredictions(activation))
                .weighed(c.optional("sample_weight"))
                .reduced(c.word("reduction", "mean"));
    }

    private static Grid last(Grid grid, int... axes) {
        Grid moved = grid;
        for (int i = axes.length - 1; i >= 0; i--) {
            moved = moved.moved(axes[i], grid.rank() - axes.length + i);
        }
        return moved;
    }

    private static Answer tversky(PeerCase c) {
        boolean power = c.number("power", 1) != 1;
        Question q = overlap(
                c, power ? "focal_tversky" : "tversky", c.is("activation", "sigmoid") ? PeerArrays.SIGMOID : p -> p);
        if (c.has("numerator_plus")) {
            throw new Unsupported("a constant in the numerator alone");
        }
        return (power ? q.with("power", "gamma") : q).with("alpha").with("beta");
    }

    private static Answer overlapScore(PeerCase c) {
        String score = c.word("score", "dice");
        Question q = overlap(c, score, p -> p)
                .set("smooth_numerator", 0)
                .set("smooth_denominator", 0)
                .times(-1)
                .plus(1);
        return score.equals("tversky") ? q.with("alpha").with("beta") : q;
    }

    /** Sums over the batch per class; a class without labels costs nothing. */
    private static Answer overlapByClass(PeerCase c) {
        String mode = c.word("mode", "binary");
        String score = c.word("score", "dice");
        Grid x = PeerArrays.flat(c.predictions());
        int classes = x.size(1);
        Grid y = mode.equals("multiclass")
                ? PeerArrays.classesOf(c, classes)
                : c.labels().reshaped(x.shape());
        if (c.is("from_logits")) {
            x = mode.equals("multiclass") ? PeerArrays.softmax(x, 1) : x.map(PeerArrays.SIGMOID);
        }
        if (c.has("ignore_index")) {
            double ignored = c.number("ignore_index");
            Grid kept = (mode.equals("multiclass")
                            ? c.labels().reshaped(x.size(0), 1, x.size(2))
                            : c.labels().reshaped(x.shape()))
                    .map(label -> label == ignored ? 0 : 1);
            x = x.zip(kept, (p, keep) -> p * keep);
            y = y.zip(kept, (p, keep) -> p * keep);
        }
        double smooth = c.number("smooth", 0);
        Question q = Question.of(c, score, false, x, y)
                .set("axis", "class")
                .set("absent", "free")
                .set("smooth_numerator", smooth)
                .set("smooth_denominator", smooth)
                .reduced("sum");
        if (score.equals("tversky")) {
            q.with("alpha").with("beta");
        }
        if (c.has("classes")) {
            q = chosen(c, q, x, y);
        }
        return c.is("output", "score") ? q.times(-1).plus(1) : q;
    }

    /** The classes that count. */
    private static Question chosen(PeerCase c, Question q, Grid x, Grid y) {
        double[] weights = new double[x.size(1)];
        for (double k : c.numbers("classes")) {
            weights[(int) k] = 1;
        }
        return q.classWeights(weights);
    }

    /** A row for every example and class, over the image; with {@code batch} for every class, over all images. */
    private static Question monaiOverlap(PeerCase c, String id, @Nullable Grid classWeights) {
        Grid x = monaiPredictions(c);
        Grid y = monaiLabels(c);
        int n = x.size(0);
        int classes = x.size(1);
        boolean batch = c.is("batch");
        if (batch) {
            x = x.moved(1, 0);
            y = y.moved(1, 0);
        }
        int[] values = batch ? new int[] {classes} : new int[] {n, classes};
        int sets = batch ? classes : n * classes;
        Question q = Question.of(
                        c, id, false, x.reshaped(sets, x.size() / sets), y.reshaped(sets, y.size() / sets), values)
                .set("axis", "row")
                .set("counts", c.is("soft_label") ? "minimum" : c.is("squared_pred") ? "squared" : "product")
                .with("alpha")
                .with("beta");
        smooth(c, q).reduced(c.word("reduction", "mean"));
        if (id.equals("jaccard")) { // the peer's has a factor of 2 above and below
            q.set("smooth_numerator", c.number("smooth_nr", 0) / 2)
                    .set("smooth_denominator", c.number("smooth_dr", 0) / 2);
        }
        return classWeights == null ? q : q.weighed(classWeights.stretched(values));
    }

    private static Grid monaiPredictions(PeerCase c) {
        Grid x = PeerArrays.flat(c.predictions());
        Grid mask = c.optional("mask");
        Grid masked = mask == null ? x : x.zip(PeerArrays.flat(mask), (a, b) -> a * b);
        Grid activated = activated(masked, c.word("activation", "none"));
        return background(c) ? activated : activated.from(1, 1);
    }

    private static Grid monaiLabels(PeerCase c) {
        Grid y = PeerArrays.classesOf(c, c.predictions().size(1));
        Grid mask = c.optional("mask");
        Grid masked = mask == null ? y : y.zip(PeerArrays.flat(mask), (a, b) -> a * b);
        return background(c) ? masked : masked.from(1, 1);
    }

    private static boolean background(PeerCase c) {
        return !Boolean.FALSE.equals(c.options().get("include_background"))
                || c.predictions().size(1) == 1;
    }

    private static Grid activated(Grid x, String activation) {
        return switch (activation) {
            case "none" -> x;
            case "sigmoid" -> x.map(PeerArrays.SIGMOID);
            case "tanh" -> x.map(Math::tanh);
            case "softmax" -> PeerArrays.softmax(x, 1);
            case "log_softmax" -> throw new Unsupported("an overlap of log-probabilities, which are below 0");
            default -> throw new Unsupported("the activation '" + activation + "' in front of an overlap");
        };
    }

    private static Answer monaiDiceAndCrossEntropy(PeerCase c) {
        Grid x = PeerArrays.flat(c.predictions());
        Grid weights = c.optional("class_weight");
        boolean single = x.size(1) == 1;
        Grid ofDice = weights == null || background(c) ? weights : weights.from(0, 1);
        Question dice = monaiOverlap(c, "dice", ofDice);
        Grid y = c.indices() && !single
                ? c.labels().reshaped(x.size(0), x.size(2))
                : c.labels().reshaped(x.shape());
        boolean index = y.rank() < x.rank();
        Question crossEntropy = Question.of(
                        c,
                        single ? "sigmoid_cross_entropy" : "softmax_cross_entropy",
                        single,
                        x,
                        y,
                        x.size(0),
                        x.size(2))
                .reduced(index && weights != null ? "mean_by_class_weight" : "mean");
        if (weights != null) {
            crossEntropy = single ? crossEntropy.positiveWeights(weights) : crossEntropy.classWeights(weights.data());
        }
        dice.times(c.number("lambda_dice", 1));
        crossEntropy.times(c.number("lambda_ce", 1));
        return sum(dice, crossEntropy);
    }

    private static Answer sum(Answer a, Answer b) {
        return (backend, type) -> new double[] {a.loss(backend, type)[0] + b.loss(backend, type)[0]};
    }

    /** One batch per example. */
    private static Answer monaiGeneralizedDice(PeerCase c) {
        Grid x = monaiPredictions(c);
        Grid y = monaiLabels(c);
        List<Answer> items = new ArrayList<>();
        for (int n = 0; n < x.size(0); n++) {
            if (!y.at(0, n).any(1)) {
                throw new Unsupported("an item without labels: its classes weigh 1 here, 0 in MONAI");
            }
            Question item = Question.of(c, "generalized_dice", false, x.at(0, n), y.at(0, n))
                    .with("w_type", "volume")
                    .reduced("sum");
            items.add(smooth(c, item));
        }
        return each(items, c.word("reduction", "mean"));
    }

    private static Answer each(List<Answer> items, String reduction) {
        return (backend, type) -> {
            double[] losses = items.stream()
                    .flatMapToDouble(item -> Arrays.stream(item.loss(backend, type)))
                    .toArray();
            double sum = Arrays.stream(losses).sum();
            return switch (reduction) {
                case "none" -> losses;
                case "sum" -> new double[] {sum};
                default -> new double[] {sum / losses.length};
            };
        };
    }

    private static Answer lovaszHinge(PeerCase c) {
        int images = c.is("per_image") ? c.predictions().size(0) : 1;
        Grid x = c.predictions().reshaped(images, c.predictions().size() / images);
        Grid y = c.labels().reshaped(x.shape());
        return Question.of(c, "lovasz_hinge", false, x, y, images)
                .set("axis", "row")
                .reduced("mean");
    }

    /** The peer adds eps to each of the four counts: four more examples, one of each kind, of that weight. */
    private static Answer mcc(PeerCase c) {
        int n = c.predictions().size();
        double[] weights = new double[n + 4];
        Arrays.fill(weights, 1);
        Arrays.fill(weights, n, n + 4, c.number("eps", 0));
        Grid x = appended(c.predictions(), 1, 0, 1, 0);
        Grid y = appended(c.labels(), 1, 0, 0, 1);
        return Question.of(c, "mcc", false, x, y)
                .weighElements(new Grid(new int[] {n + 4, 1}, false, weights))
                .set("epsilon", 0)
                .reduced("sum");
    }

    private static Grid appended(Grid grid, double... more) {
        double[] all = DoubleStream.concat(Arrays.stream(grid.data()), Arrays.stream(more))
                .toArray();
        return new Grid(new int[] {all.length, 1}, false, all);
    }

    private static Answer fMeasure(PeerCase c) {
        if (c.number("beta", 1) != 1 && !c.is("names", "corrected")) {
            throw new Unsupported("precision and recall by each other's name");
        }
        int n = c.predictions().size();
        return Question.of(
                        c,
                        "f_measure",
                        false,
                        c.predictions().reshaped(n, 1),
                        c.labels().reshaped(n, 1))
                .with("beta")
                .reduced("sum");
    }
}
