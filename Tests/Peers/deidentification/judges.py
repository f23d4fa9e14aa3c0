"""One judge for each promise: values, dates, identifiers, patients, pixels, and the record of the method."""

import datetime
import re
from collections import Counter, defaultdict

from harvest import Harvest, pixel_digest, text
from profile_table import rules
from pydicom.uid import UID, UID_dictionary

# CID 7050, De-identification Method (PS3.16).
METHODS = {
    "113100": "Basic Application Confidentiality Profile", "113101": "Clean Pixel Data Option",
    "113102": "Clean Recognizable Visual Features Option", "113103": "Clean Graphics Option",
    "113104": "Clean Structured Content Option", "113105": "Clean Descriptors Option",
    "113106": "Retain Longitudinal Temporal Information Full Dates Option",
    "113107": "Retain Longitudinal Temporal Information Modified Dates Option",
    "113108": "Retain Patient Characteristics Option", "113109": "Retain Device Identity Option",
    "113110": "Retain UIDs Option", "113111": "Retain Safe Private Option",
    "113112": "Retain Institution Identity Option",
}  # fmt: skip
EXPECTED = {"basic": {"113100"}, "modified": {"113100", "113107"}}
# UIDs that the profile replaces by any dummy, or removes.
NO_MAPPING = {f"{rule.tag:08X}" for rule in rules() if rule.vr == "UI" and rule.basic != "U"}
# Sequences that the profile keeps and that the corpus plants in.
KEPT_SEQUENCES = ("00081115", "52009230", "30060010", "54000100")


def days(value: str) -> int | None:
    match = re.match(r"(\d{4})(\d\d)(\d\d)", value)
    try:
        return datetime.date(*map(int, match.groups())).toordinal() if match else None
    except ValueError:
        return None


def shifted(value: str, offset: int) -> str:
    return datetime.date.fromordinal(days(value) + offset).strftime("%Y%m%d") + value[8:]


def planted(plant: dict) -> str:
    """The value as harvest.py spells it: bytes to the last one, text without its padding."""
    return plant["value"] if plant["vr"] in ("OB", "OW") else text(plant["value"])


def plants(report, key: dict, after: dict[int, Harvest], mode: str) -> None:
    for plant in key["plants"]:
        harvest = after.get(plant["file"])
        if not harvest:
            continue
        original, now, must = planted(plant), harvest.value(plant["path"]), plant["must"][mode]
        where = f"{harvest.number} {plant['path']} {plant['vr']} ({plant['spot']})"
        group = f"{plant['spot']} {plant['depth']}" if plant["spot"].startswith("table") else plant["spot"].split(":")[0]
        same = now is not None and (now == original or set(now.split("\\")) & set(original.split("\\")) - {""})
        match must:
            case "gone" | "changed":
                report.check(f"gone: {group}", not same, where)
            case "mapped":
                report.check(f"mapped: {group}", bool(now) and not same and UID(now).is_valid, where)
            case "shifted":
                good = bool(now) and not same and now[8:] == original[8:] and days(now) is not None
                report.check(f"shifted: {group}", good, where)
            case "kept":
                report.check(f"kept: {group}", now == original, where)
        action = plant["must"].get("actions", {}).get(mode)
        if action == "X":
            report.check("actions: X removes", now is None, where)
        elif action == "D":
            report.check("actions: D leaves a dummy", bool(now), where)
        elif action == "Z":
            report.check("actions: Z leaves the element", now is not None, where)
    for number, sequence in sorted({(p["file"], p["path"].split("[")[0]) for p in key["plants"]}):
        if number in after and sequence in KEPT_SEQUENCES:
            kept = after[number].value(sequence)
            report.check("sequences kept", bool(kept) and kept != "0", f"{number} {sequence}")


