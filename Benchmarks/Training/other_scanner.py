"""A data set as another scanner would have made it: coarser, noisier, unevenly bright.

Every image is reduced, multiplied with a smooth field (exp of a polynomial of second degree), given Rician noise in shares of its
99.8th percentile, and enlarged again; its name is the seed. Sizes stay, so boxes do.
"""
import csv
import zlib

import numpy as np
from PIL import Image

# Reduction of the sides, greatest coefficient of the field, deviation of the noise.
SCANNERS = {"surface-coil": (2, 0.9, 0.05), "low-field": (4, 0.35, 0.08)}


def pictured(picture, scanner, seed):
    reduction, strength, noise = SCANNERS[scanner]
    random = np.random.default_rng(seed)
    width, height = max(1, picture.width // reduction), max(1, picture.height // reduction)
    values = np.asarray(picture.convert("L").resize((width, height), Image.Resampling.BOX), float)
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    a = random.uniform(-strength, strength, 5)
    values *= np.exp(a[0] * x + a[1] * y + a[2] * x * y + a[3] * (x * x - 0.5) + a[4] * (y * y - 0.5))
    real, imaginary = random.normal(0, noise * np.percentile(values, 99.8), (2, height, width))
    values = np.hypot(values + real, imaginary)
    coarse = Image.fromarray(np.clip(values / max(values.max(), 1) * 255, 0, 255).astype(np.uint8))
    return coarse.resize(picture.size, Image.Resampling.BICUBIC)


def copy(data, folder, scanner):
    """Makes the copy, or finds it made. Returns its folder."""
    if not (folder / "index.csv").exists():
        for row in csv.DictReader(open(data / "index.csv", newline="")):
            path = folder / row["image"]
            path.parent.mkdir(parents=True, exist_ok=True)
            seed = zlib.crc32(row["image"].encode())
            pictured(Image.open(data / row["image"]), scanner, seed).save(path, quality=95)
        (folder / "index.csv").write_text((data / "index.csv").read_text())
    return folder
