#pragma once

#include "kernel.cuh"
#include "softmax_row.cuh"

// What holds the logits of a row, by its length, and the loop over rows.

/** What all rows in memory have: where they begin. */
template <class T>
struct RowPointers {
  using A = Arithmetic<T>;
  static constexpr bool SPREAD = false;

  const T* x;
  /** Null if not wanted. */
  T* gradient;

  __device__ RowPointers(const Job& job, long long row)
      : x(static_cast<const T*>(job.predictions.data) + rowOffset(job.predictions, row)),
        gradient(job.gradient.type == ABSENT ? nullptr
                                             : static_cast<T*>(job.gradient.data) + rowOffset(job.gradient, row)) {}
};

/**
 * A row in memory that is read again in every pass, or where KEEPS, the launch has room for it and the team is a block once
 * into shared memory: any length, any layout. May be a part of a row.
 */
template <class T, class Team, bool KEEPS = false>
struct StreamedRow : RowPointers<T> {
  using A = Arithmetic<T>;
  static constexpr bool KEPT = false;
  static constexpr bool ONLY_CROSS_ENTROPY = false;

  const Job& job;
  Team& team;
  int begin = 0;
  int end;

  __device__ StreamedRow(const Job& job, long long row, Team& team)
      : RowPointers<T>(job, row), job(job), team(team), end((int)job.columns) {}

  __device__ A load(const Targets<A>& targets) {
    if (isKept()) {
      for (int k = team.lane; k < end; k += team.lanes) {
        room()[k] = read(targets, k);
      }
      team.sync();
    }
    return 0;
  }

  __device__ bool isKept() const { return KEEPS && job.keepsRow; }

  __device__ A* room() const { return reinterpret_cast<A*>(dynamicShared); }

  __device__ A read(const Targets<A>& targets, int k) const {
    return transformed(targets, k, (A)widen(this->x[k * job.predictions.columnStride]));
  }

  __device__ A at(const Targets<A>& targets, int k) const { return isKept() ? room()[k] : read(targets, k); }

  template <bool SOFT, class Body>
  __device__ void each(const Targets<A>& targets, Body body) const {
#pragma unroll SOFT ? 1 : 2
    for (int k = begin + team.lane; k < end; k += team.lanes) {
      body(k, at(targets, k), SOFT ? targets.effective(k) : 0);
    }
  }

  /** What the threads have seen of the partition. */
  __device__ RunningPartition<A> running(const Targets<A>& targets) const {
    RunningPartition<A> running;
    each<false>(targets, [&](int, A z, A) { running.add(z); });
    running.combine(team);
    return running;
  }

  __device__ Partition<A> partition(const Targets<A>& targets, A, Team&, bool) const {
    return running(targets).partition();
  }

  template <bool SOFT, class Body>
  __device__ void write(const Targets<A>& targets, Body body, int hot, A atHot) const {
    if (this->gradient != nullptr) {
#pragma unroll SOFT ? 1 : 2
      for (int k = begin + team.lane; k < end; k += team.lanes) {
        A z = targets.hot == NOTHING ? 0 : at(targets, k);
        A g = k == hot ? atHot : body(k, z, SOFT ? targets.effective(k) : 0);
        this->gradient[k * job.gradient.columnStride] = narrow<T>(g);
      }
    }
    leave();
  }

  /** The next row comes into the same memory. */
  __device__ void leave() const {
    if (isKept()) {
      team.sync();
    }
  }
};

