package io.loss4j.cpu;

import io.loss4j.loss.GeneralizedCrossEntropy;
import io.loss4j.loss.MaeProbability;
import io.loss4j.loss.Poly1CrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import io.loss4j.loss.SoftmaxLoss;
import org.jspecify.annotations.Nullable;

/** The formula of a softmax loss for the targets of many rows at once, in loops that the JIT vectorises. */
interface TargetFunction {
    /**
     * Computes value and slope, which is the derivative by the log-probability.
     *
     * @param p by row: the probability of the target
     * @param q 1 - p, without cancellation
     * @param minusLog -log p, finite
     * @param n a multiple of {@link Primitives#lanes}
     */
    void apply(float[] p, float[] q, float[] minusLog, float[] value, float[] slope, int n);

    /** The function of a loss from logits, or null if it has none. */
    static @Nullable TargetFunction of(SoftmaxLoss loss, Primitives primitives) {
        if (loss instanceof SoftmaxFocal focal && focal.gamma().isScalar()) {
            double gamma = focal.gamma().at(0);
            return gamma == 1 || gamma == 2 || gamma == 3 ? focal((int) gamma) : null;
        } else if (loss instanceof Poly1CrossEntropy poly && poly.epsilon() >= -0.5) {
            return poly1((float) poly.epsilon()); // below, the value is a small difference
        } else if (loss instanceof MaeProbability) {
            return (p, q, minusLog, value, slope, n) -> {
                for (int i = 0; i < n; i++) {
                    value[i] = q[i];
                    slope[i] = -p[i];
                }
            };
        } else if (loss instanceof GeneralizedCrossEntropy generalized) {
            return generalized((float) generalized.q(), primitives);
        }
        return null;
    }

    /** q^gamma m and -(q^gamma + gamma q^(gamma - 1) p m); other powers would cost the digits that float has left. */
    private static TargetFunction focal(int gamma) {
        // q^(gamma - 1) = a + q (b + c q), without rounding: a choice within the loop would keep it from vectors.
        float a = gamma == 1 ? 1 : 0;
        float b = gamma == 2 ? 1 : 0;
        float c = gamma == 3 ? 1 : 0;
        return (p, q, minusLog, value, slope, n) -> {
            for (int i = 0; i < n; i++) {
                float lower = a + q[i] * (b + c * q[i]);
                float ce = lower * minusLog[i];
                value[i] = ce * q[i];
                slope[i] = -(lower * q[i] + gamma * p[i] * ce);
            }
        };
    }

    /** m + epsilon q and -(1 + epsilon p). */
    private static TargetFunction poly1(float epsilon) {
        return (p, q, minusLog, value, slope, n) -> {
            for (int i = 0; i < n; i++) {
                value[i] = minusLog[i] + epsilon * q[i];
                slope[i] = -1 - epsilon * p[i];
            }
        };
    }

    /** (1 - e) / q and -e, with e = exp(-q m). */
    private static TargetFunction generalized(float power, Primitives primitives) {
        return (p, q, minusLog, value, slope, n) -> {
            for (int i = 0; i < n; i++) {
                value[i] = -power * minusLog[i];
            }
            primitives.expAndOneLess(value, slope, value, n);
            for (int i = 0; i < n; i++) {
                value[i] /= -power;
                slope[i] = -slope[i];
            }
        };
    }
}
