"""Judges de-identification from outside, with pydicom, dciodvfy, dcm2niix and an attack.

    python check.py HILUM            all of it, on the command
    python check.py --self-test      the judges themselves, on de-identifiers that must pass and that must fail

Wants dciodvfy and dcm2niix in PATH. Exit 1 when a judge is not content.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import planted
import scan
from harvest import read_tree
from judges import planted as value_of
from profile_table import MODES
from tools import Hilum, Reference

HERE = Path(__file__).parent


def unseen_plants(corpus: Path) -> list[dict]:
    """Plants that reading the input does not find where the answer key says: none of them could be judged."""
    key = json.loads((corpus / "answers.json").read_text())
    names = {corpus / "input" / file["name"]: file["number"] for file in key["files"]}
    found = {names[h.path]: h for h in read_tree(corpus / "input")[0] if h.path in names}
    return [plant for plant in key["plants"] if found[plant["file"]].value(plant["path"]) != value_of(plant)]


def self_test(corpus: Path, scratch: Path) -> bool:
    good = not unseen_plants(corpus)
    print(f"plants the judges cannot see: {len(unseen_plants(corpus))}")
    for mode in MODES:
        for name, content in [("thorough", True), ("shallow", False), ("identity", False)]:
            out = scratch / f"{name}-{mode}"
            Reference(name).run(corpus / "input", out, mode)
            failures = scan.judge(corpus, out, mode).failures
            right = content != bool(failures)
            print(f"{mode}: {len(failures)} promises broken by the {name} one: {'right' if right else 'WRONG'}")
            good &= right
            if name == "thorough":
                next(out.glob("*.dcm")).unlink()
                good &= "files" in scan.judge(corpus, out, mode).failures
    return good


def dicom(folder: Path) -> list[Path]:
    return [p for p in sorted(folder.rglob("*")) if p.is_file() and p.read_bytes()[128:132] == b"DICM" and p.name != "DICOMDIR"]


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in dicom(folder)}


def identities(folder: Path) -> set[str]:
    """Values by which two trees could be linked: new identifiers."""
    tags = ("00100020", "00080018", "0020000D", "0020000E")
    return {h.value(tag) for h in read_tree(folder)[0] for tag in tags} - {None, ""}


def judge_command(command: str, corpus: Path, scratch: Path) -> bool:
    hilum, good = Hilum(command), True
    for mode in MODES:
        out = scratch / mode
        hilum.run(corpus / "input", out, mode)
        report = scan.judge(corpus, out, mode)
        print(f"planted corpus, {mode}:")
        report.show(8)
        verified = hilum.verify(out, corpus / "input")
        print(f"  verify: {verified}")
        good &= not report.failures and verified == 0
    spoiled = scratch / "basic"
    shutil.copy(next((corpus / "input").glob("0001.dcm")), dicom(spoiled)[0])
    print(f"verify, when an original lies in the output: {hilum.verify(spoiled, corpus / 'input')}")
    good &= hilum.verify(spoiled, corpus / "input") == 3

    hilum.run(corpus / "input", scratch / "again", "modified")
    same = tree(scratch / "again") == tree(scratch / "modified") != {}
    Hilum(command).run(corpus / "input", scratch / "other-key", "modified")
    common = identities(scratch / "other-key") & identities(scratch / "modified")
    print(f"the same key gives the same bytes: {same}; identifiers that two keys have in common: {len(common)}")
    return good and same and not common


def main() -> int:
    command = sys.argv[1]
    with tempfile.TemporaryDirectory() as scratch:
        corpus = Path(scratch, "corpus")
        planted.make(corpus, seed=7)
        if command == "--self-test":
            return int(not self_test(corpus, Path(scratch)))
        discontent = [] if judge_command(command, corpus, Path(scratch)) else ["the planted corpus"]
    for script in ("world.py", "conformance.py", "midi_score.py", "brute_force.py"):
        print(f"{script}:", flush=True)
        if subprocess.run([sys.executable, "-W", "ignore", HERE / script, command]).returncode != 0:
            discontent.append(script)
    # The last line says it: of a long run, often only the end is read.
    print(f"not content: {', '.join(discontent)}" if discontent else "all judges are content")
    return int(bool(discontent))


if __name__ == "__main__":
    sys.exit(main())
