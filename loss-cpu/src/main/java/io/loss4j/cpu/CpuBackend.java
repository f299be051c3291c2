package io.loss4j.cpu;

import io.loss4j.backend.Availability;
import io.loss4j.backend.LossBackend;
import io.loss4j.backend.LossJob;
import io.loss4j.backend.Offer;
import io.loss4j.backend.Outputs;
import io.loss4j.loss.BatchLoss;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.RowLoss;
import io.loss4j.loss.SoftCountLoss;
import io.loss4j.loss.SoftmaxLoss;
import io.loss4j.loss.SortedErrors;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Computes every loss on the processor. Properties: {@code loss4j.cpu.simd} (auto, off, require) and
 * {@code loss4j.cpu.threads}.
 */
public final class CpuBackend implements LossBackend {
    /** Called by {@link java.util.ServiceLoader}. */
    public CpuBackend() {}

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public Availability availability() {
        Availability.Unavailable wrongThreads = Crew.wrongThreads();
        return wrongThreads == null ? Simd.availability() : wrongThreads;
    }

    @Override
    public Offer offer(LossJob job) {
        if (job.spec() instanceof SoftmaxLoss
                || job.spec() instanceof ElementwiseLoss
                || job.spec() instanceof RowLoss
                || job.spec() instanceof BatchLoss) {
            return CpuCosts.offer(job, cost(job));
        }
        return new Offer.Decline(
                "L4J-B21",
                job.spec().getClass().getName() + " has none of the shapes that this backend knows",
                "implement ElementwiseLoss, SoftmaxLoss, RowLoss or BatchLoss");
    }

    private static boolean isSingle(LossJob job) {
        return job.predictions().type() != DataType.DOUBLE;
    }

    /** By whether a fast kernel computes the job, or the formula of its loss. */
    private static double cost(LossJob job) {
        if (job.spec() instanceof SoftmaxLoss) {
            return isSingle(job) || !SoftmaxKernel.supports(job) ? CpuCosts.KERNEL : CpuCosts.ROW_KERNEL;
        } else if (!isSingle(job)) {
            return job.spec() instanceof ElementwiseLoss ? CpuCosts.ROW_KERNEL : CpuCosts.FORMULA;
        } else if (job.spec() instanceof BatchLoss loss) {
            return loss.counted() == null && loss.sorted() == null ? CpuCosts.FORMULA : CpuCosts.ROW_KERNEL;
        } else if (TileFunction.of(job.spec()) != null) {
            return CpuCosts.KERNEL;
        }
        return RowRules.of(job, Simd.primitives()) == null ? CpuCosts.FORMULA : CpuCosts.ROW_KERNEL;
    }

    private static RowKernel softmax(LossJob job, Primitives primitives) {
        if (!SoftmaxKernel.supports(job)) {
            return new ProbabilityRows(job, primitives);
        }
        return isSingle(job)
                ? new SoftmaxKernel(job, primitives)
                : new FormulaRows(job, tileRows -> new SoftmaxFormula(job, tileRows, primitives));
    }

    @Override
    public boolean totalsByClass() {
        return true;
    }

    @Override
    public double compute(LossJob job) {
        job.readOnHost();
        double sum = job.spec() instanceof BatchLoss loss ? batch(job, loss) : rows(job);
        job.wroteOnHost();
        return sum * job.scale();
    }

    private static double batch(LossJob job, BatchLoss loss) {
        SoftCountLoss counted = isSingle(job) ? loss.counted() : null;
        SortedErrors sorted = isSingle(job) ? loss.sorted() : null;
        if (counted != null) {
            return new OverlapKernel(job, counted, Simd.primitives()).compute();
        }
        return sorted == null ? BatchFormula.compute(job) : LovaszKernel.compute(job, sorted, Simd.primitives());
    }

    private static double rows(LossJob job) {
        Primitives primitives = Simd.primitives();
        if (job.spec() instanceof SoftmaxLoss) {
            return softmaxRows(job, primitives);
        } else if (job.spec() instanceof RowLoss) {
            IntFunction<RowRule> rules = isSingle(job) ? RowRules.of(job, primitives) : null;
            RowKernel kernel = rules == null
                    ? new FormulaRows(job, tileRows -> new RowFormula(job, tileRows, primitives))
                    : new RowRuleKernel(job, rules, primitives);
            return Crew.run(
                    kernel,
                    job.predictions().rows(),
                    job.elements(),
                    job.outputs().classes());
        }
        TileFunction.Maker function = isSingle(job) ? TileFunction.of(job.spec()) : null;
        if (function != null) {
            return elementwise(job, function, primitives);
        }
        ElementwiseFormula kernel = new ElementwiseFormula(job, primitives.doubles());
        return Crew.run(kernel, kernel.rows(), job.elements(), job.outputs().classes());
    }

    private static double softmaxRows(LossJob job, Primitives primitives) {
        boolean split = isSingle(job) && SplitRows.pays(job, Crew.threads());
        OptionalDouble sum = split ? new SplitRows(job, primitives).compute() : OptionalDouble.empty();
        if (sum.isPresent()) {
            return sum.getAsDouble();
        }
        return Crew.run(
                softmax(job, primitives),
                job.predictions().rows(),
                job.elements(),
                job.outputs().classes());
    }

    private static double elementwise(LossJob job, TileFunction.Maker function, Primitives primitives) {
        ElementwiseKernel tiles = new ElementwiseKernel(job, function, primitives);
        Outputs outputs = job.outputs();
        if (outputs.terms() == null && outputs.classes() == null) {
            DirectKernel direct = DirectKernel.of(job, tiles, primitives);
            return Crew.run(direct == null ? tiles : direct, tiles.rows(), job.elements(), null);
        }
        double sum = Crew.run(tiles, tiles.rows(), job.elements(), outputs.classes());
        // The value has the same bits whatever else is wanted.
        LossJob alone = job.producing(new Outputs(true, null, null));
        return outputs.value() && DirectKernel.isFor(alone, primitives)
                ? elementwise(alone, function, primitives)
                : sum;
    }
}
