"""The networks that are timed and compared, in PyTorch, with seeded weights: `vit-l24` and an untrained `hvit-s`.

`prepare(folder)` writes what Hilum reads: vit-l24.safetensors, hvit-s/ (a model's folder) and image.safetensors.
"""
import json
import sys
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "training"))
import model as twin  # noqa: E402

SIZE = 512


class VisionTransformer(nn.Module):
    """The reference configuration: 512 x 512, patch 16, 1,024 tokens, 24 layers, 768 channels, 12 heads."""

    def __init__(self, channels=768, layers=24, heads=12, ratio=4, patch=16):
        super().__init__()
        self.embedding = nn.Conv2d(1, channels, patch, stride=patch)
        self.position = nn.Parameter(torch.zeros(SIZE // patch, SIZE // patch, channels))
        self.blocks = nn.ModuleList(twin.Block(channels, heads, ratio) for _ in range(layers))
        self.norm = nn.LayerNorm(channels, twin.NORM_EPSILON)

    def forward(self, images):
        """images `[batch, size, size]` -> tokens `[batch, tokens, channels]`."""
        x = self.embedding(images[:, None]).flatten(2).transpose(1, 2) + self.position.flatten(0, 1)
        for block in self.blocks:
            x = block(x)
        return self.norm(x)


class Cells(nn.Module):
    """What all cells of the detector say: class logits, log distances and IoU logits."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, images):
        n = self.network
        fine = n.stage1(n.stem(images[..., None] * 2 - 1))
        coarse = n.norm(n.stage2(n.merge(fine)))
        return torch.cat([n.dense(level)[0] for level in n.pyramid(fine, coarse)], 1)


def seeded(network, seed):
    """Weights at which no layer is idle: as drawn, and a little more everywhere."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, p in network.named_parameters():
            fresh = torch.randn(p.shape, generator=generator)
            if p.ndim > 1:
                p.copy_(fresh * (0.02 if p.shape[-1] >= 64 else 0.1))
            else:
                p.copy_(fresh * 0.1 + (1.0 if "norm" in name and name.endswith("weight") else 0.0))
    return network.eval()


def vit_l24():
    return seeded(VisionTransformer(), 5)


def hvit_s():
    return seeded(twin.HierarchicalDetector(twin.PRESETS["hvit-s"]), 6)


def image():
    return torch.rand(SIZE, SIZE, generator=torch.Generator().manual_seed(7))


def prepare(folder):
    """Writes weights and the image; returns the networks by name, as functions of `[1, size, size]`."""
    folder.mkdir(parents=True, exist_ok=True)
    vit, detector = vit_l24(), hvit_s()
    save_file({k: v.contiguous() for k, v in vit.state_dict().items()}, folder / "vit-l24.safetensors")
    (folder / "hvit-s").mkdir(exist_ok=True)
    save_file({k: v.contiguous() for k, v in detector.state_dict().items()}, folder / "hvit-s/weights.safetensors")
    plain = dict(temperature=1.0, bias=0.0)
    config = {k: v for k, v in detector.config.items() if v is not None} | dict(
        name="hvit-s", readout="dense", recommendedThreshold=0.5, calibration=dict(dense=plain, queries=plain),
        normalization=dict(lowPercentile=1, highPercentile=99.8))
    (folder / "hvit-s/config.json").write_text(json.dumps(config, indent=2, sort_keys=True))
    save_file({"image": image().flatten()}, folder / "image.safetensors")
    return {"vit-l24": vit, "hvit-s": Cells(detector)}


def hilum_arguments(folder, name):
    """What `hilum-networks` is given for a network."""
    network = [str(folder / name), "-"] if name == "hvit-s" else [name, str(folder / "vit-l24.safetensors")]
    return network + [str(folder / "image.safetensors")]


def relative_difference(found, expected):
    """The greatest difference, as a part of the greatest magnitude."""
    return float((found.flatten() - expected.flatten()).abs().max() / expected.abs().max())


def result(path):
    return load_file(path)["result"]
