#!/usr/bin/env python3
"""Times PyTorch, torch.compile and Triton kernels of our own on the cases of cases.json, with the inputs of Loss4J.

python3 peers.py --list cases.json --out peers.json [--cases TEXT,...] [--elements N] [--rounds N] [--repetitions N]
                 [--seconds N] [--contenders eager,compile,triton]

The numbers are those of io.loss4j.benchmarks.gpu.Draw: functions of seed and place in whole numbers. The file is
written after every case, so that whoever is stopped leaves what it has. What fails is written down and the rest goes on.
"""
import argparse
import json
import sys
import time

import torch
import torch.nn.functional as F

try:
    import triton_losses
    import triton

    TRITON = triton.__version__
except Exception as e:  # without it the others are timed
    triton_losses = None
    TRITON = "none: %r" % (e,)

# As in Draw.java.
MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
FIRST = 0xBF58476D1CE4E5B9
SECOND = 0x94D049BB133111EB
CENTRE = 131070
UNIT = 2.0**-14
PREDICTIONS, LABELS, IGNORED, STREAMS = 0, 1, 2, 4

# As in DeviceTimes.java.
ROTATED_BYTES = 1 << 30
MOST_SETS = 8
FEWEST_SETS = 2
WARM_UP = 3
CALL_WARM_UP_SECONDS = 1.0
COPIES = 20

TYPES = {"float": torch.float32, "double": torch.float64, "half": torch.float16, "bfloat16": torch.bfloat16}
CHUNK = 1 << 24
GAMMA = 2.0
ALPHA = 0.25


def signed(x):
    x &= MASK
    return x - (1 << 64) if x >= 1 << 63 else x


def shifted(z, bits):
    """A logical shift to the right."""
    return (z >> bits) & ((1 << (64 - bits)) - 1)


def mixed(z):
    z = (z ^ shifted(z, 30)) * signed(FIRST)
    z = (z ^ shifted(z, 27)) * signed(SECOND)
    return z ^ shifted(z, 31)


def mixed_number(x):
    x &= MASK
    x = ((x ^ (x >> 30)) * FIRST) & MASK
    x = ((x ^ (x >> 27)) * SECOND) & MASK
    return x ^ (x >> 31)


def bits(seed, stream, begin, end, device):
    """64 bits for every place from begin to end, as signed numbers."""
    key = mixed_number(seed * STREAMS + stream)
    place = torch.arange(begin + 1, end + 1, dtype=torch.int64, device=device)
    return mixed(place * signed(GOLDEN) + signed(key))


def steps(z):
    return (z & 0xFFFF) + (shifted(z, 16) & 0xFFFF) + (shifted(z, 32) & 0xFFFF) + shifted(z, 48) - CENTRE


