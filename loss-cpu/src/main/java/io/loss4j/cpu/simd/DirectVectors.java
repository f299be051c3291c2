package io.loss4j.cpu.simd;

import io.loss4j.cpu.DirectLosses;
import io.loss4j.cpu.FloatMemory;
import java.nio.ByteBuffer;
import java.util.Objects;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Direct losses on vectors: as in {@link VectorPrimitives} every loop spells its arithmetic out, and none passes a vector
 * to a method of ours. Losses with an exponential take two passes, the first into a scratch array: a single one is slower
 * by a seventh on JDK 25 and grows to where C2 stops inlining.
 *
 * <p>Cross-entropy and residuals have the derivatives of the tiles bit for bit, focal losses to 4 ulp. A sum that is
 * infinite or NaN tells of numbers unknown here; where sums would not show them, {@code 0 * number} is added, which is NaN
 * for those.
 */
final class DirectVectors implements DirectLosses {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private final float[] exponentials;
    private final float[] lanes = new float[2 * LANES];

    DirectVectors(float[] scratch) {
        exponentials = scratch;
    }

    /** A pass over some elements. */
    private interface Pass {
        double run() throws Throwable;
    }

    private static double unchecked(Pass pass) {
        try {
            return pass.run();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e); // the handles throw nothing else
        }
    }

    /** The sum of {@link #lanes}, which a pass leaves there. */
    private double sum() {
        double sum = 0;
        for (float lane : lanes) {
            sum += lane;
        }
        return sum;
    }

    @Override
    public double sigmoidCrossEntropy(Memory memory, long first, int n) {
        return unchecked(() -> {
            exponentials(memory.x(), first, n);
            if (memory.gradient() == null) {
                crossEntropyValue(memory, first, n);
            } else if (memory.value()) {
                crossEntropy(memory, first, n);
            } else {
                crossEntropyGradient(memory, first, n);
            }
            return sum();
        });
    }

    /** exp(-|x|), as the primitives do it. */
    private void exponentials(FloatMemory memory, long first, int n) throws Throwable {
        ByteBuffer x = memory.piece(first);
        long xAddress = memory.pieceAddress(first);
        int at = memory.offset(first);
        FloatVector log2e = FloatVector.broadcast(SPECIES, VectorPrimitives.LOG2E);
        FloatVector magic = FloatVector.broadcast(SPECIES, VectorPrimitives.MAGIC);
        FloatVector ln2High = FloatVector.broadcast(SPECIES, VectorPrimitives.LN2_HIGH);
        FloatVector ln2Low = FloatVector.broadcast(SPECIES, VectorPrimitives.LN2_LOW);
        FloatVector c6 = FloatVector.broadcast(SPECIES, VectorPrimitives.C6);
        FloatVector c5 = FloatVector.broadcast(SPECIES, VectorPrimitives.C5);
        FloatVector c4 = FloatVector.broadcast(SPECIES, VectorPrimitives.C4);
        FloatVector c3 = FloatVector.broadcast(SPECIES, VectorPrimitives.C3);
        FloatVector c2 = FloatVector.broadcast(SPECIES, VectorPrimitives.C2);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = (FloatVector) VectorMemory.LOAD.invokeExact(x, xAddress, at + i * Float.BYTES);
            FloatVector t = v.abs().neg().max(VectorPrimitives.LEAST);
            FloatVector m = t.fma(log2e, magic);
            FloatVector k = m.sub(magic);
            FloatVector r = k.fma(ln2Low, k.fma(ln2High, t));
            FloatVector q = r.fma(c6, c5).fma(r, c4).fma(r, c3).fma(r, c2).fma(r.mul(r), r);
            FloatVector s =
                    m.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            q.fma(s, s).intoArray(exponentials, i);
        }
    }

    private void crossEntropy(Memory memory, long first, int n) throws Throwable {
        ByteBuffer x = memory.x().piece(first);
        long xAddress = memory.x().pieceAddress(first);
        ByteBuffer y = memory.y().piece(first);
        long yAddress = memory.y().pieceAddress(first);
        FloatMemory gradient = Objects.requireNonNull(memory.gradient());
        ByteBuffer g = gradient.piece(first);
        long gAddress = gradient.pieceAddress(first);
        int at = memory.x().offset(first);
        FloatVector l8 = FloatVector.broadcast(SPECIES, VectorPrimitives.L8);
        FloatVector l7 = FloatVector.broadcast(SPECIES, VectorPrimitives.L7);
        FloatVector l6 = FloatVector.broadcast(SPECIES, VectorPrimitives.L6);
        FloatVector l5 = FloatVector.broadcast(SPECIES, VectorPrimitives.L5);
        FloatVector l4 = FloatVector.broadcast(SPECIES, VectorPrimitives.L4);
        FloatVector l3 = FloatVector.broadcast(SPECIES, VectorPrimitives.L3);
        FloatVector l2 = FloatVector.broadcast(SPECIES, VectorPrimitives.L2);
        FloatVector l1 = FloatVector.broadcast(SPECIES, VectorPrimitives.L1);
        FloatVector l0 = FloatVector.broadcast(SPECIES, VectorPrimitives.L0);
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        FloatVector scale = FloatVector.broadcast(SPECIES, memory.scale());
        FloatVector tails = FloatVector.zero(SPECIES);
        FloatVector lines = tails;
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = (FloatVector) VectorMemory.LOAD.invokeExact(x, xAddress, at + i * Float.BYTES);
            FloatVector a = (FloatVector) VectorMemory.LOAD.invokeExact(y, yAddress, at + i * Float.BYTES);
            FloatVector e = FloatVector.fromArray(SPECIES, exponentials, i);
            FloatVector large = one.div(e.add(one));
            FloatVector small = e.mul(large);
            VectorMask<Float> negative = v.compare(VectorOperators.LT, 0);
            FloatVector p = large.blend(small, negative);
            FloatVector q = small.blend(large, negative);
            FloatVector d = one.sub(a).mul(p).sub(a.mul(q)).mul(scale);
            VectorMemory.STORE.invokeExact(d, g, gAddress, at + i * Float.BYTES);
            FloatVector log = e.fma(l8, l7)
                    .fma(e, l6)
                    .fma(e, l5)
                    .fma(e, l4)
                    .fma(e, l3)
                    .fma(e, l2)
                    .fma(e, l1)
                    .fma(e, l0);
            tails = log.fma(e, tails);
            lines = lines.add(v.neg().fma(a, v.max(0)));
        }
        tails.intoArray(lanes, 0);
        lines.intoArray(lanes, LANES);
    }

    private void crossEntropyValue(Memory memory, long first, int n) throws Throwable {
        ByteBuffer x = memory.x().piece(first);
        long xAddress = memory.x().pieceAddress(first);
        ByteBuffer y = memory.y().piece(first);
        long yAddress = memory.y().pieceAddress(first);
        int at = memory.x().offset(first);
        FloatVector l8 = FloatVector.broadcast(SPECIES, VectorPrimitives.L8);
        FloatVector l7 = FloatVector.broadcast(SPECIES, VectorPrimitives.L7);
        FloatVector l6 = FloatVector.broadcast(SPECIES, VectorPrimitives.L6);
        FloatVector l5 = FloatVector.broadcast(SPECIES, VectorPrimitives.L5);
        FloatVector l4 = FloatVector.broadcast(SPECIES, VectorPrimitives.L4);
        FloatVector l3 = FloatVector.broadcast(SPECIES, VectorPrimitives.L3);
        FloatVector l2 = FloatVector.broadcast(SPECIES, VectorPrimitives.L2);
        FloatVector l1 = FloatVector.broadcast(SPECIES, VectorPrimitives.L1);
        FloatVector l0 = FloatVector.broadcast(SPECIES, VectorPrimitives.L0);
        FloatVector tails = FloatVector.zero(SPECIES);
        FloatVector lines = tails;
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = (FloatVector) VectorMemory.LOAD.invokeExact(x, xAddress, at + i * Float.BYTES);
            FloatVector a = (FloatVector) VectorMemory.LOAD.invokeExact(y, yAddress, at + i * Float.BYTES);
            FloatVector e = FloatVector.fromArray(SPECIES, exponentials, i);
            FloatVector log = e.fma(l8, l7)
                    .fma(e, l6)
                    .fma(e, l5)
                    .fma(e, l4)
                    .fma(e, l3)
                    .fma(e, l2)
                    .fma(e, l1)
                    .fma(e, l0);
            tails = log.fma(e, tails);
            lines = lines.add(v.neg().fma(a, v.max(0)));
        }
        tails.intoArray(lanes, 0);
        lines.intoArray(lanes, LANES);
    }

    private void crossEntropyGradient(Memory memory, long first, int n) throws Throwable {
        ByteBuffer x = memory.x().piece(first);
        long xAddress = memory.x().pieceAddress(first);
        ByteBuffer y = memory.y().piece(first);
        long yAddress = memory.y().pieceAddress(first);
        FloatMemory gradient = Objects.requireNonNull(memory.gradient());
        ByteBuffer g = gradient.piece(first);
        long gAddress = gradient.pieceAddress(first);
        int at = memory.x().offset(first);
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        FloatVector scale = FloatVector.broadcast(SPECIES, memory.scale());
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector unknown = zero;
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = (FloatVector) VectorMemory.LOAD.invokeExact(x, xAddress, at + i * Float.BYTES);
            FloatVector a = (FloatVector) VectorMemory.LOAD.invokeExact(y, yAddress, at + i * Float.BYTES);
            FloatVector e = FloatVector.fromArray(SPECIES, exponentials, i);
            FloatVector large = one.div(e.add(one));
            FloatVector small = e.mul(large);
            VectorMask<Float> negative = v.compare(VectorOperators.LT, 0);
            FloatVector p = large.blend(small, negative);
            FloatVector q = small.blend(large, negative);
            FloatVector d = one.sub(a).mul(p).sub(a.mul(q)).mul(scale);
            VectorMemory.STORE.invokeExact(d, g, gAddress, at + i * Float.BYTES);
            unknown = v.fma(zero, a.fma(zero, unknown));
        }
        unknown.intoArray(lanes, 0);
        zero.intoArray(lanes, LANES);
    }

    @Override
    public double sigmoidFocal(Memory memory, float gamma, float negative, float positive, long first, int n) {
        return unchecked(() -> {
            exponentials(memory.x(), first, n);
            if (memory.gradient() == null) {
                focalValue(memory, gamma, negative, positive, first, n);
            } else {
                focal(memory, gamma, negative, positive, first, n);
            }
            return sum();
        });
    }

    /** With w = x for label 0 and -x for 1: u is its sigmoid and CE its softplus. */
    private void focal(Memory memory, float gamma, float negative, float positive, long first, int n) throws Throwable {
        ByteBuffer x = memory.x().piece(first);
        long xAddress = memory.x().pieceAddress(first);
        ByteBuffer y = memory.y().piece(first);
        long yAddress = memory.y().pieceAddress(first);
        FloatMemory gradient = Objects.requireNonNull(memory.gradient());
        ByteBuffer g = gradient.piece(first);
        long gAddress = gradient.pieceAddress(first);
        int at = memory.x().offset(first);
        FloatVector l8 = FloatVector.broadcast(SPECIES, VectorPrimitives.L8);
        FloatVector l7 = FloatVector.broadcast(SPECIES, VectorPrimitives.L7);
        FloatVector l6 = FloatVector.broadcast(SPECIES, VectorPrimitives.L6);
        FloatVector l5 = FloatVector.broadcast(SPECIES, VectorPrimitives.L5);
        FloatVector l4 = FloatVector.broadcast(SPECIES, VectorPrimitives.L4);
        FloatVector l3 = FloatVector.broadcast(SPECIES, VectorPrimitives.L3);
        FloatVector l2 = FloatVector.broadcast(SPECIES, VectorPrimitives.L2);
        FloatVector l1 = FloatVector.broadcast(SPECIES, VectorPrimitives.L1);
        FloatVector l0 = FloatVector.broadcast(SPECIES, VectorPrimitives.L0);
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector scale = FloatVector.broadcast(SPECIES, memory.scale());
        // u^gamma = u (u (gamma - 1) + 2 - gamma) for both gammas, without rounding.
        FloatVector square = FloatVector.broadcast(SPECIES, gamma - 1);
        FloatVector line = FloatVector.broadcast(SPECIES, 2 - gamma);
        FloatVector values = zero;
        FloatVector unknown = zero;
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = (FloatVector) VectorMemory.LOAD.invokeExact(x, xAddress, at + i * Float.BYTES);
            FloatVector a = (FloatVector) VectorMemory.LOAD.invokeExact(y, yAddress, at + i * Float.BYTES);
            FloatVector e = FloatVector.fromArray(SPECIES, exponentials, i);
            FloatVector b = one.sub(a);
            FloatVector flip = b.sub(a);
            FloatVector w = v.mul(flip);
            FloatVector soft = a.mul(b);
            unknown = v.fma(zero, soft.fma(soft, unknown));
            FloatVector large = one.div(e.add(one));
            FloatVector small = e.mul(large);
            VectorMask<Float> wrong = w.compare(VectorOperators.GT, 0);
            FloatVector u = small.blend(large, wrong);
            FloatVector focus = u.fma(square, line).mul(u).mul(a.mul(positive).add(b.mul(negative)));
            FloatVector log = e.fma(l8, l7)
                    .fma(e, l6)
                    .fma(e, l5)
                    .fma(e, l4)
                    .fma(e, l3)
                    .fma(e, l2)
                    .fma(e, l1)
                    .fma(e, l0);
            FloatVector ce = log.fma(e, w.max(0));
            values = focus.fma(ce, values);
            FloatVector p = large.blend(small, wrong);
            FloatVector d = p.mul(gamma).fma(ce, u).mul(focus.mul(flip)).mul(scale);
            VectorMemory.STORE.invokeExact(d, g, gAddress, at + i * Float.BYTES);
        }
        values.intoArray(lanes, 0);
        zero.blend(Float.NaN, unknown.compare(VectorOperators.NE, 0)).intoArray(lanes, LANES);
    }

    private void focalValue(Memory memory, float gamma, float negative, float positive, long first, int n)
            throws Throwable {
        ByteBuffer x = memory.x().piece(first);
        long xAddress = memory.x().pieceAddress(first);
        ByteBuffer y = memory.y().piece(first);
        long yAddress = memory.y().pieceAddress(first);
        int at = memory.x().offset(first);
        FloatVector l8 = FloatVector.broadcast(SPECIES, VectorPrimitives.L8);
        FloatVector l7 = FloatVector.broadcast(SPECIES, VectorPrimitives.L7);
        FloatVector l6 = FloatVector.broadcast(SPECIES, VectorPrimitives.L6);
        FloatVector l5 = FloatVector.broadcast(SPECIES, VectorPrimitives.L5);
        FloatVector l4 = FloatVector.broadcast(SPECIES, VectorPrimitives.L4);
        FloatVector l3 = FloatVector.broadcast(SPECIES, VectorPrimitives.L3);
        FloatVector l2 = FloatVector.broadcast(SPECIES, VectorPrimitives.L2);
        FloatVector l1 = FloatVector.broadcast(SPECIES, VectorPrimitives.L1);
        FloatVector l0 = FloatVector.broadcast(SPECIES, VectorPrimitives.L0);
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        FloatVector zero = FloatVector.zero(SPECIES);
        // u^gamma = u (u (gamma - 1) + 2 - gamma) for both gammas, without rounding.
        FloatVector square = FloatVector.broadcast(SPECIES, gamma - 1);
        FloatVector line = FloatVector.broadcast(SPECIES, 2 - gamma);
        FloatVector values = zero;
        FloatVector unknown = zero;
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = (FloatVector) VectorMemory.LOAD.invokeExact(x, xAddress, at + i * Float.BYTES);
            FloatVector a = (FloatVector) VectorMemory.LOAD.invokeExact(y, yAddress, at + i * Float.BYTES);
            FloatVector e = FloatVector.fromArray(SPECIES, exponentials, i);
            FloatVector b = one.sub(a);
            FloatVector flip = b.sub(a);
            FloatVector w = v.mul(flip);
            FloatVector soft = a.mul(b);
            unknown = v.fma(zero, soft.fma(soft, unknown));
            FloatVector large = one.div(e.add(one));
            FloatVector small = e.mul(large);
            VectorMask<Float> wrong = w.compare(VectorOperators.GT, 0);
            FloatVector u = small.blend(large, wrong);
            FloatVector focus = u.fma(square, line).mul(u).mul(a.mul(positive).add(b.mul(negative)));
            FloatVector log = e.fma(l8, l7)
                    .fma(e, l6)
                    .fma(e, l5)
                    .fma(e, l4)
                    .fma(e, l3)
                    .fma(e, l2)
                    .fma(e, l1)
                    .fma(e, l0);
            FloatVector ce = log.fma(e, w.max(0));
            values = focus.fma(ce, values);
        }
        values.intoArray(lanes, 0);
        zero.blend(Float.NaN, unknown.compare(VectorOperators.NE, 0)).intoArray(lanes, LANES);
    }

    @Override
    public double squared(Memory memory, long first, int n) {
        return unchecked(() -> {
            if (memory.gradient() == null) {
                squaredValue(memory, first, n);
            } else {
                squaredBoth(memory, first, n);
            }
            return sum();
        });
    }

    private void squaredBoth(Memory memory, long first, int n) throws Throwable {
        ByteBuffer x = memory.x().piece(first);
        long xAddress = memory.x().pieceAddress(first);
        ByteBuffer y = memory.y().piece(first);
        long yAddress = memory.y().pieceAddress(first);
        FloatMemory gradient = Objects.requireNonNull(memory.gradient());
        ByteBuffer g = gradient.piece(first);
        long gAddress = gradient.pieceAddress(first);
        int at = memory.x().offset(first);
        FloatVector scale = FloatVector.broadcast(SPECIES, memory.scale());
        FloatVector values = FloatVector.zero(SPECIES);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = (FloatVector) VectorMemory.LOAD.invokeExact(x, xAddress, at + i * Float.BYTES);
            FloatVector a = (FloatVector) VectorMemory.LOAD.invokeExact(y, yAddress, at + i * Float.BYTES);
            FloatVector difference = v.sub(a);
            values = difference.fma(difference, values);
            FloatVector d = difference.mul(2).mul(scale);
            VectorMemory.STORE.invokeExact(d, g, gAddress, at + i * Float.BYTES);
        }
        values.intoArray(lanes, 0);
        FloatVector.zero(SPECIES).intoArray(lanes, LANES);
    }

    private void squaredValue(Memory memory, long first, int n) throws Throwable {
        ByteBuffer x = memory.x().piece(first);
        long xAddress = memory.x().pieceAddress(first);
        ByteBuffer y = memory.y().piece(first);
        long yAddress = memory.y().pieceAddress(first);
        int at = memory.x().offset(first);
        FloatVector values = FloatVector.zero(SPECIES);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = (FloatVector) VectorMemory.LOAD.invokeExact(x, xAddress, at + i * Float.BYTES);
            FloatVector a = (FloatVector) VectorMemory.LOAD.invokeExact(y, yAddress, at + i * Float.BYTES);
            FloatVector difference = v.sub(a);
            values = difference.fma(difference, values);
        }
        values.intoArray(lanes, 0);
        FloatVector.zero(SPECIES).intoArray(lanes, LANES);
    }

    @Override
    public double absolute(Memory memory, long first, int n) {
        return unchecked(() -> {
            if (memory.gradient() == null) {
                absoluteValue(memory, first, n);
            } else {
                absoluteBoth(memory, first, n);
            }
            return sum();
        });
    }

    private void absoluteBoth(Memory memory, long first, int n) throws Throwable {
        ByteBuffer x = memory.x().piece(first);
        long xAddress = memory.x().pieceAddress(first);
        ByteBuffer y = memory.y().piece(first);
        long yAddress = memory.y().pieceAddress(first);
        FloatMemory gradient = Objects.requireNonNull(memory.gradient());
        ByteBuffer g = gradient.piece(first);
        long gAddress = gradient.pieceAddress(first);
        int at = memory.x().offset(first);
        FloatVector scale = FloatVector.broadcast(SPECIES, memory.scale());
        FloatVector values = FloatVector.zero(SPECIES);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = (FloatVector) VectorMemory.LOAD.invokeExact(x, xAddress, at + i * Float.BYTES);
            FloatVector a = (FloatVector) VectorMemory.LOAD.invokeExact(y, yAddress, at + i * Float.BYTES);
            FloatVector difference = v.sub(a);
            values = values.add(difference.abs());
            // The sign, as in the tiles.
            FloatVector d =
                    difference.mul(0x1p126f).mul(0x1p126f).min(1).max(-1).mul(scale);
            VectorMemory.STORE.invokeExact(d, g, gAddress, at + i * Float.BYTES);
        }
        values.intoArray(lanes, 0);
        FloatVector.zero(SPECIES).intoArray(lanes, LANES);
    }

    private void absoluteValue(Memory memory, long first, int n) throws Throwable {
        ByteBuffer x = memory.x().piece(first);
        long xAddress = memory.x().pieceAddress(first);
        ByteBuffer y = memory.y().piece(first);
        long yAddress = memory.y().pieceAddress(first);
        int at = memory.x().offset(first);
        FloatVector values = FloatVector.zero(SPECIES);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = (FloatVector) VectorMemory.LOAD.invokeExact(x, xAddress, at + i * Float.BYTES);
            FloatVector a = (FloatVector) VectorMemory.LOAD.invokeExact(y, yAddress, at + i * Float.BYTES);
            FloatVector difference = v.sub(a);
            values = values.add(difference.abs());
        }
        values.intoArray(lanes, 0);
        FloatVector.zero(SPECIES).intoArray(lanes, LANES);
    }

    @Override
    public double huber(Memory memory, float delta, double factor, long first, int n) {
        return factor
                * unchecked(() -> {
                    if (memory.gradient() == null) {
                        huberValue(memory, delta, first, n);
                    } else {
                        huberBoth(memory, delta, (float) (factor * memory.scale()), first, n);
                    }
                    return sum();
                });
    }

    private void huberBoth(Memory memory, float delta, float scale, long first, int n) throws Throwable {
        ByteBuffer x = memory.x().piece(first);
        long xAddress = memory.x().pieceAddress(first);
        ByteBuffer y = memory.y().piece(first);
        long yAddress = memory.y().pieceAddress(first);
        FloatMemory gradient = Objects.requireNonNull(memory.gradient());
        ByteBuffer g = gradient.piece(first);
        long gAddress = gradient.pieceAddress(first);
        int at = memory.x().offset(first);
        FloatVector values = FloatVector.zero(SPECIES);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = (FloatVector) VectorMemory.LOAD.invokeExact(x, xAddress, at + i * Float.BYTES);
            FloatVector a = (FloatVector) VectorMemory.LOAD.invokeExact(y, yAddress, at + i * Float.BYTES);
            FloatVector difference = v.sub(a);
            FloatVector size = difference.abs();
            FloatVector inside = size.min(delta);
            values = inside.fma(inside.mul(-0.5f).add(size), values);
            FloatVector d = difference.min(delta).max(-delta).mul(scale);
            VectorMemory.STORE.invokeExact(d, g, gAddress, at + i * Float.BYTES);
        }
        values.intoArray(lanes, 0);
        FloatVector.zero(SPECIES).intoArray(lanes, LANES);
    }

    private void huberValue(Memory memory, float delta, long first, int n) throws Throwable {
        ByteBuffer x = memory.x().piece(first);
        long xAddress = memory.x().pieceAddress(first);
        ByteBuffer y = memory.y().piece(first);
        long yAddress = memory.y().pieceAddress(first);
        int at = memory.x().offset(first);
        FloatVector values = FloatVector.zero(SPECIES);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = (FloatVector) VectorMemory.LOAD.invokeExact(x, xAddress, at + i * Float.BYTES);
            FloatVector a = (FloatVector) VectorMemory.LOAD.invokeExact(y, yAddress, at + i * Float.BYTES);
            FloatVector difference = v.sub(a);
            FloatVector size = difference.abs();
            FloatVector inside = size.min(delta);
            values = inside.fma(inside.mul(-0.5f).add(size), values);
        }
        values.intoArray(lanes, 0);
        FloatVector.zero(SPECIES).intoArray(lanes, LANES);
    }
}
