"""Writes the planted set: frames with strings whose every pixel is known, from fonts and backgrounds never trained on.

    python Benchmarks/BurnedInText/planted.py OUTPUT [--frames 300] [--seed 2026] [--images FOLDER] [--side 2048]
    .build/release/hilum-text OUTPUT

Half of the frames have a flat border with strings in it, half have strings over the anatomy. Each frame is a PNG of 8 or
16 bits, its truth a PNG that holds n where the n-th string changed a pixel; `index.csv` lists the strings.
"""

import argparse
import csv
import io
import os
import random
import sys

import numpy as np
from PIL import Image

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../training/burned-in-text"))
import backgrounds
import lettering

SIZES = [(512, 512)] * 6 + [(256, 256), (480, 640), (1024, 1024), (768, 1024)]


def held_out(seed, images):
    """(kind, picture) of every background: drawn kinds and real ones that training never saw."""
    rng = np.random.default_rng(seed)
    pool = []
    for k in range(40):
        kind = backgrounds.HELD_OUT[k % len(backgrounds.HELD_OUT)]
        pool.append((kind.__name__, np.clip(kind(rng, 512, 512), 0, 1).astype(np.float32)))
    pool += [("pydicom", frame) for frame in backgrounds.pydicom_frames(False)] * 6
    import nilearn

    template = os.path.join(os.path.dirname(nilearn.__file__), "datasets/data/mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz")
    pool += [("nilearn", slice) for slice in backgrounds.templates(rng, [template], 40)]
    pool += [("slices", frame) for frame in backgrounds.folder_slices(rng, False, images)]
    return pool


def resized(image, h, w):
    return np.asarray(Image.fromarray(image).resize((w, h), Image.BICUBIC)).clip(0, 1)


def frame(rng, generator, picture, border, sizes):
    """A frame without text, and the columns and rows that its anatomy takes: x0, y0, x1, y1."""
    h, w = rng.choice(sizes)
    if not border:
        return resized(picture, h, w).astype(np.float32), (0, 0, w, h)
    canvas = backgrounds.flat(generator, h, w)
    side = rng.uniform(0.55, 0.75)
    ph, pw = int(h * side), int(w * side)
    y, x = (h - ph) // 2, (w - pw) // 2
    canvas = np.clip(canvas, 0, 1)
    canvas[y : y + ph, x : x + pw] = resized(picture, ph, pw)
    return canvas, (x, y, x + pw, y + ph)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("output")
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--images", help="folder with index.csv: its `val` slices become backgrounds too")
    parser.add_argument("--side", type=int, help="all frames of this size, in place of 256 to 1024")
    options = parser.parse_args()
    sizes = [(options.side, options.side)] if options.side else SIZES
    os.makedirs(options.output, exist_ok=True)
    rng, generator = random.Random(options.seed), np.random.default_rng(options.seed)
    fonts = lettering.Fonts(lettering.HELD_OUT)
    pool = held_out(options.seed, options.images)
    kinds = sorted({kind for kind, _ in pool})
    rows = []
    for number in range(options.frames):
        border = number % 2 == 0
        kind = kinds[number // 2 % len(kinds)]
        picture = rng.choice([picture for k, picture in pool if k == kind])
        image, (x0, y0, x1, y1) = frame(rng, generator, picture, border, sizes)
        if rng.random() < 0.15:
            image = np.clip(backgrounds.noise(generator, image, 0.03), 0, 1)
        if rng.random() < 0.1:
            image = 1 - image
        image = np.ascontiguousarray(image, np.float32)
        truth = np.zeros(image.shape, np.uint8)
        taken = np.zeros(image.shape, bool)
        if border:
            taken[max(0, y0 - 2) : y1 + 2, max(0, x0 - 2) : x1 + 2] = True
        # Over the anatomy: at most a fifth of the string's pixels where nothing is.
        empty = image < 0.02
        wanted, tries, count = rng.randint(1, 4), 0, 0
        while count < wanted and tries < 60:
            tries += 1
            size = rng.choice([rng.randint(8, 16), rng.randint(8, 24), rng.randint(16, 40)])
            text = lettering.words(rng)[: max(5, 8 * min(image.shape) // (10 * size))]
            h, w = image.shape
            where = lambda tw, th: (rng.randint(0, max(0, w - tw)), rng.randint(0, max(0, h - th)))
            before = image.copy()
            planted = lettering.plant(image, fonts, rng, text, size, where, taken=taken)
            if planted is None:
                continue
            at = np.s_[planted.y : planted.y + planted.changed.shape[0], planted.x : planted.x + planted.changed.shape[1]]
            if not border and empty[at].mean() > 0.2:
                image[:] = before
                taken[at] = False
                continue
            count += 1
            truth[at][planted.changed] = count
            rows.append([f"{number:04}", "flat" if border else "anatomy", kind, count, planted.size, planted.turned, planted.style, text])
        if rng.random() < 0.25:
            levels = np.round(np.clip(image, 0, 1) * 4095).astype(np.uint16)
            Image.fromarray(levels).save(f"{options.output}/{number:04}.png")
        else:
            levels = np.round(np.clip(image, 0, 1) * 255).astype(np.uint8)
            if rng.random() < 0.2:
                data = io.BytesIO()
                Image.fromarray(levels).save(data, "JPEG", quality=rng.randint(60, 95))
                levels = np.asarray(Image.open(data))
            Image.fromarray(levels).save(f"{options.output}/{number:04}.png")
        Image.fromarray(truth).save(f"{options.output}/{number:04}-truth.png")
    with open(f"{options.output}/index.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow("frame place background string height turned style text".split())
        writer.writerows(rows)
    print(f"{options.frames} frames, {len(rows)} strings")


if __name__ == "__main__":
    main()
