"""Record what PyTorch says about a small network with random weights, and about a shipped model.

    python Tests/Peers/record_network.py            writes Tests/Peers/small/
    python Tests/Peers/record_network.py MODEL      writes Tests/Peers/NAME/expected.safetensors for models/NAME

The Swift tests read these files; nothing of PyTorch is needed to run them. Needs torch, numpy, scipy, safetensors.
"""
import json
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "training"))
import evaluate  # noqa: E402
import mobile  # noqa: E402
import model as twin  # noqa: E402

SMALL = dict(
    inputSize=64, stemChannels=6, stage1Channels=12, stage1Blocks=2, stage1Heads=3, window=4, stage2Channels=24,
    stage2Blocks=3, stage2Heads=3, mlpRatio=2, pyramidChannels=10, queries=7, decoderLayers=2, decoderHeads=2,
    boxFrequencies=3, abnormalityCells=3, nmsIoU=0.4, classes=["a", "b"])
SEED = 12  # one for which every map has more than zeros
STEADY = 2e-5  # a fifth of what maps may differ by
SHIPPED_ONLY = dict(
    name="small", readout="dense", recommendedThreshold=0.3, normalization=dict(lowPercentile=1, highPercentile=99.8),
    calibration=dict(dense=dict(temperature=1.3, bias=0.2), queries=dict(temperature=0.8, bias=-0.1)))


