"""Times Hilum's intensity and region transforms beside their peers in one run, one thread each, by CPU time (user and
system) and the least of several runs; compares what comes out; prints a table.

Usage: intensity.py HILUM_TRANSFORMS [dran components bandpass equalize n4]
       (HILUM_BENCH=1 swift build -c release --product hilum-transforms)
"""
import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import subprocess
import sys
import tempfile
from pathlib import Path

import cc3d
import cv2
import nilearn
import numpy as np
import scipy.fft
import scipy.ndimage
import SimpleITK as sitk
import skimage.exposure

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/Peers"))
from record_intensity import butterworth  # noqa: E402
from timing import timed  # noqa: E402

PROGRAM = str(Path(sys.argv[1]).resolve())
SHAPE = (128, 256, 256)
cv2.setNumThreads(1)
sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
random = np.random.default_rng(11)


def ours(operation, shape, array, result_type, *options, runs=7, more=()):
    """CPU seconds, what else was printed, the result."""
    with tempfile.TemporaryDirectory() as folder:
        array.tofile(f"{folder}/in")
        command = [PROGRAM, operation, str(runs), "x".join(map(str, shape)), *map(str, options), f"{folder}/in", f"{folder}/out"]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\n")
        return float(lines[0]), lines[1:], np.fromfile(f"{folder}/out", result_type).reshape(shape)


def row(operation, who, seconds, reference, difference=""):
    print(f"| {operation} | {who} | {1000 * seconds:.1f} | {seconds / reference:.2f} | {difference} |", flush=True)


def blobs(sigma=3):
    """Something like anatomy: smooth noise."""
    field = scipy.ndimage.gaussian_filter(random.normal(size=SHAPE).astype(np.float32), sigma)
    return field / field.std()


def dran():
    ct = np.clip(blobs() * 500 + random.normal(size=SHAPE) * 30, -1024, 3000).astype(np.int16)
    for kind, image in (("int16", ct), ("float32", ct.astype(np.float32) + random.random(SHAPE).astype(np.float32))):
        seconds, printed, result = ours("dran", SHAPE, image, np.float32, kind)
        found = [float(value) for value in printed[0].split()]
        numpy, bounds = timed(lambda: np.percentile(image, [1, 99.8]))
        low, high = np.percentile(image.astype(np.float64), [1, 99.8])
        expected = np.clip((image.astype(np.float64) - low) / (high - low), 0, 1)
        equal = "percentiles equal" if found == [low, high] else f"percentiles differ: {found} {low} {high}"
        row(f"DRAN, {kind}", "hilum, percentiles and mapping", seconds, seconds, f"{equal}; image {np.abs(result - expected).max():.1e}")
        row(f"DRAN, {kind}", "numpy, percentiles alone", numpy, seconds)
        try:
            import torch
            from monai.transforms import ScaleIntensityRangePercentiles

            torch.set_num_threads(1)
            scale = ScaleIntensityRangePercentiles(1, 99.8, 0, 1, clip=True)
            row(f"DRAN, {kind}", "MONAI", timed(lambda: scale(image[None]))[0], seconds)
        except ImportError:
            print("MONAI is not installed")


def components():
    masks = {"anatomy-like": blobs(2) > 0.3, "noise, half set": random.random(SHAPE) > 0.5}
    structure = np.ones((3, 3, 3))
    for name, mask in masks.items():
        for connectivity in (6, 26):
            seconds, _, result = ours("components", SHAPE, mask.view(np.uint8), np.uint32, connectivity)
            theirs, labels = timed(lambda: cc3d.connected_components(mask, connectivity=connectivity))
            scipys, (reference, _) = timed(
                lambda: scipy.ndimage.label(mask, structure if connectivity == 26 else None))
            equal = "labels equal SciPy's" if np.array_equal(result, reference) else "labels DIFFER"
            what = f"components, {name}, {connectivity}"
            row(what, "hilum", seconds, seconds, equal)
            row(what, "cc3d", theirs, seconds)
            row(what, "SciPy", scipys, seconds)


def bandpass():
    for shape in (SHAPE, (189, 233, 197)):
        image = scipy.ndimage.gaussian_filter(random.normal(size=shape).astype(np.float32), 1) * 2000 + 300
        low, high, order = 0.05, 0.35, 2
        seconds, _, result = ours("bandpass", shape, image, np.float32, low, high, order, 3)
        reference = butterworth(image, low, high, order, (1, 1, 1), True)
        error = np.abs(result - reference).max() / (image.max() - image.min())
        what = f"band-pass 3-D, {shape[0]} x {shape[1]} x {shape[2]}"
        row(what, "hilum, there and back", seconds, seconds, f"{error:.1e} of the range from SciPy's dctn in double")
        row(what, "SciPy rfftn alone", timed(lambda: scipy.fft.rfftn(image, workers=1))[0], seconds)

        def by_scipy():
            spectrum = scipy.fft.rfftn(image, workers=1)
            spectrum *= 0.5
            return scipy.fft.irfftn(spectrum, image.shape, workers=1)

        row(what, "SciPy rfftn, product, irfftn, no reflection", timed(by_scipy)[0], seconds)
        row(what, "SciPy dctn, product, idctn", timed(
            lambda: scipy.fft.idctn(scipy.fft.dctn(image, workers=1) * np.float32(0.5), workers=1))[0], seconds)


