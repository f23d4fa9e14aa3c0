"""Writing the pieces of an edge case: slices, enhanced objects, mosaics, whose voxels tell where they lie.

Every voxel is a linear function of its place in the patient, LPS mm: any reader that puts it elsewhere shows it,
even after re-gridding.
"""

import hashlib
import pathlib
import struct

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRBigEndian, ExplicitVRLittleEndian

CT, MR, PET = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.128"
ENHANCED_CT, ENHANCED_MR = "1.2.840.10008.5.1.4.1.1.2.1", "1.2.840.10008.5.1.4.1.1.4.1"

ROWS, COLUMNS, SLICES, GAP = 20, 28, 6, 3.0
SPACING = (1.25, 1.0)  # between rows, between columns


def value(position: np.ndarray) -> np.ndarray:
    """What a voxel at `position` (..., 3) holds after rescaling."""
    return 1000 + position @ np.array([4.0, 6.0, 10.0])


class Grid:
    """Planes with places: pixel (row, column) of plane k is at origins[k] + column * x + row * y."""

    def __init__(self, row=(1, 0, 0), column=(0, 1, 0), spacing=SPACING, depths=None, step=None, origin=(-12, -9, -8),
                 shape=(ROWS, COLUMNS), slices=SLICES):
        self.row, self.column = (np.array(v, float) / np.linalg.norm(v) for v in (row, column))
        self.normal = np.cross(self.row, self.column)
        self.spacing, self.shape = spacing, shape
        depths = np.arange(slices) * GAP if depths is None else np.array(depths, float)
        step = self.normal if step is None else np.array(step, float)
        self.origins = np.array(origin, float) + depths[:, None] * step

    def __len__(self):
        return len(self.origins)

    def positions(self, index: int) -> np.ndarray:
        rows, columns = np.indices(self.shape)
        return (self.origins[index] + rows[..., None] * self.column * self.spacing[0]
                + columns[..., None] * self.row * self.spacing[1])

    def plane(self, index: int, offset: float = 0.0) -> np.ndarray:
        return value(self.positions(index)) + offset

    @property
    def orientation(self) -> list[str]:
        return [number(v) for v in (*self.row, *self.column)]


def number(v: float) -> str:
    """A decimal string of at most 16 characters."""
    for digits in range(12, 0, -1):
        text = f"{v:.{digits}g}"
        if len(text) <= 16:
            return text
    raise ValueError(v)


class Study:
    """A folder of files with identifiers that depend on its name alone."""

    def __init__(self, folder: pathlib.Path):
        self.folder, self.count = folder, 0
        folder.mkdir(parents=True)

    def uid(self, text: str) -> str:
        return "2.25." + str(int(hashlib.sha256(f"{self.folder.name}/{text}".encode()).hexdigest()[:30], 16))

    def base(self, sop_class=CT, modality="CT", series="1", number_=1) -> Dataset:
        self.count += 1
        ds = Dataset()
        ds.SOPClassUID, ds.SOPInstanceUID = sop_class, self.uid(f"instance {self.count}")
        ds.StudyInstanceUID, ds.SeriesInstanceUID = self.uid("study"), self.uid(f"series {series}")
        ds.FrameOfReferenceUID = self.uid("frame")
        ds.Modality, ds.PatientID, ds.PatientName = modality, "EDGE", "Edge^Case"
        ds.StudyDate, ds.StudyTime, ds.AccessionNumber = "20200101", "120000", ""
        ds.SeriesNumber, ds.InstanceNumber = int(series) if series.isdigit() else 1, number_
        ds.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        return ds

    def slice(self, grid: Grid, index: int, *, offset=0.0, stored=None, slope=1.0, intercept=-1024.0, bits=16,
              used=12, high=None, signed=False, **options) -> Dataset:
        """One single-frame file's data set; `stored` stands in for the values of the grid."""
        ds = self.base(number_=index + 1, **options)
        ds.ImagePositionPatient = [number(v) for v in grid.origins[index]]
        ds.ImageOrientationPatient = grid.orientation
        ds.PixelSpacing = [number(v) for v in grid.spacing]
        ds.SliceThickness = number(GAP)
        if slope is not None:
            ds.RescaleSlope, ds.RescaleIntercept, ds.RescaleType = number(slope), number(intercept), "HU"
        else:
            slope, intercept = 1.0, 0.0
        if stored is None:
            stored = np.rint((grid.plane(index, offset) - intercept) / slope)
        set_pixels(ds, stored, bits, used, used - 1 if high is None else high, signed)
        return ds

    def save(self, ds: Dataset, name=None, syntax=ExplicitVRLittleEndian, preamble=True) -> pathlib.Path:
        path = self.folder / (name or f"{self.count:03d}.dcm")
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = ds.SOPClassUID, ds.get("SOPInstanceUID", "1.2")
        meta.TransferSyntaxUID, meta.ImplementationClassUID = UID(syntax), "2.25.1"
        implicit, little = UID(syntax).is_implicit_VR, UID(syntax).is_little_endian
        if syntax == ExplicitVRBigEndian:
            width = ds.BitsAllocated // 8
            ds.PixelData = np.frombuffer(ds.PixelData, f"<u{width}").astype(f">u{width}").tobytes()
        if preamble:
            ds.file_meta = meta
            ds.save_as(path, enforce_file_format=True)
        else:
            ds.save_as(path, implicit_vr=implicit, little_endian=little, enforce_file_format=False)
        return path

    def series(self, grid: Grid, change=None, names=None, save=None, **options) -> list[Dataset]:
        """All slices of a grid; `change(ds, index)` may return another data set."""
        result = []
        for index in range(len(grid)):
            ds = self.slice(grid, index, **options)
            ds = (change(ds, index) if change else None) or ds
            result.append(ds)
            self.save(ds, names[index] if names else None, **(save or {}))
        return result


