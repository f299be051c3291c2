package io.loss4j.cuda;

import io.loss4j.backend.LossJob;
import io.loss4j.cuda.driver.CudaException;
import org.jspecify.annotations.Nullable;

/**
 * A job whose arrays are in host memory, in pieces of rows on two lanes: while one computes, the other copies. The pieces
 * depend on the predictions alone, so the same sums are added in the same order whatever is wanted and whoever runs.
 */
final class HostRun {
    /** Bytes of predictions in a piece: large enough for the full speed of the bus. */
    private static final long PIECE_BYTES = 4 << 20;

    private final Gpu gpu;
    private final LossJob job;
    private final Formula formula;
    private final PackedRows predictions;
    private final PackedRows labels;
    private final @Nullable PackedRows mask;
    private final @Nullable PackedRows gradient;
    private final @Nullable PackedRows terms;
    private double sum;

    private HostRun(Gpu gpu, LossJob job) {
        this.gpu = gpu;
        this.job = job;
        formula = Formula.of(job.spec());
        predictions = PackedRows.of(job.predictions());
        labels = job.labels().index()
                ? PackedRows.indices(job.labels().rows())
                : PackedRows.of(job.labels().rows());
        mask = PackedRows.orNull(job.weights().mask());
        gradient = PackedRows.gradient(job.outputs().gradient(), predictions);
        terms = PackedRows.orNull(job.outputs().terms());
    }

    static double compute(Gpu gpu, LossJob job) {
        job.readOnHost();
        HostRun run = new HostRun(gpu, job);
        double value = gpu.use(run::inPiecesThatFit);
        job.wroteOnHost();
        return value;
    }

    /** Bytes that a job moves up and down, for its price. */
    static long bytesUp(LossJob job) {
        long mask = job.weights().mask() == null
                ? 0
                : job.weights().mask().elements() * job.weights().mask().type().width();
        return job.elements() * job.predictions().type().width()
                + job.labels().rows().elements() * job.labels().rows().type().width()
                + mask;
    }

    static long bytesDown(LossJob job) {
        long gradient = job.outputs().gradient() == null
                ? 0
                : job.elements() * job.predictions().type().width();
        return gradient
                + (job.outputs().terms() == null ? 0 : job.outputs().terms().elements() * Float.BYTES);
    }

    /** How many pieces a job has. */
    static long pieces(LossJob job) {
        int rows = pieceRows(job);
        return (job.predictions().rows() + rows - 1) / rows;
    }

    private static int pieceRows(LossJob job) {
        long rowBytes =
                (long) job.predictions().columns() * job.predictions().type().width();
        return (int) Math.max(1, Math.min(job.predictions().rows(), PIECE_BYTES / rowBytes));
    }

    private double inPiecesThatFit() {
        int pieceRows = pieceRows(job);
        while (true) {
            try {
                return inPieces(pieceRows);
            } catch (CudaException e) {
                if (!e.isOutOfMemory()) {
                    throw e;
                } else if (pieceRows == 1) {
                    throw OutOfMemory.even("for one row of " + job.spec().id(), e);
                }
                gpu.lanes.clear(); // what idle lanes hold may do
                pieceRows = (pieceRows + 1) / 2;
            }
        }
    }

    private double inPieces(int pieceRows) {
        sum = 0;
        long rows = job.predictions().rows();
        Piece[] pieces = new Piece[rows > pieceRows ? 2 : 1];
        boolean finished = false;
        try {
            for (int i = 0; i < pieces.length; i++) {
                pieces[i] = new Piece(pieceRows);
            }
            int turn = 0;
            for (long row = 0; row < rows; row += pieceRows) {
                pieces[turn].finish();
                pieces[turn].start(row, (int) Math.min(pieceRows, rows - row));
                turn = (turn + 1) % pieces.length;
            }
            for (int i = 0; i < pieces.length; i++) {
                pieces[(turn + i) % pieces.length].finish();
            }
            finished = true;
            return sum;
        } finally {
            for (Piece piece : pieces) {
                if (piece != null) {
                    piece.giveBack(finished);
                }
            }
        }
    }

    /** A lane and what it is working on. */
    private final class Piece {
        private final Lane lane = gpu.lanes.take();
        private final Frame frame;
        private boolean hasConstants;
        private boolean busy;
        private long firstRow;
        private int count;

        Piece(int rows) {
            Frame.Sizes sizes = new Frame.Sizes(
                    rows * predictions.rowBytes(),
                    rows * labels.rowBytes(),
                    mask == null ? 0 : rows * mask.rowBytes(),
                    gradient == null ? 0 : rows * gradient.rowBytes(),
                    terms == null ? 0 : rows * terms.rowBytes());
            frame = new Frame(
                    formula,
                    job.weights().columns(),
                    job.weights().positive(),
                    job.logits(),
                    job.predictions().columns(),
                    sizes);
            boolean reserved = false;
            try {
                lane.reserve(frame.end, frame.outputsEnd);
                reserved = true;
            } finally {
                if (!reserved) {
                    gpu.lanes.giveBack(lane, false);
                }
            }
        }

        void start(long row, int rows) {
            firstRow = row;
            count = rows;
            String who = job.spec().id();
            predictions.pack(who, row, rows, lane.pinned(frame.predictions));
            labels.pack(who, row, rows, lane.pinned(frame.labels));
            if (mask != null) {
                mask.pack(who, row, rows, lane.pinned(frame.mask));
            }
            frame.clearResults(lane);
            if (!hasConstants) {
                frame.writeConstants(lane);
            }
            busy = true;
            lane.upload(hasConstants ? frame.predictions : 0, frame.inputsEnd, lane.stream);
            hasConstants = true;
            gpu.launch(deviceJob(), frame, lane, job.outputs().value() ? lane.device(frame.value) : 0, lane.stream);
            lane.download(frame.fault, frame.outputsEnd, lane.stream);
        }

        private DeviceJob deviceJob() {
            return new DeviceJob(
                    formula,
                    on(predictions, frame.predictions),
                    on(labels, frame.labels),
                    job.labels().index(),
                    job.labels().smoothing(),
                    job.labels().ignored(),
                    job.weights().columns(),
                    job.weights().positive(),
                    on(mask, frame.mask),
                    job.logits(),
                    job.zLoss(),
                    job.scale(),
                    on(gradient, frame.gradient),
                    on(terms, frame.terms),
                    job.outputs().value(),
                    firstRow);
        }

        private DeviceRows on(@Nullable PackedRows rows, long at) {
            return rows == null ? DeviceRows.ABSENT : rows.on(lane.device(at), count);
        }

        void finish() {
            if (!busy) {
                return;
            }
            lane.synchronize();
            busy = false;
            long bad = frame.faultRow(lane);
            if (bad != 0) {
                throw job.labelOutOfRange(bad - 1, frame.faultLabel(lane));
            }
            sum += frame.value(lane);
            if (gradient != null) {
                gradient.unpack(lane.pinned(frame.gradient), firstRow, count);
            }
            if (terms != null) {
                terms.unpack(lane.pinned(frame.terms), firstRow, count);
            }
        }

        /** After a failure the device may still be copying. */
        void giveBack(boolean finished) {
            boolean idle = finished || !busy;
            if (!idle) {
                try {
                    lane.synchronize();
                    idle = true;
                } catch (CudaException e) {
                    idle = false; // closing frees what the driver still gives back
                }
            }
            gpu.lanes.giveBack(lane, idle);
        }
    }
}
