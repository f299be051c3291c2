package io.loss4j;

import io.loss4j.backend.Backends;
import io.loss4j.backend.LossJob;
import io.loss4j.backend.Outputs;
import io.loss4j.backend.Resolution;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.BatchLoss;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.PerColumn;
import io.loss4j.tensor.Rows;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The loss function: lowers each call and hands it to the selected backend. */
final class BoundLoss implements LossFunction {
    private static final long serialVersionUID = 1L;

    private final LossSpec spec;
    private final Options options;
    /** The choice of this function; null: whatever the process prefers. Not part of a model. */
    private final transient @Nullable String backends;

    BoundLoss(LossSpec spec, Options options, @Nullable String backends) {
        this.spec = spec;
        this.options = Lowering.check(spec, options);
        this.backends = backends;
    }

    @Override
    public double value(INDArray predictions, INDArray labels, @Nullable INDArray mask) {
        return run(predictions, labels, mask, new Outputs(true, null, null));
    }

    @Override
    public INDArray gradient(INDArray predictions, INDArray labels, @Nullable INDArray mask) {
        INDArray gradient = like(predictions);
        run(predictions, labels, mask, new Outputs(false, Rows.of(gradient), null));
        return gradient;
    }

    @Override
    public LossResult valueAndGradient(INDArray predictions, INDArray labels, @Nullable INDArray mask) {
        INDArray gradient = like(predictions);
        INDArray terms = options.reduction() == Reduction.NONE ? emptyTerms(predictions) : null;
        Rows termRows = terms == null ? null : termRows(terms, predictions);
        double value = run(predictions, labels, mask, new Outputs(true, Rows.of(gradient), termRows));
        return new LossResult(value, gradient, terms);
    }

    @Override
    public INDArray terms(INDArray predictions, INDArray labels, @Nullable INDArray mask) {
        INDArray terms = emptyTerms(predictions);
        run(predictions, labels, mask, new Outputs(false, null, termRows(terms, predictions)));
        return terms;
    }

    @Override
    public INDArray perRow(INDArray predictions, INDArray labels, @Nullable INDArray mask) {
        requireTerms();
        INDArray terms = emptyRows(predictions);
        run(predictions, labels, mask, new Outputs(false, null, Rows.each(terms)));
        return terms;
    }

    @Override
    public Resolution resolve(INDArray predictions, INDArray labels, @Nullable INDArray mask) {
        return Backends.explain(
                Lowering.lower(spec, options, predictions, labels, mask, new Outputs(true, null, null)), backends);
    }

    private double run(INDArray predictions, INDArray labels, @Nullable INDArray mask, Outputs outputs) {
        LossJob job = Lowering.lower(spec, options, predictions, labels, mask, outputs);
        return predictions.length() == 0 ? 0 : Backends.compute(job, backends);
    }

    private void requireTerms() {
        if (spec instanceof BatchLoss) {
            throw new LossInputException(
                    "L4J-P07",
                    spec.id(),
                    "a loss of the whole batch has no terms per row or element",
                    "ask for its value or gradient");
        }
    }

    private INDArray emptyTerms(INDArray predictions) {
        requireTerms();
        return spec instanceof ElementwiseLoss
                ? create(termType(predictions), predictions.shape(), predictions.ordering())
                : emptyRows(predictions);
    }

    private Rows termRows(INDArray terms, INDArray predictions) {
        return terms.rank() == predictions.rank() ? Rows.of(terms) : Rows.each(terms);
    }

    private static INDArray emptyRows(INDArray predictions) {
        long[] shape = predictions.shape();
        long[] rows = new long[Math.max(1, shape.length - 1)];
        rows[0] = shape[0];
        for (int axis = 2; axis < shape.length; axis++) {
            rows[axis - 1] = shape[axis];
        }
        return create(termType(predictions), rows, 'c');
    }

    private static DataType termType(INDArray predictions) {
        return predictions.dataType() == DataType.DOUBLE ? DataType.DOUBLE : DataType.FLOAT;
    }

    private static INDArray like(INDArray predictions) {
        return create(predictions.dataType(), predictions.shape(), predictions.ordering());
    }

    private static INDArray create(DataType type, long[] shape, char order) {
        for (long size : shape) {
            if (size == 0) {
                return Nd4j.create(type, shape);
            }
        }
        return Nd4j.createUninitialized(type, shape, order);
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
