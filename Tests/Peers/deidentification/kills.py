"""Kills `hilum anonymize` at random moments: nothing original may ever lie in OUT, and what is resumed must end the same.

    python kills.py HILUM INPUT [--kills 1000] [--seed 1]

After each kill every byte below OUT is searched for the names, numbers and UIDs of the input's patients. Every tenth time the
run is let finish, its tree compared with that of a run that nobody disturbed, and begun anew. Exit 1 when anything is wrong.
"""

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pydicom


def originals(source: Path) -> set[bytes]:
    values = set()
    for path in (p for p in source.rglob("*") if p.is_file() and pydicom.misc.is_dicom(p)):
        try:
            ds = pydicom.dcmread(path, stop_before_pixels=True)
        except Exception:
            continue
        for tag in ("PatientName", "PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
            values.add(str(ds.get(tag, "")).encode())
    return {value for value in values if len(value) >= 6}


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes()
            for p in folder.rglob("*") if p.is_file() and p.name != "run.json"}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("hilum")
    parser.add_argument("input", type=Path)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance, secrets = random.Random(arguments.seed), originals(arguments.input)
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        subprocess.run([arguments.hilum, "key", "new", work / "key"], check=True, capture_output=True)

        def command(out: Path) -> list[str]:
            return [arguments.hilum, "anonymize", str(arguments.input), "-o", str(out), "--key", str(work / "key"),
                    "--resume", "--quiet"]  # fmt: skip

        start = time.monotonic()
        subprocess.run(command(work / "whole"), stderr=subprocess.DEVNULL)
        duration = time.monotonic() - start
        expected, out = tree(work / "whole"), work / "out"
        killed = leaks = different = 0
        while killed < arguments.kills:
            process = subprocess.Popen(command(out), stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0, duration))
            process.kill()
            killed += process.wait() == -signal.SIGKILL
            if out.exists():
                leaks += any(secret in data for data in tree(out).values() for secret in secrets)
            if killed % 10 == 0 or process.returncode != -signal.SIGKILL:
                subprocess.run(command(out), stderr=subprocess.DEVNULL)
                different += tree(out) != expected
                shutil.rmtree(out)
    print(f"{killed} kills over runs of {len(expected)} files in {duration:.2f} s, {len(secrets)} original values: "
          f"{leaks} times one of them was found, {different} resumed trees differed")  # fmt: skip
    return int(bool(leaks or different))


if __name__ == "__main__":
    sys.exit(main())
