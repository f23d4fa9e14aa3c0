"""Check a shipped model against PyTorch: that what is recorded is what PyTorch says now, then that Swift says the same; and
every preset of the networks with random weights.

    python Tests/Peers/compare_network.py models/brain-mri-tumour

Needs torch, numpy, scipy, safetensors and swift.
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from safetensors.torch import load_file

import record_network


def main(folder):
    path = record_network.ROOT / "Tests/Peers" / folder.resolve().name / "expected.safetensors"
    recorded, now = load_file(path), record_network.shipped(folder)
    if recorded.keys() != now.keys():
        sys.exit(f"{path} holds other tensors; record it again with record_network.py {folder}")
    worst = max((float((recorded[k] - now[k]).abs().max()), k) for k in now)
    print(f"recorded against PyTorch now: greatest difference {worst[0]:.2e} ({worst[1]})")
    if worst[0] > 1e-4:
        sys.exit("the recording does not belong to these weights")
    with tempfile.TemporaryDirectory() as presets:
        record_network.presets(Path(presets))
        swift = ["swift", "test", "--filter", "NetworksTests.(ShippedModelTests|PresetTests)"]
        sys.exit(subprocess.run(swift, cwd=record_network.ROOT, env=os.environ | dict(HILUM_PEER_NETWORKS=presets)).returncode)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
