"""Compares the sidecars of `hilum convert` with those of dcm2niix: what both tell must be equal.

    python Tests/Peers/compare_sidecars.py HILUM

Over a file of each of some CT and MR series of the pydicom wheel and fixtures/ct-series. Names that only dcm2niix writes are listed:
they come from vendors' private elements, or are left out on purpose (institution, station, dates).
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import pydicom

ROOT = pathlib.Path(__file__).parents[2]
PYDICOM = pathlib.Path(pydicom.__file__).parent / "data" / "test_files"
FILES = ["CT_small.dcm", "MR_small.dcm", "MR_truncated.dcm", "693_J2KI.dcm", "emri_small.dcm", "examples_overlay.dcm",
         "dicomdirtests/98892001/CT5N", "dicomdirtests/98892003/MR1", "dicomdirtests/98892003/MR2", "dicomdirtests/77654033/CT2"]
# Each program says its own; dcm2niix shortens manufacturers ("GE") and adds words of its own to the image type.
OWN = {"ConversionSoftware", "ConversionSoftwareVersion", "Warnings", "Sources", "GeneratedBy", "Notice", "Manufacturer",
       "ImageType"}


def close(ours, theirs) -> bool:
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(close, ours, theirs))
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        return abs(ours - theirs) <= 1e-5 * max(1, abs(ours))
    # dcm2niix writes blanks within a text as underscores.
    clean = lambda text: str(text).replace("_", " ").strip()
    if str(ours).count(":") == 2 == str(theirs).count(":"):  # dcm2niix keeps the seconds of a time as a number
        seconds = lambda text: sum(float(part) * unit for part, unit in zip(text.split(":"), (3600, 60, 1)))
        return abs(seconds(ours) - seconds(theirs)) < 2e-6
    return clean(ours) == clean(theirs)


def sidecars(command: list, out: pathlib.Path) -> list[dict]:
    subprocess.run(command, capture_output=True)
    return [json.loads(p.read_text()) for p in sorted(out.rglob("*.json")) if p.name != "run.json"]


def main(hilum: str) -> int:
    compared, differences, lacking = 0, [], set()
    sources = [ROOT / "fixtures" / "ct-series", *(PYDICOM / name for name in FILES)]
    for source in [sorted(p.iterdir())[0] if p.is_dir() else p for p in sources if p.exists()]:
        with tempfile.TemporaryDirectory() as scratch:
            theirs_folder, ours_folder = pathlib.Path(scratch, "theirs"), pathlib.Path(scratch, "ours")
            theirs_folder.mkdir()
            theirs = sidecars(
                ["dcm2niix", "-z", "n", "-b", "o", "-o", str(theirs_folder), "-s", "y", str(source)], theirs_folder)
            ours = sidecars([hilum, "convert", str(source), "-o", str(ours_folder), "--quiet"],
                            ours_folder)
        if len(theirs) != 1 or len(ours) != 1:
            continue
        for one, mine in zip(theirs, ours):
            for name in set(one) - OWN:
                if name not in mine:
                    lacking.add(name)
                    continue
                compared += 1
                if not close(mine[name], one[name]):
                    differences.append(f"{source.name}: {name} is {mine[name]}, dcm2niix says {one[name]}")
    print(f"{compared} values compared, {len(differences)} differ; only dcm2niix writes {', '.join(sorted(lacking)) or 'none'}")
    for text in differences:
        print(text)
    return 1 if differences or not compared else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
