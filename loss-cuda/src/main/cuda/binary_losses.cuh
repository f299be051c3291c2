#pragma once

#include "job.cuh"
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
  __device__ static Term<A> at(A x, A y, A positive, A, const Job&) {
    Sigmoid<A> s(x);
    return {s.crossEntropy(y, positive), s.crossEntropySlope(y, positive)};
  }
};

/** Sigmoid cross-entropy divided by the number of columns. */
struct MultilabelSoftMargin {
  template <class A>
  __device__ static Term<A> at(A x, A y, A positive, A first, const Job& job) {
    Term<A> term = SigmoidCrossEntropy::at(x, y, positive, first, job);
    A share = 1 / (A)job.columns;
    return {share * term.value, share * term.derivative};
  }
};

/** What the focal losses share: u = 1 - p_t. */
template <class A>
struct Focus {
  A u;
  /** u^gamma */
  A power;
  /** u' / u, which is bounded, although u^(gamma - 1) is not where gamma is below 1. */
  A ratio;

  __device__ Focus(const Sigmoid<A>& s, A y, A gamma) {
    u = y * s.q + (1 - y) * s.p;
    A logU = y == 1 ? -s.costOfNo : y == 0 ? -s.costOfYes : logarithm(u);
    power = ::power(u, logU, gamma);
    ratio = (1 - 2 * y) * (y == 1 ? s.p : y == 0 ? s.q : s.p * s.q / u);
  }
};

/** alpha_t u^gamma ce; gamma, alpha (NaN: none). */
struct SigmoidFocal {
  template <class A>
  __device__ static Term<A> at(A x, A y, A positive, A gamma, const Job& job) {
    Sigmoid<A> s(x);
    return of(s, Focus<A>(s, y, gamma), y, positive, gamma, job);
  }

  template <class A>
  __device__ static Term<A> of(const Sigmoid<A>& s, const Focus<A>& focus, A y, A positive, A gamma, const Job& job) {
    A alpha = (A)job.p[1];
    A factor = (alpha == alpha ? y * alpha + (1 - y) * (1 - alpha) : 1) * focus.power;
    A ce = s.crossEntropy(y, positive);
    A pull = weighted(gamma * focus.ratio, ce);
    return {weighted(factor, ce), factor * (pull + s.crossEntropySlope(y, positive))};
  }
};

/** Focal plus epsilon u^gamma v, v = pos y q + (1 - y) p; gamma, alpha (NaN: none), epsilon. */
struct Poly1SigmoidFocal {
  template <class A>
  __device__ static Term<A> at(A x, A y, A positive, A gamma, const Job& job) {
    Sigmoid<A> s(x);
    Focus<A> focus(s, y, gamma);
    Term<A> focal = SigmoidFocal::of(s, focus, y, positive, gamma, job);
    A v = positive * y * s.q + (1 - y) * s.p;
    A slope = (1 - y - positive * y) * s.p * s.q;
    A factor = (A)job.p[2] * focus.power;
    return {focal.value + factor * v, focal.derivative + factor * (gamma * focus.ratio * v + slope)};
  }
};

/** pos q^alpha softplus(-x) where y = 1, else (1 - y)^beta p^alpha softplus(x); alpha, beta. */
struct PenaltyReducedFocal {
  template <class A>
  __device__ static Term<A> at(A x, A y, A positive, A alpha, const Job& job) {
    Sigmoid<A> s(x);
    bool point = y == 1;
    A u = point ? s.q : s.p;
    A cost = point ? s.costOfYes : s.costOfNo;
    // log u is minus the cost of the other answer
    A focus = power(u, point ? -s.costOfNo : -s.costOfYes, alpha);
    A weight = point ? positive : power(1 - y, logOnePlus(-y), (A)job.p[1]) + 0 * y;
    A slope = focus * (weighted(alpha * (point ? s.p : s.q), cost) + u);
    return {weighted(weight, weighted(focus, cost)), weight * (point ? -slope : slope)};
  }
};

/** pos y q^g+ softplus(-x) - (1 - y) m^g- log(1 - m), m = max(0, p - clip); gamma_positive, gamma_negative, clip. */
struct Asymmetric {
  template <class A>
  __device__ static Term<A> at(A x, A y, A positive, A gammaPositive, const Job& job) {
    A gammaNegative = (A)job.p[1];
    A clip = (A)job.p[2];
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
