"""Looks for planted values in every byte of a tree, its names included: values do not only leak where they stood."""

import re
import zlib
from pathlib import Path

from marks import WORD

DEFLATED = b"1.2.840.10008.1.2.1.99"
CODECS = ["utf-8", "utf-16-le", "utf-16-be", "latin-1", "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-6",
          "iso8859-7", "iso8859-8", "iso8859-9", "tis-620", "cp1251", "koi8-r", "shift_jis", "iso2022_jp", "euc_jp",
          "euc_kr", "gb18030", "big5"]  # fmt: skip
WORDS = re.compile(WORD.pattern.encode(), re.IGNORECASE)
LETTER = rb"[2-9A-HJ-NP-Za-hj-np-z]"
WIDE_WORDS = [re.compile(rb"[Zz]\0[Qq](?:\0%s){6}" % LETTER), re.compile(rb"[Zz]\0[Qq]\0(?:%s\0){6}" % LETTER)]
UIDS = re.compile(rb"\d+(?:\.\d+){4,}")
RUNS = re.compile(rb"\d{8,}(?:\.\d{6})?")
TIMES = re.compile(rb"\d{6}\.\d{6}")


class Needles:
    """What may be nowhere in the output. `allowed` are shifted dates that look like someone's original one."""

    def __init__(self, values: list[tuple[str, str]], allowed: set[str] = frozenset()):
        self.words, self.uids, self.numbers, self.dates, self.times, self.spelled = set(), set(), set(), set(), set(), {}
        for vr, value in values:
            self.words |= set(WORD.findall(value))
            for word in re.findall(r"\d+(?:\.\d+){4,}", value):
                self.uids.add(word)
            if vr in ("DA", "DT") and re.match(r"\d{8}", value):
                self.dates |= {value[:8]} - allowed
            elif vr == "TM":
                self.times.add(value[:13])
            elif re.fullmatch(r"\d{8,}", value) and value not in allowed:
                self.numbers.add(value)
            if re.search(r"[^\0-\x7f]", value):
                for part in re.split(r"[\^=]", value):
                    self.spell(part)
            elif re.fullmatch(r"\d{4}\.\d\d\.\d\d|\d{8}-\d{8}", value):
                self.spelled[value.encode()] = value

    def spell(self, part: str) -> None:
        for codec in CODECS:
            try:
                encoded = part.encode(codec)
            except UnicodeEncodeError:
                continue
            if len(encoded) >= 4 and not encoded.isascii() or codec == "iso2022_jp" and len(encoded) > 8:
                self.spelled[encoded] = part

    def found(self, data: bytes) -> set[str]:
        hits = {w.decode().upper() for w in WORDS.findall(data)} & self.words
        for pattern in WIDE_WORDS:
            hits |= {w.replace(b"\0", b"").decode().upper() for w in pattern.findall(data)} & self.words
        hits |= {u.decode() for u in UIDS.findall(data)} & self.uids
        hits |= {t.decode() for t in TIMES.findall(data)} & self.times
        for run in RUNS.findall(data):
            digits = run.decode()
            hits |= {digits} & self.numbers
            if len(digits) == 8 or len(digits.split(".")[0]) == 14:
                hits |= {digits[:8]} & self.dates
                hits |= {digits[8:]} & self.times
        return hits | {name for encoded, name in self.spelled.items() if encoded in data}


def inflated(data: bytes) -> bytes:
    """The data set of a deflated file (PS3.5 A.5), or nothing."""
    if data[128:132] != b"DICM":
        return b""
    meta = 144 + int.from_bytes(data[140:144], "little")
    # Only where the file meta says so: the data set, too, may name the transfer syntax.
    if DEFLATED not in data[144:meta]:
        return b""
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data[meta:])


def scan_tree(folder: Path, needles: Needles) -> dict[Path, set[str]]:
    leaks = {}
    for path in sorted(folder.rglob("*")):
        hits = needles.found(str(path.relative_to(folder)).encode())
        if path.is_file():
            data = path.read_bytes()
            hits |= needles.found(data) | needles.found(inflated(data))
        if hits:
            leaks[path] = hits
    return leaks
