#pragma once

#include "number.cuh"

// Reading and writing any array of a job, element by element.

/** Where a row begins, in elements. */
__device__ inline long long rowOffset(const View& view, long long row) {
  if (row < view.innerRows) {
    return row * view.rowStride;
  }
  unsigned long long outer;
  if ((unsigned long long)row >> 32 == 0 && (unsigned long long)view.innerRows >> 32 == 0) {
    outer = (unsigned)row / (unsigned)view.innerRows;
  } else {
    outer = row / view.innerRows;
  }
  return outer * view.outerStride + (row - outer * view.innerRows) * view.rowStride;
}

template <class A>
__device__ A load(const View& view, long long offset) {
  switch (view.type) {
    case FLOAT:
      return (A) static_cast<const float*>(view.data)[offset];
    case DOUBLE:
      return (A) static_cast<const double*>(view.data)[offset];
    case HALF:
      return (A)widen(static_cast<const Half*>(view.data)[offset]);
    case BFLOAT16:
      return (A)widen(static_cast<const Bfloat16*>(view.data)[offset]);
    case INT32:
      return (A) static_cast<const int*>(view.data)[offset];
    case INT64:
      return (A) static_cast<const long long*>(view.data)[offset];
    case INT16:
      return (A) static_cast<const short*>(view.data)[offset];
    case INT8:
      return (A) static_cast<const signed char*>(view.data)[offset];
    default:
      return (A) static_cast<const unsigned char*>(view.data)[offset];
  }
}

template <class A>
__device__ void store(const View& view, long long offset, A value) {
  switch (view.type) {
    case FLOAT:
      static_cast<float*>(view.data)[offset] = (float)value;
      break;
    case DOUBLE:
      static_cast<double*>(view.data)[offset] = value;
      break;
    case HALF:
      static_cast<Half*>(view.data)[offset] = narrow<Half>((float)value);
      break;
    default:
      static_cast<Bfloat16*>(view.data)[offset] = narrow<Bfloat16>((float)value);
  }
}
