package io.loss4j.tck;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * The rules that concern losses and backends together, each as a test factory with its number. Every rule changes one
 * thing at a time, so that a fault fails its own rule; {@link #r1ToR5_everythingTogether} combines them all.
 */
abstract class Rules {
    /** Up to so many losses, each goes through all combinations; beyond, through one in SHARE. */
    private static final int FEW = 3;

    private static final int SHARE = 4;

    Rules() {}

    /** The losses to test. */
    abstract List<LossExample> examples();

    /** The choice of backends, as {@link io.loss4j.LossFunction#on} takes it. */
    abstract String choice();

    /** The backend that may decline jobs; null makes declining a failure. */
    abstract @Nullable String mayDecline();

    @TestFactory
    Stream<DynamicNode> r1_1_valuesAndGradientsFollowTheFormula() {
        return eachLoss(new ValueRules(choice())::valuesAndGradientsFollowTheFormula);
    }

    @TestFactory
    Stream<DynamicNode> r1_1_changedLogitsAndZLossFollowTheFormula() {
        return eachLoss(new ValueRules(choice())::changedLogitsAndZLossFollowTheFormula);
    }

    @TestFactory
    Stream<DynamicNode> r1_2_extremesStayFiniteAndKeepTheirGradient() {
        return eachLoss(new ValueRules(choice())::extremesStayFiniteAndKeepTheirGradient);
    }

    @TestFactory
    Stream<DynamicNode> r1_3_minusInfinityIsProbabilityZero() {
        return eachLoss(new ValueRules(choice())::minusInfinityIsProbabilityZero);
    }

    @TestFactory
    Stream<DynamicNode> r1_4_nanStaysInItsRow() {
        return eachLoss(new ValueRules(choice())::nanStaysInItsRow);
    }

    @TestFactory
    Stream<DynamicNode> r2_1_gradientIsTheDerivativeOfTheValueOfTheSameCall() {
        return eachLoss(new GradientRules(choice())::gradientIsTheDerivativeOfTheValueOfTheSameCall);
    }

    @TestFactory
    Stream<DynamicNode> r2_2_gradientsAgreeWithCentralDifferences() {
        return eachLoss(new GradientRules(choice())::gradientsAgreeWithCentralDifferences);
    }

    @TestFactory
    Stream<DynamicNode> r2_3_gradientIsFreshAndInputsAreLeftAlone() {
        return eachLoss(new GradientRules(choice())::gradientIsFreshAndInputsAreLeftAlone);
    }

    @TestFactory
    Stream<DynamicNode> r2_4_valueAndGradientAloneHaveTheSameBits() {
        return eachLoss(new GradientRules(choice())::valueAndGradientAloneHaveTheSameBits);
    }

    @TestFactory
    Stream<DynamicNode> r3_1_classWeightsMultiplyTheTermOfTheLabel() {
        return eachLoss(new WeightRules(choice())::classWeightsMultiplyTheTermOfTheLabel);
    }

    @TestFactory
    Stream<DynamicNode> r3_2_maskedRowsContributeNothing() {
        return eachLoss(new WeightRules(choice())::maskedRowsContributeNothing);
    }

    @TestFactory
    Stream<DynamicNode> r3_3_masksWeighRowsOrElements() {
        return eachLoss(new WeightRules(choice())::masksWeighRowsOrElements);
    }

    @TestFactory
    Stream<DynamicNode> r3_4_labelsOutOfRangeAreRefused() {
        return eachLoss(new WeightRules(choice())::labelsOutOfRangeAreRefused);
    }

    @TestFactory
    Stream<DynamicNode> r3_5_softLabelsNeedNotSumToOne() {
        return eachLoss(new WeightRules(choice())::softLabelsNeedNotSumToOne);
    }

    @TestFactory
    Stream<DynamicNode> r3_6_smoothingComesBeforeWeights() {
        return eachLoss(new WeightRules(choice())::smoothingComesBeforeWeights);
    }

    @TestFactory
    Stream<DynamicNode> r3_7_positiveWeightsMultiplyTheYTerm() {
        return eachLoss(new WeightRules(choice())::positiveWeightsMultiplyTheYTerm);
    }

    @TestFactory
    Stream<DynamicNode> r4_1_reductionsDivideTheSum() {
        return eachLoss(new ReductionRules(choice())::reductionsDivideTheSum);
    }

    @TestFactory
    Stream<DynamicNode> r4_2_meanOverNothingIsZero() {
        return eachLoss(new ReductionRules(choice())::meanOverNothingIsZero);
    }

    @TestFactory
    Stream<DynamicNode> r4_3_sameBitsForAnyNumberOfThreads() {
        return eachLoss(new ReductionRules(choice())::sameBitsForAnyNumberOfThreads);
    }

    @TestFactory
    Stream<DynamicNode> r4_4_totalsByClassAddUpToTheSum() {
        return eachLoss(new ClassRules(choice())::totalsByClassAddUpToTheSum);
    }

    @TestFactory
    Stream<DynamicNode> r5_1_layoutMakesNoDifference() {
        return eachLoss(new LayoutRules(choice())::layoutMakesNoDifference);
    }

    @TestFactory
    Stream<DynamicNode> r5_2_labelsAndMasksOfEveryNumericType() {
        return eachLoss(new LayoutRules(choice())::labelsAndMasksOfEveryNumericType);
    }

    @TestFactory
    Stream<DynamicNode> r5_3_emptyBatchesAreLegal() {
        return eachLoss(new LayoutRules(choice())::emptyBatchesAreLegal);
    }

    @TestFactory
    Stream<DynamicNode> r6_1_oneFunctionServesManyThreads() {
        return eachLoss(new CallRules(choice())::oneFunctionServesManyThreads);
    }

    @TestFactory
    Stream<DynamicNode> r6_2_failureLeavesEverythingUsable() {
        return eachLoss(new CallRules(choice())::failureLeavesEverythingUsable);
    }

    @TestFactory
    Stream<DynamicNode> r9_1_wrongShapesAreRefusedWithCodeAndRemedy() {
        return eachLoss(new CallRules(choice())::wrongShapesAreRefusedWithCodeAndRemedy);
    }

    /** Every combination of what a loss over the logits of a softmax can be asked for, against the oracle. */
    @TestFactory
    Stream<DynamicNode> r1ToR4_optionsOfSoftmaxLossesGoTogether() {
        return eachLoss(new CombinedRules(choice())::optionsOfSoftmaxLossesGoTogether);
    }

    /** Every two settings of every two axes come together in one of these cases. */
    @TestFactory
    Stream<DynamicNode> r1ToR5_everythingTogether() {
        int share = examples().size() > FEW ? SHARE : 1;
        return eachLoss((example, tests) -> new CombinedRules(choice()).everythingTogether(example, tests, share));
    }

    /** One container per loss; losses that a rule does not concern are left out. */
    Stream<DynamicNode> eachLoss(BiConsumer<LossExample, Tests> rule) {
        return Tests.each(examples(), mayDecline(), rule);
    }
}
