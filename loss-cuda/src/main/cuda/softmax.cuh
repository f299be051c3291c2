#pragma once

#include "kernel.cuh"
#include "softmax_row.cuh"

// What holds the logits of a row, by its length, and the loop over rows.

/** A row in memory that is read again in every pass: any length, any layout. */
template <class T, class Team>
struct StreamedRow {
  using A = Arithmetic<T>;
  using Dense = AnyLabels;
  static constexpr bool KEPT = false;
  static constexpr bool ONLY_CROSS_ENTROPY = false;

  const Job& job;
  const Team& team;
  const T* x;
  T* gradient;
  const Targets<A, Dense>* targets = nullptr;

  __device__ StreamedRow(const Job& job, long long row, const Team& team)
      : job(job),
        team(team),
        x(static_cast<const T*>(job.predictions.data) + rowOffset(job.predictions, row)),
        gradient(job.gradient.type == ABSENT ? nullptr
                                             : static_cast<T*>(job.gradient.data) + rowOffset(job.gradient, row)) {}

  __device__ A load(const Targets<A, Dense>& targets) {
    this->targets = &targets;
    return 0;
  }

  __device__ A at(const Targets<A, Dense>& targets, int k) const {
    return transformed(targets, k, widen(x[k * job.predictions.columnStride]));
  }

  template <int UNROLL = 1, class Body>
  __device__ void each(Body body) const {
#pragma unroll UNROLL
    for (int k = team.lane; k < job.columns; k += team.lanes) {
      body(k, at(*targets, k));
    }
  }

  __device__ Partition<A> partition(A, Team& team, bool) const {
    RunningPartition<A> running;
    each([&](int, A z) { running.add(z); });
    return running.combine(team);
  }

  template <int UNROLL = 1, class Body>
  __device__ void write(Body body, int hot, A atHot) const {
    if (gradient == nullptr) {
      return;
    }
#pragma unroll UNROLL
    for (int k = team.lane; k < job.columns; k += team.lanes) {
      A g = k == hot ? atHot : body(k, targets == nullptr ? 0 : at(*targets, k));
      gradient[k * job.gradient.columnStride] = narrow<T>(g);
    }
  }
};

/** Sums up kept logits, which their exponentials replace if the row is not soft. */
template <class A, class Row, class Team>
__device__ Partition<A> partitionOfKept(Row& z, A largest, Team& team, bool keepExponentials) {
  largest = team.reduce(largest, Largest());
  A shift = largest == -infinity<A>() ? 0 : largest;
  A below = 0;
  A ones = 0;
  z.template each<4>([&](int, A& logit) {
    A e = exponential(logit - shift);
    below += e == 1 ? 0 : e;
    ones += e == 1 ? 1 : 0;
    logit = keepExponentials ? e : logit;
  });
  below = team.reduce(below, Sum());
  ones = team.reduce(ones, Sum());
  return Partition<A>(largest, below, ones);
}

/**
 * A row in registers: VECTORS times 16 bytes per thread, and one element each of what lies before and behind the 16-byte
 * boundaries. Both columns strides are 1.
 */
template <class T, class Team, int VECTORS>
struct RegisterRow {
  using A = Arithmetic<T>;
  using Dense = LabelsOf<T>;
  static constexpr bool KEPT = true;
  static constexpr bool ONLY_CROSS_ENTROPY = true;
  static constexpr int SIZE = Vector<T>::SIZE;

  const Team& team;
  const T* x;
  T* gradient;
  const int columns;
  /** Elements before the first boundary. */
  const int head;
  const int vectors;
  A kept[VECTORS * SIZE];
  A first = 0;
  A last = 0;

  __device__ RegisterRow(const Job& job, long long row, const Team& team)
      : team(team),
        x(static_cast<const T*>(job.predictions.data) + rowOffset(job.predictions, row)),
        gradient(job.gradient.type == ABSENT ? nullptr
                                             : static_cast<T*>(job.gradient.data) + rowOffset(job.gradient, row)),
        columns((int)job.columns),
        head(min(toBoundary(x), columns)),
        vectors((columns - head) / SIZE) {}

  __device__ int tail() const { return head + vectors * SIZE + team.lane; }

