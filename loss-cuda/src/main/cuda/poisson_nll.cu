#include "elementwise.cuh"
#include "regression_losses.cuh"

#define KERNELS(name, T) ELEMENTWISE(poisson_nll, name, T, PoissonNll)

EACH_TYPE(KERNELS)
