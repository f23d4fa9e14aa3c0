"""Cuts the face out of a head as DICOM, and looks with pydicom at what came out.

    python faces.py HILUM [--templates /usr/share/mricron/templates]

The head is Colin27 from Debian's mricron-data, whose brain is known. Written as an MR series: uncompressed, and RLE. Exit 1
when a brain voxel changed, the face is there still, or a file does not say what was done.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import nibabel
import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage, RLELossless

ROOT = "1.2.826.0.1.3680043.10.999.11"


def axial(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Voxels [depth, height, width] of axial slices in LPS, and the affine of the file."""
    image = nibabel.as_closest_canonical(nibabel.load(path))
    return np.asarray(image.dataobj)[::-1, ::-1, :].transpose(2, 1, 0), image.affine


def write(voxels: np.ndarray, affine: np.ndarray, folder: Path, syntax: str) -> None:
    folder.mkdir()
    depth, height, width = voxels.shape
    for index, plane in enumerate(voxels.astype(np.uint16)):
        ds = Dataset()
        ds.file_meta = FileMetaDataset()
        ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = MRImageStorage
        ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = f"{ROOT}.{index + 1}"
        ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.Modality = f"{ROOT}.1000", f"{ROOT}.1001", "MR"
        ds.PatientID, ds.PatientName, ds.InstanceNumber = "HEAD1", "Colin^Twentyseven", index + 1
        ds.ImageType = ["ORIGINAL", "PRIMARY"]
        ds.ImagePositionPatient = [-(affine[0, 0] * (width - 1) + affine[0, 3]),
                                   -(affine[1, 1] * (height - 1) + affine[1, 3]), affine[2, 2] * index + affine[2, 3]]
        ds.ImageOrientationPatient, ds.PixelSpacing = [1, 0, 0, 0, 1, 0], [affine[1, 1], affine[0, 0]]
        ds.SliceThickness, ds.Rows, ds.Columns = affine[2, 2], height, width
        ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PixelRepresentation = 1, "MONOCHROME2", 0
        ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 12, 11
        ds.PixelData = plane.tobytes()
        if syntax != ExplicitVRLittleEndian:
            ds.compress(syntax)
        ds.save_as(folder / f"{index:03}.dcm", enforce_file_format=True)


def read(folder: Path) -> list[Dataset]:
    files = [pydicom.dcmread(p) for p in folder.glob("*/*/*/*") if p.is_file()]
    return sorted(files, key=lambda ds: float(ds.ImagePositionPatient[2]))


def judge(hilum: str, templates: Path, work: Path, syntax: str) -> bool:
    voxels, affine = axial(templates / "ch2.nii.gz")
    brain = axial(templates / "ch2bet.nii.gz")[0] > 0
    source, out, pictures = work / "in", work / "out", work / "pictures"
    write(voxels, affine, source, syntax)
    subprocess.run([hilum, "key", "new", work / "key"], check=True, capture_output=True)
    subprocess.run([hilum, "anonymize", source, "-o", out, "--key", work / "key", "--quiet", "--option",
                    "clean-recognizable-visual-features", "--face-pictures", pictures], check=True)  # fmt: skip
    files = read(out)
    after = np.stack([ds.pixel_array for ds in files])
    changed = after != voxels
    # The skin from the front, where a ray from there meets it first: in the middle half of the width, from brows to mouth.
    depth, height, width = voxels.shape
    tissue = voxels > 60
    skin = np.zeros_like(changed)
    z, x = np.nonzero(tissue.any(axis=1))
    skin[z, tissue.argmax(axis=1)[z, x], x] = True
    face = skin.copy()
    face[depth // 4 :] = face[:, height // 3 :] = False
    face[:, :, : width // 4] = face[:, :, -(width // 4) :] = False
    verified = subprocess.run([hilum, "verify", out, "--key", work / "key", "--against", source, "--quiet"]).returncode
    claims = sum("113102" in [item.CodeValue for item in ds.DeidentificationMethodCodeSequence] for ds in files)
    results = {
        "brain voxels changed": (int((changed & brain).sum()), 0),
        "files that claim 113102": (claims, depth),
        "pictures": (len(list(pictures.glob("*.png"))), 1),
        "verify": (verified, 0),
    }
    share = float(changed[face].mean())
    print(f"{pydicom.uid.UID(syntax).name}: {share:.1%} of the face's skin is gone; "
          + ", ".join(f"{name} {found} of {wanted}" for name, (found, wanted) in results.items()))  # fmt: skip
    return share > 0.95 and all(found == wanted for found, wanted in results.values())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("hilum")
    parser.add_argument("--templates", type=Path, default=Path("/usr/share/mricron/templates"))
    arguments = parser.parse_args()
    good = True
    for syntax in (ExplicitVRLittleEndian, RLELossless):
        with tempfile.TemporaryDirectory() as scratch:
            good &= judge(arguments.hilum, arguments.templates, Path(scratch), syntax)
    sys.exit(not good)
