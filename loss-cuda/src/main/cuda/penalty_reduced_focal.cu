#include "elementwise.cuh"
#include "binary_losses.cuh"

#define KERNELS(name, T) ELEMENTWISE(penalty_reduced_focal, name, T, PenaltyReducedFocal)

EACH_TYPE(KERNELS)
