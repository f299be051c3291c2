package io.loss4j.loss;

/** The weight of a class with so many labels v. */
public enum VolumeWeights {
    /** 1 / v^2. */
    SQUARE,
    /** 1 / v. */
    SIMPLE,
    /** 1. */
    UNIFORM;

    /** May be infinite. */
    double of(double volume) {
        return switch (this) {
            case SQUARE -> 1 / (volume * volume);
            case SIMPLE -> 1 / volume;
            case UNIFORM -> 1;
        };
    }
}
