#!/usr/bin/env python3
"""generate.py N SEED FOLDER: random networks, and what PyTorch computes for them.

Writes N networks to FOLDER/nets_0.cpp, nets_1.cpp, ... (three a file), which check.hpp tests against
Reference, and FOLDER/nets.json, PyTorch's logits and gradients in double where torch is found (with
Debian's python3-torch: /usr/bin/python3). Network k of a seed is the same whatever N. What is
committed here was made by

    /usr/bin/python3 tests/random/generate.py 6 87 tests/random

A network is any layers that fit, in chains and in branches: kernels, strides, paddings and dilations that divide
nothing, groups, biases or none, options in any order, nested Sequentials, Residuals, Concats and Gates, names,
Expects.
"""
import json
import math
import pathlib
import random
import sys
from collections import OrderedDict

NETS_A_FILE = 3
# Small enough for Reference's loops: multiply-adds of a layer, its parameters, and values of a sample.
MOST_WORK, MOST_PARAMETERS, MOST_VALUES = 400_000, 20_000, 12_000
BATCH, MODEL_SEED, IMAGES_SEED, BIAS = 3, 3, 7, 1 / 64


class Layer:
    """A layer's C++ type, and how torch makes it: the name of a class, arguments, keywords."""

    def __init__(self, cpp, torch, *arguments, **keywords):
        self.cpp, self.torch, self.arguments, self.keywords = cpp, torch, arguments, keywords


class Block:
    """A nested Sequential, under a name if it has one."""

    def __init__(self, layers, name):
        self.layers, self.name = layers, name

    @property
    def cpp(self):
        inner = "Sequential<" + ", ".join(layer.cpp for layer in self.layers) + ">"
        return f'Named<"{self.name}", {inner}>' if self.name else inner


class Branches:
    """A Residual, a Concat or a Gate of blocks; a Residual of one block adds x."""

    def __init__(self, kind, blocks):
        self.kind, self.blocks = kind, blocks

    @property
    def cpp(self):
        return f"{self.kind}<{', '.join(block.cpp for block in self.blocks)}>"


def pair(option, height, width, default=None):
    if (height, width) == default:
        return []
    return [f"{option}<{height}>" if height == width else f"{option}<{height}, {width}>"]


def options(rng, *lists):
    """The options in any order."""
    all_options = [option for one in lists for option in one]
    rng.shuffle(all_options)
    return all_options


