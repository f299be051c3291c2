package io.loss4j.cpu.simd;

import io.loss4j.cpu.DoublePrimitives;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The primitives in double precision on vectors, by the rules of {@link VectorPrimitives}. Kept apart from the loops over
 * floats: a call that has seen vectors of two kinds boxes both.
 *
 * <p>exp(x): with n = round(x / ln 2) and r = x - n ln 2, it is 2^n (1 + r + r^2 q(r)), q of degree 9 (2e-17 relative
 * before rounding). Adding 1.5 * 2^52 + 2046 to x / ln 2 rounds it and leaves n + 2046 in the lowest bits of the sum,
 * which half and half are the exponent bits of two factors of 2^n: so results may be subnormal.
 *
 * <p>log(x): x is taken apart as 2^k (1 + f) with 1 + f near 1; with s = f / (2 + f), log(1 + f) = f - f^2 / 2 + s (f^2 / 2
 * + R(s^2)), where R and the order of adding up are those of fdlibm.
 */
final class VectorDoublePrimitives implements DoublePrimitives {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private static final double LEAST = -746;
    private static final double MOST = 710;
    private static final double LOG2E = 0x1.71547652b82fep+0;
    private static final double MAGIC = 0x1.8p52 + 2046;
    private static final double LN2_HIGH = -0x1.62e42fefa39efp-1;
    private static final double LN2_LOW = -0x1.abc9e3b39803fp-56;
    private static final double C2 = 0x1.0000000000001p-1;
    private static final double C3 = 0x1.5555555555556p-3;
    private static final double C4 = 0x1.5555555553d63p-5;
    private static final double C5 = 0x1.11111111109b3p-7;
    private static final double C6 = 0x1.6c16c1788bd90p-10;
    private static final double C7 = 0x1.a01a01a7c41d5p-13;
    private static final double C8 = 0x1.a019b90d2ae7ap-16;
    private static final double C9 = 0x1.71de0dae63bb3p-19;
    private static final double C10 = 0x1.289185613a3d6p-22;
    private static final double C11 = 0x1.af38a9b0ec855p-26;

    private static final long SQRT_HALF_BITS = 0x3fe6a09e667f3bcdL;
    private static final long ONE_BITS = 0x3ff0000000000000L;
    private static final long FRACTION_BITS = 0x000fffffffffffffL;
    /** 2^52, whose lowest bits are those of a whole number that is added. */
    private static final long WHOLE_BITS = 0x4330000000000000L;

    private static final double LOG_LN2_HIGH = 6.93147180369123816490e-01;
    private static final double LOG_LN2_LOW = 1.90821492927058770002e-10;
    private static final double L1 = 6.666666666666735130e-01;
    private static final double L2 = 3.999999999940941908e-01;
    private static final double L3 = 2.857142874366239149e-01;
    private static final double L4 = 2.222219843214978396e-01;
    private static final double L5 = 1.818357216161805012e-01;
    private static final double L6 = 1.531383769920937332e-01;
    private static final double L7 = 1.479819860511658591e-01;

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public double max(double[] x, int at, int n) {
        DoubleVector a = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
        DoubleVector b = a;
        int i = 0;
        for (; i <= n - 2 * LANES; i += 2 * LANES) {
            a = a.max(DoubleVector.fromArray(SPECIES, x, at + i));
            b = b.max(DoubleVector.fromArray(SPECIES, x, at + i + LANES));
        }
        double max = i == 0 ? Double.NEGATIVE_INFINITY : a.max(b).reduceLanes(VectorOperators.MAX);
        for (; i < n; i++) {
            max = Math.max(max, x[at + i]);
        }
        return max;
    }

    @Override
    public double sum(double[] x, int at, int n) {
        DoubleVector a = DoubleVector.zero(SPECIES);
        DoubleVector b = a;
        int i = 0;
        for (; i <= n - 2 * LANES; i += 2 * LANES) {
            a = a.add(DoubleVector.fromArray(SPECIES, x, at + i));
            b = b.add(DoubleVector.fromArray(SPECIES, x, at + i + LANES));
        }
        // Not by reduceLanes: compiled it adds in another order than interpreted, and a sum must always have the same
        // bits.
        double[] lanes = new double[LANES];
        a.add(b).intoArray(lanes, 0);
        double sum = 0;
        for (double lane : lanes) {
            sum += lane;
        }
        for (; i < n; i++) {
            sum += x[at + i];
        }
        return sum;
    }

