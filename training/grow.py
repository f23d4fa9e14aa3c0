"""Writes a larger network that computes what a smaller trained one does, to train on from.

    python training/grow.py MODEL hvit-s FOLDER
    hilum model train RECIPE --from FOLDER ...

Widths are doubled and blocks added without changing the function (Net2Net, Chen et al. 2016; LEMON, Wang et al. 2024):
channels are repeated, whoever reads them shares its weights among the copies, unevenly and by chance, so that the copies part
in training; an added block begins with branches that say nothing. The exception is the added pyramid level, which is new.
"""
import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

import model as twin

SPREAD = 0.5
"""How unevenly the copies are read: standard deviation, in that of the weights."""


def runs(name, axis, small, large):
    """Along an axis, channels are repeated in runs: a head's, a neighbour's, or all."""
    stage = name.split(".")[0]
    heads = small.get(f"{stage}Heads", 1)
    parts = heads if heads == large.get(f"{stage}Heads", 1) else 1
    if ".qkv." in name and axis == 0:
        return 3 * parts
    if name.endswith(".proj.weight") and axis == 1:
        return parts
    return 4 if name == "merge.reduction.weight" and axis == 1 or name.startswith("merge.norm") else 1


def repeated(values, axis, length, count):
    """`values` with each of `count` runs along an axis repeated until the axis has `length`."""
    old = values.shape[axis]
    index = torch.arange(old).reshape(count, 1, -1).expand(-1, length // old, -1).reshape(-1)
    return values.index_select(axis, index)


def shared(values, length, count):
    """The same along axis 1, which is read: the copies' weights add up to the original's."""
    old = values.shape[1]
    copies = length // old
    chance = torch.randn(copies, *values.shape) * values.std() * SPREAD
    parts = values / copies + chance - chance.mean(0)
    runs_of = [part.unflatten(1, (count, old // count)) for part in parts]
    return torch.stack(runs_of, 2).flatten(1, 3)


def origin(name, small, large):
    """The tensor that a tensor of the larger network comes from, and whether its block is an added one."""
    parts = name.split(".")
    for stage, of in ((f"{parts[0]}.blocks", f"{parts[0]}Blocks"), ("queries.layers", "decoderLayers")):
        if name.startswith(stage):
            index, few, many = int(parts[2]), small[of], large[of]
            source = index * few // many
            return ".".join([*parts[:2], str(source), *parts[3:]]), index > 0 and (index - 1) * few // many == source
    return name, False


def grow(weights, small, large):
    network = twin.HierarchicalDetector(large)
    result = network.state_dict()
    for name, fresh in result.items():
        source, added = origin(name, small, large)
        if source not in weights:
            continue
        values = weights[source]
        if added and name.split(".")[-2] in ("proj", "fc2", "cross"):
            result[name] = torch.zeros_like(fresh)
            continue
        for axis in [a for a in range(values.dim()) if fresh.shape[a] != values.shape[a]]:
            count = runs(name, axis, small, large)
            if axis == 1 and name.endswith("weight"):
                values = shared(values, fresh.shape[axis], count)
            else:
                values = repeated(values, axis, fresh.shape[axis], count)
        stage = name.split(".")[0]
        if ".qkv." in name and values.shape != weights[source].shape:
            # Wider heads make sums of products larger by more than their scale makes up for.
            wider = large[f"{stage}Channels"] / small[f"{stage}Channels"] * small[f"{stage}Heads"] / large[f"{stage}Heads"]
            values[: 2 * len(values) // 3] *= wider ** -0.25
        result[name] = values
    if "queries.tokens.weight" not in weights and "queries.tokens.weight" in result:
        result["queries.tokens.weight"] = shared(torch.eye(small["stage2Channels"]), large["stage2Channels"], 1)
        result["queries.tokens.bias"] = torch.zeros_like(result["queries.tokens.bias"])
    network.load_state_dict(result)
    return network


def grown(source, architecture, target):
    """Reads a model's folder and writes another; scores keep their calibration, which a training fits anew."""
    torch.manual_seed(1)
    config = json.loads((source / "config.json").read_text())
    small = twin.DEFAULT | config
    large = small | twin.PRESETS[architecture] | {k: small[k] for k in ("classes", "inputSize")}
    network = grow(load_file(source / "weights.safetensors"), small, large)
    target.mkdir(parents=True, exist_ok=True)
    save_file({k: v.contiguous() for k, v in network.state_dict().items()}, target / "weights.safetensors")
    (target / "config.json").write_text(json.dumps(large, indent=2) + "\n")


if __name__ == "__main__":
    grown(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
