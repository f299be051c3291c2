#pragma once

#include "softmax_losses.cuh"

// Losses of all log-probabilities l_k of a row and its targets t_k: what class k adds to the value, and the derivative by
// l_k, given what must be known of the whole row first. They are linear in the targets.

template <class A>
struct RowFacts {
  A targetSum = 0;
  /** The first class of the largest logit. */
  int top = 0x7fffffff;
  /** Sum over all classes of what each would cost as the label. */
  A all = 0;
  /** What the targets cost. */
  A given = 0;
  /** How many classes would cost infinitely much. */
  A impossible = 0;
};

/** Costs nothing: for losses that are not normalised. */
struct NotNormalised {
  template <class A>
  __device__ static Term<A> cost(const Job&, A, A, A) {
    return {0, 0};
  }
};

/** Cross-entropy to a mixture of the targets and a belief that counts as a constant: beta t + (1 - beta) T belief. */
struct Bootstrap : NotNormalised {
  template <class A>
  __device__ static Term<A> of(const Job& job, A t, A belief, A l, const RowFacts<A>& facts) {
    A beta = (A)job.p[0];
    A mixed = beta * t + (1 - beta) * facts.targetSum * belief;
    return {-weighted(mixed, l), -mixed};
  }
};

/** The belief is p; beta. */
struct BootstrapSoft : Bootstrap {
  template <class A>
  __device__ static Term<A> at(const Job& job, int, A t, A l, A p, A, const RowFacts<A>& facts) {
    return of(job, t, p, l, facts);
  }
};

/** The belief is the most likely class; beta. */
struct BootstrapHard : Bootstrap {
  template <class A>
  __device__ static Term<A> at(const Job& job, int k, A t, A l, A, A, const RowFacts<A>& facts) {
    return of(job, t, (A)(k == facts.top ? 1 : 0), l, facts);
  }
};

/** A loss divided by its sum over all classes as if each were the label. */
template <class A>
__device__ Term<A> normalised(A t, Term<A> cost, const RowFacts<A>& facts) {
  if (facts.impossible > 0) {
    // infinity through infinity: each of them counts the same
    return {cost.value == infinity<A>() ? t / facts.impossible : 0, 0};
  }
  if (facts.all == 0) {
    return {0, 0};  // one class only
  }
  return {t * cost.value / facts.all, (t - facts.given / facts.all) / facts.all * cost.derivative};
}

/** sum t_k l_k / sum l_k */
struct NormalizedCrossEntropy {
  template <class A>
  __device__ static Term<A> cost(const Job&, A l, A, A) {
    return {-l, -1};
  }

  template <class A>
  __device__ static Term<A> at(const Job& job, int, A t, A l, A p, A rest, const RowFacts<A>& facts) {
    return normalised(t, cost(job, l, p, rest), facts);
  }
};

/**
 * alpha active + beta passive; active (nce, nfl), passive (mae, rce), gamma, alpha, beta, log_zero. nce, nfl: normalised
 * cross-entropy and focal loss; mae: 1 - p, rce: -log_zero (1 - p).
 */
struct ActivePassive {
  template <class A>
  __device__ static Term<A> cost(const Job& job, A l, A p, A rest) {
    return SoftmaxFocal::at(l, p, rest, job.p[0] == 0 ? (A)0 : (A)job.p[2], job);
  }

  template <class A>
  __device__ static Term<A> at(const Job& job, int, A t, A l, A p, A rest, const RowFacts<A>& facts) {
    A alpha = (A)job.p[3];
    A passive = (A)(job.p[1] == 0 ? job.p[4] : -job.p[4] * job.p[5]);
    Term<A> active = normalised(t, cost(job, l, p, rest), facts);
    return {alpha * active.value + passive * t * rest, alpha * active.derivative - passive * t * p};
  }
};

/**
 * t (1 - s + s/K) f+(l) + (T - t) s/K f-(l), f+(l) = -(1 - p)^g+ l, f-(l) = -p^g- l; gamma_positive, gamma_negative,
 * smoothing.
 */
struct AsymmetricSingleLabel : NotNormalised {
  template <class A>
  __device__ static Term<A> at(const Job& job, int, A t, A l, A p, A rest, const RowFacts<A>& facts) {
    A gammaNegative = (A)job.p[1];
    A spread = (A)(job.p[2] / job.columns);
    A own = t * ((A)(1 - job.p[2]) + spread);
    A other = (facts.targetSum - t) * spread;
    Term<A> positive = SoftmaxFocal::at(l, p, rest, (A)job.p[0], job);
    A focus = gammaNegative == 0 ? 1 : exponential(gammaNegative * l);
    return {weighted(own, positive.value) - weighted(other, weighted(focus, l)),
            own * positive.derivative - other * (focus + weighted(gammaNegative * focus, l))};
  }
};

/** The loss of a number in kernels.table: f(Loss()). */
template <class Body>
__device__ void withWholeRowLoss(const Job& job, Body body) {
  switch (job.formula) {
    case 0:
      return body(NormalizedCrossEntropy());
    case 1:
      return body(ActivePassive());
    case 2:
      return body(BootstrapSoft());
    case 3:
      return body(BootstrapHard());
    default:
      return body(AsymmetricSingleLabel());
  }
}
