"""A generated corpus in the manner of MIDI-B: 40 patients, their studies in ten modalities, and the answer key by action."""

import datetime
import json
import random
from pathlib import Path

import numpy as np
import pydicom
from PIL import Image, ImageDraw, ImageFont
from phrases import COMMENTS, FAMILY, GIVEN, SERIES_DESCRIPTIONS, STUDY_DESCRIPTIONS, Person, sentence
from pydicom.dataset import Dataset, FileMetaDataset

STORAGE = "1.2.840.10008.5.1.4.1.1."
CLASSES = {"CT": "2", "MR": "4", "PT": "128", "US": "6.1", "CR": "1", "DX": "1.1", "MG": "1.2", "OT": "7", "SR": "88.11",
           "RTSTRUCT": "481.3"}  # fmt: skip
IMAGES = ("CT", "MR", "PT", "US", "CR", "DX", "MG", "OT")
SIDE, BOX = 160, (4, 4, 156, 28)  # pixels; the box of burned-in text: left, top, right, bottom


class MIDICorpus:
    def __init__(self, folder: Path, seed: int):
        self.folder, self.pick, self.rows, self.files = folder, random.Random(seed), [], []
        self.noise = np.random.Generator(np.random.PCG64(seed))

    def uid(self) -> str:
        return f"1.2.826.0.1.3680043.8.498.{self.pick.randrange(10**25, 10**26)}"

    def expect(self, action: str, path: str, value) -> None:
        self.rows.append({"file": len(self.files), "action": action, "path": path, "value": value})

    def text(self, ds: Dataset, keyword: str, kind: list, person: Person, study: dict) -> None:
        text, keep, tokens = sentence(self.pick, kind, person, study)
        setattr(ds, keyword, text)
        path = f"{pydicom.datadict.tag_for_keyword(keyword):08X}"
        if tokens:
            self.expect("text_removed", path, tokens)
        if keep:
            self.expect("text_retained", path, keep)

    def instance(self, person: Person, study: dict, series: dict) -> None:
        ds, modality = Dataset(), series["modality"]
        ds.file_meta = FileMetaDataset()
        ds.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
        ds.SOPClassUID, ds.SOPInstanceUID = STORAGE + CLASSES[modality], self.uid()
        ds.StudyInstanceUID, ds.SeriesInstanceUID = study["uid"], series["uid"]
        ds.Modality, ds.Manufacturer, ds.InstanceNumber = modality, "ACME Imaging", str(len(self.files) + 1)
        family, given = person.family, person.name.split()[0]
        ds.PatientName, ds.PatientID, ds.PatientSex = f"{family}^{given}", person.number, person.sex
        ds.PatientBirthDate, ds.PatientAddress = person.birth.strftime("%Y%m%d"), person.address
        ds.StudyDate = ds.SeriesDate = study["date"].strftime("%Y%m%d")
        ds.ContentDate = ds.AcquisitionDate = (study["date"] + datetime.timedelta(series["days"])).strftime("%Y%m%d")
        ds.StudyTime, ds.AccessionNumber, ds.StudyID, ds.SeriesNumber = "101500", study["accession"], "1", "1"
        ds.ReferringPhysicianName, ds.BodyPartExamined = "^".join(reversed(study["physician"].split())), "CHEST"
        name = f"{person.number}/{ds.SOPInstanceUID}.dcm"
        self.files.append({"number": len(self.files) + 1, "patient": person.number, "name": name})
        for keyword, kind in [("StudyDescription", STUDY_DESCRIPTIONS), ("SeriesDescription", SERIES_DESCRIPTIONS),
                              ("ImageComments", COMMENTS), ("AdditionalPatientHistory", COMMENTS)]:  # fmt: skip
            self.text(ds, keyword, kind, person, study)
        self.expect("text_removed", "00100010", [family, given])
        self.expect("text_removed", "00101040", [person.address.split(",")[0]])
        self.expect("text_removed", "00080090", study["physician"].split())
        for path in ("00080020", "00080021", "00080022", "00080023"):
            self.expect("date_shifted", path, ds[int(path, 16)].value)
        for path in ("00080018", "0020000D", "0020000E"):
            self.expect("uid_changed", path, ds[int(path, 16)].value)
            self.expect("uid_consistent", path, ds[int(path, 16)].value)
        self.expect("patid_consistent", "00100020", person.number)
        for path in ("00080016", "00080060", "00080070", "00200013"):
            self.expect("tag_retained", path, None)
        for path in ("00080018", "00100020", "00080060"):
            self.expect("text_notnull", path, None)
        self.expect("text_retained", "00080060", [modality])
        if modality in IMAGES:
            self.image(ds, person, burned=modality in ("US", "OT") and self.pick.random() < 0.5)
        elif series.get("refers"):
            item = Dataset()
            item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = series["refers"]
            ds.ReferencedInstanceSequence = [item]
            self.expect("uid_consistent", "0008114A[0].00081155", series["refers"][1])
        path = self.folder / "input" / self.files[-1]["name"]
        path.parent.mkdir(parents=True, exist_ok=True)
        ds.save_as(path, enforce_file_format=True)
        series["last"] = (ds.SOPClassUID, ds.SOPInstanceUID)

    def image(self, ds: Dataset, person: Person, burned: bool) -> None:
        pixels = self.noise.integers(60, 120, (SIDE, SIDE), dtype="u1")
        ds.Rows, ds.Columns, ds.SamplesPerPixel, ds.PhotometricInterpretation = SIDE, SIDE, 1, "MONOCHROME2"
        ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 8, 8, 7, 0
        ds.BurnedInAnnotation = "YES" if burned else "NO"
        if burned:
            left, top, right, bottom = BOX
            label = Image.new("L", (right - left, bottom - top))
            ImageDraw.Draw(label).text((2, 2), f"{person.family} {person.number}", fill=255, font=ImageFont.load_default(14))
            pixels[top:bottom, left:right] = np.asarray(label)
            self.expect("pixels_hidden", "7FE00010", {"box": BOX, "text": np.asarray(label).astype(int).tolist()})
        else:
            self.expect("pixels_retained", "7FE00010", None)
        ds.PixelData = pixels.tobytes()

    def make(self, patients: int) -> None:
        for _ in range(patients):
            person = Person.invent(self.pick)
            for _ in range(self.pick.randint(1, 2)):
                physician = f"{self.pick.choice(GIVEN)} {self.pick.choice(FAMILY)}"
                study = {"uid": self.uid(), "modality": self.pick.choice(IMAGES), "physician": physician,
                         "accession": f"A{self.pick.randrange(10**8, 10**9)}",
                         "date": datetime.date(2001, 1, 1) + datetime.timedelta(self.pick.randrange(7000))}  # fmt: skip
                series = {"uid": self.uid(), "modality": study["modality"], "days": 0}
                for _ in range(self.pick.randint(1, 3)):
                    self.instance(person, study, series)
                other = self.pick.choice(["SR", "RTSTRUCT", "OT", "US"])
                more = {"uid": self.uid(), "modality": other, "days": self.pick.randrange(9), "refers": series["last"]}
                self.instance(person, study, more)
        (self.folder / "answers.json").write_text(json.dumps({"files": self.files, "rows": self.rows}))
