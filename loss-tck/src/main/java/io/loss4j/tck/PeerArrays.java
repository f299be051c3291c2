package io.loss4j.tck;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Layouts of other libraries, and the activations that some of their losses begin with. */
final class PeerArrays {
    static final DoubleUnaryOperator SIGMOID = x -> 1 / (1 + Math.exp(-x));
    static final DoubleUnaryOperator LOGIT = p -> Math.log(p) - Math.log1p(-p);

    private PeerArrays() {}

    /** [N, C, spatial...] with one spatial axis. */
    static Grid flat(Grid grid) {
        int n = grid.size(0);
        int classes = grid.size(1);
        return grid.reshaped(n, classes, grid.size() / (n * classes));
    }

    /** Labels of [N, 1, spatial...] class indices as [N, C, space], or dense ones with one spatial axis. */
    static Grid classesOf(PeerCase c, int classes) {
        Grid x = flat(c.predictions());
        Grid labels = c.labels();
        return c.indices() && classes > 1 || labels.size() * classes == x.size() && classes > 1
                ? labels.reshaped(x.size(0), x.size(2)).oneHot(classes).moved(-1, 1)
                : labels.reshaped(x.shape());
    }

    static Grid softmax(Grid grid, int axis) {
        Grid largest = along(grid, axis, Math::max);
        return normalized(grid.zip(largest, (a, b) -> Math.exp(a - b)), axis);
    }

    static Grid normalized(Grid grid, int axis) {
        return grid.zip(along(grid, axis, Double::sum), (a, b) -> a / b);
    }

    /** Folded along an axis, which remains with size 1. */
    private static Grid along(Grid grid, int axis, DoubleBinaryOperator fold) {
        int at = Math.floorMod(axis, grid.rank());
        Grid folded = grid.at(at, 0);
        for (int k = 1; k < grid.size(at); k++) {
            folded = folded.zip(grid.at(at, k), fold);
        }
        return folded;
    }
}
