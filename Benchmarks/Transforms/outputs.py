"""Processor time of writing a volume of 8.4 million voxels in each format and type, beside NumPy, safetensors and nibabel.

Usage: outputs.py HILUM [--repeats 5]

Ours is the whole process (start, reading an uncompressed float32 NIfTI, digest, provenance, writing, sync) less that of a
pipeline which reads the same and writes only boxes; theirs is the call alone, on an array in memory. User and system
seconds of one thread, least of the repeats, all in one run on tmpfs or whatever --folder says.
"""
import argparse
import os
import resource
import subprocess
import tempfile
from pathlib import Path

import nibabel
import numpy as np
import torch
from safetensors.torch import save_file

SHAPE = (128, 256, 256)


def ours(hilum, work, outputs):
    pipeline = work / "pipeline.yaml"
    pipeline.write_text(f"stages: [normalize: {{ method: min-max }}]\noutputs: {{ {outputs} }}\n")
    out = tempfile.mkdtemp(dir=work)
    child = subprocess.Popen([hilum, "run", pipeline, work / "in.nii", "-o", out, "--workers", "1", "--quiet"])
    _, status, usage = os.wait4(child.pid, 0)
    assert status == 0
    subprocess.run(["rm", "-r", out], check=True)
    return usage.ru_utime + usage.ru_stime


def theirs(write):
    start = resource.getrusage(resource.RUSAGE_SELF)
    write()
    end = resource.getrusage(resource.RUSAGE_SELF)
    return end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("hilum")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--folder", default="/dev/shm")
    options = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory(dir=options.folder) as work:
        work = Path(work)
        data = np.random.default_rng(1).random(SHAPE, dtype=np.float32)
        nibabel.save(nibabel.Nifti1Image(data.transpose(2, 1, 0), np.eye(4)), work / "in.nii")
        tensor, file = torch.from_numpy(data), work / "peer"
        rows = [
            ("npy float32", "tensors: npy", lambda: np.save(f"{file}.npy", data)),
            ("npy float16", "tensors: { format: npy, dtype: float16 }", lambda: np.save(f"{file}.npy", data.astype(np.float16))),
            ("npy uint8", "tensors: { format: npy, dtype: uint8 }", lambda: np.save(f"{file}.npy", np.rint(data * np.float32(255)).astype(np.uint8))),
            ("npz float16", "tensors: { format: npz, dtype: float16 }", lambda: np.savez(f"{file}.npz", image=data.astype(np.float16))),
            ("safetensors bfloat16", "tensors: { format: safetensors, dtype: bfloat16 }", lambda: save_file({"image": tensor.bfloat16()}, f"{file}.safetensors")),
            ("nifti float32, gzip", "tensors: nifti", lambda: nibabel.save(nibabel.Nifti1Image(data.transpose(2, 1, 0), np.eye(4)), f"{file}.nii.gz")),
        ]
        base = min(ours(options.hilum, work, "boxes: json") for _ in range(options.repeats))
        print(f"reading and normalizing alone: {base:.3f} s")
        print(f"{'':24} {'hilum s':>8} {'peer s':>8} {'ratio':>6}")
        for name, outputs, write in rows:
            mine = min(ours(options.hilum, work, outputs) for _ in range(options.repeats)) - base
            other = min(theirs(write) for _ in range(1 if "gzip" in name else options.repeats))
            print(f"{name:24} {mine:8.3f} {other:8.3f} {other / max(mine, 1e-3):6.1f}", flush=True)


if __name__ == "__main__":
    main()
