"""Times resampling beside SciPy and SimpleITK in one run, one thread each, by CPU time and the least of several runs, and
compares what comes out.

Usage: spatial.py HILUM_TRANSFORMS [--slices 300]
       (HILUM_BENCH=1 swift build -c release --product hilum-transforms)
"""
import argparse
import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS"):
    os.environ[name] = "1"

import subprocess
import tempfile
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from scipy import ndimage
from timing import timed

FROM, TO = (0.7, 0.7, 1.25), (1.0, 1.0, 1.0)


def ours(program, image, interpolation, shape):
    with tempfile.TemporaryDirectory() as folder:
        image.tofile(f"{folder}/in")
        command = [program, "resample", "5", "x".join(map(str, image.shape)), ",".join(map(str, FROM)), ",".join(map(str, TO)),
                   interpolation, "1", f"{folder}/in", f"{folder}/out"]  # fmt: skip
        seconds = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[0])
        return seconds, np.fromfile(f"{folder}/out", np.float32).reshape(shape)


def itk(image, interpolator, shape):
    source = sitk.GetImageFromArray(image)
    source.SetSpacing(FROM)
    resample = sitk.ResampleImageFilter()
    resample.SetSize(shape[::-1])
    resample.SetOutputSpacing(TO)
    resample.SetOutputOrigin([(t - s) / 2 for s, t in zip(FROM, TO)])
    resample.SetInterpolator(interpolator)
    resample.SetOutputPixelType(sitk.sitkFloat32)
    resample.SetDefaultPixelValue(float("nan"))
    return sitk.GetArrayFromImage(resample.Execute(source))


def scipy(image, order, shape):
    places = [np.arange(m) * (t / s) + (t / s - 1) / 2 for m, s, t in zip(shape, FROM[::-1], TO[::-1])]
    matrix = [p[1] - p[0] for p in places]
    return ndimage.affine_transform(image.astype(np.float32), matrix, [p[0] for p in places], shape, order=order, mode="mirror")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=Path)
    parser.add_argument("--slices", type=int, default=300)
    arguments = parser.parse_args()
    program = str(arguments.program.resolve())
    random = np.random.default_rng(5)
    image = random.normal(0, 200, (arguments.slices, 512, 512)).astype(np.int16)
    shape = tuple(round(n * s / t) for n, s, t in zip(image.shape, FROM[::-1], TO[::-1]))
    print(f"{image.shape} int16 at {FROM} mm to {shape} at 1 mm\n\n| | who | s | ratio | largest difference, of the range |\n| --- | --- | --- | --- | --- |")
    extent = float(image.max()) - float(image.min())
    for kind, order, interpolator in (("linear", 1, sitk.sitkLinear), ("cubic", 3, sitk.sitkBSpline)):
        seconds, result = ours(program, image, kind, shape)
        print(f"| {kind} | hilum | {seconds:.3f} | 1 | |", flush=True)
        for who, function in (("SimpleITK", lambda: itk(image, interpolator, shape)), ("SciPy", lambda: scipy(image, order, shape))):
            theirs, expected = timed(function, 1 if kind == "cubic" else 2)
            # A voxel or two from the border the peers have other ideas of what is beyond.
            inside = tuple(slice(12, -12) for _ in range(3))
            difference = np.nanmax(np.abs(result[inside].astype(np.float64) - expected[inside])) / extent
            print(f"| {kind} | {who} | {theirs:.3f} | {theirs / seconds:.1f} | {difference:.1e} |", flush=True)


main()