  /** Calls body(k, element) for each element of this thread. */
  template <int UNROLL = 1, class Body>
  __device__ void each(Body body) {
#pragma unroll
    for (int v = 0; v < VECTORS; v++) {
      int at = v * team.lanes + team.lane;
      if (at < vectors) {
#pragma unroll
        for (int i = 0; i < SIZE; i++) {
          body(head + at * SIZE + i, kept[v * SIZE + i]);
        }
      }
    }
    if (team.lane < head) {
      body(team.lane, first);
    }
    if (tail() < columns) {
      body(tail(), last);
    }
  }

  __device__ A load(const Targets<A, Dense>& targets) {
#pragma unroll
    for (int v = 0; v < VECTORS; v++) {
      int at = v * team.lanes + team.lane;
      if (at < vectors) {
        Vector<T> loaded = loadVector(x + head + at * SIZE);
#pragma unroll
        for (int i = 0; i < SIZE; i++) {
          kept[v * SIZE + i] = widen(loaded.at[i]);
        }
      }
    }
    if (team.lane < head) {
      first = widen(x[team.lane]);
    }
    if (tail() < columns) {
      last = widen(x[tail()]);
    }
    if (isTransformed(targets.job)) {
      each([&](int k, A& z) { z = transformed(targets, k, z); });
    }
    A largest = -infinity<A>();
    each([&](int, A& z) { largest = larger(largest, z); });
    return largest;
  }

  __device__ A at(const Targets<A, Dense>& targets, int k) const { return transformed(targets, k, widen(x[k])); }

  __device__ Partition<A> partition(A largest, Team& team, bool keepExponentials) {
    return partitionOfKept(*this, largest, team, keepExponentials);
  }

  template <int UNROLL = 1, class Body>
  __device__ void write(Body body, int hot, A atHot) {
    if (gradient == nullptr) {
      return;
    }
    if (toBoundary(gradient) == toBoundary(x)) {
#pragma unroll
      for (int v = 0; v < VECTORS; v++) {
        int at = v * team.lanes + team.lane;
        if (at < vectors) {
          Vector<T> stored;
#pragma unroll
          for (int i = 0; i < SIZE; i++) {
            stored.at[i] = narrow<T>(body(head + at * SIZE + i, kept[v * SIZE + i]));
          }
          storeVector(gradient + head + at * SIZE, stored);
        }
      }
      if (team.lane < head) {
        gradient[team.lane] = narrow<T>(body(team.lane, first));
      }
      if (tail() < columns) {
        gradient[tail()] = narrow<T>(body(tail(), last));
      }
    } else {
      each([&](int k, A& z) { gradient[k] = narrow<T>(body(k, z)); });
    }
    // After its neighbours, by the thread that wrote them: one comparison instead of one per class.
    if (hot >= 0 && isMine(hot)) {
      gradient[hot] = narrow<T>(atHot);
    }
  }

  __device__ bool isMine(int k) const {
    int owner = k < head ? k : k >= head + vectors * SIZE ? k - head - vectors * SIZE : (k - head) / SIZE % team.lanes;
    return owner == team.lane;
  }
};

/** A row in the shared memory of its block, in arithmetic precision. Both column strides are 1. */
template <class T>
struct SharedRow {
  using A = Arithmetic<T>;
  using Dense = AnyLabels;
  static constexpr bool KEPT = true;
  static constexpr bool ONLY_CROSS_ENTROPY = false;
  static constexpr int SIZE = Vector<T>::SIZE;

  Block& team;
  const T* x;
  T* gradient;
  const int columns;
  /** Shared memory, so shifted that 16-byte boundaries are where they are in x. */
  A* z;

  __device__ SharedRow(const Job& job, long long row, Block& team)
      : team(team),
        x(static_cast<const T*>(job.predictions.data) + rowOffset(job.predictions, row)),
        gradient(job.gradient.type == ABSENT ? nullptr
                                             : static_cast<T*>(job.gradient.data) + rowOffset(job.gradient, row)),
        columns((int)job.columns),
        z(reinterpret_cast<A*>(dynamicShared) + (16 / sizeof(A) - toBoundary(x) % (16 / sizeof(A))) % (16 / sizeof(A))) {
  }

