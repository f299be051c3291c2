#pragma once

#include "job.cuh"
#include "number.cuh"

// The losses of a log-probability, one functor each: value and derivative by l, the logarithm of the probability p of a
// class; rest is 1 - p without cancellation. Limits at l = -infinity: p = 0, rest = 1.

/** -l */
struct CrossEntropy {
  template <class A>
  __device__ static Term<A> at(A l, A, A, A, const Job&) {
    return {-l, -1};
  }
};

/** -(1 - p)^gamma l; gamma. */
struct SoftmaxFocal {
  template <class A>
  __device__ static Term<A> at(A l, A p, A rest, A gamma, const Job&) {
    A focus = power(rest, logarithm(rest), gamma);
    A slope = rest == 0 ? 1 : -weighted(p, l) / rest;
    return {weighted(-focus, l), -focus * (1 + gamma * slope)};
  }
};

/** -l + epsilon (1 - p); epsilon. */
struct Poly1CrossEntropy {
  template <class A>
  __device__ static Term<A> at(A l, A p, A rest, A epsilon, const Job&) {
    return {-l + epsilon * rest, -1 - epsilon * p};
  }
};

/** (1 - p^q) / q; q. */
struct GeneralizedCrossEntropy {
  template <class A>
  __device__ static Term<A> at(A l, A, A, A q, const Job&) {
    return {-exponentialMinusOne(q * l) / q, -exponential(q * l)};
  }
};

/** The same, constant where p <= k; q, k. */
struct TruncatedGeneralizedCrossEntropy {
  template <class A>
  __device__ static Term<A> at(A l, A p, A rest, A q, const Job& job) {
    A k = (A)job.p[1];
    if (p <= k) {
      return {-exponentialMinusOne(q * logarithm(k)) / q, 0};
    }
    return GeneralizedCrossEntropy::at(l, p, rest, q, job);
  }
};

/** -alpha l - beta log_zero (1 - p); alpha, beta, log_zero. */
struct SymmetricCrossEntropy {
  template <class A>
  __device__ static Term<A> at(A l, A p, A rest, A alpha, const Job& job) {
    A reverse = (A)(job.p[1] * job.p[2]);
    return {-weighted(alpha, l) - reverse * rest, -alpha + reverse * p};
  }
};

/** 1 - p */
struct MaeProbability {
  template <class A>
  __device__ static Term<A> at(A, A p, A rest, A, const Job&) {
    return {rest, -p};
  }
};

/** The loss of a number in kernels.table. One kernel serves them all: the choice is made once per row of a hard label. */
template <class A>
__device__ Term<A> softmaxTerm(const Job& job, int column, A l, A p, A rest) {
  A first = (A)(job.perColumn == nullptr ? job.p[0] : job.perColumn[column]);
  switch (job.formula) {
    case 0:
      return CrossEntropy::at(l, p, rest, first, job);
    case 1:
      return SoftmaxFocal::at(l, p, rest, first, job);
    case 2:
      return Poly1CrossEntropy::at(l, p, rest, first, job);
    case 3:
      return GeneralizedCrossEntropy::at(l, p, rest, first, job);
    case 4:
      return TruncatedGeneralizedCrossEntropy::at(l, p, rest, first, job);
    case 5:
      return SymmetricCrossEntropy::at(l, p, rest, first, job);
    default:
      return MaeProbability::at(l, p, rest, first, job);
  }
}
