"""Runs the built command's intensity and region stages on made images and compares the tensors with numpy, SciPy, cc3d, OpenCV,
nnU-Net's formula and SimpleITK.

Usage: compare_intensity.py HILUM      (ends with "N passed, N failed"; exit 1 when something failed)
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import cc3d
import cv2
import nibabel
import numpy as np
import scipy.ndimage
import SimpleITK as sitk

sys.path.insert(0, str(Path(__file__).parent))
HILUM = str(Path(sys.argv[1]).resolve())
passed, failed = 0, 0
random = np.random.default_rng(21)


def check(name, difference, most):
    """`difference` beside the greatest that passes."""
    global passed, failed
    ok = difference <= most
    passed, failed = passed + bool(ok), failed + (not ok)
    print(f"{'ok    ' if ok else 'FAILED'} {name}: {difference:.3g} (at most {most:g})")


def hilum(stages, image, modality=None, workers=1):
    """`image` [z, y, x] through stages; the tensor and the manifest's line."""
    with tempfile.TemporaryDirectory() as folder:
        affine = np.diag([1.5, 1.25, 2, 1])
        nibabel.Nifti1Image(image.T, affine).to_filename(f"{folder}/in.nii")
        Path(f"{folder}/p.yaml").write_text(f"stages: {json.dumps(stages)}\noutputs: {{ tensors: npy }}\n")
        result = subprocess.run(
            [HILUM, "run", f"{folder}/p.yaml", f"{folder}/in.nii", "-o", f"{folder}/o", "--quiet", "--workers", str(workers)],
            capture_output=True, text=True)
        line = json.loads(Path(f"{folder}/o/manifest.jsonl").read_text().splitlines()[0]) if result.returncode in (0, 1) else {}
        if result.returncode:
            raise SystemExit(f"{stages}: {result.stderr} {line}")
        sidecar = [name for name in line["outputs"] if name.endswith(".json")]
        notes = json.loads(Path(f"{folder}/o/{sidecar[0]}").read_text()) if sidecar else {}
        array = np.load(f"{folder}/o/{line['outputs'][0]}")
        return array, line, notes


def anatomy(shape=(40, 90, 75), sigma=3):
    field = scipy.ndimage.gaussian_filter(random.normal(size=shape), sigma)
    return field / field.std()


def largest(a, b):
    return float(np.abs(a.astype(np.float64) - b).max()) if a.shape == b.shape else np.inf


def percentiles():
    image = np.clip(anatomy() * 400 + random.normal(size=(40, 90, 75)) * 20, -1024, 3000).astype(np.int16)
    low, high = np.percentile(image, [1, 99.8])
    expected = np.clip((image - low) / (high - low), 0, 1)
    for kind in (np.int16, np.float32):
        check(f"dran of {kind.__name__} to numpy", largest(hilum(["dran"], image.astype(kind))[0][0], expected), 1e-6)
    fore = image > 0
    low, high = np.percentile(image[fore], [0.5, 99.5])
    mean, deviation = image[fore].mean(dtype=np.float64), image[fore].std(dtype=np.float64)
    expected = (np.clip(image.astype(np.float32), low, high) - mean) / max(deviation, 1e-8)
    stages = [{"region": {"part": "range", "lower": 1}}, {"normalize": {"method": "nnunet", "mask": "range"}}]
    check("normalize nnunet to its formula", largest(hilum(stages, image)[0][0], expected), 1e-5)
    stages[1] = {"normalize": {"method": "z-score", "mask": "range"}}
    check("normalize z-score over a mask to numpy", largest(hilum(stages, image)[0][0], (image - mean) / deviation), 1e-5)
    stages = [{"normalize": {"method": "ct", "range": [-200, 300]}}]
    check("normalize ct to numpy", largest(hilum(stages, image)[0][0], np.clip((image + 200) / 500, 0, 1)), 1e-6)


def bands():
    from record_intensity import butterworth

    image = (anatomy(sigma=1) * 300 + 50).astype(np.float32)
    span = float(image.max() - image.min())
    for low, high, order, unit in ((0.05, 0.35, 2, "pixel"), (0, 0.2, 4, "pixel"), (0.03, 0.3, 1, "mm")):
        spacing = [2, 1.25, 1.5] if unit == "mm" else [1, 1, 1]
        options = {"low": low, "high": high, "order": order, "unit": unit}
        expected = butterworth(image, low, high, order, spacing, True)
        result = hilum([{"bandpass": {**options, "dimensions": 3}}], image)[0][0]
        check(f"bandpass 3-D {low} to {high} per {unit}, of the range, to SciPy", largest(result, expected) / span, 1e-5)
        expected = np.stack([butterworth(plane, low, high, order, spacing[1:], True) for plane in image])
        result = hilum([{"bandpass": {**options, "dimensions": 2}}], image)[0][0]
        check(f"bandpass 2-D {low} to {high} per {unit}, of the range, to SciPy", largest(result, expected) / span, 1e-5)


