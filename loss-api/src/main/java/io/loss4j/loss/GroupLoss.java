package io.loss4j.loss;

import java.io.Serializable;

/** A loss of a group of elements. */
interface GroupLoss extends Serializable {
    /**
     * The loss of a group in which some weight is not 0.
     *
     * @param group its gradient is written, and 0 before
     */
    double evaluate(Group group);
}
