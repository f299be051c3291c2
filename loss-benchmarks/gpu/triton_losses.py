"""Losses fused with their gradient in Triton, which is written over the predictions: what Loss4J is held against.

Kernels of our own for this comparison, in the way such kernels are usually written: a program per row, or per tile of
short rows, that reads the logits once for the normaliser and once more for the gradient where a row is too long for
registers; and a program per block of elements. Every program stores its part of the loss, and PyTorch adds the parts.
"""
import torch
import triton
import triton.language as tl

TILE = 4096
LONGEST_BLOCK = 8192
ELEMENTS = 2048


@triton.jit
def _short_rows(x, y, parts, rows, columns, FOCAL: tl.constexpr, ROWS: tl.constexpr, BLOCK: tl.constexpr):
    """A tile of rows that are held in registers: one read, one write."""
    row = tl.program_id(0) * ROWS + tl.arange(0, ROWS)
    column = tl.arange(0, BLOCK)
    is_row = row < rows
    inside = is_row[:, None] & (column < columns)[None, :]
    at = row.to(tl.int64)[:, None] * columns + column[None, :]
    label = tl.load(y + row, mask=is_row, other=0)
    z = tl.load(x + at, mask=inside, other=float("-inf")).to(tl.float32)
    largest = tl.max(z, axis=1)
    largest = tl.where(is_row, largest, 0.0)
    e = tl.exp(z - largest[:, None])
    total = tl.sum(e, axis=1)
    total = tl.where(is_row, total, 1.0)
    is_label = column[None, :] == label[:, None]
    chosen = tl.sum(tl.where(is_label & inside, z, 0.0), axis=1)
    log_p = chosen - largest - tl.log(total)
    p = e / total[:, None]
    if FOCAL:  # gamma 2: -(1 - p)^2 log p
        p_label = tl.exp(log_p)
        rest = 1.0 - p_label
        loss = -rest * rest * log_p
        slope = rest * rest - 2.0 * rest * p_label * log_p
        gradient = (p - tl.where(is_label, 1.0, 0.0)) * slope[:, None]
    else:
        loss = -log_p
        gradient = p - tl.where(is_label, 1.0, 0.0)
    tl.store(x + at, gradient.to(x.dtype.element_ty), mask=inside)
    tl.store(parts + row, loss, mask=is_row)


@triton.jit
def _long_rows(x, y, parts, columns, FOCAL: tl.constexpr, BLOCK: tl.constexpr):
    """A program per row: maximum and sum in one reading, the gradient in another."""
    row = tl.program_id(0).to(tl.int64)
    begin = x + row * columns
    label = tl.load(y + row)
    chosen = tl.load(begin + label).to(tl.float32)
    largest = float("-inf")
    total = 0.0
    for start in range(0, columns, BLOCK):
        column = start + tl.arange(0, BLOCK)
        z = tl.load(begin + column, mask=column < columns, other=float("-inf")).to(tl.float32)
        larger = tl.maximum(largest, tl.max(z, axis=0))
        total = total * tl.exp(largest - larger) + tl.sum(tl.exp(z - larger), axis=0)
        largest = larger
    log_p = chosen - largest - tl.log(total)
    slope = 1.0
    loss = -log_p
    if FOCAL:
        p_label = tl.exp(log_p)
        rest = 1.0 - p_label
        loss = -rest * rest * log_p
        slope = rest * rest - 2.0 * rest * p_label * log_p
    for start in range(0, columns, BLOCK):
        column = start + tl.arange(0, BLOCK)
        inside = column < columns
        z = tl.load(begin + column, mask=inside, other=float("-inf")).to(tl.float32)
        p = tl.exp(z - largest) / total
        gradient = (p - tl.where(column == label, 1.0, 0.0)) * slope
        tl.store(begin + column, gradient.to(x.dtype.element_ty), mask=inside)
    tl.store(parts + row, loss)


@triton.jit
def _elements(x, y, parts, count, LOSS: tl.constexpr, BLOCK: tl.constexpr):
    """A program per block of elements. LOSS 0: sigmoid cross-entropy, 1: sigmoid focal, 2: huber."""
    at = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = at < count
    a = tl.load(x + at, mask=inside, other=0.0).to(tl.float32)
    b = tl.load(y + at, mask=inside, other=0.0).to(tl.float32)
    if LOSS == 2:
        difference = a - b
        size = tl.abs(difference)
        loss = tl.where(size < 1.0, 0.5 * difference * difference, size - 0.5)
        gradient = tl.minimum(tl.maximum(difference, -1.0), 1.0)
    else:
        e = tl.exp(-tl.abs(a))
        p = tl.where(a >= 0, 1.0, e) / (1.0 + e)
        cross_entropy = tl.maximum(a, 0.0) - a * b + tl.log(1.0 + e)
        if LOSS == 0:
            loss = cross_entropy
            gradient = p - b
        else:  # gamma 2, alpha 0.25; the distance of p from the label is 1 - p_t
            away = p * (1.0 - b) + (1.0 - p) * b
            alpha = 0.25 * b + 0.75 * (1.0 - b)
            loss = alpha * away * away * cross_entropy
            d_away = p * (1.0 - p) * (1.0 - 2.0 * b)
            gradient = alpha * (2.0 * away * d_away * cross_entropy + away * away * (p - b))
    tl.store(x + at, gradient.to(x.dtype.element_ty), mask=inside)
    tl.store(parts + tl.program_id(0), tl.sum(tl.where(inside, loss, 0.0), axis=0))


def _rows_kernel(rows, columns, focal):
    block = triton.next_power_of_2(columns)

    def short(x, y):
        tile = max(1, TILE // block)
        parts = torch.empty(rows, dtype=torch.float32, device=x.device)
        _short_rows[(triton.cdiv(rows, tile),)](
            x, y, parts, rows, columns, FOCAL=focal, ROWS=tile, BLOCK=block, num_warps=4
        )
        return parts.sum(dtype=torch.float64)

    def long(x, y):
        parts = torch.empty(rows, dtype=torch.float32, device=x.device)
        _long_rows[(rows,)](x, y, parts, columns, FOCAL=focal, BLOCK=LONGEST_BLOCK, num_warps=16)
        return parts.sum(dtype=torch.float64)

    return short if block <= TILE else long


def _elements_kernel(count, loss):
    programs = triton.cdiv(count, ELEMENTS)

    def run(x, y):
        parts = torch.empty(programs, dtype=torch.float32, device=x.device)
        _elements[(programs,)](x, y, parts, count, LOSS=loss, BLOCK=ELEMENTS, num_warps=4)
        return parts.sum(dtype=torch.float64)

    return run


def kernel_for(case):
    """The kernel of a case, called with predictions and labels; None if there is none."""
    if case.extras:
        return None
    if case.has_indices and case.loss in ("softmax_cross_entropy", "softmax_focal"):
        return _rows_kernel(case.rows, case.columns, case.loss == "softmax_focal")
    elementwise = {"sigmoid_cross_entropy": 0, "sigmoid_focal": 1, "huber": 2}
    if case.loss in elementwise:
        return _elements_kernel(case.rows * case.columns, elementwise[case.loss])
    return None
