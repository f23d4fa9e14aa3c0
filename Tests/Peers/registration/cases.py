"""Heads displaced by known affine maps: what registration has to find again.

Used by compare.py and by Benchmarks/Transforms/registration.py. All positions are LPS mm, all maps take the template's
points to where the displaced head shows them.
"""

import nibabel
import numpy
from scipy import ndimage

LPS = numpy.diag([-1.0, -1.0, 1.0, 1.0])


def load(path):
    """Voxels [x, y, z] and the affine from indices to LPS mm."""
    image = nibabel.load(path)
    return numpy.asarray(image.dataobj, numpy.float32).squeeze(), LPS @ image.affine


def save(path, voxels, affine):
    image = nibabel.Nifti1Image(voxels, LPS @ affine)
    image.set_sform(LPS @ affine, 1)
    nibabel.save(image, path)


def rotation(angles):
    a, b, c = angles
    x = numpy.array([[1, 0, 0], [0, numpy.cos(a), -numpy.sin(a)], [0, numpy.sin(a), numpy.cos(a)]])
    y = numpy.array([[numpy.cos(b), 0, numpy.sin(b)], [0, 1, 0], [-numpy.sin(b), 0, numpy.cos(b)]])
    z = numpy.array([[numpy.cos(c), -numpy.sin(c), 0], [numpy.sin(c), numpy.cos(c), 0], [0, 0, 1]])
    return z @ y @ x


def displacement(seed, center, rigid=False):
    """A map: turns up to 15 degrees about each axis, shifts up to 20 mm along each, scales 0.9 to 1.1, about `center`."""
    random = numpy.random.default_rng(seed)
    turns = numpy.radians(random.uniform(-15, 15, 3))
    shift = random.uniform(-20, 20, 3)
    scales = random.uniform(0.9, 1.1, 3)
    matrix = numpy.eye(4)
    matrix[:3, :3] = rotation(turns) @ (numpy.eye(3) if rigid else numpy.diag(scales))
    matrix[:3, 3] = center + shift - matrix[:3, :3] @ center
    return matrix


def remapped(values, seed):
    """Other contrast: a bent curve of the intensities (falling for even seeds), a smooth field of +-15 %, 4 % noise."""
    random = numpy.random.default_rng(1000 + seed)
    x = values / values.max()
    bent = x ** random.uniform(0.6, 1.6)
    if seed % 2 == 0:
        # As T2 against T1: what is bright becomes dark, and air stays dark.
        bent = numpy.where(x > 0.05, 1.1 - bent, bent)
    field = ndimage.zoom(random.uniform(-1, 1, (4, 4, 4)), [n / 4 for n in x.shape], order=3, mode="nearest", grid_mode=True)
    field = field[tuple(slice(0, n) for n in x.shape)] / numpy.abs(field).max()
    noisy = bent * (1 + 0.15 * field) + 0.04 * random.standard_normal(x.shape)
    return numpy.clip(noisy * 1000, 0, None).astype(numpy.float32)


def displaced(values, affine, matrix, seed):
    """The image whose points were moved by `matrix`, on the same grid, with other intensities. Cubic interpolation."""
    back = numpy.linalg.inv(affine) @ numpy.linalg.inv(matrix) @ affine
    moved = ndimage.affine_transform(values, back[:3, :3], back[:3, 3], order=3, mode="constant", cval=0.0)
    return remapped(numpy.clip(moved, 0, None), seed)


def distances(found, true, points):
    """Distance in mm between where two maps take each of the points [n, 3]."""
    difference = (found - true)[:3]
    return numpy.linalg.norm(points @ difference[:, :3].T + difference[:, 3], axis=1)


def points_of(mask, affine):
    index = numpy.argwhere(mask)
    return index @ affine[:3, :3].T + affine[:3, 3]


def others(head, affine):
    """By name: other views of a head, and images that are none. Each with the affine that goes with it."""
    random = numpy.random.default_rng(0)
    shape = (180, 200, 180)
    place = numpy.diag([-1.0, -1.0, 1.0, 1.0])
    place[:3, 3] = [90, 100, -90]
    x, y, z = numpy.indices(shape) - numpy.array([[[[90]]], [[[100]]], [[[90]]]])
    ball = 100.0 * ((x / 60) ** 2 + (y / 75) ** 2 + (z / 90) ** 2 < 1)

    def cut(first, last, step):
        moved = affine @ numpy.diag([1, 1, step, 1.0])
        moved[:3, 3] = (affine @ [0, 0, first, 1])[:3]
        return head[:, :, first:last:step].copy(), moved

    yield "head, axes of the file permuted", (numpy.transpose(head, (1, 2, 0)).copy(), affine)
    yield "head above the ears only", cut(80, head.shape[2], 1)
    yield "head, 8 slices 5 mm apart", cut(60, 100, 5)
    yield "no head: upside down and mirrored", (head[:, :, ::-1].copy(), affine)
    yield "no head: back to front and mirrored", (head[:, ::-1].copy(), affine)
    yield "no head: noise", (random.random(shape).astype(numpy.float32), place)
    yield "no head: smooth noise", (
        ndimage.gaussian_filter(random.random(shape), 6).astype(numpy.float32), place)
    yield "no head: textured ellipsoid of a brain's size", (
        (ball + 30 * ndimage.gaussian_filter(random.standard_normal(shape), 2)).astype(numpy.float32), place)
