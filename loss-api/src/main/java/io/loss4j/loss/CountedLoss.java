package io.loss4j.loss;

import java.io.Serializable;

/**
 * A loss of the soft counts of a group.
 *
 * @param counts how they are made
 * @param score what they cost
 */
record CountedLoss(SoftCounts counts, Score score) implements GroupLoss {
    /** What soft counts cost. */
    interface Score extends Serializable {
        Confusion.Cost cost(Confusion counts);
    }

    @Override
    public double evaluate(Group group) {
        Confusion.Cost cost = score.cost(Confusion.of(group, counts));
        cost.gradient(group, counts, 1);
        return cost.value();
    }
}
