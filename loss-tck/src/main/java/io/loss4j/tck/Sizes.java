package io.loss4j.tck;

/** Awkward sizes, each for a reason. */
final class Sizes {
    /**
     * 1 and 2: no loop runs twice. 15 16 17, 31, 63 64 65, 127: one less, exactly and one more than the lanes of vectors
     * of 4 to 16 floats, twice unrolled, and tiles of 64 rows. 101: a prime above all of them.
     */
    static final int[] ROWS = {1, 2, 15, 16, 17, 31, 63, 64, 65, 127, 101};

    /**
     * 1 and 2: binary outputs, where kernels take shortcuts. 3, 7: shorter than any vector. 15 16 17, 31, 63 64 65, 127:
     * around the lanes. 48, 49: where kernels change from working across rows to working along them. 1000, 1001: a usual
     * number of classes, and one more, with a tail of one.
     */
    static final int[] COLUMNS = {1, 2, 3, 7, 15, 16, 17, 31, 48, 49, 63, 64, 65, 127, 1000, 1001};

    /** A vocabulary: a row longer than any tile in the L1 cache, where a sum of floats loses digits. */
    static final int VOCABULARY = 50257;

    /** Elements around a tile of 4096, and a prime beyond what a caller's thread does alone. */
    static final int[] ELEMENTS = {4095, 4096, 4097, 100003};

    private Sizes() {}
}
