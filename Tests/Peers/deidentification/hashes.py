"""How de-identifiers without a key make new values of old ones: hashes, the forms they are written in, date offsets from them."""

import hashlib
import zlib
from collections.abc import Callable, Iterator

import blake3

HASHES: dict[str, Callable[[bytes], bytes]] = {
    "MD5": lambda data: hashlib.md5(data).digest(),
    "SHA-1": lambda data: hashlib.sha1(data).digest(),
    "SHA-256": lambda data: hashlib.sha256(data).digest(),
    "SHA-512": lambda data: hashlib.sha512(data).digest(),
    "BLAKE2b": lambda data: hashlib.blake2b(data).digest(),
    "BLAKE2b-128": lambda data: hashlib.blake2b(data, digest_size=16).digest(),
    "BLAKE2b-256": lambda data: hashlib.blake2b(data, digest_size=32).digest(),
    "BLAKE2s": lambda data: hashlib.blake2s(data).digest(),
    "BLAKE3": lambda data: blake3.blake3(data).digest(),
    "CRC-32": lambda data: zlib.crc32(data).to_bytes(4, "big"),
}
# Periods, in days, that tools draw their offsets from.
PERIODS = (30, 31, 90, 100, 180, 182, 183, 364, 365, 366, 500, 700, 730, 1000, 1024, 1825, 2000, 3650, 3652, 7300, 10000, 36500)
SALTS = ("", "PatientID", "patient", "id", "date", "dates", "uid", "hilum", "salt", "secret")
SHORTEST = 8  # characters: shorter pieces of a hash meet others by chance


def spellings(value: str) -> list[bytes]:
    """What is hashed: the value as it stands, padded as DICOM does, with words that are no secret."""
    salted = [f"{salt}{mark}{value}" for salt in SALTS[1:] for mark in ("", ":")] + [f"{value}{salt}" for salt in SALTS[1:]]
    return [value.encode(), f"{value} ".encode(), f"{value}\0".encode(), *(text.encode() for text in salted)]


def uuid_number(digest: bytes, version: int) -> int:
    number = int.from_bytes(digest[:16], "big")
    return number & ~(0xF << 76) & ~(3 << 62) | version << 76 | 2 << 62


def forms(digest: bytes) -> Iterator[str]:
    """Every text that a longer text of the output may start with or be: hexadecimal, decimal, the number of a UUID."""
    yield digest.hex()
    for part in {digest, digest[:16], digest[:15], digest[:8]}:
        yield str(int.from_bytes(part, "big"))
    yield str(int.from_bytes(digest, "little"))
    yield str(int.from_bytes(digest[:8], "little"))
    if len(digest) >= 16:
        for version in (3, 4, 5, 8):
            yield str(uuid_number(digest, version))


def offsets(digest: bytes) -> Iterator[tuple[str, int]]:
    """Days that a digest may stand for, by a name of the rule."""
    numbers = {"big": int.from_bytes(digest, "big"), "little": int.from_bytes(digest, "little"),
               "first 4": int.from_bytes(digest[:4], "big"), "first 8": int.from_bytes(digest[:8], "big"),
               "last 4": int.from_bytes(digest[-4:], "big")}  # fmt: skip
    for order, number in numbers.items():
        for period in PERIODS:
            rest = number % period
            rules = {"": rest, "+1": rest + 1, "-": -rest, "-1-": -1 - rest, "up": period - rest, "/2": rest - period // 2}
            for rule, days in rules.items():
                yield f"{order} mod {period} {rule}", days
