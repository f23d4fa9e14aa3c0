"""Time one training step of a preset (forward, losses, backward, clipping, AdamW, average) in Hilum and in PyTorch.

    python Benchmarks/Training/step.py .build/release/hilum [--preset hvit-s] [--size 512] [--batch 4] [--steps 3] [--threads 2] [--precision bf16]

Both take the same number of images without augmentation; the best of the steps counts, taken in turns of a process each.
With bf16, PyTorch runs the network under autocast. Needs torch, numpy, scipy, pillow.
"""
import argparse
import csv
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
RECIPE = """
name: bench
classes: [glioma, meningioma, pituitary]
architecture: {preset}
schedule: {{ epochs: {steps}, batch: {batch}, pass: {images}, sizes: {size}, patience: 0, look: 1000, checkpointing: {checkpointing},
  precision: {precision} }}
"""


def data(folder, count, size):
    """A data set of noise with one box an image."""
    rng = np.random.default_rng(1)
    (folder / "images").mkdir(parents=True)
    with open(folder / "index.csv", "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["image", "split", "class", "width", "height", "boxes_xyxy", "source"])
        for i in range(2 * count):
            Image.fromarray(rng.integers(0, 255, (size, size), dtype=np.uint8)).save(folder / f"images/{i}.png")
            x, y, w, h = rng.integers(0, size // 2, 2).tolist() + rng.integers(size // 8, size // 2, 2).tolist()
            rows.writerow([f"images/{i}.png", "train" if i < count else "val", "glioma", size, size,
                           f"{x} {y} {x + w} {y + h}", "noise"])


def hilum(program, folder, a):
    recipe = folder / "recipe.yaml"
    recipe.write_text(RECIPE.format(
        preset=a.preset, steps=a.steps, batch=a.batch, size=a.size, images=a.images, precision=a.precision, checkpointing=str(a.checkpointing).lower()))
    output = Path(tempfile.mkdtemp(dir=folder))
    peak = folder / "peak"
    subprocess.run(["/usr/bin/time", "-f", "%M", "-o", peak, program, "model", "train", recipe, "--data", folder, "-o", output,
                    "--overfit", str(a.batch), "--workers", str(a.threads), "--quiet"], check=True, stdout=subprocess.DEVNULL)
    return min(float(row["seconds"]) for row in csv.DictReader(open(output / "losses.csv"))), int(peak.read_text()) / 1024


def pytorch(a):
    """In a process of its own, so that neither has the other's threads and memory."""
    code = f"""
import resource, sys, time, torch
sys.path.insert(0, {str(ROOT / "training")!r})
from losses import detection_loss
from model import PRESETS, HierarchicalDetector
torch.set_num_threads({a.threads}); torch.manual_seed(1)
model = HierarchicalDetector(PRESETS[{a.preset!r}] | dict(inputSize={a.size})).train()
average = [p.detach().clone() for p in model.parameters()]
optimiser = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.05)
x = torch.rand({a.batch}, {a.size}, {a.size})
boxes = torch.tensor([[0.2, 0.2, 0.5, 0.6]] * {a.batch}) * {a.size}
labels = torch.zeros({a.batch}, dtype=torch.long)
best = 1e9
for _ in range({a.steps}):
    start = time.perf_counter()
    with torch.autocast("cpu", torch.bfloat16, enabled={a.precision == "bf16"}):
        out = model(x)
    out = dict((k, v.float() if torch.is_tensor(v) and v.is_floating_point() else v) for k, v in out.items())
    out["layers"] = [tuple(v.float() for v in layer) for layer in out["layers"]]
    loss, _ = detection_loss(out, boxes, labels)
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
    optimiser.step()
    with torch.no_grad():
        for mine, new in zip(average, model.parameters()):
            mine.lerp_(new, 0.002)
    best = min(best, time.perf_counter() - start)
print(best, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, capture_output=True, text=True)
    return tuple(map(float, done.stdout.split()))


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("program")
    p.add_argument("--preset", default="hvit-s")
    p.add_argument("--size", type=int, default=512)
    p.add_argument("--batch", type=int, default=4)
    p.add_argument("--images", type=int, default=1, help="images of a pass")
    p.add_argument("--steps", type=int, default=3)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--turns", type=int, default=2)
    p.add_argument("--precision", default="fp32", choices=["fp32", "bf16"])
    p.add_argument("--checkpointing", action="store_true")
    a = p.parse_args()
    results = dict(hilum=[], pytorch=[])
    with tempfile.TemporaryDirectory() as folder:
        data(Path(folder) / "data", a.batch, a.size)
        for _ in range(a.turns):
            results["hilum"].append(hilum(str(Path(a.program).resolve()), Path(folder) / "data", a))
            results["pytorch"].append(pytorch(a))
    best = {name: min(r) for name, r in results.items()}
    print(f"{a.preset}, {a.size} x {a.size}, {a.batch} images, {a.threads} threads, {a.precision}: "
          + ", ".join(f"{name} {seconds:.2f} s a step, {peak:.0f} MB" for name, (seconds, peak) in best.items())
          + f"; ratio {best['pytorch'][0] / best['hilum'][0]:.2f}")


if __name__ == "__main__":
    main()
