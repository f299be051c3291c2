package io.loss4j.examples.comparison;

import java.util.Locale;

/** What a candidate is judged by. Each is a number up to 1, more is better, computed for every fold by itself. */
public enum Measure {
    /** Mean recall of the classes. */
    BALANCED_ACCURACY("balanced accuracy"),
    /** Mean F1 of the classes. */
    MACRO_F1("macro-F1"),
    /** Average precision: of the rarer of two classes, else the mean of each class against the rest. */
    PR_AUC("PR-AUC"),
    /** Area under the ROC curve, of the same classes as {@link #PR_AUC}. */
    ROC_AUC("ROC-AUC"),
    /** Matthews' correlation coefficient of the answered with the true classes. */
    MATTHEWS("MCC"),
    /** The part of the rows that is answered correctly. */
    ACCURACY("accuracy");

    private final String title;

    Measure(String title) {
        this.title = title;
    }

    /** As on the command line. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** For people. */
    public String title() {
        return title;
    }
}
