#include "elementwise.cuh"
#include "binary_losses.cuh"

#define KERNELS(name, T) ELEMENTWISE(sigmoid_focal, name, T, SigmoidFocal)

EACH_TYPE(KERNELS)
