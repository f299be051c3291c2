package io.loss4j.tck;

import io.loss4j.LossFunction;
import io.loss4j.Reduction;
import io.loss4j.catalogue.LossCatalogue;
import io.loss4j.catalogue.LossJson;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.BatchLoss;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.LossType;
import io.loss4j.loss.RowLoss;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** What the declaration of a loss must keep, whatever computes it: formulas that only read, and R7, serialisation. */
final class DeclarationRules extends Chapter {
    private final String choice;

    DeclarationRules(String choice) {
        super(choice);
        this.choice = choice;
    }

    void formulaLeavesItsArgumentsAlone(LossExample example, Tests tests) {
        int columns = example.columnsNear(4);
        LossSpec spec =
                LossExample.shaped(example.spec().apply(columns), columns).loss();
        if (spec instanceof RowLoss || spec instanceof BatchLoss) {
            tests.add("arguments stay, the gradient is overwritten", random -> {
                LabelForm form = LabelForm.of(spec, columns).get(0);
                int rows = spec instanceof RowLoss ? 1 : 3;
                Batch drawn = Batch.draw(example, spec, form, random, rows, columns);
                argumentsStay(spec, drawn.index ? drawn.oneHot() : drawn);
            });
        }
    }

    private static void argumentsStay(LossSpec spec, Batch batch) {
        double[] x = batch.predictions.clone();
        double[] y = batch.labels.clone();
        double[] weights = new double[x.length];
        Arrays.fill(weights, 1);
        double[] clean = new double[x.length];
        double[] used = new double[x.length];
        Arrays.fill(used, 7);
        for (double[] gradient : List.of(clean, used)) {
            if (spec instanceof RowLoss loss) {
                loss.evaluate(x, y, gradient);
            } else {
                ((BatchLoss) spec).evaluate(batch.rows, batch.columns, x, y, weights, gradient);
            }
        }
        Close.bits("predictions after evaluate", batch.predictions, x, batch.columns);
        Close.bits("targets after evaluate", batch.labels, y, batch.columns);
        Close.bits("gradient written over an old one", clean, used, batch.columns);
    }

    void formulaOfNothingIsZero(LossExample example, Tests tests) {
        int columns = example.columnsNear(4);
        if (LossExample.shaped(example.spec().apply(columns), columns).loss() instanceof BatchLoss loss) {
            tests.add("all weights 0", random -> {
                Batch batch = Batch.draw(example, loss, LabelForm.ONE_HOT, random, 3, columns);
                double[] gradient = new double[3 * columns];
                Arrays.fill(gradient, 7);
                double[] none = new double[3 * columns];
                double value = loss.evaluate(3, columns, batch.predictions, batch.labels, none, gradient);
                Close.value("value of nothing", 0, value, 0);
                Close.elements("gradient of nothing", none, gradient, columns, DataType.DOUBLE, 0);
            });
        }
    }

    void survivesJsonAndJavaSerialisation(LossExample example, Tests tests) {
        int columns = example.columnsNear(5);
        LossFunction f = weighted(sum(example, columns), columns)
                .withReduction(Reduction.WEIGHTED_MEAN)
                .withIgnoreIndex(-100);
        tests.add("registered", random -> requireRegistered(f.spec()));
        tests.add("JSON of the loss", random -> {
            LossSpec spec = f.spec();
            same(spec, LossJson.read(LossJson.parse(LossJson.write(spec).toString())));
        });
        tests.add("JSON of the function", random -> {
            LossFunction copy = LossFunction.fromJson(f.toJson());
            same(f, copy);
            sameResult(example, f, copy.on(choice), random, columns);
        });
        tests.add("Java serialisation", random -> {
            same(f.spec(), throughBytes(f.spec()));
            LossFunction copy = (LossFunction) throughBytes(f);
            same(f, copy);
            sameResult(example, f, copy.on(choice), random, columns);
        });
        tests.add("equal parameters, equal losses", random -> {
            LossType<?> type = f.spec().type();
            same(f.spec(), type.create(type.values(f.spec())));
        });
    }

    private static void requireRegistered(LossSpec spec) {
        LossType<?> known = LossCatalogue.types().get(spec.id());
        if (known == null) {
            throw new AssertionError("no LossProvider on the class path lists '" + spec.id()
                    + "', so it cannot be loaded from JSON; name one in META-INF/services/io.loss4j.loss.LossProvider");
        }
        if (known.record() != spec.getClass()) {
            throw new AssertionError("the id '" + spec.id() + "' belongs to "
                    + known.record().getName() + ", not to " + spec.getClass().getName() + "; rename the loss");
        }
    }

    private static void same(Object expected, Object actual) {
        if (!expected.equals(actual) || expected.hashCode() != actual.hashCode()) {
            throw new AssertionError(actual + " came back for " + expected);
        }
    }

    private static void sameResult(LossExample example, LossFunction f, LossFunction copy, Random random, int columns) {
        LabelForm form = LabelForm.of(f.spec(), columns).get(0);
        Batch batch = Batch.draw(example, f.spec(), form, random, 6, columns);
        Batch.Arguments a = batch.arguments();
        double expected = f.value(a.predictions(), a.labels());
        Close.bits("value of the copy", expected, copy.value(a.predictions(), a.labels()));
    }

    private static Object throughBytes(Object original) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(original);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }

    private static ObjectNode parameters(ObjectNode json) {
        return (ObjectNode) json.get("params");
    }

    void hostileJsonIsRefused(LossExample example, Tests tests) {
        LossSpec spec = example.spec().apply(example.columnsNear(5));
        tests.add("unknown parameter", random -> {
            ObjectNode json = LossJson.write(spec);
            parameters(json).put("no_such_parameter", 1);
            requireText(refused(() -> LossJson.read(json)), "no_such_parameter", spec.id());
        });
        for (LossType.Parameter parameter : spec.type().parameters()) {
            tests.add("garbage for " + parameter.name(), random -> {
                ObjectNode json = LossJson.write(spec);
                parameters(json).putObject(parameter.name()).put("nested", "garbage");
                requireText(refused(() -> LossJson.read(json)), parameter.name(), spec.id());
            });
            if (parameter.type() == double.class) {
                tests.add("NaN for " + parameter.name(), random -> {
                    ObjectNode json = LossJson.write(spec);
                    parameters(json).put(parameter.name(), Double.NaN);
                    LossInputException e = refused(() -> LossJson.read(json));
                    requireText(e, spec.id());
                });
            }
        }
    }
}
