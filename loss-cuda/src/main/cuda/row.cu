#include "row.cuh"

// Losses of a row by formulas of their own: one kernel for all types, the loss is chosen by Job.formula. In double whatever
// the predictions are: they are iterations and sums of many powers, and nobody's bottleneck.

KERNEL(row, any, chunk, 512) { rowByRow(job); }
