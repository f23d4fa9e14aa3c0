"""The independent scanner: judges a de-identified tree against the answer key of a planted corpus.

    python scan.py CORPUS OUTPUT --mode basic|modified

CORPUS holds input/ and answers.json (planted.py). Prints what was counted; exit 1 with the list when anything is wrong.
"""

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

import judges
import pydicom
from byte_scan import Needles, scan_tree
from harvest import read_tree
from profile_table import MODES

pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE


class Report:
    def __init__(self):
        self.failures, self.counts = defaultdict(list), Counter()

    def check(self, what: str, good: bool, where: str) -> None:
        self.counts[what] += 1
        if not good:
            self.failures[what].append(where)

    def show(self, limit: int) -> None:
        for what, total in self.counts.items():
            wrong = self.failures.get(what, [])
            print(f"  {what}: {len(wrong)} wrong of {total}")
            for where in wrong[:limit]:
                print(f"      {where}")
            if len(wrong) > limit:
                print(f"      and {len(wrong) - limit} more")


def moved_dates(before: dict, after: dict) -> set[str]:
    """Dates of the output that are an original one moved by what its file's study date was moved by, planted or not: any of
    them may meet somebody's original date by chance. That a patient's dates are all moved alike is judged elsewhere."""
    moved = set()
    for number, harvest in after.items():
        studies = [judges.days(h.value("00080020") or "") for h in (before.get(number), harvest) if h]
        if len(studies) < 2 or None in studies:
            continue
        for path, (_, now) in harvest.elements.items():
            old = {judges.days(date) for date in dates(before[number].value(path) or "")}
            moved |= {date for date in dates(now) if judges.days(date) and judges.days(date) - studies[1] + studies[0] in old}
    return moved


def dates(value: str) -> list[str]:
    return re.findall(r"\d{8}", re.sub(r"(\d{4})\.(\d\d)\.(\d\d)", r"\1\2\3", value))


def needles(key: dict, mode: str, allowed: set[str]) -> Needles:
    values = [("LO", loose["value"]) for loose in key["loose"]]
    values += [("DA", loose["value"]) for loose in key["loose"] if loose["spot"].startswith("date")]
    for plant in key["plants"]:
        must = plant["must"][mode]
        if must != "kept":
            values.append((plant["vr"], judges.planted(plant)))
    return Needles(values, allowed)


def judge(corpus: Path, output: Path, mode: str) -> Report:
    key = json.loads((corpus / "answers.json").read_text())
    report = Report()
    names = {(corpus / "input" / f["name"]): f["number"] for f in key["files"]}
    before = {names[h.path]: h for h in read_tree(corpus / "input")[0] if h.path in names}
    after: dict = {}
    for harvest in read_tree(output)[0]:
        if harvest.dataset.file_meta.get("MediaStorageSOPClassUID") == "1.2.840.10008.1.3.10":
            continue  # a DICOMDIR has no Instance Number; its bytes are scanned as all others
        known = harvest.number in before and harvest.number not in after
        report.check("output files that come from one input file", known, harvest.path.name)
        after[harvest.number] = harvest
    for file in key["files"]:
        if file["expect"] == "written":
            report.check("files", file["number"] in after, f"{file['name']} is missing")

    judges.plants(report, key, after, mode)
    if mode == "modified":
        judges.offsets(report, key, before, after)
    judges.uids(report, before, after)
    judges.patients(report, key, after)
    judges.pixels(report, before, after)
    judges.method(report, after, mode)
    allowed = moved_dates(before, after) if mode == "modified" else set()
    for path, hits in scan_tree(output, needles(key, mode, allowed)).items():
        report.check("files without a planted value in their bytes", False, f"{path.relative_to(output)}: {sorted(hits)[:3]}")
        report.counts["planted values found in bytes"] += len(hits)
    report.counts["files without a planted value in their bytes"] = sum(1 for _ in output.rglob("*"))
    return report


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--mode", choices=MODES, default="basic")
    parser.add_argument("--limit", type=int, default=8)
    arguments = parser.parse_args()
    result = judge(arguments.corpus, arguments.output, arguments.mode)
    print(f"{arguments.mode}:")
    result.show(arguments.limit)
    sys.exit(bool(result.failures))
