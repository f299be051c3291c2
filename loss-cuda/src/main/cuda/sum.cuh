#pragma once

#include "job.cuh"

// Sums in double whose order depends on nothing but the shape of the launch: each thread adds up in its own order, a block
// in the order of a tree, and the last block to finish adds up the blocks in the order of their numbers.

/** The sum over the block; valid in thread 0. */
__device__ inline double blockSum(double sum) {
  static __shared__ double warps[32];
  for (int offset = 16; offset > 0; offset /= 2) {
    sum += __shfl_down_sync(0xffffffff, sum, offset);
  }
  __syncthreads();  // warps may still be read by the sum before this one
  if (threadIdx.x % 32 == 0) {
    warps[threadIdx.x / 32] = sum;
  }
  __syncthreads();
  if (threadIdx.x < 32) {
    sum = threadIdx.x < blockDim.x / 32 ? warps[threadIdx.x] : 0;
    for (int offset = 16; offset > 0; offset /= 2) {
      sum += __shfl_down_sync(0xffffffff, sum, offset);
    }
  }
  return sum;
}

/** Remembers the first row with a wrong label: the largest complement of a row number is that of the smallest row. */
__device__ inline void noteFault(const Job& job, long long row) {
  atomicMax(reinterpret_cast<unsigned long long*>(&job.fault[0]), ~0ull - row);
}

/** Writes the value of the job, and what a fault was. Every thread of every block calls it once, with its terms. */
template <class Describe>
__device__ void finish(const Job& job, double sum, Describe describeFault) {
  if (job.value == nullptr && !job.labelsAreIndices) {
    return;
  }
  static __shared__ bool last;
  sum = blockSum(sum);
  if (threadIdx.x == 0) {
    if (job.value != nullptr) {
      job.partials[blockIdx.x] = sum;
    }
    __threadfence();
    last = atomicAdd(reinterpret_cast<unsigned*>(&job.fault[3]), 1u) == gridDim.x - 1;
  }
  __syncthreads();
  if (!last) {
    return;
  }
  __threadfence();
  double total = 0;
  if (job.value != nullptr) {
    const volatile double* partials = job.partials;
    for (unsigned block = threadIdx.x; block < gridDim.x; block += blockDim.x) {
      total += partials[block];
    }
    total = blockSum(total);
  }
  if (threadIdx.x == 0) {
    if (job.value != nullptr) {
      *job.value = total * job.scale;
    }
    const volatile long long* fault = job.fault;
    if (fault[0] != 0) {
      long long row = (long long)(~0ull - (unsigned long long)fault[0]);
      job.fault[0] = job.rowOffset + row + 1;
      describeFault(row);
    }
  }
}
