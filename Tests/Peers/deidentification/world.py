"""Everything that is no DICOM image: NIfTI, sidecars, tables, pictures, DICOMDIR and names, under one key in one run.

    python world.py HILUM

Plants identifiers (world_plants.py), runs the command, and reads what it wrote with nibabel, json, gzip, pydicom and dcmdump.
Exit 1 when a promise is broken.
"""

import csv
import gzip
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

import nibabel
import numpy as np
import pydicom
import world_plants
from marks import WORD
from pydicom.fileset import FileSet
from tools import Hilum

MODES = {"basic": [], "modified": ["retain-longitudinal-modified-dates", "retain-patient-characteristics"]}


OWN = ("participants.json", "run.json", "deidentification.json")


class Promises:
    def __init__(self):
        self.broken, self.count = [], 0

    def check(self, good: bool, what: str) -> None:
        self.count += 1
        if not good:
            self.broken.append(what)


def contents(path: Path) -> list[bytes]:
    data = path.read_bytes()
    return [data, gzip.decompress(data)] if data[:2] == b"\x1f\x8b" else [data]


def leaks(out: Path, world) -> list[str]:
    """Planted words in bytes and names, case-blind, in one and two bytes a character."""
    words, found = {word.lower() for word in world.words}, []
    for path in sorted(out.rglob("*")):
        texts = [str(path.relative_to(out)).encode()] + (contents(path) if path.is_file() else [])
        for text in texts:
            lowered = (text + text.replace(b"\0", b"")).lower()
            hits = {w for w in re.findall(WORD.pattern.lower().encode(), lowered) if w.decode() in words}
            found += [f"{path.relative_to(out)}: {hit.decode()}" for hit in hits]
            found += [f"{path.relative_to(out)}: a UID" for word in words if word[0] == "1" and word.encode() in lowered]
    return found


