"""A batch's augmentation, on the device where its images are: no image waits for a processor.

The same changes with the same chances as `Sources/Training/Samples` (`AugmentationPlan`, `AugmentedImage`), by other random
numbers. Boxes are x0 y0 x1 y1 in pixels, `[batch, 2, 4]` with NaN for none: an image's own lesion and a pasted one.
"""
import math

import torch
import torch.nn.functional as F


class Draw:
    """Uniform random numbers of a batch."""

    def __init__(self, batch, device, generator):
        self.batch, self.device, self.generator = batch, device, generator

    def __call__(self, low=0.0, high=1.0, more=()):
        return low + (high - low) * torch.rand((self.batch, *more), device=self.device, generator=self.generator)


def augment(images, boxes, labels, picks, size, options, strength, generator):
    """A training batch.

    images `[n, side, side]` uint8, boxes `[n, 4]`, labels `[n]`; picks `[batch]`: which of them. `strength` scales the
    geometry; what changes intensities stays, for it stands for other scanners. Returns images `[batch, size, size]` in [0, 1],
    boxes `[batch, 2, 4]` in their pixels and labels `[batch, 2]`.
    """
    draw = Draw(len(picks), images.device, generator)
    x, own, label = images[picks].float() / 255, boxes[picks], labels[picks]
    donors = picks[(draw() * len(picks)).long()]
    x, other, has = paste(x, own, images[donors].float() / 255, boxes[donors], draw, options)
    has = has & (labels[donors] >= 0) & (donors != picks)
    both = torch.stack([own, other.masked_fill(~has[:, None], torch.nan)], 1)
    x = intensities(x.where(has[:, None, None], images[picks].float() / 255), draw, options)
    theta, both = geometry(both, images.shape[-1], size, draw, options, strength)
    grid = F.affine_grid(theta, (len(picks), 1, size, size), align_corners=False)
    x = F.grid_sample(x[:, None], grid, mode="bilinear", align_corners=False)[:, 0]
    x = blur(x, draw, options)
    noise = torch.randn(x.shape, device=x.device, generator=generator) * draw(0, options.noise)[:, None, None]
    return (x + noise).clamp(0, 1), both, torch.stack([label, labels[donors]], 1).masked_fill(both[..., 0].isnan(), -1)


def paste(x, own, donor, box, draw, options):
    """Blends the donors' lesions in through soft ellipses, inside bright tissue and away from an image's own lesion.

    Returns all images with a lesion, its box in them, and where that was wanted and found a place."""
    side = x.shape[-1]
    box = box.nan_to_num(0)
    margin = 0.15 * (box[:, 2:] - box[:, :2]).amax(1, keepdim=True)
    low, high = (box[:, :2] - margin).round(), (box[:, 2:] + margin).round()
    extent = high - low
    border = side * 5 // 32
    free = side - 2 * border - extent
    fits = ((low >= 0) & (high <= side) & (extent >= 8) & (free > 0)).all(1)
    place = border + (draw(more=(10, 2)) * free.clamp(min=1)[:, None]).floor()
    bright = F.pad((x > 30 / 255).float().cumsum(1).cumsum(2), (1, 0, 1, 0))
    corner = lambda p: bright.flatten(1).gather(1, (p[..., 1] * (side + 1) + p[..., 0]).long().clamp(0, (side + 1) ** 2 - 1))
    end = place + extent[:, None]
    swap = lambda p, q: torch.stack([p[..., 0], q[..., 1]], -1)
    lit = corner(end) - corner(swap(place, end)) - corner(swap(end, place)) + corner(place)
    moved = box[:, None] + (place - low[:, None]).repeat(1, 1, 2)
    apart = ((moved[..., 2:] < own[:, None, :2]) | (moved[..., :2] > own[:, None, 2:])).any(-1) | own[:, None, 0].isnan()
    good = (lit > 0.8 * extent.prod(-1)[:, None]) & apart
    chosen = good.float().argmax(1)
    pick = lambda t: t.gather(1, chosen[:, None, None].expand(-1, 1, t.shape[-1]))[:, 0]
    place, moved = pick(place), pick(moved)
    chance = options.pastedBeside + (options.pasted - options.pastedBeside) * own[:, 0].isnan().float()
    axis = torch.arange(side, device=x.device)
    column, row = axis - place[:, :1], axis - place[:, 1:]  # in the patch
    half = ((box[:, 2:] - box[:, :2]) / 2).clamp(min=1e-3)
    across = (column - (extent[:, :1] - 1) / 2) / half[:, :1]
    down = (row - (extent[:, 1:] - 1) / 2) / half[:, 1:]
    opacity = ((1.15 - (across[:, None] ** 2 + down[:, :, None] ** 2).sqrt()) / 0.25).clamp(0, 1)
    within = ((column >= 0) & (column < extent[:, :1]))[:, None] & ((row >= 0) & (row < extent[:, 1:]))[:, :, None]
    source = (row + low[:, 1:]).clamp(0, side - 1)[:, :, None] * side + (column + low[:, :1]).clamp(0, side - 1)[:, None]
    lesion = donor.flatten(1).gather(1, source.long().flatten(1)).view_as(x)
    lesion = (lesion * draw(0.85, 1.15)[:, None, None]).clamp(max=1)
    return x + opacity * within * (lesion - x), moved, fits & good.any(1) & (draw() < chance)


