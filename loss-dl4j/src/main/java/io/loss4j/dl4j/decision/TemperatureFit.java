package io.loss4j.dl4j.decision;

import io.loss4j.error.LossInputException;
import java.util.ArrayList;
import java.util.List;

/**
 * The temperature T of the highest likelihood of held-out rows under softmax(z / T + b). In beta = 1/T the negative
 * log-likelihood is convex: its slope is the sum of E[z] - z_y and its curvature the sum of Var[z], both under the
 * softmax. Newton's method finds where the slope is 0, inside a bracket that is halved where a step would leave it.
 */
final class TemperatureFit {
    private static final double LEAST = 0.01;
    private static final double MOST = 100;
    private static final double PRECISE = 1e-12;

    private final List<double[]> logits = new ArrayList<>();
    private final List<double[]> biases = new ArrayList<>();
    private final List<Integer> labels = new ArrayList<>();

    /** Slope and curvature of the negative log-likelihood. */
    private record Derivatives(double slope, double curvature) {}

    void add(double[] z, double[] bias, int label) {
        logits.add(z);
        biases.add(bias);
        labels.add(label);
    }

    double temperature() {
        double low = 1 / MOST;
        double high = 1 / LEAST;
        if (at(low).slope() >= 0) {
            throw none(
                    "the scores tell no more than chance: the likelihood rises to temperatures above " + MOST,
                    "check that scores and labels belong together");
        }
        if (at(high).slope() <= 0) {
            throw none(
                    "all rows are right: the likelihood rises to temperatures below " + LEAST,
                    "give more rows, none of which the network was trained with");
        }
        double beta = 1;
        for (double last = 0; Math.abs(beta - last) > PRECISE * beta; ) {
            Derivatives d = at(beta);
            last = beta;
            if (d.slope() < 0) {
                low = beta;
            } else {
                high = beta;
            }
            beta -= d.slope() / d.curvature();
            if (!(beta > low && beta < high)) {
                beta = (low + high) / 2;
            }
        }
        return 1 / beta;
    }

    private static LossInputException none(String problem, String remedy) {
        return new LossInputException("L4J-D53", "temperature scaling", problem, remedy);
    }

    private Derivatives at(double beta) {
        double slope = 0;
        double curvature = 0;
        for (int i = 0; i < logits.size(); i++) {
            double[] z = logits.get(i);
            double[] b = biases.get(i);
            double[] p = new double[z.length];
            for (int k = 0; k < p.length; k++) {
                p[k] = beta * z[k] + b[k];
            }
            Evidence.softmax(p);
            double mean = 0;
            for (int k = 0; k < p.length; k++) {
                mean += p[k] * z[k];
            }
            double variance = 0;
            for (int k = 0; k < p.length; k++) {
                variance += p[k] * (z[k] - mean) * (z[k] - mean);
            }
            slope += mean - z[labels.get(i)];
            curvature += variance;
        }
        return new Derivatives(slope, curvature);
    }
}
