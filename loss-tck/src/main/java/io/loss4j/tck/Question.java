package io.loss4j.tck;

import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import io.loss4j.Profile;
import io.loss4j.Reduction;
import io.loss4j.catalogue.LossCatalogue;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.PerColumn;
import io.loss4j.tck.PeerCase.Answer;
import io.loss4j.tck.PeerCase.Unsupported;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What is asked of Loss4J in place of another library's loss: a loss by id with parameters and options, over arrays laid
 * out as rows by columns. It may change predictions and labels, choose, and multiply or add afterwards; the loss itself is
 * always computed by a loss function.
 *
 * <p>The shared pipeline of the peers is: loss of elements or classes, then {@code feature_reduction} over the last axis,
 * then times {@code sample_weight}, then {@code reduction} over what is left, here called the values.
 */
final class Question implements Answer {
    private final PeerCase peer;
    private final String id;
    private final Map<String, Object> parameters = new LinkedHashMap<>();
    private final boolean elementwise;
    /** Shape of the values: of the predictions, without the axis that the loss or the feature reduction takes. */
    private final int[] values;

    private Grid x;
    private Grid y;
    private @Nullable Grid weights;
    private boolean changed;
    /** What one value is of the sum of its terms. */
    private double share = 1;

    /** Whether the mean divides by the values that are not ignored rather than by all. */
    private boolean counted;

    private double factor = 1;
    private double offset;
    private String reduction;
    private UnaryOperator<LossFunction> options = UnaryOperator.identity();

    private Question(PeerCase peer, String id, boolean elementwise, Grid x, Grid y, int... values) {
        if (!PeerCase.known(id)) {
            throw new Unsupported(id + " is not in the catalogue");
        }
        this.peer = peer;
        this.id = id;
        this.elementwise = elementwise;
        this.x = x;
        this.y = y;
        this.values = values;
        this.reduction = peer.word("reduction", "none");
    }

    /** A loss of elements: the last axis becomes the columns, everything before it the rows. */
    static Question elements(PeerCase peer, String id) {
        Grid x = peer.predictions();
        return elements(peer, id, x, peer.labels().stretched(x.shape()));
    }

    /** The same over prepared arrays of one shape. */
    static Question elements(PeerCase peer, String id, Grid x, Grid y) {
        int columns = x.rank() == 0 ? 1 : x.size(-1);
        String features = peer.word("feature_reduction", "none");
        int[] values = features.equals("none") ? x.shape() : Arrays.copyOf(x.shape(), Math.max(0, x.rank() - 1));
        Question q = new Question(peer, id, true, rows(x, columns), rows(y, columns), values);
        q.share = features.equals("mean") ? 1.0 / columns : 1;
        q.weighed(peer.optional("sample_weight"));
        return peer.is("class_weight_by", "label") ? q : q.weighedClasses();
    }

    /** A loss of rows: the axis of the classes, usually the last, becomes the columns. */
    static Question rows(PeerCase peer, String id) {
        return rows(peer, id, peer.predictions(), peer.labels());
    }

    /** The same over prepared arrays. */
    static Question rows(PeerCase peer, String id, Grid predictions, Grid labels) {
        int axis = peer.has("axis") ? (int) peer.number("axis") : -1;
        Grid x = predictions.moved(axis, -1);
        int columns = x.size(-1);
        Grid y = labels.size() * columns == x.size()
                ? labels.reshaped(labels.size())
                : rows(labels.moved(axis, -1), columns);
        int[] values = Arrays.copyOf(x.shape(), x.rank() - 1);
        Question q = new Question(peer, id, false, rows(x, columns), y, values);
        q.changed = axis != -1;
        return q.weighed(peer.optional("sample_weight")).weighedClasses();
    }

    /** A loss of given arrays in our own layout, classes on axis 1, with values of a given shape. */
    static Question of(PeerCase peer, String id, boolean elementwise, Grid x, Grid y, int... values) {
        return new Question(peer, id, elementwise, x, y, values);
    }

    private static Grid rows(Grid grid, int columns) {
        return grid.reshaped(columns == 0 ? 0 : grid.size() / columns, columns);
    }

    // Parameters of the loss

    Question set(String parameter, Object value) {
        parameters.put(parameter, value);
        return this;
    }

    /** Takes over an option under its own name, if the case has it. */
    Question with(String option) {
        return with(option, option);
    }

