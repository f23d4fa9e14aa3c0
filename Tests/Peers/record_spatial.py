"""Records what SciPy and nibabel make of a small volume, for Tests/TransformsTests/CubicTests.swift.

Usage: record_spatial.py > Tests/Peers/expected/spatial.json
"""
import json

import nibabel
import numpy as np
from scipy import ndimage

random = np.random.default_rng(11)
volume = random.random((7, 9, 11)).astype(np.float32)


def cubic(image, size, antialias):
    """The spline through all voxels on the edge-aligned grid; when shrinking, of the blurred image, as scikit-image does."""
    factors = [n / m for n, m in zip(image.shape, size)]
    image = image.astype(np.float64)
    if antialias:
        image = ndimage.gaussian_filter(image, [max(f - 1, 0) / 2 for f in factors], mode="mirror", truncate=4)
    places = np.meshgrid(*[(np.arange(m) + 0.5) * f - 0.5 for m, f in zip(size, factors)], indexing="ij")
    return ndimage.map_coordinates(image, places, order=3, mode="mirror").ravel().round(7).tolist()


def reoriented(code):
    """nibabel speaks of RAS affines and of codes in the same letters."""
    affine = np.array([[0, 0, -2, 5], [0.9, 0.1, 0, -3], [0.1, -0.8, 0.1, 10], [0, 0, 0, 1]], float)
    image = nibabel.Nifti1Image(np.ascontiguousarray(volume.transpose(2, 1, 0)), affine)
    change = nibabel.orientations.ornt_transform(nibabel.io_orientation(affine), nibabel.orientations.axcodes2ornt(code))
    result = image.as_reoriented(change)
    array = np.asarray(result.dataobj).transpose(2, 1, 0)
    return {"code": code, "shape": list(array.shape), "values": array.ravel().tolist(), "affineRAS": result.affine.tolist()}


print(json.dumps({
    "volume": volume.ravel().tolist(),
    "affineRAS": [[0, 0, -2, 5], [0.9, 0.1, 0, -3], [0.1, -0.8, 0.1, 10]],
    "cubic": [
        {"size": list(size), "antialias": antialias, "values": cubic(volume, size, antialias)}
        for size, antialias in [((14, 18, 22), False), ((7, 5, 30), False), ((3, 4, 5), False), ((3, 4, 5), True), ((1, 2, 40), True)]],
    "reoriented": [reoriented(code) for code in ("LPS", "RAS", "PIR", "SLA")],
}))
