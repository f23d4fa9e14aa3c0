"""Times `hilum anonymize` beside other de-identifiers, whole processes, and prints files per CPU-second.

Usage: deidentification.py HILUM [--count 4000] [--size 128] [--folder DIR]
Two sets of CT files are made from pydicom's CT_small.dcm: 128 x 128 (40 KB) and 512 x 512. Hilum verifies each file as it
writes it; the peers do not. Peers work on a tenth of the files; those that are not installed are left out and named.
What a second core is worth on the machine is told by two programs side by side that share nothing, each with half the files.
Where `perf` is there, it also prints which share of the CPU time the proof takes: noting what is in an original, and looking
for it in what was written.
"""
import argparse
import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pydicom
from pydicom.data import get_testdata_file
from run import timed

PEERS = {
    "dicom-anonymizer": ("dicomanonymizer", """
import sys
from pathlib import Path
from dicomanonymizer import anonymize_dicom_file
for number, path in enumerate(sorted(Path(sys.argv[1]).rglob('*.dcm'))):
    anonymize_dicom_file(str(path), f'{sys.argv[2]}/{number}.dcm')
"""),
    "pydicom, read and write": ("pydicom", """
import sys
from pathlib import Path
import pydicom
for number, path in enumerate(sorted(Path(sys.argv[1]).rglob('*.dcm'))):
    ds = pydicom.dcmread(path)
    list(ds.iterall())
    ds.save_as(f'{sys.argv[2]}/{number}.dcm')
"""),
}


def make(folder: Path, size: int, count: int) -> None:
    ds = pydicom.dcmread(get_testdata_file("CT_small.dcm"))
    random = np.random.default_rng(1)
    pixels = np.clip(random.normal(1000, 200, (size, size)), 0, 4095).astype(np.int16)
    ds.Rows = ds.Columns = size
    for index in range(count):
        patient, series = index // 100, index // 50
        root = f"1.2.826.0.1.3680043.10.999.9.{patient}"
        ds.PatientID, ds.PatientName, ds.PatientBirthDate = f"MRN{patient:07}", f"Family{patient}^Given{patient}", "19600101"
        ds.StudyInstanceUID, ds.SeriesInstanceUID = root, f"{root}.{series}"
        ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = f"{root}.{series}.{index}"
        ds.InstanceNumber, ds.PixelData = index % 50, np.roll(pixels, index).tobytes()
        target = folder / f"{patient:04}"
        target.mkdir(parents=True, exist_ok=True)
        ds.save_as(target / f"{index:05}.dcm")


def few(source: Path, target: Path, share: int, first: int = 0) -> int:
    files = sorted(source.rglob("*.dcm"))[first::share]
    for path in files:
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.hardlink_to(path)
    return len(files)


def measure(commands: dict[str, list[str]], out: Path, files: int, runs: int) -> dict[str, list[float]]:
    """Runs the commands in turns, since a machine's memory and disk are slower in some minutes than in others; prints
    each one's median run by CPU time and returns all wall times."""
    rows = {name: [] for name in commands}
    out.mkdir(exist_ok=True)
    for _ in range(runs):
        for name, command in commands.items():
            # Kept until the end: ext4 is slow to make files where many were just removed.
            folder = tempfile.mkdtemp(dir=out)
            rows[name].append(timed([part.replace("OUT", folder) for part in command]))
    for name, times in rows.items():
        wall, cpu, memory = sorted(times, key=lambda row: row[1])[len(times) // 2]
        print(f"| {name} | {files / cpu:.0f} | {files / wall:.0f} | {memory:.0f} |", flush=True)
    return {name: [wall for wall, _, _ in times] for name, times in rows.items()}


def proof(command: list[str], scratch: Path) -> float:
    """Percent of samples within the two functions that nothing but the proof needs."""
    data = scratch / "perf.data"
    subprocess.run(["perf", "record", "-q", "-F", "1999", "--call-graph", "fp", "-o", data, *command], check=True, capture_output=True)
    lines = subprocess.run(["perf", "report", "-i", data, "--children", "-g", "none", "--sort", "symbol"], check=True,
                           capture_output=True, text=True).stdout.splitlines()  # fmt: skip
    share = 0.0
    for name in (r"\$s16Deidentification7HarvestV4note_7charset", r"\$s16Deidentification11OutputProofV5check"):
        found = [line for line in lines if re.search(name, line)]
        if not found:
            raise SystemExit(f"perf shows nothing of {name}: was the program built with symbols?")
        share += max(float(line.split("%")[0]) for line in found)
    return share


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("hilum")
    parser.add_argument("--count", type=int, default=4000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--size", type=int, choices=(128, 512), help="only files of this size; of 512, half as many")
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as scratch:
        work = Path(scratch)
        key = work / "key"
        subprocess.run([arguments.hilum, "key", "new", str(key)], check=True, capture_output=True)
        for size, count in ((128, arguments.count), (512, arguments.count // 2)):
            if arguments.size not in (None, size):
                continue
            source, part = work / f"ct{size}", work / f"few{size}"
            make(source, size, count)
            taken = few(source, part, 10)
            halves = [work / f"half{size}.{first}" for first in (0, 1)]
            for first, half in enumerate(halves):
                few(source, half, 2, first)
            print(f"\n{count} CT files of {size} x {size}\n\n| | files per CPU-second | per second | peak MB |\n| --- | --- | --- | --- |")
            hilum = lambda source, out, workers: [
                arguments.hilum, "anonymize", str(source), "-o", out, "--key", str(key), "--quiet", "--workers", str(workers)]
            one, two, apart = "hilum, 1 worker", "hilum, 2 workers", "two of hilum, 1 worker each, half the files each"
            first, second = (shlex.join(hilum(half, f"OUT/{half.name}", 1)) for half in halves)
            walls = measure(
                {one: hilum(source, "OUT/x", 1), two: hilum(source, "OUT/x", 2), apart: ["sh", "-c", f"{first} & {second} && wait $!"]},
                work / f"out{size}", count, arguments.runs)
            for name, (module, code) in PEERS.items():
                if importlib.util.find_spec(module) is None:
                    print(f"{name}: not installed, left out")
                    continue
                measure({name: [sys.executable, "-W", "ignore", "-c", code, str(part), "OUT"]}, work / f"out{size}", taken, 1)
            for name in (two, apart):
                ratios = sorted(a / b for a, b in zip(walls[one], walls[name]))
                print(f"\n{name}: {ratios[len(ratios) // 2]:.2f} times one worker ({ratios[0]:.2f} to {ratios[-1]:.2f})")
            if shutil.which("perf"):
                share = proof(hilum(source, str(work / f"out{size}/proof"), 1), work)
                print(f"the proof takes {share:.1f} % of the CPU time")
            else:
                print("perf is not installed: the share of the proof is not measured")


if __name__ == "__main__":
    main()
