package io.loss4j.benchmarks.gpu;

import io.loss4j.cuda.CudaLoss;
import io.loss4j.cuda.driver.Context;
import java.util.ArrayList;
import java.util.List;

/** Times a case by events of the device, on sets of arrays that are used in turns and drawn anew. */
final class DeviceTimes {
    /** Sets are made until they hold so much: several times what any cache does. */
    private static final long ROTATED_BYTES = 1L << 30;

    private static final int MOST_SETS = 8;
    private static final int FEWEST_SETS = 2;
    private static final int WARM_UP = 3;

    private final DeviceSession session;
    private final GpuCase of;
    private final Effort effort;

    /**
     * How much is done.
     *
     * @param rounds how often inputs are drawn
     * @param repetitions measured in every round
     * @param warmUpMilliseconds of calls that the host's part of a call is measured after
     */
    record Effort(int rounds, int repetitions, int warmUpMilliseconds) {
        /** Seeds of a round are next to each other. */
        long seed(int round, int set) {
            return (long) round * MOST_SETS + set;
        }
    }

    DeviceTimes(DeviceSession session, GpuCase of, Effort effort) {
        this.session = session;
        this.of = of;
        this.effort = effort;
    }

    /** How many sets of arrays the case gets: the peers make as many. */
    static int sets(GpuCase of) {
        return (int) Math.max(FEWEST_SETS, Math.min(MOST_SETS, ROTATED_BYTES / DeviceSet.bytes(of)));
    }

    private interface Measurement {
        double of(DeviceSet set);
    }

    /** Milliseconds of the kernels alone. */
    List<Double> kernels() {
        CudaLoss loss = CudaLoss.of(of.function()).marking(session.before, session.after);
        return measure(0, set -> {
            session.space();
            set.run(loss);
            return session.elapsed();
        });
    }

    /** Microseconds from the call in Java to the result on the device, seen by the host. */
    List<Double> calls() {
        CudaLoss loss = CudaLoss.of(of.function());
        return measure(effort.warmUpMilliseconds(), set -> {
            Context.synchronize(session.stream);
            long start = System.nanoTime();
            set.run(loss);
            Context.synchronize(session.stream);
            return (System.nanoTime() - start) / 1e3;
        });
    }

    private List<Double> measure(int warmUpMilliseconds, Measurement measurement) {
        List<DeviceSet> sets = new ArrayList<>();
        List<Double> measured = new ArrayList<>();
        try {
            for (int i = 0; i < sets(of); i++) {
                sets.add(new DeviceSet(session, of));
            }
            for (int round = 0; round < effort.rounds(); round++) {
                for (int i = 0; i < sets.size(); i++) {
                    sets.get(i).draw(new Draw(of, effort.seed(round, i)));
                }
                long until = System.nanoTime() + warmUpMilliseconds * 1_000_000L;
                for (int i = 0; i < WARM_UP || System.nanoTime() < until; i++) {
                    measurement.of(sets.get(i % sets.size()));
                }
                for (int i = 0; i < effort.repetitions(); i++) {
                    measured.add(measurement.of(sets.get(i % sets.size())));
                }
            }
            return measured;
        } finally {
            sets.forEach(DeviceSet::close);
        }
    }
}
