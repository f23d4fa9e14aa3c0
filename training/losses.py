"""Targets and losses of both heads. Boxes `[batch, 4]` (NaN: nothing to find), labels `[batch]` (-1: nothing to find)."""
import torch
import torch.nn.functional as F
from scipy.optimize import linear_sum_assignment

# The longer sides, as parts of the input, that a stride learns. Without stride 32, stride 16 learns all above its lower limit.
RANGES = {8: (0, 64 / 192), 16: (32 / 192, 128 / 192), 32: (64 / 192, 1e9)}


def iou_and_giou(a, b):
    """Element-wise over `[.., 4]`."""
    area = lambda t: (t[..., 2] - t[..., 0]).clamp(min=0) * (t[..., 3] - t[..., 1]).clamp(min=0)
    inner = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    outer = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    union = area(a) + area(b) - inner
    iou = inner / union.clamp(min=1e-6)
    return iou, iou - (outer - union) / outer.clamp(min=1e-6)


def focal(logits, target, alpha=0.25, gamma=2.0):
    p = logits.sigmoid()
    ce = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    weight = alpha * target + (1 - alpha) * (1 - target)
    return weight * (target - p).abs() ** gamma * ce


def positives(centres, strides, boxes, size):
    """Cells `[batch, cells]` that shall find the box: near its centre, on the levels that fit its size."""
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    side = (boxes[:, 2:] - boxes[:, :2]).amax(1) / size
    away = (centres[None] - centre[:, None]).abs().amax(-1) / strides
    inside = ((centres[None] > boxes[:, None, :2]) & (centres[None] < boxes[:, None, 2:])).all(-1)
    near = (away < 1.5) & inside | (away <= 0.5)
    coarsest = float(strides.max())
    fits = torch.zeros_like(near)
    for stride, (above, below) in RANGES.items():
        below = 1e9 if stride == coarsest else below
        fits |= (strides[None] == stride) & (side[:, None] > above) & (side[:, None] < below)
    return near & fits & ~boxes[:, :1].isnan()


def dense_loss(out, model, boxes, labels):
    mask = positives(model.centres, model.strides, boxes, model.config["inputSize"])
    b, cell = mask.nonzero(as_tuple=True)
    count = max(1, len(b))
    target = torch.zeros_like(out["logits"])
    target[b, cell, labels[b]] = 1
    loss = focal(out["logits"], target).sum() / count
    if len(b):
        iou, giou = iou_and_giou(out["boxes"][b, cell], boxes[b])
        quality = F.binary_cross_entropy_with_logits(out["quality"][b, cell], iou.detach().clamp(0, 1))
        loss = loss + 2 * (1 - giou).mean() + 0.5 * quality
    return loss


def query_loss(layers, boxes, labels, size, repeats=(4, 1)):
    """One-to-one matching in the last layer; earlier layers see each label four times (more positives, faster start)."""
    total = 0
    for depth, (logits, found) in enumerate(layers):
        repeat = repeats[0] if depth + 1 < len(layers) else repeats[1]
        target = torch.zeros_like(logits)
        pairs = []
        for i in range(len(boxes)):
            if labels[i] < 0:
                continue
            with torch.no_grad():
                p = logits[i, :, labels[i]].sigmoid()
                iou, giou = iou_and_giou(found[i], boxes[i])
                l1 = (found[i] - boxes[i]).abs().sum(-1) / size
                cost = (-2 * p - 2 * giou + 5 * l1)[:, None].expand(-1, repeat)
                rows, _ = linear_sum_assignment(cost.numpy())
            pairs += [(i, int(r)) for r in rows]
        if pairs:
            b, q = torch.tensor(pairs).T
            iou, giou = iou_and_giou(found[b, q], boxes[b])
            target[b, q, labels[b]] = 1
            total = total + 2 * (1 - giou).mean() + 5 * (found[b, q] - boxes[b]).abs().sum(-1).mean() / size
        total = total + focal(logits, target).sum() / max(1, len(pairs))
    return total / len(layers)


def detection_loss(out, model, boxes, labels):
    abnormal = F.binary_cross_entropy_with_logits(out["abnormality"], (labels >= 0).float())
    dense = dense_loss(out, model, boxes, labels)
    queries = query_loss(out["layers"], boxes, labels, model.config["inputSize"])
    return dense + 0.5 * queries + 0.2 * abnormal, dict(dense=dense.item(), queries=float(torch.as_tensor(queries).detach()), abnormal=abnormal.item())