def images(folder: Path) -> dict:
    """Echo time of the sidecar, or the name, by what a picture is: voxels, type, affine, zooms."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if re.search(r"\.(nii|nii\.gz|hdr)$", p.name)):
        image = nibabel.load(path)
        voxels = np.asarray(image.dataobj.get_unscaled())
        print_ = hashlib.sha256(voxels.tobytes() + np.asarray(image.affine).tobytes()).hexdigest(), str(image.get_data_dtype()), tuple(
            map(float, image.header.get_zooms())), image.header.get_xyzt_units(), type(image).__name__  # fmt: skip
        sidecar = path.with_name(re.sub(r"\.(nii|nii\.gz|hdr)$", ".json", path.name))
        found[print_] = json.loads(sidecar.read_text())["EchoTime"] if sidecar.exists() else None
    return found


def headers(promises: Promises, out: Path) -> None:
    for path in (p for p in out.rglob("*") if re.search(r"\.(nii|nii\.gz|hdr)$", p.name)):
        header = nibabel.load(path).header
        for field in {"descrip", "aux_file", "intent_name", "db_name", "data_type"} & set(header.keys()):
            promises.check(not header[field].item(), f"{path.name}: {field}")
        promises.check(not header.extensions, f"{path.name}: extensions")
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            promises.check(data[4:8] == b"\0\0\0\0" and data[3] & 0x1A == 0, f"{path.name}: name, comment or time of gzip")


def rows(path: Path) -> list[dict]:
    with path.open() as file:
        return list(csv.DictReader(file, delimiter="\t"))


def tree(promises: Promises, out: Path, mode: str) -> None:
    """Names agree with each other and with what files say."""
    people = rows(out / "participants.tsv")
    folders = {p.name for p in out.glob("sub-*")}
    promises.check({p["participant_id"] for p in people} == folders and len(folders) == 2, "participants are the folders")
    expected = {"participant_id", "age", "sex"} if mode == "modified" else {"participant_id"}
    promises.check(set(people[0]) == expected, f"columns of participants.tsv: {set(people[0])}")
    if mode == "modified":
        promises.check({p["age"] for p in people} == {"90", "41"}, "ages over 89 are 90")
    for table in out.rglob("*_scans.tsv"):
        for row in rows(table):
            promises.check((table.parent / row["filename"]).exists(), f"{table.name} names a file that is not there")
    references = [(p, r) for p in out.rglob("*.json") for r in json.loads(p.read_text()).get("IntendedFor", [])]
    promises.check(len(references) == 1, "IntendedFor")
    for path, reference in references:
        promises.check((path.parents[2] / reference).exists(), "IntendedFor names a file that is not there")
    derivative = [p for p in out.glob("derivatives/*/sub-*")]
    promises.check(len(derivative) == 1 and derivative[0].name in folders, "derivatives have their participant's name")
    promises.check(len(list(out.rglob("*_dwi.bval"))) == 1 and len(list(out.rglob("*_dwi.bvec"))) == 1, "gradients stay")
    promises.check(not list(out.rglob("*.png")) + list(out.rglob("*.jpg")), "pictures are held")
    told = json.loads((out / "dataset_description.json").read_text())
    promises.check(told["BIDSVersion"] == "1.9.0" and "Authors" not in told, "dataset_description.json")


def dates(promises: Promises, out: Path, world, mode: str) -> None:
    """The days that DICOM files, sidecars and tables were moved by."""
    told = {p: json.loads(p.read_text()) for p in out.rglob("*.json") if p.name not in OWN}
    spelled = {d for day in world.study_dates for d in (day, f"{day[:4]}-{day[4:6]}-{day[6:]}")}
    if mode == "basic":
        promises.check(not any("AcquisitionDateTime" in t or "AcquisitionTime" in t for t in told.values()), "dates are gone")
        for path in (p for p in out.rglob("*") if p.suffix in (".json", ".tsv")):
            promises.check(not any(day in path.read_text() for day in spelled), f"{path.name}: a date")
        return
    original = datetime.strptime(world.day, "%Y%m%d")
    offsets = {(datetime.fromisoformat(t["AcquisitionDateTime"]) - original).days for t in told.values()
               if t.get("PatientID") or "AcquisitionDateTime" in t}  # fmt: skip
    dicom = {(datetime.strptime(pydicom.dcmread(p).StudyDate, "%Y%m%d") - original).days for p in dicom_files(out)}
    table = {(datetime.fromisoformat(r["acq_time"]) - original).days for t in out.rglob("*_scans.tsv") for r in rows(t)
             if r["acq_time"] != "n/a"}  # fmt: skip
    promises.check(len(dicom) == 1 and table == dicom and dicom <= offsets, f"one offset a patient: {dicom} {table}")
    promises.check(all(offset <= -365 for offset in dicom | table), "dates are moved by more than a year")
    promises.check(len(offsets) == 2, "patients have offsets of their own")
    ids = {t["PatientID"] for t in told.values() if "PatientID" in t}
    promises.check(ids == {pydicom.dcmread(p).PatientID for p in dicom_files(out)}, "one pseudonym over DICOM and sidecars")
    names = {t.get("PatientName", "") for t in told.values()}
    promises.check(all(re.fullmatch(r"[A-Z2-7]{16}|", name) for name in names) and ids < names, "names in sidecars")
    promises.check(any(t.get("PatientAge") == "090Y" and t.get("PatientSex") == "F" for t in told.values()), "age and sex")


def dicom_files(out: Path) -> list[Path]:
    return [p for p in out.rglob("*") if p.is_file() and p.name != "DICOMDIR" and p.read_bytes()[128:132] == b"DICM"]


def medium(promises: Promises, out: Path) -> None:
    files = FileSet(out / "DICOMDIR")
    listed = {Path(i.path).resolve() for i in files}
    promises.check(listed == {p.resolve() for p in dicom_files(out)} and len(listed) == 3, "the DICOMDIR lists the files")
    for instance in files:
        ds = instance.load()
        for key in ("PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "InstanceNumber"):
            promises.check(getattr(instance, key) == getattr(ds, key), f"DICOMDIR: {key}")
    dump = subprocess.run(["dcmdump", str(out / "DICOMDIR")], capture_output=True, text=True)
    promises.check(dump.returncode == 0 and not re.search(r"^[EW]:", dump.stderr, re.M), f"dcmdump: {dump.stderr[:200]}")
    promises.check(dump.stdout.count("(0004,1430)") == 6, "records of a patient, a study, a series and three images")


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*")
            if p.is_file() and not p.name.startswith(("manifest", "run", "deidentification"))}  # fmt: skip


def verified(promises: Promises, hilum: Hilum, world, out: Path) -> None:
    """`hilum verify` is content, and no longer when one file of each kind has a word more."""
    promises.check(hilum.verify(out, world.root) == 0, "verify finds the tree in order")
    for pattern in ("*T1w.nii.gz", "*.img", "*_bold.json", "*_scans.tsv", "*.bval", "DICOMDIR"):
        path = next(out.rglob(pattern))
        data = path.read_bytes()
        path.write_bytes(data + b"ZQ")
        promises.check(hilum.verify(out, world.root) == 3, f"verify sees a word in {pattern}")
        path.write_bytes(data)


def judge(promises: Promises, world, out: Path, mode: str) -> None:
    found = leaks(out, world)
    promises.check(not found, f"{len(found)} planted values found: {found[:5]}")
    promises.check(images(world.root) == images(out), "voxels, geometry, and which sidecar belongs to which image")
    headers(promises, out)
    tree(promises, out, mode)
    dates(promises, out, world, mode)
    medium(promises, out)


def main() -> int:
    hilum, good = Hilum(sys.argv[1]), True
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        world = world_plants.make(scratch / "input", seed=11)
        before, seen = bytes_of(world.root), leaks(world.root, world)
        blind = {w for w in world.words if not any(w.lower() in s or w[0] == "1" for s in seen)}
        print(f"{len(world.words)} planted values, {len(blind)} that the judge cannot see in the input", blind)
        for mode, options in MODES.items():
            promises = Promises()
            hilum.run(world.root, scratch / mode, options=options)
            judge(promises, world, scratch / mode, mode)
            for part in ("1/2", "2/2"):
                command = [hilum.command, "anonymize", str(world.root), "-o", str(scratch / f"shards-{mode}"), "--key", str(hilum.key),
                           "--shard", part, "--workers", "1", *[p for o in options for p in ("--option", o)]]  # fmt: skip
                if part == "2/2":
                    command.append("--resume")
                ended = subprocess.run(command, capture_output=True).returncode
                promises.check(ended in (0, 1), f"shard {part} ended with {ended}")
            whole, shards = bytes_of(scratch / mode), bytes_of(scratch / f"shards-{mode}")
            differ = sorted(name for name in whole.keys() | shards.keys() if whole.get(name) != shards.get(name))
            promises.check(not differ, f"two shards make the same tree, but for {differ[:5]}")
            verified(promises, hilum, world, scratch / mode)
            promises.check(bytes_of(world.root) == before, "the input is as it was")
            print(f"{mode}: {promises.count} promises, {len(promises.broken)} broken")
            for what in promises.broken[:10]:
                print(f"    {what}")
            good &= not promises.broken
    return int(not (good and len(blind) <= 1))


if __name__ == "__main__":
    sys.exit(main())
