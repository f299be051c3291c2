#include "elementwise.cuh"
#include "regression_losses.cuh"

#define KERNELS(name, T) ELEMENTWISE(log_cosh, name, T, LogCosh)

EACH_TYPE(KERNELS)
