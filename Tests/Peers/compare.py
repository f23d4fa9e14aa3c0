"""Runs the built command on fixtures and on the peers' own test files and compares what it wrote with what they read.

Usage: compare.py HILUM      (ends with "N passed, N failed"; exit 1 when something failed)
"""
import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import nibabel
import numpy as np
import pydicom
from pydicom.pixels import apply_modality_lut

warnings.filterwarnings("ignore")
ROOT = Path(__file__).resolve().parents[2]
HILUM = str(Path(sys.argv[1]).resolve())
passed, failed = 0, 0


def check(name, ok, detail=""):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print(f"FAILED {name}: {detail}")


def hilum(stages, outputs, inputs, out, *more):
    pipeline = out / "pipeline.yaml"
    pipeline.parent.mkdir(parents=True, exist_ok=True)
    pipeline.write_text(f"stages: {stages}\noutputs: {outputs}\n")
    result = subprocess.run(
        [HILUM, "run", str(pipeline), *map(str, inputs), "-o", str(out / "o"), "--quiet", *more], cwd=ROOT,
        capture_output=True, text=True)
    if result.returncode not in (0, 1):
        raise SystemExit(f"hilum ended with {result.returncode}: {result.stderr}")
    return [json.loads(line) for line in (out / "o/manifest.jsonl").read_text().splitlines()]


def largest(a, b):
    return float(np.abs(a.astype(np.float64) - b.astype(np.float64)).max()) if a.shape == b.shape else f"{a.shape} {b.shape}"


def compare_nifti(work):
    """nibabel's own files and ours: voxels, and the affine after a round trip through our writer."""
    folder = Path(nibabel.__file__).parent / "tests/data"
    lines = hilum("[rescale]", "{ tensors: [npy, nifti] }", [folder], work / "nifti", "--set", "input.formats=[nifti]")
    compared = 0
    for line in lines:
        if line["status"] != "ok":
            continue
        theirs = nibabel.load(folder / line["inputs"][0])
        data = np.asarray(theirs.dataobj, dtype=np.float32)
        data = data.reshape(data.shape + (1,) * (4 - data.ndim)).transpose(3, 2, 1, 0)
        base = work / "nifti/o"
        check(f"{line['item']} voxels", np.array_equal(np.load(base / line["outputs"][0]), data, equal_nan=True), "differ")
        if data.shape[0] == 1:
            again = nibabel.load(base / line["outputs"][1])
            error = np.abs(again.affine - theirs.affine).max()
            check(f"{line['item']} affine", error <= 1e-4 * max(1, np.abs(theirs.affine).max()), error)
            check(f"{line['item']} written voxels", np.array_equal(np.asarray(again.dataobj).squeeze(), data.T.squeeze(), equal_nan=True), "differ")
        compared += 1
    check("nibabel files compared", compared >= 3, compared)


def compare_series(work):
    """A CT series to NIfTI: the affine against one built from the DICOM positions, voxel values against pydicom."""
    series = sorted((ROOT / "fixtures/ct-series").glob("*.dcm"))
    line = hilum("[rescale]", "{ tensors: nifti }", [ROOT / "fixtures/ct-series"], work / "series")[0]
    image = nibabel.load(work / "series/o" / line["outputs"][0])
    slices = [pydicom.dcmread(path) for path in series]
    row, column = np.array(slices[0].ImageOrientationPatient[:3]), np.array(slices[0].ImageOrientationPatient[3:])
    slices.sort(key=lambda ds: np.cross(row, column) @ np.array(ds.ImagePositionPatient))
    for index, ds in enumerate(slices):
        hu = apply_modality_lut(ds.pixel_array, ds)
        check(f"slice {index}", np.allclose(np.asarray(image.dataobj)[:, :, index].T, hu, atol=1e-3), "voxels differ")
        for x, y in [(0, 0), (hu.shape[1] - 1, hu.shape[0] - 1)]:
            lps = (np.array(ds.ImagePositionPatient) + row * float(ds.PixelSpacing[1]) * x
                   + column * float(ds.PixelSpacing[0]) * y)
            ras = image.affine @ [x, y, index, 1]
            error = np.abs(ras[:3] - lps * [-1, -1, 1]).max()
            check(f"slice {index} at {x}, {y}", error < 0.01, error)


def main():
    with tempfile.TemporaryDirectory() as folder:
        for part in (compare_nifti, compare_series):
            part(Path(folder))
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
