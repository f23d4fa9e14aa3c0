"""Every DICOM image in the wheels of pydicom, pynetdicom, highdicom and wsidicom-data, and made ones of every pixel
kind, read by the built command and by pydicom with its plugins: voxel by voxel, or refused with a known reason.

Usage: compare_dicom_files.py HILUM      (ends with "N passed, N failed"; exit 1 when something failed)
"""
import collections
import json
import subprocess
import sys
import tempfile
import warnings
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import pydicom
from pydicom.pixels import apply_color_lut, apply_modality_lut, pixel_array

import dicom_variants

warnings.filterwarnings("ignore")
HILUM = str(Path(sys.argv[1]).resolve())
WHEELS = ["pydicom", "pynetdicom", "highdicom", "wsidicom-data"]

# What is refused, by file name, with the words of the reason. A file that is read from now on, or refused for another
# reason, fails the comparison.
REFUSED = {
    "MR_truncated.dcm": "the file ends too early",
    # Its last fragment is cut short; pydicom decodes what is left.
    "SC_rgb_jpeg.dcm": "the file ends too early",
    # The codestream says that it is 3,722,445,056 pixels wide.
    "JPEG2000-embedded-sequence-delimiter.dcm": "more tiles than the limit",
    "badVR.dcm": "Number of Frames (0028,0008) is no positive number",
    "chrJapMulti.dcm": "holds no pixel data",
    "chrJapMultiExplicitIR6.dcm": "holds no pixel data",
    "chrKoreanMulti.dcm": "holds no pixel data",
}
# JPEG is lossy and its decoders may round differently: largest difference in any sample, and on average.
LOSSY = (3, 0.2)
# 12-bit JPEG, which most of pydicom's plugins cannot decode; the reference is dcmdjpeg of DCMTK, and exact.
BY_DCMDJPEG = {"JPGExtended.dcm", "JPEG-lossy.dcm", "wsidicom_4.51_GRAYSCALE_12.dcm"}


def hilum(path, work):
    """The voxels of one file through the rescale stage, or the reason why there are none."""
    work.mkdir()
    (work / "p.yaml").write_text("stages: [rescale]\noutputs: { tensors: npy }\n")
    result = subprocess.run(
        [HILUM, "run", str(work / "p.yaml"), str(path), "-o", str(work / "o"), "--quiet"], capture_output=True,
        text=True, timeout=120)
    if result.returncode not in (0, 1):
        raise SystemExit(f"hilum ended with {result.returncode} on {path.name}: {result.stderr}")
    line = json.loads((work / "o/manifest.jsonl").read_text().splitlines()[0])
    if line["status"] != "ok":
        return None, line["error"]["message"]
    return np.load(work / "o" / line["outputs"][0]), None


def is_lossy(ds):
    return ds.file_meta.get("TransferSyntaxUID") in (pydicom.uid.JPEGBaseline8Bit, pydicom.uid.JPEGExtended12Bit)


def stored(ds, path, work):
    """Stored values, colours as RGB: `[frames, rows, columns(, 3)]`."""
    if path.name in BY_DCMDJPEG:
        subprocess.run(["dcmdjpeg", "--quiet", str(path), str(work / "native.dcm")], check=True)
        ds = pydicom.dcmread(work / "native.dcm")
    pixels = pixel_array(ds, raw=False)
    if ds.get("PhotometricInterpretation") == "PALETTE COLOR":
        pixels = apply_color_lut(pixels, ds)
    is_color = pixels.shape[-1] == 3 and ds.get("PhotometricInterpretation") not in ("MONOCHROME1", "MONOCHROME2")
    return pixels if pixels.ndim == 3 + is_color else pixels[None]


def output(pixels, ds):
    """Output values by the Modality LUT or, for RT dose, the scaling of its grid."""
    if "DoseGridScaling" in ds:
        return pixels * float(ds.DoseGridScaling)
    return apply_modality_lut(pixels, ds) if pixels.ndim == 3 else pixels


