"""Check what `hilum model convert` writes: the file by ONNX's own checker, every output in ONNX Runtime against PyTorch, and
boxes after suppression against `hilum run` on slices of the demo's brain.

    python Tests/Peers/compare_onnx.py .build/release/hilum

Networks are the one that ships, and `hvit-ti` and `hvit-s` with random weights; with both readouts and at other input sizes. Needs
torch, numpy, scipy, safetensors, nibabel, pillow, onnx and onnxruntime.
"""
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nibabel
import numpy as np
import onnx
import onnxruntime
import torch
from PIL import Image
from safetensors.torch import load_file

import record_network
from record_network import ROOT, evaluate, mobile, twin

LIMITS = dict(scores=1e-4, abnormality=1e-4, boxes=2e-3)  # boxes in pixels
FOUND = dict(scores=1e-3, boxes=5e-2)  # of `hilum run` in float32, whose sums are in another order
THRESHOLD = 0.02


def convert(hilum, model, out, *more):
    """An ONNX Runtime session of the converted model, and the file's metadata."""
    subprocess.run([hilum, "model", "convert", model, "-o", out, *more], check=True, capture_output=True)
    path = str(out / "model.onnx")
    onnx.checker.check_model(path, full_check=True)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 2
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return session, session.get_modelmeta().custom_metadata_map


def run(session, image):
    names = [output.name for output in session.get_outputs()]
    said = session.run(names, {"image": image[None, None]})
    for output, value in zip(session.get_outputs(), said):
        assert list(value.shape) == output.shape, output.name
    return dict(zip(names, said))


@torch.no_grad()
def expected(network, config, image):
    """What the twin says, calibrated; in double precision."""
    said = network(torch.from_numpy(image.astype(np.float64))[None])
    logits, boxes = evaluate.readouts(said)[config["readout"]]
    calibration = config["calibration"][config["readout"]]
    return dict(
        boxes=boxes.clamp(0, image.shape[0]).numpy(), abnormality=torch.sigmoid(said["abnormality"]).numpy(),
        scores=torch.sigmoid(logits / calibration["temperature"] + calibration["bias"]).numpy())


def twin_of(folder):
    torch.set_default_dtype(torch.float32)
    config = json.loads((folder / "config.json").read_text())
    network = mobile.folded(twin.HierarchicalDetector(config))
    network.load_state_dict(load_file(folder / "weights.safetensors"))
    torch.set_default_dtype(torch.float64)
    return network.double().eval(), config


def changed(folder, copy, **values):
    """A copy of a model with other values in its configuration."""
    shutil.copytree(folder, copy)
    config = json.loads((copy / "config.json").read_text()) | values
    (copy / "config.json").write_text(json.dumps(config, indent=2))
    return copy


def outputs_agree(hilum, folder, out, *more, size=None):
    """Whether a converted model says what the twin says of a phantom."""
    network, config = twin_of(folder)
    session, _ = convert(hilum, folder, out, *more)
    image = record_network.phantom(size or config["inputSize"])
    found, wanted, good = run(session, image), expected(network, config, image), True
    for name, limit in LIMITS.items():
        difference = float(np.abs(found[name] - wanted[name]).max())
        good &= found[name].shape == wanted[name].shape and difference <= limit
        print(f"  {name} {list(found[name].shape)}: greatest difference {difference:.1e} (limit {limit:.0e})")
    print(f"{out.name}: {'agrees' if good else 'FAILED'}; greatest score {wanted['scores'].max():.3f}", flush=True)
    return good


def suppressed(said, metadata, threshold):
    """(score, class, box) of what a caller keeps, as `hilum model convert --help` says."""
    boxes, scores = said["boxes"][0], said["scores"][0]
    best, kept = scores.max(1), []
    for i in np.argsort(-best, kind="stable"):
        if best[i] < threshold or len(kept) == int(metadata["maximumBoxes"]):
            break
        if all(evaluate.overlap(boxes[i], boxes[j]) <= float(metadata["suppressionIoU"]) for j in kept):
            kept.append(i)
    return [(best[i], metadata["classes"].split(",")[scores[i].argmax()], boxes[i]) for i in kept]


