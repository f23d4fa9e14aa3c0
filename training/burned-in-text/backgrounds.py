"""Pictures without text: drawn ones that look like anatomy to a detector of strokes, and real ones from packages.

Every function gives float32 [height, width] in 0...1. `TRAINING` and `HELD_OUT` name the drawn kinds of each side; real
pictures are split by file.
"""

import csv
import glob
import os

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from scipy.ndimage import gaussian_filter


def smooth(rng, h, w, cells, octaves=1, gain=0.5):
    """Band-limited noise with about unit deviation: random grids of `cells` and finer, enlarged and summed."""
    total, weight = np.zeros((h, w), np.float32), 1.0
    for octave in range(octaves):
        n = max(2, int(cells * 2**octave))
        grid = rng.standard_normal((max(2, n * h // max(h, w)), max(2, n * w // max(h, w)))).astype(np.float32)
        total += weight * np.asarray(Image.fromarray(grid).resize((w, h), Image.BICUBIC))
        weight *= gain
    return total / max(total.std(), 1e-6)


def blob(rng, h, w, cx, cy, rx, ry, wobble=0.15, soft=0.04):
    """A closed outline with a wavy edge: 1 inside, 0 outside."""
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    angle = rng.uniform(0, np.pi)
    dx, dy = x - cx * w, y - cy * h
    u, v = dx * np.cos(angle) + dy * np.sin(angle), dy * np.cos(angle) - dx * np.sin(angle)
    theta = np.arctan2(v, u)
    radius = 1 + sum(wobble / k * rng.standard_normal() * np.cos(k * theta + rng.uniform(0, 6.3)) for k in (2, 3, 5))
    distance = np.sqrt((u / (rx * w)) ** 2 + (v / (ry * h)) ** 2)
    return np.clip((radius - distance) / soft + 0.5, 0, 1)


def curves(rng, h, w, count, width, bend=0.25, branch=0.6):
    """Branching smooth lines, as vessels are; coverage 0...1."""
    canvas = Image.new("L", (w, h))
    draw = ImageDraw.Draw(canvas)

    def grow(x, y, angle, thickness, steps):
        points = [(x, y)]
        for _ in range(steps):
            angle += rng.normal(0, bend)
            x, y = x + 7 * np.cos(angle), y + 7 * np.sin(angle)
            points.append((x, y))
            if thickness > 1.2 and rng.random() < branch * 0.1:
                grow(x, y, angle + rng.choice([-1, 1]) * rng.uniform(0.4, 1.1), thickness * 0.7, steps * 2 // 3)
        draw.line(points, fill=255, width=max(1, round(thickness)), joint="curve")

    for _ in range(count):
        grow(rng.uniform(0, w), rng.uniform(0, h), rng.uniform(0, 6.3), rng.uniform(1, width), int(rng.integers(8, 60)))
    return np.asarray(canvas.filter(ImageFilter.GaussianBlur(rng.uniform(0.4, 1.2))), np.float32) / 255


def noise(rng, image, sigma):
    grain = rng.standard_normal(image.shape).astype(np.float32)
    if rng.random() < 0.6:
        grain = gaussian_filter(grain, rng.uniform(0.4, 1.3))
        grain = grain / max(grain.std(), 1e-6)
    return image + sigma * grain


def section(rng, h, w):
    """A cut through a head or a body: bright rim, organs, some small bright spots."""
    body = blob(rng, h, w, rng.uniform(0.45, 0.55), rng.uniform(0.45, 0.55), rng.uniform(0.3, 0.46), rng.uniform(0.3, 0.46), 0.06)
    inner = blob(rng, h, w, 0.5, 0.5, rng.uniform(0.25, 0.4), rng.uniform(0.25, 0.4), 0.08)
    image = body * rng.uniform(0.2, 0.9) * (1 - inner) + inner * rng.uniform(0.2, 0.6)
    for _ in range(int(rng.integers(4, 25))):
        organ = blob(rng, h, w, rng.uniform(0.2, 0.8), rng.uniform(0.2, 0.8), rng.uniform(0.01, 0.15), rng.uniform(0.01, 0.15), 0.3, rng.uniform(0.02, 0.3))
        image = image * (1 - organ) + organ * rng.uniform(0, 1) * body
    image = image + body * smooth(rng, h, w, rng.uniform(8, 40), 4, 0.8) * rng.uniform(0.02, 0.12)
    image = image + body * curves(rng, h, w, int(rng.integers(0, 25)), 4) * rng.uniform(-0.4, 0.6)
    return noise(rng, np.clip(image, 0, 1), rng.uniform(0, 0.05))


def lungs(rng, h, w):
    body = blob(rng, h, w, 0.5, 0.5, 0.45, 0.35, 0.05)
    image = body * rng.uniform(0.5, 0.8)
    for cx in (0.3, 0.7):
        lung = blob(rng, h, w, cx, 0.5, 0.15, 0.24, 0.15)
        tree = curves(rng, h, w, int(rng.integers(20, 60)), 4, 0.4) * rng.uniform(0.3, 0.8)
        image = image * (1 - lung) + lung * (rng.uniform(0.05, 0.2) + tree)
    for _ in range(int(rng.integers(6, 18))):
        bone = blob(rng, h, w, rng.uniform(0.1, 0.9), rng.uniform(0.15, 0.85), 0.03, 0.01, 0.2, 0.1)
        image = np.maximum(image, bone)
    return noise(rng, np.clip(image, 0, 1), rng.uniform(0.01, 0.05))


def ultrasound(rng, h, w):
    """A sector of speckle on black."""
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    dx, dy = x - w / 2, y + h * rng.uniform(0, 0.2)
    radius, angle = np.hypot(dx, dy), np.arctan2(dx, dy)
    sector = (np.abs(angle) < rng.uniform(0.4, 0.8)) & (radius > h * rng.uniform(0.1, 0.3)) & (radius < h * rng.uniform(0.8, 1.1))
    if rng.random() < 0.3:
        sector = (np.abs(dx) < w * rng.uniform(0.25, 0.45)) & (y > h * 0.08) & (y < h * 0.9)
    speckle = np.hypot(smooth(rng, h, w, max(h, w) / rng.uniform(2, 6)), smooth(rng, h, w, max(h, w) / rng.uniform(2, 6)))
    tissue = np.exp(0.5 * smooth(rng, h, w, rng.uniform(3, 9), 3))
    image = sector * np.clip(0.16 * speckle * tissue, 0, 1)
    for _ in range(int(rng.integers(0, 6))):
        image *= 1 - 0.9 * blob(rng, h, w, rng.uniform(0.3, 0.7), rng.uniform(0.3, 0.8), rng.uniform(0.02, 0.12), rng.uniform(0.02, 0.12), 0.2, 0.2)
    return image


def mammogram(rng, h, w):
    breast = blob(rng, h, w, 0.0, 0.5, rng.uniform(0.4, 0.8), rng.uniform(0.35, 0.5), 0.05, 0.1)
    fibres = np.clip(smooth(rng, h, w, 8, 5, 0.8), -1, 3) * 0.12 + curves(rng, h, w, 60, 3, 0.3) * 0.15
    image = breast * (0.35 + fibres)
    for _ in range(int(rng.integers(0, 40))):
        image += blob(rng, h, w, rng.uniform(0, 0.5), rng.uniform(0.2, 0.8), 0.004, 0.004, 0.2, 0.5) * 0.4
    return noise(rng, np.clip(image, 0, 1), rng.uniform(0.003, 0.03))


def angiogram(rng, h, w):
    ground = rng.uniform(0.5, 0.8) + 0.06 * smooth(rng, h, w, 4, 3)
    image = ground - curves(rng, h, w, int(rng.integers(4, 30)), 9) * rng.uniform(0.2, 0.5)
    image = image - curves(rng, h, w, int(rng.integers(0, 3)), 3, 0.05, 0) * 0.3
    return noise(rng, np.clip(image, 0, 1), rng.uniform(0.005, 0.04))


def chest(rng, h, w):
    """A projection: soft gradients, ribs as wide arcs, a bright spine."""
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    image = 0.55 + 0.1 * smooth(rng, h, w, 3, 3)
    for cx in (0.3, 0.7):
        image -= 0.3 * blob(rng, h, w, cx, 0.45, 0.16, 0.3, 0.1, 0.4)
    image += 0.25 * np.exp(-(((x / w - 0.5) / 0.06) ** 2))
    for k in range(int(rng.integers(6, 11))):
        centre = h * (0.1 + 0.08 * k) + 0.25 * h * np.abs(x / w - 0.5) ** rng.uniform(1, 2)
        image += rng.uniform(0.04, 0.12) * np.exp(-(((y - centre) / (0.012 * h)) ** 2))
    image += curves(rng, h, w, 30, 3, 0.3) * 0.06
    return noise(rng, np.clip(image, 0, 1), rng.uniform(0.003, 0.03))


def phantom(rng, h, w):
    """Sharp geometry that is no text: line pairs, steps, wedges, rings, grids, rulers with ticks."""
    canvas = Image.new("L", (w, h), int(rng.integers(0, 256)))
    draw = ImageDraw.Draw(canvas)
    for _ in range(int(rng.integers(2, 9))):
        x, y, size, fill = int(rng.integers(0, w)), int(rng.integers(0, h)), int(rng.integers(12, 160)), int(rng.integers(0, 256))
        kind = rng.integers(0, 6)
        if kind == 0:
            step = int(rng.integers(3, 20))
            for k in range(x, x + size, step):
                draw.line([(k, y), (k, y + size)], fill=fill, width=max(1, step // 2))
        elif kind == 1:
            draw.ellipse([x, y, x + size, y + size], outline=fill, width=int(rng.integers(1, 6)))
        elif kind == 2:
            draw.rectangle([x, y, x + size, y + size // 2], fill=fill)
        elif kind == 3:
            for k in range(16):
                draw.rectangle([x, y + k * size / 16, x + 14, y + (k + 1) * size / 16], fill=k * 17)
        elif kind == 4:
            step = int(rng.integers(8, 40))
            for k in range(0, w, step):
                draw.line([(k, 0), (k, h)], fill=fill)
            for k in range(0, h, step):
                draw.line([(0, k), (w, k)], fill=fill)
        else:
            step = int(rng.integers(4, 30))
            for i, k in enumerate(range(y, y + 4 * size, step)):
                draw.line([(x, k), (x + (10 if i % 5 == 0 else 5), k)], fill=fill)
            draw.line([(x, y), (x, y + 4 * size)], fill=fill)
    return noise(rng, np.asarray(canvas, np.float32) / 255, rng.uniform(0, 0.03))


def extremity(rng, h, w):
    """Long bones and small ones in soft tissue, between collimator edges."""
    image = blob(rng, h, w, 0.5, 0.5, 0.3, 0.6, 0.1, 0.3) * 0.35
    for _ in range(int(rng.integers(3, 14))):
        shaft = blob(rng, h, w, rng.uniform(0.3, 0.7), rng.uniform(0, 1), rng.uniform(0.02, 0.06), rng.uniform(0.08, 0.3), 0.12, 0.15)
        hollow = blob(rng, h, w, rng.uniform(0.3, 0.7), rng.uniform(0, 1), 0.02, 0.15, 0.1, 0.3)
        image = image + shaft * rng.uniform(0.15, 0.35) - 0.1 * shaft * hollow
    image = image * (1 + 0.08 * smooth(rng, h, w, 30, 4, 0.8))
    top, left = int(h * rng.uniform(0, 0.12)), int(w * rng.uniform(0, 0.12))
    edge = np.zeros((h, w), np.float32)
    edge[top : h - top or h, left : w - left or w] = 1
    return noise(rng, np.clip(image, 0, 1), 0.015) * edge


def fluoroscopy(rng, h, w):
    """A round field with a spine, wires and clips; heavy noise."""
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    field = np.hypot(x - w / 2, y - h / 2) < 0.49 * min(h, w)
    image = 0.55 + 0.12 * smooth(rng, h, w, 5, 3) + curves(rng, h, w, 4, 2, 0.05, 0) * -0.35
    for k in range(6):
        image += 0.1 * blob(rng, h, w, 0.5 + rng.normal(0, 0.01), 0.1 + 0.16 * k, 0.09, 0.055, 0.15, 0.3)
    for _ in range(int(rng.integers(0, 12))):
        image -= 0.3 * blob(rng, h, w, rng.uniform(0.3, 0.7), rng.uniform(0.3, 0.7), 0.012, 0.003, 0.1, 0.4)
    return noise(rng, np.clip(image, 0, 1), rng.uniform(0.02, 0.06)) * field


TRAINING = [section, lungs, ultrasound, mammogram, angiogram, chest, phantom]
HELD_OUT = [extremity, fluoroscopy]


def flat(rng, h, w):
    """The border of a frame: one value, perhaps with a little noise."""
    level = rng.choice([0, 0, 0, rng.uniform(0, 0.3), rng.uniform(0, 1), 1])
    image = np.full((h, w), level, np.float32)
    return noise(rng, image, rng.uniform(0.005, 0.03)) if rng.random() < 0.35 else image


def scaled(image):
    """Between percentiles, as a viewer's window does."""
    low, high = np.percentile(image, [0.5, 99.7])
    return np.clip((image - low) / max(high - low, 1e-6), 0, 1).astype(np.float32)


def slices(path, count, rng):
    import nibabel

    volume = np.asarray(nibabel.load(path).dataobj, np.float32)
    result = []
    for _ in range(count):
        axis = int(rng.integers(0, 3))
        index = int(volume.shape[axis] * rng.uniform(0.2, 0.8))
        result.append(scaled(np.rot90(np.take(volume, index, axis=axis))))
    return result


def templates(rng, names, count):
    """Slices of brain templates: mricron-data's for training, nilearn's for measuring."""
    result = []
    for name in names:
        for path in glob.glob(name):
            result += slices(path, count, rng)
    return result


def folder_slices(rng, training, folder=None, limit=400):
    """JPEG slices of a folder with `index.csv` (split, class, image), such as figshare 1512427: optional."""
    if folder is None:
        return []
    with open(os.path.join(folder, "index.csv")) as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == ("train" if training else "val") and row["source"].startswith("figshare")]
    chosen = rng.permutation(len(rows))[:limit]
    return [np.asarray(Image.open(os.path.join(folder, rows[i]["image"])).convert("L"), np.float32) / 255 for i in chosen]


# Frames of pydicom's own test files, and rows and columns of theirs without text in them, found by looking at each.
PYDICOM = {
    True: [("MR_small.dcm", None), ("examples_jpeg2k.dcm", None)],
    False: [
        ("CT_small.dcm", None), ("examples_overlay.dcm", None), ("693_J2KI.dcm", None), ("JPEG-lossy.dcm", None),
        ("examples_ybr_color.dcm", np.s_[10:205, 70:175])],
}


def pydicom_frames(training):
    import pydicom
    from pydicom.data import get_testdata_file

    result = []
    for name, part in PYDICOM[training]:
        try:
            pixels = pydicom.dcmread(get_testdata_file(name, download=False), force=True).pixel_array.astype(np.float32)
        except (AttributeError, NotImplementedError, RuntimeError, TypeError) as error:
            print(f"{name} is left out: {type(error).__name__}, a codec is not installed")
            continue
        pixels = pixels[0] if pixels.ndim == 4 else pixels
        pixels = pixels.mean(-1) if pixels.ndim == 3 else pixels
        result.append(scaled(pixels[part] if part else pixels))
    return result
