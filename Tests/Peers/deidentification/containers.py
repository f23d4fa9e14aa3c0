"""Identifiers outside the data set's plain elements: around it, beside it, in pictures' streams and in file names."""

import io

import numpy as np
from corpus import Corpus, Place
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEG2000Lossless,
    JPEGBaseline8Bit,
)  # fmt: skip


def loose(corpus: Corpus, place: Place, spot: str, value: str | None = None) -> str:
    """A word that no element of the answer key holds: it may be nowhere in the output."""
    value = value or corpus.marks.word()
    corpus.loose.append({"file": place.file["number"], "value": value, "spot": spot})
    return value


def around_the_data_set(corpus: Corpus) -> None:
    place = corpus.file("P1")
    words = [loose(corpus, place, "preamble") for _ in range(16)]
    place.dataset.preamble = "".join(words).encode()

    place = corpus.file("P1")
    meta = place.dataset.file_meta
    for tag in (0x00020016, 0x00020017, 0x00020018):
        meta.add_new(tag, "AE", loose(corpus, place, f"file meta {tag:08X}"))
    for tag in (0x00020026, 0x00020027, 0x00020028):
        meta.add_new(tag, "UR", "https://" + loose(corpus, place, f"file meta {tag:08X}"))
    meta.add_new(0x00020013, "SH", loose(corpus, place, "file meta implementation version"))
    meta.add_new(0x00020100, "UI", loose(corpus, place, "file meta private creator", corpus.marks.uid()))
    meta.add_new(0x00020102, "OB", loose(corpus, place, "file meta private information").encode())

    # Attributes of the table in the file meta group and the command group have no place in a data set; bytes after its
    # end belong to nothing. The dots keep readers from taking a word's letters for a value representation.
    place = corpus.file("P1")
    tail = b"........" + loose(corpus, place, "bytes after the data set").encode()
    place.file["edit"] = lambda data: data + tail
    place = corpus.file("P1")
    place.dataset.add_new(0xFFFCFFFC, "OB", loose(corpus, place, "trailing padding").encode() + b"\0" * 64)


def transfer_syntaxes(corpus: Corpus) -> None:
    for syntax in (ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian):
        place = corpus.file("P1", syntax=syntax)
        place.put(0x00080090, "PN", corpus.marks.value("PN"), "gone", f"syntax {syntax.name}")
        place.item(0x00081115).put(0x00081048, "PN", corpus.marks.value("PN"), "gone", f"syntax {syntax.name}")
    bare = corpus.file("P1", syntax=ImplicitVRLittleEndian)
    bare.file["bare"] = True
    bare.put(0x00080090, "PN", corpus.marks.value("PN"), "gone", "no preamble")


def names_of_files(corpus: Corpus) -> None:
    for number in range(2):
        place = corpus.file("P3")
        folder, file = (loose(corpus, place, spot) for spot in ("folder name", "file name"))
        day = loose(corpus, place, "date in a file name", corpus.marks.date())
        uid = loose(corpus, place, "UID in a file name", place.dataset[0x00080018].value)
        place.file["name"] = f"{folder}_{number}/{file}-{day}/{uid}.dcm"


def overlays_and_curves(corpus: Corpus) -> None:
    for group in (0x60000000, 0x60020000, 0x601E0000):
        place = corpus.file("P1")
        for element, vr, value in [(0x10, "US", 8), (0x11, "US", 64), (0x40, "CS", "G"), (0x50, "SS", [1, 1]),
                                   (0x100, "US", 1), (0x102, "US", 0)]:  # fmt: skip
            place.dataset.add_new(group | element, vr, value)
        for element, vr, what in [(0x22, "LO", "description"), (0x1500, "LO", "label"), (0x4000, "LT", "comments"),
                                  (0x3000, "OW", "data")]:  # fmt: skip
            value = corpus.marks.word() if vr != "OW" else corpus.marks.word().encode() * 8
            place.put(group | element, vr, value, "gone", f"overlay {what}")
    for group in (0x50000000, 0x501E0000):
        place = corpus.file("P1")
        for element, vr in [(0x22, "LO"), (0x2500, "LO"), (0x3000, "OW"), (0x0040, "SH")]:
            value = corpus.marks.word() if vr != "OW" else corpus.marks.word().encode()
            place.put(group | element, vr, value, "gone", "curve")


