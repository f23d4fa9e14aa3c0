"""Records what numpy, pydicom, PyTorch and SimpleITK make of small inputs, for Tests/TransformsTests.

Usage: record_transforms.py > Tests/Peers/expected/transforms.json
"""
import json

import numpy as np
import SimpleITK as sitk
import torch
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_modality_lut, apply_windowing

random = np.random.default_rng(7)
stored = random.integers(-1100, 3000, 400).astype(np.int16)


def windowed(center, width, function):
    """pydicom's window of values that already are HU, as its float64 result for 16 signed bits, brought to [0, 1]."""
    ds = Dataset()
    ds.PhotometricInterpretation, ds.BitsStored, ds.PixelRepresentation = "MONOCHROME2", 16, 1
    ds.WindowCenter, ds.WindowWidth, ds.VOILUTFunction = center, width, function
    return apply_windowing(stored, ds).tolist()


def rescaled(slope, intercept):
    ds = Dataset()
    ds.RescaleSlope, ds.RescaleIntercept = slope, intercept
    return apply_modality_lut(stored, ds).astype(np.float32).tolist()


def resized(image, size):
    tensor = torch.from_numpy(image)[None, None]
    return torch.nn.functional.interpolate(
        tensor, size=size, mode="bilinear", antialias=True, align_corners=False)[0, 0].numpy().ravel().tolist()


def linear(image, size):
    tensor = torch.from_numpy(image)[None, None]
    return torch.nn.functional.interpolate(tensor, size=size, mode="trilinear", align_corners=False)[0, 0]


def nearest(image, size):
    tensor = torch.from_numpy(image)[None, None]
    return torch.nn.functional.interpolate(tensor, size=size, mode="nearest-exact")[0, 0].numpy().ravel().tolist()


def resampled(image, spacing, target):
    """SimpleITK on the edge-aligned grid that Hilum documents; inside the volume both must agree."""
    source = sitk.GetImageFromArray(image)
    source.SetSpacing(spacing)
    size = [max(1, round(n * s / t)) for n, s, t in zip(source.GetSize(), spacing, target)]
    origin = [(t - s) / 2 for s, t in zip(spacing, target)]
    filter = sitk.ResampleImageFilter()
    filter.SetSize(size)
    filter.SetOutputSpacing(target)
    filter.SetOutputOrigin(origin)
    filter.SetInterpolator(sitk.sitkLinear)
    filter.SetDefaultPixelValue(float("nan"))
    out = filter.Execute(source)
    array = sitk.GetArrayFromImage(out)
    return {"shape": list(array.shape), "values": [None if v != v else v for v in array.ravel().tolist()], "origin": origin}


image = random.random((23, 31)).astype(np.float32)
volume = random.random((7, 9, 11)).astype(np.float32)
values = np.concatenate([random.normal(size=501), [-3.5, -3.5, 0.0, -0.0, 1e-30, -1e-30, 4e4]]).astype(np.float32)
percents = [0, 0.5, 1, 12.3, 50, 99.5, 99.8, 100]

print(json.dumps({
    "stored": stored.tolist(),
    "windows": [
        {"center": c, "width": w, "function": f, "values": windowed(c, w, f)}
        for c, w, f in [(40, 400, "LINEAR"), (40.5, 1, "LINEAR"), (-600, 1500, "LINEAR"), (40, 400, "LINEAR_EXACT"),
                        (0.25, 0.5, "LINEAR_EXACT"), (40, 400, "SIGMOID"), (-600, 1500, "SIGMOID")]],
    "rescales": [
        {"slope": s, "intercept": i, "values": rescaled(s, i)}
        for s, i in [(1, -1024), (0.0317, 7.25), (2.5e-5, 0), (-1, 100)]],
    "image": image.ravel().tolist(),
    "resized": [{"size": list(size), "values": resized(image, size)} for size in [(10, 12), (23, 8), (5, 50), (1, 1)]],
    "volume": volume.ravel().tolist(),
    "linear": [{"size": list(s), "values": linear(volume, s).numpy().ravel().tolist()} for s in [(9, 18, 8), (7, 20, 13)]],
    "nearest": [{"size": list(s), "values": nearest(volume, s)} for s in [(9, 4, 15), (3, 4, 5)]],
    "resampled": [dict(spacing=s, target=t, **resampled(volume, s, t))
                  for s, t in [([0.7, 0.7, 2.5], [0.5, 0.65, 1.0]), ([1.0, 1.0, 1.0], [0.8, 1.0, 0.4])]],
    "values": values.tolist(),
    "percents": percents,
    "percentiles": np.percentile(values.astype(np.float64), percents).tolist(),
    "deviation": {"mean": float(values.astype(np.float64).mean()), "std": float(values.astype(np.float64).std())},
}))
