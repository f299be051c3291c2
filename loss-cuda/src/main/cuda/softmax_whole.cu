#include "softmax.cuh"
#include "whole_row.cuh"

// Losses of all log-probabilities of a row: one set of kernels per type, the loss is chosen by Job.formula.

/** In shared memory where there is room. */
template <class T>
using KeptRow = StreamedRow<T, Block, true>;

#define SOFTMAX_WHOLE(name, T) \
  KERNEL(softmax_whole, name, tile, 128) { softmaxByTile<T, WholeRowFamily>(job); } \
  KERNEL(softmax_whole, name, chunk, 512) { softmaxByTeam<T, WholeRowFamily, KeptRow<T>>(job, Block()); } \
  KERNEL(softmax_whole, name, rows, 128) { softmaxByTeam<T, WholeRowFamily, StreamedRow<T, Alone>>(job, Alone()); }

EACH_TYPE(SOFTMAX_WHOLE)
