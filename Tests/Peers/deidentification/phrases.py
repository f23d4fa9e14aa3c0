"""Invented people, and sentences as they are typed into DICOM's free text: identifiers among words worth keeping."""

import datetime
import random
from dataclasses import dataclass

FAMILY = """Abernethy Bellweather Castellanos Drummond Eberhardt Fairclough Guillermo Hollingsworth Iwanowski Jankovic
Kettleburn Lindqvist Montefiore Nwachukwu Oyelaran Petropoulos Quartermaine Rosenkrantz Strathmore Thistlewood Underhill
Vandenberg Whittaker Xiomarez Yarborough Zimmerhoff""".split()
GIVEN = """Adelaide Bartholomew Clementine Desmond Evangeline Florentina Gwendolyn Humphrey Ignatius Josephina Katarzyna
Leopold Marguerite Nathaniel Octavia Philippa Quentin Rosalind Sebastian Theodora Ulysses Valentina Wilhelmina Xavier
Yolanda Zachariah""".split()
STREET = "Birchwood Cloverdale Elmhurst Foxglove Hawthorne Juniper Larkspur Primrose Sycamore Willowbrook".split()
TOWN = "Ashbourne Brackenridge Cranleigh Dunmorrow Ellesbury Fernhaven Glenwick Harrowgate".split()

# (sentence, words that must stay, parts that must go); parts name fields of Person or of the sentence's own.
STUDY_DESCRIPTIONS = [
    ("{modality} chest w contrast {name}", "chest contrast", ["name"]),
    ("{modality} abdomen follow up MRN {number}", "abdomen follow", ["number"]),
    ("{modality} brain wo contrast Dr {physician}", "brain contrast", ["physician"]),
    ("{modality} whole body staging", "whole body staging", []),
]
SERIES_DESCRIPTIONS = [
    ("ax 5mm soft tissue", "soft tissue", []), ("cor reformat {family}", "reformat", ["family"]),
    ("scout {date_dotted}", "scout", ["date_dotted"]), ("post contrast delayed", "post contrast delayed", []),
]  # fmt: skip
COMMENTS = [
    ("Pt lives at {address}, call {phone}.", "", ["address", "phone"]),
    ("Compared with prior of {date_words}, nodule stable.", "nodule stable", ["date_words"]),
    ("{name} tolerated the procedure well, reviewed by {physician}", "tolerated procedure", ["name", "physician"]),
    ("Send report to {mail} or fax {phone}", "report", ["mail", "phone"]),
    ("Mild motion artifact, slices repeated", "motion artifact slices repeated", []),
    ("SSN {ssn}, accession {accession}, no known allergies", "allergies", ["ssn", "accession"]),
    ("Referred from {town} clinic for {family} family study", "study", ["town", "family"]),
]


@dataclass
class Person:
    name: str
    family: str
    number: str
    birth: datetime.date
    sex: str
    address: str
    town: str
    phone: str
    mail: str
    ssn: str

    @staticmethod
    def invent(pick: random.Random) -> "Person":
        family, given, town = pick.choice(FAMILY), pick.choice(GIVEN), pick.choice(TOWN)
        return Person(
            name=f"{given} {family}", family=family, number=str(pick.randrange(10**7, 10**8)),
            birth=datetime.date(1930, 1, 1) + datetime.timedelta(pick.randrange(25000)), sex=pick.choice("MF"),
            address=f"{pick.randrange(100, 999)} {pick.choice(STREET)} Avenue, {town}", town=town,
            phone=f"({pick.randrange(200, 989)}) {pick.randrange(200, 999)}-{pick.randrange(1000, 9999)}",
            mail=f"{given.lower()}.{family.lower()}@mail.example", ssn=f"{pick.randrange(100, 799)}-{pick.randrange(10, 99)}-"
            f"{pick.randrange(1000, 9999)}")  # fmt: skip


def sentence(pick: random.Random, kind: list, person: Person, study: dict) -> tuple[str, list[str], list[str]]:
    """The text, its words to keep, and the tokens that may not be in it any more."""
    template, keep, parts = pick.choice(kind)
    day = study["date"]
    fields = vars(person) | {"modality": study["modality"], "physician": study["physician"], "accession": study["accession"],
                             "date_dotted": day.strftime("%d.%m.%Y"), "date_words": day.strftime("%B %d, %Y")}  # fmt: skip
    text = template.format(**fields)
    tokens = [token for part in parts for token in identifying(part, fields[part])]
    return text, keep.split(), tokens


def identifying(part: str, value: str) -> list[str]:
    """Tokens as MIDI-B compares: names word by word; numbers, dates, phones and mail as they stand."""
    if part in ("name", "physician", "address"):
        return [word for word in value.replace(",", "").split() if len(word) > 3 and word != "Avenue"]
    return [value]