  template <int UNROLL = 1, class Body>
  __device__ void each(Body body) const {
#pragma unroll UNROLL
    for (int k = team.lane; k < columns; k += team.lanes) {
      body(k, z[k]);
    }
  }

  __device__ A load(const Targets<A, Dense>& targets) {
    A largest = -infinity<A>();
    int head = min(toBoundary(x), columns);
    int vectors = (columns - head) / SIZE;
#pragma unroll 4
    for (int v = team.lane; v < vectors; v += team.lanes) {
      Vector<T> loaded = loadVector(x + head + v * SIZE);
      Vector<A> staged[SIZE / Vector<A>::SIZE];
#pragma unroll
      for (int i = 0; i < SIZE; i++) {
        A logit = widen(loaded.at[i]);
        largest = larger(largest, logit);
        staged[i / Vector<A>::SIZE].at[i % Vector<A>::SIZE] = logit;
      }
#pragma unroll
      for (int i = 0; i < SIZE / Vector<A>::SIZE; i++) {
        storeVector(z + head + v * SIZE + i * Vector<A>::SIZE, staged[i]);
      }
    }
    eachBesides(head, vectors, [&](int k) {
      z[k] = widen(x[k]);
      largest = larger(largest, z[k]);
    });
    team.sync();
    if (isTransformed(targets.job)) {
      largest = -infinity<A>();
      each([&](int k, A& logit) {
        logit = transformed(targets, k, logit);
        largest = larger(largest, logit);
      });
    }
    return largest;
  }

  /** Before the first and behind the last boundary. */
  template <class Body>
  __device__ void eachBesides(int head, int vectors, Body body) const {
    if (team.lane < head) {
      body(team.lane);
    }
    int tail = head + vectors * SIZE + team.lane;
    if (tail < columns) {
      body(tail);
    }
  }

  __device__ A at(const Targets<A, Dense>& targets, int k) const { return transformed(targets, k, widen(x[k])); }

  __device__ Partition<A> partition(A largest, Block& team, bool keepExponentials) {
    return partitionOfKept(*this, largest, team, keepExponentials);
  }

  template <int UNROLL = 1, class Body>
  __device__ void write(Body body, int hot, A atHot) {
    if (gradient == nullptr) {
      team.sync();  // the next row comes into the same memory
      return;
    }
    each<UNROLL>([&](int k, A& logit) { logit = k == hot ? atHot : body(k, logit); });
    team.sync();
    if (toBoundary(gradient) == toBoundary(x)) {
      int head = min(toBoundary(x), columns);
      int vectors = (columns - head) / SIZE;
#pragma unroll 4
      for (int v = team.lane; v < vectors; v += team.lanes) {
        Vector<T> stored;
#pragma unroll
        for (int i = 0; i < SIZE; i++) {
          stored.at[i] = narrow<T>(z[head + v * SIZE + i]);
        }
        storeVector(gradient + head + v * SIZE, stored);
      }
      eachBesides(head, vectors, [&](int k) { gradient[k] = narrow<T>(z[k]); });
    } else {
      each<4>([&](int k, A& logit) { gradient[k] = narrow<T>(logit); });
    }
    team.sync();
  }
};

/** A short row of one thread, in shared memory that the block fills and empties for all its rows. */
template <class T>
struct TileRow {
  using A = Arithmetic<T>;
  using Dense = AnyLabels;
  static constexpr bool KEPT = true;
  static constexpr bool ONLY_CROSS_ENTROPY = false;

  const int columns;
  A* z;
  const T* x;

  template <int UNROLL = 1, class Body>
  __device__ void each(Body body) const {
#pragma unroll UNROLL
    for (int k = 0; k < columns; k++) {
      body(k, z[k]);
    }
  }

  __device__ A load(const Targets<A, Dense>& targets) {
    if (isTransformed(targets.job)) {
      each([&](int k, A& logit) { logit = transformed(targets, k, logit); });
    }
    A largest = -infinity<A>();
    each<4>([&](int, A& logit) { largest = larger(largest, logit); });
    return largest;
  }

  __device__ A at(const Targets<A, Dense>& targets, int k) const { return transformed(targets, k, widen(x[k])); }

