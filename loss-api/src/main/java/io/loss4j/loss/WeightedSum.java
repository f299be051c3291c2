package io.loss4j.loss;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Several losses of the same predictions and labels, added up with weights.
 *
 * <pre>
 *   value = sum_i weight_i value_i
 * </pre>
 *
 * <p>Each loss is reduced by itself: under MEAN an elementwise loss is divided by the elements, a softmax loss by the
 * rows, a loss of the whole batch not at all. Options such as class weights go to all of them, and must make sense for
 * all of them. Unreduced terms exist where all are elementwise, or none is; per row they exist unless one of them is a
 * loss of the whole batch.
 *
 * <p>Use it for overlap plus cross-entropy in segmentation, or a robust loss with a little of a fast one.
 *
 * <p>Elsewhere: MONAI {@code DiceCELoss} and the like; elsewhere additions by hand.
 *
 * <p>Example: squared error plus twice the absolute error of x = 3, y = 1: 4 + 2 2 = 8.
 *
 * @param losses at least one
 * @param weights one for all or one per loss, at least 0; default 1
 */
public record WeightedSum(List<LossSpec> losses, PerColumn weights) implements LossSpec {
    private static final String ID = "weighted_sum";

    /** As registered: {@code weighted_sum}. */
    public static final LossType<WeightedSum> TYPE =
            LossType.of(WeightedSum.class, ID, Map.of("weights", PerColumn.all(1)));

    /** Checks the weights, and that all losses read the predictions in the same way. */
    public WeightedSum {
        losses = List.copyOf(losses);
        if (losses.isEmpty()) {
            throw Check.wrong(ID, "losses is empty, expected at least one loss", "give losses");
        }
        Check.each(ID, "weights", weights, w -> w >= 0 && w < Double.POSITIVE_INFINITY, "at least 0");
        if (weights.columns() != 0 && weights.columns() != losses.size()) {
            throw Check.wrong(
                    ID,
                    weights.columns() + " weights for " + losses.size() + " losses, expected one per loss",
                    "give one weight per loss, or one for all");
        }
        requireOne(
                "the form of predictions", losses.stream().map(LossSpec::input).toList(), losses);
        requireOne(
                "the activation",
                losses.stream()
                        .map(loss -> loss.activation() == Activation.ANY ? null : loss.activation())
                        .toList(),
                losses);
    }

    /** All with weight 1. */
    public WeightedSum(LossSpec... losses) {
        this(List.of(losses), PerColumn.all(1));
    }

    private static void requireOne(String what, List<? extends @Nullable Enum<?>> found, List<LossSpec> losses) {
        if (found.stream().filter(Objects::nonNull).distinct().count() > 1) {
            String each = IntStream.range(0, found.size())
                    .filter(i -> found.get(i) != null)
                    .mapToObj(i -> losses.get(i).id() + " " + LossType.word(Objects.requireNonNull(found.get(i))))
                    .collect(Collectors.joining(", "));
            throw Check.wrong(
                    ID, "losses disagree about " + what + ": " + each, "give every loss the same input and activation");
        }
    }

    /** The losses with their weights, those of sums among them taken apart. */
    public static List<Scaled> parts(LossSpec spec) {
        List<Scaled> parts = new ArrayList<>();
        addParts(1, spec, parts);
        return List.copyOf(parts);
    }

    private static void addParts(double factor, LossSpec spec, List<Scaled> parts) {
        if (spec instanceof Scaled scaled) {
            addParts(factor * scaled.factor(), scaled.loss(), parts);
        } else if (spec instanceof WeightedSum sum) {
            for (int i = 0; i < sum.losses.size(); i++) {
                addParts(factor * sum.weights.at(i), sum.losses.get(i), parts);
            }
        } else if (spec instanceof PerOutputMean mean
                && (mean.loss() instanceof Scaled || mean.loss() instanceof WeightedSum)) {
            for (Scaled part : parts(mean.loss())) { // the mean of a sum is the sum of the means
                addParts(factor * part.factor(), new PerOutputMean(part.loss()), parts);
            }
        } else {
            parts.add(new Scaled(factor, spec));
        }
    }

    @Override
    public @Nullable InputForm input() {
        return losses.stream()
                .map(LossSpec::input)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    @Override
    public Activation activation() {
        return losses.stream()
                .map(LossSpec::activation)
                .filter(a -> a != Activation.ANY)
                .findFirst()
                .orElse(Activation.ANY);
    }

    /** Only if every loss has one; a loss of any numbers has none, since its numbers come after the activation. */
    @Override
    public @Nullable LossSpec overLogits(Activation activation) {
        List<LossSpec> twins = new ArrayList<>();
        for (LossSpec loss : losses) {
            LossSpec twin = loss.overLogits(activation);
            if (twin == null) {
                return null;
            }
            twins.add(twin);
        }
        return twins.equals(losses) ? this : new WeightedSum(twins, weights);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
