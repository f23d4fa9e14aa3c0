"""Checks files written by the Swift side with nibabel and Pillow.

    python Tests/Peers/compare_formats.py FOLDER

For each NAME.nii or NAME.nii.gz in FOLDER with a NAME.json beside it, the JSON holds what Swift wrote:
{"shape": [channels, depth, height, width], "affine": 4 x 4 in LPS mm, "digest": "...", "rescale": [slope, intercept] or []}.
For each NAME.png with a NAME.json: {"shape": [channels, 1, height, width], "digest": "..."}.
The digest is that of record_formats.py over the stored Float32 values. Exit 1 when anything differs.
"""

import json
import pathlib
import sys

import nibabel
import numpy as np
from PIL import Image
from record_formats import digest


def check_nifti(path: pathlib.Path, said: dict) -> list[str]:
    image = nibabel.load(path)
    voxels = image.dataobj.get_unscaled()
    voxels = voxels if voxels.ndim == 4 else voxels[..., None]
    problems = []
    if list(voxels.T.shape) != said["shape"]:
        problems.append(f"shape {voxels.T.shape}, written {said['shape']}")
    elif digest(np.ascontiguousarray(voxels.T)) != said["digest"]:
        problems.append("voxels differ")
    affine = np.diag([-1, -1, 1, 1]) @ image.affine
    if np.abs(affine - said["affine"]).max() > 1e-3:
        problems.append("affine differs")
    qform, code = image.get_qform(coded=True)
    if code > 0 and np.abs(qform - image.affine).max() > 1e-3:
        problems.append("qform and sform differ")
    found = [float(image.dataobj.slope), float(image.dataobj.inter)]
    if not np.allclose(found, said.get("rescale") or [1, 0], rtol=1e-6):
        problems.append(f"rescale {found}")
    if image.header.get_xyzt_units()[0] != "mm":
        problems.append("unit of space is not mm")
    return problems


def check_png(path: pathlib.Path, said: dict) -> list[str]:
    pixels = np.array(Image.open(path))
    planes = np.moveaxis(pixels, -1, 0)[:, None] if pixels.ndim == 3 else pixels[None, None]
    if list(planes.shape) != said["shape"]:
        return [f"shape {planes.shape}, written {said['shape']}"]
    return [] if digest(planes) == said["digest"] else ["pixels differ"]


def main(folder: pathlib.Path) -> int:
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
    print(f"{checked} files, {failed} differ")
    return 1 if failed or not checked else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