def intensities(x, draw, options):
    """Another scanner's look at the same anatomy: a curve through [0, 1], then contrast and brightness."""
    flat = x.flatten(1)
    power = flat ** draw(-0.6, 0.6).exp()[:, None]
    zero = torch.zeros(len(x), 1, device=x.device)
    inner = torch.linspace(0, 1, 5, device=x.device).expand(len(x), 5)
    knots = inner + torch.cat([zero, draw(-0.1, 0.1, (3,)), zero], 1)
    heights = 0.6 * torch.cat([zero, draw(more=(3,)).sort(1).values, zero + 1], 1) + 0.4 * inner
    at = torch.searchsorted(knots.contiguous(), flat, right=True).clamp(1, 4)
    (a, b), (y, z) = ((t.gather(1, at - 1), t.gather(1, at)) for t in (knots, heights))
    lines = y + (flat - a) / (b - a) * (z - y)
    kind = draw()[:, None]
    curved = torch.where(kind < 0.5, power, torch.where(kind < 0.8, lines, flat))
    mean = curved.mean(1, keepdim=True)
    changed = ((curved - mean) * draw(0.75, 1.3)[:, None] + mean + draw(-0.1, 0.1)[:, None]).clamp(0, 1)
    return torch.where(draw()[:, None] < options.intensity, changed, flat).view_as(x)


def geometry(boxes, side, size, draw, options, strength, tries=20):
    """Flips, turns, scales and shifts: inverse affine maps for grid_sample `[batch, 2, 3]`, and the boxes of the turned
    ellipses. The first of some tries that cuts no box to less than three fifths; else none."""
    more = (tries,)
    angle = draw(-1, 1, more) * math.radians(options.rotation) * strength
    zoom = (draw(math.log(options.smallest), math.log(options.largest), more) * strength).exp()
    stretch = (draw(-1, 1, more) * options.stretch * strength).exp()
    sx = zoom * stretch * (1 - 2 * (draw(more=more) < options.flipHorizontal).float())
    sy = zoom / stretch * (1 - 2 * (draw(more=more) < options.flipVertical * strength).float())
    shift = draw(-1, 1, (tries, 2)) * 2 * options.shift * strength
    c, s = angle.cos(), angle.sin()
    forward = torch.stack([torch.stack([sx * c, -sy * s], -1), torch.stack([sx * s, sy * c], -1)], -2)
    unit = boxes[:, None] / side * 2 - 1  # [batch, 1, 2 boxes, 4]
    centre, half = (unit[..., :2] + unit[..., 2:]) / 2, (unit[..., 2:] - unit[..., :2]) / 2
    turn = lambda m, v: (m[:, :, None] @ v[..., None])[..., 0]
    centre, half = turn(forward, centre) + shift[:, :, None], turn(forward ** 2, half ** 2).sqrt()
    moved = (torch.cat([centre - half, centre + half], -1) + 1) / 2 * size
    kept = moved.clamp(0, size)
    area = lambda b: (b[..., 2:] - b[..., :2]).clamp(min=0).prod(-1)
    good = ((area(kept) >= 0.6 * area(moved)) | moved[..., 0].isnan()).all(-1)
    chosen = good.float().argmax(1)
    pick = lambda t: t[torch.arange(len(t), device=t.device), chosen]
    found = good.any(1)
    forward = pick(forward).where(found[:, None, None], torch.eye(2, device=boxes.device))
    shift = pick(shift).masked_fill(~found[:, None], 0)
    (a, b), (c, d) = forward.permute(1, 2, 0)
    inverse = torch.stack([torch.stack([d, -b], -1), torch.stack([-c, a], -1)], -2) / (a * d - b * c)[:, None, None]
    theta = torch.cat([inverse, -inverse @ shift[..., None]], -1)
    return theta, pick(kept).where(found[:, None, None], boxes / side * size)


def blur(x, draw, options):
    deviation = draw(0.3, 1.0)[:, None]
    taps = torch.arange(-2, 3.0, device=x.device)
    kernel = (-taps ** 2 / (2 * deviation ** 2)).exp()
    kernel = torch.where(draw()[:, None] < options.blur, kernel / kernel.sum(1, keepdim=True), (taps == 0).float())
    n = len(x)
    x = F.conv2d(x[None], kernel.view(n, 1, 1, 5), padding=(0, 2), groups=n)
    return F.conv2d(x, kernel.view(n, 1, 5, 1), padding=(2, 0), groups=n)[0]