/** Sums up kept logits, which their exponentials replace if the row is not soft. */
template <class A, class Row, class Team>
__device__ Partition<A> partitionOfKept(Row& z, const Targets<A>& targets, A largest, Team& team, bool keepExponentials) {
  largest = team.reduce(largest, Largest());
  A shift = largest == -infinity<A>() ? 0 : largest;
  A below = 0;
  A ones = 0;
  z.template each<false>(targets, [&](int, A& logit, A) {
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
 * boundaries. Column strides are 1; no element masks, margins only for class indices, dense labels of the same type.
 */
template <class T, class Team, int VECTORS>
struct RegisterRow : RowPointers<T> {
  using A = Arithmetic<T>;
  static constexpr bool KEPT = true;
  static constexpr bool ONLY_CROSS_ENTROPY = true;
  static constexpr int SIZE = Vector<T>::SIZE;

  const Team& team;
  const int columns;
  /** Elements before the first boundary. */
  const int head;
  const int vectors;
  A kept[VECTORS * SIZE];
  A first = 0;
  A last = 0;

  __device__ RegisterRow(const Job& job, long long row, const Team& team)
      : RowPointers<T>(job, row),
        team(team),
        columns((int)job.columns),
        head(min(toBoundary(this->x), columns)),
        vectors((columns - head) / SIZE) {}

  __device__ int tail() const { return head + vectors * SIZE + team.lane; }

  /** Calls body(v, k) for the first column of each vector of this thread. */
  template <class Body>
  __device__ void eachVector(Body body) const {
#pragma unroll
    for (int v = 0; v < VECTORS; v++) {
      int at = v * team.lanes + team.lane;
      if (at < vectors) {
        body(v, head + at * SIZE);
      }
    }
  }

  __device__ A load(const Targets<A>& targets) {
    eachVector([&](int v, int k) {
      Vector<T> loaded = loadVector(this->x + k);
#pragma unroll
      for (int i = 0; i < SIZE; i++) {
        kept[v * SIZE + i] = widen(loaded.at[i]);
      }
    });
    if (team.lane < head) {
      first = widen(this->x[team.lane]);
    }
    if (tail() < columns) {
      last = widen(this->x[tail()]);
    }
    if (isTransformed(targets.job)) {
      each<false>(targets, [&](int k, A& z, A) { z = changed(targets, k, z); });
    }
    A largest = -infinity<A>();
    each<false>(targets, [&](int, A& z, A) { largest = larger(largest, z); });
    return largest;
  }

  /** As transformed(), but with margins for class indices only. */
  __device__ A changed(const Targets<A>& targets, int k, A z) const {
    const Job& job = targets.job;
    if (job.bias != nullptr) {
      z += (A)job.bias[k];
    }
    if (job.margin != nullptr && k == targets.named) {
      z -= (A)job.margin[k];
    }
    return z * (A)job.logitScale;
  }

  __device__ A at(const Targets<A>& targets, int k) const { return changed(targets, k, widen(this->x[k])); }

  __device__ Partition<A> partition(const Targets<A>& targets, A largest, Team& team, bool keepExponentials) {
    return partitionOfKept(*this, targets, largest, team, keepExponentials);
  }

  /** The targets of columns k to k + SIZE. */
  struct VectorTargets {
    A at[SIZE];
  };

  __device__ VectorTargets targetsAt(const Targets<A>& targets, int k) const {
    const Job& job = targets.job;
    VectorTargets result;
    if (targets.named == SOFT) {
      const T* labels = static_cast<const T*>(job.labels.data) + targets.labelRow + k;
      Vector<T> loaded;
      if (toBoundary(labels) == 0) {
        loaded = loadVector(labels);
      } else {
#pragma unroll
        for (int i = 0; i < SIZE; i++) {
          loaded.at[i] = labels[i];
        }
      }
#pragma unroll
      for (int i = 0; i < SIZE; i++) {
        result.at[i] = widen(loaded.at[i]);
      }
    } else {
#pragma unroll
      for (int i = 0; i < SIZE; i++) {
        result.at[i] = targets.named == k + i ? 1 : 0;
      }
    }
#pragma unroll
    for (int i = 0; i < SIZE; i++) {
      A w = job.classWeights == nullptr ? targets.rowWeight : weightAt(targets, k + i);
      result.at[i] = targets.effective(w, result.at[i]);
    }
    return result;
  }

  __device__ A weightAt(const Targets<A>& targets, int k) const { return targets.classWeight(k) * targets.rowWeight; }

  __device__ A targetAt(const Targets<A>& targets, int k) const {
    A label = targets.named == SOFT
                  ? widen(static_cast<const T*>(targets.job.labels.data)[targets.labelRow + k])
                  : targets.named == k ? 1 : 0;
    return targets.effective(weightAt(targets, k), label);
  }

  /** Calls body(k, element, target) for each element of this thread. */
  template <bool SOFT, class Body>
  __device__ void each(const Targets<A>& targets, Body body) {
    eachVector([&](int v, int k) {
      VectorTargets t = SOFT ? targetsAt(targets, k) : VectorTargets{};
#pragma unroll
      for (int i = 0; i < SIZE; i++) {
        body(k + i, kept[v * SIZE + i], t.at[i]);
      }
    });
    if (team.lane < head) {
      body(team.lane, first, SOFT ? targetAt(targets, team.lane) : 0);
    }
    if (tail() < columns) {
      body(tail(), last, SOFT ? targetAt(targets, tail()) : 0);
    }
  }

  template <bool SOFT, class Body>
  __device__ void write(const Targets<A>& targets, Body body, int hot, A atHot) {
    if (this->gradient == nullptr) {
      return;
    }
    each<SOFT>(targets, [&](int k, A& z, A t) { z = body(k, z, t); });
    if (toBoundary(this->gradient) == toBoundary(this->x)) {
      eachVector([&](int v, int k) {
        Vector<T> stored;
#pragma unroll
        for (int i = 0; i < SIZE; i++) {
          stored.at[i] = narrow<T>(kept[v * SIZE + i]);
        }
        storeVector(this->gradient + k, stored);
      });
      if (team.lane < head) {
        this->gradient[team.lane] = narrow<T>(first);
      }
      if (tail() < columns) {
        this->gradient[tail()] = narrow<T>(last);
      }
    } else {
      each<false>(targets, [&](int k, A& z, A) { this->gradient[k] = narrow<T>(z); });
    }
    // After its neighbours, by the thread that wrote them: one comparison instead of one per class.
    if (hot >= 0 && isMine(hot)) {
      this->gradient[hot] = narrow<T>(atHot);
    }
  }

  __device__ bool isMine(int k) const {
    int tail = head + vectors * SIZE;
    return team.lane == (k < head ? k : k < tail ? (k - head) / SIZE % team.lanes : k - tail);
  }
};

/** A row in the shared memory of its block, in arithmetic precision. Both column strides are 1. */
template <class T>
struct SharedRow : RowPointers<T> {
  using A = Arithmetic<T>;
  static constexpr bool KEPT = true;
  static constexpr bool ONLY_CROSS_ENTROPY = false;
  static constexpr int SIZE = Vector<T>::SIZE;
  static constexpr int KEPT_SIZE = Vector<A>::SIZE;

  Block& team;
  const int columns;
  const int head;
  const int vectors;
  /** Shared memory, so shifted that 16-byte boundaries are where they are in x. */
  A* z;

  __device__ SharedRow(const Job& job, long long row, Block& team)
      : RowPointers<T>(job, row),
        team(team),
        columns((int)job.columns),
        head(min(toBoundary(this->x), columns)),
        vectors((columns - head) / SIZE),
        z(reinterpret_cast<A*>(dynamicShared) + (KEPT_SIZE - head % KEPT_SIZE) % KEPT_SIZE) {}

  template <bool SOFT, class Body>
  __device__ void each(const Targets<A>& targets, Body body) const {
#pragma unroll SOFT ? 1 : 4
    for (int k = team.lane; k < columns; k += team.lanes) {
      body(k, z[k], SOFT ? targets.effective(k) : 0);
    }
  }

  /** Before the first and behind the last boundary. */
  template <class Body>
  __device__ void eachBesides(Body body) const {
    if (team.lane < head) {
      body(team.lane);
    }
    int tail = head + vectors * SIZE + team.lane;
    if (tail < columns) {
      body(tail);
    }
  }

  __device__ A load(const Targets<A>& targets) {
    A largest = -infinity<A>();
#pragma unroll 4
    for (int v = team.lane; v < vectors; v += team.lanes) {
      Vector<T> loaded = loadVector(this->x + head + v * SIZE);
      Vector<A> staged[SIZE / KEPT_SIZE];
#pragma unroll
      for (int i = 0; i < SIZE; i++) {
        A logit = widen(loaded.at[i]);
        largest = larger(largest, logit);
        staged[i / KEPT_SIZE].at[i % KEPT_SIZE] = logit;
      }
#pragma unroll
      for (int i = 0; i < SIZE / KEPT_SIZE; i++) {
        storeVector(z + head + v * SIZE + i * KEPT_SIZE, staged[i]);
      }
    }
    eachBesides([&](int k) {
      z[k] = widen(this->x[k]);
      largest = larger(largest, z[k]);
    });
    team.sync();
    if (isTransformed(targets.job)) {
      largest = -infinity<A>();
      each<false>(targets, [&](int k, A& logit, A) {
        logit = transformed(targets, k, logit);
        largest = larger(largest, logit);
      });
    }
    return largest;
  }

  __device__ A at(const Targets<A>& targets, int k) const { return transformed(targets, k, (A)widen(this->x[k])); }

  __device__ Partition<A> partition(const Targets<A>& targets, A largest, Block& team, bool keepExponentials) {
    return partitionOfKept(*this, targets, largest, team, keepExponentials);
  }

  template <bool SOFT, class Body>
  __device__ void write(const Targets<A>& targets, Body body, int hot, A atHot) {
    if (this->gradient == nullptr) {
      team.sync();  // the next row comes into the same memory
      return;
    }
    each<SOFT>(targets, [&](int k, A& logit, A t) { logit = k == hot ? atHot : body(k, logit, t); });
    team.sync();
    if (toBoundary(this->gradient) == toBoundary(this->x)) {
#pragma unroll 4
      for (int v = team.lane; v < vectors; v += team.lanes) {
        Vector<T> stored;
#pragma unroll
        for (int i = 0; i < SIZE; i++) {
          stored.at[i] = narrow<T>(z[head + v * SIZE + i]);
        }
        storeVector(this->gradient + head + v * SIZE, stored);
      }
      eachBesides([&](int k) { this->gradient[k] = narrow<T>(z[k]); });
    } else {
      each<false>(targets, [&](int k, A& logit, A) { this->gradient[k] = narrow<T>(logit); });
    }
    team.sync();
  }
};

/** A short row of one thread, in shared memory that the block fills and empties for all its rows. */
template <class T>
struct TileRow {
  using A = Arithmetic<T>;
  static constexpr bool SPREAD = false;
  static constexpr bool KEPT = true;
  static constexpr bool ONLY_CROSS_ENTROPY = false;

  const int columns;
  A* z;
  const T* x;

  template <bool SOFT, class Body>
  __device__ void each(const Targets<A>& targets, Body body) const {
#pragma unroll SOFT ? 1 : 4
    for (int k = 0; k < columns; k++) {
      body(k, z[k], SOFT ? targets.effective(k) : 0);
    }
  }

  __device__ A load(const Targets<A>& targets) {
    if (isTransformed(targets.job)) {
      each<false>(targets, [&](int k, A& logit, A) { logit = transformed(targets, k, logit); });
    }
    A largest = -infinity<A>();
    each<false>(targets, [&](int, A& logit, A) { largest = larger(largest, logit); });
    return largest;
  }

  __device__ A at(const Targets<A>& targets, int k) const { return transformed(targets, k, (A)widen(x[k])); }

  __device__ Partition<A> partition(const Targets<A>& targets, A largest, Alone& team, bool keepExponentials) {
    return partitionOfKept(*this, targets, largest, team, keepExponentials);
  }

  template <bool SOFT, class Body>
  __device__ void write(const Targets<A>& targets, Body body, int hot, A atHot) const {
    each<SOFT>(targets, [&](int k, A& logit, A t) { logit = body(k, logit, t); });
    if (hot >= 0) {
      z[hot] = atHot;
    }
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
template <class T, class Family, class Row, class Team>
__device__ void softmaxByTeam(const Job& job, Team team) {
  double sum = 0;
  long long teams = blockDim.x / team.lanes;
  for (long long row = blockIdx.x * teams + threadIdx.x / team.lanes; row < job.rows; row += gridDim.x * teams) {
    Row z(job, row, team);
    sum += settle(job, row, team, Family::template compute<Arithmetic<T>>(job, row, team, z));
  }
  finish(job, sum, LabelFault{job});
}

/** Each block takes as many rows as it has threads. */
template <class T, class Family>
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
      sum += settle(job, row, team, Family::template compute<Arithmetic<T>>(job, row, team, z));
    }
    __syncthreads();
    if (job.gradient.type != ABSENT) {
      tile.store(static_cast<T*>(job.gradient.data) + first * job.columns, rows * tile.columns);
      __syncthreads();
    }
  }
  finish(job, sum, LabelFault{job});
}
