"""The data dictionary and the UIDs of PS3.6, from pydicom's copies."""

from newer_elements import NEWER
from pydicom._dicom_dict import DicomDictionary, RepeatersDictionary
from pydicom._uid_dict import UID_dictionary

# Coding schemes of other authorities that PS3.16 Table 8-1 names; PS3.6 registers only those of DICOM's own root.
FOREIGN_CODING_SCHEMES = {
    "2.16.840.1.113883.6.96": "SCT",
    "2.16.840.1.113883.6.1": "LN",
    "2.16.840.1.113883.6.8": "UCUM",
    "2.16.840.1.113883.6.3": "I10",
    "2.16.840.1.113883.6.12": "C4",
    "2.16.840.1.113883.6.24": "MDC",
    "2.16.840.1.113883.6.86": "UMLS",
    "2.16.840.1.113883.6.88": "RXNORM",
    "2.16.840.1.113883.6.119": "FMA",
    "2.16.840.1.113883.6.256": "RADLEX",
    "2.16.840.1.113883.3.26.1.1": "NCIt",
}


def array(declaration: str, rows: list[str]) -> str:
    return f"{declaration} = {{\n" + "".join(f"    {row},\n" for row in rows) + "};\n"


def size(name: str, count: int) -> str:
    return f"const size_t {name} = {count};\n"


def characters(vr: str) -> str:
    return "{%s}" % (", ".join(f"'{c}'" for c in vr) or "0")


def tag_and_mask(pattern: str) -> tuple[int, int]:
    """The tag with 0 for each x, and the mask that compares the rest. Repeating groups are even (PS3.5 7.6)."""
    tag = int(pattern.lower().replace("x", "0"), 16)
    mask = int("".join("0" if c in "xX" else "F" for c in pattern), 16)
    return tag, mask | (0x00010000 if pattern[2:4].lower() == "xx" else 0)


def row(tag: int, entry: tuple) -> str:
    vr, multiplicity, _, retired, keyword = entry
    vrs = [] if vr == "NONE" else vr.split(" or ")
    multi = int(multiplicity not in ("1", "0", "0-1"))
    parts = [characters(vrs[i] if i < len(vrs) else "") for i in range(3)]
    return f'{{0x{tag:08X}, {", ".join(parts)}, {multi}, {int(retired == "Retired")}, "{keyword}"}}'


def elements() -> str:
    exact = [row(tag, entry) for tag, entry in sorted((NEWER | DicomDictionary).items())]
    repeaters = sorted((*tag_and_mask(pattern), entry) for pattern, entry in RepeatersDictionary.items())
    return (
        array("const standard_element elements[]", exact)
        + size("element_count", len(exact))
        + array("const standard_element repeating[]", [row(tag, entry) for tag, _, entry in repeaters])
        + array("const uint32_t repeating_masks[]", [f"0x{mask:08X}" for _, mask, _ in repeaters])
        + size("repeating_count", len(repeaters))
    )


def uids() -> str:
    known = {uid: entry[1] for uid, entry in UID_dictionary.items()}
    known |= dict.fromkeys(FOREIGN_CODING_SCHEMES, "Coding Scheme")
    kinds = sorted(set(known.values()))
    rows = [f'{{"{uid}", {kinds.index(kind)}}}' for uid, kind in sorted(known.items())]
    return (
        array("const known_uid known_uids[]", rows)
        + size("known_uid_count", len(rows))
        + array("const char *const uid_kinds[]", [f'"{kind}"' for kind in kinds])
    )
