package io.loss4j.cpu.simd;

import io.loss4j.cpu.DirectRows;
import io.loss4j.cpu.FloatMemory;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Direct rows on vectors, spelled out as in {@link VectorPrimitives}. */
final class DirectRowVectors implements DirectRows {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** Bytes of a vector. */
    private static final int VECTOR = LANES * Float.BYTES;

    private final float[] window = new float[4 * LANES];
    private float nonZero;
    private final int[] largest = new int[LANES];

    @Override
    public boolean exponentials(FloatMemory x, long first, int n, float[] e) {
        try {
            exponentials(x.piece(first), x.pieceAddress(first), x.offset(first), n, e, largest);
        } catch (RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable thrown) {
            throw new IllegalStateException(thrown); // the handles throw nothing else
        }
        return VectorPrimitives.areBounded(largest);
    }

    private static void exponentials(ByteBuffer x, long address, int at, int n, float[] e, int[] largest)
            throws Throwable {
        FloatVector log2e = FloatVector.broadcast(SPECIES, VectorPrimitives.LOG2E);
        FloatVector magic = FloatVector.broadcast(SPECIES, VectorPrimitives.MAGIC);
        FloatVector ln2High = FloatVector.broadcast(SPECIES, VectorPrimitives.LN2_HIGH);
        FloatVector ln2Low = FloatVector.broadcast(SPECIES, VectorPrimitives.LN2_LOW);
        FloatVector c6 = FloatVector.broadcast(SPECIES, VectorPrimitives.C6);
        FloatVector c5 = FloatVector.broadcast(SPECIES, VectorPrimitives.C5);
        FloatVector c4 = FloatVector.broadcast(SPECIES, VectorPrimitives.C4);
        FloatVector c3 = FloatVector.broadcast(SPECIES, VectorPrimitives.C3);
        FloatVector c2 = FloatVector.broadcast(SPECIES, VectorPrimitives.C2);
        IntVector magicOfZero = IntVector.broadcast(INTS, VectorPrimitives.MAGIC_OF_ZERO);
        IntVector most = IntVector.zero(INTS);
        for (int i = 0; i < n; i += LANES) {
            FloatVector t = (FloatVector) VectorMemory.LOAD.invokeExact(x, address, at + i * Float.BYTES);
            most = most.max(t.reinterpretAsInts());
            IntVector m = t.fma(log2e, magic).reinterpretAsInts().max(magicOfZero);
            FloatVector k = m.reinterpretAsFloats().sub(magic);
            FloatVector r = k.fma(ln2Low, k.fma(ln2High, t));
            FloatVector q = r.fma(c6, c5).fma(r, c4).fma(r, c3).fma(r, c2).fma(r.mul(r), r);
            FloatVector s = m.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            q.fma(s, s).intoArray(e, i);
        }
        most.intoArray(largest, 0);
    }

    @Override
    public int onlyNonZero(FloatMemory t, long first, int n) {
        try {
            return onlyNonZero(t.piece(first), t.pieceAddress(first), t.offset(first), n);
        } catch (RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    private int onlyNonZero(ByteBuffer t, long address, int at, int n) throws Throwable {
        int found = -2;
        int i = 0;
        // Four vectors of zeros at once: in a one-hot row nearly all are.
        for (; i <= n - 4 * LANES; i += 4 * LANES) {
            int next = at + i * Float.BYTES;
            FloatVector a = (FloatVector) VectorMemory.LOAD.invokeExact(t, address, next);
            FloatVector b = (FloatVector) VectorMemory.LOAD.invokeExact(t, address, next + VECTOR);
            FloatVector c = (FloatVector) VectorMemory.LOAD.invokeExact(t, address, next + 2 * VECTOR);
            FloatVector d = (FloatVector) VectorMemory.LOAD.invokeExact(t, address, next + 3 * VECTOR);
            IntVector all = a.reinterpretAsInts()
                    .or(b.reinterpretAsInts())
                    .or(c.reinterpretAsInts().or(d.reinterpretAsInts()));
            // Of -0 only the sign would be left.
            if (all.and(0x7fffffff).compare(VectorOperators.NE, 0).anyTrue()) {
                a.intoArray(window, 0);
                b.intoArray(window, LANES);
                c.intoArray(window, 2 * LANES);
                d.intoArray(window, 3 * LANES);
                found = add(found, i, 0, 4 * LANES);
                if (found == -1) {
                    return found;
                }
            }
        }
        for (; i < n; i += LANES) {
            int from = Math.min(i, n - LANES);
            FloatVector a = (FloatVector) VectorMemory.LOAD.invokeExact(t, address, at + from * Float.BYTES);
            a.intoArray(window, 0);
            found = add(found, from, i - from, LANES);
            if (found == -1) {
                return found;
            }
        }
        return found;
    }

    /** What has been found after some more elements, those of the window. */
    private int add(int before, int base, int from, int to) {
        int found = before;
        for (int i = from; i < to; i++) {
            if (window[i] != 0) {
                if (found >= 0) {
                    return -1;
                }
                found = base + i;
                nonZero = window[i];
            }
        }
        return found;
    }

    @Override
    public float nonZero() {
        return nonZero;
    }

    @Override
    public void scale(
            float[] e,
            int columns,
            int rows,
            float[] factors,
            int[] hot,
            float[] atTarget,
            FloatMemory out,
            long first) {
        try {
            scale(
                    e,
                    columns,
                    rows,
                    factors,
                    hot,
                    atTarget,
                    out.piece(first),
                    out.pieceAddress(first),
                    out.offset(first));
        } catch (RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    private static void scale(
            float[] e,
            int columns,
            int rows,
            float[] factors,
            int[] hot,
            float[] atTarget,
            ByteBuffer out,
            long address,
            int at)
            throws Throwable {
        int last = columns - LANES;
        for (int row = 0; row < rows; row++) {
            FloatVector f = FloatVector.broadcast(SPECIES, factors[row]);
            int from = row * columns;
            for (int k = 0; k < last; k += LANES) {
                FloatVector v = FloatVector.fromArray(SPECIES, e, from + k).mul(f);
                VectorMemory.STORE.invokeExact(v, out, address, at + (from + k) * Float.BYTES);
            }
            // The last vector of a row goes back over what is written already.
            FloatVector v = FloatVector.fromArray(SPECIES, e, from + last).mul(f);
            VectorMemory.STORE.invokeExact(v, out, address, at + (from + last) * Float.BYTES);
            if (hot[row] >= 0) {
                VectorMemory.PUT.invokeExact(out, address, at + (from + hot[row]) * Float.BYTES, atTarget[row]);
            }
        }
    }
}
