"""Two de-identifiers on pydicom, to test the judges with: one that they must pass, one that they must fail.

`thorough` does what the profile asks of the planted corpus, slowly and in memory. `shallow` does what many tools do: the
table at the top level only, unkeyed MD5 for identifiers, names of files kept.
"""

import hashlib
import hmac
import io
from pathlib import Path

import pydicom
from harvest import native_size, without_comments
from judges import EXPECTED, METHODS, days, shifted
from profile_table import rules
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import UID_dictionary

RULES = {rule.tag: rule for rule in rules()}
# No rule of the table names them, yet they identify.
UNLISTED = {0x00100033, 0x00100034, 0x21000160, 0x00101081, 0x00080051, 0x00100024, 0x00321031, 0x00400026, 0x00400027,
            0x003A0203, 0x00420010, 0x00700081}  # fmt: skip
DUMMY = {"DA": "20000101", "TM": "000000", "DT": "20000101000000", "DS": "0", "IS": "0", "AS": "000Y", "OB": b"\0\0",
         "UN": b"REMOVED ", "OW": b"\0\0"}  # fmt: skip
KEY = b"the key of the tests"


class Thorough:
    def __init__(self, mode: str):
        self.mode = mode

    def number(self, domain: str, value: str) -> int:
        return int.from_bytes(hmac.digest(KEY, f"{domain}:{value}".encode(), "sha256")[:15], "big")

    def uid(self, value: str) -> str:
        return value if value in UID_dictionary or value.startswith("1.2.840.10008.") else f"2.25.{self.number('uid', value)}"

    def clean(self, dataset: Dataset) -> None:
        for element in list(dataset):
            tag, rule = int(element.tag), RULES.get(int(element.tag))
            known = pydicom.datadict.dictionary_has_tag(tag)
            graphics = tag >> 24 in (0x50, 0x60)
            if tag >> 16 & 1 or not known or tag in UNLISTED or graphics or tag == 0xFFFCFFFC:
                del dataset[tag]
            elif rule:
                self.apply(dataset, element, rule.action(self.mode))
            elif element.VR == "UI":
                self.each(element, self.uid)
            if tag in dataset and dataset[tag].VR == "SQ":
                for item in dataset[tag].value:
                    self.clean(item)

    def each(self, element, change) -> None:
        values = element.value if element.VM > 1 else [element.value]
        element.value = [change(str(value)) for value in values if value] or None

    def apply(self, dataset: Dataset, element, action: str) -> None:
        if action == "C" and element.VR == "TM" or action == "K":
            return
        if action == "C" and element.VR in ("DA", "DT") and days(str(element.value)) is not None:
            self.each(element, lambda value: shifted(value, self.offset))
        elif action == "U" and element.VR == "UI":
            self.each(element, self.uid)
        elif element.VR == "SQ":
            del dataset[element.tag]
        elif action == "Z" or element.tag == 0x00100010:
            element.value = None
        elif "D" in action:
            element.value = DUMMY.get(element.VR, 0 if element.VR in ("US", "FD", "FL", "UL") else "REMOVED")
        elif element.tag in dataset:
            del dataset[element.tag]

    def file(self, dataset: Dataset) -> bytes:
        patient = str(dataset.get("PatientID", ""))
        self.offset = -1 - self.number("date", patient) % 3650
        self.clean(dataset)
        dataset.PatientID = f"H{self.number('id', patient)}"[:16]
        if "PixelData" in dataset and dataset["PixelData"].is_undefined_length:
            frames = generate_frames(dataset.PixelData, number_of_frames=int(dataset.get("NumberOfFrames", 1)))
            dataset.PixelData = encapsulate([without_comments(frame) for frame in frames])
        elif "PixelData" in dataset:
            dataset.PixelData = dataset.PixelData[: native_size(dataset)]
        dataset.PatientIdentityRemoved = "YES"
        dataset.LongitudinalTemporalInformationModified = {"basic": "REMOVED", "modified": "MODIFIED"}[self.mode]
        dataset.DeidentificationMethodCodeSequence = [code(c) for c in sorted(EXPECTED[self.mode])]
        dataset.SpecificCharacterSet = "ISO_IR 192"
        syntax = dataset.file_meta.get("TransferSyntaxUID", "1.2.840.10008.1.2")
        dataset.file_meta, dataset.preamble = FileMetaDataset(), b"\0" * 128
        dataset.file_meta.TransferSyntaxUID = syntax
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        buffer = io.BytesIO()
        dataset.save_as(buffer, enforce_file_format=True)
        return buffer.getvalue()


def code(value: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "DCM", METHODS[value]
    return item


def thorough(source: Path, out: Path, mode: str) -> None:
    for number, path in enumerate(sorted(p for p in source.rglob("*") if p.is_file() and p.name != "DICOMDIR")):
        out.mkdir(parents=True, exist_ok=True)
        try:
            data = Thorough(mode).file(pydicom.dcmread(path, force=True))
        except (ValueError, TypeError, AttributeError, KeyError):
            continue  # the judges count it as missing
        (out / f"{number:05}.dcm").write_bytes(data)


def unkeyed_uid(value: str) -> str:
    return "2.25." + str(int(hashlib.md5(value.encode()).hexdigest(), 16))


def shallow(source: Path, out: Path, mode: str) -> None:
    for path in sorted(p for p in source.rglob("*") if p.is_file()):
        dataset = pydicom.dcmread(path, force=True)
        original = str(dataset.get("PatientID", ""))
        for tag, rule in RULES.items():
            if tag in dataset and rule.action(mode) == "U":
                dataset[tag].value = unkeyed_uid(str(dataset[tag].value))
            elif tag in dataset:
                del dataset[tag]
        dataset.remove_private_tags()
        dataset.PatientID, dataset.PatientName = hashlib.sha256(original.encode()).hexdigest()[:16], ""
        target = out / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        dataset.save_as(target)