def equalize():
    shape, clip = (32, 512, 512), 3.0
    image = blobs()[:32].repeat(2, 1).repeat(2, 2)
    image = (image - image.min()) / (image.max() - image.min()) + random.normal(size=shape).astype(np.float32) * 0.01
    for bins, kind in ((256, np.uint8), (65536, np.uint16)):
        levels = (np.clip(image, 0, 1) * (bins - 1)).astype(kind)
        seconds, _, result = ours("equalize", shape, levels.astype(np.float32), np.float32, 8, clip, bins)
        clahe = cv2.createCLAHE(clip, (8, 8))
        theirs, reference = timed(lambda: np.stack([clahe.apply(plane) for plane in levels]))
        error = np.abs(result.astype(np.float64) * (bins - 1) - reference).max()
        what = f"CLAHE of 32 slices of 512 x 512, {bins} levels"
        row(what, "hilum", seconds, seconds, f"{error:.2f} levels of {bins} from OpenCV")
        row(what, "OpenCV", theirs, seconds)
        if bins == 256:
            row(what, "scikit-image (other tiles and clipping)", timed(lambda: np.stack(
                [skimage.exposure.equalize_adapthist(plane, 64) for plane in levels]), 1)[0], seconds)


def planted_bias(shape):
    """A smooth field as coils make it: its logarithm a polynomial of degree two and a wave."""
    z, y, x = np.meshgrid(*[np.linspace(-1, 1, n) for n in shape], indexing="ij")
    field = 0.25 * x - 0.2 * y + 0.15 * z * y + 0.3 * (x * x - y * y) + 0.1 * np.sin(2 * z + x)
    return np.exp(field)


def n4():
    folder = Path(nilearn.__file__).parent / "datasets/data"
    image = sitk.ReadImage(str(folder / "mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz"), sitk.sitkFloat32)
    truth = sitk.GetArrayFromImage(image)
    tissue = sum(sitk.GetArrayFromImage(sitk.ReadImage(str(folder / f"mni_icbm152_{t}_tal_nlin_sym_09a_converted.nii.gz"), sitk.sitkFloat32))
                 for t in ("gm", "wm"))
    brain = tissue > 0.5 * tissue.max()
    bias = planted_bias(truth.shape)
    noise = random.normal(size=truth.shape) * 0.02 * truth[brain].mean()
    observed = np.maximum(truth * bias + noise, 0).astype(np.float32)

    def variation(field):
        """Of the planted field over the one found, over the brain."""
        ratio = (bias / field)[brain]
        return ratio.std() / ratio.mean()

    def itk():
        picture = sitk.GetImageFromArray(observed)
        mask = sitk.OtsuThreshold(picture, 0, 1, 200)
        corrector = sitk.N4BiasFieldCorrectionImageFilter()
        corrector.SetMaximumNumberOfIterations([50] * 4)
        corrector.Execute(sitk.Shrink(picture, [4] * 3), sitk.Shrink(mask, [4] * 3))
        return np.exp(sitk.GetArrayFromImage(corrector.GetLogBiasFieldAsImage(picture)))

    def field_of(corrected):
        return observed.astype(np.float64) / np.where(corrected > 0, corrected, 1)

    seconds, printed, result = ours("n4", truth.shape, observed, np.float32, 4, runs=3)
    found = np.where(result > 0, field_of(result), 1)
    theirs, field = timed(itk, 1)
    # The field of the template itself, which is not quite flat: what a perfect method would leave of the planted one.
    own = ours("n4", truth.shape, truth.astype(np.float32), np.float32, 4, runs=1)[2]
    drift = np.where(own > 0, truth / np.where(own > 0, own, 1), 1)[brain]
    what = "N4 of {2} x {1} x {0}, shrink 4".format(*truth.shape)
    print(f"variation before {variation(np.ones_like(bias)):.4f}; found in the template without any planted: {drift.std() / drift.mean():.4f}; iterations {printed[0]}")
    row(what, "hilum", seconds, seconds, f"bias variation {variation(found):.4f}")
    row(what, "SimpleITK", theirs, seconds, f"bias variation {variation(field):.4f}")


if __name__ == "__main__":
    print("| operation | by | CPU ms | of hilum | difference |\n| --- | --- | --- | --- | --- |")
    for part in sys.argv[2:] or ["dran", "components", "bandpass", "equalize", "n4"]:
        {"dran": dran, "components": components, "bandpass": bandpass, "equalize": equalize, "n4": n4}[part]()
