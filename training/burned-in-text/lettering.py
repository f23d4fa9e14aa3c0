"""Words such as scanners burn into pictures, in fonts that are on one side of the split only."""

import glob
import os
import random

import numpy as np
from PIL import Image, ImageFont

ROOT = "/usr/share/fonts/"
# Outline fonts, and bitmap fonts with the one pixel size that they have.
TRAINING = [
    "truetype/dejavu/*.ttf", "truetype/lato/Lato-{Regular,Bold,Light}.ttf", "truetype/roboto/**/Roboto-{Regular,Bold,Medium}.ttf",
    "truetype/noto/NotoMono*.ttf", "truetype/noto/NotoSansMono*.ttf", "truetype/hack/Hack-{Regular,Bold}.ttf", "truetype/inconsolata/*.otf",
    "truetype/inconsolata/*.ttf", "truetype/crosextra/*.ttf", "truetype/open-sans/OpenSans-{Regular,Bold}.ttf", "truetype/proggy/*.ttf",
    "opentype/linux-libertine/LinLibertine_{R,RB}*.otf", "opentype/terminus/terminus-{normal,bold}.otb",
    "X11/misc/{5x7,5x8,6x9,6x10,6x12,6x13,6x13B,7x13,7x13B,7x14,8x13,8x13B,9x15,9x15B,9x18,10x20,12x24}.pcf.gz",
    "X11/100dpi/{helvR,helvB,courR,courB,timR,ncenR,lutRS}*.pcf.gz",
]
HELD_OUT = [
    "truetype/liberation/Liberation{Sans,Serif,Mono}-{Regular,Bold}.ttf", "truetype/freefont/*.ttf",
    "truetype/3270/3270-Regular.ttf", "truetype/glasstty/*.ttf", "opentype/courier-prime/*Prime.otf",
    "opentype/spleen/*.otf", "X11/75dpi/{charR,charB,lubR,termD}*.pcf.gz", "X11/misc/{8x16,clR8x13,clR6x12,clB8x14,clR9x15}.pcf.gz",
]
BITMAP_SIZES = list(range(7, 33))


def expand(pattern):
    if "{" not in pattern:
        return sorted(glob.glob(ROOT + pattern, recursive=True))
    head, rest = pattern.split("{", 1)
    choices, tail = rest.split("}", 1)
    return [path for choice in choices.split(",") for path in expand(head + choice + tail)]


class Fonts:
    """Faces of one side. `face(rng, size)` draws one whose letters are about `size` pixels from ascender to descender."""

    def __init__(self, patterns):
        paths = [path for pattern in patterns for path in expand(pattern) if not any(word in path for word in ("Oblique", "Italic", "MathTeX"))]
        self.outlines = [path for path in paths if path.endswith(("ttf", "otf"))]
        self.bitmaps = {}
        for path in paths:
            if path in self.outlines:
                continue
            for size in BITMAP_SIZES:
                try:
                    ImageFont.truetype(path, size).getmask("0", mode="1")
                    self.bitmaps.setdefault(size, []).append(path)
                except OSError:
                    pass
        if not self.outlines:
            raise SystemExit("no fonts found: install the packages named in README.md")

    def face(self, rng, size):
        """The font, whether it is drawn without gray edges, and how many times each pixel is enlarged."""
        if rng.random() < 0.4 and self.bitmaps:
            enlarge = rng.choice([1, 1, 2, 3]) if size >= 20 else 1
            near = [s for s in self.bitmaps if abs(s * enlarge - size) <= 3]
            if near:
                native = rng.choice(near)
                return ImageFont.truetype(rng.choice(self.bitmaps[native]), native), True, enlarge
        return ImageFont.truetype(rng.choice(self.outlines), size), rng.random() < 0.25, 1


FAMILY = "DOE SMITH MUELLER GARCIA NGUYEN KOWALSKI OKAFOR ANDERSSON YAMADA ROSSI SILVA IVANOV HADDAD JENSEN BAKER WHITE LEE OLSEN".split()
GIVEN = "JANE JOHN MARIA PETER AISHA WEI OLGA LUCA EMMA NOAH IDA KARL SARA TOM ANNA MAX".split()
PLACE = ["St. Mary Hospital", "UNIV. CLINIC", "City General", "Klinikum Nord", "Radiology Dept", "MRI CENTER", "Mercy Medical"]
TECHNICAL = ["kV {}", "mA {}", "TR {}", "TE {}.{}", "ST {} mm", "Zoom {}%", "W {} L {}", "Se: {}", "Im: {}/{}", "FOV {}x{}", "MI {}.{}", "Fr {}", "DFOV {} cm", "C {} W {}"]


