package io.loss4j.cpu;

import io.loss4j.tensor.Half;
import java.util.Arrays;

/** Plain loops, for machines and command lines without the vector module. */
final class ScalarPrimitives implements Primitives {
    /** Results below this are 0, as in the SIMD form. */
    private static final double LEAST = -87.33;

    private final DoublePrimitives doubles = new ScalarDoublePrimitives();

    @Override
    public String description() {
        return "scalar";
    }

    @Override
    public DoublePrimitives doubles() {
        return doubles;
    }

    @Override
    public int lanes() {
        return 4;
    }

    private static float exp(float x) {
        return x < LEAST ? 0 : (float) Math.exp(x);
    }

    @Override
    public float max(float[] x, int at, int n) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = at; i < at + n; i++) {
            max = Math.max(max, x[i]);
        }
        return max;
    }

    @Override
    public double exponentials(float[] x, float shift, float[] e, int n, float[] partial) {
        double total = 0;
        for (int block = 0; block < n; block += BLOCK) {
            float s0 = 0;
            float s1 = 0;
            float s2 = 0;
            float s3 = 0;
            for (int i = block; i < Math.min(n, block + BLOCK); i += 4) {
                s0 += e[i] = exp(x[i] - shift);
                s1 += e[i + 1] = exp(x[i + 1] - shift);
                s2 += e[i + 2] = exp(x[i + 2] - shift);
                s3 += e[i + 3] = exp(x[i + 3] - shift);
            }
            total = total + s0 + s1 + s2 + s3;
        }
        return total;
    }

    @Override
    public boolean boundedExponentials(float[] x, float[] e, int n) {
        boolean bounded = true;
        for (int i = 0; i < n; i++) {
            bounded &= !(x[i] > HIGHEST);
            e[i] = exp(x[i]);
        }
        return bounded;
    }

    @Override
    public boolean boundedExponentials(
            float[] x, int columns, int from, int to, int rows, float[] e, int pitch, float[] partial) {
        boolean bounded = true;
        for (int row = 0; row < rows; row++) {
            Arrays.fill(partial, row * 4, row * 4 + 4, 0);
            for (int k = from; k < to; k++) {
                float v = x[row * columns + k];
                bounded &= !(v > HIGHEST);
                e[row * pitch + k] = exp(v);
                partial[row * 4 + k % 4] += e[row * pitch + k];
            }
        }
        return bounded;
    }

    @Override
    public void partialSums(float[] e, int columns, int from, int to, int rows, float[] partial) {
        Arrays.fill(partial, 0, rows * 4, 0);
        for (int row = 0; row < rows; row++) {
            for (int k = from; k < to; k++) {
                partial[row * 4 + k % 4] += e[row * columns + k];
            }
        }
    }

    @Override
    public void softSums(float[] x, int xAt, float[] t, int tAt, int n, float[] partial, double[] sums) {
        SoftSums.add(4, x, xAt, 1, t, tAt, n, partial, sums);
    }

    @Override
    public void scaleRows(float[] e, int pitch, int columns, int rows, float[] factor, float[] out) {
        for (int row = 0; row < rows; row++) {
            for (int k = 0; k < columns; k++) {
                out[row * columns + k] = e[row * pitch + k] * factor[row];
            }
        }
    }

    @Override
    public int onlyNonZero(float[] t, int at, int n) {
        int found = -2;
        for (int i = 0; i < n; i++) {
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
        for (int i = 0; i < n; i++) {
            out[i] = t[i] == 0 ? 0 : marks[i];
        }
    }

    @Override
    public boolean onlyZerosAndOnes(float[] y, int n) {
        for (int i = 0; i < n; i++) {
            if (y[i] != 0 && y[i] != 1) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean within(float[] x, float low, float high, int n) {
        for (int i = 0; i < n; i++) {
            if (!(x[i] >= low && x[i] <= high)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void maxAcross(float[] x, int columns, int pitch, float[] max) {
        Arrays.fill(max, 0, pitch, Float.NEGATIVE_INFINITY);
        for (int k = 0; k < columns; k++) {
            for (int r = 0; r < pitch; r++) {
                max[r] = Math.max(max[r], x[k * pitch + r]);
            }
        }
    }

    @Override
    public boolean boundedExponentialsAcross(float[] x, int columns, int pitch, float[] partial, double[] sums) {
        boolean bounded = true;
        Arrays.fill(sums, 0, pitch, 0);
        for (int block = 0; block < columns; block += BLOCK) {
            Arrays.fill(partial, 0, 4 * pitch, 0);
            for (int k = block; k < Math.min(columns, block + BLOCK); k++) {
                int lane = k % 4 * pitch;
                for (int r = 0; r < pitch; r++) {
                    float v = x[k * pitch + r];
                    bounded &= !(v > HIGHEST);
                    x[k * pitch + r] = exp(v);
                    partial[lane + r] += x[k * pitch + r];
                }
            }
            for (int i = 0; i < 4 * pitch; i++) {
                sums[i % pitch] += partial[i];
            }
        }
        return bounded;
    }

    @Override
    public void scaleAcross(float[] x, int columns, int pitch, float[] factor) {
        for (int k = 0; k < columns; k++) {
            for (int r = 0; r < pitch; r++) {
                x[k * pitch + r] *= factor[r];
            }
        }
    }

    @Override
    public void sigmoid(float[] x, float[] tail, float[] p, float[] q, int n) {
        for (int i = 0; i < n; i++) {
            double e = Math.exp(-Math.abs(x[i]));
            double large = 1 / (1 + e);
            tail[i] = (float) Math.log1p(e);
            p[i] = (float) (x[i] >= 0 ? large : e * large);
            q[i] = (float) (x[i] >= 0 ? e * large : large);
        }
    }

    @Override
    public void sigmoidCrossEntropy(float[] x, float[] y, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            double e = Math.exp(-Math.abs(x[i]));
            double large = 1 / (1 + e);
            double p = x[i] >= 0 ? large : e * large;
            double q = x[i] >= 0 ? e * large : large;
            // Without the conditions 0 times an infinite logit would be NaN.
            double ifOne = y[i] == 0 ? 0 : y[i] * Math.max(-x[i], 0.0);
            double ifZero = y[i] == 1 ? 0 : (1.0 - y[i]) * Math.max(x[i], 0.0);
            value[i] = (float) (ifOne + ifZero + Math.log1p(e));
            derivative[i] = (float) ((1.0 - y[i]) * p - y[i] * q);
        }
    }

    @Override
    public void exp(float[] x, float[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = exp(x[i]);
        }
    }

    @Override
    public void expAndOneLess(float[] x, float[] e, float[] less, int n) {
        for (int i = 0; i < n; i++) {
            float v = x[i];
            e[i] = exp(v);
            less[i] = (float) Math.expm1(v);
        }
    }

    @Override
    public void log(float[] x, float[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = (float) Math.log(x[i]);
        }
    }

    @Override
    public void logOnePlus(float[] x, float[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = (float) Math.log1p(x[i]);
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
        boolean valid = true;
        for (int i = 0; i < n; i++) {
            float total = others[i] + target[i];
            float ratio = others[i] / target[i];
            valid &= ratio <= MOST_RATIO && total >= LEAST_TOTAL && total <= Float.MAX_VALUE;
            loss[i] = weight[i] * (float) Math.log1p(ratio);
            factor[i] = scale * weight[i] / total;
            atTarget[i] = -factor[i] * others[i];
        }
        return valid;
    }

    @Override
    public void splitPairs(float[] e, int[] hot, float[] target, float[] others, int rows) {
        for (int r = 0; r < rows; r++) {
            int at = 2 * r + (hot[r] == 1 ? 1 : 0);
            target[r] = e[at];
            others[r] = e[at ^ 1];
        }
    }

    @Override
    public void joinPairs(float[] atTarget, int[] hot, float[] out, int rows) {
        for (int r = 0; r < rows; r++) {
            int at = 2 * r + (hot[r] == 1 ? 1 : 0);
            out[at] = atTarget[r];
            out[at ^ 1] = -atTarget[r];
        }
    }

    @Override
    public void weigh(float[] weights, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            float w = weights[i];
            value[i] = w == 0 ? 0 : value[i] * w;
            derivative[i] = w == 0 ? 0 : derivative[i] * w;
        }
    }

    @Override
    public double sum(float[] x, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += x[i];
        }
        return sum;
    }

    @Override
    public void fromHalf(short[] bits, float[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = Half.halfToFloat(bits[i]);
        }
    }

    @Override
    public void toHalf(float[] from, short[] bits, int n) {
        for (int i = 0; i < n; i++) {
            bits[i] = Half.floatToHalf(from[i]);
        }
    }

    @Override
    public void fromBfloat(short[] bits, float[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = Half.bfloatToFloat(bits[i]);
        }
    }

    @Override
    public void toBfloat(float[] from, short[] bits, int n) {
        for (int i = 0; i < n; i++) {
            bits[i] = Half.floatToBfloat(from[i]);
        }
    }
}
