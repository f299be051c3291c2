package io.loss4j.cpu;

import java.util.Arrays;

/** Minus the cosine of predictions and labels. Squares of floats neither overflow nor vanish in double. */
final class CosineRule implements RowRule {
    private final int columns;

    CosineRule(int columns) {
        this.columns = columns;
    }

    @Override
    public double evaluate(float[] x, int r, int hot, float[] t, float[] gradient) {
        int at = r * columns;
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int k = 0; k < columns; k++) {
            double v = x[at + k];
            double y = t[k];
            xx += v * v;
            yy += y * y;
            xy += v * y;
        }
        double lengthX = Math.sqrt(xx);
        double lengthY = Math.sqrt(yy);
        if (lengthX < Float.MIN_NORMAL || lengthY < Float.MIN_NORMAL) {
            Arrays.fill(gradient, at, at + columns, 0);
            return 0;
        }
        double cosine = xy / lengthX / lengthY;
        double byX = cosine / xx;
        double byY = 1 / (lengthX * lengthY);
        for (int k = 0; k < columns; k++) {
            gradient[at + k] = (float) (byX * x[at + k] - byY * t[k]);
        }
        return -cosine;
    }
}
