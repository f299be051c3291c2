#pragma once

#include "kernel.cuh"
#include "sum.cuh"
#include "team.cuh"
#include "view.cuh"

// What every elementwise loss needs besides its formula: labels smoothed, elements weighted, values summed up.

template <class A>
__device__ A smoothed(const Job& job, A y) {
  return job.smoothing == 0 ? y : y * (A)(1 - job.smoothing) + (A)(0.5 * job.smoothing);
}

/** The loss of a label and a prediction in a column, weighted but not scaled. */
template <class Loss, class A>
__device__ Term<A> elementTerm(const Job& job, int k, A x, A y, A w) {
  if (w == 0 || (job.hasIgnored && y == (A)job.ignored)) {
    return {0, 0};
  }
  A positive = job.positiveWeights == nullptr ? 1 : (A)job.positiveWeights[k];
  A first = (A)(job.perColumn == nullptr ? job.p[0] : job.perColumn[k]);
  Term<A> term = Loss::at(x, smoothed(job, y), positive, first, job);
  return {w * term.value, w * term.derivative};
}

template <class A>
__device__ A classWeight(const Job& job, int k) {
  return job.classWeights == nullptr ? 1 : (A)job.classWeights[k];
}

/** Whether elements have weights or anything else that depends on where they are. */
__device__ inline bool isPlain(const Job& job) {
  return job.classWeights == nullptr && job.positiveWeights == nullptr && job.perColumn == nullptr &&
         job.maskColumns == 0 && !job.hasIgnored && job.terms.type == ABSENT;
}

/** Nothing but x, y and the gradient, in 16-byte vectors: elements first to last of arrays that lie alike. */
template <class Loss, class T>
__device__ double plainVectors(const Job& job, const T* x, const T* y, T* gradient, long long vectors) {
  using A = Arithmetic<T>;
  constexpr int SIZE = Vector<T>::SIZE;
  constexpr int AT_ONCE = SIZE > 4 ? 1 : 2;
  A scale = (A)job.scale;
  A first = (A)job.p[0];
  double sum = 0;
  long long stride = (long long)gridDim.x * blockDim.x;
  for (long long v = (long long)blockIdx.x * blockDim.x + threadIdx.x; v < vectors; v += AT_ONCE * stride) {
    Vector<T> xs[AT_ONCE];
    Vector<T> ys[AT_ONCE];
#pragma unroll
    for (int j = 0; j < AT_ONCE; j++) {
      if (v + j * stride < vectors) {
        xs[j] = loadVector(x + (v + j * stride) * SIZE);
        ys[j] = loadVector(y + (v + j * stride) * SIZE);
      }
    }
#pragma unroll
    for (int j = 0; j < AT_ONCE; j++) {
      if (v + j * stride < vectors) {
#pragma unroll
        for (int i = 0; i < SIZE; i++) {
          A label = smoothed(job, (A)widen(ys[j].at[i]));
          Term<A> term = Loss::at((A)widen(xs[j].at[i]), label, (A)1, first, job);
          sum += term.value;
          xs[j].at[i] = narrow<T>(scale * term.derivative);
        }
        if (gradient != nullptr) {
          storeVector(gradient + (v + j * stride) * SIZE, xs[j]);
        }
      }
    }
  }
  return sum;
}

/** All arrays row-major without gaps: elements by their number. */
template <class Loss, class T>
__device__ void elementwiseFlat(const Job& job) {
  using A = Arithmetic<T>;
  const T* x = static_cast<const T*>(job.predictions.data);
  T* gradient = static_cast<T*>(job.gradient.type == ABSENT ? nullptr : job.gradient.data);
  long long elements = job.rows * job.columns;
  long long done = 0;
  double sum = 0;
  bool aligned = toBoundary(x) == 0 && toBoundary(gradient) == 0 && toBoundary(static_cast<T*>(job.labels.data)) == 0;
  bool plain = isPlain(job);
  if (plain && aligned && job.labels.type == Number<T>::TYPE) {
    long long vectors = elements / Vector<T>::SIZE;
    done = vectors * Vector<T>::SIZE;
    sum = plainVectors<Loss, T>(job, x, static_cast<const T*>(job.labels.data), gradient, vectors);
  }
  A scale = (A)job.scale;
  for (long long i = done + (long long)blockIdx.x * blockDim.x + threadIdx.x; i < elements;
       i += (long long)gridDim.x * blockDim.x) {
    long long row = 0;
    int k = 0;
    A w = 1;
    if (!plain) {
      row = elements >> 32 == 0 ? (unsigned)i / (unsigned)job.columns : i / job.columns;
      k = (int)(i - row * job.columns);
      w = classWeight<A>(job, k);
      if (job.maskColumns > 0) {
        w *= load<A>(job.mask, job.maskColumns == 1 ? rowOffset(job.mask, row) : i);
      }
    }
    Term<A> term = elementTerm<Loss>(job, k, (A)widen(x[i]), load<A>(job.labels, i), w);
    sum += term.value;
    if (gradient != nullptr) {
      gradient[i] = narrow<T>(scale * term.derivative);
    }
    if (job.terms.type != ABSENT) {
      store(job.terms, i, (double)term.value);
    }
  }
  finish(job, sum, [](long long) {});
}

/** Any layout, and terms of rows: each team takes a row at a time. */
template <class Loss, class T, class Team>
__device__ void elementwiseByRow(const Job& job, Team team) {
  using A = Arithmetic<T>;
  A scale = (A)job.scale;
  double sum = 0;
  long long teams = blockDim.x / team.lanes;
  for (long long row = blockIdx.x * teams + threadIdx.x / team.lanes; row < job.rows; row += gridDim.x * teams) {
    const T* x = static_cast<const T*>(job.predictions.data) + rowOffset(job.predictions, row);
    T* gradient = static_cast<T*>(job.gradient.data) + (job.gradient.type == ABSENT ? 0 : rowOffset(job.gradient, row));
    long long labels = rowOffset(job.labels, row);
    long long masks = job.maskColumns == 0 ? 0 : rowOffset(job.mask, row);
    long long terms = job.terms.type == ABSENT ? 0 : rowOffset(job.terms, row);
    double rowSum = 0;
    for (int k = team.lane; k < job.columns; k += team.lanes) {
      A w = classWeight<A>(job, k);
      if (job.maskColumns > 0) {
        w *= load<A>(job.mask, masks + (job.maskColumns == 1 ? 0 : k * job.mask.columnStride));
      }
      A y = load<A>(job.labels, labels + k * job.labels.columnStride);
      Term<A> term = elementTerm<Loss>(job, k, (A)widen(x[k * job.predictions.columnStride]), y, w);
      rowSum += term.value;
      if (job.gradient.type != ABSENT) {
        gradient[k * job.gradient.columnStride] = narrow<T>(scale * term.derivative);
      }
      if (job.terms.type != ABSENT && !job.termsPerRow) {
        store(job.terms, terms + k * job.terms.columnStride, (double)term.value);
      }
    }
    sum += rowSum;
    if (job.termsPerRow && job.terms.type != ABSENT) {
      rowSum = team.reduce(rowSum, Sum());
      if (team.lane == 0) {
        store(job.terms, terms, rowSum);
      }
    }
  }
  finish(job, sum, [](long long) {});
}

/** The kernels of a loss: its name in kernels.table and its functor. */
#define ELEMENTWISE(stem, name, T, Loss) \
  KERNEL(stem, name, flat, 256) { elementwiseFlat<Loss, T>(job); } \
  KERNEL(stem, name, rows, 128) { elementwiseByRow<Loss, T>(job, Lanes((int)job.lanes)); }
