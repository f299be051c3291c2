package io.loss4j.examples.comparison;

import io.loss4j.ClassCounts;
import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.dl4j.Dl4jLosses;
import io.loss4j.dl4j.Loss4jLoss;
import io.loss4j.dl4j.sampling.RandomOverSampler;
import io.loss4j.dl4j.sampling.RandomUnderSampler;
import io.loss4j.dl4j.sampling.Resampler;
import io.loss4j.dl4j.sampling.Smote;
import io.loss4j.error.LossInputException;
import io.loss4j.examples.training.Settings;
import io.loss4j.provider.Discovery;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a network of a candidate is trained: at most one remedy of each place.
 *
 * @param remedies by place; none for plain training
 * @param gamma of the focal loss
 */
public record Recipe(Map<Remedy.Place, Remedy> remedies, double gamma) {
    /** The candidates that are compared if nobody says which. */
    public static final List<String> USUAL = List.of(
            "plain",
            "class-weighted",
            "effective-number",
            "focal",
            "focal+class-weighted",
            "ldam-drw",
            "logit-adjusted",
            "asymmetric",
            "oversampled",
            "smote",
            "smote+focal",
            "thresholds");

    private static final String WHO = "--candidates";
    /** Of the effective number: the value of the paper for small data sets. */
    private static final double BETA = 0.999;
    /** Neighbours of SMOTE; fewer where a class has fewer rows. */
    private static final int NEIGHBOURS = 5;

    /** Copies the map, in the order of the places: kept fits are known by it, and other maps order anew in every JVM. */
    public Recipe {
        Map<Remedy.Place, Remedy> ordered = new EnumMap<>(Remedy.Place.class);
        ordered.putAll(remedies);
        remedies = Collections.unmodifiableMap(ordered);
    }

    /**
     * Reads a candidate.
     *
     * @param id {@code plain}, a remedy such as {@code focal}, or several joined by {@code +}, in any order
     * @param gamma of the focal loss
     * @throws LossInputException L4J-D60 for an unknown remedy, L4J-D61 for two remedies of one place
     */
    public static Recipe parse(String id, double gamma) {
        Map<Remedy.Place, Remedy> remedies = new EnumMap<>(Remedy.Place.class);
        for (String part : id.split("\\+", -1)) {
            if (part.equals(Candidate.PLAIN)) {
                continue;
            }
            Remedy remedy = Arrays.stream(Remedy.values())
                    .filter(r -> r.id().equals(part))
                    .findFirst()
                    .orElseThrow(() -> unknown(part));
            Remedy other = remedies.put(remedy.place(), remedy);
            if (other != null
                    || remedies.containsValue(Remedy.LDAM_DRW) && remedies.containsKey(Remedy.Place.WEIGHTS)) {
                throw new LossInputException(
                        "L4J-D61",
                        WHO,
                        "'" + id + "' asks for two remedies that exclude each other",
                        "combine at most one loss (" + ids(Remedy.Place.LOSS) + "), one kind of weights ("
                                + ids(Remedy.Place.WEIGHTS) + "; ldam-drw has its own), one kind of sampling ("
                                + ids(Remedy.Place.SAMPLES) + ") and " + ids(Remedy.Place.DECISION));
            }
        }
        return new Recipe(remedies, gamma);
    }

    private static LossInputException unknown(String part) {
        List<String> known = new ArrayList<>(List.of(Candidate.PLAIN));
        known.addAll(Remedy.ids());
        String nearest = Discovery.nearest(part, known);
        return new LossInputException(
                "L4J-D60",
                WHO,
                "there is no remedy '" + part + "', only " + String.join(", ", known),
                nearest == null ? "use some of them, joined by +" : "did you mean " + nearest);
    }

    private static String ids(Remedy.Place place) {
        return Arrays.stream(Remedy.values())
                .filter(r -> r.place() == place)
                .map(Remedy::id)
                .collect(Collectors.joining(", "));
    }

    /** Its name on the command line: the parts in the order of the places. */
    public String id() {
        return joined(Remedy::id, "+", Candidate.PLAIN);
    }

    private String joined(Function<Remedy, String> text, String separator, String none) {
        String all = Arrays.stream(Remedy.Place.values())
                .map(remedies::get)
                .filter(Objects::nonNull)
                .map(text)
                .collect(Collectors.joining(separator));
        return all.isEmpty() ? none : all;
    }

    private boolean has(Remedy remedy) {
        return remedies.containsValue(remedy);
    }

    /** The same for people, with the lines of Java that reproduce it. */
    public Candidate candidate(Settings settings) {
        String sentence = joined(Remedy::sentence, "; ", "cross-entropy of the rows as they are");
        return new Candidate(id(), joined(Remedy::title, " + ", "plain"), capitalised(sentence) + ".", java(settings));
    }

