package io.loss4j;

import io.loss4j.backend.Backends;
import io.loss4j.backend.ClassTotals;
import io.loss4j.backend.LossJob;
import io.loss4j.backend.Outputs;
import io.loss4j.backend.Resolution;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.BatchLoss;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.LogitTransform;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.Scaled;
import io.loss4j.loss.WeightedSum;
import io.loss4j.tensor.Rows;
import java.io.Serial;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The loss function: lowers each call and hands it to the selected backend. */
final class BoundLoss implements LossFunction {
    private static final long serialVersionUID = 1L;

    private final LossSpec spec;
    private final Options options;
    /** The choice of this function; null: whatever the process prefers. Not part of a model. */
    private final transient @Nullable String backends;
    /** The losses that are added up; one, unless the spec is a sum. */
    private final transient List<Scaled> parts;

    BoundLoss(LossSpec spec, Options options, @Nullable String backends) {
        this.spec = spec;
        this.options = options;
        this.backends = backends;
        parts = WeightedSum.parts(spec);
        for (Scaled part : parts) {
            Lowering.check(shape(part), options);
        }
        if (options.reduction() == Reduction.NONE) {
            requireTerms(false);
        }
    }

    /** Restores what is derived. */
    @Serial
    private Object readResolve() {
        return new BoundLoss(spec, options, null);
    }

    /** The shape of a part; the number of columns changes its parameters at most. */
    static LossSpec shape(Scaled part) {
        return Lowering.shaped(part, 1).loss();
    }

    @Override
    public double value(INDArray predictions, INDArray labels, @Nullable INDArray mask) {
        return run(predictions, labels, mask, true, null, null, null);
    }

    @Override
    public INDArray gradient(INDArray predictions, INDArray labels, @Nullable INDArray mask) {
        INDArray gradient = like(predictions, predictions.dataType());
        run(predictions, labels, mask, false, gradient, null, null);
        return gradient;
    }

    @Override
    public LossResult valueAndGradient(INDArray predictions, INDArray labels, @Nullable INDArray mask) {
        return valueAndGradient(predictions, labels, mask, null);
    }

    private LossResult valueAndGradient(
            INDArray predictions, INDArray labels, @Nullable INDArray mask, @Nullable ClassTotals totals) {
        INDArray gradient = like(predictions, predictions.dataType());
        INDArray terms = options.reduction() == Reduction.NONE ? emptyTerms(predictions) : null;
        double value = run(predictions, labels, mask, true, gradient, terms, totals);
        return new LossResult(value, gradient, terms);
    }

    @Override
    public LossResult diagnose(INDArray predictions, INDArray labels, @Nullable INDArray mask) {
        ClassReport.check(spec);
        boolean yesNo = ClassReport.isYesNo(shape(parts.get(0)));
        ClassTotals totals = new ClassTotals(columns(predictions) * (yesNo ? 2 : 1));
        LossResult result = valueAndGradient(predictions, labels, mask, totals);
        return new LossResult(result.value(), result.gradient(), result.terms(), ClassReport.of(totals, yesNo));
    }

    @Override
    public INDArray terms(INDArray predictions, INDArray labels, @Nullable INDArray mask) {
        requireTerms(false);
        INDArray terms = emptyTerms(predictions);
        run(predictions, labels, mask, false, null, terms, null);
        return terms;
    }

    @Override
    public INDArray perRow(INDArray predictions, INDArray labels, @Nullable INDArray mask) {
        requireTerms(true);
        INDArray terms = emptyRows(predictions);
        run(predictions, labels, mask, false, null, terms, null);
        return terms;
    }

    @Override
    public Resolution resolve(INDArray predictions, INDArray labels, @Nullable INDArray mask) {
        Scaled first = Lowering.shaped(parts.get(0), columns(predictions));
        Outputs outputs = new Outputs(true, null, null);
        return Backends.explain(Lowering.lower(first, options, predictions, labels, mask, outputs), backends);
    }

    private static int columns(INDArray predictions) {
        return predictions.rank() < 2 ? 1 : (int) predictions.size(1);
    }

    /** Adds up the parts; the usual single one writes straight into what is returned. */
    private double run(
            INDArray predictions,
            INDArray labels,
            @Nullable INDArray mask,
            boolean value,
            @Nullable INDArray gradient,
            @Nullable INDArray terms,
            @Nullable ClassTotals totals) {
        if (parts.size() == 1) {
            return run(parts.get(0), predictions, labels, mask, value, gradient, terms, totals);
        }
        // A half type is rounded once, at the end.
        DataType type =
                predictions.dataType().width() < DataType.FLOAT.width() ? DataType.FLOAT : predictions.dataType();
        INDArray gradientSum = null;
        INDArray termSum = null;
        double sum = 0;
        for (Scaled part : parts) {
            INDArray g = gradient == null ? null : like(predictions, type);
            INDArray t = terms == null ? null : BlankArray.of(terms.dataType(), terms.shape(), terms.ordering());
            ClassTotals c = totals == null ? null : new ClassTotals(totals.groups());
            sum += run(part, predictions, labels, mask, value, g, t, c);
            if (totals != null && c != null) {
                add(c, totals, part == parts.get(0));
            }
            gradientSum = sum(gradientSum, g);
            termSum = sum(termSum, t);
        }
        if (gradient != null && gradient.length() != 0) {
            gradient.assign(gradientSum);
        }
        if (terms != null && terms.length() != 0) {
            terms.assign(termSum);
        }
        return sum;
    }

