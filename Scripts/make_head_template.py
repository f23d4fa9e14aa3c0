"""Write the average head that Sources/Faces aligns every head to.

Head: the mean T1 image of pydeface (MIT licence), a whole head down to the neck. Brain: the ICBM 152 template and its
mask of nilearn (BSD licence; the template is free to use, copy and distribute with its copyright notice). The head is
brought to the brain by an affine map without its scales: the table's axes and origin are those of MNI space, its
size is that of the mean head (MNI brains are 12 to 27 % larger).

    python Scripts/make_head_template.py PYDEFACE_DATA_FOLDER NILEARN_DATA_FOLDER Sources/Faces/HeadTemplateTable.swift
"""

import itertools
import sys

import nibabel
import numpy
from scipy import ndimage, optimize

SPACING = 4.0
# Corner voxel's centre and size of the table, LPS mm: left, posterior, superior.
ORIGIN = numpy.array([-86.0, -108.0, -130.0])
SIZE = (55, 55, 44)  # z, y, x
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def load(path):
    """Voxels and the affine from indices to LPS mm."""
    image = nibabel.load(path)
    return numpy.asarray(image.dataobj, numpy.float32).squeeze(), numpy.diag([-1, -1, 1, 1]) @ image.affine


def sample(volume, affine, points, order=1):
    inverse = numpy.linalg.inv(affine)
    return ndimage.map_coordinates(volume, inverse[:3, :3] @ points + inverse[:3, 3:], order=order, mode="constant")


def matrix(parameters):
    """Of translation mm, rotation rad, log scales, shears: rotation and shear, scales, translation."""
    t, (a, b, c), s, h = parameters[:3], parameters[3:6], numpy.exp(parameters[6:9]), parameters[9:12]
    rx = numpy.array([[1, 0, 0], [0, numpy.cos(a), -numpy.sin(a)], [0, numpy.sin(a), numpy.cos(a)]])
    ry = numpy.array([[numpy.cos(b), 0, numpy.sin(b)], [0, 1, 0], [-numpy.sin(b), 0, numpy.cos(b)]])
    rz = numpy.array([[numpy.cos(c), -numpy.sin(c), 0], [numpy.sin(c), numpy.cos(c), 0], [0, 0, 1]])
    shear = numpy.array([[1, h[0], h[1]], [0, 1, h[2]], [0, 0, 1]])
    return rz @ ry @ rx @ shear, s, t


def align(head, head_affine, brain, brain_affine):
    """The map from MNI mm to the head's mm that correlates best around the brain."""
    smooth = ndimage.gaussian_filter(head, 2)
    brain = ndimage.gaussian_filter(brain, 2)
    around = ndimage.binary_dilation(brain > 20, iterations=6)
    indices = numpy.argwhere(around)[::61].T
    points = brain_affine[:3, :3] @ indices + brain_affine[:3, 3:]
    values = brain[tuple(indices)]

    def cost(parameters):
        m, s, t = matrix(parameters / units)
        return -numpy.corrcoef(values, sample(smooth, head_affine, m @ numpy.diag(s) @ points + t[:, None]))[0, 1]

    units = numpy.array([1, 1, 1, 60, 60, 60, 60, 60, 60, 60, 60, 60.0])
    # The mean head is smaller than MNI space: brains that are too large would settle on the scalp.
    starts = []
    for size, y, z in itertools.product((-12, -8, -4, 0), (-20, -10, 0, 10), (-30, -20, -10, 0, 10)):
        start = numpy.zeros(12)
        start[1:3], start[6:9] = (y, z), size
        starts.append(start)
    best = min(starts, key=cost)
    for _ in range(3):
        best = optimize.minimize(cost, best, method="Powell", options={"xtol": 0.02, "ftol": 1e-6}).x
    print(f"correlation {-cost(best):.3f}", best.round(2), file=sys.stderr)
    return matrix(best / units)


def encode(levels, brain):
    """One character a voxel: 32 levels, and 32 more in the brain. A run of background is `.` and two characters."""
    codes = (levels + 32 * brain).ravel()
    text, i = [], 0
    while i < len(codes):
        run = 1
        while codes[i] == 0 and i + run < len(codes) and codes[i + run] == 0 and run < 4095:
            run += 1
        if codes[i] == 0 and run > 3:
            text.append("." + ALPHABET[run >> 6] + ALPHABET[run & 63])
        else:
            run = 1
            text.append(ALPHABET[codes[i]])
        i += run
    return "".join(text)


def main():
    pydeface, nilearn, out = sys.argv[1:]
    head, head_affine = load(f"{pydeface}/mean_reg2mean.nii.gz")
    brain, brain_affine = load(f"{nilearn}/mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz")
    inside = ndimage.binary_fill_holes(ndimage.binary_closing(brain > 25, iterations=4))
    m, s, t = align(head, head_affine, brain, brain_affine)
    z, y, x = numpy.meshgrid(*(numpy.arange(n) for n in SIZE), indexing="ij")
    points = numpy.stack([x.ravel(), y.ravel(), z.ravel()]) * SPACING + ORIGIN[:, None]
    blurred = ndimage.gaussian_filter(head, 1.2)
    values = sample(blurred, head_affine, m @ points + t[:, None])
    # Brain near 20 of 31 levels; the brightest scalp saturates.
    mask = sample(ndimage.gaussian_filter(inside.astype(numpy.float32), 1.5), brain_affine, points / s[:, None]) > 0.5
    levels = numpy.clip(numpy.round(values / numpy.median(values[mask]) * 20), 0, 31).astype(int)
    levels[levels < 2] = 0
    text = encode(levels, mask.astype(int))
    lines = [text[i : i + 110] for i in range(0, len(text), 110)]
    with open(out, "w") as file:
        file.write("// Made by Scripts/make_head_template.py; licences in README.md.\n\n")
        file.write("extension HeadTemplate {\n    /// See `HeadTemplate.decode`.\n    static let table = \"\"\"\n")
        file.write("".join(f"        {line}\\\n" for line in lines[:-1]) + f"        {lines[-1]}\n")
        file.write('        """\n}\n')
    print(len(text), "characters", file=sys.stderr)


main()
