"""Time affine registration to MNI152 beside SimpleITK: a head of 197 x 233 x 189 voxels of 1 mm, displaced by a known map.

    python Benchmarks/Transforms/registration.py HILUM_TRANSFORMS NILEARN_DATA [--runs 3] [--seeds 1]

HILUM_TRANSFORMS is the product of `HILUM_BENCH=1 swift build -c release --product hilum-transforms`, NILEARN_DATA the
folder nilearn/datasets/data of nilearn 0.14. Processor time of one thread, the least of the runs.
"""

import argparse
import pathlib
import sys
import tempfile

import numpy

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Tests/Peers/registration"))
import cases  # noqa: E402
import compare  # noqa: E402

parser = argparse.ArgumentParser()
parser.add_argument("program")
parser.add_argument("nilearn")
parser.add_argument("--runs", type=int, default=3)
parser.add_argument("--seeds", type=int, default=1)
options = parser.parse_args()
values, affine = cases.load(f"{options.nilearn}/mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz")
points = cases.points_of(values > 0, affine)
for seed in range(1, options.seeds + 1):
    truth = cases.displacement(seed, points.mean(0))
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/moved.nii"
        cases.save(path, cases.displaced(values, affine, truth, seed), affine)
        ours = compare.ours(options.program, "affine", [path] * options.runs)
        theirs = [compare.itk("affine", path) for _ in range(options.runs)]
    seconds = [min(result["seconds"] for result in results) for results in (ours, theirs)]
    errors = [numpy.mean(cases.distances(results[0]["map"], truth, points)) for results in (ours, theirs)]
    print(f"seed {seed}: hilum {seconds[0]:.2f} s, {errors[0]:.3f} mm; SimpleITK {seconds[1]:.2f} s, {errors[1]:.3f} mm; "
          f"{seconds[1] / seconds[0]:.1f} times as fast", flush=True)
