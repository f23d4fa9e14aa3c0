"""Train hvit-ti: one command, one process, resumable, seeded. See README.md."""
import argparse
import copy
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

import data
import evaluate
from losses import detection_loss
from model import HierarchicalDetector


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
    found, abnormality = evaluate.predict(model, held[0])
    model = copy.deepcopy(model)
    calibrate_image(model, abnormality, held[2])
    calibration = {name: calibrate(f, held[1], held[2]) for name, f in found.items()}
    limits = {name: threshold(f, held[1], held[2], calibration[name]) for name, f in found.items()}
    for head, f in evaluate.predict(model, val[0])[0].items():
        report[head] = evaluate.metrics(f, val[1], val[2], classes)
    readout = "queries" if report["queries"]["AP50"] >= report["dense"]["AP50"] else "dense"
    config |= dict(name=name, readout=readout, calibration=calibration, recommendedThreshold=round(limits[readout], 3), training=note,
                   normalization=dict(lowPercentile=1, highPercentile=99.8))
    save_file({k: v.contiguous() for k, v in model.state_dict().items()}, folder / "weights.safetensors")
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    return report


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("data", help="folder with index.csv and images/")
    p.add_argument("output", type=Path, help="folder for checkpoint.pt, log.jsonl and the exported model")
    p.add_argument("--cache", required=True, help="folder for preprocessed images")
    p.add_argument("--name", default="brain-mri-tumour", help="name of the model in config.json")
    p.add_argument("--epochs", type=int, default=30)
    p.add_argument("--gentle", type=float, default=0.6, help="after this part of the epochs the geometry varies less")
    p.add_argument("--size", type=int, default=192)
    p.add_argument("--batch", type=int, default=16)
    p.add_argument("--rate", type=float, default=6e-4)
    p.add_argument("--decay", type=float, default=0.05)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--overfit", type=int, default=0, help="train on this many images only, without augmentation, as a check")
    p.add_argument("--export-only", action="store_true", help="export the model of the last checkpoint")
    p.add_argument("--last", action="store_true", help="with --export-only: the last weights instead of their moving average")
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    a.output.mkdir(parents=True, exist_ok=True)
    model = HierarchicalDetector(dict(inputSize=a.size))
    average = copy.deepcopy(model).requires_grad_(False)
    rows = data.read_index(a.data, model.config["classes"])
    labels = np.array([r["label"] for r in rows])
    part = lambda test: np.array([i for i, r in enumerate(rows) if test(r)])
    train = part(lambda r: r["split"] == "train" and not r["held"])
    cached, cached_boxes = data.load(a.data, rows, data.CACHE_SIZE, a.cache)
    exact, exact_boxes = data.load(a.data, rows, a.size, a.cache)
    take = lambda i: (exact[i], exact_boxes[i], labels[i])
    held, val = take(part(lambda r: r["held"])), take(part(lambda r: r["split"] == "val"))
    if a.overfit:
        train = train[labels[train] >= 0][np.linspace(0, (labels[train] >= 0).sum() - 1, a.overfit).astype(int)]
        val = held = take(train)
    per_epoch = max(1, len(train) // a.batch)
    groups = [dict(params=[v for v in model.parameters() if v.ndim >= 2], weight_decay=a.decay),
              dict(params=[v for v in model.parameters() if v.ndim < 2], weight_decay=0.0)]
    optimiser = torch.optim.AdamW(groups, lr=a.rate, betas=(0.9, 0.98))
    checkpoint, epoch, step = a.output / "checkpoint.pt", 0, 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        epoch, step = state["epoch"], state["step"]
    note = lambda: dict(seed=a.seed, epochs=epoch, batch=a.batch, rate=a.rate, decay=a.decay, images=len(train))
    if a.export_only:
        print(json.dumps(export(model if a.last else average, a.name, a.output / "model", held, val, note()), indent=1))
        return
    print(f"{sum(v.numel() for v in model.parameters())} parameters, {len(train)} training images, {per_epoch} steps an epoch", flush=True)
    steps = a.epochs * per_epoch
    while epoch < a.epochs:
        rng = np.random.default_rng([a.seed, epoch])
        order, start, sums = rng.permutation(train), time.time(), {}
        model.train()
        for k in range(per_epoch):
            picks = order[k * a.batch:(k + 1) * a.batch]
            if a.overfit:
                x, b, l = torch.from_numpy(exact[picks]), torch.from_numpy(exact_boxes[picks]), torch.from_numpy(labels[picks])
            else:
                gentle = epoch >= a.gentle * a.epochs
                x, b, l = data.augment(cached, cached_boxes, labels, picks, a.size, rng, 0.4 if gentle else 1.0)
            for group in optimiser.param_groups:
                group["lr"] = rate(step, steps, a.rate, min(300, steps // 10))
            loss, terms = detection_loss(model(x), model, b, l)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
            optimiser.step()
            step += 1
            decay = min(0.998, (1 + step) / (10 + step))
            with torch.no_grad():
                for mine, new in zip(average.parameters(), model.parameters()):
                    mine.lerp_(new, 1 - decay)
            for name, value in terms.items():
                sums[name] = sums.get(name, 0) + value / per_epoch
            if k % 20 == 19:
                print(f"  epoch {epoch + 1} step {k + 1}/{per_epoch} {1000 * (time.time() - start) / ((k + 1) * a.batch):.1f} ms/image {terms}", flush=True)
        epoch += 1
        seconds = time.time() - start
        torch.save(dict(model=model.state_dict(), average=average.state_dict(), optimiser=optimiser.state_dict(),
                        epoch=epoch, step=step), str(checkpoint) + ".new")
        Path(str(checkpoint) + ".new").replace(checkpoint)
        line = dict(epoch=epoch, seconds=round(seconds, 1), **{k: round(v, 4) for k, v in sums.items()})
        if not a.overfit or epoch == a.epochs:
            if epoch % 2 == 0 or epoch >= a.epochs - 3:
                line["val"] = export(average, a.name, a.output / "model", held, val, note())
        print(json.dumps(line), flush=True)
        with open(a.output / "log.jsonl", "a") as log:
            log.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
