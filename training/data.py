"""Reading, preprocessing and augmenting the box index (CSV); boxes are x0 y0 x1 y1 in pixels of the square input."""
import csv
import math
import re
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

CACHE_SIZE = 256


def read_index(folder, classes):
    """Rows of index.csv with `boxes` `[n, 4]`, `label` (or -1) and `held`: kept out of training to fit the calibration."""
    rows = list(csv.DictReader(open(Path(folder) / "index.csv", newline="")))
    for row in rows:
        row["boxes"] = np.array(row["boxes_xyxy"].replace(";", " ").split(), np.float32).reshape(-1, 4)
        row["label"] = classes.index(row["class"]) if row["class"] in classes else -1
        number = int((re.findall(r"\d+", Path(row["image"]).stem) or ["0"])[-1])
        row["held"] = row["split"] == "train" and (number // 40) % 10 == 3  # whole blocks: neighbours share a patient
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
    """Images `[n, size, size]` (uint8 when cached for training, float32 otherwise) and boxes in their pixels."""
    path = Path(cache) / f"images-{size}-{len(rows)}.npz"
    if not path.exists():
        images, boxes = [], []
        for row in rows:
            x, scale, left, top = preprocess(np.asarray(Image.open(Path(folder) / row["image"]).convert("L")), size)
            images.append(np.round(x * 255).astype(np.uint8) if size == CACHE_SIZE else x)
            b = np.full(4, np.nan, np.float32)
            if len(row["boxes"]):
                b = row["boxes"][0] * np.array(scale * 2, np.float32) + np.array([left, top] * 2, np.float32)
            boxes.append(b)
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, images=np.stack(images), boxes=np.stack(boxes))
    with np.load(path) as z:
        return z["images"], z["boxes"]


def warp_intensity(x, rng):
    """A random monotone curve through [0, 1], then brightness and contrast: another scanner's look at the same anatomy."""
    if rng.random() < 0.5:
        x = x ** math.exp(rng.uniform(-0.6, 0.6))
    elif rng.random() < 0.6:
        knots = np.sort(np.r_[0, rng.random(3), 1]).astype(np.float32)
        x = np.interp(x, np.linspace(0, 1, 5) + np.r_[0, rng.uniform(-0.1, 0.1, 3), 0], knots * 0.6 + np.linspace(0, 0.4, 5))
    mean = float(x.mean())
    x = (x - mean) * rng.uniform(0.75, 1.3) + mean + rng.uniform(-0.1, 0.1)
    return np.clip(x, 0, 1).astype(np.float32)


def paste(target, donor, box, rng):
    """Blend the donor's lesion into another image through a soft ellipse, at a random place inside bright tissue."""
    x0, y0, x1, y1 = box
    m = 0.15 * max(x1 - x0, y1 - y0)
    a, b, c, d = (int(round(v)) for v in (x0 - m, y0 - m, x1 + m, y1 + m))
    if a < 0 or b < 0 or c > donor.shape[1] or d > donor.shape[0] or c - a < 8 or d - b < 8:
        return None
    patch = donor[b:d, a:c]
    h, w = patch.shape
    for _ in range(10):
        top, left = rng.integers(40, CACHE_SIZE - 40 - h + 1) if h < CACHE_SIZE - 80 else -1, \
            rng.integers(40, CACHE_SIZE - 40 - w + 1) if w < CACHE_SIZE - 80 else -1
        if top < 0 or left < 0:
            return None
        under = target[top:top + h, left:left + w]
        if (under > 0.12).mean() > 0.8:
            break
    else:
        return None
    yy, xx = np.mgrid[0:h, 0:w]
    r = np.hypot((xx - (w - 1) / 2) / ((x1 - x0) / 2), (yy - (h - 1) / 2) / ((y1 - y0) / 2))
    alpha = np.clip((1.15 - r) / 0.25, 0, 1)
    out = target.copy()
    out[top:top + h, left:left + w] = alpha * np.clip(patch * rng.uniform(0.85, 1.15), 0, 1) + (1 - alpha) * under
    return out, np.array([left + x0 - a, top + y0 - b, left + x1 - a, top + y1 - b], np.float32)


