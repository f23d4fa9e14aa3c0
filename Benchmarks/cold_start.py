"""Times `hilum detect` from a cold start: one DICOM file to boxes, a heatmap a box and JSON, whole processes.

Usage: cold_start.py HILUM [--runs 5] [--drop-caches]
The file is the slice with the simulated lesion of fixtures/demo. With --drop-caches (as root) the program, its libraries and
weights come from the disk each time, as after the machine was started.
"""
import argparse
import subprocess
import tempfile
from pathlib import Path

import nibabel
import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage, generate_uid
from run import timed

ROOT = Path(__file__).resolve().parents[1]


def make(path: Path) -> None:
    slices = np.asarray(nibabel.load(ROOT / "fixtures/demo/t1-simulated-lesion.nii.gz").dataobj)
    pixels = slices[:, :, 12].T[::-1].astype(np.uint16)
    ds, meta = Dataset(), FileMetaDataset()
    meta.TransferSyntaxUID, meta.MediaStorageSOPClassUID = ExplicitVRLittleEndian, MRImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid()
    ds.file_meta, ds.SOPClassUID, ds.SOPInstanceUID = meta, MRImageStorage, meta.MediaStorageSOPInstanceUID
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.Modality, ds.InstanceNumber = generate_uid(), generate_uid(), "MR", 1
    (ds.Rows, ds.Columns), ds.SamplesPerPixel, ds.PhotometricInterpretation = pixels.shape, 1, "MONOCHROME2"
    ds.BitsAllocated = ds.BitsStored = 16
    ds.HighBit, ds.PixelRepresentation = 15, 0
    ds.PixelSpacing, ds.ImageOrientationPatient, ds.ImagePositionPatient = [1, 1], [1, 0, 0, 0, 1, 0], [0, 0, 0]
    ds.PixelData = pixels.tobytes()
    ds.save_as(path, enforce_file_format=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("hilum")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--drop-caches", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        make(work / "slice.dcm")
        rows = []
        for run in range(arguments.runs):
            if arguments.drop_caches:
                subprocess.run(["sync"], check=True)
                Path("/proc/sys/vm/drop_caches").write_text("3")
            out = work / f"out{run}"
            rows.append(timed([arguments.hilum, "detect", str(work / "slice.dcm"), "-o", str(out), "--quiet"]))
        found = sorted(path.name for path in out.glob("slice.*"))
        wall, cpu, memory = sorted(rows)[len(rows) // 2]
        print(f"{wall * 1e3:.0f} ms, {cpu * 1e3:.0f} ms of processor time, {memory:.0f} MB; wrote {', '.join(found)}")


if __name__ == "__main__":
    main()
