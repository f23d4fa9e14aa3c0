"""What the made DICOM files have in common: data sets, images, and how they are written."""
import itertools
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian, UID

PYDICOM = Path(pydicom.__file__).parent / "data/test_files"
LITTLE, BIG, IMPLICIT = ExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian
DEFLATED_FRAME = UID("1.2.840.10008.1.2.8.1")
rng = np.random.Generator(np.random.PCG64(7))
numbers = itertools.count()


def uid():
    # Below the root that PS3.5 B.2 gives to UUIDs; counted, so that the files stay the same.
    return f"2.25.20261122.{next(numbers)}"


def dataset(shape, syntax=LITTLE, photometric="MONOCHROME2", allocated=16, stored=None, signed=0, frames=None, **more):
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = uid()
    ds.StudyInstanceUID, ds.SeriesInstanceUID = uid(), uid()
    ds.Modality, ds.PatientID = "OT", "MADE"
    ds.Rows, ds.Columns = shape
    ds.SamplesPerPixel = 1 if photometric.startswith("MONO") or photometric == "PALETTE COLOR" else 3
    ds.PhotometricInterpretation = photometric
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = allocated, stored or allocated, (stored or allocated) - 1
    ds.PixelRepresentation = signed
    if ds.SamplesPerPixel == 3:
        ds.PlanarConfiguration = 0
    if frames:
        ds.NumberOfFrames = frames
    for key, value in more.items():
        setattr(ds, key, value)
    return ds


class Maker:
    def __init__(self, folder):
        self.folder, self.made = folder, []

    def save(self, name, ds, refusal=None, expected=None):
        path = self.folder / f"{name}.dcm"
        big = ds.file_meta.TransferSyntaxUID == BIG
        implicit = ds.file_meta.TransferSyntaxUID == IMPLICIT
        # The transfer syntax is not among pydicom's, so it must not check the file.
        ds.preamble = b"\0" * 128
        ds.file_meta.ImplementationClassUID = "2.25.20261121.0"
        pydicom.dcmwrite(path, ds, little_endian=not big, implicit_vr=implicit, force_encoding=True)
        self.made.append((path, refusal, expected))

    def native(self, name, pixels, ds, vr="OW", refusal=None, expected=None):
        data = pixels.astype(pixels.dtype.newbyteorder(">" if ds.file_meta.TransferSyntaxUID == BIG else "<")).tobytes()
        ds.PixelData = data + b"\0" * (len(data) % 2)
        ds["PixelData"].VR = vr
        self.save(name, ds, refusal, expected)

    def frames(self, name, ds, frames, refusal=None, expected=None, **how):
        ds.PixelData = encapsulate(frames, **how)
        ds["PixelData"].VR = "OB"
        ds["PixelData"].is_undefined_length = True
        self.save(name, ds, refusal, expected)


def smooth(shape, low, high, dtype):
    """An image that codecs can do something with: waves, a little noise, both ends of the range."""
    y, x = np.mgrid[0:shape[0], 0:shape[1]]
    waves = np.sin(x / 5.0) + np.cos(y / 3.0) + rng.normal(0, 0.02, shape)
    scaled = (waves - waves.min()) / (waves.max() - waves.min())
    return np.round(low + scaled * (high - low)).astype(dtype)


def color(shape, high, dtype):
    red, green = smooth(shape, 0, high, dtype), smooth(shape, high // 4, high, dtype).T.reshape(shape)
    return np.stack([red, green, smooth(shape, 0, high // 2, dtype)], -1)


def rgb_of_ybr(ybr, bits):
    """PS3.3 C.7.6.3.1.2, inverted in exact whole numbers."""
    y, cb, cr = (ybr[..., i].astype(np.int64) - (i > 0) * 2 ** (bits - 1) for i in range(3))
    red, blue = (1000 * y + 1402 * cr + 500) // 1000, (1000 * y + 1772 * cb + 500) // 1000
    green = (587000 * y - 202008 * cb - 419198 * cr + 293500) // 587000
    return np.clip(np.stack([red, green, blue], -1), 0, 2**bits - 1)
