"""Records what numpy and SciPy make of small inputs with given parameters, for Tests/TransformsTests/Random.

Usage: record.py > Tests/Peers/expected/random.json
"""
import json

import numpy as np
from scipy import ndimage

from reference import affine_source, bias_field, ghosting, motion

random = np.random.default_rng(11)
volume = random.random((7, 9, 11)).astype(np.float32)
plane = random.random((1, 12, 15)).astype(np.float32)


def flat(array):
    return np.asarray(array, np.float32).ravel().tolist()


def blurred(image, sigma_xyz):
    return flat(ndimage.gaussian_filter(image.astype(np.float64), sigma_xyz[::-1], mode="reflect", truncate=4))


def displaced(field):
    grid = np.indices(volume.shape).astype(np.float64)
    coordinates = grid + field[::-1].astype(np.float64)
    return {order: flat(ndimage.map_coordinates(volume.astype(np.float64), coordinates, order=order, mode="nearest"))
            for order in (0, 1)}


def moved(image, spacing, degrees, scale, translation):
    """Linear where all neighbours exist; None elsewhere, where conventions differ."""
    coordinates = affine_source(image.shape, spacing, degrees, scale, translation)
    limits = np.array(image.shape).reshape(3, 1, 1, 1) - 1
    inside = np.all((coordinates >= -1e-9) & (coordinates <= limits + 1e-9), axis=0)
    values = ndimage.map_coordinates(image.astype(np.float64), coordinates, order=1, mode="nearest")
    return [float(v) if ok else None for v, ok in zip(values.ravel(), inside.ravel())]


field = (random.random((3, 7, 9, 11)) * 6 - 3).astype(np.float32)
cases = [
    dict(spacing=[1, 1, 1], degrees=[0, 0, 25], scale=[1, 1, 1], translation=[0, 0, 0]),
    dict(spacing=[0.7, 0.7, 3], degrees=[4, -6, 15], scale=[1.1, 0.9, 1], translation=[0.6, -0.4, 1]),
    dict(spacing=[1, 2, 1.5], degrees=[0, 0, 0], scale=[1.3, 1.3, 1.3], translation=[0, 0, 0]),
    dict(spacing=[1, 1, 1], degrees=[0, 0, 0], scale=[1, 1, 1], translation=[1.25, -0.5, 0.75]),
]
displacements = displaced(field)
coefficients = (random.random(20) - 0.5).tolist()
movements = [dict(degrees=[0, 0, 8], translation=[1.2, -0.7, 0]), dict(degrees=[0, 0, -5], translation=[-0.4, 0.9, 0])]

print(json.dumps({
    "volume": flat(volume),
    "plane": flat(plane),
    "blurs": [{"sigma": s, "values": blurred(volume, s)} for s in [(1.3, 0.8, 2), (0, 1, 0), (4, 4, 4), (0.1, 0.6, 0)]],
    "field": [flat(component) for component in field],
    "linear": displacements[1],
    "nearest": displacements[0],
    "warps": [dict(case, values=moved(volume, **case)) for case in cases],
    "gamma": [{"exponent": g, "values": flat((volume.astype(np.float64) - volume.min()) ** g
                                             * (float(volume.max()) - float(volume.min())) ** (1 - g) + volume.min())}
              for g in (0.5, 1, 1.7)],
    "bias": {"coefficients": coefficients, "values": flat(volume * bias_field(volume.shape, 3, coefficients))},
    "ghosting": [{"axis": axis, "ghosts": n, "intensity": i, "restore": r,
                  "values": flat(ghosting(volume.astype(np.float64), axis, n, i, r))}
                 for axis, n, i, r in [("x", 2, 0.8, 0.1), ("y", 3, 0.5, 0), ("z", 4, 1, 0.3)]],
    "motion": [{"axis": axis, "times": times, "movements": movements,
                "values": flat(motion(plane.astype(np.float64), axis, times, movements))}
               for axis, times in [("x", [0.3, 0.8]), ("y", [0.1, 0.4])]],
}))
