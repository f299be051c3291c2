#include "elementwise.cuh"
#include "binary_losses.cuh"

#define KERNELS(name, T) ELEMENTWISE(poly1_sigmoid_focal, name, T, Poly1SigmoidFocal)

EACH_TYPE(KERNELS)
