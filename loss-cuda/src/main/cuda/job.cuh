#pragma once

// What a kernel is given: one loss call. The Java side writes this structure field by field in this order, every field is
// 8 bytes wide, so there is no padding: 504 bytes in all. Its rules are those of LossJob.

/** What an element of an array is. */
enum Type : long long { ABSENT, FLOAT, DOUBLE, HALF, BFLOAT16, INT32, INT64, UINT8, INT8, INT16 };

/**
 * An array as rows x columns. Element (r, k) lies at
 * data[(r / innerRows) * outerStride + (r % innerRows) * rowStride + k * columnStride]; strides count elements.
 * A plain matrix has innerRows = rows. Channels-first images [N, C, H, W] have innerRows = H * W.
 */
struct View {
  void* data;
  long long type;
  long long rowStride;
  long long columnStride;
  long long innerRows;
  long long outerStride;
};

struct Job {
  View predictions;
  /** One column of class indices, or as many columns as the predictions. */
  View labels;
  /** One column, or as many as the predictions; ABSENT if there is none. */
  View mask;
  /** Of the type of the predictions; ABSENT if not wanted. */
  View gradient;
  /** One per row or one per element; ABSENT if not wanted. */
  View terms;

  /** One number per column each, or null. */
  const double* classWeights;
  const double* positiveWeights;
  const double* bias;
  const double* margin;
  /** The first parameter of the loss, where it has one per column; p[0] is then not read. */
  const double* perColumn;

  /** Scratch: one number per block, and behind those PART_NUMBERS per block where rows are spread over blocks. */
  double* partials;
  /** Where the scaled sum goes, or null. */
  double* value;
  /**
   * Four numbers, all zero before the launch, never null. After it: [0] the first row with a wrong class index, plus
   * one, or 0; [1] that label; [2] is 1 if it is no whole number, and [1] then holds the bits of a double. [3] is scratch.
   */
  long long* fault;

  long long rows;
  long long columns;
  long long maskColumns;
  long long labelsAreIndices;
  long long hasIgnored;
  long long ignored;
  /** Whether an elementwise loss writes its terms as sums of rows. */
  long long termsPerRow;
  /** Number of the first row in the whole batch; only for fault[0]. */
  long long rowOffset;

  double smoothing;
  double zLoss;
  double scale;
  double logitScale;
  /** Parameters of the loss, in the order of kernels.table. */
  double p[8];

  /** Which formula of the shape, and how many threads work on a row: both from kernels.table. */
  long long formula;
  long long lanes;

  /** Whether the block of a row has room for all its logits in shared memory. */
  long long keepsRow;
  /** Over how many blocks a row is spread; above 1 a job takes a launch for each of its phases. */
  long long parts;
  long long phase;
};

/** What a launch finds out about its parts of rows: for partials, for partials once more, and the results. */
enum Phase : long long { PARTITION, SUMS, RESULTS };

static_assert(sizeof(View) == 48 && sizeof(Job) == 504, "the Java side writes 8 bytes per field");
