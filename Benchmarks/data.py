"""The images that the benchmarks read, made by seed: one CT series, the same compressed, and radiographs."""
import subprocess
import sys
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ComputedRadiographyImageStorage, ExplicitVRLittleEndian

SLICES, SIZE = 300, 512
ROOT = "1.2.826.0.1.3680043.10.999"


def image(sop_class: str, modality: str, number: int, series: str, rows: int, bits: int) -> Dataset:
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = sop_class
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = f"{series}.{number + 1}"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = f"{ROOT}.1", series
    ds.Modality, ds.PatientID, ds.SeriesNumber, ds.InstanceNumber = modality, "BENCH", 1, number + 1
    ds.Rows = ds.Columns = rows
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, bits, bits - 1
    return ds


def ct_slices():
    """A noisy cylinder in air, 0.7 x 0.7 x 1.25 mm; the noise has the deviation of a chest CT (15 HU)."""
    random = np.random.default_rng(1)
    y, x = np.mgrid[:SIZE, :SIZE]
    for index in range(SLICES):
        ds = image(CTImageStorage, "CT", index, f"{ROOT}.2", SIZE, 16)
        ds.PixelRepresentation = 1
        ds.ImagePositionPatient, ds.ImageOrientationPatient = [0, 0, 1.25 * index], [1, 0, 0, 0, 1, 0]
        ds.PixelSpacing, ds.SliceThickness = [0.7, 0.7], 1.25
        ds.RescaleSlope, ds.RescaleIntercept = 1, -1024
        body = np.where((y - 256) ** 2 + (x - 256) ** 2 < (180 + index // 10) ** 2, 1064.0, 24.0)
        ds.PixelData = np.clip(body + random.normal(0, 15, body.shape), 0, 4095).astype(np.int16).tobytes()
        yield ds


def make_ct(folder: Path) -> None:
    folder.mkdir(parents=True)
    for index, ds in enumerate(ct_slices()):
        ds.save_as(folder / f"{index:04}.dcm", enforce_file_format=True)


def compress(source: Path, folder: Path) -> None:
    """JPEG lossless, first-order prediction, by DCMTK's own tool."""
    folder.mkdir(parents=True)
    for path in sorted(source.iterdir()):
        subprocess.run(["dcmcjpeg", "+e1", "+un", str(path), str(folder / path.name)], check=True)


def make_radiographs(folder: Path, count: int) -> None:
    """2048 x 2048, 12 bits stored of 16."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(2)
    y, x = np.mgrid[:2048, :2048]
    chest = 1500 + 1000 * np.sin(x / 300) * np.cos(y / 400)
    base = np.clip(chest + random.normal(0, 40, chest.shape), 0, 4095).astype(np.uint16)
    for index in range(count):
        ds = image(ComputedRadiographyImageStorage, "CR", index, f"{ROOT}.3", 2048, 12)
        ds.PixelRepresentation = 0
        ds.ImagerPixelSpacing = [0.2, 0.2]
        ds.PixelData = np.roll(base, index * 37, axis=1).tobytes()
        ds.save_as(folder / f"{index:04}.dcm", enforce_file_format=True)


if __name__ == "__main__":
    kind, *words = sys.argv[1:]
    if kind == "ct":
        make_ct(Path(words[0]))
    elif kind == "jpeg":
        compress(Path(words[0]), Path(words[1]))
    else:
        make_radiographs(Path(words[0]), int(words[1]))
