"""Checks files written by the Swift side with nibabel and Pillow.

    python Tests/Peers/compare_formats.py FOLDER [docs/damaged-nifti.md]

For each NAME.nii or NAME.nii.gz in FOLDER with a NAME.json beside it, the JSON holds what Swift wrote:
{"shape": [channels, depth, height, width], "affine": 4 x 4 in LPS mm, "digest": "...", "rescale": [slope, intercept] or [],
"channels": "none" | "time" | "components" | "color", "step": seconds, "version": 1 | 2}. They are read by nibabel and
SimpleITK, and compressed ones by gzip.
For each NAME.png with a NAME.json: {"shape": [channels, 1, height, width], "digest": "..."}.
The digest is that of record_formats.py over the stored Float32 values. Exit 1 when anything differs.
"""

import json
import pathlib
import subprocess
import sys

import nibabel
import numpy as np
import SimpleITK
from PIL import Image
from record_formats import digest


def channels_first(voxels: np.ndarray) -> np.ndarray:
    """[x, y, z] with time or components behind, or RGB records, to [channels, z, y, x]."""
    if voxels.dtype.names:
        voxels = np.stack([voxels[name] for name in voxels.dtype.names], axis=-1)
    voxels = voxels.reshape(voxels.shape + (1,) * (3 - voxels.ndim))
    if voxels.ndim == 5:
        voxels = voxels[:, :, :, 0]
    return np.ascontiguousarray((voxels if voxels.ndim == 4 else voxels[..., None]).T)


def check_nifti(path: pathlib.Path, said: dict) -> list[str]:
    image = nibabel.load(path)
    raw = np.asanyarray(image.dataobj.get_unscaled())
    voxels = channels_first(raw)
    problems = []
    if list(voxels.shape) != said["shape"]:
        problems.append(f"shape {voxels.shape}, written {said['shape']}")
    elif digest(voxels) != said["digest"]:
        problems.append("voxels differ")
    affine = np.diag([-1, -1, 1, 1]) @ image.affine
    if np.abs(affine - said["affine"]).max() > 1e-3:
        problems.append("affine differs")
    qform, code = image.get_qform(coded=True)
    if code > 0 and np.abs(qform - image.affine).max() > 1e-3:
        problems.append("qform and sform differ")
    if not raw.dtype.names:
        found = [float(image.dataobj.slope), float(image.dataobj.inter)]
        if not np.allclose(found, said.get("rescale") or [1, 0], rtol=1e-6):
            problems.append(f"rescale {found}")
    if image.header.get_xyzt_units()[0] != "mm":
        problems.append("unit of space is not mm")
    return problems + check_header(image, raw, said) + check_itk(path, said) + check_gzip(path)


def check_header(image: nibabel.Nifti1Image, raw: np.ndarray, said: dict) -> list[str]:
    problems = []
    header = image.header
    if isinstance(image, nibabel.Nifti2Image) != (said["version"] == 2):
        problems.append(f"not version {said['version']}")
    if said["channels"] == "time":
        step = header.get_zooms()[3]
        if header.get_xyzt_units()[1] != "sec" or not np.isclose(step, said["step"]):
            problems.append(f"time step {step} {header.get_xyzt_units()[1]}")
    if said["channels"] == "components" and (raw.ndim != 5 or header.get_intent()[0] != "vector"):
        problems.append(f"components have {raw.ndim} dimensions and intent {header.get_intent()[0]}")
    if said["channels"] == "color" and raw.dtype.itemsize not in (3, 4):
        problems.append(f"colours as {raw.dtype}")
    return problems


def check_itk(path: pathlib.Path, said: dict) -> list[str]:
    """SimpleITK applies slope and intercept; it takes only directions at right angles, and NIfTI-1."""
    if "sheared" in path.name or said["version"] == 2:
        return []
    image = SimpleITK.ReadImage(path)
    voxels = SimpleITK.GetArrayFromImage(image).astype(np.float64)
    if image.GetNumberOfComponentsPerPixel() > 1:
        voxels = np.moveaxis(voxels, -1, 0)
    reference = np.asanyarray(nibabel.load(path).dataobj)
    reference = channels_first(reference).astype(np.float64)
    if voxels.size != reference.size or not np.allclose(voxels.reshape(reference.shape), reference, rtol=1e-6, equal_nan=True):
        return ["SimpleITK reads other voxels"]
    affine = np.array(said["affine"])
    if not np.allclose(image.GetOrigin()[:3], affine[:3, 3], atol=1e-3):
        return [f"SimpleITK's origin {image.GetOrigin()}"]
    return []


