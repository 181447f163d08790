#!/usr/bin/env python3
"""PyTorch's side of the comparison: the same AlexNet, random images, SGD with momentum and weight decay.

pytorch_alexnet.py --mode train|infer --batch B --threads T [--seconds S] [--layout channels_last]
prints one JSON object: images_per_second of the median step, and peak memory in MB.
"""
import argparse
import json
import resource
import statistics
import time

import torch
from torch import nn


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


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--mode", choices=["train", "infer"], required=True)
    arguments.add_argument("--batch", type=int, default=32)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--seconds", type=float, default=10)
    arguments.add_argument("--layout", choices=["", "channels_last"], default="")
    asked = arguments.parse_args()
    torch.set_num_threads(asked.threads)
    torch.manual_seed(1)
    net = alexnet()
    images = torch.rand(asked.batch, 1, 224, 224)
    if asked.layout:
        net = net.to(memory_format=torch.channels_last)
        images = images.contiguous(memory_format=torch.channels_last)
    labels = torch.arange(asked.batch) % 10
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-4, momentum=0.9, weight_decay=5e-4)
    loss_of = nn.CrossEntropyLoss()

    def train():
        optimizer.zero_grad()
        loss_of(net(images), labels).backward()
        optimizer.step()

    def infer():
        with torch.no_grad():
            net(images)

    net.train(asked.mode == "train")
    once = train if asked.mode == "train" else infer
    once()
    seconds = []
    began = time.perf_counter()
    while len(seconds) < 3 or time.perf_counter() - began < asked.seconds:
        at = time.perf_counter()
        once()
        seconds.append(time.perf_counter() - at)
    print(json.dumps({
        "peer": "PyTorch " + torch.__version__.split("+")[0], "mode": asked.mode, "batch": asked.batch,
        "threads": asked.threads, "runs": len(seconds),
        "images_per_second": asked.batch / statistics.median(seconds),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


main()