def set_pixels(ds, stored, bits, used, high, signed, photometric="MONOCHROME2", samples=1):
    stored = np.asarray(stored)
    low, top = (-(1 << used - 1), (1 << used - 1) - 1) if signed else (0, (1 << used) - 1)
    assert stored.min() >= low and stored.max() <= top, f"{stored.min()} to {stored.max()} in {used} bits"
    words = stored.astype(np.int64) & ((1 << used) - 1)
    words = words << high - used + 1
    ds.Rows, ds.Columns = stored.shape[:2] if samples == 3 else stored.shape[-2:]
    ds.SamplesPerPixel, ds.PhotometricInterpretation = samples, photometric
    if samples > 1:
        ds.PlanarConfiguration = 0
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = bits, used, high, int(signed)
    data = words.astype(f"<u{bits // 8}").tobytes()
    ds.PixelData = data + b"\0" * (len(data) % 2)
    ds["PixelData"].VR = "OW" if bits > 8 else "OB"


def item(**values) -> Dataset:
    ds = Dataset()
    for name, v in values.items():
        setattr(ds, name, v)
    return ds


def enhanced(study: Study, frames: list[dict], sop_class=ENHANCED_CT, modality="CT", dimensions=(), series="1") -> Dataset:
    """A multi-frame object. Each frame: position, orientation, stored, and optionally slope, intercept, groups (more
    functional groups by keyword) and content (of the Frame Content Sequence)."""
    ds = study.base(sop_class, modality, series)
    first = frames[0]["grid"]
    ds.NumberOfFrames = len(frames)
    shared = Dataset()
    shared.PixelMeasuresSequence = Sequence([item(PixelSpacing=[number(v) for v in first.spacing], SliceThickness="3")])
    ds.SharedFunctionalGroupsSequence = Sequence([shared])
    groups, planes = [], []
    for frame in frames:
        grid, index = frame["grid"], frame["index"]
        slope, intercept = frame.get("slope", 1.0), frame.get("intercept", -1024.0)
        planes.append(np.rint((grid.plane(index, frame.get("offset", 0.0)) - intercept) / slope))
        group = Dataset()
        group.PlanePositionSequence = Sequence([item(ImagePositionPatient=[number(v) for v in grid.origins[index]])])
        group.PlaneOrientationSequence = Sequence([item(ImageOrientationPatient=grid.orientation)])
        group.PixelValueTransformationSequence = Sequence(
            [item(RescaleSlope=number(slope), RescaleIntercept=number(intercept), RescaleType="HU")])
        group.FrameContentSequence = Sequence([item(**frame.get("content", {}))])
        for name, content in frame.get("groups", {}).items():
            setattr(group, name, Sequence([content]))
        groups.append(group)
    ds.PerFrameFunctionalGroupsSequence = Sequence(groups)
    if dimensions:
        ds.DimensionIndexSequence = Sequence([item(DimensionIndexPointer=tag) for tag in dimensions])
    set_pixels(ds, np.stack(planes), 16, 16, 15, False)
    return ds


