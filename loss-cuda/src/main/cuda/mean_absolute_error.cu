#include "elementwise.cuh"
#include "regression_losses.cuh"

#define KERNELS(name, T) ELEMENTWISE(mean_absolute_error, name, T, MeanAbsoluteError)

EACH_TYPE(KERNELS)
