package io.loss4j.tck;

import io.loss4j.ClassReport;
import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import io.loss4j.Reduction;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.LossSpec;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;

/** R4.4: the totals by class, beside value and gradient. */
final class ClassRules extends Chapter {
    ClassRules(String choice) {
        super(choice);
    }

    void totalsByClassAddUpToTheSum(LossExample example, Tests tests) {
        int columns = example.columnsNear(K);
        LossFunction plain = sum(example, columns);
        LabelForm form = LabelForm.of(plain.spec(), columns).get(0);
        if (!hasClasses(plain.spec())) {
            tests.add("refused", random -> {
                Batch batch = Batch.draw(example, plain.spec(), form, random, N, columns);
                requireText(refused(() -> report(plain, batch)), "L4J-P08");
            });
            return;
        }
        for (Option option : Option.of(plain.spec(), columns)) {
            for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT)) {
                tests.add(option + ", " + type, random -> {
                    LossFunction f = option.set(plain, columns);
                    Batch batch = Batch.draw(example, f.spec(), option.form(f.spec(), columns), random, 3 * N, columns)
                            .type(type);
                    option.set(batch, random);
                    conformsByClass(f, batch);
                });
            }
        }
        LossFunction weighted = plain.withClassWeights(weights(columns));
        tests.add("adds up", random -> addsUp(weighted, Batch.draw(example, plain.spec(), form, random, N, columns)));
        tests.add("halves and other orders", random -> {
            Batch batch = Batch.draw(example, plain.spec(), form, random, N, columns);
            ClassReport whole = report(weighted, batch);
            ClassReport first = report(weighted, batch.slice(0, 1));
            same("halves", batch, whole, first.merge(report(weighted, batch.slice(2, 3, 4, 5))));
            same("another order", batch, whole, report(weighted, batch.slice(4, 0, 5, 3, 1, 2)));
        });
        tests.add("masked is slice", random -> {
            Batch batch = Batch.draw(example, plain.spec(), form, random, N, columns);
            ClassReport kept = report(weighted, batch.slice(0, 2, 3));
            same("masked rows", batch, kept, report(weighted, batch.rowMask(1, 0, 1, 1, 0, 0)));
        });
        if (form == LabelForm.INDEX) {
            tests.add("ignored is slice", random -> {
                Batch batch = Batch.draw(example, plain.spec(), form, random, N, columns);
                ClassReport kept = report(weighted, batch.slice(0, 2, 3));
                batch.labels[1] = batch.labels[4] = batch.labels[5] = IGNORED;
                same("ignored rows", batch, kept, report(weighted.withIgnoreIndex(IGNORED), batch));
            });
            tests.add("index is one-hot", random -> {
                Batch batch = Batch.draw(example, plain.spec(), form, random, N, columns);
                same("one-hot labels", batch, report(weighted, batch), report(weighted, batch.oneHot()));
            });
        }
    }

    private static boolean hasClasses(LossSpec spec) {
        try {
            ClassReport.check(spec);
            return true;
        } catch (LossInputException e) {
            return false;
        }
    }

    private static LossResult diagnose(LossFunction f, Batch batch) {
        Batch.Arguments a = batch.arguments();
        return f.diagnose(a.predictions(), a.labels(), a.mask());
    }

    private static ClassReport report(LossFunction f, Batch batch) {
        ClassReport report = diagnose(f, batch).classes();
        if (report == null) {
            throw new AssertionError("diagnose has no report by class");
        }
        return report;
    }

    private static void conformsByClass(LossFunction f, Batch batch) {
        Answer answer = Answer.of(f, batch);
        same("report", batch, ClassOracle.report(f, batch, answer.terms()), report(f, batch));
    }

    /** With the value and the denominator of the weighted mean, whatever the reduction; nothing else changes. */
    private static void addsUp(LossFunction f, Batch batch) {
        Answer plain = Answer.of(f, batch);
        double weights = Oracle.denominator(f.withReduction(Reduction.WEIGHTED_MEAN), batch);
        for (Reduction reduction : List.of(Reduction.SUM, Reduction.MEAN)) {
            ClassReport.Line all = report(f.withReduction(reduction), batch).all();
            Close.value("losses of all classes", plain.value(), all.lossSum(), relation(batch) * plain.magnitude());
            Close.value("weights of all classes", weights, all.weightSum(), relation(batch) * weights);
        }
        LossResult result = diagnose(f, batch);
        Close.value("value beside a report", plain.value(), result.value(), relation(batch) * plain.magnitude());
        Close.bits("gradient beside a report", plain.gradient(), Batch.read(result.gradient(), true), batch.columns);
    }

    private static void same(String what, Batch batch, ClassReport expected, ClassReport actual) {
        if (expected.yesNo() != actual.yesNo()
                || expected.lines().size() != actual.lines().size()) {
            throw new AssertionError(what + " has the lines" + System.lineSeparator() + actual + System.lineSeparator()
                    + "expected" + System.lineSeparator() + expected);
        }
        for (int i = 0; i < expected.lines().size(); i++) {
            String of = " of line " + i + " of " + what;
            double[] e = numbers(expected.lines().get(i));
            double[] a = numbers(actual.lines().get(i));
            double tolerance = Close.ofValue(
                    batch.type, batch.rows + Arrays.stream(e).map(Math::abs).sum());
            Close.value("count" + of, e[0], a[0], tolerance);
            Close.value("weight" + of, e[1], a[1], tolerance);
            Close.value("loss" + of, e[2], a[2], tolerance);
            Close.value("probability" + of, e[3], a[3], tolerance);
            Close.value("number of right ones" + of, e[4], a[4], tolerance);
        }
    }

    private static double[] numbers(ClassReport.Line line) {
        return new double[] {line.count(), line.weightSum(), line.lossSum(), line.probabilitySum(), line.right()};
    }
}
