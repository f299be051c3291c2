#include "elementwise.cuh"
#include "regression_losses.cuh"

#define KERNELS(name, T) ELEMENTWISE(mean_squared_error, name, T, MeanSquaredError)

EACH_TYPE(KERNELS)