def compare(path, work, expect=None, values=None):
    """One of "equal", "lossy" and "refused", or a complaint."""
    ours, reason = hilum(path, work)
    wanted = REFUSED.get(path.name) if expect is None else expect
    if reason is not None:
        return "refused" if wanted and wanted in reason else f"refused: {reason}"
    if wanted:
        return f"read, while it was refused for: {wanted}"
    ds = pydicom.dcmread(path, force=True)
    if "TransferSyntaxUID" not in ds.file_meta:
        ds.file_meta.TransferSyntaxUID = pydicom.uid.ImplicitVRLittleEndian
    pixels = stored(ds, path, work) if values is None else values
    theirs = output(pixels, ds).astype(np.float32)
    theirs = np.moveaxis(theirs, -1, 0) if theirs.ndim == 4 else theirs[None]
    if ours.shape != theirs.shape:
        return f"shape {ours.shape}, theirs {theirs.shape}"
    keep = np.ones(theirs.shape, bool)
    for kind in ["", "Float"]:
        first = ds.get(f"{kind}PixelPaddingValue")
        if first is not None and theirs.shape[0] == 1:
            ends = sorted([first, ds.get(f"{kind}PixelPaddingRangeLimit", first)])
            keep = ((pixels < ends[0]) | (pixels > ends[1]))[None]
    difference = np.abs(ours.astype(np.float64) - theirs)[keep]
    if is_lossy(ds) and path.name not in BY_DCMDJPEG:
        if difference.max() <= LOSSY[0] and difference.mean() <= LOSSY[1]:
            return "lossy"
    # One rounding to float32 lies between slopes in double precision and ours.
    elif np.array_equal(ours[keep], theirs[keep], equal_nan=True) or (difference <= 1e-7 * np.abs(theirs[keep])).all():
        return "equal"
    return f"differs by up to {difference.max()}, on average {difference.mean():.4f}"


def images(wheel):
    """Files of a wheel that pydicom reads as an image or that claim to be one."""
    for file in distribution(wheel).files:
        path = Path(file.locate())
        if not path.is_file() or path.suffix not in (".dcm", "", ".DCM"):
            continue
        try:
            ds = pydicom.dcmread(path, force=True, stop_before_pixels=True)
        except Exception:
            continue
        if "Rows" in ds:
            yield path, ds


def family(ds):
    syntax = ds.file_meta.get("TransferSyntaxUID") if hasattr(ds, "file_meta") else None
    return syntax.name.split(":")[0].split(",")[0][:44] if syntax else "no transfer syntax stated"


def main():
    table = collections.defaultdict(collections.Counter)
    complaints, refusals, seen = [], [], set()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        found = [(wheel, *item, None, None) for wheel in WHEELS for item in images(wheel)]
        (work / "made").mkdir()
        made = dicom_variants.make(work / "made")
        for path, refusal, values in made:
            found.append(("made", path, pydicom.dcmread(path, stop_before_pixels=True), refusal or "", values))
        for number, (origin, path, ds, expect, values) in enumerate(found):
            verdict = compare(path, work / str(number), expect, values)
            key = (origin, family(ds))
            table[key]["files"] += 1
            seen.add(path.name)
            if verdict in ("equal", "lossy", "refused"):
                table[key][verdict] += 1
                if verdict == "refused":
                    refusals.append(f"{origin}: {path.name}: {REFUSED.get(path.name) if expect is None else expect}")
            else:
                table[key]["failed"] += 1
                complaints.append(f"FAILED {origin}: {path.name}: {verdict}")
    columns = ["files", "equal", "lossy", "refused", "failed"]
    print(f"{'':62}" + "".join(f"{column:>9}" for column in columns))
    for (origin, name), counts in sorted(table.items()):
        print(f"{origin:16}{name:46}" + "".join(f"{counts[column]:9}" for column in columns))
    complaints += [f"FAILED {name}: not among the files" for name in REFUSED.keys() - seen]
    print("refused:", *refusals, sep="\n  ")
    print(*complaints, sep="\n")
    total = sum(counts["files"] for counts in table.values())
    print(f"{total - len(complaints)} passed, {len(complaints)} failed")
    sys.exit(bool(complaints) or total < 100)


main()
