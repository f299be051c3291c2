package io.loss4j.benchmarks;

import static io.loss4j.benchmarks.Contender.COPY;
import static io.loss4j.benchmarks.Contender.DL4J;
import static io.loss4j.benchmarks.Contender.DL4J_AVX2;
import static io.loss4j.benchmarks.Contender.DL4J_AVX512;
import static io.loss4j.benchmarks.Contender.LOSS4J;
import static io.loss4j.benchmarks.Contender.LOSS4J_ONE_THREAD;
import static io.loss4j.benchmarks.Contender.LOSS4J_SCALAR;
import static io.loss4j.benchmarks.Contender.PYTORCH;

import io.loss4j.benchmarks.timing.LabelForm;
import io.loss4j.benchmarks.timing.Layout;
import io.loss4j.benchmarks.timing.Precision;
import io.loss4j.benchmarks.timing.Wanted;
import io.loss4j.benchmarks.timing.Workload;
import io.loss4j.loss.Huber;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import java.util.ArrayList;
import java.util.List;

/** What is timed, and which bars hold. */
final class Plan {
    private static final LossSpec SOFTMAX = new SoftmaxCrossEntropy();
    private static final LossSpec SOFTMAX_FOCAL = new SoftmaxFocal(2.0);
    private static final LossSpec SIGMOID = new SigmoidCrossEntropy();
    private static final LossSpec SIGMOID_FOCAL = new SigmoidFocal(0.25, 2.0);
    private static final LossSpec HUBER = new Huber(1.0);

    private static final double FOCAL_OF_CROSS_ENTROPY = 1.5;
    private static final double LAYOUT_OF_CONTIGUOUS = 2;
    private static final double HALF_OF_FLOAT = 1.5;

    private final boolean quick;
    private final List<Group> groups = new ArrayList<>();
    private List<Entry> entries = new ArrayList<>();
    private List<Bar> bars = new ArrayList<>();

    private Plan(boolean quick) {
        this.quick = quick;
    }

    /** All of it, or what fits into three minutes. */
    static List<Group> of(boolean quick) {
        Plan plan = new Plan(quick);
        plan.longRows();
        plan.otherRows();
        plan.shortRows();
        plan.sigmoid(1_000_000);
        plan.sigmoid(4_096_000);
        plan.softmaxForms();
        plan.sigmoidForms();
        plan.tiny();
        return List.copyOf(plan.groups);
    }

    /** Every contender on one workload that may not be in the plan. */
    static Group only(Workload workload, List<Wanted> wanted) {
        List<Entry> entries = new ArrayList<>();
        for (Wanted what : wanted.isEmpty() ? List.of(Wanted.VALUE_AND_GRADIENT) : wanted) {
            for (Contender contender : Contender.values()) {
                if (contender.takesPartIn(workload)) {
                    entries.add(new Entry(workload, what, contender));
                }
            }
        }
        return new Group(workload.name(), entries, List.of());
    }

    private void longRows() {
        Entry index = everybody(Workload.of(SOFTMAX, LabelForm.INDEX, 4096, 1000));
        bars.add(Bar.faster(index, DL4J, 100, 100));
        bars.add(Bar.faster(index, PYTORCH, 2.0, 2.5));
        Entry dense = everybody(Workload.of(SOFTMAX, LabelForm.ONE_HOT, 4096, 1000));
        bars.add(Bar.faster(dense, DL4J, 60, 60));
        bars.add(Bar.faster(dense, PYTORCH, 1.9, 2.5));
        whole(Workload.of(SOFTMAX, LabelForm.SOFT, 4096, 1000), LOSS4J, DL4J, PYTORCH, COPY);
        composed(Workload.of(SOFTMAX_FOCAL, LabelForm.INDEX, 4096, 1000), index);
        end("softmax, rows of 1000");
    }

    private void otherRows() {
        Entry tiles = add(Workload.of(SOFTMAX, LabelForm.INDEX, 32_768, 128), LOSS4J, PYTORCH, COPY);
        whole(tiles.workload(), LOSS4J_SCALAR, DL4J, DL4J_AVX512);
        bars.add(Bar.faster(tiles, PYTORCH, 1.6, 2.5));
        end("softmax, rows of 128");
        Entry huge = add(Workload.of(SOFTMAX, LabelForm.INDEX, 512, 50_257), LOSS4J, PYTORCH, COPY);
        whole(huge.workload(), LOSS4J_SCALAR, DL4J_AVX512);
        bars.add(Bar.faster(huge, PYTORCH, 1.7, 1.7));
        end("softmax, rows of 50257");
    }

    private void shortRows() {
        Entry index = add(Workload.of(SOFTMAX, LabelForm.INDEX, 65_536, 10), LOSS4J, PYTORCH, COPY);
        whole(index.workload(), LOSS4J_ONE_THREAD, LOSS4J_SCALAR, DL4J);
        whole(index.workload().in(Precision.DOUBLE), LOSS4J, LOSS4J_SCALAR, PYTORCH, COPY);
        bars.add(Bar.faster(index, PYTORCH, 12, 12));
        Entry dense = add(Workload.of(SOFTMAX, LabelForm.ONE_HOT, 65_536, 10), LOSS4J, DL4J, PYTORCH);
        whole(dense.workload(), LOSS4J_SCALAR, DL4J_AVX512, COPY);
        bars.add(Bar.faster(dense, DL4J, 20, 20));
        bars.add(Bar.faster(dense, PYTORCH, 7, 7));
        Entry two = add(Workload.of(SOFTMAX, LabelForm.INDEX, 65_536, 2), LOSS4J, PYTORCH);
        whole(two.workload(), LOSS4J_SCALAR, DL4J, COPY);
        bars.add(Bar.faster(two, PYTORCH, 12, 12));
        if (!quick) {
            composed(Workload.of(SOFTMAX_FOCAL, LabelForm.INDEX, 65_536, 10), index);
        }
        end("softmax, rows of 10 and 2");
    }

