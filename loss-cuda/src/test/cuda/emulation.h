#pragma once

// What the kernels use of CUDA, for g++: included before any of them. Blocks run one after the other, the threads of a
// block as fibers that change places at barriers and shuffles only.

#include <algorithm>
#include <cmath>
#include <cstring>

#define __device__
#define __shared__

/**
 * Without the alignment that a GPU insists on: g++ merges an aligned load with the unaligned one in the other branch and
 * keeps the alignment. May stand for elements of any type, as device code takes for granted.
 */
struct __attribute__((may_alias, aligned(4))) uint4 {
  unsigned x, y, z, w;
};

struct ThreadPosition {
  unsigned x = 0;
};

extern ThreadPosition threadIdx;
extern ThreadPosition blockIdx;
extern ThreadPosition blockDim;
extern ThreadPosition gridDim;

/** As large as the largest block may ask for on any GPU of today. */
extern uint4 dynamicShared[232448 / 16];

using std::max;
using std::min;

template <class To, class From>
To sameBits(From from) {
  static_assert(sizeof(To) == sizeof(From), "bits change their type, not their number");
  To to;
  std::memcpy(&to, &from, sizeof to);
  return to;
}

inline float __uint_as_float(unsigned bits) { return sameBits<float>(bits); }
inline float __int_as_float(int bits) { return sameBits<float>(bits); }
inline unsigned __float_as_uint(float x) { return sameBits<unsigned>(x); }
inline long long __double_as_longlong(double x) { return sameBits<long long>(x); }

// What selfcheck uses of the library.
#define VISIBLE __attribute__((visibility("default")))

VISIBLE float halfToFloat(unsigned short bits);
VISIBLE unsigned short floatToHalf(float x);

inline void __threadfence() {}

template <class T>
T atomicAdd(T* at, T operand) {
  T before = *at;
  *at += operand;
  return before;
}

template <class T>
T atomicMax(T* at, T operand) {
  T before = *at;
  *at = std::max(before, operand);
  return before;
}

/** Waits for all threads of the block. */
void __syncthreads();

/** Waits for the lanes of the mask, and gives each what its source lane has brought. */
unsigned long long exchange(unsigned mask, unsigned long long bits, int source);

inline void __syncwarp(unsigned mask) { exchange(mask, 0, threadIdx.x % 32); }

template <class T>
T shuffle(unsigned mask, T value, int source) {
  unsigned long long bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  bits = exchange(mask, bits, source);
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

template <class T>
T __shfl_xor_sync(unsigned mask, T value, int by) {
  return shuffle(mask, value, threadIdx.x % 32 ^ by);
}

template <class T>
T __shfl_down_sync(unsigned mask, T value, int by) {
  int lane = threadIdx.x % 32;
  return shuffle(mask, value, lane + by < 32 ? lane + by : lane);
}

struct Job;

/** An entry of a kernel source. */
struct Entry {
  const char* name;
  void (*body)(const Job& job);
  unsigned mostThreads;
  Entry* next;

  Entry(const char* name, void (*body)(const Job& job), unsigned mostThreads);
  VISIBLE static Entry* find(const char* name);
};

/** Runs a grid to its end. */
VISIBLE void runGrid(const Entry& entry, unsigned blocks, unsigned threads, unsigned sharedBytes, const Job& job);

#define KERNEL(stem, type, regime, threads) \
  static void loss4j_##stem##_##type##_##regime(const Job& job); \
  static Entry entry_##stem##_##type##_##regime( \
      "loss4j_" #stem "_" #type "_" #regime, loss4j_##stem##_##type##_##regime, threads); \
  static void loss4j_##stem##_##type##_##regime(const Job& job)
