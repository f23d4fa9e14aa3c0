"""Runs Hilum on every edge case and says what it made of them.

    python Tests/Peers/edge_cases_check.py HILUM [--peers] [--document docs/edge-cases.md]

*right*: every voxel of every volume equals the function at its place, and all volumes that there are came out.
*refused*: the item failed, with its code. *silently wrong*: anything else. Exit 1 when a case is silently wrong, or
is not what `edge_cases.CASES` expects. With `--peers` dcm2niix and SimpleITK read the same files.
"""

import argparse
import dataclasses
import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import nibabel
import numpy as np

import edge_cases
from edge_cases_writer import value

WRONG = "silently wrong"


def places(image: nibabel.Nifti1Image) -> np.ndarray:
    """LPS mm of each voxel, (width, height, depth, 3)."""
    index = np.stack(np.meshgrid(*(np.arange(n) for n in image.shape[:3]), indexing="ij"), axis=-1)
    ras = index @ image.affine[:3, :3].T + image.affine[:3, 3]
    return ras * [-1, -1, 1]


def offsets(voxels: np.ndarray, positions: np.ndarray, case: edge_cases.Case):
    """What each channel adds to the value of its place, or None when that is not the same everywhere."""
    flat = positions.reshape(-1, 3)
    expected = value(flat)
    empty = case.empty(flat) if case.empty else np.zeros(len(flat), bool)
    found = []
    outside = case.outside(flat) if case.outside else np.zeros(len(flat), bool)
    empty, kept = empty[~outside], ~outside
    expected = expected[kept]
    for channel in np.moveaxis(voxels, -1, 0):
        values = channel.reshape(-1).astype(float)[kept]
        difference = values[~empty] - expected[~empty]
        if empty.any() and np.abs(values[empty] - values[~empty].min()).max() > case.tolerance + 1:
            return None
        # Offsets are whole; what is left is rounding, and what interpolation adds to it.
        nearest = float(np.rint(np.median(difference)))
        if np.abs(difference - nearest).max() > case.tolerance + 2e-3:
            return None
        found.append(nearest)
    return tuple(found)


def judge(volumes: list[nibabel.Nifti1Image], case: edge_cases.Case, exact=True) -> str:
    """RIGHT, or why the volumes are not those of the case."""
    missing = list(case.volumes)
    for image in volumes:
        voxels = np.asanyarray(image.dataobj.get_unscaled())
        if voxels.dtype.names:  # RGB24, as dcm2niix and SimpleITK write colour
            voxels = np.stack([voxels[name].astype(float) for name in voxels.dtype.names], axis=-1)
        else:
            voxels = np.asanyarray(image.dataobj)
        voxels = voxels[..., None] if voxels.ndim == 3 else voxels.reshape(*voxels.shape[:3], -1)
        shape = tuple(reversed(voxels.shape))
        planes = np.squeeze(voxels.T)
        for candidate in missing:
            if exact and candidate.shape != shape:
                continue
            if candidate.picture is not None:
                if candidate.picture.shape == planes.shape and np.array_equal(candidate.picture, planes):
                    break
            elif offsets(voxels, places(image), case) == tuple(candidate.offsets):
                break
        else:
            return f"{WRONG}: a volume {' x '.join(map(str, shape))} that is none of the expected ones"
        missing.remove(candidate)
    return f"{WRONG}: {len(missing)} of {len(case.volumes)} volumes lack" if missing else edge_cases.RIGHT


def command(program: str, kind: str, options: dict, pipeline: pathlib.Path) -> list:
    """`hilum run` with a rescale stage, or `hilum convert`, which keeps stored values beside their slope."""
    if kind == "run":
        pipeline.write_text(f"input: {json.dumps(options)}\nstages: [rescale]\noutputs: {{ tensors: nifti }}\n")
        return [program, "run", pipeline]
    flags = {"onIrregular": "--on-irregular", "tilt": "--tilt", "require": "--require"}
    return [program, "convert", *(word for key, choice in options.items() for word in (flags[key], choice))]


