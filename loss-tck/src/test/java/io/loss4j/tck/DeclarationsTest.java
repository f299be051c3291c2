package io.loss4j.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loss4j.loss.BuiltInLosses;
import io.loss4j.loss.LossType;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The declarations of all losses of Loss4J, whether or not they have a conformance test of their own. */
@Tag("once")
class DeclarationsTest {
    private static final List<LossExample> ALL = BuiltInExamples.all();
    private static final DeclarationRules RULES = new DeclarationRules("reference");

    private static Stream<DynamicNode> each(BiConsumer<LossExample, Tests> rule) {
        return Tests.each(ALL, null, rule);
    }

    /** What the tests of backends go through as well. */
    @Test
    void everyRegisteredLossHasAnExample() {
        assertEquals(
                new BuiltInLosses().losses().stream().map(LossType::id).collect(Collectors.toSet()),
                ALL.stream().map(e -> e.spec().apply(e.columnsNear(2)).id()).collect(Collectors.toSet()));
    }

    @TestFactory
    Stream<DynamicNode> r2_3_formulasLeaveTheirArgumentsAlone() {
        return each(RULES::formulaLeavesItsArgumentsAlone);
    }

    @TestFactory
    Stream<DynamicNode> r4_2_formulasOfNothingAreZero() {
        return each(RULES::formulaOfNothingIsZero);
    }

    @TestFactory
    Stream<DynamicNode> r7_1_surviveJsonAndJavaSerialisation() {
        return each(RULES::survivesJsonAndJavaSerialisation);
    }

    @TestFactory
    Stream<DynamicNode> r7_3_refuseHostileJson() {
        return each(RULES::hostileJsonIsRefused);
    }
}