def words(rng):
    """A string of 3 to about 30 characters."""
    n = lambda low, high: rng.randint(low, high)
    name = rng.choice(FAMILY)
    given = rng.choice(GIVEN)
    date = rng.choice(["{d:02}.{m:02}.{y}", "{y}-{m:02}-{d:02}", "{m:02}/{d:02}/{y}", "{y}{m:02}{d:02}", "{d} {w} {y}"])
    date = date.format(d=n(1, 28), m=n(1, 12), y=n(1931, 2025), w=rng.choice("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()))
    kind = rng.randint(0, 11)
    if kind == 0: text = f"{name}^{given}"
    elif kind == 1: text = f"{name}, {given}"
    elif kind == 2: text = f"{given} {name}"
    elif kind == 3: text = date
    elif kind == 4: text = f"DOB: {date}"
    elif kind == 5: text = f"{rng.choice('MFO')} {n(1, 99)}Y"
    elif kind == 6: text = f"{rng.choice(['ID ', 'MRN:', '', '#', 'ACC '])}{n(1000, 99999999)}"
    elif kind == 7: text = f"{n(0, 23):02}:{n(0, 59):02}:{n(0, 59):02}"
    elif kind == 8: text = rng.choice(PLACE)
    elif kind == 9: text = rng.choice(TECHNICAL).format(n(1, 999), n(1, 99))
    elif kind == 10: text = f"{name} {rng.choice('MF')} {n(1, 99)} {date}"
    else: text = "".join(rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-./") for _ in range(n(3, 12)))
    return rng.choice([text, text, text, text.lower(), text.title()])


def raster(fonts, rng, text, size):
    """Coverage 0...1 of a string, cropped to its glyphs, or None when nothing shows."""
    font, hard, enlarge = fonts.face(rng, size)
    mask = font.getmask(text, mode="1" if hard else "L")
    if 0 in mask.size:
        return None
    coverage = np.asarray(mask, np.float32).reshape(mask.size[1], mask.size[0]) / 255
    if enlarge > 1:
        coverage = coverage.repeat(enlarge, 0).repeat(enlarge, 1)
    rows, columns = np.flatnonzero(coverage.any(1)), np.flatnonzero(coverage.any(0))
    if not len(rows):
        return None
    return coverage[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def widen(mask, x, y):
    """Grey dilation by x and y pixels."""
    image = Image.fromarray((mask * 255).astype(np.uint8))
    result = np.asarray(image)
    for axis, reach in ((1, x), (0, y)):
        for step in range(1, reach + 1):
            shifted = result
            grown = result.copy()
            if axis == 1:
                grown[:, 1:] = np.maximum(grown[:, 1:], shifted[:, :-1])
                grown[:, :-1] = np.maximum(grown[:, :-1], shifted[:, 1:])
            else:
                grown[1:] = np.maximum(grown[1:], shifted[:-1])
                grown[:-1] = np.maximum(grown[:-1], shifted[1:])
            result = grown
    return result.astype(np.float32) / 255


def closed(mask, reach):
    """Gaps of up to 2 * reach pixels along each row are filled."""
    filled = mask.copy()
    width = mask.shape[1]
    columns = np.arange(width)
    left = np.maximum.accumulate(np.where(mask, columns, -(10**6)), axis=1)
    right = np.minimum.accumulate(np.where(mask, columns, 10**6)[:, ::-1], axis=1)[:, ::-1]
    return filled | (right - left <= 2 * reach)


class Planted:
    """One string in a picture: where each of its pixels changed, and the region that a detector should mark."""

    def __init__(self, changed, region, x, y, turned, size, style):
        self.changed, self.region, self.x, self.y = changed, region, x, y
        self.turned, self.size, self.style = turned, size, style


def plant(image, fonts, rng, text, size, where=None, contrast=0.15, taken=None):
    """Draws a string into `image` (float32 0...1, changed in place); None when it does not fit or would not be seen.

    `rng` is a `random.Random`; `where` gives x, y from the string's width and height; `taken` marks used pixels.
    """
    coverage = raster(fonts, rng, text, size)
    if coverage is None:
        return None
    margin = 3
    coverage = np.pad(coverage, margin)
    height = coverage.shape[0] - 2 * margin
    style = rng.choices(["plain", "outlined", "shadow", "boxed"], [0.62, 0.16, 0.12, 0.10])[0]
    strength = rng.choice([1, 1, 1, rng.uniform(0.5, 1)])
    body = np.clip(coverage * strength, 0, 1)
    edge = np.zeros_like(coverage)
    if style == "outlined":
        edge = widen(coverage, 1, 1)
    elif style == "shadow":
        reach = rng.choice([1, 1, 2])
        edge[reach:, reach:] = coverage[:-reach, :-reach]
    marked = np.maximum(coverage, edge) > 0.02
    region = closed(widen(marked.astype(np.float32), 1, 1) > 0, max(2, round(0.22 * height)))
    turned = rng.choices([0, 1, 3], [0.8, 0.1, 0.1])[0]
    body, edge, marked, region = (np.rot90(a, turned) for a in (body, edge, marked, region))
    h, w = body.shape
    H, W = image.shape
    if h > H or w > W:
        return None
    x, y = where(w, h) if where else (rng.randint(0, W - w), rng.randint(0, H - h))
    if not (0 <= x <= W - w and 0 <= y <= H - h):
        return None
    if taken is not None and taken[max(0, y - 6) : y + h + 6, max(0, x - 6) : x + w + 6].any():
        return None
    place = image[y : y + h, x : x + w].copy()
    level = float(np.median(place))
    choices = [1.0, 1.0, 1.0, 0.0, rng.uniform(0, 1), level + contrast * rng.uniform(1.05, 2.2), level - contrast * rng.uniform(1.05, 2.2)]
    value = rng.choice(choices)
    if not 0 <= value <= 1:
        return None
    other = 0.0 if value > 0.5 else 1.0
    under = np.full_like(place, rng.choice([other, rng.uniform(0, 1)])) if style == "boxed" else place
    drawn = under * (1 - edge) + other * edge
    drawn = drawn * (1 - body) + value * body
    # A person has to be able to read it: the letters stand out from what lies around them.
    inside = np.abs(drawn - under)[marked]
    if style in ("plain", "boxed") and np.mean(inside) < contrast * 0.75:
        return None
    image[y : y + h, x : x + w] = drawn
    changed = marked & (np.abs(drawn - under) > 1.5 / 255)
    if taken is not None:
        taken[y : y + h, x : x + w] = True
    return Planted(changed, region, x, y, turned, height, style)
