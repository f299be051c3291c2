package io.loss4j.cpu.simd;

import io.loss4j.cpu.DirectLosses;
import io.loss4j.cpu.DirectRows;
import io.loss4j.cpu.DoublePrimitives;
import io.loss4j.cpu.Primitives;
import io.loss4j.cpu.SoftSums;
import io.loss4j.tensor.Half;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The primitives on vectors of the widest kind that the machine prefers.
 *
 * <p>Every loop spells out its exponential instead of calling a method: past a certain size C2 stops inlining helpers
 * into a hot loop, boxes the vectors, and the loop becomes several times slower without a warning. No vector is ever
 * passed to or returned from a method here.
 *
 * <p>exp(t): with n = round(t / ln 2) and r = t - n ln 2, it is 2^n (1 + r + r^2 q(r)), q of degree 4 (3e-9 relative
 * before rounding). Adding 1.5 * 2^23 + 127 to t / ln 2 rounds it and leaves n + 127, the exponent bits of 2^n, in the
 * lowest bits of the sum; below -87.7 they are 0 and so is the result.
 *
 * <p>log(1 + e) for e in [0, 1]: e P(e), P of degree 8 (3e-8), without a division. For others u = 1 + x is taken apart as
 * 2^k (1 + f), log(1 + f) = f - f^2 / 2 + f^3 P(f), P of degree 7 (6e-9), and what the sum 1 + x lost is put back by its
 * first-order term.
 */
public final class VectorPrimitives implements Primitives {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    /** Moves the upper half down. {@code convert(F2D, 1)} is slow on JDK 17, and a second species makes it box all. */
    private static final VectorShuffle<Float> UPPER_HALF =
            VectorShuffle.fromOp(SPECIES, i -> (i + SPECIES.length() / 2) % SPECIES.length());

    /** Take every second element, twice over. */
    private static final VectorShuffle<Float> EVENS = VectorShuffle.fromOp(SPECIES, i -> 2 * i % SPECIES.length());

    private static final VectorShuffle<Float> ODDS = VectorShuffle.fromOp(SPECIES, i -> (2 * i + 1) % SPECIES.length());
    private static final VectorMask<Float> IN_UPPER_HALF = VectorMask.fromLong(SPECIES, -1L << SPECIES.length() / 2);
    /** Take every element of a half two times. */
    private static final VectorShuffle<Float> TWICE_LOWER = VectorShuffle.fromOp(SPECIES, i -> i / 2);