  __device__ Partition<A> partition(A largest, Alone& team, bool keepExponentials) {
    return partitionOfKept(*this, largest, team, keepExponentials);
  }

  template <int UNROLL = 1, class Body>
  __device__ void write(Body body, int hot, A atHot) const {
    each<UNROLL>([&](int k, A& logit) { logit = k == hot ? atHot : body(k, logit); });
  }
};

/** Elements of a tile from memory to shared memory and back, 16 bytes at a time where they lie so. */
template <class T>
struct Tile {
  using A = Arithmetic<T>;
  static constexpr int SIZE = Vector<T>::SIZE;
  /** So many elements at most: index * RECIPROCAL fits 32 bits and its quotient is exact for up to 32 columns. */
  static constexpr unsigned SHIFT = 20;

  const int columns;
  /** Odd, so that threads meet different banks. */
  const int pitch;
  const unsigned reciprocal;
  A* z;

  __device__ explicit Tile(int columns)
      : columns(columns),
        pitch(columns | 1),
        reciprocal(((1u << SHIFT) + columns - 1) / columns),
        z(reinterpret_cast<A*>(dynamicShared)) {}

  __device__ A* row(int r) const { return z + r * pitch; }

  __device__ A& at(unsigned i) const {
    unsigned r = i * reciprocal >> SHIFT;
    return z[r * pitch + (i - r * columns)];
  }

  __device__ void load(const T* from, int count) const {
    int vectors = toBoundary(from) == 0 ? count / SIZE : 0;
#pragma unroll 2
    for (int v = threadIdx.x; v < vectors; v += blockDim.x) {
      Vector<T> loaded = loadVector(from + v * SIZE);
#pragma unroll
      for (int i = 0; i < SIZE; i++) {
        at(v * SIZE + i) = widen(loaded.at[i]);
      }
    }
    for (int i = vectors * SIZE + threadIdx.x; i < count; i += blockDim.x) {
      at(i) = widen(from[i]);
    }
  }

  __device__ void store(T* to, int count) const {
    int vectors = toBoundary(to) == 0 ? count / SIZE : 0;
#pragma unroll 2
    for (int v = threadIdx.x; v < vectors; v += blockDim.x) {
      Vector<T> stored;
#pragma unroll
      for (int i = 0; i < SIZE; i++) {
        stored.at[i] = narrow<T>(at(v * SIZE + i));
      }
      storeVector(to + v * SIZE, stored);
    }
    for (int i = vectors * SIZE + threadIdx.x; i < count; i += blockDim.x) {
      to[i] = narrow<T>(at(i));
    }
  }
};

/** Each team takes a row at a time. */
template <class T, class Row, class Team>
__device__ void softmaxByTeam(const Job& job, Team team) {
  double sum = 0;
  long long teams = blockDim.x / team.lanes;
  for (long long row = blockIdx.x * teams + threadIdx.x / team.lanes; row < job.rows; row += gridDim.x * teams) {
    Row z(job, row, team);
    sum += settle(job, row, team, softmaxRow<Arithmetic<T>>(job, row, team, z));
  }
  finish(job, sum, LabelFault{job});
}

/** Each block takes as many rows as it has threads. */
template <class T>
__device__ void softmaxByTile(const Job& job) {
  Tile<T> tile((int)job.columns);
  const T* x = static_cast<const T*>(job.predictions.data);
  Alone team;
  double sum = 0;
  for (long long first = (long long)blockIdx.x * blockDim.x; first < job.rows; first += (long long)gridDim.x * blockDim.x) {
    int rows = (int)min((long long)blockDim.x, job.rows - first);
    tile.load(x + first * job.columns, rows * tile.columns);
    __syncthreads();
    if ((int)threadIdx.x < rows) {
      long long row = first + threadIdx.x;
      TileRow<T> z{tile.columns, tile.row(threadIdx.x), x + row * job.columns};
      sum += settle(job, row, team, softmaxRow<Arithmetic<T>>(job, row, team, z));
    }
    __syncthreads();
    if (job.gradient.type != ABSENT) {
      tile.store(static_cast<T*>(job.gradient.data) + first * job.columns, rows * tile.columns);
      __syncthreads();
    }
  }
  finish(job, sum, LabelFault{job});
}