    /** Takes over an option under our name, if the case has it. */
    Question with(String option, String ours) {
        Object value = peer.options().get(option);
        return value == null ? this : set(ours, value);
    }

    /** Whether the case says so. */
    boolean takes(String option, String word) {
        return peer.is(option, word);
    }

    Grid labels() {
        return y;
    }

    // Options of the loss function

    /** Weights of the columns, if the case has them. */
    Question weighedClasses() {
        Grid weights = peer.optional("class_weight");
        return weights == null ? this : classWeights(weights.data());
    }

    Question classWeights(double... weights) {
        return option(f -> f.withClassWeights(ClassWeights.of(weights)));
    }

    Question positiveWeights(@Nullable Grid weights) {
        return weights == null
                ? this
                : option(f -> f.withPositiveWeights(
                        weights.size() == 1 ? PerColumn.all(weights.data()[0]) : PerColumn.of(weights.data())));
    }

    Question smoothed(double smoothing) {
        return smoothing == 0 ? this : option(f -> f.withLabelSmoothing(smoothing));
    }

    /** Leaves out the labels that the case ignores; the mean may count them all the same. */
    Question ignoring(boolean outOfTheMean) {
        if (!peer.has("ignore_index")) {
            return this;
        }
        counted = outOfTheMean;
        return option(f -> f.withIgnoreIndex((long) peer.number("ignore_index")));
    }

    private Question option(UnaryOperator<LossFunction> option) {
        UnaryOperator<LossFunction> before = options;
        options = f -> option.apply(before.apply(f));
        return this;
    }

    // Arrays

    /**
     * Weights of the values. A weight of one rank less gets a trailing axis, one of [N, 1] for values of [N] loses it, and
     * every other is stretched.
     */
    Question weighed(@Nullable Grid given) {
        if (given == null) {
            return this;
        }
        Grid w = given;
        if (w.rank() == values.length - 1 && w.rank() > 0) {
            int[] shape = Arrays.copyOf(w.shape(), values.length);
            shape[values.length - 1] = 1;
            w = w.reshaped(shape);
        } else if (w.rank() == values.length + 1) {
            w = w.reshaped(Arrays.copyOf(w.shape(), values.length));
        }
        return weigh(w.stretched(values));
    }

    /** Weights of the values, one each. */
    private Question weigh(Grid w) {
        boolean each = elementwise && w.size() == x.size();
        Grid rows = each ? w.reshaped(x.shape()) : w.reshaped(w.size());
        weights = weights == null ? rows : rows.zip(weights, (a, b) -> a * b);
        return this;
    }

    /** Weights of elements in the layout of the predictions. */
    Question weighElements(Grid w) {
        weights = weights == null
                ? w
                : w.zip(weights.rank() == 1 ? weights.reshaped(weights.size(), 1) : weights, (a, b) -> a * b);
        return this;
    }

    Question changedPredictions(DoubleUnaryOperator change) {
        x = x.map(change);
        changed = true;
        return this;
    }

    Question changedLabels(DoubleUnaryOperator change) {
        y = y.map(change);
        return this;
    }

    /** Predictions that are not what the peer was given. */
    Question prepared() {
        changed = true;
        return this;
    }

    // Afterwards

    Question times(double by) {
        factor *= by;
        offset *= by;
        return this;
    }

    /** Adds a constant to each value, before weights and reduction. */
    Question plus(double constant) {
        offset += constant;
        return this;
    }

    Question reduced(String word) {
        reduction = word;
        return this;
    }

    // The answer

    /** Refuses parameters that are out of the range of the loss; what else is wrong with them fails when it is computed. */
    void requireAnswer() {
        try {
            LossCatalogue.create(id, parameters);
        } catch (LossInputException e) {
            if (e.code().equals("L4J-P05")) {
                throw new Unsupported(String.valueOf(e.getMessage()));
            }
        }
    }

    /**
     * The function with the conventions of the library that the case comes from: Keras clips at 1e-7, PyTorch floors
     * logarithms at -100 and divides by the weights of the labels. Everything else is exact.
     */
    private LossFunction function() {
        LossSpec spec = LossCatalogue.create(id, parameters);
        LossFunction f;
        if (peer.number("epsilon", 0) == PeerLosses.KERAS_EPSILON) {
            f = Profile.KERAS.of(spec);
        } else if (peer.has("log_clamp") || reduction.equals("mean_by_class_weight")) {
            f = Profile.TORCH.of(spec);
        } else {
            f = LossFunction.of(spec);
        }
        return options.apply(f);
    }

