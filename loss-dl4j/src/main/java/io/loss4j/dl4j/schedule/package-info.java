/**
 * Losses that change while a network trains: {@link io.loss4j.dl4j.schedule.DeferredReweighting} and
 * {@link io.loss4j.dl4j.schedule.LossSchedule} are training listeners.
 */
@NullMarked
package io.loss4j.dl4j.schedule;

import org.jspecify.annotations.NullMarked;