def window(rng, shape, kernels, paddings, most_stride, dilation=(1, 1)):
    """Kernel, stride and padding that fit, and the rows and columns they make; None if they don't."""
    kernel = [rng.choice(kernels), rng.choice(kernels)]
    if rng.random() < 0.5:
        kernel[1] = kernel[0]
    stride = [rng.randint(1, most_stride), rng.randint(1, most_stride)]
    padding = [rng.choice(paddings(k)) for k in kernel]
    room = [shape[1 + i] + 2 * padding[i] - dilation[i] * (kernel[i] - 1) - 1 for i in (0, 1)]
    if min(room) < 0:
        return None
    sides = [room[i] // stride[i] + 1 for i in (0, 1)]
    return kernel, stride, padding, sides


def conv2d(rng, shape):
    channels = shape[0]
    kind = rng.choice(["any", "any", "few channels", "winograd", "pointwise"])
    most_stride, kernels, groups, filters = 3, range(1, 6), 1, rng.randint(1, 24)
    if kind == "few channels":  # Cpu has a way of its own for few channels, wide kernels, many filters
        kernels, filters, most_stride = range(5, 12), rng.randint(32, 70), 4
    elif kind == "winograd":  # and for many channels, kernels of 3 or 5, stride 1
        kernels, filters, most_stride = [rng.choice([3, 5])], rng.randint(16, 40), 1
    elif kind == "pointwise":
        kernels = [1]
    if rng.random() < 0.3:
        groups = rng.choice([g for g in range(1, channels + 1) if channels % g == 0])
        filters = max(1, filters // groups) * groups
    dilation = [1, 1] if kind == "winograd" or rng.random() < 0.6 else [rng.randint(1, 3), rng.randint(1, 3)]
    found = window(rng, shape, kernels, lambda k: range(k), most_stride, dilation)
    if found is None:
        return None
    kernel, stride, padding, sides = found
    weights = filters * channels // groups * kernel[0] * kernel[1]
    if weights > MOST_PARAMETERS or weights * sides[0] * sides[1] > MOST_WORK:
        return None
    bias = rng.random() < 0.7
    cpp = [str(filters)] + options(
        rng, pair("Kernel", *kernel), pair("Stride", *stride, (1, 1)),
        pair("Padding", *padding, (0, 0)), pair("Dilation", *dilation, (1, 1)),
        [f"Groups<{groups}>"] if groups > 1 else [], [] if bias else ["NoBias"],
        [f"In<{channels}>"] if rng.random() < 0.2 else [])
    return (Layer(f"Conv2d<{', '.join(cpp)}>", "Conv2d", channels, filters, kernel, stride=stride,
                  padding=padding, dilation=dilation, groups=groups, bias=bias), (filters, *sides))


def pool(rng, shape):
    name = rng.choice(["MaxPool2d", "MaxPool2d", "AvgPool2d"])
    found = window(rng, shape, range(1, 5), lambda k: range(k // 2 + 1), 3)
    if found is None:
        return None
    kernel, stride, padding, sides = found
    cpp = options(rng, pair("Kernel", *kernel), pair("Stride", *stride, tuple(kernel)),
                  pair("Padding", *padding, (0, 0)))
    return (Layer(f"{name}<{', '.join(cpp)}>", name, kernel, stride=stride, padding=padding),
            (shape[0], *sides))


def adaptive_pool(rng, shape):
    rows, columns = rng.randint(1, 7), rng.randint(1, 7)
    return (Layer(f"AdaptiveAvgPool2d<{rows}, {columns}>", "AdaptiveAvgPool2d", (rows, columns)),
            (shape[0], rows, columns))


def response_norm(rng, shape):
    size, alpha, beta, k = rng.randint(1, 7), rng.randint(1, 15), rng.randint(1, 4), rng.randint(1, 2)
    cpp = options(rng, [f"Size<{size}>"], [f"Alpha<std::ratio<{alpha}, 10>>"],
                  [f"Beta<std::ratio<{beta}, 4>>"], [f"K<std::ratio<{k}>>"])
    return (Layer(f"LocalResponseNorm<{', '.join(cpp)}>", "LocalResponseNorm", size,
                  alpha=alpha / 10, beta=beta / 4, k=k), shape)


def batch_norm(rng, shape):
    if len(shape) == 1 or shape[1] * shape[2] < 6:  # too few values for a variance in a batch of one
        return None
    # Of few values a variance may be small: a large Eps keeps float's rounding from growing with its inverse.
    eighths = rng.randint(1, 8)
    return Layer(f"BatchNorm2d<Eps<std::ratio<{eighths}, 8>>>", "BatchNorm2d", shape[0], eps=eighths / 8), shape


def activation(rng, shape):
    name = rng.choice(["ReLU", "ReLU", "Sigmoid", "Tanh", "SiLU", "GELU", "LeakyReLU", "Identity"])
    return Layer("LeakyReLU<>" if name == "LeakyReLU" else name, name), shape


def dropout(rng, shape):
    percent = rng.randint(0, 60)
    return Layer(f"Dropout<Percent<{percent}>>", "Dropout", percent / 100), shape


def linear(rng, shape):
    outputs = rng.randint(1, 60)
    if shape[0] * outputs > MOST_PARAMETERS:
        return None
    bias = rng.random() < 0.8
    cpp = [str(outputs)] + options(rng, [f"In<{shape[0]}>"] if rng.random() < 0.2 else [], [] if bias else ["NoBias"])
    return Layer(f"Linear<{', '.join(cpp)}>", "Linear", shape[0], outputs, bias=bias), (outputs,)


def one(rng, shape):
    """A random layer that fits, and the shape behind it."""
    while True:
        if len(shape) == 3:
            make = rng.choice(3 * [conv2d, activation] + [conv2d, pool, pool, response_norm, batch_norm,
                                                          adaptive_pool, dropout])
        else:
            make = rng.choice([linear, activation, dropout])
        found = make(rng, shape)
        if found is None:
            continue
        layer, after = found
        if math.prod(after) <= MOST_VALUES:
            return layer, after


def part_name(rng):
    return f"part_{rng.randint(0, 10**6)}"


def pointwise(shape, channels):
    """From any shape to `channels` channels, or values of a vector."""
    if len(shape) == 1:
        return Layer(f"Linear<{channels}>", "Linear", shape[0], channels), (channels,)
    return Layer(f"Conv2d<{channels}, Kernel<1>>", "Conv2d", shape[0], channels, 1), (channels, *shape[1:])


def resized(shape, plane):
    """Layers from an image to one of this plane, none where it has it already; a vector has none."""
    if list(shape[1:]) == plane:
        return []
    rows, columns = plane
    return [Layer(f"AdaptiveAvgPool2d<{rows}, {columns}>", "AdaptiveAvgPool2d", (rows, columns))]


def branches(rng, shape, depth):
    """A combinator that fits behind this shape, and the shape behind it."""
    kind, plane = rng.choice(["Residual", "Residual", "Concat", "Gate"]), list(shape[1:])
    body, behind = several(rng, shape, rng.randint(1, 3), depth + 1)
    if kind == "Residual" and rng.random() < 0.5:  # whose shortcut is x
        body += resized(behind, plane)
        body.append(pointwise((behind[0], *plane), shape[0])[0])
        return Branches(kind, [Block(body, "")]), shape
    if kind == "Residual":
        shortcut = resized(shape, list(behind[1:])) + [pointwise((shape[0], *behind[1:]), behind[0])[0]]
        return Branches(kind, [Block(body, ""), Block(shortcut, part_name(rng))]), behind
    if kind == "Gate":
        plane = [rng.choice([1, extent]) for extent in plane]
        body += resized(behind, plane)
        body += [pointwise((behind[0], *plane), rng.choice([1, shape[0]]))[0], Layer("Sigmoid", "Sigmoid")]
        return Branches(kind, [Block(body, "")]), shape
    blocks, channels = [Block(body, "")], behind[0]
    for _ in range(rng.randint(1, 3)):
        other, after = several(rng, shape, rng.randint(1, 2), depth + 1)
        other += resized(after, list(behind[1:]))
        if rng.random() < 0.6:  # which Cpu makes in its part of the whole
            conv, after = pointwise((after[0], *behind[1:]), rng.randint(1, 20))
            other += [conv] + [Layer("ReLU", "ReLU")] * rng.randint(0, 1)
        blocks.append(Block(other, part_name(rng) if rng.random() < 0.3 else ""))
        channels += after[0]
    if tuple(shape[1:]) == tuple(behind[1:]) and rng.random() < 0.5:
        blocks.append(Layer("Identity", "Identity"))
        channels += shape[0]
    return Branches(kind, blocks), (channels, *behind[1:])


def several(rng, shape, count, depth=0):
    layers = []
    while len(layers) < count:
        if depth < 2 and rng.random() < 0.2:
            made, after = branches(rng, shape, depth)
            if math.prod(after) <= MOST_VALUES:
                layers.append(made)
                shape = after
        elif depth < 2 and rng.random() < 0.15:
            inner, shape = several(rng, shape, rng.randint(1, 3), depth + 1)
            layers.append(Block(inner, part_name(rng) if rng.random() < 0.5 else ""))
        else:
            layer, shape = one(rng, shape)
            layers.append(layer)
        if rng.random() < 0.1:
            layers.append(Layer(f"Expect<Shape<{', '.join(map(str, shape))}>>", None))
            count += 1
    return layers, shape


def network(seed, number):
    """The shape of a sample, the layers, the classes."""
    rng = random.Random(f"{seed}/{number}")
    if rng.random() < 0.1:
        shape = (rng.randint(3, 200),)
        inside, behind = [], shape
    else:
        shape = (rng.choice([1, 2, 3, 5, 16, 17, 34]), rng.randint(5, 29), rng.randint(5, 29))
        inside, behind = several(rng, shape, rng.randint(2, 8))
        inside.append(Layer("Flatten", "Flatten"))
        size = behind[0] * behind[1] * behind[2]
        if size > 600:  # so that the Linear behind it stays small
            smaller, behind = adaptive_pool(rng, behind)
            inside.insert(-1, smaller)
            size = behind[0] * behind[1] * behind[2]
        behind = (size,)
    tail, behind = several(rng, behind, rng.randint(0, 3))
    classes = rng.randint(2, 12)
    return shape, inside + tail + [Layer(f"Linear<{classes}>", "Linear", behind[0], classes)], classes


def wrapped(words, indent, width=100):
    """Comma-separated words as lines of at most `width` columns."""
    lines, line = [], " " * indent
    for i, word in enumerate(words):
        text = word + ("," if i + 1 < len(words) else "")
        if len(line) + len(text) + 1 > width and line.strip():
            lines.append(line.rstrip())
            line = " " * indent
        line += text + " "
    return "\n".join(lines + [line.rstrip()])


def cpp_of(seed, number):
    shape, layers, _ = network(seed, number)
    words = [f"Input<{', '.join(map(str, shape))}>"] + [layer.cpp for layer in layers]
    return (f"// {seed}/{number}\nusing net_{number} = Sequential<\n{wrapped(words, 4)}>;\n\n"
            f'TEST_CASE("random network {seed}/{number}", "[random]") {{\n'
            f'  check_random_network<net_{number}>("{seed}/{number}");\n}}\n')


def torch_modules(layers):
    """(name, module) of each, named as tnn names it."""
    from torch import nn

    import nets

    named = []
    for layer in layers:
        name = str(len(named))
        if isinstance(layer, Block):
            named.append((layer.name or name, nn.Sequential(OrderedDict(torch_modules(layer.layers)))))
        elif isinstance(layer, Branches):
            if layer.kind == "Concat":
                of_each = [[one] for one in torch_modules(layer.blocks)]
            else:  # the first block adds no level, the second has a name
                of_each = [torch_modules(layer.blocks[0].layers)]
                of_each += [torch_modules([block]) for block in layer.blocks[1:]]
            named.append((name, nets.Branching(layer.kind, of_each)))
        elif layer.torch is not None:
            make = nets.Dropout if layer.torch == "Dropout" else getattr(nn, layer.torch)
            named.append((name, make(*layer.arguments, **layer.keywords)))
    return named


def torch_figures(seed, number):
    """PyTorch's logits in inference, and the gradients of a training step, as norms and some values."""
    import numpy
    import torch
    from torch import nn
    from torch.nn import functional

    import formulas
    import nets

    shape, layers, classes = network(seed, number)
    net = nn.Sequential(OrderedDict(torch_modules(layers)))
    nets.initialise(net, "xavier", BIAS, MODEL_SEED, numpy.float64)
    x = torch.from_numpy(formulas.images((BATCH, *shape), IMAGES_SEED))
    figures = {}

    def keep(name, tensor):
        flat = tensor.detach().flatten()
        count = min(24, len(flat))
        at = [k * 2654435761 % len(flat) for k in range(count)] if count < len(flat) else slice(None)
        figures[name] = {"norm": float(f"{flat.norm().item():.9g}"),
                         "values": [float(f"{v:.9g}") for v in flat[at].tolist()]}

    net.eval()
    keep("logits", net(x))
    net.train()
    nets.set_step(net, 0, MODEL_SEED)
    functional.cross_entropy(net(x), torch.tensor(formulas.labels(BATCH, classes))).backward()
    for name, parameter in net.named_parameters():
        keep("gradient/" + name, parameter.grad)
    return figures


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    count, seed, folder = int(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3])
    for first in range(0, count, NETS_A_FILE):
        numbers = range(first, min(first + NETS_A_FILE, count))
        text = "\n".join(cpp_of(seed, number) for number in numbers)
        (folder / f"nets_{first // NETS_A_FILE}.cpp").write_text(
            f"// Made by generate.py {count} {seed}; not to be edited.\n"
            f'#include "random/check.hpp"\n\nusing namespace tnn;\n\n// clang-format off\n\n{text}')
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "fixtures"))
    try:
        import torch  # noqa: F401
    except ImportError:
        print("no torch here, so the networks are tested against Reference alone")
        (folder / "nets.json").write_text("{}\n")
        return
    figures = {f"{seed}/{number}": torch_figures(seed, number) for number in range(count)}
    rows = [f"{json.dumps(name)}: {json.dumps(figures[name])}" for name in figures]
    (folder / "nets.json").write_text("{\n" + ",\n".join(rows) + "\n}\n")


if __name__ == "__main__":
    main()
