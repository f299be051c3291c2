#pragma once

#include "softmax.cuh"

// Few long rows: each is spread over job.parts blocks, which a launch for the partition, one for the sums of soft labels
// and one for the results follow each other for. What blocks find out goes through scratch memory, and whoever needs it adds
// it up in the order of the parts: the same bits in every block and every run.

/** What a block leaves behind: of the partition max, below, ones; of the targets weights, slopes, value. */
constexpr int PART_NUMBERS = 6;

/** A part of a row in memory, or a whole one where rows are not spread. */
template <class T>
struct PartRow : StreamedRow<T, Block> {
  using Base = StreamedRow<T, Block>;
  using A = typename Base::A;
  using Soft = SoftmaxFamily::Soft<A>;
  static constexpr bool SPREAD = true;

  const int parts;
  const int part;
  /** Of the first part of the row. */
  double* const scratch;

  __device__ PartRow(const Job& job, long long row, int part, Block& team)
      : Base(job, row, team),
        parts((int)job.parts),
        part(part),
        scratch(job.partials + gridDim.x + row * parts * PART_NUMBERS) {
    long long columns = job.columns;
    this->begin = (int)(columns * part / parts);
    this->end = (int)(columns * (part + 1) / parts);
  }

  __device__ Partition<A> partition(const Targets<A>& targets, A, Block&, bool) const {
    if (parts == 1) {
      return this->running(targets).partition();
    }
    RunningPartition<A> all;
    for (int i = 0; i < parts; i++) {
      const double* numbers = scratch + i * PART_NUMBERS;
      RunningPartition<A> one;
      one.max = (A)numbers[0];
      one.below = (A)numbers[1];
      one.ones = (A)numbers[2];
      all.add(one);
    }
    return all.partition();
  }

  __device__ Soft own(const Targets<A>& targets, const Partition<A>& partition) {
    return SoftmaxFamily::sum(targets, this->team, *this, partition);
  }

  __device__ Soft gathered(const Targets<A>& targets, const Partition<A>& partition) {
    if (parts == 1) {
      return own(targets, partition);
    }
    Soft all;
    for (int i = 0; i < parts; i++) {
      const double* numbers = scratch + i * PART_NUMBERS + 3;
      all.weights += (A)numbers[0];
      all.slopes += (A)numbers[1];
      all.value += (A)numbers[2];
    }
    return all;
  }

  __device__ void leave(int at, double first, double second, double third) const {
    if (this->team.lane == 0) {
      double* numbers = scratch + part * PART_NUMBERS + at;
      numbers[0] = first;
      numbers[1] = second;
      numbers[2] = third;
    }
  }

  /** The phases before the results. */
  __device__ void prepare(long long row) {
    Targets<A> targets = loadTargets<A>(this->job, row, this->team);
    if (this->job.phase == PARTITION && targets.hot != NOTHING) {
      RunningPartition<A> mine = this->running(targets);
      leave(0, mine.max, mine.below, mine.ones);
    } else if (this->job.phase == SUMS && targets.hot == SOFT) {
      Soft mine = own(targets, partition(targets, 0, this->team, false));
      leave(3, mine.weights, mine.slopes, mine.value);
    }
  }
};

/** Each block takes a row or a part of a row at a time. */
template <class T>
__device__ void softmaxByPart(const Job& job) {
  Block team;
  double sum = 0;
  long long parts = job.parts;
  for (long long task = blockIdx.x; task < job.rows * parts; task += gridDim.x) {
    long long row = task / parts;
    PartRow<T> z(job, row, (int)(task - row * parts), team);
    if (job.phase != RESULTS) {
      z.prepare(row);
      continue;
    }
    double term = SoftmaxFamily::compute<Arithmetic<T>>(job, row, team, z);
    if (z.part == 0) {
      sum += settle(job, row, team, term);
    }
  }
  if (job.phase == RESULTS) {
    finish(job, sum, LabelFault{job});
  }
}
