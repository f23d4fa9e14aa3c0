"""Tables E.1-1, E.3.4-1 and E.3.10-1 of PS3.15."""

import csv
import json
import re
from pathlib import Path

from dictionary import array, characters, size, tag_and_mask
from pydicom.sr._snomed_dict import mapping

ACTIONS = {
    None: "NONE", "D": "D", "Z": "Z", "X": "X", "K": "K", "C": "C", "U": "U",
    "Z/D": "Z_D", "X/Z": "X_Z", "X/D": "X_D", "X/Z/D": "X_Z_D", "X/Z/U*": "X_Z_U",
}  # fmt: skip
PRIVATE = (0x00010000, 0x00010000)  # every odd group


def edition(path: Path) -> str:
    return json.loads(path.read_text())["source"]["edition"]


def csv_edition(path: Path) -> str:
    """The CSV tells its edition in its name alone."""
    return re.search(r"\b(20\d\d[a-e])\b", path.name)[1]


def action(code: str | None) -> str:
    return "ACTION_" + ACTIONS[code]


def options(entry: dict, keys: list[str]) -> str:
    return "{" + ", ".join(action(entry["options"].get(key)) for key in keys) + "}"


def rules(path: Path) -> str:
    table = json.loads(path.read_text())
    found = []
    for rule in table["rules"]:
        tag, mask = PRIVATE if rule["tag"] == "PRIVATE" else tag_and_mask(rule["tag"])
        found.append((mask != 0xFFFFFFFF, tag, mask, rule))
    found.sort(key=lambda row: row[:3])
    rows = [
        f"{{0x{tag:08X}, 0x{mask:08X}, {action(rule['basic'])}, {options(rule, table['option_keys'])}, "
        f"{int(rule['retired'])}}}"
        for _, tag, mask, rule in found
    ]
    return (
        f'const char profile_edition[] = "{table["source"]["edition"]}";\n'
        f'const char profile_digest[] = "{table["source"]["sha256_of_source_xml"]}";\n'
        + array("const standard_rule rules[]", rows)
        + size("rule_count", len(rows))
        + size("exact_rule_count", sum(not masked for masked, *_ in found))
    )


def content_items(path: Path) -> str:
    table = json.loads(path.read_text())
    items = sorted(table["content_items"], key=lambda i: (i["scheme"], i["code"], i["value_type"]))
    rows = [
        f'{{"{i["scheme"]}", "{i["code"]}", "{i["value_type"]}", {action(i["basic"])}, '
        f"{options(i, table['content_option_keys'])}}}"
        for i in items
    ]
    codes = {i["code"] for i in items if i["scheme"] == "SCT"}
    retired = sorted((old, new) for old, new in mapping["SRT"].items() if new in codes)
    return (
        array("const standard_content_item content_items[]", rows)
        + size("content_item_count", len(rows))
        + array("const retired_code retired_codes[]", [f'{{"{old}", "{new}"}}' for old, new in retired])
        + size("retired_code_count", len(retired))
    )


def safe_private(path: Path) -> str:
    found = []
    with path.open(newline="") as file:
        for entry in csv.DictReader(file):
            group, element = re.fullmatch(r"\((\w{4}),xx(\w{2})\)", entry["Data Element"]).groups()
            found.append((entry["Private Creator"], int(group, 16), int(element, 16), entry["VR"].split("/")[0]))
    rows = [
        f'{{"{creator}", 0x{group:04X}, 0x{element:02X}, {characters(vr)}}}'
        for creator, group, element, vr in sorted(found)
    ]
    return (
        f'const char safe_private_edition[] = "{csv_edition(path)}";\n'
        + array("const standard_safe_private safe_private[]", rows)
        + size("safe_private_count", len(rows))
    )
