package io.loss4j.loss;

/**
 * The Lovasz extension of the Jaccard loss: the errors of all elements, largest first, each times what its mistake adds to
 * one minus intersection over union. Equal errors are taken in the order of their elements.
 *
 * @param hinge whether errors are hinges of scores, max(0, 1 - x (2y - 1)), or distances of probabilities, |y - p|
 */
record LovaszExtension(boolean hinge) implements GroupLoss {
    @Override
    public double evaluate(Group group) {
        int[] order = new int[group.size()];
        double[] errors = new double[group.size()];
        int counted = 0;
        double labelled = 0;
        for (int i = 0; i < group.size(); i++) {
            int at = group.at(i);
            double w = group.weights()[at];
            if (w != 0) {
                order[counted++] = i;
                errors[i] = error(group.predictions()[at], group.labels()[at]);
                labelled += w * group.labels()[at];
            }
        }
        sortByError(order, counted, errors);
        double both = labelled;
        double either = labelled;
        double jaccard = 0;
        double value = 0;
        for (int i = 0; i < counted; i++) {
            int at = group.at(order[i]);
            double w = group.weights()[at];
            double y = group.labels()[at];
            both -= w * y;
            either += w * (1 - y);
            double next = either <= 0 ? jaccard : 1 - both / either;
            double error = errors[order[i]];
            value += Probability.weighted(next - jaccard, Math.max(0, error));
            group.gradient()[at] = error <= 0 ? 0 : (next - jaccard) * slope(group.predictions()[at], y);
            jaccard = next;
        }
        return value;
    }

    private double error(double x, double y) {
        return hinge ? 1 - x * (2 * y - 1) : Math.abs(x - y);
    }

    private double slope(double x, double y) {
        return hinge ? 1 - 2 * y : Math.signum(x - y);
    }

    /** Merges runs of doubling length: stable, and without an object per element. */
    private static void sortByError(int[] order, int size, double[] errors) {
        int[] from = order;
        int[] to = new int[size];
        for (int run = 1; run < size; run *= 2) {
            for (int start = 0; start < size; start += 2 * run) {
                int middle = Math.min(start + run, size);
                int end = Math.min(middle + run, size);
                int left = start;
                int right = middle;
                for (int i = start; i < end; i++) {
                    boolean takeLeft = right == end || left < middle && !(errors[from[right]] > errors[from[left]]);
                    to[i] = takeLeft ? from[left++] : from[right++];
                }
            }
            int[] merged = to;
            to = from;
            from = merged;
        }
        if (from != order) {
            System.arraycopy(from, 0, order, 0, size);
        }
    }
}
