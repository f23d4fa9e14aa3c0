"""The ten actions of MIDI-B (MICCAI 2024) on a generated corpus, and what that score leaves out.

    python midi_score.py HILUM|identity|shallow|thorough [--patients 40] [--seed 3] [--option NAME]...

Prints passed and total of each action. Unlike the challenge's scorer, a missing file fails every row it has, identifiers
are compared between the files of a patient instead of with a submitted table, and intervals between dates and all bytes
are judged as well.
Exit 1 when an action of structure (all but text_retained and pixels_hidden) has a failure.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from harvest import Harvest, pixel_digest, read_tree
from judges import days
from midi_corpus import MIDICorpus
from tools import tool

ACTIONS = ["tag_retained", "text_notnull", "text_retained", "text_removed", "date_shifted", "uid_changed", "uid_consistent",
           "patid_consistent", "pixels_hidden", "pixels_retained"]  # fmt: skip
OURS = ["intervals", "bytes", "files"]
OPTIONS = ["clean-descriptors", "retain-longitudinal-modified-dates", "retain-patient-characteristics",
           "retain-device-identity", "clean-pixel-data"]  # fmt: skip
# Categories that a part of may miss; all others must be whole.
BY_DEGREES = {"text_retained": 0.95, "text_removed": 0.999, "pixels_hidden": 0.95}


def hidden(harvest: Harvest, box: list[int], text: list) -> bool:
    """Whether nothing in the box goes with the letters that were there: correlation below 0.2."""
    left, top, right, bottom = box
    ds = harvest.dataset
    pixels = np.frombuffer(ds.PixelData, dtype="u1")[: ds.Rows * ds.Columns].reshape(ds.Rows, ds.Columns)
    region, letters = pixels[top:bottom, left:right].astype(float).ravel(), np.array(text, float).ravel()
    return bool(region.std() == 0 or abs(np.corrcoef(region, letters)[0, 1]) < 0.2)


class Score:
    def __init__(self):
        self.passed, self.total, self.examples = Counter(), Counter(), defaultdict(list)

    def count(self, action: str, good: bool, where: str) -> None:
        self.total[action] += 1
        self.passed[action] += good
        if not good and len(self.examples[action]) < 3:
            self.examples[action].append(where)


def passes(row: dict, now: str | None, mapped: set) -> bool:
    value, action = row["value"], row["action"]
    match action:
        case "tag_retained":
            return now is not None
        case "text_notnull":
            return bool(now)
        case "text_retained":
            return now is not None and all(word.lower() in now.lower() for word in value)
        case "text_removed":
            return not any(token.lower() in (now or "").lower() for token in value)
        case "date_shifted" | "uid_changed":
            return value not in (now or "")
        case "uid_consistent" | "patid_consistent":
            return len(mapped) == 1 and None not in mapped and value not in mapped
    raise ValueError(action)


def score(corpus: Path, output: Path) -> Score:
    key, result = json.loads((corpus / "answers.json").read_text()), Score()
    before = {h.number: h for h in read_tree(corpus / "input")[0]}
    after = {h.number: h for h in read_tree(output)[0]}
    mapped, moved, tokens = defaultdict(set), defaultdict(Counter), defaultdict(set)
    patient = {file["number"]: file["patient"] for file in key["files"]}
    for row in key["rows"]:
        harvest = after.get(row["file"])
        now = harvest.value(row["path"]) if harvest else None
        if row["action"].endswith("_consistent") and harvest:
            mapped[row["value"]].add(now)
        elif row["action"] == "date_shifted" and now and days(now):
            moved[patient[row["file"]]][days(now) - days(row["value"])] += 1
        elif row["action"] == "text_removed":
            tokens[row["file"]] |= {token for token in row["value"] if len(token) > 4}

    for row in key["rows"]:
        harvest, action = after.get(row["file"]), row["action"]
        if harvest is None:
            good = False
        elif action == "pixels_retained":
            good = pixel_digest(harvest) == pixel_digest(before[row["file"]])
        elif action == "pixels_hidden":
            good = hidden(harvest, **row["value"])
        else:
            good = passes(row, harvest.value(row["path"]), mapped[str(row["value"])])
        result.count(action, good, f"file {row['file']} {row['path']}")
    for number in patient:
        result.count("files", number in after, f"file {number} is missing")
    for who, offsets in moved.items():
        result.count("intervals", len(offsets) == 1, f"patient moved by {dict(offsets.most_common(3))}")
    for number, harvest in after.items():
        data = harvest.path.read_bytes().lower()
        left = [token for token in tokens[number] if token.lower().encode() in data]
        result.count("bytes", not left, f"file {number}: {len(left)} tokens")
    return result


def main(name: str, patients: int, seed: int, options: list[str]) -> int:
    with tempfile.TemporaryDirectory() as scratch:
        corpus, out = Path(scratch, "corpus"), Path(scratch, "out")
        made = MIDICorpus(corpus, seed)
        made.make(patients)
        tool(name).run(corpus / "input", out, "modified", options)
        result = score(corpus, out)
    print(f"{len(made.files)} files of {patients} patients, {len(made.rows)} rows")
    for action in ACTIONS + OURS:
        passed, total = result.passed[action], result.total[action]
        examples = "; ".join(result.examples[action])
        print(f"  {action:17} {passed:6} / {total:<6} {100 * passed / max(total, 1):7.2f} %   {examples}")
    passed, total = (sum(counts[a] for a in ACTIONS) for counts in (result.passed, result.total))
    print(f"  {'all ten':17} {passed:6} / {total:<6} {100 * passed / total:7.2f} %")
    failed = [a for a in ACTIONS + OURS if result.passed[a] < BY_DEGREES.get(a, 1) * result.total[a]]
    empty = [a for a in ACTIONS + OURS if not result.total[a]]
    return int(bool(failed or empty))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("--patients", type=int, default=40)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--option", action="append")
    arguments = parser.parse_args()
    sys.exit(main(arguments.tool, arguments.patients, arguments.seed, arguments.option or OPTIONS))
