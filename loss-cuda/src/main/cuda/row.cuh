#pragma once

#include "kernel.cuh"
#include "row_losses.cuh"

/**
 * Each block takes a row at a time and brings it to shared memory: logits and targets of any type and layout, which are
 * looked up once, since that is most of the code of the kernel.
 */
__device__ inline void rowByRow(const Job& job) {
  Block team;
  SharedNumbers row(job);
  double sum = 0;
  for (long long r = blockIdx.x; r < job.rows; r += gridDim.x) {
    Targets<double> targets = loadTargets<double>(job, r, team);
    long long x = rowOffset(job.predictions, r);
    bool counts = targets.hot != NOTHING;
    for (int k = team.lane; k < row.columns && counts; k += team.lanes) {
      row.logits[k] = transformed(targets, k, load<double>(job.predictions, x + k * job.predictions.columnStride));
      row.targets[k] = targets.effective(k);
    }
    for (int k = team.lane; k < row.columns; k += team.lanes) {
      row.gradient[k] = 0;
    }
    team.sync();
    double term = 0;
    if (counts) {
      term = rowLoss(job, targets.hot, team, row);
      term += zLoss(job, targets.rowWeight, team, row);
    }
    if (job.gradient.type != ABSENT) {
      long long g = rowOffset(job.gradient, r);
      for (int k = team.lane; k < row.columns; k += team.lanes) {
        store(job.gradient, g + k * job.gradient.columnStride, job.scale * job.logitScale * row.gradient[k]);
      }
    }
    sum += settle(job, r, team, term);
    team.sync();  // the next row comes into the same memory
  }
  finish(job, sum, LabelFault{job});
}
