"""Compare affine and rigid registration with SimpleITK on heads whose displacement is known, and on two people.

    python Tests/Peers/registration/compare.py HILUM_TRANSFORMS NILEARN_DATA [COLIN] [--seeds 10] [--itk-seeds 2]

HILUM_TRANSFORMS is the product of `HILUM_BENCH=1 swift build -c release --product hilum-transforms`, NILEARN_DATA the
folder nilearn/datasets/data of nilearn 0.14, COLIN the image ch2.nii.gz of Debian's mricron-data. Both programs run on
one thread; seconds are of processor time. Exits 1 when an error is above 0.3 mm or a registration above 15 s.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy
import SimpleITK as sitk

import cases

TEMPLATE = pathlib.Path(__file__).resolve().parents[3] / "templates/mni152"


def ours(program, kind, moving, fixed=TEMPLATE / "t1.nii.gz", mask=TEMPLATE / "mask.nii.gz", resolution=1):
    """Maps [4, 4] from the fixed image's LPS mm, with what else the program says."""
    out = subprocess.run(
        [program, "register", kind, str(resolution), str(fixed), str(mask), *map(str, moving)], check=True,
        capture_output=True, text=True).stdout
    results = [json.loads(line) for line in out.splitlines()]
    for result in results:
        if "rows" in result:
            result["map"] = numpy.vstack([numpy.reshape(result.pop("rows"), (3, 4)), [0, 0, 0, 1]])
    return results


def itk(kind, moving, fixed=TEMPLATE / "t1.nii.gz", mask=TEMPLATE / "mask.nii.gz", start=None):
    """SimpleITK with the same measure: 50 bins, 5 % of the voxels, three levels, gradient descent with a line search."""
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
    still, image = (sitk.ReadImage(str(path), sitk.sitkFloat32) for path in (fixed, moving))
    method = sitk.ImageRegistrationMethod()
    method.SetMetricAsMattesMutualInformation(50)
    method.SetMetricSamplingStrategy(method.RANDOM)
    method.SetMetricSamplingPercentage(0.05, 1)
    if mask is not None:
        labels = sitk.ReadImage(str(mask)) > 0
        method.SetMetricFixedMask(sitk.Resample(labels, still, sitk.Transform(), sitk.sitkNearestNeighbor))
    method.SetInterpolator(sitk.sitkLinear)
    method.SetOptimizerAsGradientDescentLineSearch(
        learningRate=1.0, numberOfIterations=100, convergenceMinimumValue=1e-6, convergenceWindowSize=10)
    method.SetOptimizerScalesFromPhysicalShift()
    method.SetShrinkFactorsPerLevel([4, 2, 1])
    method.SetSmoothingSigmasPerLevel([2, 1, 0])
    method.SmoothingSigmasAreSpecifiedInPhysicalUnitsOn()
    transform = sitk.AffineTransform(3) if kind == "affine" else sitk.Euler3DTransform()
    if start is None:
        transform = sitk.CenteredTransformInitializer(
            still, image, transform, sitk.CenteredTransformInitializerFilter.MOMENTS)
    method.SetInitialTransform(transform, inPlace=True)
    begin = time.process_time()
    method.Execute(still, image)
    seconds = time.process_time() - begin
    corner = numpy.array(transform.TransformPoint((0.0, 0.0, 0.0)))
    found = numpy.eye(4)
    for axis in range(3):
        found[:3, axis] = numpy.array(transform.TransformPoint(tuple(numpy.eye(3)[axis]))) - corner
    found[:3, 3] = corner
    return {"map": found, "information": -method.GetMetricValue(), "seconds": seconds}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("nilearn")
    parser.add_argument("colin", nargs="?", default="/usr/share/mricron/templates/ch2.nii.gz")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--itk-seeds", type=int, default=2)
    options = parser.parse_args()
    values, affine = cases.load(f"{options.nilearn}/mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz")
    points = cases.points_of(values > 0, affine)
    failures = 0

    def report(name, result, true, limit):
        nonlocal failures
        if "map" not in result:
            failures += 1
            return print(f"{name}: {result['error']}")
        error = cases.distances(result["map"], true, points)
        failures += bool(error.mean() > limit or result["seconds"] > 15 and "SimpleITK" not in name)
        print(f"{name}: mean {error.mean():.3f} mm, largest {error.max():.3f} mm, information "
              f"{result['information']:.3f}, {result['seconds']:.1f} s", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        for kind in ("affine", "rigid"):
            truths, paths = [], []
            for seed in range(1, options.seeds + 1):
                truths.append(cases.displacement(seed, points.mean(0), rigid=kind == "rigid"))
                paths.append(f"{folder}/{kind}{seed}.nii")
                cases.save(paths[-1], cases.displaced(values, affine, truths[-1], seed), affine)
            for seed, result in enumerate(ours(options.program, kind, paths), 1):
                report(f"template displaced, {kind}, seed {seed}, hilum", result, truths[seed - 1], 0.3)
            for seed in range(1, options.itk_seeds + 1):
                report(f"template displaced, {kind}, seed {seed}, SimpleITK", itk(kind, paths[seed - 1]),
                       truths[seed - 1], numpy.inf)
        # Another person, with skull and scalp: what is found for the image as it is must be found for it displaced.
        head, head_affine = cases.load(options.colin)
        [plain] = ours(options.program, "affine", [options.colin])
        truths, paths = [], []
        for seed in range(1, options.seeds + 1):
            truths.append(cases.displacement(seed, numpy.zeros(3)) @ plain["map"])
            paths.append(f"{folder}/colin{seed}.nii")
            moved = truths[-1] @ numpy.linalg.inv(plain["map"])
            cases.save(paths[-1], cases.displaced(head, head_affine, moved, seed), head_affine)
        for seed, result in enumerate(ours(options.program, "affine", paths), 1):
            report(f"Colin27 displaced against not displaced, seed {seed}, hilum", result, truths[seed - 1], 2)
        theirs = itk("affine", options.colin, start="as it lies")
        print(f"Colin27: information {plain['information']:.4f}, {plain['seconds']:.1f} s (hilum), "
              f"{theirs['information']:.4f}, {theirs['seconds']:.1f} s (SimpleITK)")
        report("Colin27, hilum against SimpleITK", plain, theirs["map"], 1.5)
        for name, (voxels, place) in cases.others(head, head_affine):
            path = f"{folder}/other.nii"
            cases.save(path, voxels, place)
            [result] = ours(options.program, "affine", [path])
            print(f"{name}: " + (result.get("error") or f"information {result['information']:.3f}"), flush=True)
        for path in sorted(pathlib.Path(options.colin).parent.glob("*.nii.gz")):
            if path.name in ("ch2bet.nii.gz", "inia19-t1-brain.nii.gz", "aal.nii.gz"):
                [result] = ours(options.program, "affine", [path])
                print(f"{path.name}: " + (result.get("error") or f"information {result['information']:.3f}"), flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
