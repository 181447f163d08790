#!/usr/bin/env python3
"""make.py FOLDER [COUNT]: COUNT (2000) JPEGs of about 500 x 375 in ten folders, smooth colours with noise and edges, as
Pillow writes them at quality 90: some 80 kB each, as ImageNet's are. Needs Pillow and numpy."""
import os
import sys

import numpy as np
from PIL import Image

folder, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2000
random = np.random.default_rng(1)
for i in range(count):
    width, height = (500, 375) if random.random() < 0.75 else (375, 500)
    width, height = width - int(random.integers(20)), height - int(random.integers(20))
    coarse = Image.fromarray(random.integers(0, 256, (6, 8, 3), dtype=np.uint8)).resize((width, height), Image.BICUBIC)
    pixels = np.asarray(coarse).astype(np.float32) + random.normal(0, 12, (height, width, 1)).astype(np.float32)
    for _ in range(6):
        top, left = int(random.integers(height - 40)), int(random.integers(width - 40))
        pixels[top:top + int(random.integers(20, 200)), left:left + int(random.integers(20, 200))] += random.normal(0, 40, 3)
    place = os.path.join(folder, f"class{i % 10}")
    os.makedirs(place, exist_ok=True)
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(os.path.join(place, f"{i:05}.jpg"), quality=90)