    /** Adds in place; ND4J refuses to add empty arrays. */
    private static @Nullable INDArray sum(@Nullable INDArray sum, @Nullable INDArray next) {
        return sum == null || next == null || next.length() == 0 ? next : sum.addi(next);
    }

    /** What counts and what is predicted does not depend on the part. */
    private static void add(ClassTotals part, ClassTotals totals, boolean first) {
        if (first) {
            totals.add(part);
        } else {
            totals.addLosses(part);
        }
    }

    private double run(
            Scaled part,
            INDArray predictions,
            INDArray labels,
            @Nullable INDArray mask,
            boolean value,
            @Nullable INDArray gradient,
            @Nullable INDArray terms,
            @Nullable ClassTotals totals) {
        Rows gradientRows = gradient == null ? null : Rows.of(gradient);
        Rows termRows = terms == null ? null : termRows(terms, predictions);
        Scaled shaped = Lowering.shaped(part, columns(predictions));
        Outputs outputs = new Outputs(value, gradientRows, termRows, totals);
        LossJob job = Lowering.lower(shaped, options, predictions, labels, mask, outputs);
        if (predictions.length() == 0) {
            return 0;
        }
        double result = Backends.compute(job, backends);
        if (terms != null && shaped.factor() != 1) {
            terms.muli(shaped.factor()); // the scale of a job is not in its terms
        }
        if (totals != null) {
            totals.scaleLosses(shaped.factor());
        }
        return result;
    }

    private void requireTerms(boolean perRow) {
        boolean elementwise = shape(parts.get(0)) instanceof ElementwiseLoss;
        for (Scaled part : parts) {
            LossSpec shape = shape(part);
            if (shape instanceof BatchLoss) {
                throw new LossInputException(
                        "L4J-P07",
                        shape.id(),
                        "a loss of the whole batch has no terms per row or element",
                        "ask for its value or gradient");
            }
            if (!perRow && elementwise != shape instanceof ElementwiseLoss) {
                throw new LossInputException(
                        "L4J-P07",
                        spec.id(),
                        "one of its losses has terms per element, another per row, so there is no sum of terms",
                        "ask for perRow, or use SUM or MEAN");
            }
        }
    }

    private INDArray emptyTerms(INDArray predictions) {
        return shape(parts.get(0)) instanceof ElementwiseLoss
                ? BlankArray.of(termType(predictions), predictions.shape(), predictions.ordering())
                : emptyRows(predictions);
    }

    private static Rows termRows(INDArray terms, INDArray predictions) {
        return terms.rank() == predictions.rank() ? Rows.of(terms) : Rows.each(terms);
    }

    private static INDArray emptyRows(INDArray predictions) {
        long[] shape = predictions.shape();
        long[] rows = new long[Math.max(1, shape.length - 1)];
        rows[0] = shape[0];
        for (int axis = 2; axis < shape.length; axis++) {
            rows[axis - 1] = shape[axis];
        }
        return BlankArray.of(termType(predictions), rows, 'c');
    }

    private static DataType termType(INDArray predictions) {
        return predictions.dataType() == DataType.DOUBLE ? DataType.DOUBLE : DataType.FLOAT;
    }

    private static INDArray like(INDArray predictions, DataType type) {
        return BlankArray.of(type, predictions.shape(), predictions.ordering());
    }

    private BoundLoss with(Options changed) {
        return new BoundLoss(spec, changed, backends);
    }

    @Override
    public LossFunction withSpec(LossSpec changed) {
        return new BoundLoss(changed, options, backends);
    }

    @Override
    public LossFunction withReduction(Reduction reduction) {
        return with(options.with(reduction));
    }

    @Override
    public LossFunction withClassWeights(ClassWeights weights) {
        return with(options.with(weights));
    }

    @Override
    public LossFunction withPositiveWeights(PerColumn weights) {
        return with(options.withPositive(weights));
    }

    @Override
    public LossFunction withLabelSmoothing(double smoothing) {
        return with(options.withSmoothing(smoothing));
    }

    @Override
    public LossFunction withIgnoreIndex(long label) {
        return with(options.withIgnored(label));
    }

    @Override
    public LossFunction withZLoss(double factor) {
        return with(options.withZLoss(factor));
    }

    @Override
    public LossFunction withLogits(LogitTransform change) {
        return with(options.with(change));
    }

    @Override
    public LossFunction on(String choice) {
        return new BoundLoss(spec, options, choice);
    }

    @Override
    public LossSpec spec() {
        return spec;
    }

    @Override
    public Reduction reduction() {
        return options.reduction();
    }

    @Override
    public ClassWeights classWeights() {
        return options.classWeights();
    }

    @Override
    public @Nullable PerColumn positiveWeights() {
        return options.positiveWeights();
    }

    @Override
    public double labelSmoothing() {
        return options.labelSmoothing();
    }

    @Override
    public OptionalLong ignoreIndex() {
        Long label = options.ignoreIndex();
        return label == null ? OptionalLong.empty() : OptionalLong.of(label);
    }

    @Override
    public double zLoss() {
        return options.zLoss();
    }

    @Override
    public LogitTransform logits() {
        return options.logits();
    }

    @Override
    public String toJson() {
        return FunctionJson.write(this).toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BoundLoss that && spec.equals(that.spec) && options.equals(that.options);
    }

    @Override
    public int hashCode() {
        return 31 * spec.hashCode() + options.hashCode();
    }

    @Override
    public String toString() {
        return toJson();
    }
}
