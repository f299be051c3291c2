package io.loss4j.examples.report;

import io.loss4j.examples.comparison.CandidateResult;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;

/**
 * How a candidate looks in every figure.
 *
 * @param result whose look
 * @param shown whether it has a colour of its own; else it is one of those in grey
 * @param colour of its lines and bars
 * @param stroke of its lines: a second sign beside the colour
 * @param marker at its points, as well
 */
record Look(CandidateResult result, boolean shown, Color colour, BasicStroke stroke, Shape marker) {
    String id() {
        return result.candidate().id();
    }

    String title() {
        return Labels.printable(result.candidate().title());
    }
}