    @Override
    public void exp(double[] x, double[] out, int n) {
        DoubleVector log2e = DoubleVector.broadcast(SPECIES, LOG2E);
        DoubleVector magic = DoubleVector.broadcast(SPECIES, MAGIC);
        DoubleVector ln2High = DoubleVector.broadcast(SPECIES, LN2_HIGH);
        DoubleVector ln2Low = DoubleVector.broadcast(SPECIES, LN2_LOW);
        DoubleVector c11 = DoubleVector.broadcast(SPECIES, C11);
        DoubleVector c10 = DoubleVector.broadcast(SPECIES, C10);
        DoubleVector c9 = DoubleVector.broadcast(SPECIES, C9);
        DoubleVector c8 = DoubleVector.broadcast(SPECIES, C8);
        DoubleVector c7 = DoubleVector.broadcast(SPECIES, C7);
        DoubleVector c6 = DoubleVector.broadcast(SPECIES, C6);
        DoubleVector c5 = DoubleVector.broadcast(SPECIES, C5);
        DoubleVector c4 = DoubleVector.broadcast(SPECIES, C4);
        DoubleVector c3 = DoubleVector.broadcast(SPECIES, C3);
        DoubleVector c2 = DoubleVector.broadcast(SPECIES, C2);
        for (int i = 0; i < n; i += LANES) {
            DoubleVector t = DoubleVector.fromArray(SPECIES, x, i);
            DoubleVector m = t.fma(log2e, magic);
            DoubleVector k = m.sub(magic);
            DoubleVector r = k.fma(ln2Low, k.fma(ln2High, t));
            DoubleVector q = r.fma(c11, c10)
                    .fma(r, c9)
                    .fma(r, c8)
                    .fma(r, c7)
                    .fma(r, c6)
                    .fma(r, c5)
                    .fma(r, c4)
                    .fma(r, c3)
                    .fma(r, c2)
                    .fma(r.mul(r), r);
            LongVector bits = m.reinterpretAsLongs();
            LongVector half = bits.lanewise(VectorOperators.LSHR, 1);
            DoubleVector s = half.lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
            DoubleVector other =
                    bits.sub(half).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
            q.fma(s, s)
                    .mul(other)
                    .blend(0, t.compare(VectorOperators.LT, LEAST))
                    .blend(Double.POSITIVE_INFINITY, t.compare(VectorOperators.GT, MOST))
                    .intoArray(out, i);
        }
    }

    @Override
    public void log(double[] x, double[] out, int n) {
        DoubleVector two = DoubleVector.broadcast(SPECIES, 2);
        DoubleVector high = DoubleVector.broadcast(SPECIES, LOG_LN2_HIGH);
        DoubleVector low = DoubleVector.broadcast(SPECIES, LOG_LN2_LOW);
        DoubleVector bias = DoubleVector.broadcast(SPECIES, 0x1p52 + 1023);
        DoubleVector l1 = DoubleVector.broadcast(SPECIES, L1);
        DoubleVector l2 = DoubleVector.broadcast(SPECIES, L2);
        DoubleVector l3 = DoubleVector.broadcast(SPECIES, L3);
        DoubleVector l4 = DoubleVector.broadcast(SPECIES, L4);
        DoubleVector l5 = DoubleVector.broadcast(SPECIES, L5);
        DoubleVector l6 = DoubleVector.broadcast(SPECIES, L6);
        DoubleVector l7 = DoubleVector.broadcast(SPECIES, L7);
        for (int i = 0; i < n; i += LANES) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
            VectorMask<Double> subnormal = v.compare(VectorOperators.LT, Double.MIN_NORMAL);
            LongVector bits =
                    v.blend(v.mul(0x1p54), subnormal).reinterpretAsLongs().add(ONE_BITS - SQRT_HALF_BITS);
            DoubleVector k = bits.lanewise(VectorOperators.LSHR, 52)
                    .or(WHOLE_BITS)
                    .reinterpretAsDoubles()
                    .sub(bias.blend(0x1p52 + 1077, subnormal));
            DoubleVector f = bits.and(FRACTION_BITS)
                    .add(SQRT_HALF_BITS)
                    .reinterpretAsDoubles()
                    .sub(1);
            DoubleVector halfSquare = f.mul(f).mul(0.5);
            DoubleVector s = f.div(f.add(two));
            DoubleVector z = s.mul(s);
            DoubleVector p = z.fma(l7, l6)
                    .fma(z, l5)
                    .fma(z, l4)
                    .fma(z, l3)
                    .fma(z, l2)
                    .fma(z, l1)
                    .mul(z);
            DoubleVector small = p.add(halfSquare).fma(s, k.mul(low)).sub(halfSquare);
            DoubleVector log = k.fma(high, small.add(f));
            v.blend(log, v.compare(VectorOperators.LT, Double.POSITIVE_INFINITY))
                    .blend(Double.NEGATIVE_INFINITY, v.compare(VectorOperators.EQ, 0))
                    .intoArray(out, i);
        }
    }
}
