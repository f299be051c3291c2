#pragma once

#include "sum.cuh"
#include "team.cuh"
#include "view.cuh"

/** Several classes have a weight: ask effective(). */
constexpr int SOFT = -1;
/** The row takes no part: masked or ignored. */
constexpr int NOTHING = -2;

/** The label of a row as weights of classes: index, one-hot and soft labels, smoothed, weighted and masked. */
template <class A>
struct Targets {
  const Job& job;
  /** The only class with a weight, SOFT or NOTHING. */
  int hot;
  /** The class that an index names, before smoothing; or SOFT. */
  int named = SOFT;
  /** The weight of the hot class. */
  A weight = 0;
  /** The mask, or its mean over the row. */
  A rowWeight = 1;
  /** Smoothing makes keep t + spread of a label t. */
  A keep = 1;
  A spread = 0;
  long long labelRow;
  long long maskRow;

  /** The label of a class as it was given; 1 at a class index. */
  __device__ A original(int k) const {
    return named == SOFT ? load<A>(job.labels, labelRow + k * job.labels.columnStride) : named == k ? 1 : 0;
  }

  __device__ A classWeight(int k) const { return job.classWeights == nullptr ? 1 : (A)job.classWeights[k]; }

  /** What multiplies the label term of a class: its class weight times the mask. */
  __device__ A labelWeight(int k) const {
    A mask = job.maskColumns > 1 ? load<A>(job.mask, maskRow + k * job.mask.columnStride) : rowWeight;
    return classWeight(k) * mask;
  }

  /** The smoothed label times class weight and mask. */
  __device__ A effective(int k) const { return effective(labelWeight(k), original(k)); }

  __device__ A effective(A weight, A original) const { return weight == 0 ? 0 : weight * (keep * original + spread); }

  /** Whether a row with these weights in all is left out. */
  __device__ bool isNothing(A weightSum) const { return weightSum == 0 && (job.zLoss == 0 || rowWeight == 0); }
};

/** A class index. Returns false if the number is not whole. */
__device__ inline bool loadIndex(const View& labels, long long offset, long long& index) {
  if (labels.type == INT64) {
    index = static_cast<const long long*>(labels.data)[offset];
    return true;
  }
  double label = load<double>(labels, offset);
  index = (long long)label;
  return (double)index == label;
}

/** Reads the label and the mask of a row; all threads of the team come with the same row. */
template <class A, class Team>
__device__ Targets<A> loadTargets(const Job& job, long long row, Team& team) {
  Targets<A> targets{job};
  int columns = (int)job.columns;
  targets.labelRow = rowOffset(job.labels, row);
  if (job.maskColumns > 0) {
    targets.maskRow = rowOffset(job.mask, row);
    if (job.maskColumns == 1) {
      targets.rowWeight = load<A>(job.mask, targets.maskRow);
    } else {
      A sum = 0;
      for (int k = team.lane; k < columns; k += team.lanes) {
        sum += load<A>(job.mask, targets.maskRow + k * job.mask.columnStride);
      }
      targets.rowWeight = team.reduce(sum, Sum()) / columns;
    }
  }
  long long index = 0;
  bool whole = !job.labelsAreIndices || loadIndex(job.labels, targets.labelRow, index);
  bool ignored = job.labelsAreIndices && job.hasIgnored && index == job.ignored;
  if (whole && (targets.rowWeight == 0 || ignored)) {
    targets.hot = NOTHING;
    return targets;
  }
  A labelSum = 1;
  if (job.labelsAreIndices) {
    if (!whole || index < 0 || index >= columns) {
      if (team.lane == 0) {
        noteFault(job, row);
      }
      targets.hot = NOTHING;
      return targets;
    }
    targets.named = (int)index;
  } else if (job.smoothing != 0) {
    A sum = 0;
    for (int k = team.lane; k < columns; k += team.lanes) {
      sum += targets.original(k);
    }
    labelSum = team.reduce(sum, Sum());
  }
  if (job.smoothing != 0) {
    targets.keep = (A)(1 - job.smoothing);
    targets.spread = (A)job.smoothing * labelSum / columns;
  }
  targets.hot = targets.spread == 0 ? targets.named : SOFT;
  if (targets.hot >= 0) {
    targets.weight = targets.labelWeight(targets.hot);
    if (targets.isNothing(targets.weight)) {
      targets.hot = NOTHING;
    }
  }
  return targets;
}

/** Says what was wrong with the label of a row. */
struct LabelFault {
  const Job& job;

  __device__ void operator()(long long row) const {
    long long offset = rowOffset(job.labels, row);
    long long index;
    bool whole = loadIndex(job.labels, offset, index);
    job.fault[1] = whole ? index : __double_as_longlong(load<double>(job.labels, offset));
    job.fault[2] = whole ? 0 : 1;
  }
};
