"""Targets and losses of both heads, without waiting for the device: that is why numbers are put in by `masked_fill`, not by `where`,
which would bring each one there.

Boxes are `[batch, most, 4]` (NaN: nothing to find) and labels `[batch, most]` (-1), or `[batch, 4]` and `[batch]` where an image
has one at most.
"""
from types import SimpleNamespace

import torch
import torch.nn.functional as F

# As the recipes have it.
TWIN = SimpleNamespace(focalAlpha=0.25, focalGamma=2.0, repeats=4)
# The longer sides, as parts of the input, that a stride learns. Without stride 32, stride 16 learns all above its lower limit.
RANGES = {8: (0, 64 / 192), 16: (32 / 192, 128 / 192), 32: (64 / 192, 1e9)}


def area(extent):
    """Width times height. The gradient of `prod` would look for zeros, and the processor would wait for the device."""
    extent = extent.clamp(min=0)
    return extent[..., 0] * extent[..., 1]


def iou_and_giou(a, b):
    """Element-wise over `[.., 4]`."""
    inner = area(torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2]))
    outer = area(torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2]))
    union = area(a[..., 2:] - a[..., :2]) + area(b[..., 2:] - b[..., :2]) - inner
    iou = inner / union.clamp(min=1e-6)
    return iou, iou - (outer - union) / outer.clamp(min=1e-6)


def focal(logits, target, alpha=0.25, gamma=2.0):
    p = logits.sigmoid()
    ce = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    weight = alpha * target + (1 - alpha) * (1 - target)
    return weight * (target - p).abs() ** gamma * ce


def owners(centres, strides, boxes, size):
    """For each cell which box it shall find, `[batch, cells]`, or -1: those near a box's centre, on the levels that fit its size.
    A cell that two boxes want goes to the smaller."""
    centre = (boxes[..., :2] + boxes[..., 2:]) / 2
    extent = boxes[..., 2:] - boxes[..., :2]
    side = extent.amax(-1, keepdim=True) / size
    away = (centres - centre[..., None, :]).abs().amax(-1) / strides
    inside = ((centres > boxes[..., None, :2]) & (centres < boxes[..., None, 2:])).all(-1)
    near = (away < 1.5) & inside | (away <= 0.5)
    coarsest = strides.max()
    fits = torch.zeros_like(near)
    for stride, (above, below) in RANGES.items():
        fits |= (strides == stride) & (side > above) & ((side < below) | (coarsest == stride))
    area = extent.prod(-1, keepdim=True).expand(near.shape).masked_fill(~(near & fits), torch.inf)
    least, owner = area.min(1)
    return owner.masked_fill(least.isinf(), -1)


def dense_loss(out, boxes, labels, alpha, gamma):
    size = out["size"]
    centres, strides = out["cells"]
    owner = owners(centres, strides, boxes, size)
    mask = owner >= 0
    count = mask.sum().clamp(min=1)
    own = owner.clamp(min=0)
    label = labels.clamp(min=0).gather(1, own)
    target = F.one_hot(label, out["logits"].shape[-1]) * mask[..., None]
    wanted = boxes.nan_to_num(0).gather(1, own[..., None].expand(-1, -1, 4))
    iou, giou = iou_and_giou(out["boxes"], wanted)
    quality = F.binary_cross_entropy_with_logits(out["quality"], iou.detach().clamp(0, 1), reduction="none")
    boxed = (2 * (1 - giou) + 0.5 * quality).masked_fill(~mask, 0)
    return (focal(out["logits"], target.to(out["logits"]), alpha, gamma).sum() + boxed.sum()) / count


def query_loss(layers, boxes, labels, size, alpha, gamma, repeats):
    """One-to-one matching in the last layer; earlier layers want each box `repeats` times (more positives, faster start).

    A box after the other takes the queries that cost it least: for one box an image the optimum, for two all but always.
    """
    total = 0
    there = labels >= 0
    wanted, label = boxes.nan_to_num(0), labels.clamp(min=0)
    for depth, (logits, found) in enumerate(layers):
        repeat = repeats if depth + 1 < len(layers) else 1
        target, taken, boxed = torch.zeros_like(logits), torch.zeros_like(logits[..., 0], dtype=torch.bool), 0
        for k in range(boxes.shape[1]):
            with torch.no_grad():
                p = logits.sigmoid().gather(2, label[:, k, None, None].expand(-1, logits.shape[1], 1))[..., 0]
                _, giou = iou_and_giou(found, wanted[:, k, None])
                l1 = (found - wanted[:, k, None]).abs().sum(-1) / size
                cost = (-2 * p - 2 * giou + 5 * l1).masked_fill(taken, torch.inf)
                chosen = cost.topk(repeat, dim=1, largest=False).indices
                taken = taken.scatter(1, chosen, taken.gather(1, chosen) | there[:, k, None])
                cell = chosen * logits.shape[2] + label[:, k, None]
                target.flatten(1).scatter_add_(1, cell, there[:, k, None].to(target).expand(-1, repeat))
            mine = found.gather(1, chosen[..., None].expand(-1, -1, 4))
            _, giou = iou_and_giou(mine, wanted[:, k, None])
            loss = 2 * (1 - giou) + 5 * (mine - wanted[:, k, None]).abs().sum(-1) / size
            boxed = boxed + loss.masked_fill(~there[:, k, None], 0).sum()
        total = total + (boxed + focal(logits, target, alpha, gamma).sum()) / (repeat * there.sum()).clamp(min=1)
    return total / len(layers)


def detection_loss(out, boxes, labels, options=TWIN):
    """The loss, and its parts before their weights."""
    if boxes.ndim == 2:
        boxes, labels = boxes[:, None], labels[:, None]
    abnormal = F.binary_cross_entropy_with_logits(out["abnormality"], (labels >= 0).any(1).to(out["abnormality"]))
    dense = dense_loss(out, boxes, labels, options.focalAlpha, options.focalGamma)
    queries = query_loss(
        out["layers"], boxes, labels, out["size"], options.focalAlpha, options.focalGamma, options.repeats)
    return dense + 0.5 * queries + 0.2 * abnormal, dict(
        dense=dense.detach(), queries=queries.detach(), abnormal=abnormal.detach())