def run_hilum(program: str, kind: str, inputs: pathlib.Path, out: pathlib.Path) -> dict[str, list[dict]]:
    """Manifest lines of each case; one run for each set of options."""
    result: dict[str, list[dict]] = {name: [] for name in edge_cases.CASES}
    groups: dict[str, list[str]] = {}
    for name, case in edge_cases.CASES.items():
        groups.setdefault(json.dumps(case.options, sort_keys=True), []).append(name)
    for number, (options, names) in enumerate(groups.items()):
        call = command(program, kind, json.loads(options), out / f"pipeline-{number}.yaml")
        chosen = inputs / f"{kind}-{number}"
        chosen.mkdir()
        for name in names:
            (inputs / name).rename(chosen / name)
        target = out / f"{kind}-{number}"
        run = subprocess.run([*call, chosen, "-o", target, "--quiet"], capture_output=True, text=True)
        if run.returncode not in (0, 1):
            sys.exit(f"hilum ended with {run.returncode}: {run.stderr}")
        for line in (target / "manifest.jsonl").read_text().splitlines():
            entry = json.loads(line)
            entry["folder"] = target
            result[entry["inputs"][0].split("/")[0]].append(entry)
        for name in names:
            (chosen / name).rename(inputs / name)
    return result


def verdict(entries: list[dict], case: edge_cases.Case) -> tuple[str, str]:
    """The verdict, and the message or the shapes behind it."""
    failed = [e for e in entries if e["status"] == "failed"]
    good = [e for e in entries if e["status"] == "ok"]
    if not entries or any(e["status"] == "skipped" for e in entries):
        return f"{WRONG}: files without a result", ""
    images = [nibabel.load(e["folder"] / path) for e in good for path in e["outputs"] if path.endswith(".nii.gz")]
    if failed:
        codes = ", ".join(sorted({e["error"]["code"] for e in failed}))
        message = failed[0]["error"]["message"].split(": ", 1)[1]
        return f"refused: {codes}" + (f", and {len(good)} read" if good else ""), message
    shapes = "; ".join(" x ".join(map(str, reversed(image.shape))) for image in images)
    lacking = [w for w in case.warnings if not any(w == said["code"] for e in good for said in e["warnings"])]
    if lacking:
        return f"{WRONG}: without the warning {lacking[0]}", shapes
    said = sorted({w["message"] for e in good for w in e["warnings"] if w["code"] in case.warnings})
    return judge(images, case), shapes + (f" ({'; '.join(said)})" if said else "")


def peer_dcm2niix(folder: pathlib.Path, case: edge_cases.Case, out: pathlib.Path) -> str:
    out.mkdir()
    subprocess.run(["dcm2niix", "-z", "n", "-b", "n", "-f", "%s_%p_%e", "-o", out, folder], capture_output=True)
    paths = sorted(out.glob("*.nii"))
    # Re-gridded versions stand beside the originals and replace them.
    better = [p for p in paths if "_Eq" in p.stem or "_Tilt" in p.stem]
    images = [nibabel.load(p) for p in better or paths]
    if not images:
        return "error"
    return "right" if judge(images, relaxed(case), exact=False) == edge_cases.RIGHT else "wrong"


def peer_simpleitk(folder: pathlib.Path, case: edge_cases.Case, out: pathlib.Path) -> str:
    import SimpleITK

    SimpleITK.ProcessObject.SetGlobalWarningDisplay(False)
    out.mkdir()
    images = []
    try:
        for series in SimpleITK.ImageSeriesReader.GetGDCMSeriesIDs(str(folder)):
            names = SimpleITK.ImageSeriesReader.GetGDCMSeriesFileNames(str(folder), series)
            image = SimpleITK.ReadImage(names if len(names) > 1 else names[0])
            path = out / f"{len(images)}.nii"
            SimpleITK.WriteImage(image, str(path))
            images.append(nibabel.load(path))
    except RuntimeError:
        return "error"
    if not images:
        return "error"
    return "right" if judge(images, relaxed(case), exact=False) == edge_cases.RIGHT else "wrong"


def relaxed(case: edge_cases.Case) -> edge_cases.Case:
    """Peers may round interpolated values, and fill what lies outside tilted slices with anything."""
    return dataclasses.replace(case, tolerance=max(case.tolerance, 1.5))


