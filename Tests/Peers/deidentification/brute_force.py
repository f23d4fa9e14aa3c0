"""The attack: who was it? From one output file, every patient number; from a few known patients, every rule for dates.

    python brute_force.py HILUM|shallow|thorough [--digits 6]

Numbers: each of 10^digits is hashed as tools without a key do, and looked for in all texts of one output file, as a whole or as
the start or end. Dates: offsets of eight patients are compared with what 200,000 rules give for their numbers. Both attacks
are first tried on an unkeyed scheme made here, and must succeed; exit 1 if they succeed on the tool under test as well.
"""

import argparse
import hashlib
import os
import sys
import tempfile
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pydicom
from harvest import Harvest, read_tree
from hashes import HASHES, SHORTEST, forms, offsets, spellings
from judges import days, shifted
from pydicom.dataset import Dataset, FileMetaDataset
from tools import tool

DATE = "19940317"


def patient_file(number: str, place: int, path: Path) -> None:
    """A file that is known again by its Instance Number, which must not be the patient's: that would have to go."""
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
    ds.SOPClassUID, ds.Modality, ds.InstanceNumber = "1.2.840.10008.5.1.4.1.1.7", "OT", str(place)
    ds.SOPInstanceUID, ds.StudyInstanceUID, ds.SeriesInstanceUID = (f"1.2.826.0.1.3680043.8.498.{k}.{number}" for k in "123")
    ds.PatientID, ds.PatientName, ds.AccessionNumber, ds.StudyDate = number, f"Patient^{number}", number, DATE
    ds.StudyTime, ds.ReferringPhysicianName, ds.StudyID, ds.SeriesNumber = "101500", "", "", "1"
    ds.ConversionType, ds.PatientBirthDate, ds.PatientSex = "WSD", "", ""
    ds.Rows = ds.Columns = 2
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PixelRepresentation = 1, "MONOCHROME2", 0
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelData = 8, 8, 7, b"\1\2\3\4"
    ds.save_as(path, enforce_file_format=True)


def targets(harvest: Harvest) -> set[str]:
    """Texts of the output that may hold a hash: values, parts of UIDs and names, the file's name."""
    values = [value for _, value in harvest.elements.values()] + [harvest.path.stem]
    parts = {part for value in values for piece in value.split("\\") for part in [piece, *piece.replace("^", ".").split(".")]}
    return {part.lower().lstrip("0") for part in parts if len(part) >= SHORTEST and any(c.isdigit() for c in part)}


def numbers_that_fit(wanted: set[str], digits: int, part: int, parts: int) -> dict[str, set[str]]:
    """For each wanted text the numbers that give it."""
    starts, ends = {text[:SHORTEST] for text in wanted}, {text[-SHORTEST:] for text in wanted}
    found = defaultdict(set)
    for candidate in range(part, 10**digits, parts):
        number = f"{candidate:0{digits}}"
        for hashed in HASHES.values():
            for form in forms(hashed(number.encode())):
                if form[:SHORTEST] in starts or form[-SHORTEST:] in ends:
                    for text in wanted:
                        if form.startswith(text) or form.endswith(text):
                            found[text].add(number)
    return found


def all_numbers_that_fit(wanted: set[str], digits: int) -> dict[str, set[str]]:
    with ProcessPoolExecutor() as pool:
        parts = os.cpu_count()
        tasks = [pool.submit(numbers_that_fit, wanted, digits, part, parts) for part in range(parts)]
        found = defaultdict(set)
        for task in tasks:
            for text, numbers in task.result().items():
                found[text] |= numbers
    return found


def rules_that_fit(known: dict[str, int]) -> set[str]:
    """Rules that give every known patient's offset. Eight patients: none fits all by chance."""
    hits = Counter()
    for number, moved in known.items():
        for i, data in enumerate(spellings(number)):
            for name, hashed in HASHES.items():
                hits.update({f"{name} {i} {rule}" for rule, offset in offsets(hashed(data)) if offset == moved})
    return {rule for rule, count in hits.items() if count == len(known)}


def unkeyed(source: Path, out: Path) -> None:
    """A scheme as several tools have it: SHA-256 for the number, MD5 for UIDs, days from a hash."""
    out.mkdir()
    for path in sorted(source.iterdir()):
        ds = pydicom.dcmread(path)
        number = ds.PatientID.encode()
        ds.PatientID = hashlib.sha256(number).hexdigest()[:16]
        ds.PatientName, ds.AccessionNumber = "", ""
        ds.StudyDate = shifted(ds.StudyDate, -(int(hashlib.md5(number).hexdigest(), 16) % 3650))
        for name in ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"):
            setattr(ds, name, "2.25." + str(int(hashlib.md5(getattr(ds, name).encode()).hexdigest(), 16)))
        ds.save_as(out / path.name)


def dates_fit(out: dict[int, Harvest], numbers: list[str]) -> bool:
    """Whether a rule without a key, or one offset for all, explains the dates. A date that was removed tells nothing."""
    known = {}
    for place, number in enumerate(numbers):
        now = days(out[place].value("00080020") or "")
        if now is None:
            raise SystemExit("the study date was removed: nothing to attack")
        known[number] = now - days(DATE)
    rules, same = rules_that_fit(known), len(set(known.values())) == 1
    print(f"    rules that give all offsets: {len(rules)}{'; all patients have one offset' if same else ''}")
    return bool(rules) or same


def main(name: str, digits: int) -> int:
    numbers = [f"{(271828 * (k + 1)) % 10**digits:0{digits}}" for k in range(8)]
    with tempfile.TemporaryDirectory() as scratch:
        source, open_scheme, out = (Path(scratch, part) for part in ("source", "unkeyed", "out"))
        source.mkdir()
        for place, number in enumerate(numbers):
            patient_file(number, place, source / f"{number}.dcm")
        unkeyed(source, open_scheme)
        tool(name).run(source, out, "modified")
        trees = {"unkeyed scheme": open_scheme, Path(name).name: out}
        trees = {label: {h.number: h for h in read_tree(tree)[0]} for label, tree in trees.items()}
    if any(len(tree) != len(numbers) for tree in trees.values()):
        raise SystemExit("some of the attacked files were not written")
    # One file of each tree is attacked, both in one pass over the numbers.
    wanted = {label: targets(tree[0]) for label, tree in trees.items()}
    fits = all_numbers_that_fit(set.union(*wanted.values()), digits)
    broken = {}
    for label, tree in trees.items():
        found = set().union(*(fits[text] for text in wanted[label]))
        own = "is" if numbers[0] in found else "is not"
        print(f"  {label}:\n    numbers that fit: {len(found)} of {10**digits}, the patient's own {own} among them")
        broken[label] = (numbers[0] in found, dates_fit(tree, numbers))
    if broken["unkeyed scheme"] != (True, True):
        print("the attack does not even succeed on the unkeyed scheme")
        return 1
    found = any(broken[Path(name).name])
    print("broken" if found else "not broken")
    return int(found)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("--digits", type=int, default=6)
    arguments = parser.parse_args()
    sys.exit(main(arguments.tool, arguments.digits))
