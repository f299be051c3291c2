package io.loss4j.dl4j.schedule;

import io.loss4j.LossFunction;

/** What a loss is at a time of training. Depends on nothing but its arguments, so that a restored network goes on. */
@FunctionalInterface
public interface ScheduledLoss {
    /**
     * @param loss the loss as it is now, perhaps as an earlier time or another schedule has left it
     * @param epoch how many epochs the network has been trained for before this one
     * @param iteration how many iterations before this one, in all epochs
     * @return the same with what is scheduled set, not changed relatively to what it is now
     */
    LossFunction at(LossFunction loss, int epoch, int iteration);
}
