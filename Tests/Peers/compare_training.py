"""Check losses, gradients, optimiser and schedules against PyTorch and SciPy: that what is recorded is what they say now, then
that Swift says the same, for the recorded network and for one of three levels with a mask head.

    python Tests/Peers/compare_training.py

Needs torch, numpy, scipy, safetensors and swift.
"""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from safetensors.torch import load_file

import record_training
from record_network import ROOT


def numbers(value):
    """All numbers of nested lists and dicts, in order."""
    if isinstance(value, dict):
        value = [value[k] for k in sorted(value)]
    return [n for v in value for n in numbers(v)] if isinstance(value, list) else [value]


def main():
    small = ROOT / "Tests/Peers/small"
    recorded, now = load_file(small / "training.safetensors"), record_training.detection(small)
    worst = max(float((recorded[k] - now[k]).abs().max()) for k in now)
    said = json.loads((ROOT / "Tests/Peers/expected/training.json").read_text())
    again = dict(optimiser=record_training.optimiser(), restarts=record_training.restarts(),
                 assignments=record_training.assignments(), parts=record_training.parts())
    worst = max([worst] + [abs(a - b) for a, b in zip(numbers(said), numbers(again), strict=True)])
    print(f"recorded against PyTorch and SciPy now: greatest difference {worst:.2e}")
    if worst > 1e-4:
        sys.exit("the recording is not what they say; record it again with record_training.py")
    with tempfile.TemporaryDirectory() as folder:
        larger = Path(folder) / "larger"
        record_training.record_network.drawn(record_training.LARGER, larger, 14)
        record_training.save_file(record_training.detection(larger), larger / "training.safetensors")
        swift = ["swift", "test", "--filter", "TrainingTests.(DetectionLossTests|LossTests|OptimiserTests)"]
        sys.exit(subprocess.run(swift, cwd=ROOT, env=os.environ | dict(HILUM_PEER_TRAINING=str(larger))).returncode)


if __name__ == "__main__":
    main()
