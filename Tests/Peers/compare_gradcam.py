"""Check the CAM methods against pytorch-grad-cam on the same weights: the recorded maps, which the Swift tests compare with
Swift's (`expectAgreement`), must be the package's, for one box and for the image.

    python -W ignore Tests/Peers/compare_gradcam.py Tests/Peers/small models/brain-mri-tumour

The package scales and resizes its maps for show; compared is what it computes: weights times activations, negative values cut
off, the greatest 1.
"""
import json
import sys
from pathlib import Path

import numpy as np
import torch
from pytorch_grad_cam import GradCAM, GradCAMPlusPlus, HiResCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from safetensors.torch import load_file

import record_network
import evaluate
import mobile
import model as twin

LIMIT = 1e-4


class Logits(torch.nn.Module):
    """One readout's class logits as `[1, boxes * classes]`, and the image's abnormality as the last one."""

    def __init__(self, network, readout, cells):
        super().__init__()
        self.network, self.readout, self.cells = network, readout, cells

    def forward(self, images):
        out = self.network(images)
        logits = out["logits"] if self.readout == "dense" else out["layers"][-1][0]
        pooled = self.network.abnormality["weight"] * out["logits"][0].amax(-1)[self.cells].mean()
        return torch.cat([logits.reshape(1, -1), pooled.reshape(1, 1)], 1)


def grid(x):
    """`[1, tokens, channels]` to `[1, channels, side, side]`, as the package has it."""
    side = round(x.shape[1] ** 0.5)
    return x.reshape(1, side, side, -1).permute(0, 3, 1, 2)


def raw_map(method, network, layer, image, target):
    with method(model=network, target_layers=[layer], reshape_transform=grid) as cam:
        targets = [ClassifierOutputTarget(target)]
        output = cam.activations_and_grads(image)
        network.zero_grad()
        targets[0](output[0]).backward(retain_graph=True)
        activations = cam.activations_and_grads.activations[0].cpu().data.numpy()
        gradients = cam.activations_and_grads.gradients[0].cpu().data.numpy()
        values = cam.get_cam_image(image, layer, targets, activations, gradients, False)[0]
    values = np.maximum(values, 0)
    return (values / values.max() if values.max() > 0 else values).ravel()


def compare(folder):
    config = json.loads((folder / "config.json").read_text())
    peer = record_network.ROOT / "Tests/Peers" / folder.resolve().name / "expected.safetensors"
    recorded = load_file(peer)
    torch.set_default_dtype(torch.float64)
    network = mobile.folded(twin.HierarchicalDetector(config)).double().eval()
    network.load_state_dict(load_file(folder / "weights.safetensors"))
    image = recorded["image"].double()[None].requires_grad_()
    with torch.no_grad():
        out = network(image)
    cells = out["logits"][0].amax(-1).topk(config["abnormalityCells"]).indices
    blocks, classes = network.stage2.blocks, len(config["classes"])
    layers = {"grad-cam": (GradCAM, blocks[-1].norm1), "grad-cam++": (GradCAMPlusPlus, blocks[-1].norm1),
              "hirescam": (HiResCAM, blocks[-2])}
    worst = 0.0
    for readout in ("dense", "queries"):
        wrapped = Logits(network, readout, cells)
        source = int(recorded[f"{readout}.sources"][0])
        best = int(evaluate.readouts(out)[readout][0][0, source].argmax())
        count = out["logits"].shape[1] if readout == "dense" else out["layers"][-1][0].shape[1]
        subjects = {readout: source * classes + best}
        if readout == "dense":
            subjects["image"] = count * classes
        for subject, target in subjects.items():
            for name, (method, layer) in layers.items():
                values = raw_map(method, wrapped, layer, image, target)
                difference = float(np.abs(values - recorded[f"{subject}.{name}"].numpy()).max())
                worst = max(worst, difference)
                print(f"{folder.name} {subject:8} {name:10} {difference:.1e}")
    return worst


if __name__ == "__main__":
    worst = max(compare(Path(folder)) for folder in sys.argv[1:])
    print(f"greatest difference from pytorch-grad-cam {worst:.1e}")
    sys.exit(worst > LIMIT)
