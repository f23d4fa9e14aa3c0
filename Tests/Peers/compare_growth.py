"""Check that `training/grow.py` changes nothing that a network computes: an hvit-ti with random weights, grown to hvit-s, says the
same of every cell that both have, and Hilum reads it.

    python Tests/Peers/compare_growth.py .build/release/hilum
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import record_network
import torch
from safetensors.torch import load_file

import grow
import model as twin

LIMIT = 1e-4


def main(hilum):
    with tempfile.TemporaryDirectory() as scratch:
        small, large = Path(scratch) / "small", Path(scratch) / "large"
        record_network.drawn(twin.DEFAULT | dict(inputSize=128), small, 7, 0.03, 0.1)
        torch.set_default_dtype(torch.float32)
        grow.grown(small, "hvit-s", large)
        image, said = torch.rand(1, 128, 128), []
        for folder in (small, large):
            network = twin.HierarchicalDetector(json.loads((folder / "config.json").read_text())).eval()
            network.load_state_dict(load_file(folder / "weights.safetensors"))
            with torch.no_grad():
                said.append(network(image))
        cells = said[0]["logits"].shape[1]
        for key in ("logits", "boxes", "quality"):
            difference = float((said[0][key] - said[1][key][:, :cells]).abs().max())
            print(f"{key} of {cells} cells differ by at most {difference:.1e}")
            if difference > LIMIT * max(1, float(said[0][key].abs().max())):
                sys.exit("the grown network computes something else")
        subprocess.run([hilum, "model", "info", large], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main(sys.argv[1])