class Notes:
    """Activations and attention of stage 2 and activations of the pyramid, with gradients."""

    def __init__(self, network):
        self.inputs, self.norms, self.attention, self.levels, self.active = [], [], [], [], False
        self.sways = []
        network.pyramid.register_forward_hook(lambda _, __, out: self.levels.extend(self.keep(level) for level in out))
        self.plain = twin.attend
        twin.attend = self.attend
        for block in network.stage2.blocks:
            block.register_forward_pre_hook(self.enter)
            block.norm1.register_forward_hook(lambda _, __, out: self.norms.append(self.keep(out)))
            block.register_forward_hook(self.leave)

    def keep(self, x):
        x.retain_grad()
        return x

    @property
    def all(self):
        return self.inputs + self.norms + self.attention + self.levels

    def enter(self, _, x):
        self.active = True
        self.inputs.append(self.keep(x[0]))

    def leave(self, *_):
        self.active = False

    def attend(self, q, k, v, heads):
        if not self.active:
            return self.plain(q, k, v, heads)
        b, n, c = q.shape
        q, k, v = (t.reshape(b, -1, heads, c // heads).transpose(1, 2) for t in (q, k, v))
        p = self.keep(torch.softmax(q @ k.transpose(-1, -2) / (c // heads) ** 0.5, -1))
        self.attention.append(p)
        return (p @ v).transpose(1, 2).reshape(b, n, c)


def scaled(values):
    values = np.maximum(values, 0)
    return values / values.max() if values.max() > 0 else values


def grad_cam_plus_plus(a, g):
    alpha = g ** 2 / (2 * g ** 2 + a.sum(0) * g ** 3 + 1e-6)
    return (a * (alpha * np.maximum(g, 0)).sum(0)).sum(1)


def sway(a, g):
    """How far Grad-CAM++ moves when activations and gradients are off by single precision's last digit. Its quotient can have
    a divisor near 0; then no two processors agree on the map, and it can't be compared with anything."""
    rng, plain = np.random.default_rng(0), scaled(grad_cam_plus_plus(a, g))
    off = lambda x: x + 1e-7 * np.abs(x).max() * rng.standard_normal(x.shape)
    return max(np.abs(scaled(grad_cam_plus_plus(off(a), off(g))) - plain).max() for _ in range(20))


def explanations(notes, tokens):
    """All maps by their textbook formulas, from retained gradients."""
    n = notes.inputs[0].shape[1]
    a, g = notes.norms[-1][0].detach().numpy(), notes.norms[-1].grad[0].numpy()
    maps = {"grad-cam": (a * g.mean(0)).sum(1), "grad-cam++": grad_cam_plus_plus(a, g)}
    maps["hirescam"] = (notes.inputs[-1] * notes.inputs[-1].grad)[0].sum(1).detach().numpy()
    rollout, relevance = np.eye(n), np.eye(n)
    for p in notes.attention:
        rollout = (0.5 * p[0].mean(0).detach().numpy() + 0.5 * np.eye(n)) @ rollout
        relevance = relevance + np.maximum((p * p.grad)[0].detach().numpy(), 0).mean(0) @ relevance
    maps["attention-rollout"] = rollout[tokens].mean(0)
    maps["relevance"] = (relevance - np.eye(n))[tokens].mean(0)
    maps = {k: torch.tensor(scaled(v), dtype=torch.float32) for k, v in maps.items()}
    notes.sways.append(sway(a, g))
    return maps


def level_of(cell, size):
    """0 for stride 8, 1 for 16, 2 for 32."""
    cells = [(size // stride) ** 2 for stride in (8, 16, 32)]
    return 0 if cell < cells[0] else 1 if cell < sum(cells[:2]) else 2


def pyramid_map(notes, cells, size):
    """HiResCAM of the levels that cells lie on, over the finest one's cells."""
    chosen = sorted({level_of(cell, size) for cell in cells})
    result = 0
    for level in chosen:
        activation = notes.levels[level]
        values = (activation * activation.grad)[0].sum(-1).detach().numpy()
        result = result + values.repeat(2 ** (level - chosen[0]), 0).repeat(2 ** (level - chosen[0]), 1)
    return torch.tensor(scaled(result).ravel(), dtype=torch.float32)


def tokens(cell, size):
    """The tokens of stride 16 that cover a cell of stride 8 or 16, or that one of stride 32 covers."""
    fine, grid, half = size // 8, size // 16, size // 32
    if cell < fine * fine:
        return [cell // fine // 2 * grid + cell % fine // 2]
    rest = cell - fine * fine
    if rest < grid * grid:
        return [rest]
    first = (rest - grid * grid) // half * 2 * grid + (rest - grid * grid) % half * 2
    return [first, first + 1, first + grid, first + grid + 1]


def phantom(size, place=0.62):
    """A head of sorts with a bright ring in it, at a part of the width: something to see, without anybody's data."""
    y, x = np.mgrid[0:size, 0:size] / size
    head = np.hypot((x - 0.5) / 0.36, (y - 0.5) / 0.44)
    ring = np.hypot((x - place) / 0.09, (y - 0.4) / 0.08)
    image = 0.35 * (head < 1) + 0.45 * np.exp(-((head - 1) / 0.04) ** 2) + 0.05 * np.sin(40 * x) * np.cos(37 * y) * (head < 1)
    image = image + 0.5 * np.exp(-((ring - 0.8) / 0.25) ** 2) * (head < 1)
    return np.clip(image, 0, 1).astype(np.float32)


def record(network, config, image):
    """Outputs, detections and explanations of both readouts, computed in double precision, as flat named tensors.

    The image may be of another size than the configuration's. Also the sway of each map of Grad-CAM++; 0 where it is empty.
    """
    torch.set_default_dtype(torch.float64)
    network = network.double().eval()
    size, out = image.shape[0], {"image": torch.from_numpy(image)}
    notes = Notes(network)
    said = network(torch.from_numpy(image.astype(np.float64))[None])
    logits, boxes = said["layers"][-1]
    out |= {
        "dense.logits": said["logits"][0], "dense.boxes": said["boxes"][0], "dense.quality": said["quality"][0],
        "queries.logits": logits[0], "queries.boxes": boxes[0], "queries.seeds": said["seed"][0].float(),
        "abnormality": said["abnormality"],
    }
    if "mask" in said:
        out["mask"] = said["mask"][0]
    for name, (z, b) in evaluate.readouts(said).items():
        z, b = z[0].detach().numpy(), b[0].clamp(0, size).detach().numpy()
        calibration = config["calibration"][name]
        keep = evaluate.suppress(b, z, config["nmsIoU"], floor=-1e9) if name == "dense" else np.argsort(-z.max(1), kind="stable")[:32]
        scores = 1 / (1 + np.exp(-(z[keep] / calibration["temperature"] + calibration["bias"])))
        out[f"{name}.detections"] = torch.from_numpy(np.concatenate([b[keep], scores], 1).astype(np.float32))
        out[f"{name}.sources"] = torch.tensor(np.asarray(keep), dtype=torch.float32)
        source = int(keep[0])
        cell = source if name == "dense" else int(said["seed"][0, source])
        target = (said["logits"] if name == "dense" else logits)[0, source, int(z[source].argmax())]
        for kept in notes.all:
            kept.grad = None
        target.backward(retain_graph=True)
        for method, values in explanations(notes, tokens(cell, size)).items():
            out[f"{name}.{method}"] = values
        if name == "dense":
            out["dense.hirescam.pyramid"] = pyramid_map(notes, [cell], size)
    best = said["logits"][0].amax(-1)
    cells = best.topk(config["abnormalityCells"]).indices.tolist()
    for kept in notes.all:
        kept.grad = None
    (network.abnormality["weight"][0] * best[cells].mean()).backward()
    for method, values in explanations(notes, [t for c in cells for t in tokens(c, size)]).items():
        out[f"image.{method}"] = values
    out["image.hirescam.pyramid"] = pyramid_map(notes, cells, size)
    twin.attend = notes.plain
    return {k: v.detach().float().contiguous() for k, v in out.items()}, notes.sways


def written(config, folder, seed, weights=0.15, others=0.3):
    """Write a network with random weights as a model's folder; returns it and its configuration."""
    torch.set_default_dtype(torch.float32)
    torch.manual_seed(seed)
    network = mobile.folded(twin.HierarchicalDetector(config))
    with torch.no_grad():
        for name, p in network.named_parameters():
            p.add_(torch.randn_like(p) * (weights if p.ndim > 1 else others))
    absent = twin.OF_WINDOWS if network.config["trunk"] else ()
    config = {k: v for k, v in {**network.config, **SHIPPED_ONLY}.items() if k not in absent}
    folder.mkdir(exist_ok=True, parents=True)
    save_file({k: v.contiguous() for k, v in network.state_dict().items()}, folder / "weights.safetensors")
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    return network, config


def drawn(config, folder, seed, weights=0.15, others=0.3, size=None):
    """Write a network with random weights, and what it says of an image, into a folder."""
    network, config = written(config, folder, seed, weights, others)
    rng, size = np.random.default_rng(4), size or config["inputSize"]
    image = np.clip(phantom(size) + 0.2 * rng.standard_normal((size,) * 2), 0, 1)
    expected, _ = record(network, config, image.astype(np.float32))
    save_file(expected, folder / "expected.safetensors")


def small():
    drawn(SMALL, ROOT / "Tests/Peers/small", SEED)


def presets(folder):
    """Every preset with random weights, one with a mask head, one at another size than it was made for."""
    for name, config in twin.PRESETS.items():
        drawn(config, folder / name, 5, 0.03, 0.1)
    drawn(twin.DEFAULT | dict(maskChannels=32, inputSize=128), folder / "resized", 6, 0.03, 0.1, size=192)


def shipped(folder):
    config = json.loads((folder / "config.json").read_text())
    weights = load_file(folder / "weights.safetensors")
    for place in (0.62, 0.36, 0.6, 0.4, 0.64, 0.58, 0.7):
        torch.set_default_dtype(torch.float32)
        network = mobile.folded(twin.HierarchicalDetector(config))
        network.load_state_dict(weights)
        expected, sways = record(network, config, phantom(config["inputSize"], place))
        if all(0 < sway <= STEADY for sway in sways):
            return expected
    sys.exit("Grad-CAM++ is empty or not steady on every phantom: try other places")


if __name__ == "__main__":
    if len(sys.argv) == 1:
        small()
    else:
        source = Path(sys.argv[1])
        target = ROOT / "Tests/Peers" / source.resolve().name
        target.mkdir(exist_ok=True)
        save_file(shipped(source), target / "expected.safetensors")