def icons_and_slack(corpus: Corpus) -> None:
    place = corpus.file("P1")
    icon = place.item(0x00880200)
    for tag, vr, value in [(0x00280002, "US", 1), (0x00280004, "CS", "MONOCHROME2"), (0x00280010, "US", 8),
                           (0x00280011, "US", 8), (0x00280100, "US", 8), (0x00280101, "US", 8), (0x00280102, "US", 7),
                           (0x00280103, "US", 0)]:  # fmt: skip
        icon.dataset.add_new(tag, vr, value)
    icon.put(0x7FE00010, "OB", corpus.marks.word().encode() * 8, "gone", "icon")
    place = corpus.file("P1")
    place.dataset[0x7FE00010].value += loose(corpus, place, "pixel data longer than its frames").encode()


def segment(marker: int, data: bytes) -> bytes:
    return marker.to_bytes(2, "big") + (len(data) + 2).to_bytes(2, "big") + data


def compressed_streams(corpus: Corpus) -> None:
    """Comments and application segments of JPEG, comments of JPEG 2000, and bytes after the end of either's image."""
    gray = Image.fromarray(np.add.outer(np.arange(64), np.arange(64)).astype("u1"))
    for syntax, form in [(JPEGBaseline8Bit, "JPEG"), (JPEG2000Lossless, "JPEG2000")]:
        place = corpus.file("P1", syntax=syntax, image=False)
        corpus.image(place, 8)
        place.dataset.Rows = place.dataset.Columns = 64
        for plant in corpus.plants:
            if plant["file"] == place.file["number"] and plant["path"] in ("00280010", "00280011"):
                plant["value"] = 64
        buffer = io.BytesIO()
        gray.save(buffer, form, **({"no_jp2": True} if form == "JPEG2000" else {}))
        stream, words = buffer.getvalue(), [loose(corpus, place, f"{form} {what}").encode() for what in
                                            ("comment", "application segment", "bytes after the end")]  # fmt: skip
        if form == "JPEG":
            extra = segment(0xFFFE, words[0]) + segment(0xFFE1, b"Exif\0\0" + words[1])
            stream = stream[:2] + extra + stream[2:] + words[2]
        else:
            siz = 4 + int.from_bytes(stream[4:6], "big")  # SOC, then SIZ with its length
            extra = segment(0xFF64, b"\0\1" + words[0]) + segment(0xFF64, b"\0\0" + words[1])
            stream = stream[:siz] + extra + stream[siz:] + words[2]
        place.dataset.PixelData = encapsulate([stream])
        place.dataset["PixelData"].VR = "OB"
        place.dataset["PixelData"].is_undefined_length = True


def directory(corpus: Corpus) -> None:
    """A DICOMDIR: its records repeat names, numbers and dates. It may be rebuilt or left out."""
    ds = Dataset()
    ds.file_meta, ds.preamble = FileMetaDataset(), b"\0" * 128
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.1.3.10"
    ds.file_meta.MediaStorageSOPInstanceUID = corpus.marks.uid()
    words = [corpus.marks.word() for _ in range(5)]
    corpus.loose += [{"file": 0, "value": word, "spot": "DICOMDIR"} for word in words]
    ds.FileSetID = words[0]
    record = Dataset()
    record.OffsetOfTheNextDirectoryRecord, record.RecordInUseFlag = 0, 0xFFFF
    record.OffsetOfReferencedLowerLevelDirectoryEntity = 0
    record.DirectoryRecordType, record.PatientName, record.PatientID = "PATIENT", f"{words[1]}^{words[2]}", words[3]
    record.ReferencedFileID = [words[4], "IMAGE"]
    ds.DirectoryRecordSequence = [record]
    buffer = io.BytesIO()
    ds.save_as(buffer)
    corpus.extra["DICOMDIR"] = buffer.getvalue()


def containers(corpus: Corpus) -> None:
    for make in (around_the_data_set, transfer_syntaxes, names_of_files, overlays_and_curves, icons_and_slack,
                 compressed_streams, directory):  # fmt: skip
        make(corpus)
