"""Training crops: a background, some strings, what a frame goes through on its way into a file."""

import io
import random

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter

import backgrounds
import lettering
from normalize import local_contrast

SIDE = 192


def background_pool(seed, count, images):
    """Frames of 0...1, drawn and real, at least a crop large."""
    rng = np.random.default_rng(seed)
    pool = []
    for k in range(count):
        kind = backgrounds.TRAINING[k % len(backgrounds.TRAINING)]
        h, w = (int(rng.integers(256, 641)) for _ in range(2))
        pool.append(np.clip(kind(rng, h, w), 0, 1).astype(np.float32))
    real = backgrounds.pydicom_frames(True)
    real += backgrounds.templates(rng, ["/usr/share/mricron/templates/ch2.nii.gz", "/usr/share/mricron/templates/inia19-t1-brain.nii.gz"], 60)
    real += backgrounds.folder_slices(rng, True, images, 900)
    return pool, real


def crop(rng, source):
    """A piece of a frame, flipped, turned, enlarged, in SIDE x SIDE."""
    zoom = rng.choice([1, 1, rng.uniform(0.6, 1.2), rng.uniform(1, 2.5)])
    need = int(np.ceil(SIDE / zoom))
    h, w = source.shape
    if min(h, w) < need:
        scale = need / min(h, w) * rng.uniform(1, 1.3)
        source = np.asarray(Image.fromarray(source).resize((max(need, int(w * scale)), max(need, int(h * scale))), Image.BILINEAR))
        h, w = source.shape
    y, x = rng.randint(0, h - need), rng.randint(0, w - need)
    piece = source[y : y + need, x : x + need]
    if need != SIDE:
        piece = np.asarray(Image.fromarray(piece).resize((SIDE, SIDE), rng.choice([Image.BILINEAR, Image.BICUBIC, Image.NEAREST])))
    piece = np.rot90(piece, rng.randint(0, 3))
    piece = piece[:, ::-1] if rng.random() < 0.5 else piece
    return np.ascontiguousarray(np.clip(piece, 0, 1))


def compressed(image, quality):
    data = io.BytesIO()
    Image.fromarray(image).save(data, "JPEG", quality=quality)
    return np.asarray(Image.open(data), np.uint8)


def sample(rng, drawn, real, fonts):
    """A crop of 8 bits, the region of text at half its resolution, and where nothing is to be learned."""
    generator = np.random.default_rng(rng.getrandbits(32))
    choice = rng.random()
    if choice < 0.18:
        image = backgrounds.flat(generator, SIDE, SIDE)
    else:
        image = crop(rng, rng.choice(real if real and choice > 0.55 else drawn))
        if rng.random() < 0.3:
            image = image * rng.uniform(0.2, 1) + rng.uniform(0, 0.1)
        if rng.random() < 0.15:
            image = 1 - image
        if rng.random() < 0.2:
            image = backgrounds.noise(generator, image, rng.uniform(0.01, 0.06))
    image = np.clip(image, 0, 1).astype(np.float32)
    taken = np.zeros(image.shape, bool)
    region = np.zeros(image.shape, bool)
    unsure = np.zeros(image.shape, bool)
    count = 0 if rng.random() < 0.25 else rng.choice([1, 2, 3, 4, 6])
    column = None
    base = rng.choice([rng.randint(7, 16), rng.randint(9, 24), rng.randint(20, 56)])
    for _ in range(count):
        size = base if rng.random() < 0.6 else rng.choice([rng.randint(7, 16), rng.randint(9, 24), rng.randint(20, 56)])
        text = lettering.words(rng)
        if size > 24:
            text = text[: max(3, 300 // size)]
        short = rng.random() < 0.06
        if short:
            text = rng.choice(["L", "R", "A", "P", "LA", "S", "7", "+", "cm", "mm"])
        # Lines below each other, as in the corner of a frame.
        start = column
        where = (lambda w, h: start) if start and rng.random() < 0.6 else None
        planted = lettering.plant(image, fonts, rng, text, size, where, taken=taken)
        if planted is None:
            continue
        h, w = planted.region.shape
        column = (planted.x, planted.y + h + rng.randint(-1, 6))
        (unsure if short else region)[planted.y : planted.y + h, planted.x : planted.x + w] |= planted.region
    if rng.random() < 0.12:
        image = gaussian_filter(image, rng.uniform(0.3, 0.8))
    levels = np.round(np.clip(image, 0, 1) * 255).astype(np.uint8)
    if rng.random() < 0.25:
        levels = compressed(levels, rng.randint(50, 95))
    halved = lambda a: a.reshape(SIDE // 2, 2, SIDE // 2, 2).max((1, 3))
    return levels, halved(region), halved(unsure & ~region)


def make(seed, count, drawn, real, fonts, span=(0.6, 1.0)):
    """`count` crops: network inputs float16, regions and the unsure, uint8."""
    rng = random.Random(seed)
    inputs = np.empty((count, SIDE, SIDE), np.float16)
    regions = np.empty((count, SIDE // 2, SIDE // 2), np.uint8)
    unsure = np.empty_like(regions)
    for k in range(count):
        levels, regions[k], unsure[k] = sample(rng, drawn, real, fonts)
        inputs[k] = local_contrast(levels.astype(np.float32) / 255, rng.uniform(*span))
    return inputs, regions, unsure
