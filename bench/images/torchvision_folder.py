#!/usr/bin/env python3
"""torchvision_folder.py FOLDER SECONDS: images a second of torchvision's ImageFolder and a DataLoader of one worker, and
images a second of processor time, over whole epochs: the classic list for training on ImageNet, on what Pillow decodes."""
import resource
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


def processor_time():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main():
    next(iter(loader))
    count, begin, used = 0, time.perf_counter(), processor_time()
    while time.perf_counter() - begin < float(sys.argv[2]):
        count += sum(len(x) for x, _ in loader)  # the worker ends with its epoch, and its time is known
    passed, used = time.perf_counter() - begin, processor_time() - used
    print(f"torchvision {torchvision.__version__} {count / passed:.1f} {count / used:.1f}")


if __name__ == "__main__":
    main()