def slices(folder, side):
    """Axial slices of the demo's brain as square pictures of the network's size."""
    volume = nibabel.load(ROOT / "fixtures/demo/t1-simulated-lesion.nii.gz").get_fdata()
    folder.mkdir()
    for index in range(4, volume.shape[2] - 4, 2):
        plane = volume[::-1, ::-1, index].T
        gray = Image.fromarray(np.uint8(255 * np.clip(plane / np.percentile(volume, 99.9), 0, 1)))
        gray.thumbnail((side, side))
        gray = gray.resize([round(extent * side / max(gray.size)) for extent in gray.size], Image.Resampling.BILINEAR)
        picture = Image.new("L", (side, side))
        picture.paste(gray, ((side - gray.width) // 2, (side - gray.height) // 2))
        picture.save(folder / f"{index:02}.png")


def findings_agree(hilum, model, scratch):
    """Whether a caller who does the rest as told finds what Hilum finds."""
    session, metadata = convert(hilum, model, scratch / "findings")
    slices(scratch / "slices", session.get_inputs()[0].shape[2])
    (scratch / "pipeline.yaml").write_text(
        "name: compare\ninput: { formats: [png] }\nstages:\n  - normalize: { method: percentile, lower: 1, upper: 99.8 }\n"
        f"  - detect: {{ model: {model}, threshold: {THRESHOLD}, maxFindings: 100 }}\n"
        "outputs: { findings: json, tensors: npy }\n")
    subprocess.run(
        [hilum, "run", scratch / "pipeline.yaml", scratch / "slices", "-o", scratch / "found", "--quiet"], check=True)
    worst, count, good = dict(scores=0.0, boxes=0.0), 0, True
    for path in sorted((scratch / "found").rglob("*.npy")):
        said = json.loads(path.with_suffix(".findings.json").read_text())
        ours = sorted(said["findings"], key=lambda f: -f["confidence"])
        image = np.load(path).reshape(session.get_inputs()[0].shape[2:])
        theirs = suppressed(run(session, image), metadata, THRESHOLD)
        count += len(ours)
        if [f["type"] for f in ours] != [kind for _, kind, _ in theirs]:
            print(f"  {path.name}: {[f['type'] for f in ours]} against {[kind for _, kind, _ in theirs]}")
            good = False
            continue
        for finding, (score, _, box) in zip(ours, theirs):
            x0, y0, _, x1, y1, _ = finding["location"]["box"]
            worst["boxes"] = max(worst["boxes"], float(np.abs(box - [x0, y0, x1, y1]).max()))
            worst["scores"] = max(worst["scores"], abs(finding["confidence"] - float(score)))
    good &= count > 3 and all(worst[name] <= FOUND[name] for name in FOUND)
    print(f"findings of hilum run: {count} boxes, differences {worst['boxes']:.1e} pixels, {worst['scores']:.1e} in score, "
          f"{'agrees' if good else 'FAILED'}")
    return good


def main(hilum):
    shipped, good = ROOT / "models/brain-mri-tumour", True
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        tiny, queries = scratch / "tiny", dict(readout="queries")
        record_network.written(twin.DEFAULT, tiny, 5, 0.03, 0.1)
        good &= outputs_agree(hilum, shipped, scratch / "brain-mri-tumour")
        good &= outputs_agree(hilum, changed(shipped, scratch / "a", **queries), scratch / "brain-mri-tumour, queries")
        good &= outputs_agree(hilum, shipped, scratch / "brain-mri-tumour, 512", "--input-size", "512", size=512)
        good &= outputs_agree(hilum, tiny, scratch / "hvit-ti")
        good &= outputs_agree(hilum, changed(tiny, scratch / "b", **queries), scratch / "hvit-ti, queries")
        good &= outputs_agree(hilum, tiny, scratch / "hvit-ti, 128", "--input-size", "128", size=128)
        record_network.written(twin.PRESETS["hvit-s"], scratch / "larger", 5, 0.03, 0.1)
        good &= outputs_agree(hilum, changed(scratch / "larger", scratch / "d", **queries), scratch / "hvit-s, queries")
        good &= findings_agree(hilum, changed(shipped, scratch / "c", precision="fp32"), scratch)
    sys.exit(not good)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
