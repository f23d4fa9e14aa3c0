"""The network of `TextNetwork.swift`: 1 -> text or not, a logit for every 2 x 2 pixels."""

import torch
from torch import nn
from torch.nn import functional as F

DILATIONS = (1, 2, 4, 1, 2, 4)


def layer(inputs, outputs, kernel, stride=1, dilation=1, groups=1, padding=None):
    padding = dilation * (kernel // 2) if padding is None else padding
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation, groups, bias=False), nn.BatchNorm2d(outputs))


class TextNetwork(nn.Module):
    def __init__(self, a=8, b=16, c=32):
        super().__init__()
        self.stem = layer(1, a, 4, 2, padding=1)  # 1/2
        self.down1 = layer(a, b, 3, 2)  # 1/4
        self.mix = layer(b, b, 3)
        self.down2 = layer(b, c, 3, 2)  # 1/8
        self.depthwise = nn.ModuleList(layer(c, c, 3, dilation=d, groups=c) for d in DILATIONS)
        self.pointwise = nn.ModuleList(layer(c, c, 1) for _ in DILATIONS)
        self.up = layer(c, b, 1)
        self.head = layer(b, b, 3)
        self.out = nn.Conv2d(b, 4, 1)
        nn.init.constant_(self.out.bias, -2.0)

    def forward(self, x):
        fine = F.relu(self.mix(F.relu(self.down1(F.relu(self.stem(x))))))
        coarse = F.relu(self.down2(fine))
        for depthwise, pointwise in zip(self.depthwise, self.pointwise):
            coarse = F.relu(coarse + pointwise(depthwise(coarse)))
        wide = F.interpolate(self.up(coarse), scale_factor=2, mode="nearest")
        return F.pixel_shuffle(self.out(F.relu(self.head(F.relu(fine + wide)))), 2)

    def folded(self):
        """(name, weights [kernelY, kernelX, inputs, outputs], bias [outputs]) of each layer, normalisation included."""
        def fold(name, module):
            convolution, norm = module[0], module[1]
            scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            weight = convolution.weight * scale[:, None, None, None]
            return name, weight.permute(2, 3, 1, 0), norm.bias - norm.running_mean * scale

        yield fold("stem", self.stem)
        yield fold("down1", self.down1)
        yield fold("mix", self.mix)
        yield fold("down2", self.down2)
        for k in range(len(DILATIONS)):
            yield fold(f"depthwise{k}", self.depthwise[k])
            yield fold(f"pointwise{k}", self.pointwise[k])
        yield fold("up", self.up)
        yield fold("head", self.head)
        yield "out", self.out.weight.permute(2, 3, 1, 0), self.out.bias
