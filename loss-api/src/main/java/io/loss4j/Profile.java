package io.loss4j;

import io.loss4j.error.LossInputException;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.Scaled;
import io.loss4j.loss.SoftmaxLoss;
import io.loss4j.loss.WeightedSum;
import io.loss4j.provider.Discovery;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The conventions of another library in one word: what its mean divides by, how far from 0 and 1 it keeps probabilities,
 * which labels it ignores, how it smooths and weighs. A profile turns a loss into a {@link LossFunction} that computes that
 * library's numbers, and makes losses by that library's own names and parameters:
 *
 * <pre>{@code
 * LossFunction a = Profile.KERAS.of(new BinaryCrossEntropy());                 // clipped at 1e-7, mean of elements
 * LossFunction b = Profile.TORCH.loss("CrossEntropyLoss", Map.of("label_smoothing", 0.1));
 * LossFunction c = Profile.DL4J.loss("MCXENT");
 * }</pre>
 *
 * <p>What comes out is an ordinary loss function: options can be changed, it is saved without a trace of the profile, and
 * {@link LossFunction#of} without a profile stays exact. The rules of {@code contract.md} hold for all of them, so two
 * things differ from every profile's library: a mean over nothing is 0, not NaN, and a gradient is that of exactly the
 * value, also where the value is clipped.
 *
 * <p>Example: logits (1, 2, 3) and (0.5, -1, 0.2) for the classes 0 and 2, class weights (2, 1, 5): PyTorch's mean is
 * 1.384285, Keras's 4.844998.
 */
public enum Profile {
    /**
     * PyTorch. The mean of a softmax loss over class indices divides by the sum of the weights of the labels, over
     * distributions by the rows ({@link #ofDistributions}); of losses over elements by the elements. The label -100 is
     * ignored; logarithms of probabilities end at -100.
     */
    TORCH("PyTorch", Map.of(), Set.of("multilabel_soft_margin"), TorchNames::all),

    /**
     * Keras 3. The mean divides by the rows, or the elements, whatever their weights; probabilities are clipped to [1e-7,
     * 1 - 1e-7] where the loss has an epsilon.
     */
    KERAS(
            "Keras",
            Map.of("cross_entropy", 1e-7, "binary_cross_entropy", 1e-7),
            Set.of("kl_divergence"),
            KerasNames::all),

    /**
     * Deeplearning4j: the sum divided by the rows, masked or not; probabilities clipped to [1e-5, 1 - 1e-5] (sigmoid) or
     * [1e-10, 1 - 1e-10] (softmax). Deeplearning4j's own gradients are those of the unclipped loss.
     */
    DL4J("Deeplearning4j", Map.of("cross_entropy", 1e-10, "binary_cross_entropy", 1e-5), Set.of(), Dl4jNames::all);

    /** What PyTorch leaves out unless told otherwise. */
    private static final long IGNORED_BY_TORCH = -100;

    private final String title;
    /** How far from 0 and 1 probabilities are kept, by loss. */
    private final Map<String, Double> epsilons;

    /** Losses whose elements the library adds up per row before it takes the mean. */
    private final Set<String> sumsOfElements;

    private final Supplier<List<PeerLoss>> source;
    private volatile Map<String, PeerLoss> losses = Map.of();

    Profile(String title, Map<String, Double> epsilons, Set<String> sumsOfElements, Supplier<List<PeerLoss>> source) {
        this.title = title;
        this.epsilons = epsilons;
        this.sumsOfElements = sumsOfElements;
        this.source = source;
    }

    /**
     * A loss with this library's mean (for a sum of losses, that of the first) and clipping, for labels that are class indices (or one-hot rows in their place), or
     * the targets of a regression.
     */
    public LossFunction of(LossSpec spec) {
        return bind(spec, false);
    }

    /** The same for labels that are distributions over classes; differs from {@link #of} for {@link #TORCH} only. */
    public LossFunction ofDistributions(LossSpec spec) {
        return bind(spec, true);
    }

    /** A loss by this library's name with its defaults. */
    public LossFunction loss(String name) {
        return loss(name, Map.of());
    }

    /**
     * A loss by this library's name, for example {@code CrossEntropyLoss}, {@code categorical_crossentropy} or
     * {@code MCXENT}.
     *
     * @param name of the class or the function, case included
     * @param parameters by this library's names, as plain numbers, words, booleans and lists; those that are missing have
     *     the library's defaults
     * @throws LossInputException if the library has no such loss or parameter as far as Loss4J knows, or Loss4J has no
     *     counterpart
     */
    public LossFunction loss(String name, Map<String, ?> parameters) {
        PeerLoss loss = losses().get(name);
        if (loss == null) {
            String nearest = Discovery.nearest(name, losses().keySet());
            throw new LossInputException(
                    "L4J-P21",
                    title,
                    "the loss '" + name + "' is not known; known are " + losses().keySet(),
                    nearest == null ? "use one of them, or LossFunction.of" : "did you mean '" + nearest + "'");
        }
        return loss.create(this, name, parameters);
    }

    /** This library's names for losses, with what each becomes, or why it has no counterpart. */
    public Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        losses().forEach((name, loss) -> names.put(name, loss.describe()));
        return names;
    }

    /** Whether a loss of this name can be made: it is known and has a counterpart. */
    public boolean has(String name) {
        PeerLoss loss = losses().get(name);
        return loss != null && loss.reason() == null;
    }

    private Map<String, PeerLoss> losses() {
        Map<String, PeerLoss> known = losses;
        if (known.isEmpty()) {
            known = new LinkedHashMap<>();
            for (PeerLoss loss : source.get()) {
                for (String name : loss.names()) {
                    known.put(name, loss);
                }
            }
            losses = known;
        }
        return known;
    }

    /** The name of the library. */
    String title() {
        return title;
    }

    private LossFunction bind(LossSpec spec, boolean distributions) {
        LossSpec clipped = clipped(spec);
        LossSpec shape = Lowering.shaped(WeightedSum.parts(clipped).get(0), 1).loss();
        LossFunction function = LossFunction.of(clipped).withReduction(mean(shape, distributions));
        return this == TORCH && shape instanceof SoftmaxLoss && !distributions
                ? function.withIgnoreIndex(IGNORED_BY_TORCH)
                : function;
    }

    /** What this library calls the mean. */
    private Reduction mean(LossSpec shape, boolean distributions) {
        if (sumsOfElements.contains(shape.id())) {
            return Reduction.BATCH_MEAN;
        }
        return switch (this) {
            case DL4J -> Reduction.BATCH_MEAN;
            case KERAS -> Reduction.MEAN;
            case TORCH ->
                distributions && !(shape instanceof ElementwiseLoss)
                        ? Reduction.BATCH_MEAN
                        : shape instanceof SoftmaxLoss ? Reduction.WEIGHTED_MEAN : Reduction.MEAN;
        };
    }

    /** The loss with this library's epsilon, unless it has one of its own or takes logits. */
    private LossSpec clipped(LossSpec spec) {
        if (spec instanceof Scaled scaled) {
            return new Scaled(scaled.factor(), clipped(scaled.loss()));
        }
        if (spec instanceof WeightedSum sum) {
            return new WeightedSum(sum.losses().stream().map(this::clipped).toList(), sum.weights());
        }
        Double epsilon = epsilons.get(spec.id());
        if (epsilon == null || spec.type().values(spec).get("epsilon") != null) {
            return spec;
        }
        return spec.type().create(Map.of("epsilon", epsilon));
    }
}
