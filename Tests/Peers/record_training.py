"""Record what PyTorch and SciPy say of losses, gradients, optimiser, schedules and assignment.

    python Tests/Peers/record_training.py            writes Tests/Peers/small/training.safetensors and expected/training.json
    python Tests/Peers/record_training.py FOLDER     writes the same for a network of three levels with a mask head

The Swift tests (TrainingTests) read these files. Needs torch, numpy, scipy, safetensors.
"""
import json
import math
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from scipy.optimize import linear_sum_assignment

import record_network
from record_network import ROOT, twin

import losses  # noqa: E402  (record_network has put training/ on the path)

LARGER = record_network.SMALL | dict(pyramidLevels=3, decoderChannels=12, maskChannels=5)


def dice(logits, target):
    p, t = logits.sigmoid().flatten(1), target.flatten(1)
    return (1 - (2 * (p * t).sum(1) + 1e-6) / (p.sum(1) + t.sum(1) + 1e-6)).mean()


def ellipses(boxes, size):
    """Masks at stride 8: what fills the boxes."""
    axis = (torch.arange(size // 8) + 0.5) * 8
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    b = boxes[:, :, None, None]
    u, v = (2 * x - b[:, 0] - b[:, 2]) / (b[:, 2] - b[:, 0]), (2 * y - b[:, 1] - b[:, 3]) / (b[:, 3] - b[:, 1])
    return (u ** 2 + v ** 2 <= 1).double()


def detection(folder):
    """Loss, its parts and its gradient by every parameter for a batch of four images of a network's folder."""
    torch.set_default_dtype(torch.float64)
    config = json.loads((folder / "config.json").read_text())
    network = twin.HierarchicalDetector(config).double().train()
    network.load_state_dict(load_file(folder / "weights.safetensors"))
    rng = np.random.default_rng(8)
    images = torch.from_numpy(np.clip(np.stack(
        [record_network.phantom(64) + 0.2 * rng.standard_normal((64, 64)) for _ in range(4)]), 0, 1).astype(np.float32))
    boxes = torch.tensor([[8.5, 10, 30, 31], [math.nan] * 4, [20, 5.25, 60, 50], [30, 30, 41, 44]])
    labels = torch.tensor([1, -1, 0, 1])
    out = network(images.double())
    loss, terms = losses.detection_loss(out, boxes, labels)
    if "mask" in out:
        target = ellipses(boxes, 64)
        mask = 0.6 * losses.focal(out["mask"], target).mean() + 0.4 * dice(out["mask"], target)
        loss, terms = loss + mask, terms | dict(mask=mask.item())
    loss.backward()
    recorded = {"images": images, "boxes": boxes, "labels": labels, "loss": loss.detach().reshape(1)}
    recorded |= {f"term.{k}": torch.tensor([v]) for k, v in terms.items()}
    recorded |= {f"gradient.{k}": v.grad for k, v in network.named_parameters()}
    return {k: torch.nan_to_num(v.float(), nan=-1).contiguous() for k, v in recorded.items()}


def optimiser():
    """Five steps of AdamW with clipping on a matrix and a vector."""
    torch.set_default_dtype(torch.float32)
    torch.manual_seed(3)
    matrix, vector = torch.nn.Parameter(torch.randn(3, 4)), torch.nn.Parameter(torch.randn(4))
    groups = [dict(params=[matrix], weight_decay=0.05), dict(params=[vector], weight_decay=0.0)]
    adamw = torch.optim.AdamW(groups, lr=1e-2, betas=(0.9, 0.98))
    flat = lambda t: [float(v) for v in t.detach().flatten()]
    steps, start = [], dict(matrix=flat(matrix), vector=flat(vector))
    for k in range(5):
        matrix.grad, vector.grad = torch.randn(3, 4) * (k + 0.2), torch.randn(4)
        drawn = dict(matrix=flat(matrix.grad), vector=flat(vector.grad))
        norm = float(torch.nn.utils.clip_grad_norm_([matrix, vector], 2.0))
        adamw.step()
        steps.append(dict(gradients=drawn, norm=norm, matrix=flat(matrix), vector=flat(vector)))
    return dict(start=start, steps=steps)


def restarts(peak=1e-3, per_epoch=3, epochs=80):
    """The rate of each step of PyTorch's warm restarts, T_0 = 10, T_mult = 2."""
    p = torch.nn.Parameter(torch.zeros(1))
    adamw = torch.optim.AdamW([p], lr=peak)
    schedule = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(adamw, 10, 2, eta_min=0.01 * peak)
    rates = []
    for step in range(per_epoch * epochs):
        schedule.step(step / per_epoch)
        rates.append(adamw.param_groups[0]["lr"])
    return rates


def assignments():
    rng, result = np.random.default_rng(11), []
    for rows, columns in [(1, 1), (3, 3), (4, 9), (12, 30), (1, 7), (25, 25)]:
        cost = rng.standard_normal((rows, columns)).round(6)
        chosen = linear_sum_assignment(cost)[1]
        result.append(dict(cost=cost.tolist(), columns=chosen.tolist()))
    return result


def parts():
    """Focal, Dice and cross-entropy alone, with gradients."""
    torch.set_default_dtype(torch.float64)
    rng, result = torch.Generator().manual_seed(9), {}
    z = (torch.randn(2, 3, 5, generator=rng) * 3).requires_grad_()
    t = (torch.rand(2, 3, 5, generator=rng) > 0.6).double()
    functions = dict(
        focal=lambda: losses.focal(z, t, 0.75, 2.0).sum() / 7, focal3=lambda: losses.focal(z, t, 0.25, 3.0).sum(),
        dice=lambda: dice(z, t), entropy=lambda: F.binary_cross_entropy_with_logits(z, t, reduction="sum") / 3)
    for name, function in functions.items():
        z.grad = None
        value = function()
        value.backward()
        result[name] = dict(value=float(value.detach()), gradient=z.grad.flatten().tolist())
    return dict(logits=z.detach().flatten().tolist(), targets=t.flatten().tolist(), losses=result)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        small = ROOT / "Tests/Peers/small"
        save_file(detection(small), small / "training.safetensors")
        expected = dict(optimiser=optimiser(), restarts=restarts(), assignments=assignments(), parts=parts())
        (ROOT / "Tests/Peers/expected/training.json").write_text(json.dumps(expected) + "\n")
    else:
        folder = Path(sys.argv[1])
        record_network.drawn(LARGER, folder, 14)
        save_file(detection(folder), folder / "training.safetensors")