def regions():
    image = (anatomy(sigma=2) * 100).astype(np.float32)
    mask = image >= 60
    for connectivity, name in ((6, "faces"), (26, "corners")):
        labels = cc3d.connected_components(mask, connectivity=connectivity)
        sizes = np.bincount(labels.ravel())
        biggest = labels == 1 + np.argmax(sizes[1:])
        filled = scipy.ndimage.binary_fill_holes(biggest)
        stages = [{"region": {"part": "range", "lower": 60, "neighbours": name, "largest": True, "fillHoles": True}},
                  {"crop-foreground": {"region": "range", "margin": 3}}]
        result, _, _ = hilum(stages, image)
        places = np.argwhere(filled)
        margin = np.ceil(3 / np.array([2, 1.25, 1.5]) - 1e-6).astype(int)
        low, high = np.maximum(places.min(0) - margin, 0), np.minimum(places.max(0) + 1 + margin, image.shape)
        expected = image[tuple(slice(a, b) for a, b in zip(low, high))]
        check(f"largest part ({connectivity}), filled, cut with 3 mm, to cc3d and SciPy", largest(result[0], expected), 0)


def equalized():
    for bins, kind in ((256, np.uint8), (65536, np.uint16)):
        image = anatomy((3, 133, 150), 4)
        levels = ((image - image.min()) / (image.max() - image.min()) * (bins - 1)).round().astype(kind)
        expected = np.stack([cv2.createCLAHE(3.0, (8, 8)).apply(plane) for plane in levels])
        result = hilum([{"equalize": {"clipLimit": 3, "bins": bins}}], levels.astype(np.float32))[0][0]
        check(f"equalize, {bins} levels, in levels, to OpenCV (which rounds twice)", largest(result * np.float64(bins - 1), expected), 1.01)


def bias():
    shape = (48, 56, 52)
    z, y, x = np.meshgrid(*[np.linspace(-1, 1, n) for n in shape], indexing="ij")
    tissue = np.where(anatomy(shape, 3) > 0, 200.0, 120.0)
    ball = x * x + y * y + z * z < 0.9
    planted = np.exp(0.3 * x - 0.2 * y + 0.25 * x * z)
    image = (ball * tissue * planted * (1 + 0.03 * random.normal(size=shape))).clip(0).astype(np.float32)
    picture = sitk.GetImageFromArray(image)
    corrector = sitk.N4BiasFieldCorrectionImageFilter()
    corrector.SetMaximumNumberOfIterations([50] * 3)
    corrector.Execute(picture, sitk.GetImageFromArray(ball.astype(np.uint8)))
    theirs = np.exp(sitk.GetArrayFromImage(corrector.GetLogBiasFieldAsImage(picture)))
    stages = [{"region": {"part": "range", "lower": 1e-3}}, {"n4": {"shrink": 1, "levels": 3, "mask": "range"}}]
    result, _, _ = hilum(stages, image)
    inside = image > 0
    ours = image[inside] / result[0][inside]

    def variation(field):
        ratio = planted[inside] / field
        return ratio.std() / ratio.mean()

    check("n4: bias variation beside SimpleITK's", variation(ours) / variation(theirs[inside]), 1.05)
    ratio = ours / theirs[inside]
    check("n4: variation of the ratio of both fields", ratio.std() / ratio.mean(), 0.01)


def colours():
    image = random.random((3, 20, 30)).astype(np.float32)
    stages = [{"normalize": {"method": "min-max"}}, {"rgb": {"scaling": "imagenet"}}]
    unit = (image - image.min()) / (image.max() - image.min())
    mean, deviation = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
    expected = (unit[None] - mean[:, None, None, None]) / deviation[:, None, None, None]
    check("rgb with ImageNet's statistics", largest(hilum(stages, image)[0], expected), 1e-5)


def workers():
    """The same bytes on any number of threads."""
    image = (anatomy((24, 60, 50), 2) * 100 + 300).clip(1).astype(np.float32)
    stages = [{"n4": {"shrink": 2}}, {"bandpass": {"low": 0.02, "high": 0.4, "dimensions": 3}}, {"equalize": {}}, "dran",
              {"crop-foreground": {"region": "body", "margin": 2}}, {"rgb": {"scaling": "symmetric"}}]
    results = [hilum(stages, image, workers=count)[0] for count in (1, 2, 4)]
    check("six stages on 1, 2 and 4 workers, bytes", max(a.tobytes() != results[0].tobytes() for a in results), 0)


if __name__ == "__main__":
    for part in (percentiles, bands, regions, equalized, bias, colours, workers):
        part()
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)
