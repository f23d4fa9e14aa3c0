"""The independent scanner: judges a de-identified tree against the answer key of a planted corpus.

    python scan.py CORPUS OUTPUT --mode basic|modified

CORPUS holds input/ and answers.json (planted.py). Prints what was counted; exit 1 with the list when anything is wrong.
"""

import argparse
import json
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


def needles(key: dict, mode: str, offsets: dict[str, int]) -> Needles:
    patients = {f["number"]: f["patient"] for f in key["files"]}
    values, allowed = [("LO", loose["value"]) for loose in key["loose"]], set()
    values += [("DA", loose["value"]) for loose in key["loose"] if loose["spot"].startswith("date")]
    for plant in key["plants"]:
        must = plant["must"][mode]
        if must != "kept":
            values.append((plant["vr"], judges.planted(plant)))
        if must == "shifted" and judges.days(plant["value"]) and patients[plant["file"]] in offsets:
            allowed.add(judges.shifted(plant["value"][:8], offsets[patients[plant["file"]]]))
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
    offsets = judges.offsets(report, key, before, after) if mode == "modified" else {}
    judges.uids(report, before, after)
    judges.patients(report, key, after)
    judges.pixels(report, before, after)
    judges.method(report, after, mode)
    for path, hits in scan_tree(output, needles(key, mode, offsets)).items():
        report.check("files without a planted value in their bytes", False, f"{path.relative_to(output)}: {len(hits)} values")
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
