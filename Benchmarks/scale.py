"""Makes many tiny images and runs a pipeline over them: seconds and peak memory by number of items.

Usage: scale.py HILUM [--counts 10000 50000 100000] [--workers 2] [--folder FOLDER] [--outputs "{ tensors: npy }"]

Files are 4 x 4 gray PNGs, each with pixels of its own, 1,000 a folder. What is measured is everything but the images:
discovery, the queue, the manifest, one tensor and one sidecar an item. The folder should be on the disk that runs use;
100,000 items make 300,000 files. Ends with exit 1 when a run fails or memory passes 300 MB.
"""
import argparse
import os
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

LIMIT = 300e6


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def picture(index):
    rows = b"".join(b"\0" + struct.pack(">I", (index * 2654435761 + row * 40503) & 0xFFFFFFFF) for row in range(4))
    header = struct.pack(">IIBBBBB", 4, 4, 8, 0, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))


def generate(folder, count):
    """Adds what is missing up to `count`, so that larger sets grow out of smaller ones."""
    for index in range(count):
        path = folder / f"{index // 1000:03d}" / f"image-{index:06d}.png"
        if index % 1000 == 0:
            path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_bytes(picture(index))


def run(command):
    """Exit code, wall seconds, user seconds, system seconds, peak resident bytes of one child."""
    start = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    return (os.waitstatus_to_exitcode(status), time.monotonic() - start, usage.ru_utime, usage.ru_stime, usage.ru_maxrss * 1024)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("hilum")
    parser.add_argument("--counts", type=int, nargs="+", default=[10000, 50000, 100000])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder")
    parser.add_argument("--outputs", default="{ tensors: npy }")
    options = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="hilum-scale-", dir=options.folder))
    failed = False
    print(f"{'items':>8} {'what':>8} {'wall s':>8} {'user s':>8} {'system s':>8} {'CPU us/item':>12} {'peak MB':>8}")
    try:
        pipeline = work / "pipeline.yaml"
        pipeline.write_text(f"stages: [normalize]\noutputs: {options.outputs}\n")
        for count in sorted(options.counts):
            generate(work / "in", count)
            out = work / "out"
            base = [options.hilum, "run", pipeline, work / "in", "-o", out, "--workers", str(options.workers), "--quiet"]
            for what, more in [("run", []), ("resume", ["--resume"])]:
                code, wall, user, system, peak = run([*map(str, base), *more])
                print(f"{count:8d} {what:>8} {wall:8.1f} {user:8.1f} {system:8.1f} {(user + system) / count * 1e6:12.1f} {peak / 1e6:8.1f}", flush=True)
                failed |= code != 0 or peak > LIMIT
            lines = sum(1 for _ in open(out / "manifest.jsonl"))
            if lines != count:
                print(f"{lines} lines in the manifest")
                failed = True
            shutil.rmtree(out)
    finally:
        shutil.rmtree(work)
    sys.exit(failed)


if __name__ == "__main__":
    main()
