#include "elementwise.cuh"
#include "regression_losses.cuh"

#define KERNELS(name, T) ELEMENTWISE(huber, name, T, Huber)

EACH_TYPE(KERNELS)
