package io.loss4j.cpu;

/** Plain loops, for machines and command lines without the vector module. */
final class ScalarDoublePrimitives implements DoublePrimitives {
    @Override
    public int lanes() {
        return 1;
    }

    @Override
    public double max(double[] x, int at, int n) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = at; i < at + n; i++) {
            max = Math.max(max, x[i]);
        }
        return max;
    }

    /** In four partial sums: one would wait for itself. */
    @Override
    public double sum(double[] x, int at, int n) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = at;
        for (; i < at + n - 3; i += 4) {
            a += x[i];
            b += x[i + 1];
            c += x[i + 2];
            d += x[i + 3];
        }
        for (; i < at + n; i++) {
            a += x[i];
        }
        return a + b + (c + d);
    }

    @Override
    public void exp(double[] x, double[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = Math.exp(x[i]);
        }
    }

    @Override
    public void log(double[] x, double[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = Math.log(x[i]);
        }
    }
}
