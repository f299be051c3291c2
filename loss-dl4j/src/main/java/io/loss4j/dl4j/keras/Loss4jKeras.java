package io.loss4j.dl4j.keras;

import io.loss4j.LossFunction;
import io.loss4j.Profile;
import io.loss4j.Reduction;
import io.loss4j.dl4j.Dl4jLosses;
import io.loss4j.dl4j.Loss4jLoss;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.PerOutputMean;
import io.loss4j.loss.WeightedSum;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.modelimport.keras.config.Keras2LayerConfiguration;
import org.deeplearning4j.nn.modelimport.keras.exceptions.UnsupportedKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.utils.KerasLossUtils;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Teaches Deeplearning4j's Keras import the losses of Keras 3 that it does not know, so that a compiled model with a focal
 * loss or Huber's is read, predicts and goes on training:
 *
 * <pre>{@code
 * Loss4jKeras.registerAll();
 * MultiLayerNetwork network = KerasModelImport.importKerasSequentialModelAndWeights("model.h5");
 * }</pre>
 *
 * <p>An imported network ends in a layer without activation after the softmax or sigmoid, so the losses are those of
 * probabilities, with the numbers of {@link Profile#KERAS}: per example the mean over the outputs, where Keras has it.
 * Losses of a whole batch (dice, tversky) are divided by the examples as everything else in Deeplearning4j is.
 *
 * <p>The import reads the name of a loss but none of its parameters. For Huber's loss with delta = 2, register it yourself
 * before: {@code KerasLossUtils.registerCustomLoss("huber", Dl4jLosses.huber(2))}; it is then kept. The import reads files
 * of Keras 1 and 2.
 */
public final class Loss4jKeras {
    private Loss4jKeras() {}

    /**
     * What the names of Keras mean to the import now.
     *
     * @param losses registered here, by name in lower case
     * @param kept what these names meant already: Deeplearning4j's own losses and those registered by others
     */
    public record Names(Map<String, Loss4jLoss> losses, Map<String, ILossFunction> kept) {
        /** Makes both unmodifiable. */
        public Names {
            losses = Collections.unmodifiableMap(new TreeMap<>(losses));
            kept = Collections.unmodifiableMap(new TreeMap<>(kept));
        }

        @Override
        public String toString() {
            return losses.size() + " Keras losses from Loss4J: " + String.join(", ", losses.keySet()) + "; kept: "
                    + kept;
        }
    }

    /**
     * Registers every loss of Keras 3 that has a counterpart here under all its names that the import does not know, class
     * and function forms. May be called any number of times, by any thread.
     */
    public static synchronized Names registerAll() {
        Map<String, Loss4jLoss> losses = new TreeMap<>();
        Map<String, ILossFunction> kept = new TreeMap<>();
        for (String keras : Profile.KERAS.names().keySet()) {
            if (Profile.KERAS.has(keras)) {
                String name = keras.toLowerCase(Locale.ROOT);
                Loss4jLoss ours = inNetwork(Profile.KERAS.loss(keras));
                ILossFunction known = known(name);
                if (known == null) {
                    KerasLossUtils.registerCustomLoss(name, ours);
                }
                if (known == null || known.equals(ours)) {
                    losses.put(name, ours);
                } else {
                    kept.put(name, known);
                }
            }
        }
        return new Names(losses, kept);
    }

    private static @Nullable ILossFunction known(String name) {
        try {
            return KerasLossUtils.mapLossFunction(name, new Keras2LayerConfiguration());
        } catch (UnsupportedKerasConfigurationException e) {
            return null;
        }
    }

    /** The mean over the outputs of an example becomes the loss's own; Deeplearning4j makes that over the examples. */
    private static Loss4jLoss inNetwork(LossFunction loss) {
        boolean meanOfElements = loss.reduction() == Reduction.MEAN
                && WeightedSum.parts(loss.spec()).get(0).loss() instanceof ElementwiseLoss;
        return Dl4jLosses.of(loss.withReduction(Reduction.SUM)
                .withSpec(meanOfElements ? new PerOutputMean(loss.spec()) : loss.spec()));
    }
}
