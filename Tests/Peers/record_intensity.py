"""Records what numpy, SciPy and OpenCV make of small inputs, for Tests/TransformsTests (IntensityPeersTests).

Usage: record_intensity.py > Tests/Peers/expected/intensity.json
"""
import json

import cv2
import numpy as np
import scipy.fft
import scipy.ndimage

random = np.random.default_rng(5)


def good(length):
    """The next length without prime factors beyond 5."""
    while True:
        rest = length
        for radix in (2, 3, 5):
            while rest % radix == 0:
                rest //= radix
        if rest == 1:
            return length
        length += 1


def butterworth(image, low, high, order, spacing, keep_mean):
    """The documented filter by SciPy's cosine transforms in double precision."""
    mean = image.mean(dtype=np.float64)
    padded = np.pad(image.astype(np.float64) - mean, [(0, good(n) - n) for n in image.shape], mode="symmetric")
    axes = [np.arange(n) / (2 * n * s) for n, s in zip(padded.shape, spacing)]
    f2 = sum(np.square(k) for k in np.meshgrid(*axes, indexing="ij"))
    with np.errstate(divide="ignore"):
        gain = 1 / ((1 + (low * low / f2) ** order if low > 0 else 1) * (1 + ((f2 / (high * high)) ** order if high else 0)))
    result = scipy.fft.idctn(scipy.fft.dctn(padded) * gain)[tuple(slice(n) for n in image.shape)]
    if keep_mean:
        return result - result.mean() + mean
    return result if low > 0 else result + mean


def band(image, low, high, order, spacing, dimensions, keep_mean=True):
    if dimensions == 3:
        result = butterworth(image, low, high, order, spacing, keep_mean)
    else:
        result = np.stack([butterworth(plane, low, high, order, spacing[1:], keep_mean) for plane in image])
    return {"low": low, "high": high, "order": order, "spacing": spacing[::-1], "dimensions": dimensions, "keepMean": keep_mean,
            "values": result.ravel().round(4).tolist()}


def components(mask):
    return {"faces": scipy.ndimage.label(mask)[0].ravel().tolist(),
            "corners": scipy.ndimage.label(mask, np.ones((3, 3, 3)))[0].ravel().tolist(),
            "filled": scipy.ndimage.binary_fill_holes(mask).astype(int).ravel().tolist(),
            "filledInSlices": np.stack([scipy.ndimage.binary_fill_holes(plane) for plane in mask]).astype(int).ravel().tolist()}


def clahe(image, tiles, clip):
    return {"tiles": list(tiles), "clip": clip, "values": cv2.createCLAHE(clip, tiles[::-1]).apply(image).ravel().tolist()}


if __name__ == "__main__":
    volume = (random.normal(size=(5, 7, 37)) * 100 - 40).astype(np.float32)
    mask = random.random((4, 7, 70)) > 0.45
    plane = np.clip(scipy.ndimage.gaussian_filter(random.normal(size=(50, 67)), 3) * 900 + 120, 0, 255).astype(np.uint8)
    ct = (random.normal(size=700) * 300 - 100).astype(np.int16)
    foreground = random.random(700) > 0.7
    inside = ct[foreground].astype(np.float64)
    low, high = np.percentile(inside, [0.5, 99.5])
    normalized = (np.clip(ct.astype(np.float32), low, high) - inside.mean()) / max(inside.std(), 1e-8)

    print(json.dumps({
        "volume": volume.ravel().tolist(),
        "bands": [band(volume, 0.1, 0.4, 2, [1, 1, 1], 3), band(volume, 0, 0.2, 3, [2.5, 0.7, 0.8], 3), band(volume, 0.05, 0, 1, [1, 1, 1], 2),
                  band(volume, 0.1, 0.3, 4, [1, 1, 1], 2, False), band(volume, 0, 0.25, 2, [1, 1, 1], 3, False)],
        "mask": mask.astype(int).ravel().tolist(),
        "components": components(mask),
        "plane": plane.ravel().tolist(),
        "equalized": [clahe(plane, (8, 8), 2.0), clahe(plane, (5, 1), 40.0), clahe(plane[:48, :64].copy(), (4, 8), 3.5),
                      clahe(plane[:, :65].copy(), (8, 5), 3.0), clahe(plane[:48].copy(), (8, 8), 2.0)],
        "ct": ct.tolist(),
        "foreground": foreground.astype(int).tolist(),
        "nnunet": {"mean": inside.mean(), "deviation": inside.std(), "lower": low, "upper": high, "values": normalized.round(7).tolist()},
        "zScore": ((ct - inside.mean()) / inside.std()).round(7).tolist(),
        "dynamicRange": {"all": np.percentile(ct, [1, 99.8]).tolist(), "valid": np.percentile(ct[~foreground], [1, 99.8]).tolist()},
    }))
