#pragma once

#include "softmax_losses.cuh"
#include "targets.cuh"

// One row of the softmax family, whatever holds its logits. With a_k = t_k derivative(l_k) and S = sum a_k
//
//   d/dz_j = a_j - p_j S = a_j (1 - p_j) - p_j (S - a_j)
//
// The second form has no cancellation in a row with one target. The largest exponential, which is 1, is left out of the
// sum: log(1 + others) and 1 - p = others / total then keep their relative accuracy in rows that are confidently right.

/** The softmax of a row: exponentials are of logits minus the largest. */
template <class A>
struct Partition {
  /** The largest logit; 0 if there is none. */
  A max = 0;
  /** Sum of all exponentials but one that is 1. */
  A others = 0;
  /** All logits are -infinity. */
  bool empty = false;

  __device__ Partition() {}

  /** From sums over all exponentials below 1, and how many are 1. */
  __device__ Partition(A largest, A below, A ones)
      : max(largest == -infinity<A>() ? 0 : largest),
        others(below + (ones - 1)),
        empty(largest == -infinity<A>() && below == 0) {}

  __device__ A total() const { return 1 + others; }
  __device__ A logTotal() const { return logOnePlus(others); }
  /** The log-probability of a logit. */
  __device__ A logOf(A z) const { return empty ? -infinity<A>() : z - max - logTotal(); }
  __device__ A p(A exponential) const { return empty ? 0 : exponential / total(); }
  /** 1 - p */
  __device__ A rest(A exponential) const {
    return empty ? 1 : (exponential == 1 ? others : total() - exponential) / total();
  }
};

/** Maximum and sum in one pass, for logits that are too many to be kept. */
template <class A>
struct RunningPartition {
  A max = -infinity<A>();
  A below = 0;
  A ones = 0;

  __device__ void add(A z) {
    if (z == max) {
      ones += z == -infinity<A>() ? 0 : 1;
      return;
    }
    A distance = z - max;
    A e = exponential(-magnitude(distance));
    if (distance > 0) {
      below = (below + ones) * e;
      max = z;
      ones = 1;
    } else {
      below += e;
    }
  }

  /** As if seen from a larger logit. */
  __device__ void raise(A largest) {
    if (max != largest) {
      below = (below + ones) * exponential(max - largest);
      ones = 0;
      max = largest;
    }
  }

  __device__ void add(RunningPartition other) {
    A largest = larger(max, other.max);
    raise(largest);
    other.raise(largest);
    below += other.below;
    ones += other.ones;
  }

  /** What all threads have seen. */
  template <class Team>
  __device__ void combine(Team& team) {
    raise(team.reduce(max, Largest()));
    below = team.reduce(below, Sum());
    ones = team.reduce(ones, Sum());
  }

  __device__ Partition<A> partition() const { return Partition<A>(max, below, ones); }
};

/** The logits as the loss sees them: scale (z + bias - margin t). */
template <class A>
__device__ A transformed(const Targets<A>& targets, int k, A z) {
  const Job& job = targets.job;
  if (job.bias != nullptr) {
    z += (A)job.bias[k];
  }
  if (job.margin != nullptr) {
    z -= (A)job.margin[k] * targets.original(k);
  }
  return z * (A)job.logitScale;
}

__device__ inline bool isTransformed(const Job& job) {
  return job.bias != nullptr || job.margin != nullptr || job.logitScale != 1;
}

template <class A>
__device__ A exponentialOf(A z, const Partition<A>& partition) {
  return exponential(z - partition.max);
}

/** The loss of a class. */
template <class A>
__device__ Term<A> termOf(const Job& job, int k, A z, A e, const Partition<A>& partition) {
  return softmaxTerm(job, k, partition.logOf(z), partition.p(e), partition.rest(e));
}

/**
 * Computes a row and returns its term.
 *
 * Row: load(targets) reads the logits and gives the largest of this thread; at(targets, k) reads one; partition(targets,
 * largest, team, keep) sums them up, with keep replacing them by their exponentials where the row is kept at all;
 * each<true>(targets, f) calls f(k, logit, target), write<soft>(targets, f, hot, g) sets the gradient to f(k, logit, target),
 * but to g at class hot. Targets are 0 unless asked for. A row that is SPREAD over blocks has only a part of its classes,
 * but the partition of all, and gathered(targets, partition) gives the sums over all.
 */
