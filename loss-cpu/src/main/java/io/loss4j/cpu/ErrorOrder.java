package io.loss4j.cpu;

import java.util.Arrays;

/**
 * Elements by their errors, largest first, equal ones in their order; for one worker. A key has the error in single
 * precision above the number of the element; where those are equal, errors in double decide.
 */
final class ErrorOrder {
    /** Below, the histograms of a radix sort cost more than they save. */
    private static final int LEAST_FOR_RADIX = 1 << 10;

    private static final int DIGIT = 11;
    private static final int BUCKETS = 1 << DIGIT;
    private static final int INDEX = 32;
    private static final int INDEX_MASK = 0x7fffffff;

    private long[] keys = new long[0];
    private long[] spare = new long[0];
    private final int[][] starts = new int[3][BUCKETS];
    private int size;

    /** Forgets all elements and makes room for so many. */
    void clear(int most) {
        if (keys.length < most) {
            keys = new long[most];
            spare = new long[most < LEAST_FOR_RADIX ? 0 : most];
        }
        size = 0;
    }

    /** Adds an element; their numbers must rise. Its error is above 0, and a float is large enough for it. */
    void add(int element, double error) {
        keys[size++] = (long) (INDEX_MASK - Float.floatToRawIntBits((float) error)) << INDEX | element;
    }

    int size() {
        return size;
    }

    /** The element at a place in the order. */
    int at(int place) {
        return (int) keys[place] & INDEX_MASK;
    }

    /**
     * Puts the elements in order.
     *
     * @param errors by element, counted from an index on
     */
    void sort(double[] errors, int from) {
        if (size < LEAST_FOR_RADIX) {
            Arrays.sort(keys, 0, size);
        } else {
            radixSort();
        }
        for (int start = 0; start < size; ) {
            int end = start + 1;
            boolean falling = true;
            while (end < size && keys[end] >>> INDEX == keys[start] >>> INDEX) {
                falling &= errors[from + at(end)] <= errors[from + at(end - 1)];
                end++;
            }
            if (!falling) {
                refine(start, end, errors, from);
            }
            start = end;
        }
    }

    /** Sorts errors that are equal in single precision: their bits in double differ by less than 2^31. */
    private void refine(int start, int end, double[] errors, int from) {
        long largest = 0;
        for (int i = start; i < end; i++) {
            largest = Math.max(largest, Double.doubleToRawLongBits(errors[from + at(i)]));
        }
        for (int i = start; i < end; i++) {
            long below = largest - Double.doubleToRawLongBits(errors[from + at(i)]);
            keys[i] = below << INDEX | at(i);
        }
        Arrays.sort(keys, start, end);
    }

    /** By the three digits of an error, the last first; each pass keeps the order of the one before. */
    private void radixSort() {
        for (int[] digits : starts) {
            Arrays.fill(digits, 0);
        }
        for (int i = 0; i < size; i++) {
            int error = (int) (keys[i] >>> INDEX);
            starts[0][error & BUCKETS - 1]++;
            starts[1][error >>> DIGIT & BUCKETS - 1]++;
            starts[2][error >>> 2 * DIGIT]++;
        }
        for (int digit = 0; digit < starts.length; digit++) {
            if (startsOfBuckets(starts[digit])) {
                scatter(INDEX + digit * DIGIT, starts[digit]);
                long[] sorted = spare;
                spare = keys;
                keys = sorted;
            }
        }
    }

    /** Replaces counts by where buckets start; returns false if everything is in one. */
    private boolean startsOfBuckets(int[] counts) {
        int start = 0;
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            int count = counts[bucket];
            if (count == size) {
                return false;
            }
            counts[bucket] = start;
            start += count;
        }
        return true;
    }

    private void scatter(int shift, int[] next) {
        for (int i = 0; i < size; i++) {
            long key = keys[i];
            spare[next[(int) (key >>> shift) & BUCKETS - 1]++] = key;
        }
    }
}
