"""Identifiers in reports, encapsulated documents, presentation states, waveforms and linked studies."""

from corpus import Corpus, Place

PDF, CDA = "1.2.840.10008.5.1.4.1.1.104.1", "1.2.840.10008.5.1.4.1.1.104.2"
COMPREHENSIVE_SR, GRAYSCALE_STATE = "1.2.840.10008.5.1.4.1.1.88.33", "1.2.840.10008.5.1.4.1.1.11.1"
ECG, CT, STRUCTURES = "1.2.840.10008.5.1.4.1.1.9.1.1", "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.481.3"
TEXT_OF = {"TEXT": (0x0040A160, "UT"), "PNAME": (0x0040A123, "PN"), "DATE": (0x0040A121, "DA"),
           "DATETIME": (0x0040A120, "DT"), "UIDREF": (0x0040A124, "UI")}  # fmt: skip


def encapsulated(corpus: Corpus) -> None:
    for sop_class, kind, wrap in [(PDF, "application/pdf", "%PDF-1.4\n% {} {}\n%%EOF"),
                                  (CDA, "text/xml", "<ClinicalDocument><name>{} {}</name></ClinicalDocument>")]:  # fmt: skip
        place = corpus.file("P1", sop_class, "DOC", image=False, expect="either")
        place.keep(0x00420012, "LO", kind)
        content = wrap.format(corpus.marks.word(), corpus.marks.word()).encode()
        place.put(0x00420011, "OB", content + b" " * (len(content) % 2), "gone", kind)
        place.put(0x00420010, "ST", f"Letter about {corpus.marks.word()}", "gone", "document title")


def coded(place: Place, tag: int, code: str, scheme: str, meaning: str) -> None:
    item = place.item(tag).dataset
    item.add_new(0x00080100, "SH", code)
    item.add_new(0x00080102, "SH", scheme)
    item.add_new(0x00080104, "LO", meaning)


def content(parent: Place, kind: str, code: str, meaning: str, scheme: str = "DCM") -> Place:
    item = parent.item(0x0040A730)
    item.dataset.add_new(0x0040A010, "CS", "CONTAINS")
    item.dataset.add_new(0x0040A040, "CS", kind)
    coded(item, 0x0040A043, code, scheme, meaning)
    if kind in TEXT_OF:
        tag, vr = TEXT_OF[kind]
        item.put(tag, vr, parent.corpus.marks.value(vr), "gone", f"content item {kind}")
    return item


def reports(corpus: Corpus) -> None:
    place = corpus.file("P1", COMPREHENSIVE_SR, "SR", image=False)
    place.dataset.add_new(0x0040A040, "CS", "CONTAINER")
    coded(place, 0x0040A043, "18748-4", "LN", "Diagnostic imaging report")
    for kind, code, meaning in [("PNAME", "121008", "Person Observer Name"), ("TEXT", "121009", "Observer's Organization"),
                                ("TEXT", "121071", "Finding"), ("DATE", "121031", "Subject Birth Date"),
                                ("PNAME", "121029", "Subject Name"), ("UIDREF", "121012", "Device Observer UID"),
                                ("DATETIME", "111526", "DateTime Started")]:  # fmt: skip
        content(place, kind, code, meaning)
    nested = content(content(place, "CONTAINER", "121070", "Findings"), "CONTAINER", "121070", "Findings")
    content(nested, "TEXT", "121106", "Comment")
    content(nested, "TEXT", "R-42B89", "Clinical Report", "SRT")


def states_and_waveforms(corpus: Corpus) -> None:
    place = corpus.file("P2", GRAYSCALE_STATE, "PR", image=False)
    place.put(0x00700084, "PN", corpus.marks.value("PN"), "gone", "presentation state")
    place.put(0x00700081, "LO", corpus.marks.word(), "gone", "presentation state")
    text = place.item(0x00700001).item(0x00700008)
    text.put(0x00700006, "ST", corpus.marks.value("ST"), "gone", "presentation state")

    place = corpus.file("P2", ECG, "ECG", image=False)
    note = place.item(0x0040B020)
    note.put(0x00700006, "ST", corpus.marks.value("ST"), "gone", "waveform annotation")
    note.dataset.add_new(0x0040A0B0, "US", [1, 0])
    wave = place.item(0x54000100)
    for tag, vr, value in [(0x003A0004, "CS", "ORIGINAL"), (0x003A0005, "US", 1), (0x003A0010, "UL", 4),
                           (0x003A001A, "DS", "500")]:  # fmt: skip
        wave.keep(tag, vr, value)
    channel = wave.item(0x003A0200)
    channel.put(0x003A0203, "SH", corpus.marks.word(), "gone", "waveform channel label")
    wave.keep(0x54001010, "OW", b"\1\0\2\0\3\0\4\0")


def linked_studies(corpus: Corpus) -> None:
    """Two slices, and a structure set that points at them: references, intervals, vocabulary that stays."""
    who, days = corpus.patient("P4"), {}
    slices = []
    for number in range(2):
        place = corpus.file("P4", CT, "CT")
        place.keep(0x00180060, "DS", "120")
        place.keep(0x00280030, "DS", ["0.5", "0.5"])
        place.keep(0x00200032, "DS", ["-10", "20", str(5 * number)])
        place.keep(0x00200037, "DS", ["1", "0", "0", "0", "1", "0"])
        place.put(0x00200052, "UI", who["frame"], "mapped", "reference")
        days[number] = corpus.marks.date()
        place.put(0x00080022, "DA", days[number], {"basic": "gone", "modified": "shifted"}, "interval")
        place.put(0x0008002A, "DT", days[number] + "101500.25", {"basic": "gone", "modified": "shifted"}, "interval")
        slices.append(place.dataset[0x00080018].value)
    place = corpus.file("P4", STRUCTURES, "RTSTRUCT", image=False)
    place.put(0x30060008, "DA", corpus.marks.date(), {"basic": "gone", "modified": "shifted"}, "interval")
    study = place.item(0x30060010)
    study.put(0x00200052, "UI", who["frame"], "mapped", "reference")
    series = study.item(0x30060012).item(0x30060014)
    series.put(0x0020000E, "UI", who["series"], "mapped", "reference")
    for uid in slices:
        image = series.item(0x30060016)
        image.keep(0x00081150, "UI", CT, "vocabulary")
        image.put(0x00081155, "UI", uid, "mapped", "reference")
    well_known = corpus.file("P4", CT, "CT")
    well_known.keep(0x00200052, "UI", "1.2.840.10008.1.4.1.1", "vocabulary")  # Talairach
    code = well_known.item(0x00082218)
    for tag, vr, value in [(0x00080100, "SH", "69536005"), (0x00080102, "SH", "SCT"), (0x00080104, "LO", "Head"),
                           (0x00080105, "CS", "DCMR"), (0x0008010F, "CS", "4"), (0x00080117, "UI", "1.2.840.10008.6.1.1"),
                           (0x00080118, "UI", "1.2.840.10008.8.1.1")]:  # fmt: skip
        code.keep(tag, vr, value, "vocabulary")


def documents(corpus: Corpus) -> None:
    for make in (encapsulated, reports, states_and_waveforms, linked_studies):
        make(corpus)
