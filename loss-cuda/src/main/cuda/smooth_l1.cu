#include "elementwise.cuh"
#include "regression_losses.cuh"

#define KERNELS(name, T) ELEMENTWISE(smooth_l1, name, T, SmoothL1)

EACH_TYPE(KERNELS)
