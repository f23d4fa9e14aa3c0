"""Writes free texts with planted identities and their answer key, for TextCorpusTests: texts.py SEED OUTPUT.json

Each text says which tokens must go ("planted") and which should stay ("harmless"). An even seed takes the even half of all
lists of phrases.py and people.py, an odd one the odd half, so that what one seed taught is tried on what it never held.
"""

import json
import random
import re
import sys
from pathlib import Path

import people
import text_phrases as phrases


class Writer:
    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.half = seed % 2
        self.counts = {"descriptions": 260, "reports": 220, "comments": 220}

    def of(self, entries: list[str]) -> str:
        return self.random.choice(entries[self.half :: 2])

    def digits(self, count: int) -> str:
        return "".join(self.random.choice("0123456789") for _ in range(count - 1)) + self.random.choice("123456789")

    # What identifies, each in many spellings.

    def person(self) -> tuple[str, str]:
        """Given name and surname, one of four with a name that is a word."""
        wordy = self.random.random() < 0.25
        surname = self.of(people.WORD_SURNAMES if wordy else people.SURNAMES)
        given = self.of(people.WORD_GIVEN if not wordy and self.random.random() < 0.1 else people.GIVEN)
        return given, surname

    def full_name(self) -> str:
        given, surname = self.person()
        initial = self.random.choice("ABDEHJKM")
        form = self.random.choice(
            ["{g} {s}", "{s}, {g}", "{S}, {G}", "{S}^{G}", "{g} {i}. {s}", "{i}. {s}", "{S} {G}", "{s} {g}", "{G} {S}"]
        )
        if surname in people.WORD_SURNAMES and form == "{i}. {s}":
            form = "{g} {s}"
        return form.format(g=given, s=surname, G=given.upper(), S=surname.upper(), i=initial)

    def titled(self) -> str:
        given, surname = self.person()
        title = self.random.choice(["Dr.", "Dr", "Prof.", "Mr.", "Mrs.", "Ms.", "Mr", "Mrs", "Dr. med.", "Herr", "Frau", "Mme"])
        return f"~{title.replace(' ', ' ~')} " + self.random.choice([surname, surname, f"{given} {surname}", f"{given[0]}. {surname}"])

    def date(self) -> str:
        y, m, d = self.random.randint(1931, 2023), self.random.randint(1, 12), self.random.randint(1, 28)
        month = people.MONTHS[m - 1]
        return self.random.choice([
            f"{y}{m:02}{d:02}", f"{d:02}.{m:02}.{y}", f"{m}/{d}/{y}", f"{m:02}/{d:02}/{y % 100:02}", f"{y}-{m:02}-{d:02}",
            f"{d} {month} {y}", f"{month} {d}, {y}", f"{d}-{month[:3]}-{y}", f"{month[:3]} {d}", f"{d}. {month} {y}",
            f"{d}.{m}.{y % 100:02}", f"{m}/{d}", f"{month} {d}th", f"{d:02}{month[:3].upper()}{y}",
        ])  # fmt: skip

    def phone(self) -> str:
        n = self.digits
        return self.random.choice([
            f"({n(3)}) {n(3)}-{n(4)}", f"{n(3)}-{n(3)}-{n(4)}", f"+49 {n(2)} {n(4)}-{n(3)}", f"0{n(2)}/{n(3)} {n(2)} {n(2)}",
            f"+1 {n(3)} {n(3)} {n(4)}", f"{n(3)}.{n(3)}.{n(4)}", f"0{n(1)} {n(2)} {n(2)} {n(2)} {n(2)}", f"+44{n(10)}",
        ])  # fmt: skip

    def identifier(self) -> str:
        n = self.digits
        return self.random.choice([
            f"~MRN {n(7)}", f"~MRN: {n(4)}", f"~ID {n(6)}", f"~Acc# {n(8)}", f"~Accession A{n(2)}-{n(5)}", f"~SSN {n(3)}-{n(2)}-{n(4)}",
            f"~pid {n(5)}", f"~Room {n(3)}", f"~Bed {n(2)}", f"~MRN A{n(2)}", n(8), f"HX{n(6)}", f"{n(3)}-{n(6)}",
            f"1.2.840.{n(6)}.{n(2)}.{n(5)}", f"~NHS {n(3)} {n(3)} {n(4)}",
        ])  # fmt: skip

    def mail(self) -> str:
        given, surname = self.person()
        host = self.random.choice(["hospital.org", "gmail.com", "uni-klinik.de", "mercy.health.net"])
        return self.random.choice([f"{given}.{surname}@{host}", f"{surname}@{host}", f"https://www.{surname}.com/{given}", f"www.{surname}.de"])

    def address(self) -> str:
        street, number, town = self.of(people.STREETS), self.random.randint(1, 399), self.of(people.TOWNS)
        german = re.search("str|platz|Allee", street)
        return self.random.choice([
            f"{street} {number}" if german else f"{number} {street}",
            f"{street} {number}, {self.digits(5)} {town}" if german else f"{number} {street}, {town}",
            f"{street} {number}" if german else f"{number} {street}, {town}, IL {self.digits(5)}",
        ])  # fmt: skip

    def age(self) -> str:
        return self.random.choice(["{} ~year ~old", "{}-~year-~old", "{}~y", "~aged {}"]).format(self.random.randint(90, 104))

    def any(self) -> str:
        kind = self.random.choice(
            [self.full_name] * 4 + [self.titled] * 3 + [self.date] * 3 + [self.phone, self.identifier, self.identifier, self.mail]
        )
        return kind()

    # Where it is planted. Words with ~ are neither harmless nor planted: titles, labels and verbs that may go along.

    def description(self) -> list[tuple[str, str]]:
        text = self.of(phrases.DESCRIPTIONS)
        form = self.random.random()
        if form < 0.4:
            return [("h", text)]
        given, surname = self.person()
        if form < 0.7:
            planted = self.random.choice([f"{surname.upper()} {given.upper()}", f"{surname}_{given}", f"{surname}^{given}", f"{given} {surname}"])
        else:
            planted = self.random.choice([self.date, self.identifier, self.titled])()
        joint = "_" if "_" in text else " "
        return [("p", planted), ("j", joint), ("h", text)] if self.random.random() < 0.5 else [("h", text), ("j", joint), ("p", planted)]

    def report(self) -> list[tuple[str, str]]:
        first, second = self.of(phrases.REPORTS), self.of(phrases.REPORTS)
        return self.random.choice([
            lambda: [("h", first), ("j", " "), ("h", second)],
            lambda: [("h", first), ("j", " ~Reported ~by "), ("p", self.titled()), ("j", " ~on "), ("p", self.date()), ("j", ".")],
            lambda: [("h", first), ("j", " ~Findings ~were ~discussed ~with "), ("p", self.titled()), ("j", ". "), ("h", second)],
            lambda: [("h", first), ("j", " ~Compared ~to "), ("p", self.date()), ("j", ". "), ("h", second)],
            lambda: [("h", first), ("j", "\n~Electronically ~signed ~by: "), ("p", self.full_name()), ("j", ", ~MD")],
            lambda: [("h", first), ("j", " ~Patient: "), ("p", self.full_name()), ("j", ". "), ("h", second)],
            lambda: [("j", "~The ~patient "), ("p", self.full_name()), ("j", " ~was ~seen ~at "), ("p", self.of(people.HOSPITALS)), ("j", ". "), ("h", first)],
            lambda: [("p", self.age()), ("j", " ~female. "), ("h", first)],
            lambda: [("h", first), ("j", " ~Please ~call "), ("p", self.phone()), ("j", ".")],
            lambda: [("h", first), ("j", " ~Address: "), ("p", self.address()), ("j", ". "), ("h", second)],
        ])()  # fmt: skip

    def comment(self) -> list[tuple[str, str]]:
        text = self.of(phrases.COMMENTS)
        return self.random.choice([
            lambda: [("h", text)],
            lambda: [("h", text), ("j", ", "), ("p", self.any())],
            lambda: [("p", self.any()), ("j", ": "), ("h", text)],
            lambda: [("h", text), ("j", " - ~tech "), ("p", self.full_name())],
            lambda: [("h", text), ("j", ", ~called ~by "), ("p", self.full_name())],
            lambda: [("h", text), ("j", "; "), ("p", self.mail())],
            lambda: [("h", text), ("j", ", ~transferred ~from "), ("p", self.of(people.HOSPITALS))],
            lambda: [("h", text), ("j", ", ~lives ~in "), ("p", self.of(people.TOWNS)), ("j", ", "), ("p", self.address())],
        ])()  # fmt: skip

    def text(self, kind: str) -> dict:
        pieces = {"descriptions": self.description, "reports": self.report, "comments": self.comment}[kind]()
        planted = [t for sort, piece in pieces if sort == "p" for t in tokens(re.sub(r"~\S+", "", piece))]
        harmless = [t for sort, piece in pieces if sort == "h" for t in tokens(piece)]
        # A planted word that is said elsewhere too cannot be scored.
        rest = {t for sort, piece in pieces if sort == "h" for t in tokens(piece)}
        return {
            "kind": kind,
            "text": "".join(piece for _, piece in pieces).replace("~", ""),
            "planted": [t for t in planted if t not in rest and len(t) > 1],
            "harmless": harmless,
        }


def tokens(text: str) -> list[str]:
    return [t.lower() for t in re.findall(r"[^\W_]+", text)]


def main() -> None:
    writer = Writer(int(sys.argv[1]))
    texts = [writer.text(kind) for kind, count in writer.counts.items() for _ in range(count)]
    lines = ",\n".join(json.dumps(t, ensure_ascii=False) for t in texts)
    Path(sys.argv[2]).write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