def check_gzip(path: pathlib.Path) -> list[str]:
    if path.suffix != ".gz":
        return []
    done = subprocess.run(["gzip", "--test", str(path)], capture_output=True)
    return [] if done.returncode == 0 else [f"gzip: {done.stderr.decode().strip()}"]


def check_damaged(folder: pathlib.Path, document: pathlib.Path | None) -> list[str]:
    """What we read of damaged files must be what nibabel reads, wherever both do."""
    nibabel.imageglobals.logger.setLevel("CRITICAL")
    verdicts = json.loads((folder / "verdicts.json").read_text())
    problems, ours, theirs, both = [], 0, 0, 0
    for verdict in verdicts:
        try:
            image = nibabel.load(folder / verdict["file"])
            voxels = channels_first(np.asanyarray(image.dataobj.get_unscaled()))
            affine = np.diag([-1, -1, 1, 1]) @ image.affine
            found = [float(image.dataobj.slope), float(image.dataobj.inter)]
            theirs += 1
        except Exception:  # whatever nibabel says, it did not read the file
            image = None
        if "digest" not in verdict:
            continue
        ours += 1
        if image is None:
            continue
        both += 1
        name = verdict["file"]
        if list(voxels.shape) != verdict["shape"]:
            problems.append(f"{name}: shape {voxels.shape}, ours {verdict['shape']}")
        elif digest(voxels) != verdict["digest"]:
            problems.append(f"{name}: voxels differ")
        # Units other than mm are applied by us and not by nibabel; broken transforms have no right answer to compare.
        if np.isfinite(affine).all() and abs(np.linalg.det(affine)) > 1e-12 and "xyzt_units" not in name:
            if not np.allclose(affine, verdict["affine"], rtol=1e-4, atol=1e-3):
                problems.append(f"{name}: affine differs")
        if not np.allclose(found, verdict["rescale"] or [1, 0], rtol=1e-6):
            problems.append(f"{name}: rescale {found}, ours {verdict['rescale']}")
    print(f"{len(verdicts)} damaged files: {ours} read by us, {theirs} by nibabel, {both} by both")
    if document:
        document.write_text(damage_table(verdicts))
    return problems


def damage_table(verdicts: list[dict]) -> str:
    """Every damaged file with what became of it."""
    exact = sum("digest" in verdict for verdict in verdicts)
    text = (
        "# Damaged NIfTI files\n\n"
        "Written by `make test-peers` from the files of Tests/NIfTITests/DamagedFiles.swift: a small image cut at every 1/37th of\n"
        "its length, with flipped bits, wrong checksums and lengths, and each header field at its extremes. *exact*: the voxels\n"
        "are those that the file holds, compared with nibabel wherever it reads them. Everything else is refused with its reason.\n\n"
        f"{len(verdicts)} files: {exact} exact, {len(verdicts) - exact} refused.\n\n| file | becomes |\n| --- | --- |\n")
    for verdict in verdicts:
        shape = " x ".join(map(str, verdict.get("shape", [])))
        text += f"| {verdict['file']} | " + (f"exact: {shape}" if "digest" in verdict else verdict["refused"]) + " |\n"
    return text


def check_png(path: pathlib.Path, said: dict) -> list[str]:
    pixels = np.array(Image.open(path))
    planes = np.moveaxis(pixels, -1, 0)[:, None] if pixels.ndim == 3 else pixels[None, None]
    if list(planes.shape) != said["shape"]:
        return [f"shape {planes.shape}, written {said['shape']}"]
    return [] if digest(planes) == said["digest"] else ["pixels differ"]


def main(folder: pathlib.Path, document: pathlib.Path | None = None) -> int:
    checked = failed = 0
    for path in sorted(folder.iterdir()):
        stem = path.name.removesuffix(".gz").removesuffix(".nii").removesuffix(".png")
        if stem == path.name or not (folder / f"{stem}.json").exists():
            continue
        said = json.loads((folder / f"{stem}.json").read_text())
        problems = check_png(path, said) if path.suffix == ".png" else check_nifti(path, said)
        checked += 1
        failed += bool(problems)
        print(f"{path.name}: {'; '.join(problems) or 'equal'}")
    for problem in check_damaged(folder / "damaged", document):
        failed += 1
        print(problem)
    print(f"{checked} files, {failed} differ")
    return 1 if failed or not checked else 0


if __name__ == "__main__":
    sys.exit(main(*map(pathlib.Path, sys.argv[1:])))
