#pragma once

#include "number.cuh"

// Losses of a prediction x and a label y; d = x - y. Limits are taken by comparison, which keeps NaN.

/** d^2 */
struct MeanSquaredError {
  template <class A>
  __device__ static Term<A> at(A x, A y, A, A, const double*) {
    A d = x - y;
    return {d * d, 2 * d};
  }
};

/** |d| */
struct MeanAbsoluteError {
  template <class A>
  __device__ static Term<A> at(A x, A y, A, A, const double*) {
    A d = x - y;
    return {magnitude(d), d > 0 ? 1 : d < 0 ? -1 : d};
  }
};

/** d^2 / 2 up to delta, then delta (|d| - delta / 2); delta. */
struct Huber {
  template <class A>
  __device__ static Term<A> at(A x, A y, A, A delta, const double*) {
    A d = x - y;
    A size = magnitude(d);
    A inside = size > delta ? delta : size;
    return {inside * (size - (A)0.5 * inside), d > delta ? delta : d < -delta ? -delta : d};
  }
};

/** Huber / beta; beta. */
struct SmoothL1 {
  template <class A>
  __device__ static Term<A> at(A x, A y, A, A beta, const double* parameters) {
    A d = x - y;
    A size = magnitude(d);
    bool far = size > beta;
    return {far ? size - (A)0.5 * beta : (A)0.5 * d * (d / beta), far ? (A)(d > 0 ? 1 : -1) : d / beta};
  }
};

/** log cosh d = log(1 + sinh^2 d) / 2, which is exact for small d; = |d| - log 2 + log(1 + e^-2|d|) for large ones. */
struct LogCosh {
  template <class A>
  __device__ static Term<A> at(A x, A y, A, A, const double*) {
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
  __device__ static Term<A> at(A x, A y, A, A q, const double*) {
    A e = y - x;
    return {(e < 0 ? q - 1 : q) * e, e > 0 ? -q : e < 0 ? 1 - q : e};
  }
};

/**
 * e^x - y x, or x - y log(x + epsilon); full adds Stirling's y log y - y + log(2 pi y) / 2 where y > 1; log_input, full,
 * epsilon.
 */
struct PoissonNll {
  template <class A>
  __device__ static Term<A> at(A x, A y, A, A logInput, const double* parameters) {
    A rest = 0;
    if (parameters[1] != 0 && y > 1) {
      rest = y * logarithm(y) - y + (A)0.5 * logarithm((A)6.28318530717958647693 * y);
    }
    if (logInput != 0) {
      A rate = exponential(x);
      return {rate - weighted(y, x) + rest, rate - y};
    }
    A shifted = x + (A)parameters[2];
    return {x - weighted(y, logarithm(shifted)) + rest, 1 - y / shifted};
  }
};