struct SoftmaxFamily {
  template <class A, class Row, class Team>
  __device__ static double compute(const Job& job, long long row, Team& team, Row& z) {
    Targets<A> targets = loadTargets<A>(job, row, team);
    Partition<A> partition;
    double term = 0;
    // Of a row with one target: what its exponentials are multiplied by, and the gradient at the target.
    A factor = 0;
    A own = 0;
    int hot = -1;
    if (targets.hot != NOTHING) {
      bool single = targets.hot >= 0;
      A largest = z.load(targets);
      partition = z.partition(targets, largest, team, single);
      A logPartition = partition.max + partition.logTotal();
      bool penalised = job.zLoss != 0 && !partition.empty;
      A drift = penalised ? 2 * (A)job.zLoss * targets.rowWeight * logPartition : 0;
      double penalty = penalised ? job.zLoss * targets.rowWeight * logPartition * logPartition : 0;
      A scale = (A)(job.scale * job.logitScale);
      if (single) {
        A hotLogit = z.at(targets, targets.hot);
        A e = exponentialOf(hotLogit, partition);
        Term<A> loss = {0, 0};
        if (targets.weight != 0) {
          loss = termOf(job, targets.hot, hotLogit, e, partition);
        }
        A slope = targets.weight * loss.derivative;
        if (!partition.empty) {
          hot = targets.hot;
          factor = scale * (drift - slope) / partition.total();
          own = scale * (slope * partition.rest(e) + drift * partition.p(e));
        }
        term = targets.weight * (double)loss.value + penalty;
      } else {
        Soft<A> soft;
        if constexpr (Row::SPREAD) {
          soft = z.gathered(targets, partition);
        } else {
          soft = sum(targets, team, z, partition);
        }
        bool nothing = targets.isNothing(soft.weights);
        term = nothing ? 0 : soft.value + penalty;
        if (!nothing && !partition.empty) {
          writeSoft(targets, z, partition, soft, scale, drift);
          return term;
        }
      }
    }
    z.template write<false>(
    targets,
        [&](int, A logit, A) -> A {
          return factor == 0 ? 0 : factor * (Row::KEPT ? logit : exponentialOf(logit, partition));
        },
        hot, own);
    return term;
  }

  /** Sums over the classes of a row with several targets. */
  template <class A>
  struct Soft {
    A weights = 0;
    A slopes = 0;
    A value = 0;
  };

  template <class A, class Row, class Team>
  __device__ static Soft<A> sum(const Targets<A>& targets, Team& team, Row& z, const Partition<A>& partition) {
    const Job& job = targets.job;
    Soft<A> soft;
    z.template each<true>(targets, [&](int k, A logit, A t) {
      if (Row::ONLY_CROSS_ENTROPY) {
        soft.weights += t;
        soft.value -= t == 0 ? 0 : t * partition.logOf(logit);
      } else if (t != 0) {
        Term<A> loss = termOf(job, k, logit, exponentialOf(logit, partition), partition);
        soft.weights += t;
        soft.slopes += t * loss.derivative;
        soft.value += t * loss.value;
      }
    });
    soft.weights = team.reduce(soft.weights, Sum());
    soft.slopes = Row::ONLY_CROSS_ENTROPY ? -soft.weights : team.reduce(soft.slopes, Sum());
    soft.value = team.reduce(soft.value, Sum());
    return soft;
  }

  template <class A, class Row>
  __device__ static void writeSoft(
      const Targets<A>& targets, Row& z, const Partition<A>& partition, const Soft<A>& soft, A scale, A drift) {
    const Job& job = targets.job;
    A perTotal = 1 / partition.total();
    z.template write<true>(
    targets,
        [&](int k, A logit, A t) -> A {
          A e = exponentialOf(logit, partition);
          A slope = -t;
          if (!Row::ONLY_CROSS_ENTROPY && t != 0) {
            slope = t * termOf(job, k, logit, e, partition).derivative;
          }
          A p = e * perTotal;
          A rest = e == 1 ? partition.others * perTotal : 1 - p;
          return scale * (slope * rest + p * (drift - (soft.slopes - slope)));
        },
        -1, 0);
  }
};
