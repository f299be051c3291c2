#pragma once

#include "view.cuh"

// The threads that share a row. reduce() gives every one of them the same bits.

struct Sum {
  template <class A>
  __device__ A operator()(A a, A b) const {
    return a + b;
  }
};

struct Largest {
  template <class A>
  __device__ A operator()(A a, A b) const {
    return larger(a, b);
  }
};

/** One thread. */
struct Alone {
  static constexpr int lane = 0;
  static constexpr int lanes = 1;

  template <class S, class Operation>
  __device__ S reduce(S s, Operation) {
    return s;
  }

  __device__ void sync() const {}
};

/** 2, 4, 8, 16 or 32 neighbours in a warp. */
struct Lanes {
  const int lanes;
  const int lane;
  const unsigned members;

  __device__ explicit Lanes(int lanes)
      : lanes(lanes),
        lane(threadIdx.x & (lanes - 1)),
        members((lanes == 32 ? ~0u : (1u << lanes) - 1) << (threadIdx.x & 31 & ~(lanes - 1))) {}

  template <class A, class Operation>
  __device__ A reduce(A a, Operation operation) {
    for (int offset = lanes / 2; offset > 0; offset /= 2) {
      a = operation(a, __shfl_xor_sync(members, a, offset));
    }
    return a;
  }

  __device__ void sync() const { __syncwarp(members); }
};

/** All threads of a block: whole warps. */
struct Block {
  const int lanes = blockDim.x;
  const int lane = threadIdx.x;
  /** Alternates, so that one barrier per reduction is enough. */
  int turn = 0;

  template <class A, class Operation>
  __device__ A reduce(A a, Operation operation) {
    static __shared__ double shared[2][32];
    A* warps = reinterpret_cast<A*>(shared[turn]);
    turn ^= 1;
    for (int offset = 16; offset > 0; offset /= 2) {
      a = operation(a, __shfl_xor_sync(0xffffffff, a, offset));
    }
    if (lane % 32 == 0) {
      warps[lane / 32] = a;
    }
    __syncthreads();
    // Fewer warps than 32: the first ones are read again, which a power of 2 of warps makes whole trees of.
    int count = lanes / 32;
    a = warps[lane % 32 % count];
    for (int offset = count / 2; offset > 0; offset /= 2) {
      a = operation(a, __shfl_xor_sync(0xffffffff, a, offset));
    }
    return a;
  }

  __device__ void sync() const { __syncthreads(); }
};

/** Stores the term of a row where it is wanted, and passes it on to the sum of one thread. */
template <class Team>
__device__ double settle(const Job& job, long long row, const Team& team, double term) {
  if (team.lane != 0) {
    return 0;
  }
  if (job.terms.type != ABSENT) {
    store(job.terms, rowOffset(job.terms, row), term);
  }
  return term;
}
