#include "elementwise.cuh"
#include "regression_losses.cuh"

#define KERNELS(name, T) ELEMENTWISE(quantile, name, T, Quantile)

EACH_TYPE(KERNELS)
