"""Reading and preprocessing the box index (CSV); boxes are x0 y0 x1 y1 in pixels of the square input."""
import csv
import math
import re
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image


def read_index(folder, classes, parts):
    """Rows of index.csv with `boxes` `[n, 4]`, `label` (or -1) and `held`: kept out of training to fit the calibration."""
    rows = list(csv.DictReader(open(Path(folder) / "index.csv", newline="")))
    for row in rows:
        row["boxes"] = np.array(row["boxes_xyxy"].replace(";", " ").split(), np.float32).reshape(-1, 4)
        row["label"] = classes.index(row["class"]) if row["class"] in classes else -1
        number = int((re.findall(r"\d+", Path(row["image"]).stem) or ["0"])[-1])
        # Whole blocks, because neighbours share a patient.
        every = round(1 / parts.heldOut)
        row["held"] = row["split"] == parts.train and number // parts.block % every == min(3, every - 1)
    return rows


def preprocess(gray, size):
    """8-bit gray `[height, width]` -> (float32 `[size, size]` in [0, 1], scale, left, top). The same as in Swift."""
    x = gray.astype(np.float32)
    low, high = np.percentile(x, [1, 99.8])
    x = np.clip((x - low) / max(high - low, 1e-6), 0, 1).astype(np.float32)
    scale = size / max(x.shape)
    h, w = (max(1, math.floor(n * scale + 0.5)) for n in x.shape)
    x = F.interpolate(torch.from_numpy(x)[None, None], size=(h, w), mode="bilinear", antialias=True)[0, 0].numpy()
    top, left = (size - h) // 2, (size - w) // 2
    out = np.zeros((size, size), np.float32)
    out[top:top + h, left:left + w] = x
    return out, (w / gray.shape[1], h / gray.shape[0]), left, top


def load(folder, rows, size, cache):
    """Images `[n, size, size]` in [0, 1] as float32 and boxes `[n, 4]` in their pixels (NaN where nothing is)."""
    path = Path(cache) / f"images-{size}-{len(rows)}.npz"
    if not path.exists():
        images, boxes = [], []
        for row in rows:
            x, scale, left, top = preprocess(np.asarray(Image.open(Path(folder) / row["image"]).convert("L")), size)
            images.append(x)
            b = np.full(4, np.nan, np.float32)
            if len(row["boxes"]):
                b = row["boxes"][0] * np.array(scale * 2, np.float32) + np.array([left, top] * 2, np.float32)
            boxes.append(b)
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, images=np.stack(images), boxes=np.stack(boxes))
    with np.load(path) as z:
        return torch.from_numpy(z["images"]), torch.from_numpy(z["boxes"])
