package io.loss4j.tck;

import io.loss4j.LossFunction;
import io.loss4j.loss.LossSpec;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * The contract of a loss, as tests. Subclass it in the tests of the loss, with a backend on the class path:
 *
 * <pre>{@code
 * class TukeyTest extends LossConformance {
 *     @Override
 *     protected LossSpec spec() {
 *         return new Tukey(4.685);
 *     }
 * }
 * }</pre>
 *
 * <p>Override {@link #spec(int)} if parameters are given per column, and the ranges if the loss is not defined for every
 * number. A test that fails names the rule of the contract in its method, the loss and the case.
 */
public abstract class LossConformance extends Rules {
    /** For subclasses. */
    protected LossConformance() {}

    /** The loss to test. */
    protected abstract LossSpec spec();

    /** The loss for a number of columns; the same for all unless parameters are given per column. */
    protected LossSpec spec(int columns) {
        return spec();
    }

    /** Where predictions come from; by default what the shape of the loss suggests. */
    protected Range predictions() {
        return LossExample.predictionsOf(spec());
    }

    /** Where labels come from, unless they are classes. */
    protected Range labels() {
        return LossExample.labelsOf(spec());
    }

    /** The most columns that the loss can take. */
    protected int mostColumns() {
        return Integer.MAX_VALUE;
    }

    /** The backends to test on, as {@link LossFunction#on} takes them. */
    protected String backends() {
        return "auto";
    }

    @Override
    final List<LossExample> examples() {
        return List.of(new LossExample(spec().id(), this::spec, predictions(), labels(), mostColumns(), 1));
    }

    @Override
    final String choice() {
        return backends();
    }

    @Override
    final @Nullable String mayDecline() {
        return null;
    }

    /** Formulas of rows and batches work on arrays of the backend, which it uses again. */
    @TestFactory
    Stream<DynamicNode> r2_3_formulaLeavesItsArgumentsAlone() {
        return eachLoss(new DeclarationRules(choice())::formulaLeavesItsArgumentsAlone);
    }

    @TestFactory
    Stream<DynamicNode> r4_2_formulaOfNothingIsZero() {
        return eachLoss(new DeclarationRules(choice())::formulaOfNothingIsZero);
    }

    @TestFactory
    Stream<DynamicNode> r7_1_survivesJsonAndJavaSerialisation() {
        return eachLoss(new DeclarationRules(choice())::survivesJsonAndJavaSerialisation);
    }

    @TestFactory
    Stream<DynamicNode> r7_3_hostileJsonIsRefused() {
        return eachLoss(new DeclarationRules(choice())::hostileJsonIsRefused);
    }
}
