#pragma once

#include "number.cuh"

// The losses of a log-probability, one functor each: value and derivative by l, the logarithm of the probability p of a
// class; rest is 1 - p without cancellation. Limits at l = -infinity: p = 0, rest = 1.

/** -l */
struct CrossEntropy {
  template <class A>
  __device__ static Term<A> at(A l, A, A, A, const double*) {
    return {-l, -1};
  }
};

/** -(1 - p)^gamma l; gamma. */
struct SoftmaxFocal {
  template <class A>
  __device__ static Term<A> at(A l, A p, A rest, A gamma, const double*) {
    A focus = power(rest, logarithm(rest), gamma);
    A slope = rest == 0 ? 1 : -weighted(p, l) / rest;
    return {weighted(-focus, l), -focus * (1 + gamma * slope)};
  }
};

/** -l + epsilon (1 - p); epsilon. */
struct Poly1CrossEntropy {
  template <class A>
  __device__ static Term<A> at(A l, A p, A rest, A epsilon, const double*) {
    return {-l + epsilon * rest, -1 - epsilon * p};
  }
};

/** (1 - p^q) / q; q. */
struct GeneralizedCrossEntropy {
  template <class A>
  __device__ static Term<A> at(A l, A, A, A q, const double*) {
    return {-exponentialMinusOne(q * l) / q, -exponential(q * l)};
  }
};

/** The same, constant where p <= k; q, k. */
struct TruncatedGeneralizedCrossEntropy {
  template <class A>
  __device__ static Term<A> at(A l, A p, A rest, A q, const double* parameters) {
    A k = (A)parameters[1];
    if (p <= k) {
      return {-exponentialMinusOne(q * logarithm(k)) / q, 0};
    }
    return GeneralizedCrossEntropy::at(l, p, rest, q, parameters);
  }
};

/** -alpha l - beta log_zero (1 - p); alpha, beta, log_zero. */
struct SymmetricCrossEntropy {
  template <class A>
  __device__ static Term<A> at(A l, A p, A rest, A alpha, const double* parameters) {
    A reverse = (A)(parameters[1] * parameters[2]);
    return {-weighted(alpha, l) - reverse * rest, -alpha + reverse * p};
  }
};

/** 1 - p */
struct MaeProbability {
  template <class A>
  __device__ static Term<A> at(A, A p, A rest, A, const double*) {
    return {rest, -p};
  }
};

/** The loss of a number in kernels.table. One kernel serves them all: the choice is made once per row of a hard label. */
template <class A>
__device__ Term<A> softmaxTerm(const Job& job, int column, A l, A p, A rest) {
  A first = (A)(job.perColumn == nullptr ? job.p[0] : job.perColumn[column]);
  switch (job.formula) {
    case 0:
      return CrossEntropy::at(l, p, rest, first, job.p);
    case 1:
      return SoftmaxFocal::at(l, p, rest, first, job.p);
    case 2:
      return Poly1CrossEntropy::at(l, p, rest, first, job.p);
    case 3:
      return GeneralizedCrossEntropy::at(l, p, rest, first, job.p);
    case 4:
      return TruncatedGeneralizedCrossEntropy::at(l, p, rest, first, job.p);
    case 5:
      return SymmetricCrossEntropy::at(l, p, rest, first, job.p);
    default:
      return MaeProbability::at(l, p, rest, first, job.p);
  }
}