    private static String capitalised(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    /** The loss for rows of these classes, as they are. */
    public LossFunction lossOf(long[] counts) {
        return loss(ClassCounts.of(counts)).function();
    }

    /** The loss to begin with. The counts are those of the rows that the network is shown. */
    Loss4jLoss loss(ClassCounts counts) {
        ClassCounts known = counts.atLeast(1);
        Loss4jLoss loss = has(Remedy.FOCAL)
                ? Dl4jLosses.softmaxFocal(gamma)
                : has(Remedy.LDAM_DRW)
                        ? Dl4jLosses.ldam(known)
                        : has(Remedy.LOGIT_ADJUSTED)
                                ? Dl4jLosses.logitAdjusted(known, 1)
                                : has(Remedy.ASYMMETRIC)
                                        ? Dl4jLosses.asymmetricSingleLabel()
                                        : Dl4jLosses.softmaxCrossEntropy();
        ClassWeights weights = has(Remedy.CLASS_WEIGHTED)
                ? ClassWeights.balanced(known)
                : has(Remedy.EFFECTIVE_NUMBER) ? ClassWeights.effectiveNumber(known, BETA) : ClassWeights.none();
        return weights.isNone() ? loss : loss.with(f -> f.withClassWeights(weights));
    }

    /** The class weights that come in late, or null. */
    @Nullable
    ClassWeights deferredWeights(ClassCounts counts) {
        return has(Remedy.LDAM_DRW) ? ClassWeights.effectiveNumber(counts.atLeast(1), BETA) : null;
    }

    /** How the rows to train with are sampled, or null: as they are. */
    @Nullable
    Resampler resampler(long[] counts, long seed) {
        if (has(Remedy.OVERSAMPLED)) {
            return new RandomOverSampler(seed);
        }
        if (has(Remedy.UNDERSAMPLED)) {
            return new RandomUnderSampler(seed);
        }
        if (has(Remedy.SMOTE)) {
            long fewest = Arrays.stream(counts).filter(n -> n > 0).min().orElse(0);
            return fewest < 2
                    ? new RandomOverSampler(seed)
                    : new Smote(seed).withNeighbours((int) Math.min(NEIGHBOURS, fewest - 1));
        }
        return null;
    }

    /** Whether rows are held out of training, to fit a decision rule on them. */
    boolean fitsThresholds() {
        return has(Remedy.THRESHOLDS);
    }

    private List<String> java(Settings settings) {
        List<String> lines = new ArrayList<>();
        boolean counted = has(Remedy.CLASS_WEIGHTED)
                || has(Remedy.EFFECTIVE_NUMBER)
                || has(Remedy.LDAM_DRW)
                || has(Remedy.LOGIT_ADJUSTED);
        String data = "trainingData";
        if (remedies.containsKey(Remedy.Place.SAMPLES)) {
            String sampler = has(Remedy.OVERSAMPLED)
                    ? "RandomOverSampler"
                    : has(Remedy.UNDERSAMPLED) ? "RandomUnderSampler" : "Smote";
            lines.add("DataSetIterator resampled = new ResampledIterator(trainingData, new " + sampler + "("
                    + settings.seed() + "), " + settings.batch() + ");");
            data = "resampled";
        }
        if (counted) {
            lines.add("ClassCounts counts = ClassCounts.of(" + data + ");");
        }
        String weights = has(Remedy.CLASS_WEIGHTED)
                ? "ClassWeights.balanced(counts)"
                : has(Remedy.EFFECTIVE_NUMBER) ? "ClassWeights.effectiveNumber(counts, " + BETA + ")" : "";
        lines.add("ILossFunction loss = " + javaLoss(weights) + ";");
        lines.add("new OutputLayer.Builder(loss).activation(Activation.SOFTMAX) // ...");
        if (has(Remedy.LDAM_DRW)) {
            lines.add("network.addListeners(new DeferredReweighting(ClassWeights.effectiveNumber(counts, " + BETA
                    + "), " + Fitting.deferral(settings.epochs()) + "));");
        }
        lines.add("network.fit(" + data + ", " + settings.epochs() + ");");
        if (has(Remedy.THRESHOLDS)) {
            lines.add("Predictions heldOut = Predictions.of(network.output(heldOutFeatures), heldOutLabels);");
            lines.add("DecisionRule rule = DecisionRule.ofClasses(classes).fitThresholds(heldOut, "
                    + "Goal.balancedAccuracy());");
            lines.add("INDArray decisions = rule.decide(network.output(features));");
        }
        return lines;
    }

    private String javaLoss(String weights) {
        if (has(Remedy.FOCAL)) {
            return "Dl4jLosses.softmaxFocal(" + gamma + (weights.isEmpty() ? "" : ", " + weights) + ")";
        }
        if (has(Remedy.LDAM_DRW)) {
            return "Dl4jLosses.ldam(counts)";
        }
        String with = weights.isEmpty() ? "" : ".with(l -> l.withClassWeights(" + weights + "))";
        if (has(Remedy.LOGIT_ADJUSTED)) {
            return "Dl4jLosses.logitAdjusted(counts, 1)" + with;
        }
        if (has(Remedy.ASYMMETRIC)) {
            return "Dl4jLosses.asymmetricSingleLabel()" + with;
        }
        return "Dl4jLosses.softmaxCrossEntropy(" + weights + ")";
    }
}