def geometry(box, size, rng, strength):
    """A random flip, rotation, scale and shift as (inverse affine for grid_sample, transformed box or NaN)."""
    angle = math.radians(rng.uniform(-12, 12)) * strength
    zoom = math.exp(rng.uniform(math.log(0.75), math.log(1.3)) * strength)
    aspect = math.exp(rng.uniform(-0.08, 0.08) * strength)
    fx = -1 if rng.random() < 0.5 else 1
    fy = -1 if rng.random() < 0.15 * strength else 1
    sx, sy = fx * zoom * aspect, fy * zoom / aspect
    t = rng.uniform(-0.2, 0.2, 2) * strength
    forward = np.array([[sx * math.cos(angle), -sy * math.sin(angle)], [sx * math.sin(angle), sy * math.cos(angle)]])
    inverse = np.linalg.inv(forward)
    theta = np.c_[inverse, -inverse @ t].astype(np.float32)
    if np.isnan(box).any():
        return theta, box
    unit = box / CACHE_SIZE * 2 - 1
    centre = forward @ ((unit[:2] + unit[2:]) / 2) + t
    half = np.sqrt((forward ** 2) @ (((unit[2:] - unit[:2]) / 2) ** 2))  # the box of a turned ellipse
    moved = (np.r_[centre - half, centre + half] + 1) / 2 * size
    kept = np.clip(moved, 0, size)
    area = lambda b: max(b[2] - b[0], 0) * max(b[3] - b[1], 0)
    if area(kept) < 0.6 * area(moved):
        return None
    return theta, kept.astype(np.float32)


def augment(images, boxes, labels, picks, size, rng, strength=1.0):
    """A training batch: images `[b, size, size]`, boxes `[b, 4]` (NaN where nothing is), labels `[b]` (-1: nothing).

    `strength` scales the geometry; what changes intensities stays, for it stands for other scanners.
    """
    batch, thetas, out_boxes, out_labels = [], [], [], []
    for i in picks:
        x, box, label = images[i].astype(np.float32) / 255, boxes[i], labels[i]
        if label < 0 and rng.random() < 0.35:
            j = rng.choice(picks)  # from the same batch, so from the training part
            pasted = paste(x, images[j].astype(np.float32) / 255, boxes[j], rng) if labels[j] >= 0 else None
            if pasted is not None:
                x, box, label = *pasted, labels[j]
        for _ in range(20):
            drawn = geometry(box, size, rng, strength)
            if drawn is not None:
                break
        else:
            drawn = np.array([[1, 0, 0], [0, 1, 0]], np.float32), box / CACHE_SIZE * size
        thetas.append(drawn[0])
        out_boxes.append(drawn[1])
        out_labels.append(label)
        batch.append(warp_intensity(x, rng))
    x = torch.from_numpy(np.stack(batch))[:, None]
    grid = F.affine_grid(torch.from_numpy(np.stack(thetas)), (len(batch), 1, size, size), align_corners=False)
    x = F.grid_sample(x, grid, mode="bilinear", align_corners=False)
    for k in range(len(batch)):
        if rng.random() < 0.4:
            s = rng.uniform(0.3, 1.0)
            g = torch.exp(-torch.arange(-2, 3.0) ** 2 / (2 * s * s))
            g = g / g.sum()
            x[k:k + 1] = F.conv2d(F.conv2d(x[k:k + 1], g.view(1, 1, 1, 5), padding=(0, 2)), g.view(1, 1, 5, 1), padding=(2, 0))
    noise = torch.from_numpy(rng.standard_normal(x.shape, dtype=np.float32) * rng.uniform(0, 0.04, (len(batch), 1, 1, 1)).astype(np.float32))
    x = (x + noise).clamp(0, 1)
    return x[:, 0], torch.from_numpy(np.stack(out_boxes)), torch.tensor(out_labels)
