"""Boxes from network outputs, and the metrics that choose the readout. `hilum model evaluate` measures what ships."""
import numpy as np
import torch
import torch.nn.functional as F


def readouts(out):
    """Uncalibrated score logits `[batch, n, classes]` and boxes of both heads; dense logits take in the IoU logit."""
    joint = 0.5 * (F.logsigmoid(out["logits"]) + F.logsigmoid(out["quality"])[..., None])
    dense = joint - torch.log(-torch.expm1(joint.clamp(max=-1e-6)))
    return dict(dense=(dense, out["boxes"]), queries=out["layers"][-1])


def suppress(boxes, logits, limit, keep=32, floor=-6.0):
    """Class-agnostic greedy suppression of one image; rows by falling best logit, at most `keep`."""
    best = logits.max(1)
    order = [i for i in np.argsort(-best, kind="stable") if best[i] > floor]
    kept = []
    for i in order:
        if all(overlap(boxes[i], boxes[j]) <= limit for j in kept):
            kept.append(i)
            if len(kept) == keep:
                break
    return kept


def overlap(a, b):
    w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0.0
    return w * h / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h)


@torch.no_grad()
def predict(model, images, batch=32):
    """For each readout, one list of (boxes, logits) an image; then abnormality logits."""
    model.eval()
    found, abnormal = dict(dense=[], queries=[]), []
    for start in range(0, len(images), batch):
        out = model(images[start:start + batch].to(model.stage2.position.device))
        abnormal.append(out["abnormality"].cpu().numpy())
        for name, (logits, boxes) in readouts(out).items():
            boxes = boxes.clamp(0, model.config["inputSize"])
            for b, l in zip(boxes.cpu().numpy(), logits.cpu().numpy()):
                keep = suppress(b, l, model.config["nmsIoU"]) if name == "dense" else np.argsort(-l.max(1))
                found[name].append((b[keep], l[keep]))
    return found, np.concatenate(abnormal)


def average_precision(scores, hits, count):
    order = np.argsort(-np.asarray(scores), kind="stable")
    hit = np.asarray(hits, float)[order]
    recall, precision = hit.cumsum() / max(count, 1), hit.cumsum() / np.arange(1, len(hit) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1] if len(hit) else precision
    return float((np.diff(np.r_[0, recall]) * precision).sum())


def match(found, boxes, labels, iou, only=None):
    """(scores, hits, true boxes); `only` counts one class, otherwise classes are ignored."""
    scores, hits, count = [], [], 0
    for (b, l), box, label in zip(found, boxes, labels):
        truth = label >= 0 and (only is None or label == only)
        count += truth
        used = False
        for bb, ll in zip(b, l):
            if only is not None and ll.argmax() != only:
                continue
            hit = bool(truth and not used and overlap(bb, box) >= iou)
            used |= hit
            scores.append(ll.max())
            hits.append(hit)
    return np.array(scores), np.array(hits, bool), int(count)


def metrics(found, boxes, labels, classes):
    result = {}
    for iou in (0.4, 0.5):
        result[f"AP{int(iou * 100)}"] = average_precision(*match(found, boxes, labels, iou))
    result["mAP50"] = float(np.mean([average_precision(*match(found, boxes, labels, 0.5, k)) for k in range(classes)]))
    scores, hits, count = match(found, boxes, labels, 0.5)
    order = np.argsort(-scores, kind="stable")
    false = (~hits[order]).cumsum()
    for rate in (0.125, 0.36, 1.0):
        allowed = false <= rate * len(found)
        result[f"sensitivity@{rate}"] = float(hits[order][allowed].sum() / max(count, 1))
    return {k: round(v, 4) for k, v in result.items()}
