package io.loss4j.cuda;

import io.loss4j.backend.Offer;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.LossType;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.SoftmaxLoss;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A loss as its kernel takes it: an entry of the table with the parameters of a spec. */
final class Formula {
    private static final int MOST_PARAMETERS = 8;
    static final String USE_CPU = "let the CPU do it: -Dloss4j.backend=cuda,* or auto";

    /** The last one made: a training loop asks for the same spec again and again. */
    private static volatile @Nullable Formula last;

    final LossSpec spec;
    final KernelTable.@Nullable Loss entry;
    /** Why there is no kernel for it, or null. */
    final Offer.@Nullable Decline decline;

    final double[] parameters = new double[MOST_PARAMETERS];
    final double @Nullable [] perColumn;

    private Formula(LossSpec spec) {
        this.spec = spec;
        entry = KernelTable.LOSSES.get(spec.id());
        String obstacle = entry == null ? "there is no CUDA kernel for it" : obstacle(entry);
        decline = obstacle == null ? null : new Offer.Decline("L4J-C21", spec.id() + ": " + obstacle, USE_CPU);
        perColumn = obstacle == null && entry != null ? perColumn(entry) : null;
    }

    static Formula of(LossSpec spec) {
        Formula known = last;
        if (known == null || known.spec != spec) {
            known = new Formula(spec);
            last = known;
        }
        return known;
    }

    /** The entry of an accepted loss. */
    KernelTable.Loss accepted() {
        return Objects.requireNonNull(entry, "declined");
    }

    /** Reads the parameters; what is wrong with them, or null. */
    private @Nullable String obstacle(KernelTable.Loss loss) {
        InputForm input = spec.input();
        if (input != null && input != InputForm.LOGITS) {
            return "its kernel computes from logits, not from "
                    + LossType.word(input).replace('_', '-');
        }
        Class<?> declared = spec.type().record();
        if (!declared.isInstance(spec)) {
            // what a record makes of itself for a number of columns; others only borrow the name
            boolean ownForm = spec.getClass().getEnclosingClass() == declared;
            return ownForm && loss.parameters().isEmpty()
                    ? null
                    : "its kernel does not know the form " + spec.getClass().getName();
        }
        Map<String, @Nullable Object> values = spec.type().values(spec);
        boolean changesLogits =
                spec instanceof SoftmaxLoss softmax && !softmax.logits().isIdentity();
        for (LossType.Parameter p : spec.type().parameters()) {
            // what changes the logits comes with the job
            boolean known = loss.parameters().contains(p.name()) || changesLogits;
            if (!known && !Objects.equals(p.defaultValue(), values.get(p.name()))) {
                return "its kernel knows no other " + p.name() + " than " + p.defaultValue();
            }
        }
        for (int i = 0; i < loss.parameters().size(); i++) {
            String name = loss.parameters().get(i);
            if (name == null) {
                continue;
            }
            if (!values.containsKey(name)) {
                return "its kernel expects a parameter " + name;
            }
            Object value = values.get(name);
            if (value instanceof PerColumn columns && !columns.isScalar()) {
                if (i > 0) {
                    return "its kernel takes one " + name + " for all columns";
                }
            } else {
                parameters[i] = number(value);
            }
        }
        return null;
    }

    private static double number(@Nullable Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        } else if (value instanceof Boolean flag) {
            return flag ? 1 : 0;
        } else if (value instanceof Enum<?> word) {
            return word.ordinal();
        } else if (value instanceof PerColumn columns) {
            return columns.at(0);
        } else if (value == null) {
            return Double.NaN;
        }
        throw new IllegalArgumentException("no number: " + value);
    }

    private double @Nullable [] perColumn(KernelTable.Loss loss) {
        String first = loss.parameters().isEmpty() ? null : loss.parameters().get(0);
        return first != null && spec.type().values(spec).get(first) instanceof PerColumn columns && !columns.isScalar()
                ? columns.toArray()
                : null;
    }
}
