package io.loss4j.dl4j.schedule;

import io.loss4j.LossFunction;
import io.loss4j.loss.LossSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Parameters of a loss that change while the network trains: a gamma that rises, a margin that comes in late.
 *
 * <pre>{@code
 * ISchedule gamma = new MapSchedule.Builder(ScheduleType.EPOCH).add(0, 0.0).add(10, 1.0).add(20, 2.0).build();
 * network.addListeners(
 *         LossSchedule.of("gamma", gamma),
 *         LossSchedule.of((loss, epoch, iteration) -> loss.withLabelSmoothing(epoch < 30 ? 0.1 : 0)));
 * }</pre>
 *
 * <p>Schedules are those of Deeplearning4j's learning rates. They see the counts of epochs and iterations that the network
 * keeps from 0 and saves, so that a network that was restored and gets the same listener goes on where it was. What is
 * saved has the parameters of its time. {@code fit} of a single DataSet counts iterations, not epochs.
 *
 * <p>Several schedules of different parameters may listen to one network, and one schedule to several networks.
 */
public final class LossSchedule extends LossListener {
    private final String what;
    private final Change change;

    /** Null: there is nothing to change in such a loss. */
    private interface Change {
        @Nullable
        LossFunction at(LossFunction loss, int epoch, int iteration);
    }

    private LossSchedule(String what, Change change, Where where) {
        super(where);
        this.what = what;
        this.change = change;
    }

    /**
     * A parameter of the loss by its name in JSON and docs/losses.md, such as {@code gamma}. In a sum of losses it is set
     * in all of its terms that have it.
     *
     * @param schedule its value; one that the loss refuses stops the training with L4J-P05
     */
    public static LossSchedule of(String parameter, ISchedule schedule) {
        return new LossSchedule(
                parameter,
                (loss, epoch, iteration) -> {
                    LossSpec changed = with(loss.spec(), parameter, schedule.valueAt(iteration, epoch));
                    return changed == null ? null : loss.withSpec(changed);
                },
                Where.EVERY_OUTPUT);
    }

    /** Anything about the loss: weights, smoothing, parameters, another loss. */
    public static LossSchedule of(ScheduledLoss schedule) {
        return new LossSchedule("the loss", schedule::at, Where.EVERY_OUTPUT);
    }

    /** The same for one output only, by the name of its layer. */
    public LossSchedule onlyOutput(String name) {
        return new LossSchedule(what, change, new Where(name, where().counter()));
    }

    /**
     * The same with the epochs that another network counts. For ParallelWrapper, whose workers count none: name the network
     * that it trains, and call its {@code incrementEpochCount} after every {@code fit} of the wrapper. Iterations are those
     * of each worker.
     */
    public LossSchedule countedBy(Model network) {
        return new LossSchedule(what, change, new Where(where().output(), network));
    }

    @Override
    @Nullable
    LossFunction at(LossFunction loss, int epoch, int iteration) {
        return change.at(loss, epoch, iteration);
    }

    @Override
    String what() {
        return what;
    }

    /** The spec with a parameter set, or null if neither it nor a loss inside it has such a parameter. */
    private static @Nullable LossSpec with(LossSpec spec, String parameter, double value) {
        Map<String, @Nullable Object> values = spec.type().values(spec);
        boolean set = false;
        for (Map.Entry<String, @Nullable Object> entry : values.entrySet()) {
            if (entry.getKey().equals(parameter) && !spec.type().holdsLosses(parameter)) {
                entry.setValue(value);
                set = true;
            } else if (entry.getValue() instanceof LossSpec inside) {
                LossSpec changed = with(inside, parameter, value);
                set |= changed != null;
                entry.setValue(changed == null ? inside : changed);
            } else if (entry.getValue() instanceof List<?> terms) {
                List<Object> changed = new ArrayList<>();
                for (Object term : terms) {
                    LossSpec with = term instanceof LossSpec inside ? with(inside, parameter, value) : null;
                    set |= with != null;
                    changed.add(with == null ? term : with);
                }
                entry.setValue(changed);
            }
        }
        return set ? spec.type().create(values) : null;
    }
}
