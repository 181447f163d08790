#!/usr/bin/env python3
"""PyTorch's side of the comparison: the same network, random images, SGD with momentum and weight decay.

pytorch.py [--net NET] --mode train|infer... --batch B... --threads T [--seconds S] [--layout channels_last]
prints one JSON object for each mode and batch: images_per_second of the median step, and the peak of memory in MB.

pytorch.py [--net NET] --device cuda --mode train|infer... --batch B... [--seconds S] [--compile BATCH]
prints one for each mode, batch, setting and place of the data: milliseconds of the median step by the device's clock.
A setting is an arithmetic (fp32, tf32 or bf16), eager, as a CUDA graph or, at one BATCH (128; 0: none), by
torch.compile. The data are "resident" on the device, or "copied" to it in each step, and inference's logits from it.
"""
import argparse
import gc
import json
import resource
import statistics
import sys
import time

import torch
from torch import nn

WARM_UP = 5  # untimed steps: cuDNN tries its algorithms in the first, torch.compile records its graphs in the first two


def alexnet():
    return nn.Sequential(
        nn.Conv2d(1, 96, 11, 4, 1), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Conv2d(96, 256, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Conv2d(256, 384, 3, padding=1), nn.ReLU(),
        nn.Conv2d(384, 384, 3, padding=1), nn.ReLU(),
        nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Flatten(),
        nn.Linear(6400, 4096), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(4096, 10))


class Residual(nn.Module):
    """relu(body(x) + shortcut(x)): a block of ResNet-18, which halves height and width with stride 2."""

    def __init__(self, channels, filters, stride):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, filters, 3, stride, 1, bias=False), nn.BatchNorm2d(filters), nn.ReLU(inplace=True),
            nn.Conv2d(filters, filters, 3, 1, 1, bias=False), nn.BatchNorm2d(filters))
        self.shortcut = nn.Identity()
        if stride > 1:
            self.shortcut = nn.Sequential(
                nn.Conv2d(channels, filters, 1, stride, bias=False), nn.BatchNorm2d(filters))

    def forward(self, x):
        return nn.functional.relu(self.body(x) + self.shortcut(x), inplace=True)


def resnet18():
    blocks = [Residual(*sizes) for sizes in (
        (64, 64, 1), (64, 64, 1), (64, 128, 2), (128, 128, 1),
        (128, 256, 2), (256, 256, 1), (256, 512, 2), (512, 512, 1))]
    return nn.Sequential(
        nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1),
        *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 1000))


NETS = {"alexnet": (alexnet, (1, 224, 224)), "resnet18": (resnet18, (3, 224, 224))}


def step_of(mode, net, images, labels, bf16=False):
    """A function that makes one step; inference's returns the logits."""
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-4, momentum=0.9, weight_decay=5e-4)
    loss_of = nn.CrossEntropyLoss()

    def arithmetic():
        # Without its cache, which a CUDA graph must not hold; a step casts each weight once, so it would save nothing.
        return torch.autocast(images.device.type, torch.bfloat16, enabled=bf16, cache_enabled=False)

    def train():
        optimizer.zero_grad()
        with arithmetic():
            loss = loss_of(net(images), labels)
        loss.backward()
        optimizer.step()

    def infer():
        with torch.no_grad(), arithmetic():
            return net(images)

    net.train(mode == "train")
    return train if mode == "train" else infer


def print_line(line):
    print(json.dumps(line), flush=True)


def measure_cpu(about, net_name, seconds, threads, layout):
    """Prints the line of one mode and batch."""
    batch = about["batch"]
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    make, shape = NETS[net_name]
    net = make()
    images = torch.rand(batch, *shape)
    if layout:
        net = net.to(memory_format=torch.channels_last)
        images = images.contiguous(memory_format=torch.channels_last)
    once = step_of(about["mode"], net, images, torch.arange(batch) % 10)
    once()
    runs = []
    began = time.perf_counter()
    while len(runs) < 3 or time.perf_counter() - began < seconds:
        at = time.perf_counter()
        once()
        runs.append(time.perf_counter() - at)
    print_line(about | {
        "threads": threads, "runs": len(runs), "images_per_second": batch / statistics.median(runs),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})


def captured(step):
    """The step as a CUDA graph: recorded once, its kernels are launched together by each call. See torch.cuda.graph."""
    # What is made in the first steps (momentum, cuDNN's choices) must be there before; by the documentation not on the
    # default stream.
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(WARM_UP):
            step()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        logits = step()  # in training its zero_grad() drops the gradients: backward makes those of the graph

    def replay():
        graph.replay()
        return logits

    return replay