    private void sigmoid(int elements) {
        Entry crossEntropy = elements > 2_000_000
                ? add(Workload.of(SIGMOID, LabelForm.YES_NO, elements, 1), LOSS4J, DL4J, PYTORCH, COPY)
                : everybody(Workload.of(SIGMOID, LabelForm.YES_NO, elements, 1));
        bars.add(Bar.faster(crossEntropy, DL4J, 60, 60));
        bars.add(Bar.faster(crossEntropy, PYTORCH, 4, 4));
        if (elements > 2_000_000) {
            bars.add(Bar.within(crossEntropy, crossEntropy.by(COPY), 1.3));
        }
        composed(Workload.of(SIGMOID_FOCAL, LabelForm.YES_NO, elements, 1), crossEntropy);
        composed(Workload.of(HUBER, LabelForm.REAL, elements, 1), crossEntropy);
        if (elements < 2_000_000) {
            whole(Workload.of(new MeanSquaredError(), LabelForm.REAL, elements, 1), LOSS4J, DL4J, PYTORCH, COPY);
            whole(
                    Workload.of(SIGMOID_FOCAL, LabelForm.YES_NO, elements, 1).in(Precision.DOUBLE),
                    LOSS4J,
                    PYTORCH,
                    COPY);
            whole(Workload.of(HUBER, LabelForm.REAL, elements, 1).in(Precision.DOUBLE), LOSS4J, PYTORCH, COPY);
        }
        end("elementwise, " + elements);
    }

    /** A loss that PyTorch users write themselves. */
    private void composed(Workload workload, Entry crossEntropy) {
        Entry ours = add(workload, LOSS4J, PYTORCH);
        bars.add(Bar.faster(ours, PYTORCH, 4, 4));
        bars.add(Bar.within(ours, crossEntropy, FOCAL_OF_CROSS_ENTROPY));
    }

    private void softmaxForms() {
        Workload workload = Workload.of(SOFTMAX, LabelForm.INDEX, 4096, 1000);
        Entry base = add(workload, LOSS4J);
        forms(base);
        end("softmax: layouts, types, value or gradient alone");
    }

    private void sigmoidForms() {
        if (quick) {
            return;
        }
        Entry base = add(Workload.of(SIGMOID, LabelForm.YES_NO, 10_000, 100), LOSS4J, DL4J);
        forms(base);
        end("sigmoid: layouts, types, value or gradient alone");
    }

    private void forms(Entry base) {
        Workload workload = base.workload();
        for (Layout layout : List.of(Layout.COLUMNS, Layout.VIEW)) {
            Entry entry = add(workload.in(layout), LOSS4J);
            whole(workload.in(layout), DL4J);
            bars.add(Bar.within(entry, base, LAYOUT_OF_CONTIGUOUS));
        }
        for (Precision half : List.of(Precision.HALF, Precision.BFLOAT16)) {
            Entry entry = add(workload.in(half), LOSS4J);
            bars.add(Bar.within(entry, base, HALF_OF_FLOAT));
        }
        whole(workload.in(Precision.HALF), DL4J);
        whole(workload.in(Precision.DOUBLE), LOSS4J, DL4J, PYTORCH, COPY);
        for (Wanted alone : List.of(Wanted.VALUE, Wanted.GRADIENT)) {
            if (!quick) {
                for (Contender contender : List.of(LOSS4J, DL4J, PYTORCH, COPY)) {
                    entries.add(new Entry(workload, alone, contender));
                }
            }
        }
    }

    private void tiny() {
        for (Workload workload : List.of(
                Workload.of(SOFTMAX, LabelForm.ONE_HOT, 32, 10), Workload.of(SIGMOID, LabelForm.YES_NO, 32, 10))) {
            Entry entry = add(workload, LOSS4J, DL4J, PYTORCH, COPY);
            whole(workload, LOSS4J_SCALAR, DL4J_AVX512);
            bars.add(Bar.faster(entry, DL4J, 5, 5));
            bars.add(Bar.faster(entry, PYTORCH, 2, 2));
            bars.add(Bar.time(entry, 10));
        }
        end("32 rows of 10");
    }

    private Entry everybody(Workload workload) {
        Entry ours = add(workload, LOSS4J, DL4J, DL4J_AVX512, PYTORCH, COPY);
        whole(workload, LOSS4J_ONE_THREAD, LOSS4J_SCALAR, DL4J_AVX2);
        return ours;
    }

    /** Also in the quick plan. Returns the first. */
    private Entry add(Workload workload, Contender... contenders) {
        int first = entries.size();
        for (Contender contender : contenders) {
            if (contender.takesPartIn(workload)) {
                entries.add(new Entry(workload, Wanted.VALUE_AND_GRADIENT, contender));
            }
        }
        return entries.get(first);
    }

    private void whole(Workload workload, Contender... contenders) {
        if (!quick) {
            for (Contender contender : contenders) {
                if (contender.takesPartIn(workload)) {
                    entries.add(new Entry(workload, Wanted.VALUE_AND_GRADIENT, contender));
                }
            }
        }
    }

    private void end(String name) {
        groups.add(new Group(name, List.copyOf(entries), List.copyOf(bars)));
        entries = new ArrayList<>();
        bars = new ArrayList<>();
    }
}
