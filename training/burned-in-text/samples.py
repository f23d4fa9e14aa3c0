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


def crop(rng, source, side):
    """A piece of a frame, flipped, turned, enlarged, in side x side."""
    zoom = rng.choice([1, 1, rng.uniform(0.6, 1.2), rng.uniform(1, 2.5)])
    need = int(np.ceil(side / zoom))
    h, w = source.shape
    if min(h, w) < need:
        scale = need / min(h, w) * rng.uniform(1, 1.3)
        source = np.asarray(Image.fromarray(source).resize((max(need, int(w * scale)), max(need, int(h * scale))), Image.BILINEAR))
        h, w = source.shape
    y, x = rng.randint(0, h - need), rng.randint(0, w - need)
    piece = source[y : y + need, x : x + need]
    if need != side:
        piece = np.asarray(Image.fromarray(piece).resize((side, side), rng.choice([Image.BILINEAR, Image.BICUBIC, Image.NEAREST])))
    piece = np.rot90(piece, rng.randint(0, 3))
    piece = piece[:, ::-1] if rng.random() < 0.5 else piece
    return np.ascontiguousarray(np.clip(piece, 0, 1))


def inset(rng, image, page):
    """Replaces what lies beyond a straight edge, or two or three of them, by `page`."""
    side = len(image)
    for _ in range(rng.choice([1, 2, 3])):
        at = rng.randint(8, side // 2)
        part = rng.choice([np.s_[:at], np.s_[side - at :], np.s_[:, :at], np.s_[:, side - at :]])
        image[part] = page[part]


def compressed(image, quality):
    data = io.BytesIO()
    Image.fromarray(image).save(data, "JPEG", quality=quality)
    return np.asarray(Image.open(data), np.uint8)


def sharpened(rng, image):
    """An unsharp mask, as many exports have it."""
    return np.clip(image + rng.uniform(0.5, 2.5) * (image - gaussian_filter(image, rng.uniform(0.7, 2))), 0, 1)


def ground(rng, generator, drawn, real, side):
    """What lies below the text, side x side."""
    choice = rng.random()
    if choice < 0.15:
        image = backgrounds.flat(generator, side, side)
        if rng.random() < 0.4:
            # Where a picture was set into a page, or noise begins: an edge, and no text.
            inset(rng, image, backgrounds.flat(generator, side, side))
    else:
        image = crop(rng, rng.choice(real if real and choice > 0.5 else drawn), side)
        if rng.random() < 0.15:
            image = sharpened(rng, image)
        if rng.random() < 0.3:
            image = image * rng.uniform(0.2, 1) + rng.uniform(0, 0.1)
        if rng.random() < 0.15:
            image = 1 - image
        if rng.random() < 0.15:
            inset(rng, image, backgrounds.flat(generator, side, side))
        if rng.random() < 0.2:
            image = backgrounds.noise(generator, image, rng.uniform(0.01, 0.06))
    return np.clip(image, 0, 1).astype(np.float32)


def sample(rng, drawn, real, fonts):
    """A crop of 8 bits, the region of text at half its resolution, and where nothing is to be learned."""
    generator = np.random.default_rng(rng.getrandbits(32))
    # Some frames were made smaller after the text was drawn: its strokes are soft.
    shrink = rng.choice([1, 1, 1, 1, 1.25, 1.5, 2])
    side = round(SIDE * shrink)
    image = ground(rng, generator, drawn, real, side)
    taken, region, unsure = (np.zeros(image.shape, bool) for _ in range(3))
    count = 0 if rng.random() < 0.25 else rng.choice([1, 2, 3, 4, 6])
    column = None
    sizes = lambda: round(shrink * rng.choice([rng.randint(7, 16), rng.randint(9, 24), rng.randint(20, 56)]))
    base = sizes()
    for _ in range(count):
        size = base if rng.random() < 0.6 else sizes()
        text = lettering.words(rng)
        if size > 24 * shrink:
            text = text[: max(3, round(300 * shrink) // size)]
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
    if shrink > 1:
        image = np.asarray(Image.fromarray(image).resize((SIDE, SIDE), rng.choice([Image.BOX, Image.BILINEAR, Image.LANCZOS])))
        region, unsure = (
            np.asarray(Image.fromarray(a.astype(np.uint8) * 255).resize((SIDE, SIDE), Image.BOX)) > 60 for a in (region, unsure))
    elif rng.random() < 0.12:
        image = gaussian_filter(image, rng.uniform(0.3, 0.8))
    elif rng.random() < 0.08:
        image = sharpened(rng, image)
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