def device_milliseconds(step, steps, seconds):
    """Milliseconds of a step in each run, which is so many steps in a row, by the device's clock."""
    for _ in range(WARM_UP):
        step()
    torch.cuda.synchronize()
    start = torch.cuda.Event(enable_timing=True)
    stop = torch.cuda.Event(enable_timing=True)
    runs = []
    began = time.perf_counter()
    while len(runs) < 5 or time.perf_counter() - began < seconds:
        start.record()
        for _ in range(steps):
            step()
        stop.record()
        torch.cuda.synchronize()
        runs.append(start.elapsed_time(stop) / steps)
    return runs


def measure_cuda(about, net_name, seconds):
    """Prints the lines of one setting, mode and batch, and adds the place of the data to `about`."""
    gc.collect()  # free what the previous setting held, also if it failed
    torch.cuda.empty_cache()
    mode, batch = about["mode"], about["batch"]
    arithmetic, _, how = about["setting"].partition(" ")
    torch.backends.cudnn.benchmark = True
    torch.backends.cuda.matmul.allow_tf32 = arithmetic != "fp32"
    torch.backends.cudnn.allow_tf32 = arithmetic != "fp32"
    layout = torch.channels_last if arithmetic == "bf16" else torch.contiguous_format
    torch.manual_seed(1)
    make, shape = NETS[net_name]
    net = make().to("cuda", memory_format=layout)
    # Copies overlap with the program only from and to pinned memory.
    host_images = torch.rand(batch, *shape).to(memory_format=layout).pin_memory()
    host_labels = (torch.arange(batch) % 10).pin_memory()
    host_logits = torch.empty(batch, net[-1].out_features, dtype=torch.bfloat16 if arithmetic == "bf16" else torch.float32).pin_memory()
    images, labels = host_images.to("cuda"), host_labels.to("cuda")
    if how == "compiled":
        net = torch.compile(net, mode="reduce-overhead")  # which makes CUDA graphs itself
    step = step_of(mode, net, images, labels, arithmetic == "bf16")
    if how == "graph":
        step = captured(step)

    def copied_step():
        images.copy_(host_images, non_blocking=True)
        if mode == "train":
            labels.copy_(host_labels, non_blocking=True)
            step()
        else:
            host_logits.copy_(step(), non_blocking=True)

    for data, once, steps in ("resident", step, 1), ("copied", copied_step, 5):
        about["data"] = data  # for the line of a failure too
        runs = device_milliseconds(once, steps, seconds)
        milliseconds = statistics.median(runs)
        print_line(about | {
            "runs": len(runs), "milliseconds": round(milliseconds, 4),
            "images_per_second": round(batch * 1000 / milliseconds, 1)})
    if how == "compiled":
        torch.compiler.reset()  # else what was compiled keeps the net


def error_line(error):
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--net", choices=NETS, default="alexnet")
    arguments.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    arguments.add_argument("--mode", choices=["train", "infer"], nargs="+", required=True)
    arguments.add_argument("--batch", type=int, nargs="+", default=[32])
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--seconds", type=float, help="to measure for, at least (10; with cuda 0.4)")
    arguments.add_argument("--layout", choices=["", "channels_last"], default="")
    arguments.add_argument("--compile", type=int, metavar="BATCH", default=128)
    asked = arguments.parse_args()
    if asked.seconds is None:
        asked.seconds = 0.4 if asked.device == "cuda" else 10
    peer = {"peer": "PyTorch " + torch.__version__.split("+")[0]}
    cases = [{"mode": mode, "batch": batch} for mode in asked.mode for batch in asked.batch]
    if asked.device == "cpu":
        for case in cases:
            measure_cpu(peer | case, asked.net, asked.seconds, asked.threads, asked.layout)
        return

    try:
        torch.ones(1, device="cuda").item()
    except Exception as error:
        sys.exit("pytorch.py: no usable CUDA device: " + error_line(error))
    for case in cases:
        settings = [arithmetic + how for arithmetic in ("fp32", "tf32", "bf16") for how in ("", " graph")]
        if case["batch"] == asked.compile:
            settings.append("bf16 compiled")
        for setting in settings:
            about = peer | {"setting": setting} | case
            try:
                measure_cuda(about, asked.net, asked.seconds)
            except Exception as error:  # of any kind: the other settings are still worth their time
                print_line(about | {"error": error_line(error)})


main()
