"""Random transforms beside their peers: CPU seconds of one thread, least of some runs, on 128 x 256 x 256 voxels.

Usage: augmentation.py HILUM_TRANSFORMS [REPEATS]      (HILUM_BENCH=1 swift build -c release --product hilum-transforms)

SciPy and numpy always; MONAI and TorchIO where they are installed. Prints one row an operation: ours, each peer, and for
those that are the same function the largest difference as a share of the range.
"""
import os

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS"):
    os.environ[name] = "1"

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from scipy import ndimage

SHAPE = (128, 256, 256)
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Tests/Peers/random"))
from reference import affine_source, bias_field, ghosting, motion  # noqa: E402


def peers(image, field, repeats):
    """name of operation -> [(peer, function, whether it is the same function)]"""
    grid = np.indices(SHAPE, dtype=np.float32)
    double = image.astype(np.float64)

    def simard():
        random = np.random.default_rng(1)
        parts = [ndimage.gaussian_filter(random.uniform(-1, 1, SHAPE).astype(np.float32), 4) for _ in range(3)]
        largest = max(abs(part).max() for part in parts)
        return ndimage.map_coordinates(
            image, [g + 10 / largest * p for g, p in zip(grid, parts)], order=1, mode="nearest")

    result = {
        "elastic-warp": [("SciPy", lambda: ndimage.map_coordinates(image, grid + field[::-1], order=1, mode="nearest"),
                          True)],
        "elastic": [("SciPy", simard, False)],
        "gaussian": [("SciPy", lambda: ndimage.gaussian_filter(image, 4), True)],
        "affine": [("SciPy", lambda: ndimage.map_coordinates(
            image, affine_source(SHAPE, [1, 1, 1], [4, 5, 12], [1.1, 0.9, 1], [3, 2, 1]), order=1, mode="constant"),
            False)],
        "noise": [("numpy", lambda: image + np.float32(0.1) * np.random.default_rng(1).standard_normal(
            SHAPE, dtype=np.float32), False)],
        "gamma": [("numpy", lambda: (double - double.min()) ** 1.3 * (double.max() - double.min()) ** -0.3
                   + double.min(), True)],
        "bias-field": [("numpy", lambda: image * bias_field(SHAPE, 3, [0.3 - i * 0.03 for i in range(20)]), True)],
        "ghosting": [("numpy", lambda: ghosting(double, "y", 5, 0.7, 0.02), True)],
        "motion": [("numpy", lambda: motion(double, "y", [0.3, 0.7], [
            dict(degrees=[1, 2, 3], translation=[2, 1, 0]), dict(degrees=[0, -2, 1], translation=[0, 0, 0])]), True)],
    }
    try:
        import torch
        torch.set_num_threads(1)
        import monai.transforms as monai
        tensor = torch.from_numpy(image)[None]
        elastic = monai.Rand3DElastic(
            sigma_range=(4, 4), magnitude_range=(10, 10), prob=1, mode="bilinear", padding_mode="border")
        result["elastic"].append(("MONAI", lambda: elastic(tensor), False))
        result["gaussian"].append(("MONAI", lambda: monai.GaussianSmooth(4)(tensor), False))
        affine = monai.Affine(rotate_params=(0.1, 0.1, 0.2), scale_params=(1.1, 0.9, 1), image_only=True)
        result["affine"].append(("MONAI", lambda: affine(tensor), False))
        noise = monai.RandGaussianNoise(prob=1, std=0.1)
        result["noise"].append(("MONAI", lambda: noise(tensor), False))
        bias = monai.RandBiasField(prob=1, degree=3)
        result["bias-field"].append(("MONAI", lambda: bias(tensor), False))
    except ImportError as error:
        print(f"MONAI left out: {error}")
    try:
        import torch
        torch.set_num_threads(1)
        import torchio
        subject = torchio.ScalarImage(tensor=torch.from_numpy(image)[None])
        for name, transform in {
            "elastic": torchio.RandomElasticDeformation(num_control_points=(64, 64, 32), max_displacement=1,
                                                        locked_borders=0),
            "affine": torchio.RandomAffine(), "noise": torchio.RandomNoise(), "gamma": torchio.RandomGamma(),
            "bias-field": torchio.RandomBiasField(), "ghosting": torchio.RandomGhosting(axes=(1,)),
            "motion": torchio.RandomMotion(num_transforms=2), "gaussian": torchio.RandomBlur(std=(4, 4)),
        }.items():
            result[name].append(("TorchIO", lambda transform=transform: transform(subject), False))
    except ImportError as error:
        print(f"TorchIO left out: {error}")
    return result


def least(function, repeats):
    best, value = float("inf"), None
    for _ in range(repeats):
        start = time.process_time()
        value = function()
        best = min(best, time.process_time() - start)
    return best, value


def main(program, repeats=3):
    random = np.random.default_rng(3)
    image = ndimage.gaussian_filter(random.random(SHAPE), 1).astype(np.float32)
    field = np.stack([ndimage.gaussian_filter(random.uniform(-1, 1, SHAPE), 4) for _ in range(3)]).astype(np.float32)
    field *= 10 / abs(field).max()
    span = float(image.max() - image.min())
    print("| operation | ours, CPU s | peers, CPU s | largest difference / range |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        image.tofile(f"{folder}/image")
        field.tofile(f"{folder}/field")
        for name, others in peers(image, field, repeats).items():
            out = subprocess.run(
                [program, name, *map(str, SHAPE), str(2 * repeats), f"{folder}/image", f"{folder}/out", f"{folder}/field"],
                check=True, capture_output=True, text=True).stdout
            ours, voxels = float(out), np.fromfile(f"{folder}/out", np.float32).reshape(SHAPE)
            cells, difference = [], ""
            for peer, function, is_same in others:
                seconds, value = least(function, repeats)
                cells.append(f"{peer} {seconds:.2f} ({seconds / ours:.1f} x)")
                if is_same:
                    difference = f"{abs(np.asarray(value, np.float64) - voxels).max() / span:.1e}"
            print(f"| {name} | {ours:.3f} | {', '.join(cells)} | {difference} |", flush=True)


main(sys.argv[1], *[int(a) for a in sys.argv[2:]])
