#include "elementwise.cuh"
#include "binary_losses.cuh"

#define KERNELS(name, T) ELEMENTWISE(sigmoid_cross_entropy, name, T, SigmoidCrossEntropy)

EACH_TYPE(KERNELS)
