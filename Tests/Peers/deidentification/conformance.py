"""Is what was valid still valid? dciodvfy's errors and dcm2niix's volumes, before and after.

    python conformance.py HILUM|identity|shallow|thorough [--limit 10]

Over every readable file of the pydicom wheel, each by itself. An error is new when dciodvfy tells it of the output more often
than of the input, values left aside. Files that dciodvfy or dcm2niix cannot read before are not compared.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import nibabel
import numpy as np
import pydicom
from tools import tool

# Files that must not come out: nobody's, cut off, or not what their transfer syntax says.
REFUSED = {
    "JPEGLSNearLossless_08.dcm": "neither a Patient ID nor a Study Instance UID",
    "JPEGLSNearLossless_16.dcm": "neither a Patient ID nor a Study Instance UID",
    "SC_rgb_jls_lossy_line.dcm": "neither a Patient ID nor a Study Instance UID",
    "SC_rgb_jls_lossy_sample.dcm": "neither a Patient ID nor a Study Instance UID",
    "SC_rgb_jpeg.dcm": "implicit elements in an explicit transfer syntax",
    "MR_truncated.dcm": "cut off",
    "rtplan_truncated.dcm": "cut off",
    "badVR.dcm": "more frames than 1A, its Number of Frames",
}
FILES = Path(pydicom.__file__).parent / "data" / "test_files"
VALUES = re.compile(r'"[^"]*"|= <[^>]*>|value <[^>]*>|\b\d+(\.\d+){2,}\b|UID \S+$|is <[^>]*>')


def readable() -> list[Path]:
    found = []
    for path in sorted(p for p in FILES.rglob("*") if p.is_file() and p.name != "DICOMDIR"):
        try:
            dataset = pydicom.dcmread(path)
            complete = dataset.get("SOPClassUID") and dataset.get("SOPInstanceUID")
            str(dataset)
        except Exception:
            continue
        if complete and dataset.SOPClassUID != "1.2.840.10008.1.3.10":
            found.append(path)
    return found


def errors(path: Path) -> Counter:
    done = subprocess.run(["dciodvfy", str(path)], capture_output=True, text=True, errors="replace")
    lines = (done.stdout + done.stderr).splitlines()
    return Counter(VALUES.sub("", line) for line in lines if line.startswith("Error"))


def volumes(path: Path, scratch: Path) -> list[tuple]:
    """Voxels and affine of what dcm2niix makes of the file."""
    scratch.mkdir()
    subprocess.run(["dcm2niix", "-b", "n", "-z", "n", "-s", "y", "-f", "%j_%s", "-o", str(scratch), str(path)],
                   capture_output=True)  # fmt: skip
    # Overlays become volumes of regions; the profile removes them.
    images = [nibabel.load(p) for p in sorted(scratch.glob("*.nii")) if "_ROI" not in p.name]
    made = [(np.asarray(image.dataobj).tobytes(), image.shape, image.affine.tobytes()) for image in images]
    return sorted(made, key=lambda volume: (volume[1], volume[0]))


def compare(under_test, path: Path, scratch: Path) -> tuple[list[str], bool]:
    """What is wrong, and whether dcm2niix had something to compare."""
    out = scratch / "out"
    under_test.run(path, out)
    written = [p for p in out.rglob("*") if p.is_file() and pydicom.misc.is_dicom(p)]
    if path.name in REFUSED:
        return (["written, though " + REFUSED[path.name]] if written else []), False
    if len(written) != 1:
        return ["not written"], False
    before, after, wrong = errors(path), errors(written[0]), []
    if not any("read failed" in line for line in before):
        wrong += [f"{count} x {line}" for line, count in (after - before).items()]
    original = volumes(path, scratch / "before")
    if original and original != volumes(written[0], scratch / "after"):
        wrong.append("dcm2niix makes another volume of it")
    return wrong, bool(original)


def main(name: str, limit: int) -> int:
    under_test, wrong, new_errors, compared, missing = tool(name), {}, 0, 0, 0
    files = readable()
    for path in files:
        with tempfile.TemporaryDirectory() as scratch:
            found, had_volume = compare(under_test, path, Path(scratch))
        compared += had_volume
        missing += found == ["not written"]
        new_errors += sum(int(line.split(" x ")[0]) for line in found if " x Error" in line)
        if found:
            wrong[path.relative_to(FILES)] = found
    for path, found in list(wrong.items())[:limit]:
        print(f"  {path}: " + "; ".join(found))
    print(f"{len(files)} files: {new_errors} new errors of dciodvfy, {missing} not written, {len(REFUSED)} refused as they must be, {compared} compared as NIfTI, "
          f"{len(wrong)} files with something wrong")  # fmt: skip
    return int(bool(wrong))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("--limit", type=int, default=40)
    arguments = parser.parse_args()
    sys.exit(main(arguments.tool, arguments.limit))
