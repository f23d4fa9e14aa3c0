"""Peak memory of `hilum run pipelines/ct-tensors.yaml` over many CT series: it must follow the workers, not the data set.

Usage: memory.py HILUM [--series 200] [--workers 2] [--folder DIR]
Each series has 300 slices of 512 x 512, 0.8 mm and 1 mm apart, RLE-compressed (small on disk, full size in memory). Only
the UIDs differ from series to series.
"""
import argparse
import os
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, RLELossless

ROOT = Path(__file__).resolve().parents[1]
SLICES, SIZE = 300, 512


def make_slices():
    y, x = np.mgrid[:SIZE, :SIZE]
    for index in range(SLICES):
        ds = Dataset()
        ds.file_meta = FileMetaDataset()
        ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        ds.SOPClassUID, ds.Modality, ds.PatientID, ds.InstanceNumber = CTImageStorage, "CT", "BENCH", index + 1
        ds.ImagePositionPatient, ds.ImageOrientationPatient = [0, 0, index], [1, 0, 0, 0, 1, 0]
        ds.PixelSpacing, ds.SliceThickness = [0.8, 0.8], 1
        ds.Rows = ds.Columns = SIZE
        ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
        ds.BitsAllocated = ds.BitsStored = 16
        ds.HighBit, ds.PixelRepresentation = 15, 1
        ds.RescaleSlope, ds.RescaleIntercept = 1, -1024
        ds.PixelData = np.where((y - 256) ** 2 + (x - 256) ** 2 < (100 + index // 3) ** 2, 1064, 24).astype(np.int16).tobytes()
        ds.SOPInstanceUID = "1.2.3"
        ds.compress(RLELossless)
        yield ds


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("hilum")
    parser.add_argument("--series", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as work:
        work = Path(work)
        slices = list(make_slices())
        for series in range(arguments.series):
            folder = work / f"in/{series:03}"
            folder.mkdir(parents=True)
            for index, ds in enumerate(slices):
                ds.StudyInstanceUID = f"1.2.826.0.1.3680043.10.999.{series + 1}"
                ds.SeriesInstanceUID = ds.StudyInstanceUID + ".1"
                ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = f"{ds.SeriesInstanceUID}.{index + 1}"
                ds.file_meta.MediaStorageSOPClassUID = CTImageStorage
                ds.save_as(folder / f"{index:03}.dcm", enforce_file_format=True)
        start = time.monotonic()
        process = subprocess.Popen([
            arguments.hilum, "run", str(ROOT / "pipelines/ct-tensors.yaml"), str(work / "in"), "-o", str(work / "out"),
            "--workers", str(arguments.workers), "--quiet"])
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        lines = (work / "out/manifest.jsonl").read_text().splitlines()
        ok = sum('"status":"ok"' in line for line in lines)
        print(f"{ok} of {arguments.series} series ok, exit {os.waitstatus_to_exitcode(status)}, {seconds:.0f} s, "
              f"peak {usage.ru_maxrss / 1024:.0f} MiB with {arguments.workers} workers")


main()
