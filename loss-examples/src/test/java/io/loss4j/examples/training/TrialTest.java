package io.loss4j.examples.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.ClassWeights;
import io.loss4j.dl4j.Dl4jLosses;
import io.loss4j.error.LossInputException;
import io.loss4j.examples.data.Dataset;
import io.loss4j.examples.data.Passengers;
import io.loss4j.examples.data.Preparation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

class TrialTest {
    private static final Dataset DATA = new Preparation(Passengers.LABEL, List.of(), List.of(), List.of())
            .read(Passengers.table())
            .split(0.3, 42);
    private static final Settings SETTINGS = new Settings(8, 3, 64, 0.01, 42);
    private static final int BATCHES = (DATA.train().size() + 63) / 64;

    private static Trial trained(ILossFunction loss, Settings settings) {
        Trial trial = new Trial(DATA, settings, loss);
        for (int i = 0; i < settings.epochs(); i++) {
            trial.epoch();
        }
        return trial;
    }

    @Test
    void allLossesStartFromTheSameWeights() {
        INDArray builtIn = new Trial(DATA, SETTINGS, new LossMCXENT()).parameters();
        INDArray ours = new Trial(DATA, SETTINGS, Dl4jLosses.softmaxFocal(2)).parameters();
        assertEquals(builtIn, ours);
    }

    /** The same weights, batches and order: then two implementations of one formula end at nearly the same weights. */
    @Test
    void plainCrossEntropyTrainsLikeTheBuiltInLoss() {
        Trial builtIn = trained(new LossMCXENT(), SETTINGS);
        Trial ours = trained(Dl4jLosses.softmaxCrossEntropy(), SETTINGS);
        double distance = builtIn.parameters().distance2(ours.parameters());
        double length = builtIn.parameters().norm2Number().doubleValue();
        assertTrue(distance < 1e-3 * length, distance + " of " + length);
        assertNotEquals(new Trial(DATA, SETTINGS, new LossMCXENT()).parameters(), builtIn.parameters());
    }

    @Test
    void theLossIsAskedForOneGradientAndOneScorePerBatch() {
        Trial trial = trained(new LossMCXENT(), SETTINGS);
        assertEquals(2L * BATCHES * SETTINGS.epochs(), trial.lossCalls());
        assertTrue(trial.lossSeconds() > 0 && trial.lossSeconds() < trial.fitSeconds());
    }

    @Test
    void balancedWeightsFindMoreOfTheRarerClass() {
        Settings settings = new Settings(16, 10, 64, 0.01, 42);
        ClassWeights balanced = ClassWeights.balanced(DATA.train().counts(2));
        Scores plain = trained(new LossMCXENT(), settings).scores();
        Scores weighted =
                trained(Dl4jLosses.softmaxCrossEntropy(balanced), settings).scores();
        int survivors = DATA.classes().indexOf("yes");
        assertTrue(
                weighted.perClass().get(survivors).recall()
                        > plain.perClass().get(survivors).recall(),
                weighted + " against " + plain);
    }

    @Test
    void aLossThatIsNotTimedIsTheSame() {
        TimedLoss timed = new TimedLoss(new LossMCXENT());
        assertEquals(new LossMCXENT().name(), timed.name());
        assertEquals(0, timed.calls());
    }

    @Test
    void trainingThatGoesAstrayIsExplained() {
        Trial trial = trained(new LossMCXENT(), new Settings(8, 2, 64, 1e30, 42));
        LossInputException e = assertThrows(LossInputException.class, trial::scores);
        assertTrue(e.getMessage().contains("lower --learning-rate"), e.getMessage());
    }
}
