#pragma once

#include "job.cuh"

// How an entry is written: KERNEL(stem, type, regime, threads) { ... job ... }. Registers are bounded by the threads of one
// block and not by a guess at occupancy, which would spill. The emulation brings its own form.

#ifdef __CUDACC__
extern __shared__ uint4 dynamicShared[];

#define KERNEL(stem, type, regime, threads) \
  extern "C" __global__ void __launch_bounds__(threads, 1) \
      loss4j_##stem##_##type##_##regime(const __grid_constant__ Job job)
#endif

// A source instantiates its kernels with EACH_TYPE(macro): macro(name of the type, type) for the one that the compiler is
// told by -DLOSS4J_TYPE=..., or for all of them.

#define LOSS4J_float(macro) macro(float, float)
#define LOSS4J_double(macro) macro(double, double)
#define LOSS4J_half(macro) macro(half, Half)
#define LOSS4J_bfloat16(macro) macro(bfloat16, Bfloat16)
#define LOSS4J_PASTE(type) LOSS4J_##type
#define LOSS4J_ONE(type) LOSS4J_PASTE(type)

#ifdef LOSS4J_TYPE
#define EACH_TYPE(macro) LOSS4J_ONE(LOSS4J_TYPE)(macro)
#else
#define EACH_TYPE(macro) LOSS4J_float(macro) LOSS4J_double(macro) LOSS4J_half(macro) LOSS4J_bfloat16(macro)
#endif
