#include "elementwise.cuh"
#include "binary_losses.cuh"

#define KERNELS(name, T) ELEMENTWISE(asymmetric, name, T, Asymmetric)

EACH_TYPE(KERNELS)
