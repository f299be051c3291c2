#include "elementwise.cuh"
#include "binary_losses.cuh"

#define KERNELS(name, T) ELEMENTWISE(multilabel_soft_margin, name, T, MultilabelSoftMargin)

EACH_TYPE(KERNELS)
