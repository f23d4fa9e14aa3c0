"""Check vit-l24 and hvit-s, with seeded weights, against PyTorch: fp32, bf16 and int8, on one thread and on two.

    HILUM_BENCH=1 swift build -c release --product hilum-networks
    python Tests/Peers/compare_networks.py .build/release/hilum-networks

The difference is the greatest of all outputs, as a part of the greatest magnitude; PyTorch computes in float32.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import network_peers as peers
import torch

LIMITS = {"fp32": 1e-3, "bf16": 2e-2, "int8": 1e-1}


def main(program):
    failed = False
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name, network in peers.prepare(folder).items():
            with torch.no_grad():
                expected = network(peers.image()[None])
            for precision, limit in LIMITS.items():
                digests = set()
                for threads in (1, 2):
                    said = subprocess.run(
                        [program, *peers.hilum_arguments(folder, name), precision, str(threads), "2", str(folder / "out")],
                        check=True, capture_output=True, text=True).stdout
                    digests.add(json.loads(said)["digest"])
                difference = peers.relative_difference(peers.result(folder / "out"), expected)
                good = difference <= limit and len(digests) == 1
                failed |= not good
                print(f"{name} {precision}: difference {difference:.1e} (limit {limit:.0e}), "
                      f"{'the same bits' if len(digests) == 1 else 'OTHER BITS'} on 1 and 2 threads"
                      f"{'' if good else '  FAILED'}", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main(sys.argv[1])
