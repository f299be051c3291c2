package io.loss4j.examples.comparison;

import java.util.Arrays;
import java.util.List;

/** What can be done about imbalance, by the place where it acts. Remedies of different places combine. */
enum Remedy {
    CLASS_WEIGHTED(Place.WEIGHTS, "class-weighted", "class weights", "rare classes weigh more in the loss, by 1/count"),
    EFFECTIVE_NUMBER(
            Place.WEIGHTS,
            "effective-number",
            "effective number",
            "rare classes weigh more in the loss, by the inverse effective number of examples (Cui 2019)"),
    FOCAL(Place.LOSS, "focal", "focal loss", "the loss attends to rows that are not yet right (Lin 2017)"),
    LDAM_DRW(
            Place.LOSS,
            "ldam-drw",
            "LDAM, deferred weights",
            "rare classes get a wider margin, and class weights once the network has learnt the features (Cao 2019)"),
    LOGIT_ADJUSTED(
            Place.LOSS,
            "logit-adjusted",
            "logit adjustment",
            "the logits are shifted by the class frequencies while training (Menon 2021)"),
    ASYMMETRIC(
            Place.LOSS,
            "asymmetric",
            "asymmetric loss",
            "the loss attends less to easy rows of other classes (Ridnik 2021)"),
    OVERSAMPLED(Place.SAMPLES, "oversampled", "oversampling", "rows of rare classes are repeated"),
    UNDERSAMPLED(
            Place.SAMPLES,
            "undersampled",
            "undersampling",
            "rows of frequent classes are left out, others every epoch"),
    SMOTE(Place.SAMPLES, "smote", "SMOTE", "rows between neighbours of a rare class are added to it (Chawla 2002)"),
    THRESHOLDS(
            Place.DECISION,
            "thresholds",
            "fitted thresholds",
            "a fifth of the rows is held out of training, to fit the thresholds of the highest balanced accuracy");

    /** Where a remedy acts. */
    enum Place {
        LOSS,
        WEIGHTS,
        SAMPLES,
        DECISION
    }

    private final Place place;
    private final String id;
    private final String title;
    private final String sentence;

    Remedy(Place place, String id, String title, String sentence) {
        this.place = place;
        this.id = id;
        this.title = title;
        this.sentence = sentence;
    }

    Place place() {
        return place;
    }

    /** As on the command line. */
    String id() {
        return id;
    }

    /** For people. */
    String title() {
        return title;
    }

    /** What it does, without a full stop. */
    String sentence() {
        return sentence;
    }

    static List<String> ids() {
        return Arrays.stream(values()).map(Remedy::id).toList();
    }
}
