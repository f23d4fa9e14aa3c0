"""Identifiers in elements the table does not name, in odd spellings, in many character sets and in private blocks."""

from corpus import Corpus
from profile_table import vr_of
from pydicom.uid import ImplicitVRLittleEndian

# Holes in Table E.1-1: attributes that identify, and have no rule.
UNLISTED = [
    (0x00100033, "LO", "birth date in an alternative calendar"), (0x00100034, "LO", "death date in an alternative calendar"),
    (0x21000160, "SH", "owner"), (0x00101081, "LO", "branch of service"), (0x00081195, "UI", "transaction"),
]  # fmt: skip
SEQUENCES = {  # the attribute that identifies lies in the sequence
    0x00080051: (0x00400031, "UT", "issuer of accession number"), 0x00100024: (0x00400032, "UT", "issuer of patient ID"),
    0x00380014: (0x00400031, "UT", "issuer of admission ID"), 0x00321031: (0x00401101, "SQ", "requesting physician"),
    0x00400026: (0x00400031, "UT", "order placer"), 0x00400027: (0x00400031, "UT", "order filler"),
}  # fmt: skip
CHARSETS = [
    (["ISO_IR 100"], "Bäckström^Åsa-Lovísa"), (["ISO_IR 101"], "Wałęsowicz^Żaneta"), (["ISO_IR 144"], "Люксембург^Роза"),
    (["ISO_IR 126"], "Διονυσόπουλος^Ξένια"), (["ISO_IR 127"], "قباني^لنزار"), (["ISO_IR 138"], "שרונית^דבורהלה"),
    (["ISO_IR 166"], "สมชายกุล^วิชัยพร"), (["", "ISO 2022 IR 87"], "Yamada^Taro=山田崎^太郎丸=やまだざき^たろうまる"),
    (["", "ISO 2022 IR 149"], "Hong^Gil=洪賢秀^吉洞國=홍현수길^길동국민"), (["GB18030"], "王晓东^小强壮"),
    (["ISO_IR 192"], "Þórarinsdóttir^Ægir"),
]  # fmt: skip


def unlisted(corpus: Corpus) -> None:
    place = corpus.file("P1")
    for tag, vr, spot in UNLISTED:
        place.put(tag, vr, corpus.marks.value(vr), "mapped" if vr == "UI" else "gone", f"unlisted: {spot}")
    for sequence, (tag, vr, spot) in SEQUENCES.items():
        item = place.item(sequence)
        if vr == "SQ":
            item, tag, vr = item.item(tag), 0x00080104, "LO"
        item.put(tag, vr, corpus.marks.value(vr), "gone", f"unlisted: {spot}")
    place = corpus.file("P1")
    for tag in (0x00080FFE, 0x0010FF10, 0x0040EEEE, 0x6000FFFE):
        place.put(tag, "LO", corpus.marks.word(), "gone", "unknown public element")
    place.item(0x00081115).put(0x00080FFE, "UN", corpus.marks.word().encode(), "gone", "unknown public element")


def spellings(corpus: Corpus) -> None:
    """Dates as old files have them. All may go; one that stays must be shifted as the others of its patient."""
    for value, vr, tag in [("1994.11.05", "DA", 0x00080022), ("19310203-19310209", "DA", 0x00080022),
                           ("19320405060708.000000+0100", "DT", 0x0008002A), ("193306", "DT", 0x0008002A),
                           ("1934", "DT", 0x0008002A), ("1935020310", "DT", 0x0008002A)]:  # fmt: skip
        place = corpus.file("P3")
        place.put(tag, vr, value, {"basic": "gone", "modified": "changed"}, "odd date")
    place = corpus.file("P3")
    words = [corpus.marks.word() for _ in range(6)]
    place.put(0x00101001, "PN", "\\".join(f"{w}^{v}" for w, v in zip(words[:3], words[3:])), "gone", "multi-valued")
    place.put(0x00101000, "LO", "\\".join(corpus.marks.word() for _ in range(4)), "gone", "multi-valued")
    place.put(0x00080090, "PN", "=".join(corpus.marks.value("PN") for _ in range(3)), "gone", "name components")
    who = corpus.patient("P3")
    place = corpus.file("P3")
    for tag in (0x00204000, 0x00104000, 0x00082111, 0x0008103E, 0x00081030):
        text = f"{who['name'].split('^')[0]} {corpus.marks.word()} {corpus.marks.date()} {corpus.marks.uid()} {who['id']}"
        place.put(tag, vr_of(tag), text, "gone", "identifiers in text")


def charsets(corpus: Corpus) -> None:
    for terms, name in CHARSETS:
        place = corpus.file("P2")
        place.dataset.add_new(0x00080005, "CS", terms)
        place.put(0x00080090, "PN", name, "gone", f"character set {terms[-1]}")
        item = place.item(0x00081115)
        item.put(0x00081048, "PN", name, "gone", f"character set {terms[-1]}")
    outer = corpus.file("P2")
    outer.dataset.add_new(0x00080005, "CS", "ISO_IR 100")
    inner = outer.item(0x00081115)
    inner.dataset.add_new(0x00080005, "CS", "ISO_IR 192")
    inner.put(0x00081048, "PN", "Şükrüoğlu^Gülçağ", "gone", "nested character set")


def private_blocks(corpus: Corpus) -> None:
    for syntax in (None, ImplicitVRLittleEndian):
        place = corpus.file("P2", **({"syntax": syntax} if syntax else {}))
        for block, creator in [(0x10, "HILUM TEST"), (0x11, "SIEMENS MR HEADER"), (0xFE, "GEMS_PARM_01")]:
            place.put(0x00190000 | block, "LO", creator, "gone", "private creator")
            for low, vr in [(0x0C, "IS"), (0x5E, "LO"), (0x77, "PN"), (0x78, "UN"), (0x79, "DA")]:
                place.put(0x00190000 | block << 8 | low, vr, corpus.marks.value(vr), "gone", "private block")
    place.put(0x00211099, "LO", corpus.marks.word(), "gone", "private element without a creator")


def odd_values(corpus: Corpus) -> None:
    for make in (unlisted, spellings, charsets, private_blocks):
        make(corpus)
