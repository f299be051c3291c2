package io.loss4j.cpu;

import java.lang.ref.SoftReference;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The arrays that a thread works in, kept from call to call: making and clearing new ones took longer than a small loss,
 * and what a large one left behind kept the collector busy.
 *
 * <p>Whoever runs workers opens the scratch of the thread; the workers take arrays from {@link #ofThisThread}, and all of
 * them go back when it is closed, so none may be used after that. They are cleared when they are handed out and exactly as
 * long as asked for, just like new ones. A call inside another on the same thread gets arrays of its own.
 *
 * <p>A thread keeps {@link #MOST_KEPT} bytes at most, softly. Belongs to one thread.
 */
final class Scratch implements AutoCloseable {
    /** Bytes: several jobs with tiles of usual size. */
    static final int MOST_KEPT = 1 << 22;

    /** Bytes of an array that is kept: of a larger one the making costs little beside the work on it. */
    static final int LARGEST_KEPT = 1 << 20;

    /** Arrays of one type, so that looking for one stays short. */
    private static final int MOST_ARRAYS = 64;

    private static final ThreadLocal<SoftReference<Scratch>> OF_THREADS = new ThreadLocal<>();

    private final SoftReference<Scratch> reference = new SoftReference<>(this);
    /** That of the call around this one. */
    private final @Nullable Scratch outer;

    private final Shelf<float[]> floats = new Shelf<>(Float.BYTES, float[]::new, a -> Arrays.fill(a, 0));
    private final Shelf<double[]> doubles = new Shelf<>(Double.BYTES, double[]::new, a -> Arrays.fill(a, 0));
    private final Shelf<long[]> longs = new Shelf<>(Long.BYTES, long[]::new, a -> Arrays.fill(a, 0));
    private final Shelf<int[]> ints = new Shelf<>(Integer.BYTES, int[]::new, a -> Arrays.fill(a, 0));
    private final Shelf<short[]> shorts = new Shelf<>(Short.BYTES, short[]::new, a -> Arrays.fill(a, (short) 0));
    private final Shelf<boolean[]> booleans = new Shelf<>(1, boolean[]::new, a -> Arrays.fill(a, false));
    private boolean open;

    private Scratch(@Nullable Scratch outer) {
        this.outer = outer;
    }

    private static @Nullable Scratch last() {
        SoftReference<Scratch> last = OF_THREADS.get();
        return last == null ? null : last.get();
    }

    /** Opens the scratch of this thread; to be closed by this thread, and in the reverse order. */
    static Scratch open() {
        Scratch last = last();
        if (last == null || last.open) {
            last = new Scratch(last);
            OF_THREADS.set(last.reference);
        }
        last.open = true;
        return last;
    }

    /** The one that was opened last; if none is open, one whose arrays nobody keeps. */
    static Scratch ofThisThread() {
        Scratch last = last();
        return last == null || !last.open ? new Scratch(null) : last;
    }

    /** Takes all arrays back. */
    @Override
    public void close() {
        open = false;
        if (outer != null) {
            OF_THREADS.set(outer.reference);
            return;
        }
        long kept = floats.takeBack() + doubles.takeBack() + longs.takeBack();
        kept += ints.takeBack() + shorts.takeBack() + booleans.takeBack();
        if (kept > MOST_KEPT) {
            OF_THREADS.remove();
        }
    }

    float[] floats(int length) {
        return floats.lend(length);
    }

    double[] doubles(int length) {
        return doubles.lend(length);
    }

    long[] longs(int length) {
        return longs.lend(length);
    }

    int[] ints(int length) {
        return ints.lend(length);
    }

    short[] shorts(int length) {
        return shorts.lend(length);
    }

    boolean[] booleans(int length) {
        return booleans.lend(length);
    }

    /** Arrays of one type. Those that are lent come first; the others follow as they were lent before. */
    private static final class Shelf<A> {
        private static final Object[] NOTHING = {};
        private static final int[] NO_LENGTHS = {};

        private final int width;
        private final IntFunction<A> maker;
        private final Consumer<A> clearer;
        private Object[] arrays = NOTHING;
        private int[] lengths = NO_LENGTHS;
        private int lent;
        private int size;
        private long bytes;

        Shelf(int width, IntFunction<A> maker, Consumer<A> clearer) {
            this.width = width;
            this.maker = maker;
            this.clearer = clearer;
        }

        A lend(int length) {
            if (length == 0) {
                return maker.apply(0);
            }
            int at = lent;
            while (at < size && lengths[at] != length) {
                at++;
            }
            if (at == size) {
                A made = maker.apply(length);
                add(made, length);
                return made;
            }
            @SuppressWarnings("unchecked") // nothing else is put there
            A found = (A) arrays[at];
            lendAt(at);
            clearer.accept(found);
            return found;
        }

        /** Keeps a lent array; if there is no room, in place of one that nobody has asked for lately. */
        private void add(A made, int length) {
            if (lent == MOST_ARRAYS || (long) length * width > LARGEST_KEPT) {
                return;
            }
            if (size == MOST_ARRAYS) {
                bytes -= (long) lengths[--size] * width;
            }
            if (size == arrays.length) {
                arrays = Arrays.copyOf(arrays, Math.max(8, 2 * size));
                lengths = Arrays.copyOf(lengths, arrays.length);
            }
            arrays[size] = made;
            lengths[size] = length;
            bytes += (long) length * width;
            lendAt(size++);
        }

        private void lendAt(int at) {
            Object array = arrays[at];
            int length = lengths[at];
            arrays[at] = arrays[lent];
            lengths[at] = lengths[lent];
            arrays[lent] = array;
            lengths[lent++] = length;
        }

        /** Returns the bytes that are kept. */
        long takeBack() {
            lent = 0;
            return bytes;
        }
    }
}
