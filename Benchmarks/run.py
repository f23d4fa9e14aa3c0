"""Times Hilum and its peers on the same tasks in the same run, whole processes, and prints the ratios.

Usage: run.py HILUM HILUM-READ [--runs 3] [--radiographs 1000] [--folder DIR] [--only a|jpeg|b|c]
Images are made by data.py; with --folder they are kept for the next time. Peers that are not installed are left out and
named. Peers of task c work on a fifth of the radiographs and their time counts five times.
"""
import argparse
import importlib.util
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import peers


def timed(command):
    """Wall seconds, CPU seconds, peak MB of a process."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    if status != 0:
        raise SystemExit(f"{command[0]} failed: {process.stderr.read().decode()[-2000:]}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6


class Task:
    def __init__(self, title, runs, work):
        self.title, self.runs, self.work = title, runs, work
        self.commands = {}

    def add(self, name, command, factor=1):
        """`command` makes the arguments from a path that does not exist yet."""
        self.commands[name] = (command, factor)

    def add_peers(self, scripts, source, factor=1):
        for name, (module, code) in scripts.items():
            if importlib.util.find_spec(module) is None:
                print(f"{name}: not installed, left out")
                continue
            self.add(name, lambda out, code=code: [sys.executable, "-c", code, str(source), str(out)], factor)

    def measure(self):
        results = {name: [] for name in self.commands}
        # In turn, so that a drift of the machine's speed meets all alike; the first run warms the page cache.
        for run in range(-1, self.runs):
            for name, (command, factor) in self.commands.items():
                slow = factor > 1
                if run < 0 and name != "hilum, 1 worker" or slow and run > 0:
                    continue
                out = self.work / "out"
                out.mkdir()
                wall, cpu, memory = timed(command(out / "x"))
                shutil.rmtree(out)
                if run >= 0:
                    results[name].append((wall * factor, cpu * factor, memory))
        ours = statistics.median(row[0] for row in results["hilum, 1 worker"])
        print(f"\n{self.title}\n\n| | wall s | CPU s | peak MB | of hilum |\n| --- | --- | --- | --- | --- |")
        for name, rows in results.items():
            wall, cpu, memory = (statistics.median(column) for column in zip(*rows))
            print(f"| {name} | {wall:.2f} | {cpu:.2f} | {memory:.0f} | {wall / ours:.1f} |", flush=True)


def make(*words):
    """In a process of its own: what a process has held counts as its children's peak."""
    subprocess.run([sys.executable, Path(__file__).with_name("data.py"), *map(str, words)], check=True)


def pipeline(work, name, text):
    path = work / f"{name}.yaml"
    path.write_text(text)
    return path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("hilum")
    parser.add_argument("read")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--radiographs", type=int, default=1000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--only")
    arguments = parser.parse_args()
    os.environ["ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory(dir=arguments.folder) as work:
        work = Path(work)
        images = arguments.folder or work / "images"
        ct, jpeg, cr, few = (images / name for name in ("ct", "ct-jpeg", "cr", "cr-few"))
        wanted = lambda task: arguments.only in (None, task)
        if not ct.exists():
            make("ct", ct)
        if not jpeg.exists():
            make("jpeg", ct, jpeg)
        if wanted("c") and not (cr.exists() and len(list(cr.iterdir())) == arguments.radiographs):
            shutil.rmtree(cr, ignore_errors=True)
            make("radiographs", cr, arguments.radiographs)
        chain = pipeline(work, "b", "stages: [rescale, window: { preset: soft-tissue }, resample: { spacing: [1, 1, 1] }]\n"
                                    "outputs: { tensors: nifti }\n")
        small = pipeline(work, "c", "stages: [resize: { size: [512, 512] }]\noutputs: { tensors: npy }\n")
        floor = pipeline(work, "area", "stages: [resize: { size: [512, 512], interpolation: area }]\noutputs: { tensors: npy }\n")

        def ours(task, settings, source):
            for workers in (1, 2):
                task.add(f"hilum, {workers} worker{'s' * (workers > 1)}", lambda out, workers=workers: [
                    arguments.hilum, *settings, str(source), "-o", str(out), "--quiet", "--workers", str(workers)])

        for key, title, source in (
            ("a", "(a) 300 x 512 x 512 CT to float32 HU in memory", ct),
            ("jpeg", "(a) the same, JPEG lossless", jpeg),
        ):
            if wanted(key):
                task = Task(title, arguments.runs, work)
                for workers in (1, 2):
                    task.add(f"hilum, {workers} worker{'s' * (workers > 1)}",
                             lambda out, workers=workers, source=source: [arguments.read, str(source), str(workers)])
                task.add_peers(peers.READ, source)
                task.measure()
        if wanted("b"):
            task = Task("(b) + window + 1 mm isotropic + .nii.gz", arguments.runs, work)
            ours(task, ["run", str(chain)], ct)
            task.add_peers(peers.CHAIN, ct)
            if shutil.which("dcm2niix"):
                task.add("dcm2niix -z y (no window, no resampling)",
                         lambda out: ["dcm2niix", "-z", "y", "-o", str(out.parent), str(ct)])
            task.measure()
        if wanted("c"):
            few.mkdir(exist_ok=True)
            for path in sorted(cr.iterdir())[: arguments.radiographs // 5]:
                if not (few / path.name).exists():
                    os.link(path, few / path.name)
            task = Task(f"(c) {arguments.radiographs} radiographs 2048 x 2048 to 512 x 512 .npy", arguments.runs, work)
            ours(task, ["run", str(small)], cr)
            task.add("hilum, 2 workers, interpolation: area", lambda out: [
                arguments.hilum, "run", str(floor), str(cr), "-o", str(out), "--quiet", "--workers", "2"])
            task.add_peers(peers.RADIOGRAPHS, few, factor=5)
            task.measure()


if __name__ == "__main__":
    main()
