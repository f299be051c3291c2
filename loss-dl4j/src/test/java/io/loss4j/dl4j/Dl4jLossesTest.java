package io.loss4j.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loss4j.ClassCounts;
import io.loss4j.loss.ActivePassive;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossCosineProximity;
import org.nd4j.linalg.lossfunctions.impl.LossFMeasure;
import org.nd4j.linalg.lossfunctions.impl.LossHinge;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossL1;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMAPE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSLE;
import org.nd4j.linalg.lossfunctions.impl.LossMixtureDensity;
import org.nd4j.linalg.lossfunctions.impl.LossMultiLabel;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;
import org.nd4j.linalg.lossfunctions.impl.LossSquaredHinge;
import org.nd4j.linalg.lossfunctions.impl.LossWasserstein;

/** The factories make the losses that they are named after. */
class Dl4jLossesTest {
    private static final ClassCounts COUNTS = ClassCounts.of(9, 3, 1);

    private static final Set<String> GENERAL =
            Set.of("of", "feedForward", "rowsPerExample", "undivided", "replacementFor");

    /** Where the id is another word than the name of the factory. */
    private static final Map<String, String> RENAMED = Map.of(
            "logitAdjusted", "logit_adjusted_cross_entropy",
            "poisson", "poisson_nll",
            "poissonOfLogRates", "poisson_nll",
            "matthewsCorrelation", "mcc",
            "smoothL1", "smooth_l1");

    private static Map<String, Loss4jLoss> withParameters() {
        return new HashMap<>(Map.ofEntries(
                Map.entry("softmaxFocal", Dl4jLosses.softmaxFocal(2)),
                Map.entry("logitAdjusted", Dl4jLosses.logitAdjusted(COUNTS, 1)),
                Map.entry("poly1CrossEntropy", Dl4jLosses.poly1CrossEntropy(1)),
                Map.entry("generalizedCrossEntropy", Dl4jLosses.generalizedCrossEntropy(0.7)),
                Map.entry("truncatedGeneralizedCrossEntropy", Dl4jLosses.truncatedGeneralizedCrossEntropy(0.7, 0.5)),
                Map.entry("symmetricCrossEntropy", Dl4jLosses.symmetricCrossEntropy(0.1, 1)),
                Map.entry(
                        "activePassive", Dl4jLosses.activePassive(ActivePassive.Active.NFL, ActivePassive.Passive.MAE)),
                Map.entry("bootstrapSoft", Dl4jLosses.bootstrapSoft(0.9)),
                Map.entry("bootstrapHard", Dl4jLosses.bootstrapHard(0.8)),
                Map.entry("ldam", Dl4jLosses.ldam(COUNTS)),
                Map.entry("seesaw", Dl4jLosses.seesaw(COUNTS)),
                Map.entry("biTemperedLogistic", Dl4jLosses.biTemperedLogistic(0.5, 1.5)),
                Map.entry("sigmoidFocal", Dl4jLosses.sigmoidFocal(2)),
                Map.entry("asymmetric", Dl4jLosses.asymmetric(1, 4, 0.05)),
                Map.entry("poly1SigmoidFocal", Dl4jLosses.poly1SigmoidFocal(2, 1)),
                Map.entry("penaltyReducedFocal", Dl4jLosses.penaltyReducedFocal(2, 4)),
                Map.entry("tversky", Dl4jLosses.tversky(0.3, 0.7)),
                Map.entry("focalTversky", Dl4jLosses.focalTversky(0.3, 0.7, 0.75)),
                Map.entry("fMeasure", Dl4jLosses.fMeasure(2)),
                Map.entry("huber", Dl4jLosses.huber(1)),
                Map.entry("smoothL1", Dl4jLosses.smoothL1(1)),
                Map.entry("quantile", Dl4jLosses.quantile(0.9)),
                Map.entry("epsilonInsensitive", Dl4jLosses.epsilonInsensitive(0.1)),
                Map.entry("tweedie", Dl4jLosses.tweedie(1.5)),
                Map.entry("mixtureDensity", Dl4jLosses.mixtureDensity(2, 1)),
                Map.entry("cauchy", Dl4jLosses.cauchy(1)),
                Map.entry("charbonnier", Dl4jLosses.charbonnier(1)),
                Map.entry("gemanMcclure", Dl4jLosses.gemanMcclure(1)),
                Map.entry("welsch", Dl4jLosses.welsch(1))));
    }

    private static List<Method> factories() {
        return Arrays.stream(Dl4jLosses.class.getDeclaredMethods())
                .filter(m -> Modifier.isPublic(m.getModifiers()) && !GENERAL.contains(m.getName()))
                .toList();
    }

    @Test
    void everyFactoryMakesTheLossOfItsName() throws ReflectiveOperationException {
        Map<String, Loss4jLoss> made = withParameters();
        for (Method factory : factories()) {
            if (factory.getParameterCount() == 0) {
                made.put(factory.getName(), (Loss4jLoss) factory.invoke(null));
            }
        }
        made.forEach((name, loss) -> assertEquals(
                RENAMED.getOrDefault(name, name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT)), loss.name()));
        assertEquals(factories().stream().map(Method::getName).collect(Collectors.toSet()), made.keySet());
    }

    /** All that have a name of their own, except compositions, for which there is {@code of}. */
    @Test
    void nothingInTheCatalogueIsWithoutAFactory() {
        Set<String> ids = new TreeSet<>(CatalogueCase.all().keySet());
        ids.removeAll(Set.of("weighted_sum", "scaled", "per_output_mean"));
        Set<String> made = factories().stream()
                .map(Method::getName)
                .map(name -> RENAMED.getOrDefault(
                        name, name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT)))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(ids, made);
    }

    /** Whatever says that it replaces one of theirs is what replaces it. */
    @Test
    void factoriesAreTheReplacementsThatTheyClaimToBe() {
        Map<ILossFunction, Loss4jLoss> claims = Map.ofEntries(
                Map.entry(new LossL2(), Dl4jLosses.meanSquaredError()),
                Map.entry(new LossL1(), Dl4jLosses.meanAbsoluteError()),
                Map.entry(new LossMAPE(), Dl4jLosses.meanAbsolutePercentageError()),
                Map.entry(new LossMSLE(), Dl4jLosses.meanSquaredLogarithmicError()),
                Map.entry(new LossKLD(), Dl4jLosses.klDivergence()),
                Map.entry(new LossPoisson(), Dl4jLosses.poisson()),
                Map.entry(new LossHinge(), Dl4jLosses.hinge()),
                Map.entry(new LossSquaredHinge(), Dl4jLosses.squaredHinge()),
                Map.entry(new LossCosineProximity(), Dl4jLosses.cosineProximity()),
                Map.entry(new LossWasserstein(), Dl4jLosses.wasserstein()),
                Map.entry(new LossFMeasure(2), Dl4jLosses.fMeasure(2)),
                Map.entry(new LossMultiLabel(), Dl4jLosses.multilabelRanking()),
                Map.entry(
                        LossMixtureDensity.builder().gaussians(2).labelWidth(3).build(),
                        Dl4jLosses.mixtureDensity(2, 3)),
                Map.entry(new LossMCXENT(), Dl4jLosses.crossEntropy()),
                Map.entry(new LossBinaryXENT(), Dl4jLosses.binaryCrossEntropy()));
        claims.forEach((theirs, ours) -> assertEquals(ours, Dl4jLosses.replacementFor(theirs)));
    }
}
