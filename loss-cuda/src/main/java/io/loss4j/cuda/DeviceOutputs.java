package io.loss4j.cuda;

import org.jspecify.annotations.Nullable;

/**
 * Where a loss writes its results in device memory; what is null is not computed.
 *
 * @param value one DOUBLE: the reduced loss
 * @param gradient of the type and shape of the predictions: the derivative of the reduced loss
 * @param terms FLOAT, or DOUBLE for DOUBLE predictions: the weighted, unreduced terms, one per row, or for elementwise
 *     losses also one per element in the shape of the predictions
 */
public record DeviceOutputs(
        @Nullable DeviceArray value,
        @Nullable DeviceArray gradient,
        @Nullable DeviceArray terms) {
    /** The gradient alone, which is what training needs. */
    public static DeviceOutputs gradient(DeviceArray gradient) {
        return new DeviceOutputs(null, gradient, null);
    }
}
