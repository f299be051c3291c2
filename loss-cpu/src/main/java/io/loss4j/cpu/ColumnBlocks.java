package io.loss4j.cpu;

import io.loss4j.tensor.Rows;
import java.util.function.Supplier;

/** A few rows of very many columns, cut into chunks of work that are ranges of columns of one row or of all. */
final class ColumnBlocks {
    /** Columns that are loaded at once, the last time fewer. */
    static final int BLOCK = Primitives.BLOCK;

    /** Elements in a chunk: some 5 us of work. */
    private static final int CHUNK = 1 << 14;

    /** Rows that are loaded at once: one, or all where they lie between each other in memory. */
    final int together;

    private final int columns;
    private final int chunkColumns;
    private final int chunksOfRow;
    /** How many chunks there are. */
    final int chunks;

    /** Work on a block of columns. */
    interface Work {
        /** Does the columns from, ..., from + n - 1 of the rows that are loaded at once. */
        void block(int firstRow, int from, int n);
    }

    ColumnBlocks(Rows rows) {
        int count = (int) rows.rows();
        together = rows.isColumnMajor() ? count : 1;
        columns = rows.columns();
        chunkColumns = Math.max(BLOCK, CHUNK / together / BLOCK * BLOCK);
        chunksOfRow = (int) (((long) columns + chunkColumns - 1) / chunkColumns);
        chunks = count / together * chunksOfRow;
    }

    /** Does a chunk. */
    void process(int chunk, Work work) {
        int firstRow = chunk / chunksOfRow * together;
        int first = chunk % chunksOfRow * chunkColumns;
        int count = Math.min(chunkColumns, columns - first);
        for (int done = 0; done < count; done += BLOCK) {
            work.block(firstRow, first + done, Math.min(BLOCK, count - done));
        }
    }

    /** Does everything once, each worker a part of it. */
    void run(Supplier<Work> workers) {
        run(1, () -> {
            Work work = workers.get();
            return (chunk, count, totals) -> {
                process((int) chunk, work);
                return 0;
            };
        });
    }

    /** Hands out all chunks in their order, several times over; workers get their numbers. */
    void run(int times, Supplier<RowKernel.Worker> workers) {
        RowKernel overChunks = new RowKernel() {
            @Override
            public int chunkRows() {
                return 1;
            }

            @Override
            public Worker worker() {
                return workers.get();
            }
        };
        // Half as many elements, as they are done faster than most: 100 000 take 50 us.
        long elements = (long) chunks * chunkColumns * together / 2;
        Crew.run(overChunks, (long) times * chunks, elements, null);
    }
}
