"""Attribute Types by IOD (PS3.3), from dicom-standard's tables of the 2020 edition."""

import json
import sys
from collections import defaultdict
from pathlib import Path

from dictionary import array, size
from pydicom._uid_dict import UID_dictionary

FILES = ("sops", "ciods", "ciod_to_modules", "ciod_to_fg_macros", "module_to_attributes", "macro_to_attributes")
STRICTNESS = ("3", "2C", "2", "1C", "1")  # as standard_type, which starts with NONE
PREFIX = "1.2.840.10008.5.1.4."
# SOP classes that sops.json lacks, by the IOD that is theirs or the nearest older one. What is missing here and there
# (private protocols, RT second generation records, inventories, confocal and photoacoustic images) has unknown Types.
NEAREST = {
    "1.1.3": "us-multi-frame-image", "1.1.5": "nm-image", "1.1.6": "us-image",
    "1.1.12.3": "x-ray-angiographic-image", "1.1.11.12": "grayscale-softcopy-presentation-state",
    "1.1.9.1.4": "general-ecg", "1.1.9.6.2": "respiratory-waveform",
    "1.1.9.7.1": "general-ecg", "1.1.9.7.2": "general-ecg", "1.1.9.7.3": "general-ecg", "1.1.9.7.4": "general-ecg",
    "1.1.9.8.1": "general-ecg", "1.1.77.1": "vl-photographic-image", "1.1.77.1.7": "vl-photographic-image",
    "1.1.88.1": "basic-text-sr", "1.1.88.3": "comprehensive-sr", "1.1.88.4": "comprehensive-sr",
    "1.1.88.76": "x-ray-radiation-dose-sr", "1.1.88.77": "comprehensive-3d-sr",
    "1.1.200.1": "ct-defined-procedure-protocol", "1.1.200.3": "protocol-approval",
    "1.1.200.7": "ct-defined-procedure-protocol", "1.1.200.8": "ct-performed-procedure-protocol",
    "38.1": "hanging-protocol", "39.1": "color-palette", "43.1": "generic-implant-template",
    "44.1": "implant-assembly-template", "45.1": "implant-template-group",
}  # fmt: skip
# "Storage" in the name, yet no class of stored composite objects.
NOT_STORED = ("Storage Commitment", "Media Storage Directory", "Stored Print")


def path(name: str) -> Path:
    """dicom-standard puts its JSON beside the library, not in it."""
    return Path(sys.prefix) / "standard" / f"{name}.json"


def load(name: str) -> list[dict]:
    return json.loads(path(name).read_text())


def typed_rows(entries: list[dict], key: str) -> dict[str, set]:
    """(innermost sequence, tag, type) of each module or macro; x is 0 in repeating groups."""
    rows = defaultdict(set)
    for entry in entries:
        if entry["type"] in STRICTNESS:
            place = [int(part.replace("x", "0"), 16) for part in entry["path"].split(":")[1:]]
            sequence = place[-2] if len(place) > 1 else 0
            rows[entry[key]].add((sequence, place[-1], STRICTNESS.index(entry["type"]) + 1))
    return rows


def storage_classes() -> dict[str, str | None]:
    ids = {ciod["name"]: ciod["id"] for ciod in load("ciods")}
    classes = {sop["id"]: ids[sop["ciod"]] for sop in load("sops")}
    for uid, (name, kind, elsewhere, *_) in UID_dictionary.items():
        stored = kind == "SOP Class" and "Storage" in name and not name.startswith(NOT_STORED)
        if stored and not elsewhere and uid not in classes:
            classes[uid] = NEAREST.get(uid.removeprefix(PREFIX))
    missing = {PREFIX + uid for uid in NEAREST} - classes.keys()
    assert not missing, missing
    assert set(NEAREST.values()) <= set(ids.values()), set(NEAREST.values()) - set(ids.values())
    return classes


def numbers(declaration: str, values: list[int]) -> str:
    lines = [", ".join(map(str, values[i : i + 20])) for i in range(0, len(values), 20)]
    return array(declaration, lines)


def runs(name: str, starts: str, lists: list[list[int]]) -> str:
    flat = [value for values in lists for value in values]
    ends = [sum(map(len, lists[:i])) for i in range(len(lists) + 1)]
    return numbers(f"const uint16_t {name}[]", flat) + numbers(f"const uint32_t {starts}[]", ends)


def types() -> str:
    parts = {"module " + k: v for k, v in typed_rows(load("module_to_attributes"), "moduleId").items()}
    parts |= {"macro " + k: v for k, v in typed_rows(load("macro_to_attributes"), "macroId").items()}
    used = defaultdict(list)
    for entry in load("ciod_to_modules"):
        used[entry["ciodId"]].append("module " + entry["moduleId"])
    for entry in load("ciod_to_fg_macros"):
        used[entry["ciodId"]].append("macro " + entry["macroId"])

    classes = storage_classes()
    iods = sorted({iod for iod in classes.values() if iod})
    modules = sorted({part for iod in iods for part in used[iod] if part in parts})
    pool = sorted(set().union(*(parts[module] for module in modules)))
    assert len(pool) < 0xFFFF and len(iods) <= 256
    place = {row: i for i, row in enumerate(pool)}
    number = {module: i for i, module in enumerate(modules)}
    return (
        'const char types_edition[] = "2020";\n'
        + array("const standard_typed typed[]", [f"{{0x{s:08X}, 0x{t:08X}, {k}}}" for s, t, k in pool])
        + size("typed_count", len(pool))
        + runs("module_rows", "module_starts", [sorted(place[row] for row in parts[m]) for m in modules])
        + runs("iod_modules", "iod_starts", [sorted({number[m] for m in used[i] if m in number}) for i in iods])
        + size("iod_count", len(iods))
        + array(
            "const storage_class storage_classes[]",
            [f'{{"{uid}", {iods.index(iod) if iod else "NO_IOD"}}}' for uid, iod in sorted(classes.items())],
        )
        + size("storage_class_count", len(classes))
    )
