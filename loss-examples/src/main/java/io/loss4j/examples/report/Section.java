package io.loss4j.examples.report;

import java.util.List;

/**
 * Figures under one heading.
 *
 * @param title the heading
 * @param text what holds for all of them; may be empty
 * @param figures what is shown
 */
record Section(String title, String text, List<Figure> figures) {}
