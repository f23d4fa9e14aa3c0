"""Reads a tree of DICOM files for judging: every element by its path, pixel streams, raw bytes."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pydicom
from pydicom.encaps import generate_frames
from pydicom.errors import InvalidDicomError

INSTANCE_NUMBER, PIXEL_DATA = "00200013", "7FE00010"


def text(value) -> str:
    """One spelling of a value, for the answer key and for what is read back."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, (list, tuple, pydicom.multival.MultiValue)):
        return "\\".join(text(one) for one in value)
    if type(value) is float:
        return f"{value:.6g}"
    return "" if value is None else str(value).rstrip("\0 ")


@dataclass
class Harvest:
    path: Path
    dataset: pydicom.Dataset
    elements: dict[str, tuple[str, str]]  # path: (VR, value)

    @property
    def number(self) -> int | None:
        value = self.elements.get(INSTANCE_NUMBER, ("", ""))[1]
        return int(value) if value.isdigit() else None

    def value(self, path: str) -> str | None:
        return self.elements[path][1] if path in self.elements else None


def walk(dataset, prefix: str = ""):
    for element in dataset:
        path = f"{prefix}{element.tag:08X}"
        if element.VR == "SQ":
            yield path, ("SQ", str(len(element.value)))
            for i, item in enumerate(element.value):
                yield from walk(item, f"{path}[{i}].")
        else:
            value = text(element.value)
            yield path, (element.VR, value.rstrip("\0 ") if element.VR == "UN" else value)


def read(path: Path) -> Harvest | None:
    """None for a file that is not DICOM (a manifest, a report)."""
    try:
        dataset = pydicom.dcmread(path)
    except InvalidDicomError:
        if path.suffix != ".dcm":
            return None
        dataset = pydicom.dcmread(path, force=True)
    if not len(dataset):
        return None
    return Harvest(path, dataset, dict(walk(dataset)))


def read_tree(folder: Path) -> tuple[list[Harvest], list[Path]]:
    """The DICOM files, and all others."""
    found, others = [], []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        harvest = read(path)
        if harvest:
            found.append(harvest)
        else:
            others.append(path)
    return found, others


def without_comments(stream: bytes) -> bytes:
    """A JPEG or JPEG 2000 stream without what carries no image: comments, application segments, bytes after its end."""
    if stream[:2] == b"\xff\xd8":
        kept, at, end, dropped = b"\xff\xd8", 2, 0xDA, lambda m: m == 0xFE or 0xE0 <= m <= 0xEF
    elif stream[:2] == b"\xff\x4f":
        kept, at, end, dropped = b"\xff\x4f", 2, 0x90, lambda m: m == 0x64
    else:
        return stream
    while at + 4 <= len(stream) and stream[at + 1] != end:
        length = 2 + int.from_bytes(stream[at + 2 : at + 4], "big")
        if not dropped(stream[at + 1]):
            kept += stream[at : at + length]
        at += length
    return kept + stream[at : stream.rindex(b"\xff\xd9") + 2]


def native_size(ds) -> int:
    """Bytes of all frames, the odd last one padded."""
    bits = ds.Rows * ds.Columns * ds.get("SamplesPerPixel", 1) * ds.BitsAllocated * int(ds.get("NumberOfFrames", None) or 1)
    return (bits + 15) // 16 * 2


def pixel_digest(harvest: Harvest) -> str | None:
    """MD5 of the frames' bytes: of native pixel data as far as the frames reach, of streams without their comments."""
    ds = harvest.dataset
    if "PixelData" not in ds:
        return None
    if ds["PixelData"].is_undefined_length:
        frames = generate_frames(ds.PixelData, number_of_frames=int(ds.get("NumberOfFrames", 1)))
        data = b"".join(map(without_comments, frames))
    else:
        data = ds.PixelData[: native_size(ds)]
    return hashlib.md5(data).hexdigest()
