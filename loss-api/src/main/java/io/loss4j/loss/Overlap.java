package io.loss4j.loss;

import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A loss of groups of elements as a loss of the batch: of all elements, or the mean over the classes weighted by class
 * weights. A class without any weight, or masked altogether, is not in the mean.
 *
 * @param owner whose formula this is
 * @param input what the predictions of the groups are
 * @param byClass whether every column is a group
 * @param absent what groups without labels cost
 * @param loss the loss of a group
 */
record Overlap(LossSpec owner, InputForm input, boolean byClass, AbsentClasses absent, GroupLoss loss)
        implements BatchLoss {
    /** The formula of a loss of probabilities along an axis, over logits if its owner is. */
    static LossSpec ofProbabilities(OverlapAxis axis, LossSpec owner, AbsentClasses absent, GroupLoss loss) {
        boolean byClass = axis == OverlapAxis.CLASS;
        BatchLoss formula = new Overlap(owner, InputForm.PROBABILITIES, byClass, absent, loss);
        return along(axis, owner.input() == InputForm.LOGITS ? new OverLogits(formula) : formula);
    }

    /** The formula of a loss of scores along an axis. */
    static LossSpec ofScores(OverlapAxis axis, LossSpec owner, GroupLoss loss) {
        boolean byClass = axis == OverlapAxis.CLASS;
        return along(axis, new Overlap(owner, InputForm.LOGITS, byClass, AbsentClasses.COUNT, loss));
    }

    private static LossSpec along(OverlapAxis axis, BatchLoss formula) {
        return axis == OverlapAxis.ROW ? new EachRow(formula) : formula;
    }

    /** What {@link LossSpec#overLogits} returns for an overlap loss. */
    static @Nullable LossSpec twin(LossSpec spec, Activation wanted, Function<Activation, LossSpec> maker) {
        if (spec.input() == InputForm.LOGITS) {
            return spec.activation() == wanted ? spec : null;
        }
        return spec.activation() == Activation.ANY || spec.activation() == wanted ? maker.apply(wanted) : null;
    }

    @Override
    public double evaluate(
            int rows, int columns, double[] predictions, double[] labels, double[] weights, double[] gradient) {
        if (byClass) {
            double[] ones = new double[columns];
            Arrays.fill(ones, 1);
            return evaluate(rows, columns, predictions, labels, weights, ones, gradient);
        }
        Arrays.fill(gradient, 0);
        return evaluate(Group.all(predictions, labels, weights, gradient), 1);
    }

    @Override
    public double evaluate(
            int rows,
            int columns,
            double[] predictions,
            double[] labels,
            double[] masks,
            double[] classWeights,
            double[] gradient) {
        if (!byClass) {
            return BatchLoss.super.evaluate(rows, columns, predictions, labels, masks, classWeights, gradient);
        }
        Arrays.fill(gradient, 0);
        Group all = Group.all(predictions, labels, masks, gradient);
        double total = 0;
        for (int k = 0; k < columns; k++) {
            Group group = all.column(k, columns);
            boolean out = group.weight() == 0 || absent == AbsentClasses.SKIP && !group.hasLabels();
            total += out ? 0 : classWeights[k];
        }
        double value = 0;
        for (int k = 0; k < columns; k++) {
            value += evaluate(all.column(k, columns), total == 0 ? 0 : classWeights[k] / total);
        }
        return value;
    }

    /** The loss of a group times a factor. What is absent is computed all the same: NaN must not get lost. */
    private double evaluate(Group group, double factor) {
        if (group.weight() == 0) {
            return 0;
        }
        double scale = absent == AbsentClasses.COUNT || group.hasLabels() ? factor : 0;
        double value = scale * loss.evaluate(group);
        group.scaleGradient(scale);
        return value;
    }

    @Override
    public @Nullable SoftCountLoss counted() {
        return loss instanceof CountedLoss counted ? new Counted(counted) : null;
    }

    @Override
    public @Nullable SortedErrors sorted() {
        return loss instanceof LovaszExtension lovasz ? new SortedErrors(lovasz.hinge(), byClass, absent) : null;
    }

    /** The same from the counts of the columns, which add up to those of everything. */
    private final class Counted implements SoftCountLoss {
        private final CountedLoss loss;

        Counted(CountedLoss loss) {
            this.loss = loss;
        }

        @Override
        public SoftCounts counts() {
            return loss.counts();
        }

        @Override
        public double evaluate(SoftCountTable table, double[] classWeights) {
            return byClass ? eachColumn(table, classWeights) : allColumns(table, classWeights);
        }

        private double eachColumn(SoftCountTable table, double[] classWeights) {
            double total = 0;
            for (int k = 0; k < table.columns(); k++) {
                boolean out = table.weight(k) == 0 || absent == AbsentClasses.SKIP && !table.hasLabels(k);
                total += out ? 0 : classWeights[k];
            }
            double value = 0;
            for (int k = 0; k < table.columns(); k++) {
                if (table.weight(k) == 0) {
                    continue;
                }
                boolean counts = absent == AbsentClasses.COUNT || table.hasLabels(k);
                double factor = counts && total != 0 ? classWeights[k] / total : 0;
                Confusion.Cost cost = loss.score().cost(table.confusion(k));
                value += factor * cost.value();
                table.slopes(k, factor, cost);
            }
            return value;
        }

        private double allColumns(SoftCountTable table, double[] classWeights) {
            Confusion all = new Confusion(0, 0, 0, 0);
            double weight = 0;
            boolean labelled = false;
            for (int k = 0; k < table.columns(); k++) {
                if (classWeights[k] != 0) {
                    all = all.plus(classWeights[k], table.confusion(k));
                    weight += classWeights[k] * table.weight(k);
                    labelled |= table.hasLabels(k);
                }
            }
            if (weight == 0) {
                return 0;
            }
            double factor = absent == AbsentClasses.COUNT || labelled ? 1 : 0;
            Confusion.Cost cost = loss.score().cost(all);
            for (int k = 0; k < table.columns(); k++) {
                table.slopes(k, factor * classWeights[k], cost);
            }
            return factor * cost.value();
        }
    }

    @Override
    public boolean classification() {
        return true;
    }

    @Override
    public Activation activation() {
        return owner.activation();
    }

    @Override
    public LossType<?> type() {
        return owner.type();
    }
}
