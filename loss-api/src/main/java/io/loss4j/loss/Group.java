package io.loss4j.loss;

/**
 * Elements of a batch that an overlap is computed of: a row, a column, or everything.
 *
 * @param predictions of the whole batch
 * @param labels of the whole batch
 * @param weights of the whole batch
 * @param gradient of the whole batch, 0 so far
 * @param from the first element
 * @param step from one element to the next
 * @param size how many elements
 */
@SuppressWarnings("ArrayRecordComponent") // a view, never compared
record Group(double[] predictions, double[] labels, double[] weights, double[] gradient, int from, int step, int size) {
    static Group all(double[] predictions, double[] labels, double[] weights, double[] gradient) {
        return new Group(predictions, labels, weights, gradient, 0, 1, predictions.length);
    }

    Group column(int column, int columns) {
        return new Group(predictions, labels, weights, gradient, column, columns, predictions.length / columns);
    }

    int at(int i) {
        return from + i * step;
    }

    double weight() {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += weights[at(i)];
        }
        return sum;
    }

    boolean hasLabels() {
        for (int i = 0; i < size; i++) {
            if (weights[at(i)] != 0 && labels[at(i)] > 0) {
                return true;
            }
        }
        return false;
    }

    void scaleGradient(double factor) {
        for (int i = 0; i < size; i++) {
            gradient[at(i)] *= factor;
        }
    }
}