def offsets(report, key: dict, before, after) -> dict[str, int]:
    """The whole days each patient's dates moved by: one number a patient, not zero, not the same for all."""
    patients = {f["number"]: f["patient"] for f in key["files"]}
    moved: dict[str, Counter] = defaultdict(Counter)
    for plant in key["plants"]:
        now = after[plant["file"]].value(plant["path"]) if plant["file"] in after else None
        if plant["must"]["modified"] == "shifted" and now and days(now) and days(plant["value"]):
            moved[patients[plant["file"]]][days(now) - days(plant["value"])] += 1
    for patient, found in moved.items():
        report.check("one offset a patient", len(found) == 1 and 0 not in found, f"{patient}: {dict(found.most_common(4))}")
    common = {patient: found.most_common(1)[0][0] for patient, found in moved.items()}
    report.check("offsets differ between patients", len(set(common.values())) > 1, str(common))
    return common


def uids(report, before: dict[int, Harvest], after: dict[int, Harvest]) -> None:
    """One new UID for an old one and the other way round; vocabulary stays; what resolved still resolves."""
    new_of, old_of = defaultdict(set), defaultdict(set)
    instances = {h.value("00080018") for h in before.values()}
    written = {h.value("00080018") for h in after.values()}
    for number, harvest in after.items():
        source = before.get(number)
        if not source:
            continue
        for path, (vr, now) in harvest.elements.items():
            old = source.value(path)
            if vr != "UI" or not now or not old or path[-8:] in NO_MAPPING:
                continue
            if old in UID_dictionary or old.startswith("1.2.840.10008."):
                report.check("vocabulary UIDs stay", now == old, f"{number} {path}")
                continue
            new_of[old].add(now)
            old_of[now].add(old)
            if path.endswith("00081155") and old in instances:
                report.check("references resolve", now in written, f"{number} {path}")
        meta = harvest.dataset.file_meta
        report.check("file meta names the instance", meta.get("MediaStorageSOPInstanceUID") == harvest.value("00080018"),
                     f"{number}")  # fmt: skip
    for old, new in new_of.items():
        report.check("an old UID has one new UID", len(new) == 1, f"{len(new)} for one")
    for new, old in old_of.items():
        report.check("a new UID stands for one old UID", len(old) == 1, f"{len(old)} for one")


def patients(report, key: dict, after: dict[int, Harvest]) -> None:
    new_ids = defaultdict(set)
    for file in key["files"]:
        if file["number"] in after:
            new_ids[file["patient"]].add(after[file["number"]].value("00100020"))
    for patient, ids in new_ids.items():
        report.check("one new Patient ID a patient", len(ids) == 1 and ids != {None}, f"{patient}: {len(ids)}")
    every = [value for ids in new_ids.values() for value in ids]
    report.check("patients stay apart", len(every) == len(set(every)), f"{len(every)} IDs, {len(set(every))} distinct")


def pixels(report, before: dict[int, Harvest], after: dict[int, Harvest]) -> None:
    for number, harvest in after.items():
        if number in before and (digest := pixel_digest(before[number])):
            report.check("pixels are the same bytes", pixel_digest(harvest) == digest, f"{number}")


def method(report, after: dict[int, Harvest], mode: str) -> None:
    """(0012,0062), (0012,0063) or (0012,0064), (0028,0303), and codes that were earned (PS3.15 E.1.1, CID 7050)."""
    for number, harvest in after.items():
        ds = harvest.dataset
        report.check("(0012,0062) is YES", ds.get("PatientIdentityRemoved") == "YES", f"{number}")
        expected = {"basic": "REMOVED", "modified": "MODIFIED"}[mode]
        report.check(f"(0028,0303) is {expected}", ds.get("LongitudinalTemporalInformationModified") == expected, f"{number}")
        items = ds.get("DeidentificationMethodCodeSequence") or []
        codes = {item.get("CodeValue"): item for item in items}
        report.check("method is told", bool(codes or ds.get("DeidentificationMethod")), f"{number}")
        report.check("codes are those of the options", set(codes) == EXPECTED[mode], f"{number}: {sorted(map(str, codes))}")
        for code, item in codes.items():
            told = (item.get("CodingSchemeDesignator"), item.get("CodeMeaning"))
            report.check("code meanings are CID 7050's", told == ("DCM", METHODS.get(code)), f"{number}: {code}")
