#!/usr/bin/env python3
"""torchvision_folder.py FOLDER SECONDS: images a second of torchvision's ImageFolder and a DataLoader of one worker: the
classic list for training on ImageNet, on what Pillow decodes."""
import sys
import time

import torch
import torchvision
from torchvision import datasets, transforms

torch.set_num_threads(1)
torch.manual_seed(1)
data = datasets.ImageFolder(sys.argv[1], transforms.Compose([
    transforms.RandomResizedCrop(224), transforms.RandomHorizontalFlip(), transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])]))
loader = torch.utils.data.DataLoader(data, batch_size=64, shuffle=True, num_workers=1)


def images(seconds):
    count, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        for x, _ in loader:
            count += len(x)
            if time.perf_counter() - begin >= seconds:
                break
    return count / (time.perf_counter() - begin)


if __name__ == "__main__":
    images(1)
    print(f"torchvision {torchvision.__version__} {images(float(sys.argv[2])):.1f}")
