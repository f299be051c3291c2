#include "softmax_spread.cuh"

// The softmax family: one set of kernels per type, the loss is chosen by Job.formula.

/** 32 elements per thread, twice 16 bytes of them for each byte of the type. */
template <class T, class Team>
using Registers = RegisterRow<T, Team, 2 * sizeof(T)>;

template <class T, class Row, class Team>
__device__ void run(const Job& job, Team team) {
  softmaxByTeam<T, SoftmaxFamily, Row>(job, team);
}

#define SOFTMAX(name, T) \
  KERNEL(softmax, name, tile, 128) { softmaxByTile<T, SoftmaxFamily>(job); } \
  KERNEL(softmax, name, warp, 128) { run<T, Registers<T, Lanes>>(job, Lanes((int)job.lanes)); } \
  KERNEL(softmax, name, block, 256) { run<T, Registers<T, Block>>(job, Block()); } \
  KERNEL(softmax, name, shared, 512) { run<T, SharedRow<T>>(job, Block()); } \
  KERNEL(softmax, name, chunk, 512) { softmaxByPart<T>(job); } \
  KERNEL(softmax, name, rows, 128) { run<T, StreamedRow<T, Alone>>(job, Alone()); }

EACH_TYPE(SOFTMAX)
