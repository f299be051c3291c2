#pragma once

#include "job.cuh"

// Element types. 16-bit floats are bits in memory and float in arithmetic.

struct Half {
  unsigned short bits;
};

struct Bfloat16 {
  unsigned short bits;
};

#ifdef __CUDACC__
__device__ inline float halfToFloat(unsigned short bits) {
  float x;
  asm("cvt.f32.f16 %0, %1;" : "=f"(x) : "h"(bits));
  return x;
}

__device__ inline unsigned short floatToHalf(float x) {
  unsigned short bits;
  asm("cvt.rn.f16.f32 %0, %1;" : "=h"(bits) : "f"(x));
  return bits;
}
#endif

/** What a type computes in, and its number in a View. */
template <class T>
struct Number;

template <>
struct Number<float> {
  using Arithmetic = float;
  static constexpr long long TYPE = FLOAT;
};

template <>
struct Number<double> {
  using Arithmetic = double;
  static constexpr long long TYPE = DOUBLE;
};

template <>
struct Number<Half> {
  using Arithmetic = float;
  static constexpr long long TYPE = HALF;
};

template <>
struct Number<Bfloat16> {
  using Arithmetic = float;
  static constexpr long long TYPE = BFLOAT16;
};

template <class T>
using Arithmetic = typename Number<T>::Arithmetic;

__device__ inline float widen(float x) { return x; }
__device__ inline double widen(double x) { return x; }
__device__ inline float widen(Half x) { return halfToFloat(x.bits); }
__device__ inline float widen(Bfloat16 x) { return __uint_as_float((unsigned)x.bits << 16); }

template <class T>
__device__ T narrow(Arithmetic<T> x);

template <>
__device__ inline float narrow<float>(float x) {
  return x;
}

template <>
__device__ inline double narrow<double>(double x) {
  return x;
}

template <>
__device__ inline Half narrow<Half>(float x) {
  return Half{floatToHalf(x)};
}

/** To the nearest, ties to even; the hardware's own conversion needs compute capability 8.0. */
template <>
__device__ inline Bfloat16 narrow<Bfloat16>(float x) {
  unsigned bits = __float_as_uint(x);
  unsigned rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
  return Bfloat16{(unsigned short)(x == x ? rounded : 0x7fc0)};
}

/** 16 bytes of an array, the most that one instruction moves. */
template <class T>
union Vector {
  static constexpr int SIZE = 16 / sizeof(T);
  uint4 bits;
  T at[SIZE];

  __device__ Vector() {}
};

template <class T>
__device__ Vector<T> loadVector(const T* from) {
  Vector<T> v;
  v.bits = *reinterpret_cast<const uint4*>(from);
  return v;
}

template <class T>
__device__ void storeVector(T* to, const Vector<T>& v) {
  *reinterpret_cast<uint4*>(to) = v.bits;
}

/** How many elements lie before the first 16-byte boundary. */
template <class T>
__device__ int toBoundary(const T* p) {
  return (int)((16 - reinterpret_cast<unsigned long long>(p) % 16) % 16 / sizeof(T));
}

// The functions of CUDA by one name for both types.

__device__ inline float exponential(float x) { return expf(x); }
__device__ inline double exponential(double x) { return exp(x); }
__device__ inline float logarithm(float x) { return logf(x); }
__device__ inline double logarithm(double x) { return log(x); }
__device__ inline float logOnePlus(float x) { return log1pf(x); }
__device__ inline double logOnePlus(double x) { return log1p(x); }
__device__ inline float exponentialMinusOne(float x) { return expm1f(x); }
__device__ inline double exponentialMinusOne(double x) { return expm1(x); }
__device__ inline float magnitude(float x) { return fabsf(x); }
__device__ inline double magnitude(double x) { return fabs(x); }
__device__ inline float smaller(float a, float b) { return fminf(a, b); }
__device__ inline double smaller(double a, double b) { return fmin(a, b); }
__device__ inline float larger(float a, float b) { return fmaxf(a, b); }
__device__ inline double larger(double a, double b) { return fmax(a, b); }

template <class A>
__device__ A infinity() {
  return (A)__int_as_float(0x7f800000);
}

/** weight * value with 0 * infinity = 0: what has no weight costs nothing. */
template <class A>
__device__ A weighted(A weight, A value) {
  return weight == 0 && magnitude(value) == infinity<A>() ? 0 : weight * value;
}

/** base^exponent for a base from 0 to 1 whose logarithm is known, which keeps its digits near 1. */
template <class A>
__device__ A power(A base, A logBase, A exponent) {
  if (exponent == 0) {
    return 1;
  } else if (exponent == 1) {
    return base;
  } else if (exponent == 2) {
    return base * base;
  }
  return base == 0 ? 0 : exponential(exponent * logBase);
}

/** A loss of one number and its derivative. */
template <class A>
struct Term {
  A value;
  A derivative;
};
