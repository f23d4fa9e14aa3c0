"""Time and peak memory of `hilum anonymize` on one multi-frame object of several gigabytes.

Usage: large_object.py HILUM [--frames 7168] [--folder DIR]
Frames of 512 x 512 at 16 bits; twice their size is needed in the folder. The pixels that come out must be those that went in.
"""
import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pydicom
import pydicom.data
from pydicom.uid import generate_uid
from run import timed

FRAME = 512 * 512 * 2


def make(path, frames):
    """Written frame by frame: pydicom would hold them all."""
    ds = pydicom.dcmread(pydicom.data.get_testdata_file("CT_small.dcm"))
    del ds.DataSetTrailingPadding
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = pydicom.uid.MultiFrameGrayscaleWordSecondaryCaptureImageStorage
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    ds.Rows = ds.Columns = 512
    ds.NumberOfFrames, ds.Modality, ds.PixelData = frames, "OT", b""
    ds.save_as(path)
    noise = np.random.default_rng(1).integers(0, 4096, 512 * 512, np.uint16)
    with open(path, "r+b") as file:
        file.seek(-4, 2)
        file.write((frames * FRAME).to_bytes(4, "little"))
        for frame in range(frames):
            file.write(np.roll(noise, frame).tobytes())


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("hilum")
    p.add_argument("--frames", type=int, default=7168)
    p.add_argument("--folder", type=Path)
    a = p.parse_args()
    with tempfile.TemporaryDirectory(dir=a.folder) as scratch:
        folder = Path(scratch)
        (folder / "in").mkdir()
        make(folder / "in/large.dcm", a.frames)
        subprocess.run([a.hilum, "key", "new", folder / "key"], check=True, stdout=subprocess.DEVNULL)
        wall, cpu, peak = timed([a.hilum, "anonymize", str(folder / "in"), "-o", str(folder / "out"), "--key", str(folder / "key")])
        line = json.loads((folder / "out/manifest.jsonl").read_text())
        if line["status"] != "ok":
            sys.exit(f"nothing was written: {line['error']}")
        size, both = a.frames * FRAME, (folder / "in/large.dcm", folder / "out" / line["outputs"][0])
        skips = [str(path.stat().st_size - size) for path in both]
        same = subprocess.run(["cmp", *both, *skips]).returncode == 0
        print(f"{size / 1e9:.2f} GB: {wall:.1f} s, {cpu:.1f} s of CPU, {peak:.0f} MB,", "pixels the same" if same else "OTHER PIXELS")
        sys.exit(not same)


if __name__ == "__main__":
    main()
