"""Local contrast, the same as `hk_local_contrast` in C: what the network sees does not depend on window or bit depth."""

import numpy as np

BLOCK = 8
FLOOR = 0.02  # of the frame's range: differences below are noise that nobody sees
LIMIT = 4.0


def spread(image):
    """The range of a frame: percentiles, unless nearly all of it is one value."""
    low, high = np.percentile(image, [0.5, 99.5])
    return max(float(high - low), float(image.max() - image.min()) / 16, 1e-6)


def box5(grid):
    """Mean over 5 x 5 blocks, edges repeated."""
    padded = np.pad(grid, 2, mode="edge")
    rows = sum(padded[k : k + grid.shape[0]] for k in range(5))
    return sum(rows[:, k : k + grid.shape[1]] for k in range(5)) / 25


def enlarge(grid, axis):
    """Linear between block centres, constant beyond the outer ones."""
    n = grid.shape[axis]
    at = np.clip((np.arange(n * BLOCK) - (BLOCK - 1) / 2) / BLOCK, 0, n - 1)
    low = np.minimum(at.astype(int), max(n - 2, 0))
    share = (at - low).astype(np.float32)
    shape = [1, 1]
    shape[axis] = -1
    share = share.reshape(shape)
    return np.take(grid, low, axis) * (1 - share) + np.take(grid, np.minimum(low + 1, n - 1), axis) * share


def local_contrast(image, span):
    """(value - local mean) / (local deviation + floor), clipped. Sides must be multiples of 8."""
    h, w = image.shape
    blocks = image.reshape(h // BLOCK, BLOCK, w // BLOCK, BLOCK).astype(np.float64)
    mean, square = box5(blocks.mean((1, 3))), box5((blocks**2).mean((1, 3)))
    scale = 1 / (np.sqrt(np.maximum(square - mean**2, 0)) + FLOOR * span)
    mean, scale = (enlarge(enlarge(grid.astype(np.float32), 0), 1) for grid in (mean, scale))
    return np.clip((image - mean) * scale, -LIMIT, LIMIT).astype(np.float32)
