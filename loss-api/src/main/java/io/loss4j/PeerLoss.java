package io.loss4j;

import io.loss4j.catalogue.LossCatalogue;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.Scaled;
import io.loss4j.provider.Discovery;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A loss of another library: what it becomes here, and what its parameters are called here. A row of a table, made by
 * {@link #of} and the methods that add to it.
 *
 * @param names what the library calls it: class, function and short forms
 * @param id of the loss here
 * @param fixed parameters of the loss here that the library's own decides
 * @param takes the library's parameters
 * @param reason why there is no counterpart, or null
 */
record PeerLoss(
        List<String> names,
        String id,
        Map<String, Object> fixed,
        Map<String, Parameter> takes,
        @Nullable String reason) {

    /** Words for reductions; the first three are those of PyTorch. */
    private static final Map<String, Reduction> REDUCTIONS = new TreeMap<>(Map.of(
            "none", Reduction.NONE,
            "sum", Reduction.SUM,
            "batchmean", Reduction.BATCH_MEAN,
            "mean_with_sample_weight", Reduction.WEIGHTED_MEAN));

    /** Words for the library's mean, which {@link Profile#of} knows. */
    private static final List<String> MEAN = List.of("mean", "sum_over_batch_size");

    /** Changes a draft by a parameter's value. */
    interface Change {
        void apply(Draft draft, Object value);
    }

    /**
     * A parameter of the library.
     *
     * @param here what it is called here, for descriptions
     * @param byDefault its value when not given; null: nothing is done then
     * @param change what it does
     */
    record Parameter(String here, @Nullable Object byDefault, Change change) {}

    /** A loss function in the making. */
    static final class Draft {
        String id;
        final Map<String, Object> parameters = new LinkedHashMap<>();
        double factor = 1;
        boolean distributions;

        @Nullable
        Reduction reduction;

        /** What is set after the loss has been bound. */
        final List<UnaryOperator<LossFunction>> options = new ArrayList<>();

        Draft(String id) {
            this.id = id;
        }
    }

    static PeerLoss of(String id, String... names) {
        return new PeerLoss(List.of(names), id, Map.of(), Map.of(), null).reducedBy(null);
    }

    /** A loss that Loss4J does not have. */
    static PeerLoss missing(String reason, String... names) {
        return new PeerLoss(List.of(names), "", Map.of(), Map.of(), reason);
    }

    /** With a parameter of our loss set for good. */
    PeerLoss set(String parameter, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(fixed);
        more.put(parameter, value);
        return new PeerLoss(names, id, more, takes, reason);
    }

    /** With a parameter of the library. */
    PeerLoss with(String theirs, String here, @Nullable Object byDefault, Change change) {
        Map<String, Parameter> more = new LinkedHashMap<>(takes);
        more.put(theirs, new Parameter(here, byDefault, change));
        return new PeerLoss(names, id, fixed, more, reason);
    }

    /** With a parameter of the library that our loss has as well, and the library's default. */
    PeerLoss takes(String theirs, String ours, @Nullable Object byDefault) {
        return with(theirs, ours, byDefault, (draft, value) -> draft.parameters.put(ours, value));
    }

    /** With a reduction of its own when none is given; null: the library's mean. */
    PeerLoss reducedBy(@Nullable Reduction byDefault) {
        return with("reduction", "reduction", byDefault, (draft, value) -> draft.reduction = reduction(draft, value));
    }

    PeerLoss takesClassWeights(String theirs) {
        return with(theirs, "withClassWeights", null, (draft, value) -> {
            ClassWeights weights = ClassWeights.of(numbers(draft, theirs, value));
            draft.options.add(f -> f.withClassWeights(weights));
        });
    }

    PeerLoss takesPositiveWeights(String theirs) {
        return with(theirs, "withPositiveWeights", null, (draft, value) -> {
            PerColumn weights = value instanceof Number n
                    ? PerColumn.all(n.doubleValue())
                    : PerColumn.of(numbers(draft, theirs, value));
            draft.options.add(f -> f.withPositiveWeights(weights));
        });
    }

    PeerLoss takesSmoothing() {
        return with("label_smoothing", "withLabelSmoothing", null, (draft, value) -> {
            double smoothing = number(draft, "label_smoothing", value);
            draft.options.add(f -> f.withLabelSmoothing(smoothing));
        });
    }

    PeerLoss takesIgnored(String theirs) {
        return with(theirs, "withIgnoreIndex", null, (draft, value) -> {
            long label = (long) number(draft, theirs, value);
            draft.options.add(f -> f.withIgnoreIndex(label));
        });
    }

    /** With {@code from_logits}, which makes another loss of it, without what clips probabilities. */
    PeerLoss fromLogits(String idOverLogits) {
        return with("from_logits", idOverLogits + " if true", null, (draft, value) -> {
            if (flag(draft, "from_logits", value)) {
                draft.id = idOverLogits;
                draft.parameters.remove("epsilon");
            }
        });
    }

    /** With {@code from_logits} for a loss with an {@code input} of its own. */
    PeerLoss inputFromLogits() {
        return set("input", "probabilities")
                .with(
                        "from_logits",
                        "input",
                        null,
                        (draft, value) -> draft.parameters.put(
                                "input", flag(draft, "from_logits", value) ? "logits" : "probabilities"));
    }

    /** With parameters that change no number. */
    PeerLoss accepts(String... theirs) {
        PeerLoss loss = this;
        for (String name : theirs) {
            loss = loss.with(name, "without effect", null, (draft, value) -> {});
        }
        return loss;
    }

    LossFunction create(Profile profile, String name, Map<String, ?> given) {
        if (reason != null) {
            throw new LossInputException(
                    "L4J-P22", profile.title(), name + " has no counterpart: " + reason, "see Profile.names()");
        }
        Draft draft = new Draft(id);
        draft.parameters.putAll(fixed);
        for (String theirs : new TreeSet<>(given.keySet())) {
            if (!takes.containsKey(theirs)) {
                String nearest = Discovery.nearest(theirs, takes.keySet());
                throw new LossInputException(
                        "L4J-P23",
                        profile.title() + " " + name,
                        "the parameter " + theirs + " is not known; known are " + takes.keySet(),
                        nearest == null ? "use one of them" : "did you mean " + nearest);
            }
        }
        takes.forEach((theirs, parameter) -> {
            Object value = given.containsKey(theirs) ? given.get(theirs) : parameter.byDefault();
            if (value != null) {
                parameter.change().apply(draft, value);
            }
        });
        LossSpec spec = LossCatalogue.create(draft.id, draft.parameters);
        spec = draft.factor == 1 ? spec : new Scaled(draft.factor, spec);
        LossFunction function = draft.distributions ? profile.ofDistributions(spec) : profile.of(spec);
        Reduction reduction = draft.reduction;
        function = reduction == null ? function : function.withReduction(reduction);
        for (UnaryOperator<LossFunction> option : draft.options) {
            function = option.apply(function);
        }
        return function;
    }

    /** What it becomes, in one line. */
    String describe() {
        if (reason != null) {
            return "no counterpart: " + reason;
        }
        List<String> parts = new ArrayList<>();
        fixed.forEach((parameter, value) -> parts.add(parameter + " " + value));
        takes.forEach((theirs, p) -> parts.add((theirs.equals(p.here()) ? theirs : theirs + " (" + p.here() + ")")
                + (p.byDefault() == null ? "" : " " + p.byDefault())));
        return id + ": " + String.join(", ", parts);
    }

    private static @Nullable Reduction reduction(Draft draft, Object value) {
        if (value instanceof Reduction known) {
            return known;
        }
        String word = String.valueOf(value).toLowerCase(Locale.ROOT);
        if (MEAN.contains(word)) {
            return null;
        }
        Reduction reduction = REDUCTIONS.get(word);
        if (reduction == null) {
            throw wrong(draft, "reduction", value, "one of " + MEAN + " and " + REDUCTIONS.keySet());
        }
        return reduction;
    }

    static boolean flag(Draft draft, String theirs, Object value) {
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong(draft, theirs, value, "true or false");
    }

    static double number(Draft draft, String theirs, Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw wrong(draft, theirs, value, "a number");
    }

    static double[] numbers(Draft draft, String theirs, Object value) {
        if (value instanceof double[] numbers) {
            return numbers;
        }
        if (value instanceof List<?> list && list.stream().allMatch(Number.class::isInstance)) {
            return list.stream().mapToDouble(n -> ((Number) n).doubleValue()).toArray();
        }
        throw wrong(draft, theirs, value, "a list of numbers");
    }

    static LossInputException wrong(Draft draft, String theirs, Object value, String expected) {
        String shown = value instanceof double[] numbers ? Arrays.toString(numbers) : String.valueOf(value);
        return new LossInputException(
                "L4J-P24", draft.id, theirs + " is " + shown + ", expected " + expected, "correct " + theirs);
    }
}