    private static final VectorShuffle<Float> TWICE_UPPER =
            VectorShuffle.fromOp(SPECIES, i -> (i + SPECIES.length()) / 2);
    private static final FloatVector ALTERNATING =
            FloatVector.broadcast(SPECIES, -1).blend(1, VectorMask.fromLong(SPECIES, 0x5555555555555555L));

    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    /** As many as there are floats. */
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(SPECIES.vectorBitSize() / 2));

    private static final int LANES = SPECIES.length();

    /** As many ones in all bits as there are lanes, and then zeros. */
    private static final int[] FIRST_LANES = new int[2 * LANES];

    static {
        Arrays.fill(FIRST_LANES, 0, LANES, -1);
    }

    static final float LEAST = -88;
    private static final int HIGHEST_BITS = Float.floatToRawIntBits(HIGHEST);
    private static final int MOST_RATIO_BITS = Float.floatToRawIntBits(MOST_RATIO);
    private static final int MOST_TOTAL_BITS = Float.floatToRawIntBits(Float.MAX_VALUE);
    private static final int LEAST_TOTAL_BITS = Float.floatToRawIntBits(LEAST_TOTAL);
    static final float LOG2E = 1.44269504f;
    static final float MAGIC = 12582912f + 127;
    /** What gives the exponent bits of 0. */
    static final int MAGIC_OF_ZERO = Float.floatToRawIntBits(12582912f);

    static final float LN2_HIGH = -0.693359375f;
    static final float LN2_LOW = 2.12194440e-4f;
    static final float C2 = 0.49999994f;
    static final float C3 = 0.16666515f;
    static final float C4 = 0.04166845f;
    static final float C5 = 0.0083693229f;
    static final float C6 = 0.0013813343f;

    static final float L0 = 0.99999994f;
    static final float L1 = -0.49999493f;
    static final float L2 = 0.33319098f;
    static final float L3 = -0.24842982f;
    static final float L4 = 0.19106007f;
    static final float L5 = -0.13663244f;
    static final float L6 = 0.07822594f;
    static final float L7 = -0.029505232f;
    static final float L8 = 0.0052326927f;

    private static final int SQRT_HALF_BITS = 0x3f3504f3;
    private static final float LN2 = 0.69314718f;
    private static final float M3 = 0.33333331f;
    private static final float M4 = -0.2500082f;
    private static final float M5 = 0.20001227f;
    private static final float M6 = -0.16623357f;
    private static final float M7 = 0.14201757f;
    private static final float M8 = -0.13160183f;
    private static final float M9 = 0.12761578f;
    private static final float M10 = -0.076344974f;

    /** What a thread leaves the lanes of largest numbers in: making a new array for each tile took the collector's time. */
    private static final ThreadLocal<int[]> MOST = ThreadLocal.withInitial(() -> new int[LANES]);

    /** The same for the sums of {@link #sum}. */
    private static final ThreadLocal<double[]> SUMS = ThreadLocal.withInitial(() -> new double[2 * DOUBLES.length()]);

    /** Sums that nobody reads. */
    private static final ThreadLocal<float[]> UNREAD = ThreadLocal.withInitial(() -> new float[LANES]);

    private final DoublePrimitives doubles = new VectorDoublePrimitives();

    private VectorPrimitives() {}

    /**
     * Called by reflection.
     *
     * @throws UnsupportedOperationException if vectors would bring nothing, with the reason
     */
    public static Primitives create() {
        if (LANES < 4) {
            throw new UnsupportedOperationException("this machine has vectors of only " + LANES + " floats");
        }
        return new VectorPrimitives();
    }

    @Override
    public String description() {
        return "SIMD " + SPECIES.vectorBitSize() + " bit";
    }

    @Override
    public DoublePrimitives doubles() {
        return doubles;
    }

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public float max(float[] x, int at, int n) {
        FloatVector a = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        FloatVector b = a;
        int i = 0;
        for (; i < n - LANES; i += 2 * LANES) {
            a = a.max(FloatVector.fromArray(SPECIES, x, at + i));
            b = b.max(FloatVector.fromArray(SPECIES, x, at + i + LANES));
        }
        if (i < n) {
            a = a.max(FloatVector.fromArray(SPECIES, x, at + i));
        }
        return a.max(b).reduceLanes(VectorOperators.MAX);
    }

    @Override
    public double exponentials(float[] x, float shift, float[] e, int n, float[] partial) {
        double total = 0;
        for (int block = 0; block < n; block += BLOCK) {
            exponentialBlock(x, shift, e, block, Math.min(n, block + BLOCK), partial);
            for (int i = 0; i < LANES; i++) {
                total += partial[i];
            }
        }
        return total;
    }

    private static void exponentialBlock(float[] x, float shift, float[] e, int from, int to, float[] lanes) {
        FloatVector log2e = FloatVector.broadcast(SPECIES, LOG2E);
        FloatVector magic = FloatVector.broadcast(SPECIES, MAGIC);
        FloatVector ln2High = FloatVector.broadcast(SPECIES, LN2_HIGH);
        FloatVector ln2Low = FloatVector.broadcast(SPECIES, LN2_LOW);
        FloatVector c6 = FloatVector.broadcast(SPECIES, C6);
        FloatVector c5 = FloatVector.broadcast(SPECIES, C5);
        FloatVector c4 = FloatVector.broadcast(SPECIES, C4);
        FloatVector c3 = FloatVector.broadcast(SPECIES, C3);
        FloatVector c2 = FloatVector.broadcast(SPECIES, C2);
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = from; i < to; i += LANES) {
            FloatVector t = FloatVector.fromArray(SPECIES, x, i).sub(shift).max(LEAST);
            FloatVector m = t.fma(log2e, magic);
            FloatVector k = m.sub(magic);
            FloatVector r = k.fma(ln2Low, k.fma(ln2High, t));
            FloatVector q = r.fma(c6, c5).fma(r, c4).fma(r, c3).fma(r, c2).fma(r.mul(r), r);
            FloatVector s =
                    m.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector y = q.fma(s, s);
            y.intoArray(e, i);
            sum = sum.add(y);
        }
        sum.intoArray(lanes, 0);
    }

    @Override
    public void exp(float[] x, float[] out, int n) {
        FloatVector log2e = FloatVector.broadcast(SPECIES, LOG2E);
        FloatVector magic = FloatVector.broadcast(SPECIES, MAGIC);
        FloatVector ln2High = FloatVector.broadcast(SPECIES, LN2_HIGH);
        FloatVector ln2Low = FloatVector.broadcast(SPECIES, LN2_LOW);
        FloatVector c6 = FloatVector.broadcast(SPECIES, C6);
        FloatVector c5 = FloatVector.broadcast(SPECIES, C5);
        FloatVector c4 = FloatVector.broadcast(SPECIES, C4);
        FloatVector c3 = FloatVector.broadcast(SPECIES, C3);
        FloatVector c2 = FloatVector.broadcast(SPECIES, C2);
        for (int i = 0; i < n; i += LANES) {
            FloatVector t = FloatVector.fromArray(SPECIES, x, i).max(LEAST);
            FloatVector m = t.fma(log2e, magic);
            FloatVector k = m.sub(magic);
            FloatVector r = k.fma(ln2Low, k.fma(ln2High, t));
            FloatVector q = r.fma(c6, c5).fma(r, c4).fma(r, c3).fma(r, c2).fma(r.mul(r), r);
            FloatVector s =
                    m.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            q.fma(s, s).intoArray(out, i);
        }
    }

    @Override
    public void expAndOneLess(float[] x, float[] e, float[] less, int n) {
        FloatVector log2e = FloatVector.broadcast(SPECIES, LOG2E);
        FloatVector magic = FloatVector.broadcast(SPECIES, MAGIC);
        FloatVector ln2High = FloatVector.broadcast(SPECIES, LN2_HIGH);
        FloatVector ln2Low = FloatVector.broadcast(SPECIES, LN2_LOW);
        FloatVector c6 = FloatVector.broadcast(SPECIES, C6);
        FloatVector c5 = FloatVector.broadcast(SPECIES, C5);
        FloatVector c4 = FloatVector.broadcast(SPECIES, C4);
        FloatVector c3 = FloatVector.broadcast(SPECIES, C3);
        FloatVector c2 = FloatVector.broadcast(SPECIES, C2);
        for (int i = 0; i < n; i += LANES) {
            FloatVector t = FloatVector.fromArray(SPECIES, x, i).max(LEAST);
            FloatVector m = t.fma(log2e, magic);
            FloatVector k = m.sub(magic);
            FloatVector r = k.fma(ln2Low, k.fma(ln2High, t));
            FloatVector q = r.fma(c6, c5).fma(r, c4).fma(r, c3).fma(r, c2).fma(r.mul(r), r);
            FloatVector s =
                    m.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            q.fma(s, s).intoArray(e, i);
            q.fma(s, s.sub(1)).intoArray(less, i);
        }
    }

    // As integers, positive floats compare as they do as floats and negative ones are below all of them: the maximum of
    // integers is one instruction, that of floats six. A bound on the exponent bits takes the place of a bound on x.

    @Override
    public boolean boundedExponentials(float[] x, float[] e, int n) {
        int[] most = most();
        boundedExponentialBlock(x, 0, n, e, 0, UNREAD.get(), 0, most);
        return areBounded(most);
    }

    @Override
    public boolean boundedExponentials(
            float[] x, int columns, int from, int to, int rows, float[] e, int pitch, float[] partial) {
        int[] most = most();
        int excess = (LANES - (to - from) % LANES) % LANES;
        // Backwards: the beginning of the next row is overwritten when it has been read.
        for (int row = rows - 1; row >= 0; row--) {
            int at = row * columns;
            for (int i = at + to; i < at + to + excess; i++) {
                x[i] = GONE;
            }
            boundedExponentialBlock(x, at + from, at + to, e, row * pitch + from, partial, row * LANES, most);
        }
        return areBounded(most);
    }

    private static int[] most() {
        int[] most = MOST.get();
        Arrays.fill(most, 0);
        return most;
    }

    static boolean areBounded(int[] most) {
        boolean bounded = true;
        for (int bits : most) {
            bounded &= bits <= HIGHEST_BITS;
        }
        return bounded;
    }

    /**
     * Just too long in bytecode (325) to be inlined: several of it would use up what C2 inlines into a tile, and the rest
     * of the tile would not be.
     */
    private static void boundedExponentialBlock(
            float[] x, int from, int to, float[] e, int at, float[] partial, int lanes, int[] largest) {
        FloatVector log2e = FloatVector.broadcast(SPECIES, LOG2E);
        FloatVector magic = FloatVector.broadcast(SPECIES, MAGIC);
        FloatVector ln2High = FloatVector.broadcast(SPECIES, LN2_HIGH);
        FloatVector ln2Low = FloatVector.broadcast(SPECIES, LN2_LOW);
        FloatVector c6 = FloatVector.broadcast(SPECIES, C6);
        FloatVector c5 = FloatVector.broadcast(SPECIES, C5);
        FloatVector c4 = FloatVector.broadcast(SPECIES, C4);
        FloatVector c3 = FloatVector.broadcast(SPECIES, C3);
        FloatVector c2 = FloatVector.broadcast(SPECIES, C2);
        IntVector magicOfZero = IntVector.broadcast(INTS, MAGIC_OF_ZERO);
        FloatVector sum = FloatVector.zero(SPECIES);
        IntVector most = IntVector.fromArray(INTS, largest, 0);
        int distance = at - from;
        for (int i = from; i < to; i += LANES) {
            FloatVector t = FloatVector.fromArray(SPECIES, x, i);
            IntVector bits = t.reinterpretAsInts();
            most = most.max(bits);
            IntVector m = t.fma(log2e, magic).reinterpretAsInts().max(magicOfZero);
            FloatVector k = m.reinterpretAsFloats().sub(magic);
            FloatVector r = k.fma(ln2Low, k.fma(ln2High, t));
            FloatVector q = r.fma(c6, c5).fma(r, c4).fma(r, c3).fma(r, c2).fma(r.mul(r), r);
            FloatVector s = m.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector y = q.fma(s, s);
            y.intoArray(e, distance + i);
            sum = sum.add(y);
        }
        sum.intoArray(partial, lanes);
        most.intoArray(largest, 0);
    }

    @Override
    public void partialSums(float[] e, int columns, int from, int to, int rows, float[] partial) {
        int rest = (to - from) % LANES;
        int whole = to - rest;
        // What follows the last column in its vector becomes 0.
        IntVector last = IntVector.fromArray(INTS, FIRST_LANES, LANES - rest);
        int row = 0;
        // Four at a time: a single sum would wait for itself.
        for (; row <= rows - 4; row += 4) {
            int at = row * columns;
            FloatVector a = FloatVector.zero(SPECIES);
            FloatVector b = a;
            FloatVector c = a;
            FloatVector d = a;
            for (int i = at + from; i < at + whole; i += LANES) {
                a = a.add(FloatVector.fromArray(SPECIES, e, i));
                b = b.add(FloatVector.fromArray(SPECIES, e, i + columns));
                c = c.add(FloatVector.fromArray(SPECIES, e, i + 2 * columns));
                d = d.add(FloatVector.fromArray(SPECIES, e, i + 3 * columns));
            }
            int i = at + whole;
            a = a.add(FloatVector.fromArray(SPECIES, e, i)
                    .reinterpretAsInts()
                    .and(last)
                    .reinterpretAsFloats());
            b = b.add(FloatVector.fromArray(SPECIES, e, i + columns)
                    .reinterpretAsInts()
                    .and(last)
                    .reinterpretAsFloats());
            c = c.add(FloatVector.fromArray(SPECIES, e, i + 2 * columns)
                    .reinterpretAsInts()
                    .and(last)
                    .reinterpretAsFloats());
            d = d.add(FloatVector.fromArray(SPECIES, e, i + 3 * columns)
                    .reinterpretAsInts()
                    .and(last)
                    .reinterpretAsFloats());
            a.intoArray(partial, row * LANES);
            b.intoArray(partial, (row + 1) * LANES);
            c.intoArray(partial, (row + 2) * LANES);
            d.intoArray(partial, (row + 3) * LANES);
        }
        for (; row < rows; row++) {
            int at = row * columns;
            FloatVector a = FloatVector.zero(SPECIES);
            for (int i = at + from; i < at + whole; i += LANES) {
                a = a.add(FloatVector.fromArray(SPECIES, e, i));
            }
            a.add(FloatVector.fromArray(SPECIES, e, at + whole)
                            .reinterpretAsInts()
                            .and(last)
                            .reinterpretAsFloats())
                    .intoArray(partial, row * LANES);
        }
    }

    @Override
    public void softSums(float[] x, int xAt, float[] t, int tAt, int n, float[] partial, double[] sums) {
        Arrays.fill(sums, 0, 3, 0);
        for (int block = 0; block < n; block += BLOCK) {
            int length = Math.min(BLOCK, n - block);
            softSumsOfBlock(x, xAt + block, t, tAt + block, length, partial);
            SoftSums.flush(LANES, partial, sums);
        }
    }

    private static void softSumsOfBlock(float[] x, int xAt, float[] t, int tAt, int n, float[] partial) {
        int rest = n % LANES;
        int whole = n - rest;
        FloatVector targets = FloatVector.zero(SPECIES);
        FloatVector products = targets;
        FloatVector logits = targets;
        for (int i = 0; i < whole; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xAt + i);
            FloatVector w = FloatVector.fromArray(SPECIES, t, tAt + i);
            targets = targets.add(w);
            products = w.fma(v, products);
            logits = logits.add(v);
        }
        // What follows the last column in its vector becomes 0.
        IntVector last = IntVector.fromArray(INTS, FIRST_LANES, LANES - rest);
        FloatVector v = FloatVector.fromArray(SPECIES, x, xAt + whole)
                .reinterpretAsInts()
                .and(last)
                .reinterpretAsFloats();
        FloatVector w = FloatVector.fromArray(SPECIES, t, tAt + whole)
                .reinterpretAsInts()
                .and(last)
                .reinterpretAsFloats();
        targets.add(w).intoArray(partial, 0);
        w.fma(v, products).intoArray(partial, LANES);
        logits.add(v).intoArray(partial, 2 * LANES);
    }

    @Override
    public void scaleRows(float[] e, int pitch, int columns, int rows, float[] factor, float[] out) {
        for (int row = 0; row < rows; row++) {
            FloatVector f = FloatVector.broadcast(SPECIES, factor[row]);
            int from = row * pitch;
            int to = row * columns;
            for (int k = 0; k < columns; k += LANES) {
                FloatVector.fromArray(SPECIES, e, from + k).mul(f).intoArray(out, to + k);
            }
        }
    }

    @Override
    public int onlyNonZero(float[] t, int at, int n) {
        int found = -2;
        int i = 0;
        // Four vectors of zeros at once: in a one-hot row nearly all are.
        for (; i <= n - 4 * LANES; i += 4 * LANES) {
            IntVector a = FloatVector.fromArray(SPECIES, t, at + i).reinterpretAsInts();
            IntVector b = FloatVector.fromArray(SPECIES, t, at + i + LANES).reinterpretAsInts();
            IntVector c = FloatVector.fromArray(SPECIES, t, at + i + 2 * LANES).reinterpretAsInts();
            IntVector d = FloatVector.fromArray(SPECIES, t, at + i + 3 * LANES).reinterpretAsInts();
            // Of -0 only the sign would be left.
            IntVector all = a.or(b).or(c.or(d)).and(0x7fffffff);
            if (all.compare(VectorOperators.NE, 0).anyTrue()) {
                found = add(found, t, at, i, i + 4 * LANES);
                if (found == -1) {
                    return found;
                }
            }
        }
        return add(found, t, at, i, n);
    }

    /** What {@link #onlyNonZero} has found, after some more elements. */
    private static int add(int before, float[] t, int at, int from, int to) {
        int found = before;
        for (int i = from; i < to; i++) {
            if (t[at + i] != 0) {
                if (found >= 0) {
                    return -1;
                }
                found = i;
            }
        }
        return found;
    }

    @Override
    public void markNonZero(float[] t, float[] marks, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            IntVector magnitude =
                    FloatVector.fromArray(SPECIES, t, i).reinterpretAsInts().and(0x7fffffff);
            // All ones where it is not 0.
            IntVector present = magnitude.neg().lanewise(VectorOperators.ASHR, 31);
            FloatVector.fromArray(SPECIES, marks, i)
                    .reinterpretAsInts()
                    .and(present)
                    .reinterpretAsFloats()
                    .intoArray(out, i);
        }
    }

    @Override
    public boolean onlyZerosAndOnes(float[] y, int n) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        FloatVector mixed = FloatVector.zero(SPECIES);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, y, i);
            // y (1 - y) is 0 for 0 and 1 only; its square cannot cancel, and NaN stays.
            FloatVector m = v.mul(one.sub(v));
            mixed = m.fma(m, mixed);
        }
        return mixed.reduceLanes(VectorOperators.ADD) == 0;
    }

    @Override
    public boolean within(float[] x, float low, float high, int n) {
        FloatVector outside = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        FloatVector lowest = FloatVector.broadcast(SPECIES, low);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            outside = outside.max(lowest.sub(v).max(v.sub(high))); // NaN stays
        }
        return outside.reduceLanes(VectorOperators.MAX) <= 0;
    }

    @Override
    public void maxAcross(float[] x, int columns, int pitch, float[] max) {
        for (int r = 0; r < pitch; r += LANES) {
            FloatVector a = FloatVector.fromArray(SPECIES, x, r);
            for (int k = 1; k < columns; k++) {
                a = a.max(FloatVector.fromArray(SPECIES, x, k * pitch + r));
            }
            a.intoArray(max, r);
        }
    }

    @Override
    public boolean boundedExponentialsAcross(float[] x, int columns, int pitch, float[] partial, double[] sums) {
        Arrays.fill(sums, 0, pitch, 0);
        boolean bounded = true;
        for (int block = 0; block < columns; block += BLOCK) {
            int end = Math.min(columns, block + BLOCK);
            int used = Math.min(LANES, end - block);
            Arrays.fill(partial, 0, used * pitch, 0);
            bounded &= boundedExponentialColumns(x, block, end, pitch, partial);
            for (int lane = 0; lane < used; lane++) {
                for (int r = 0; r < pitch; r++) {
                    sums[r] += partial[lane * pitch + r];
                }
            }
        }
        return bounded;
    }

    /** Columns of a few vectors each: setting up constants for every one would take as long as the columns. */
    private static boolean boundedExponentialColumns(float[] x, int from, int to, int pitch, float[] partial) {
        FloatVector log2e = FloatVector.broadcast(SPECIES, LOG2E);
        FloatVector magic = FloatVector.broadcast(SPECIES, MAGIC);
        FloatVector ln2High = FloatVector.broadcast(SPECIES, LN2_HIGH);
        FloatVector ln2Low = FloatVector.broadcast(SPECIES, LN2_LOW);
        FloatVector c6 = FloatVector.broadcast(SPECIES, C6);
        FloatVector c5 = FloatVector.broadcast(SPECIES, C5);
        FloatVector c4 = FloatVector.broadcast(SPECIES, C4);
        FloatVector c3 = FloatVector.broadcast(SPECIES, C3);
        FloatVector c2 = FloatVector.broadcast(SPECIES, C2);
        IntVector most = IntVector.zero(INTS);
        int r = 0;
        int lane = from % LANES * pitch;
        for (int i = from * pitch; i < to * pitch; i += LANES) {
            FloatVector t = FloatVector.fromArray(SPECIES, x, i);
            IntVector bits = t.reinterpretAsInts();
            most = most.max(bits);
            IntVector m = t.fma(log2e, magic).reinterpretAsInts().max(MAGIC_OF_ZERO);
            FloatVector k = m.reinterpretAsFloats().sub(magic);
            FloatVector f = k.fma(ln2Low, k.fma(ln2High, t));
            FloatVector q = f.fma(c6, c5).fma(f, c4).fma(f, c3).fma(f, c2).fma(f.mul(f), f);
            FloatVector s = m.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector y = q.fma(s, s);
            y.intoArray(x, i);
            FloatVector.fromArray(SPECIES, partial, lane + r).add(y).intoArray(partial, lane + r);
            r += LANES;
            if (r == pitch) {
                r = 0;
                lane = lane + pitch == LANES * pitch ? 0 : lane + pitch;
            }
        }
        return most.reduceLanes(VectorOperators.MAX) <= HIGHEST_BITS;
    }

    @Override
    public void scaleAcross(float[] x, int columns, int pitch, float[] factor) {
        int r = 0;
        for (int i = 0; i < columns * pitch; i += LANES) {
            FloatVector.fromArray(SPECIES, x, i)
                    .mul(FloatVector.fromArray(SPECIES, factor, r))
                    .intoArray(x, i);
            r = r + LANES == pitch ? 0 : r + LANES;
        }
    }

    @Override
    public void sigmoidCrossEntropy(float[] x, float[] y, float[] value, float[] derivative, int n) {
        exponentialsOfMinusAbsolute(x, value, n);
        FloatVector l1 = FloatVector.broadcast(SPECIES, L1);
        FloatVector l2 = FloatVector.broadcast(SPECIES, L2);
        FloatVector l3 = FloatVector.broadcast(SPECIES, L3);
        FloatVector l4 = FloatVector.broadcast(SPECIES, L4);
        FloatVector l5 = FloatVector.broadcast(SPECIES, L5);
        FloatVector l6 = FloatVector.broadcast(SPECIES, L6);
        FloatVector l7 = FloatVector.broadcast(SPECIES, L7);
        FloatVector l8 = FloatVector.broadcast(SPECIES, L8);
        FloatVector l0 = FloatVector.broadcast(SPECIES, L0);
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        for (int i = 0; i < n; i += LANES) {
            FloatVector e = FloatVector.fromArray(SPECIES, value, i);
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            FloatVector a = FloatVector.fromArray(SPECIES, y, i);
            FloatVector b = one.sub(a);
            FloatVector large = one.div(e.add(one));
            FloatVector small = e.mul(large);
            VectorMask<Float> negative = v.compare(VectorOperators.LT, 0);
            FloatVector p = large.blend(small, negative);
            FloatVector q = small.blend(large, negative);
            b.mul(p).sub(a.mul(q)).intoArray(derivative, i);
            FloatVector log = e.fma(l8, l7)
                    .fma(e, l6)
                    .fma(e, l5)
                    .fma(e, l4)
                    .fma(e, l3)
                    .fma(e, l2)
                    .fma(e, l1)
                    .fma(e, l0);
            // Blended, because 0 times an infinite logit would be NaN.
            FloatVector ifOne = a.mul(v.neg().max(0)).blend(0, a.compare(VectorOperators.EQ, 0));
            FloatVector ifZero = b.mul(v.max(0)).blend(0, b.compare(VectorOperators.EQ, 0));
            log.fma(e, ifOne.add(ifZero)).intoArray(value, i);
        }
    }

    private static void exponentialsOfMinusAbsolute(float[] x, float[] e, int n) {
        FloatVector log2e = FloatVector.broadcast(SPECIES, LOG2E);
        FloatVector magic = FloatVector.broadcast(SPECIES, MAGIC);
        FloatVector ln2High = FloatVector.broadcast(SPECIES, LN2_HIGH);
        FloatVector ln2Low = FloatVector.broadcast(SPECIES, LN2_LOW);
        FloatVector c6 = FloatVector.broadcast(SPECIES, C6);
        FloatVector c5 = FloatVector.broadcast(SPECIES, C5);
        FloatVector c4 = FloatVector.broadcast(SPECIES, C4);
        FloatVector c3 = FloatVector.broadcast(SPECIES, C3);
        FloatVector c2 = FloatVector.broadcast(SPECIES, C2);
        for (int i = 0; i < n; i += LANES) {
            FloatVector t = FloatVector.fromArray(SPECIES, x, i).abs().neg().max(LEAST);
            FloatVector m = t.fma(log2e, magic);
            FloatVector k = m.sub(magic);
            FloatVector r = k.fma(ln2Low, k.fma(ln2High, t));
            FloatVector q = r.fma(c6, c5).fma(r, c4).fma(r, c3).fma(r, c2).fma(r.mul(r), r);
            FloatVector s =
                    m.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            q.fma(s, s).intoArray(e, i);
        }
    }

    @Override
    public void sigmoid(float[] x, float[] tail, float[] p, float[] q, int n) {
        exponentialsOfMinusAbsolute(x, tail, n);
        FloatVector l1 = FloatVector.broadcast(SPECIES, L1);
        FloatVector l2 = FloatVector.broadcast(SPECIES, L2);
        FloatVector l3 = FloatVector.broadcast(SPECIES, L3);
        FloatVector l4 = FloatVector.broadcast(SPECIES, L4);
        FloatVector l5 = FloatVector.broadcast(SPECIES, L5);
        FloatVector l6 = FloatVector.broadcast(SPECIES, L6);
        FloatVector l7 = FloatVector.broadcast(SPECIES, L7);
        FloatVector l8 = FloatVector.broadcast(SPECIES, L8);
        FloatVector l0 = FloatVector.broadcast(SPECIES, L0);
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        for (int i = 0; i < n; i += LANES) {
            FloatVector e = FloatVector.fromArray(SPECIES, tail, i);
            FloatVector large = one.div(e.add(one));
            FloatVector small = e.mul(large);
            VectorMask<Float> negative = FloatVector.fromArray(SPECIES, x, i).compare(VectorOperators.LT, 0);
            large.blend(small, negative).intoArray(p, i);
            small.blend(large, negative).intoArray(q, i);
            FloatVector log = e.fma(l8, l7)
                    .fma(e, l6)
                    .fma(e, l5)
                    .fma(e, l4)
                    .fma(e, l3)
                    .fma(e, l2)
                    .fma(e, l1)
                    .fma(e, l0);
            log.mul(e).intoArray(tail, i);
        }
    }

    @Override
    public void log(float[] x, float[] out, int n) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector m3 = FloatVector.broadcast(SPECIES, M3);
        FloatVector m4 = FloatVector.broadcast(SPECIES, M4);
        FloatVector m5 = FloatVector.broadcast(SPECIES, M5);
        FloatVector m6 = FloatVector.broadcast(SPECIES, M6);
        FloatVector m7 = FloatVector.broadcast(SPECIES, M7);
        FloatVector m8 = FloatVector.broadcast(SPECIES, M8);
        FloatVector m9 = FloatVector.broadcast(SPECIES, M9);
        FloatVector m10 = FloatVector.broadcast(SPECIES, M10);
        FloatVector ln2 = FloatVector.broadcast(SPECIES, LN2);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            VectorMask<Float> subnormal = v.compare(VectorOperators.LT, Float.MIN_NORMAL);
            FloatVector shift = zero.blend(-23, subnormal);
            IntVector bits = v.blend(v.mul(0x1p23f), subnormal).reinterpretAsInts();
            IntVector k = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
            FloatVector f = bits.sub(k.lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats()
                    .sub(one);
            FloatVector p = f.fma(m10, m9)
                    .fma(f, m8)
                    .fma(f, m7)
                    .fma(f, m6)
                    .fma(f, m5)
                    .fma(f, m4)
                    .fma(f, m3);
            FloatVector square = f.mul(f);
            // f - f^2 / 2 + f^3 p, the small terms first
            FloatVector log = p.mul(f).sub(0.5f).fma(square, f);
            ((FloatVector) k.convert(VectorOperators.I2F, 0))
                    .add(shift)
                    .fma(ln2, log)
                    .blend(Float.NEGATIVE_INFINITY, v.compare(VectorOperators.EQ, 0))
                    .intoArray(out, i);
        }
    }

    @Override
    public void logOnePlus(float[] x, float[] out, int n) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        FloatVector m3 = FloatVector.broadcast(SPECIES, M3);
        FloatVector m4 = FloatVector.broadcast(SPECIES, M4);
        FloatVector m5 = FloatVector.broadcast(SPECIES, M5);
        FloatVector m6 = FloatVector.broadcast(SPECIES, M6);
        FloatVector m7 = FloatVector.broadcast(SPECIES, M7);
        FloatVector m8 = FloatVector.broadcast(SPECIES, M8);
        FloatVector m9 = FloatVector.broadcast(SPECIES, M9);
        FloatVector m10 = FloatVector.broadcast(SPECIES, M10);
        FloatVector ln2 = FloatVector.broadcast(SPECIES, LN2);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            FloatVector u = v.add(one);
            FloatVector lost = v.sub(u.sub(one)).div(u);
            IntVector bits = u.reinterpretAsInts();
            IntVector k = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
            FloatVector f = bits.sub(k.lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats()
                    .sub(one);
            FloatVector p = f.fma(m10, m9)
                    .fma(f, m8)
                    .fma(f, m7)
                    .fma(f, m6)
                    .fma(f, m5)
                    .fma(f, m4)
                    .fma(f, m3);
            FloatVector square = f.mul(f);
            // f - f^2 / 2 + f^3 p, the small terms first
            FloatVector log = p.mul(f).sub(0.5f).fma(square, lost).add(f);
            ((FloatVector) k.convert(VectorOperators.I2F, 0))
                    .fma(ln2, log)
                    .blend(Float.NEGATIVE_INFINITY, u.compare(VectorOperators.EQ, 0))
                    .intoArray(out, i);
        }
    }

    @Override
    public boolean crossEntropyOfRows(
            float[] others,
            float[] target,
            float[] weight,
            float scale,
            float[] loss,
            float[] factor,
            float[] atTarget,
            int n) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        FloatVector m3 = FloatVector.broadcast(SPECIES, M3);
        FloatVector m4 = FloatVector.broadcast(SPECIES, M4);
        FloatVector m5 = FloatVector.broadcast(SPECIES, M5);
        FloatVector m6 = FloatVector.broadcast(SPECIES, M6);
        FloatVector m7 = FloatVector.broadcast(SPECIES, M7);
        FloatVector m8 = FloatVector.broadcast(SPECIES, M8);
        FloatVector m9 = FloatVector.broadcast(SPECIES, M9);
        FloatVector m10 = FloatVector.broadcast(SPECIES, M10);
        FloatVector ln2 = FloatVector.broadcast(SPECIES, LN2);
        // As integers, for which NaN is too large or negative.
        IntVector mostRatio = IntVector.zero(INTS);
        IntVector leastRatio = mostRatio;
        IntVector mostTotal = mostRatio;
        IntVector leastTotal = IntVector.broadcast(INTS, Integer.MAX_VALUE);
        for (int i = 0; i < n; i += LANES) {
            FloatVector o = FloatVector.fromArray(SPECIES, others, i);
            FloatVector e = FloatVector.fromArray(SPECIES, target, i);
            FloatVector w = FloatVector.fromArray(SPECIES, weight, i);
            FloatVector total = o.add(e);
            FloatVector v = o.div(e);
            mostRatio = mostRatio.max(v.reinterpretAsInts());
            leastRatio = leastRatio.min(v.reinterpretAsInts());
            mostTotal = mostTotal.max(total.reinterpretAsInts());
            leastTotal = leastTotal.min(total.reinterpretAsInts());
            FloatVector g = w.mul(scale).div(total);
            g.intoArray(factor, i);
            g.neg().mul(o).intoArray(atTarget, i);
            // As in logOnePlus.
            FloatVector u = v.add(one);
            FloatVector lost = v.sub(u.sub(one)).div(u);
            IntVector bits = u.reinterpretAsInts();
            IntVector k = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
            FloatVector f = bits.sub(k.lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats()
                    .sub(one);
            FloatVector p = f.fma(m10, m9)
                    .fma(f, m8)
                    .fma(f, m7)
                    .fma(f, m6)
                    .fma(f, m5)
                    .fma(f, m4)
                    .fma(f, m3);
            FloatVector log = p.mul(f).sub(0.5f).fma(f.mul(f), lost).add(f);
            ((FloatVector) k.convert(VectorOperators.I2F, 0))
                    .fma(ln2, log)
                    .mul(w)
                    .intoArray(loss, i);
        }
        // Above 0 if there is one that is too large or too small.
        IntVector excess = mostRatio
                .sub(MOST_RATIO_BITS)
                .max(leastRatio.neg())
                .max(mostTotal.sub(MOST_TOTAL_BITS))
                .max(leastTotal.neg().add(LEAST_TOTAL_BITS));
        return excess.reduceLanes(VectorOperators.MAX) <= 0;
    }

    @Override
    public void splitPairs(float[] e, int[] hot, float[] target, float[] others, int rows) {
        for (int r = 0; r < rows; r += LANES) {
            FloatVector a = FloatVector.fromArray(SPECIES, e, 2 * r);
            FloatVector b = FloatVector.fromArray(SPECIES, e, 2 * r + LANES);
            FloatVector first = a.rearrange(EVENS).blend(b.rearrange(EVENS), IN_UPPER_HALF);
            FloatVector second = a.rearrange(ODDS).blend(b.rearrange(ODDS), IN_UPPER_HALF);
            // The bits of 1 as a float: a mask of integers would have to be cast, which takes long on 17.
            VectorMask<Float> isSecond = IntVector.fromArray(INTS, hot, r)
                    .reinterpretAsFloats()
                    .compare(VectorOperators.EQ, Float.MIN_VALUE);
            first.blend(second, isSecond).intoArray(target, r);
            second.blend(first, isSecond).intoArray(others, r);
        }
    }

    @Override
    public void joinPairs(float[] atTarget, int[] hot, float[] out, int rows) {
        for (int r = 0; r < rows; r += LANES) {
            FloatVector g = FloatVector.fromArray(SPECIES, atTarget, r);
            // The bits of 1 as a float: a mask of integers would have to be cast, which takes long on 17.
            VectorMask<Float> isSecond = IntVector.fromArray(INTS, hot, r)
                    .reinterpretAsFloats()
                    .compare(VectorOperators.EQ, Float.MIN_VALUE);
            FloatVector first = g.blend(g.neg(), isSecond);
            first.rearrange(TWICE_LOWER).mul(ALTERNATING).intoArray(out, 2 * r);
            first.rearrange(TWICE_UPPER).mul(ALTERNATING).intoArray(out, 2 * r + LANES);
        }
    }

    @Override
    public void weigh(float[] weights, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector w = FloatVector.fromArray(SPECIES, weights, i);
            VectorMask<Float> none = w.compare(VectorOperators.EQ, 0);
            FloatVector.fromArray(SPECIES, value, i).mul(w).blend(0, none).intoArray(value, i);
            FloatVector.fromArray(SPECIES, derivative, i).mul(w).blend(0, none).intoArray(derivative, i);
        }
    }

    @Override
    public double sum(float[] x, int n) {
        DoubleVector a = DoubleVector.zero(DOUBLES);
        DoubleVector b = a;
        int whole = n - n % LANES;
        for (int i = 0; i < whole; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            a = a.add(v.convert(VectorOperators.F2D, 0));
            b = b.add(v.rearrange(UPPER_HALF).convert(VectorOperators.F2D, 0));
        }
        double sum = 0;
        double[] lanes = SUMS.get();
        a.intoArray(lanes, 0);
        b.intoArray(lanes, DOUBLES.length());
        for (double lane : lanes) {
            sum += lane;
        }
        for (int i = whole; i < n; i++) {
            sum += x[i];
        }
        return sum;
    }

    /**
     * Bits of a half, without its sign, in the place of those of a float are 2^-112 of its value, also where it is
     * subnormal; infinities and NaN get the exponent that a float has for them.
     */
    @Override
    public void fromHalf(short[] bits, float[] to, int n) {
        if (n < LANES) {
            for (int i = 0; i < n; i++) {
                to[i] = Half.halfToFloat(bits[i]);
            }
            return;
        }
        fromHalfBlock(bits, to, 0, n - n % LANES);
        // The last vector goes back over what is done already.
        fromHalfBlock(bits, to, n - LANES, n);
    }

    private static void fromHalfBlock(short[] bits, float[] to, int start, int end) {
        for (int i = start; i < end; i += LANES) {
            IntVector h = (IntVector) ShortVector.fromArray(SHORTS, bits, i).convertShape(VectorOperators.S2I, INTS, 0);
            IntVector magnitude = h.and(0x7fff);
            IntVector special = magnitude
                    .neg()
                    .add(0x7bff)
                    .lanewise(VectorOperators.ASHR, 31)
                    .and(0x7f800000);
            IntVector sign = h.and(0x8000).lanewise(VectorOperators.LSHL, 16);
            magnitude
                    .lanewise(VectorOperators.LSHL, 13)
                    .reinterpretAsFloats()
                    .mul(0x1p112f)
                    .reinterpretAsInts()
                    .or(special)
                    .or(sign)
                    .reinterpretAsFloats()
                    .intoArray(to, i);
        }
    }

    /** Rounds as {@link Half#floatToHalf} does. */
    @Override
    public void toHalf(float[] from, short[] bits, int n) {
        if (n < LANES) {
            for (int i = 0; i < n; i++) {
                bits[i] = Half.floatToHalf(from[i]);
            }
            return;
        }
        toHalfBlock(from, bits, 0, n - n % LANES);
        // The last vector goes back over what is done already.
        toHalfBlock(from, bits, n - LANES, n);
    }

    private static void toHalfBlock(float[] from, short[] bits, int start, int end) {
        for (int i = start; i < end; i += LANES) {
            IntVector v = FloatVector.fromArray(SPECIES, from, i).reinterpretAsInts();
            IntVector magnitude = v.and(0x7fffffff);
            IntVector exponent =
                    magnitude.lanewise(VectorOperators.ASHR, 23).max(113).min(240);
            IntVector power = exponent.add(13).lanewise(VectorOperators.LSHL, 23);
            IntVector fraction = magnitude
                    .reinterpretAsFloats()
                    .add(power.reinterpretAsFloats())
                    .reinterpretAsInts()
                    .sub(power);
            IntVector half = exponent.sub(113)
                    .lanewise(VectorOperators.LSHL, 10)
                    .add(fraction)
                    .min(0x7c00);
            // All ones where it is NaN.
            IntVector nan = magnitude.neg().add(0x7f800000).lanewise(VectorOperators.ASHR, 31);
            IntVector sign = v.lanewise(VectorOperators.ASHR, 16).and(0x8000);
            ((ShortVector) half.and(nan.not())
                            .or(nan.and(0x7e00))
                            .or(sign)
                            .convertShape(VectorOperators.I2S, SHORTS, 0))
                    .intoArray(bits, i);
        }
    }

    @Override
    public void fromBfloat(short[] bits, float[] to, int n) {
        if (n < LANES) {
            for (int i = 0; i < n; i++) {
                to[i] = Half.bfloatToFloat(bits[i]);
            }
            return;
        }
        fromBfloatBlock(bits, to, 0, n - n % LANES);
        // The last vector goes back over what is done already.
        fromBfloatBlock(bits, to, n - LANES, n);
    }

    private static void fromBfloatBlock(short[] bits, float[] to, int start, int end) {
        for (int i = start; i < end; i += LANES) {
            IntVector b = (IntVector) ShortVector.fromArray(SHORTS, bits, i).convertShape(VectorOperators.S2I, INTS, 0);
            b.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(to, i);
        }
    }

    @Override
    public void toBfloat(float[] from, short[] bits, int n) {
        if (n < LANES) {
            for (int i = 0; i < n; i++) {
                bits[i] = Half.floatToBfloat(from[i]);
            }
            return;
        }
        toBfloatBlock(from, bits, 0, n - n % LANES);
        // The last vector goes back over what is done already.
        toBfloatBlock(from, bits, n - LANES, n);
    }

    private static void toBfloatBlock(float[] from, short[] bits, int start, int end) {
        for (int i = start; i < end; i += LANES) {
            IntVector v = FloatVector.fromArray(SPECIES, from, i).reinterpretAsInts();
            IntVector nan = v.and(0x7fffffff).neg().add(0x7f800000).lanewise(VectorOperators.ASHR, 31);
            IntVector up = v.lanewise(VectorOperators.ASHR, 16).and(1).add(0x7fff);
            // A NaN must not be rounded up to another number.
            IntVector rounded = v.add(up.and(nan.not())).or(nan.and(0x400000));
            ((ShortVector) rounded.lanewise(VectorOperators.ASHR, 16).convertShape(VectorOperators.I2S, SHORTS, 0))
                    .intoArray(bits, i);
        }
    }

    @Override
    public boolean reachesMemory() {
        return VectorMemory.EXISTS;
    }

    @Override
    public DirectLosses directLosses(float[] scratch) {
        return new DirectVectors(scratch);
    }

    @Override
    public DirectRows directRows() {
        return new DirectRowVectors();
    }
}