    /**
     * The peer's word for a reduction in our terms.
     *
     * @param reduction ours; null: the mean of the library's profile
     * @param factor what its result is multiplied by
     */
    private record Reduced(@Nullable Reduction reduction, double factor) {}

    private Reduced reduction() {
        return switch (reduction) {
            case "none" -> new Reduced(Reduction.NONE, share);
            case "sum" -> new Reduced(Reduction.SUM, share);
            case "batch_mean" -> new Reduced(Reduction.SUM, share / (values.length == 0 ? 1 : values[0]));
            case "mean" -> mean();
            // The weights of our elements add up to those of the values, once per column.
            case "mean_by_sample_weight" ->
                new Reduced(Reduction.WEIGHTED_MEAN, elementwise && count() != x.size() ? share * columns() : 1);
            case "mean_by_class_weight" -> new Reduced(null, 1);
            default -> throw new Unsupported("the reduction '" + reduction + "' is not known");
        };
    }

    /**
     * The peers divide by the number of values, also by those of weight 0, which our mean leaves out: then it is the sum
     * divided by the rows, made up to the number of values.
     */
    private Reduced mean() {
        int rows = x.size() / columns();
        boolean termsAreValues = elementwise ? count() == x.size() || share * columns() == 1 : count() == rows;
        boolean zeros = weights != null && weights.any(0);
        return termsAreValues && (counted || !zeros && !peer.has("ignore_index"))
                ? new Reduced(null, 1)
                : new Reduced(Reduction.BATCH_MEAN, share * rows / count());
    }

    private int columns() {
        return Math.max(1, x.size(1));
    }

    /** The number of values. */
    private int count() {
        return Arrays.stream(values).reduce(1, (a, b) -> a * b);
    }

    @Override
    public double[] loss(String backend, DataType type) {
        Reduced reduced = reduction();
        LossFunction f = function().on(backend);
        f = reduced.reduction() == null ? f : f.withReduction(reduced.reduction());
        INDArray mask = weights == null ? null : weights.array(type);
        INDArray predictions = x.array(type);
        double[] result = f.reduction() == Reduction.NONE
                ? numbers(terms(f, predictions, labels(type), mask))
                : new double[] {f.value(predictions, labels(type), mask)};
        double[] ones = offset == 0 ? new double[result.length] : reducedOnes(reduced);
        return IntStream.range(0, result.length)
                .mapToDouble(i -> result[i] * reduced.factor() * factor + ones[i] * offset)
                .toArray();
    }

    private INDArray terms(LossFunction f, INDArray predictions, INDArray labels, @Nullable INDArray mask) {
        return elementwise && count() == x.size()
                ? f.terms(predictions, labels, mask)
                : f.perRow(predictions, labels, mask);
    }

    /** What values of 1 become by weights and reduction; for losses of rows. */
    private double[] reducedOnes(Reduced reduced) {
        double[] ones = new double[count()];
        Arrays.fill(ones, 1);
        double[] each = weights == null ? ones : weights.data();
        double sum = Arrays.stream(each).sum();
        return switch (reduction) {
            case "none" -> each;
            case "sum" -> new double[] {sum};
            case "batch_mean" -> new double[] {sum * reduced.factor()};
            case "mean" -> new double[] {sum / count()};
            default -> new double[] {1};
        };
    }

    @Override
    public double[] gradient(String backend, DataType type) {
        if (changed) {
            return Answer.super.gradient(backend, type);
        }
        LossFunction f = function().on(backend).withReduction(Reduction.SUM);
        INDArray mask = weights == null ? null : weights.array(type);
        LossResult result = f.valueAndGradient(x.array(type), labels(type), mask);
        return Arrays.stream(numbers(result.gradient()))
                .map(v -> v * share * factor)
                .toArray();
    }

    private INDArray labels(DataType type) {
        return y.array(y.rank() < x.rank() ? DataType.INT64 : type);
    }

    private static double[] numbers(INDArray array) {
        return array.dup('c').castTo(DataType.DOUBLE).data().asDouble();
    }
}