def peer_monai(folder: pathlib.Path, case: edge_cases.Case, out: pathlib.Path) -> str:
    from monai.transforms import LoadImage

    try:
        # Named, because MONAI otherwise takes whichever reader is installed.
        image = LoadImage(reader="PydicomReader", image_only=True, ensure_channel_first=False)(str(folder))
    except Exception:
        return "error"
    voxels = np.asarray(image, np.float32)
    voxels = voxels if voxels.ndim > 2 else voxels[..., None]
    path = out.with_suffix(".nii")
    try:
        nibabel.save(nibabel.Nifti1Image(voxels, np.asarray(image.affine, float)), path)
        return "right" if judge([nibabel.load(path)], relaxed(case), exact=False) == edge_cases.RIGHT else "wrong"
    except (ValueError, nibabel.spatialimages.HeaderDataError):
        return "wrong"  # an affine without depth, or voxels of no volume


def installed() -> dict:
    """Peers that are here; the table has a column for each."""
    peers = {"dcm2niix": peer_dcm2niix, "SimpleITK": peer_simpleitk, "MONAI": peer_monai}
    if importlib.util.find_spec("monai") is None:
        del peers["MONAI"]
    return peers


PEERS = installed()

INTRODUCTION = """# Edge cases of DICOM series

Written by `make test-peers` (Tests/Peers/edge_cases_check.py). Each case is a folder of files made by
`Tests/Peers/edge_cases.py`, in which every voxel holds a linear function of its place in the patient. *right*: every voxel
of every volume lies where it should and all volumes are there. *refused*: the item failed with this code. There is no third
verdict: the check fails when anything is silently wrong.
"""


def document(rows: list[tuple], peers: list[str]) -> str:
    right = sum(row[2] == edge_cases.RIGHT for row in rows)
    text = INTRODUCTION + f"\n{len(rows)} cases: {right} right, {len(rows) - right} refused, 0 silently wrong.\n\n"
    if peers:
        text += (
            "Peers read the same files with default options; *wrong* is a result that differs from what is there, without an\n"
            "error, and also a result for files that have no right one. The files hold little beyond what tells places and\n"
            "times: a peer that asks vendors' elements may do better on a scanner's own files.\n\n")
        for index, peer in enumerate(peers):
            column = [row[4 + index] for row in rows]
            text += f"- {peer}: " + ", ".join(f"{column.count(v)} {v}" for v in ("right", "wrong", "error")) + "\n"
        text += "\n"
    titles = ["case", "what is odd", "verdict", "shapes, or message", *peers]
    text += "| " + " | ".join(titles) + " |\n|" + " --- |" * len(titles) + "\n"
    for row in rows:
        text += "| " + " | ".join(cell.replace("|", "/") for cell in row) + " |\n"
    return text


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("hilum")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--document", type=pathlib.Path)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    rows, bad = [], 0
    with tempfile.TemporaryDirectory() as scratch:
        root = pathlib.Path(scratch)
        inputs, out = root / "in", root / "out"
        inputs.mkdir()
        out.mkdir()
        edge_cases.write(inputs)
        results = {kind: run_hilum(arguments.hilum, kind, inputs, out) for kind in ("convert", "run")}
        for name, case in edge_cases.CASES.items():
            for kind, entries in results.items():
                said, detail = verdict(entries[name], case)
                if said != case.verdict:
                    bad += 1
                    print(f"{name}: hilum {kind}: {said} ({detail}), expected {case.verdict}")
            odd = case.odd + "".join(f", {key}: {choice}" for key, choice in case.options.items())
            peers = []
            for key, peer in PEERS.items() if arguments.peers else []:
                # The same files again under another option are nothing new to a peer.
                peers.append("-" if case.options else peer(inputs / name, case, out / f"{key}-{name}"))
            rows.append((name, odd, said, detail, *peers))
    wrong = sum(WRONG in row[2] for row in rows)
    print(f"{len(rows)} edge cases: {len(rows) - bad} as expected, {bad} not, {wrong} silently wrong")
    for index, peer in enumerate(PEERS if arguments.peers else []):
        column = [row[4 + index] for row in rows]
        print(f"{peer}: " + ", ".join(f"{column.count(v)} {v}" for v in ("right", "wrong", "error")))
    if arguments.document and not wrong:
        arguments.document.write_text(document(rows, list(PEERS) if arguments.peers else []))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
