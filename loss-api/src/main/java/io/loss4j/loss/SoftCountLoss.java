package io.loss4j.loss;

/**
 * What a loss of a batch is, if it looks at the batch only through the soft counts of its columns, such as Dice: a backend
 * can then count in parallel, ask once what the counts cost, and write the gradient in a second pass.
 */
public interface SoftCountLoss {
    /** How probabilities and labels are counted. */
    SoftCounts counts();

    /**
     * Whether two columns are counted against each other, no and yes, with (0, 1) and (1, 0) as their labels: with weights
     * w, labels y and probabilities p, column 1 then has the true positives w1 y1 p1 and the false positives w0 y0 p1,
     * and column 0 has w1 y1 p0 as true positives. Other counts of them mean nothing.
     */
    default boolean paired() {
        return false;
    }

    /**
     * What counts cost. Of everything, not of each class, it costs the same whether columns are counted one by one or all
     * as one.
     *
     * @param table the counts of all columns, without class weights; its slopes are written
     * @param classWeights by column; must not be changed
     * @return the loss; 0 with slopes of 0 if all weights are 0
     */
    double evaluate(SoftCountTable table, double[] classWeights);
}
