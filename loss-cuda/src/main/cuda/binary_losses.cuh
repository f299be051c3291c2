#pragma once

#include "number.cuh"

// Losses of a logit x and a yes/no label y in [0, 1], with a weight on the y-term. p = sigmoid(x), q = 1 - p.

/** What all of them are made of, without overflow or cancellation for any x. */
template <class A>
struct Sigmoid {
  A p;
  A q;
  /** -log p = softplus(-x) */
  A costOfYes;
  /** -log q = softplus(x) */
  A costOfNo;

  __device__ explicit Sigmoid(A x) {
    A e = exponential(-magnitude(x));
    A tail = logOnePlus(e);
    A larger = 1 / (1 + e);
    A smaller = e * larger;
    p = x < 0 ? smaller : larger;
    q = x < 0 ? larger : smaller;
    costOfYes = (x < 0 ? -x : 0) + tail;
    costOfNo = (x > 0 ? x : 0) + tail;
  }

  /** pos y softplus(-x) + (1 - y) softplus(x) */
  __device__ A crossEntropy(A y, A positive) const {
    return weighted(positive * y, costOfYes) + weighted(1 - y, costOfNo);
  }

  __device__ A crossEntropySlope(A y, A positive) const { return (1 - y) * p - positive * y * q; }
};

struct SigmoidCrossEntropy {
  template <class A>
  __device__ static Term<A> at(A x, A y, A positive, A, const double*) {
    Sigmoid<A> s(x);
    return {s.crossEntropy(y, positive), s.crossEntropySlope(y, positive)};
  }
};

/** alpha_t u^gamma ce with u = 1 - p_t; gamma, alpha (NaN: none). */
struct SigmoidFocal {
  template <class A>
  __device__ static Term<A> at(A x, A y, A positive, A gamma, const double* parameters) {
    Sigmoid<A> s(x);
    A u = y * s.q + (1 - y) * s.p;
    A logU = y == 1 ? -s.costOfNo : y == 0 ? -s.costOfYes : logarithm(u);
    // u' / u is bounded, although u^(gamma - 1) is not where gamma is below 1
    A ratio = y == 1 ? s.p : y == 0 ? s.q : s.p * s.q / u;
    A alpha = (A)parameters[1];
    A factor = (alpha == alpha ? y * alpha + (1 - y) * (1 - alpha) : 1) * power(u, logU, gamma);
    A ce = s.crossEntropy(y, positive);
    A focus = weighted(gamma * (1 - 2 * y) * ratio, ce);
    return {weighted(factor, ce), factor * (focus + s.crossEntropySlope(y, positive))};
  }
};

/** pos y q^g+ softplus(-x) - (1 - y) m^g- log(1 - m), m = max(0, p - clip); gamma_positive, gamma_negative, clip. */
struct Asymmetric {
  template <class A>
  __device__ static Term<A> at(A x, A y, A positive, A gammaPositive, const double* parameters) {
    A gammaNegative = (A)parameters[1];
    A clip = (A)parameters[2];
    Sigmoid<A> s(x);
    A focus = power(s.q, -s.costOfNo, gammaPositive);
    A value = weighted(positive * y, weighted(focus, s.costOfYes));
    A derivative = -positive * y * focus * (s.q + gammaPositive * weighted(s.p, s.costOfYes));
    A m = s.p - clip;
    if (m <= 0) {
      A ofNothing = gammaNegative == 0 ? 1 : 0;
      return {value + weighted((1 - y) * ofNothing, cost(s, 0 * m, clip)), derivative};
    }
    A c = cost(s, m, clip);
    A negative = power(m, clip == 0 ? -s.costOfYes : logarithm(m), gammaNegative);
    A slope = clip == 0 ? s.p : s.p * s.q / (s.q + clip);
    value += weighted(1 - y, weighted(negative, c));
    derivative += (1 - y) * negative * (gammaNegative * s.p * weighted(s.q, c / m) + slope);
    return {value, derivative};
  }

  /** -log(1 - m), from whichever of m and 1 - m is the small one. */
  template <class A>
  __device__ static A cost(const Sigmoid<A>& s, A m, A clip) {
    return clip == 0 ? s.costOfNo : m < (A)0.5 ? -logOnePlus(-m) : -logarithm(s.q + clip);
  }
};
