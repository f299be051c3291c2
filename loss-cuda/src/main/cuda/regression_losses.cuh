#pragma once

#include "job.cuh"
#include "number.cuh"

// Losses of a prediction x and a label y; d = x - y. Limits are taken by comparison, which keeps NaN.

/** d^2, divided by the number of columns if wanted; per_output_mean. */
struct MeanSquaredError {
  template <class A>
  __device__ static Term<A> at(A x, A y, A, A perOutputMean, const Job& job) {
    A d = x - y;
    A share = perOutputMean == 0 ? 1 : 1 / (A)job.columns;
    return {share * d * d, share * 2 * d};
  }
};

/** |d|, divided by the number of columns if wanted; per_output_mean. */
struct MeanAbsoluteError {
  template <class A>
  __device__ static Term<A> at(A x, A y, A, A perOutputMean, const Job& job) {
    A d = x - y;
    A share = perOutputMean == 0 ? 1 : 1 / (A)job.columns;
    return {share * magnitude(d), d > 0 ? share : d < 0 ? -share : d};
  }
};

/** d^2 / 2 up to delta, then delta (|d| - delta / 2); delta. */
struct Huber {
  template <class A>
  __device__ static Term<A> at(A x, A y, A, A delta, const Job&) {
    A d = x - y;
    A size = magnitude(d);
    A inside = size > delta ? delta : size;
    return {inside * (size - (A)0.5 * inside), d > delta ? delta : d < -delta ? -delta : d};
  }
};

/** Huber / beta; beta. */
struct SmoothL1 {
  template <class A>
  __device__ static Term<A> at(A x, A y, A, A beta, const Job& job) {
    A d = x - y;
    A size = magnitude(d);
    if (size < beta) {
      return {(A)0.5 * d * (d / beta), d / beta};
    }
    return {size - (A)0.5 * beta, d > 0 ? 1 : d < 0 ? -1 : d};
  }
};

/** log cosh d = log(1 + sinh^2 d) / 2, which is exact for small d; = |d| - log 2 + log(1 + e^-2|d|) for large ones. */
struct LogCosh {
  template <class A>
  __device__ static Term<A> at(A x, A y, A, A, const Job&) {
    A d = x - y;
    A size = magnitude(d);
    A value;
    if (size < 1) {
      A e = exponentialMinusOne(size);
      A sinh = (A)0.5 * (e + e / (e + 1));
      value = (A)0.5 * logOnePlus(sinh * sinh);
    } else {
      value = size - (A)0.69314718055994530942 + logOnePlus(exponential(-2 * size));
    }
    A e = exponentialMinusOne(-2 * size);
    A tanh = -e / (2 + e);
    return {value, d < 0 ? -tanh : tanh};
  }
};

/** max(q e, (q - 1) e), e = y - x; quantile. */
struct Quantile {
  template <class A>
  __device__ static Term<A> at(A x, A y, A, A q, const Job&) {
    A e = y - x;
    return {(e < 0 ? q - 1 : q) * e, e > 0 ? -q : e < 0 ? 1 - q : e};
  }
};

/**
 * e^x - y x, or x - y log(x + epsilon) for rates x, which end at 0 as logarithms do at -100; full adds Stirling's
 * y log y - y + log(2 pi y) / 2 where y > 1; log_input, full, epsilon.
 */
struct PoissonNll {
  template <class A>
  __device__ static Term<A> at(A x, A y, A, A logInput, const Job& job) {
    A rest = 0;
    if (job.p[1] != 0 && y > 1) {
      rest = y * logarithm(y) - y + (A)0.5 * logarithm((A)6.28318530717958647693 * y);
    }
    if (logInput != 0) {
      A rate = exponential(x);
      return {rate - weighted(y, x) + rest, rate - y};
    }
    A rate = x < 0 ? 0 : x;
    A shifted = rate + (A)job.p[2];
    A log = logarithm(shifted);
    bool floored = log < -100;
    A derivative = x < 0 ? 0 : floored ? 1 : 1 - y / (x + (A)job.p[2]);
    return {rate - y * (floored ? -100 : log) + rest, derivative};
  }
};
