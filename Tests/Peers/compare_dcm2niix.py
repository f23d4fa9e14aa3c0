"""Compares Hilum with dcm2niix on regular series: voxels the same, affine within 0.01 mm.

    python Tests/Peers/compare_dcm2niix.py HILUM

Series: fixtures/ct-series, the regular edge cases, and slices of real scanners that pydicom brings along. dcm2niix turns
rows and slices round; its affine says so, and both are brought to the same order before voxels are compared. Exit 1
when anything differs.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

import nibabel
import numpy as np
import pydicom.data

import edge_cases
from edge_cases_writer import Study

ROOT = pathlib.Path(__file__).parents[2]


def canonical(image: nibabel.Nifti1Image):
    """Voxels and affine with axes in the order and direction of RAS, as near as whole axes allow."""
    turned = nibabel.as_closest_canonical(image)
    return np.squeeze(np.asanyarray(turned.dataobj)).astype(float), turned.affine


def series(root: pathlib.Path) -> dict[str, pathlib.Path]:
    result = {"ct-series": ROOT / "fixtures" / "ct-series"}
    for name, case in edge_cases.CASES.items():
        if case.regular:
            case.build(Study(root / name))
            result[name] = root / name
    for name in ("CT_small.dcm", "MR_small.dcm", "MR_small_implicit.dcm", "MR_small_RLE.dcm",
                 "dicomdirtests/98892003/MR1", "dicomdirtests/98892003/MR2"):
        path = pathlib.Path(pydicom.data.__file__).parent / "test_files" / name
        target = root / name.replace("/", "-").removesuffix(".dcm")
        if path.is_dir():
            shutil.copytree(path, target)
        else:
            target.mkdir()
            shutil.copy(path, target)
        result[target.name] = target
    return result


def hilum_images(program: str, folder: pathlib.Path, out: pathlib.Path) -> list[pathlib.Path]:
    pipeline = out.with_suffix(".yaml")
    pipeline.write_text("stages: [rescale]\noutputs: { tensors: nifti }\n")
    subprocess.run([program, "run", pipeline, folder, "-o", out, "--quiet"], capture_output=True)
    return sorted(out.rglob("*.nii.gz"))


def dcm2niix_images(folder: pathlib.Path, out: pathlib.Path) -> list[pathlib.Path]:
    out.mkdir()
    subprocess.run(["dcm2niix", "-z", "n", "-b", "n", "-f", "%s_%p_%e_%j", "-o", out, folder], capture_output=True)
    # Re-gridded copies of tilted series are judged by edge_cases_check.py; here the sheared ones are compared.
    return sorted(p for p in out.glob("*.nii") if "_Tilt" not in p.stem and "_Eq" not in p.stem)


def difference(ours: pathlib.Path, theirs: pathlib.Path, sheared: bool) -> str | None:
    (a, left), (b, right) = canonical(nibabel.load(ours)), canonical(nibabel.load(theirs))
    if a.shape != b.shape:
        return f"shape {a.shape}, dcm2niix {b.shape}"
    voxels = np.abs(a - b).max()
    if voxels > 1e-3 * max(1.0, np.abs(b).max() * 1e-4):
        return f"voxels differ by up to {voxels}"
    if sheared:
        return None  # dcm2niix writes an affine without the shear beside its re-gridded copy
    place = np.abs(left - right).max()
    return f"affine differs by {place:.4f} mm" if place > 0.01 else None


def main(program: str) -> int:
    bad = compared = 0
    with tempfile.TemporaryDirectory() as scratch:
        root = pathlib.Path(scratch)
        (root / "in").mkdir()
        for name, folder in series(root / "in").items():
            ours = hilum_images(program, folder, root / f"hilum-{name}")
            theirs = dcm2niix_images(folder, root / f"dcm2niix-{name}")
            if len(ours) != len(theirs) or not ours:
                bad += 1
                print(f"{name}: {len(ours)} volumes, dcm2niix {len(theirs)}")
                continue
            left = list(theirs)
            for path in ours:
                compared += 1
                reasons = [(difference(path, other, name.startswith("tilt-tag-")), other) for other in left]
                match = next((other for reason, other in reasons if reason is None), None)
                if match:
                    left.remove(match)
                else:
                    bad += 1
                    print(f"{name}: {reasons[0][0]}")
    print(f"{compared} volumes compared with dcm2niix, {bad} differ")
    return 1 if bad or not compared else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
