"""A folder of made DICOM files, and the answer key of what was planted in them.

A plant is {file, path, vr, value, depth, spot, must}: `path` is tags with item numbers ("00081115[0].00080050"), `must` says for
each mode (basic profile; with modified dates) what has to become of the value: gone, mapped, shifted or kept.
Files are told apart after de-identification by Instance Number, which counts over the whole corpus: no rule touches it.
"""

import io
import json
from pathlib import Path

import numpy as np
import pydicom
from marks import Marks
from profile_table import MODES, Rule
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

pydicom.config.settings.writing_validation_mode = pydicom.config.IGNORE
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"


class Place:
    """A data set of a file, and the path that leads to it."""

    def __init__(self, corpus: "Corpus", file: dict, dataset: Dataset, path: str = "", depth: str = "top"):
        self.corpus, self.file, self.dataset, self.path, self.depth = corpus, file, dataset, path, depth

    def put(self, tag, vr: str, value, must, spot: str) -> None:
        tag = pydicom.tag.Tag(tag)
        self.dataset.add_new(tag, vr, value)
        if isinstance(must, Rule):
            must = {mode: must.must(mode) for mode in MODES} | {"actions": {m: must.action(m) for m in MODES}}
        elif isinstance(must, str):
            must = dict.fromkeys(MODES, must)
        text = value.decode("latin-1") if isinstance(value, bytes) else value
        self.corpus.plants.append(
            {"file": self.file["number"], "path": f"{self.path}{tag:08X}", "vr": vr, "value": text, "depth": self.depth,
             "spot": spot, "must": must})  # fmt: skip

    def keep(self, tag, vr: str, value, spot: str = "retained") -> None:
        self.put(tag, vr, value, "kept", spot)

    def item(self, tag, depth: str | None = None) -> "Place":
        """A new item of the sequence `tag`."""
        tag = pydicom.tag.Tag(tag)
        if tag not in self.dataset:
            self.dataset.add_new(tag, "SQ", Sequence())
        items = self.dataset[tag].value
        items.append(Dataset())
        return Place(self.corpus, self.file, items[-1], f"{self.path}{tag:08X}[{len(items) - 1}].", depth or self.depth)


class Corpus:
    def __init__(self, folder: Path, seed: int):
        self.folder, self.marks = folder, Marks(seed)
        self.plants, self.files, self.loose, self.patients, self.extra = [], [], [], {}, {}
        self.pixels = np.random.Generator(np.random.PCG64(seed))

    def patient(self, name: str) -> dict:
        """Name, ID and birth date of a patient: the same in all their files."""
        if name not in self.patients:
            m = self.marks
            self.patients[name] = {"name": f"{m.word()}^{m.word()}", "id": m.digits(8), "birth": m.date(),
                                   "study": m.uid(), "series": m.uid(), "date": m.date(), "frame": m.uid()}  # fmt: skip
        return self.patients[name]

    def file(self, patient: str, sop_class: str = SECONDARY_CAPTURE, modality: str = "OT", syntax=ExplicitVRLittleEndian,
             image: bool = True, expect: str = "written") -> Place:
        """A new file of the patient's first study. `expect` is "written", or "either" where it may be refused."""
        who, ds = self.patient(patient), Dataset()
        number = len(self.files) + 1
        entry = {"number": number, "patient": patient, "expect": expect, "dataset": ds, "edit": lambda data: data,
                 "bare": False, "name": f"{number:04}.dcm"}  # fmt: skip
        self.files.append(entry)
        ds.file_meta = FileMetaDataset()
        ds.file_meta.TransferSyntaxUID = syntax
        place = Place(self, entry, ds)
        gone = lambda tag, vr, value: place.put(tag, vr, value, "gone", "patient")  # noqa: E731
        gone(0x00100010, "PN", who["name"])
        gone(0x00100020, "LO", who["id"])
        gone(0x00100030, "DA", who["birth"])
        place.put(0x00080020, "DA", who["date"], {"basic": "gone", "modified": "shifted"}, "patient")
        for tag, value in [(0x0020000D, who["study"]), (0x0020000E, who["series"]), (0x00080018, self.marks.uid())]:
            place.put(tag, "UI", value, "mapped", "patient")
        place.keep(0x00080016, "UI", sop_class)
        place.keep(0x00080060, "CS", modality)
        place.keep(0x00200013, "IS", str(number))
        ds.add_new(0x00100040, "CS", "O")
        if image:
            self.image(place)
        return place

    def image(self, place: Place, allocated: int = 16) -> None:
        for tag, value in [(0x00280002, 1), (0x00280010, 8), (0x00280011, 8), (0x00280100, allocated),
                           (0x00280101, allocated), (0x00280102, allocated - 1), (0x00280103, 0)]:  # fmt: skip
            place.keep(tag, "US", value)
        place.keep(0x00280004, "CS", "MONOCHROME2")
        data = self.pixels.integers(0, 2**allocated, 64, dtype=f"<u{allocated // 8}")
        if place.dataset.file_meta.TransferSyntaxUID == ExplicitVRBigEndian:
            data = data.astype(data.dtype.newbyteorder(">"))
        place.dataset.add_new(0x7FE00010, "OW" if allocated > 8 else "OB", data.tobytes())

    def encode(self, entry: dict) -> bytes:
        ds, buffer = entry["dataset"], io.BytesIO()
        syntax = ds.file_meta.TransferSyntaxUID
        if entry["bare"]:
            del ds.file_meta
            pydicom.dcmwrite(buffer, ds, implicit_vr=True, little_endian=True)
        else:
            ds.file_meta.MediaStorageSOPClassUID = ds[0x00080016].value
            ds.file_meta.MediaStorageSOPInstanceUID = ds[0x00080018].value
            ds.file_meta.ImplementationClassUID = "1.2.826.0.1.3680043.8.498.1"
            ds.preamble = getattr(ds, "preamble", None) or b"\0" * 128
            pydicom.dcmwrite(buffer, ds, implicit_vr=syntax == ImplicitVRLittleEndian,
                             little_endian=syntax != ExplicitVRBigEndian, force_encoding=True)  # fmt: skip
        return entry["edit"](buffer.getvalue())

    def save(self, answers: Path) -> None:
        for entry in self.files:
            path = self.folder / entry["name"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.encode(entry))
        for name, data in self.extra.items():
            (self.folder / name).write_bytes(data)
        key = {"patients": self.patients, "plants": self.plants, "loose": self.loose,
               "files": [{k: e[k] for k in ("number", "name", "patient", "expect")} for e in self.files]}  # fmt: skip
        answers.write_text(json.dumps(key, indent=1, ensure_ascii=False))