class Case:
    """One line of the list, in one type."""

    def __init__(self, entry, type_name, extras):
        parts = entry["workload"].split("/")
        self.loss = parts[0]
        self.rows, self.columns = (int(n) for n in parts[-1].split("x"))
        self.labels = parts[1] if len(parts) > 2 else ("real" if self.loss == "huber" else "yes_no")
        self.type_name = type_name
        self.type = TYPES[type_name]
        self.extras = extras if entry.get("weighted") else None
        self.is_call = "call_microseconds" in entry
        self.name = entry["workload"]
        if type_name != "float":
            self.name += "/" + type_name
        if self.extras:
            self.name += "/weighted"

    def within(self, elements):
        if elements > 0:
            self.rows = max(1, min(self.rows, elements // self.columns))
        return self

    @property
    def has_indices(self):
        return self.labels == "index"

    def set_bytes(self):
        width = torch.empty((), dtype=self.type).element_size()
        elements = self.rows * self.columns
        return elements * width * 2 + (self.rows * 4 if self.has_indices else elements * width)

    def sets(self):
        return max(FEWEST_SETS, min(MOST_SETS, ROTATED_BYTES // self.set_bytes()))

    def classes(self, seed, device):
        parts = []
        for begin in range(0, self.rows, CHUNK):
            end = min(self.rows, begin + CHUNK)
            chosen = shifted(bits(seed, LABELS, begin, end, device), 33) % self.columns
            if self.extras:
                skipped = (bits(seed, IGNORED, begin, end, device) & 1023) < self.extras["ignored_of_1024"]
                chosen = torch.where(skipped, torch.full_like(chosen, self.extras["ignored"]), chosen)
            parts.append(chosen)
        return torch.cat(parts)

    def draw(self, seed, device):
        """Predictions, labels, and the sum of the predictions in their units."""
        elements = self.rows * self.columns
        x = torch.empty(elements, dtype=self.type, device=device)
        y = None if self.labels in ("index", "dense") else torch.empty_like(x)
        checksum = 0
        for begin in range(0, elements, CHUNK):
            end = min(elements, begin + CHUNK)
            units = steps(bits(seed, PREDICTIONS, begin, end, device))
            checksum += int(units.sum().item())
            x[begin:end] = (units.to(torch.float32) * UNIT).to(self.type)
            if y is not None:
                z = bits(seed, LABELS, begin, end, device)
                numbers = (z & 1).to(torch.float32) if self.labels == "yes_no" else steps(z).to(torch.float32) * UNIT
                y[begin:end] = numbers.to(self.type)
        x = x.view(self.rows, self.columns)
        if self.labels == "index":
            y = self.classes(seed, device)
        elif self.labels == "dense":
            y = torch.zeros_like(x)
            y.scatter_(1, self.classes(seed, device).view(-1, 1), 1)
        else:
            y = y.view(self.rows, self.columns)
        return x, y, checksum

    def formula(self, device):
        """The sum of the loss over all rows, as people write it in PyTorch."""
        if self.loss == "softmax_cross_entropy":
            if self.extras:
                weights = (0.5 + (torch.arange(self.columns, device=device) % 7) / 4.0).to(self.type)
                smoothing = self.extras["smoothing"]
                ignored = self.extras["ignored"]
                return lambda x, y: F.cross_entropy(
                    x, y, weight=weights, label_smoothing=smoothing, ignore_index=ignored, reduction="sum"
                )
            return lambda x, y: F.cross_entropy(x, y, reduction="sum")
        if self.loss == "softmax_focal":
            return softmax_focal
        if self.loss == "sigmoid_cross_entropy":
            return lambda x, y: F.binary_cross_entropy_with_logits(x, y, reduction="sum")
        if self.loss == "sigmoid_focal":
            return sigmoid_focal
        if self.loss == "huber":
            return lambda x, y: F.huber_loss(x, y, reduction="sum", delta=1.0)
        raise ValueError("no formula for " + self.loss)


def softmax_focal(x, y):
    log_p = F.log_softmax(x, dim=1).gather(1, y.view(-1, 1))
    return -((1 - log_p.exp()) ** GAMMA * log_p).sum()


def sigmoid_focal(x, y):
    """As torchvision composes it."""
    p = torch.sigmoid(x)
    ce = F.binary_cross_entropy_with_logits(x, y, reduction="none")
    p_t = p * y + (1 - p) * (1 - y)
    alpha_t = ALPHA * y + (1 - ALPHA) * (1 - y)
    return (alpha_t * ce * (1 - p_t) ** GAMMA).sum()


class Autograd:
    """Forward and backward of a formula; the gradient stays in x.grad, which is dropped before the next call."""

    def __init__(self, formula):
        self.formula = formula

    def prepare(self, x, y):
        return x.detach().requires_grad_(True), y

    def restore(self, inputs):
        inputs[0].grad = None

    def call(self, inputs):
        value = self.formula(*inputs)
        value.backward()
        return value.detach()


class InPlace:
    """A Triton kernel that writes the gradient over the predictions: the next call needs them back."""

    def __init__(self, kernel):
        self.kernel = kernel

    def prepare(self, x, y):
        return x, y, torch.empty_like(x)

    def restore(self, inputs):
        inputs[2].copy_(inputs[0])

    def call(self, inputs):
        return self.kernel(inputs[2], inputs[1])


class Bench:
    def __init__(self, options):
        self.options = options
        self.device = torch.device("cuda")
        space = options.elements * 4 if options.elements else 1 << 30
        self.space_from = torch.ones(space, dtype=torch.uint8, device=self.device)
        self.space_to = torch.empty_like(self.space_from)
        self.before = torch.cuda.Event(enable_timing=True)
        self.after = torch.cuda.Event(enable_timing=True)

    def space(self):
        self.space_to.copy_(self.space_from)

    def elapsed(self):
        self.after.synchronize()
        return self.before.elapsed_time(self.after)

    def copies(self):
        speeds = []
        for _ in range(COPIES):
            self.space()
            self.before.record()
            self.space()
            self.after.record()
            speeds.append(2.0 * self.space_from.numel() / (self.elapsed() * 1e6))
        return speeds

    def contender(self, case, name):
        """None if there is nothing of this name for the case."""
        if name == "eager":
            return Autograd(case.formula(self.device))
        if name == "compile":
            torch._dynamo.reset()
            return Autograd(torch.compile(case.formula(self.device), dynamic=False))
        if triton_losses is None:
            raise RuntimeError("Triton " + TRITON)
        kernel = triton_losses.kernel_for(case)
        return None if kernel is None else InPlace(kernel)

    def timed(self, contender, inputs):
        contender.restore(inputs)
        self.space()
        self.before.record()
        contender.call(inputs)
        self.after.record()
        return self.elapsed()

    def called(self, contender, inputs):
        contender.restore(inputs)
        torch.cuda.synchronize()
        start = time.perf_counter_ns()
        contender.call(inputs)
        torch.cuda.synchronize()
        return (time.perf_counter_ns() - start) / 1e3

    def run(self, case, result):
        contenders = {}
        for round_number in range(self.options.rounds):
            drawn = None  # frees the last round's before this one's are drawn
            drawn = [case.draw(round_number * MOST_SETS + s, self.device) for s in range(case.sets())]
            if round_number == 0:
                result["checksum"] = drawn[0][2]
                result["sets"] = case.sets()
            for name in self.options.contenders:
                one = result.setdefault(name, {})
                if "failed" in one:
                    continue
                try:
                    if round_number == 0:
                        contenders[name] = self.contender(case, name)
                    if contenders[name] is not None:
                        self.measure(case, contenders[name], drawn, one)
                except Exception as e:
                    one["failed"] = repr(e)[:400]
                if not one:
                    del result[name]
        torch.cuda.empty_cache()

    def measure(self, case, contender, drawn, one):
        inputs = [contender.prepare(x, y) for x, y, _ in drawn]
        for i in range(max(WARM_UP, len(inputs))):
            contender.restore(inputs[i % len(inputs)])
            value = contender.call(inputs[i % len(inputs)])
            if i == 0 and "value" not in one:
                one["value"] = float(value.double().item())
        milliseconds = one.setdefault("milliseconds", [])
        for i in range(self.options.repetitions):
            milliseconds.append(round(self.timed(contender, inputs[i % len(inputs)]), 6))
        if case.is_call:
            until = time.monotonic() + CALL_WARM_UP_SECONDS
            while time.monotonic() < until:
                self.called(contender, inputs[0])
            microseconds = one.setdefault("call_microseconds", [])
            for i in range(self.options.repetitions):
                microseconds.append(round(self.called(contender, inputs[i % len(inputs)]), 3))


def cases(options):
    with open(options.list, encoding="utf-8") as file:
        root = json.load(file)
    listed = []
    for entry in root["cases"]:
        if "value+gradient" not in entry.get("asked_for", ["value+gradient"]):
            continue
        for type_name in entry.get("types", ["float"]):
            if type_name in root["peer_types"]:
                case = Case(entry, type_name, root["weighted"])
                if not options.cases or any(text in case.name for text in options.cases):
                    listed.append(case.within(options.elements))
    return listed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--list", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--cases", type=lambda t: t.split(","), default=[])
    parser.add_argument("--contenders", type=lambda t: t.split(","), default=["eager", "compile", "triton"])
    parser.add_argument("--elements", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--repetitions", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=0, help="begin no case after so long; 0: no limit")
    options = parser.parse_args()
    started = time.monotonic()
    bench = Bench(options)
    root = {
        "stage": "peers",
        "torch": torch.__version__,
        "triton": TRITON,
        "device": torch.cuda.get_device_name(0),
        "elements": options.elements,
        "copy_gigabytes_per_second": bench.copies(),
        "cases": {},
    }
    for case in cases(options):
        if options.seconds and time.monotonic() - started > options.seconds:
            print("no time left for " + case.name, flush=True)
            continue
        result = root["cases"][case.name] = {}
        try:
            bench.run(case, result)
        except Exception as e:  # such as memory for the inputs
            result["failed"] = repr(e)[:400]
        text = []
        for name in options.contenders:
            one = result.get(name, {})
            samples = sorted(one.get("milliseconds", []))
            text.append(name + " " + (one.get("failed") or ("%.4g ms" % samples[len(samples) // 2] if samples else "-")))
        print(case.name + ": " + ", ".join(text), flush=True)
        with open(options.out, "w", encoding="utf-8") as file:
            json.dump(root, file, indent=1)
    root["copy_gigabytes_per_second"] += bench.copies()
    with open(options.out, "w", encoding="utf-8") as file:
        json.dump(root, file, indent=1)
    return 0 if root["cases"] else 1


if __name__ == "__main__":
    sys.exit(main())
