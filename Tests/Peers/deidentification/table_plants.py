"""Every attribute of Table E.1-1, at the top and in every kind of sequence that is kept (or, if private, is not)."""

import pydicom
from corpus import Corpus, Place
from profile_table import Rule, rules
from pydicom.filewriter import write_dataset
from pydicom.filebase import DicomBytesIO

ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.1"
REFERENCED_SERIES, REFERENCED_INSTANCES = 0x00081115, 0x00081199
PER_FRAME, FRAME_CONTENT = 0x52009230, 0x00209111
# At the top these are the patient's or the file's own, and planted with them.
OF_EVERY_FILE = {0x00100010, 0x00100020, 0x00100030, 0x00080020, 0x0020000D, 0x0020000E, 0x00080018}
# Trailing padding and signatures stand at the end of a whole data set.
TOP_ONLY = {0xFFFCFFFC, 0xFFFAFFFA}


def plant(place: Place, rule: Rule, must=None) -> None:
    must = must or rule
    if rule.vr == "SQ":
        # Code Meaning has no rule of its own: it is gone when its sequence is.
        place.item(rule.tag).put(0x00080104, "LO", place.corpus.marks.word(), "gone", "table sequence")
    else:
        place.put(rule.tag, rule.vr, place.corpus.marks.value(rule.vr), must, "table")


def plant_all(place: Place, skip: set[int], must=None) -> None:
    for rule in rules():
        if rule.tag not in skip:
            plant(place, rule, must)


def table_files(corpus: Corpus) -> None:
    # A patient of its own: the sex and the issuer planted here would contradict other files of one Patient ID.
    plant_all(corpus.file("P0"), OF_EVERY_FILE)

    one = corpus.file("P1")
    plant_all(one.item(REFERENCED_SERIES, "one deep"), TOP_ONLY)

    two = corpus.file("P1")
    plant_all(two.item(REFERENCED_SERIES).item(REFERENCED_INSTANCES, "two deep"), TOP_ONLY)

    frame = corpus.file("P2", ENHANCED_CT, "CT")
    frame.keep(0x00280008, "IS", "1")
    plant_all(frame.item(PER_FRAME).item(FRAME_CONTENT, "per-frame"), TOP_ONLY)

    private = corpus.file("P2")
    private.dataset.add_new(0x00190010, "LO", "HILUM TEST")
    plant_all(private.item(0x00191001, "private sequence"), TOP_ONLY, must="gone")

    unknown = corpus.file("P2")
    plant_all(unknown.item(REFERENCED_SERIES, "sequence as UN"), TOP_ONLY)
    as_unknown(unknown, REFERENCED_SERIES)


def as_unknown(place: Place, tag: int) -> None:
    """The sequence as VR UN: its items are implicit VR little endian, whatever the transfer syntax (PS3.5 6.2.2)."""
    items = place.dataset[tag].value
    encoded = b""
    for item in items:
        buffer = DicomBytesIO()
        buffer.is_little_endian, buffer.is_implicit_VR = True, True
        write_dataset(buffer, item)
        data = buffer.getvalue()
        encoded += b"\xfe\xff\x00\xe0" + len(data).to_bytes(4, "little") + data
    # Else pydicom would make a sequence of it again.
    pydicom.config.replace_un_with_known_vr = False
    place.dataset.add_new(tag, "UN", encoded)
    pydicom.config.replace_un_with_known_vr = True