def csa_header(tags: dict[str, list[str]]) -> bytes:
    """Siemens' "SV10" header (nibabel's description of it)."""
    out = b"SV10\4\3\2\1" + struct.pack("<II", len(tags), 77)
    for name, values in tags.items():
        out += name.encode().ljust(64, b"\0") + struct.pack("<i4sii", len(values), b"FD\0\0", 4, len(values))
        out += struct.pack("<i", 77)
        for text in values:
            data = text.encode() + b"\0"
            out += struct.pack("<4i", len(data), len(data), 77, len(data)) + data + b"\0" * (-len(data) % 4)
    return out + b"\0" * (len(out) % 2)


def mosaic(study: Study, grid: Grid, time=0, csa=True, count=True, block=0x10, descending=False, offset=0.0) -> Dataset:
    """All slices of a grid in one picture; `descending` counts tiles against the normal."""
    tiles = len(grid)
    side = int(np.ceil(np.sqrt(tiles)))
    rows, columns = grid.shape
    picture = np.zeros((side * rows, side * columns))
    order = list(range(tiles))[::-1] if descending else list(range(tiles))
    for tile, index in enumerate(order):
        r, c = divmod(tile, side)
        picture[r * rows:(r + 1) * rows, c * columns:(c + 1) * columns] = grid.plane(index, offset)
    ds = study.base(MR, "MR", number_=time + 1)
    ds.ImageType, ds.Manufacturer = ["ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC"], "SIEMENS"
    corner = (grid.origins[order[0]] - grid.row * grid.spacing[1] * (columns * side - columns) / 2
              - grid.column * grid.spacing[0] * (rows * side - rows) / 2)
    ds.ImagePositionPatient, ds.ImageOrientationPatient = [number(v) for v in corner], grid.orientation
    ds.PixelSpacing, ds.SliceThickness = [number(v) for v in grid.spacing], "2.5"
    ds.SpacingBetweenSlices = number(GAP)
    ds.AcquisitionMatrix = [0, columns, rows, 0]
    ds.AcquisitionNumber, ds.AcquisitionTime = time + 1, f"1200{2 * time:02d}.000000"
    if count:
        ds.add_new((0x0019, block), "LO", "SIEMENS MR HEADER")
        ds.add_new((0x0019, block << 8 | 0x0A), "US", tiles)
    if csa:
        normal = -grid.normal if descending else grid.normal
        ds.add_new((0x0029, block), "LO", "SIEMENS CSA HEADER")
        tags = {"NumberOfImagesInMosaic": [str(tiles)], "SliceNormalVector": [f"{v:.8f}" for v in normal]}
        ds.add_new((0x0029, block << 8 | 0x10), "OB", csa_header(tags))
    set_pixels(ds, np.rint(picture), 16, 12, 11, False)
    return ds


def lossless_jpeg(plane: np.ndarray, bits: int, predictor: int) -> bytes:
    """A lossless JPEG stream (ITU-T T.81 Annex H, SOF3) of one component."""
    plane = plane.astype(np.int64)
    rows, columns = plane.shape
    left, above, corner = np.zeros_like(plane), np.zeros_like(plane), np.zeros_like(plane)
    left[:, 1:], above[1:], corner[1:, 1:] = plane[:, :-1], plane[:-1], plane[:-1, :-1]
    guess = {1: left, 6: above + ((left - corner) >> 1)}[predictor]
    guess[0, 1:], guess[1:, 0], guess[0, 0] = plane[0, :-1], plane[:-1, 0], 1 << bits - 1
    difference = (plane - guess + 32768) % 65536 - 32768
    text = []
    for d in difference.ravel().tolist():
        size = abs(d).bit_length()
        text.append(f"{size:05b}")  # every category has a code of 5 bits
        if size and size < 16:
            text.append(f"{d if d > 0 else d + (1 << size) - 1:0{size}b}")
    stream = "".join(text)
    stream += "1" * (-len(stream) % 8)
    data = int(stream, 2).to_bytes(len(stream) // 8, "big").replace(b"\xff", b"\xff\0")
    table = bytes([0, 0, 0, 0, 0, 17] + [0] * 11) + bytes(range(17))
    return (b"\xff\xd8\xff\xc3" + struct.pack(">HBHHBBBB", 11, bits, rows, columns, 1, 1, 0x11, 0)
            + b"\xff\xc4" + struct.pack(">H", 2 + len(table)) + table
            + b"\xff\xda" + struct.pack(">HBBBBBB", 8, 1, 1, 0, predictor, 0, 0) + data + b"\xff\xd9")
