"""hvit-ti and hvit-s: hierarchical vision transformers with a dense head and a query decoder.

The PyTorch twin of `Sources/Networks`. Every module bears the name its tensors have in `weights.safetensors`. Shapes are
written `[batch, tokens, channels]`; a token grid is `[batch, height, width, channels]`. Boxes are x0 y0 x1 y1 in pixels of
the square input, x right, y down.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from mobile import MobileTrunk

DEFAULT = dict(
    architecture="hvit-ti", inputSize=192, stemChannels=48, stage1Channels=96, stage1Blocks=2, stage1Heads=3, window=8,
    stage2Channels=192, stage2Blocks=6, stage2Heads=3, mlpRatio=4, pyramidChannels=96, queries=32, decoderLayers=2,
    decoderHeads=3, boxFrequencies=8, abnormalityCells=4, nmsIoU=0.55, classes=["glioma", "meningioma", "pituitary"],
    pyramidLevels=2, decoderChannels=None, maskChannels=0, trunk=None,
)
PRESETS = {
    "hvit-ti": DEFAULT,
    "hvit-s": DEFAULT | dict(
        architecture="hvit-s", inputSize=512, stemChannels=96, stage1Channels=192, stage1Heads=3, stage2Channels=384,
        stage2Blocks=10, stage2Heads=6, pyramidChannels=192, pyramidLevels=3, queries=100, decoderLayers=3, decoderHeads=3,
        decoderChannels=192),
    "hvit-e": DEFAULT | dict(
        architecture="hvit-e", inputSize=384, trunk="efficientnet-lite2", stage2Blocks=2, pyramidChannels=128, pyramidLevels=3),
}
OF_WINDOWS = ("stemChannels", "stage1Channels", "stage1Blocks", "stage1Heads", "window")
"""What a network with another trunk has not."""
NORM_EPSILON = 1e-5
MAX_LOG_DISTANCE = 4.0
MAX_LOG_SCALE = 1.0


def gelu(x):
    return F.gelu(x, approximate="tanh")


def attend(q, k, v, heads):
    """Softmax attention; q `[batch, n, channels]`, k and v `[batch, m, channels]`."""
    b, n, c = q.shape
    q, k, v = (t.reshape(b, -1, heads, c // heads).transpose(1, 2) for t in (q, k, v))
    return F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(b, n, c)


class Block(nn.Module):
    """Pre-norm transformer block over `[batch, tokens, channels]`."""

    def __init__(self, channels, heads, ratio):
        super().__init__()
        self.heads, self.drop = heads, 0.0
        self.norm1 = nn.LayerNorm(channels, NORM_EPSILON)
        self.qkv = nn.Linear(channels, 3 * channels)
        self.proj = nn.Linear(channels, channels)
        self.norm2 = nn.LayerNorm(channels, NORM_EPSILON)
        self.fc1 = nn.Linear(channels, ratio * channels)
        self.fc2 = nn.Linear(ratio * channels, channels)

    def forward(self, x):
        q, k, v = self.qkv(self.norm1(x)).chunk(3, dim=-1)
        x = x + self.sometimes(self.proj(attend(q, k, v, self.heads)))
        return x + self.sometimes(self.fc2(gelu(self.fc1(self.norm2(x)))))

    def sometimes(self, branch):
        """Stochastic depth (Huang et al. 2016): in training a branch is left out for some of the batch."""
        if not self.training or not self.drop:
            return branch
        kept = torch.rand(len(branch), 1, 1, device=branch.device) >= self.drop
        return branch * kept / (1 - self.drop)


class Stage(nn.Module):
    """Blocks with one learned position per token; attention is global or within `window` x `window` windows."""

    def __init__(self, grid, channels, blocks, heads, ratio, window=None):
        super().__init__()
        self.window = window
        self.position = nn.Parameter(torch.zeros(grid, grid, channels))
        nn.init.trunc_normal_(self.position, std=0.02)
        self.blocks = nn.ModuleList(Block(channels, heads, ratio) for _ in range(blocks))

    def forward(self, x):
        """`[batch, height, width, channels]` in and out."""
        b, h, w, c = x.shape
        position = self.position
        if position.shape[:2] != (h, w):
            position = F.interpolate(
                position.permute(2, 0, 1)[None], size=(h, w), mode="bicubic", align_corners=False)[0].permute(1, 2, 0)
        x = x + position
        if self.window is None:
            x = x.reshape(b, h * w, c)
            for block in self.blocks:
                x = block(x)
            return x.reshape(b, h, w, c)
        s = self.window
        x = x.reshape(b, h // s, s, w // s, s, c).transpose(2, 3).reshape(-1, s * s, c)
        for block in self.blocks:
            x = block(x)
        return x.reshape(b, h // s, w // s, s, s, c).transpose(2, 3).reshape(b, h, w, c)


def convolve(conv, x):
    """A convolution over `[batch, height, width, channels]`."""
    return conv(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)


class Stem(nn.Module):
    """4 x 4 stride 4, then 3 x 3 stride 2: one token for each 8 x 8 pixels."""

    def __init__(self, middle, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(1, middle, 4, stride=4)
        self.norm1 = nn.LayerNorm(middle, NORM_EPSILON)
        self.conv2 = nn.Conv2d(middle, channels, 3, stride=2, padding=1)
        self.norm2 = nn.LayerNorm(channels, NORM_EPSILON)

    def forward(self, x):
        x = gelu(self.norm1(convolve(self.conv1, x)))
        return self.norm2(convolve(self.conv2, x))


class Merge(nn.Module):
    """2 x 2 neighbours (row by row) to one token."""

    def __init__(self, channels, out):
        super().__init__()
        self.norm = nn.LayerNorm(4 * channels, NORM_EPSILON)
        self.reduction = nn.Linear(4 * channels, out)

    def forward(self, x):
        b, h, w, c = x.shape
        x = x.reshape(b, h // 2, 2, w // 2, 2, c).transpose(2, 3).reshape(b, h // 2, w // 2, 4 * c)
        return self.reduction(self.norm(x))


class Pyramid(nn.Module):
    """Simple feature pyramid: stride 16 from stage 2; stride 8 from stage 1 plus stage 2 upsampled (nearest); stride 32, when
    there are three levels, by a 3 x 3 convolution of stride 2."""

    def __init__(self, fine, coarse, channels, levels=2):
        super().__init__()
        self.top = nn.Linear(coarse, channels)
        self.lateral = nn.Linear(fine, channels)
        self.norm8 = nn.LayerNorm(channels, NORM_EPSILON)
        self.norm16 = nn.LayerNorm(channels, NORM_EPSILON)
        if levels == 3:
            self.down = nn.Conv2d(channels, channels, 3, stride=2, padding=1)
            self.norm32 = nn.LayerNorm(channels, NORM_EPSILON)
        self.levels = levels

    def forward(self, fine, coarse):
        top = self.top(coarse)
        up = top.repeat_interleave(2, dim=1).repeat_interleave(2, dim=2)
        levels = [self.norm8(self.lateral(fine) + up), self.norm16(top)]
        return levels + [self.norm32(convolve(self.down, top))] if self.levels == 3 else levels


class MaskHead(nn.Module):
    """One lesion logit for each cell of stride 8: `[batch, height, width]`."""

    def __init__(self, channels, middle):
        super().__init__()
        self.conv = nn.Conv2d(channels, middle, 3, padding=1)
        self.norm = nn.LayerNorm(middle, NORM_EPSILON)
        self.output = nn.Linear(middle, 1)
        nn.init.normal_(self.output.weight, std=0.01)
        nn.init.constant_(self.output.bias, -2.0)

    def forward(self, x):
        return self.output(gelu(self.norm(convolve(self.conv, x))))[..., 0]


class DenseHead(nn.Module):
    """FCOS-like: each cell says class logits, log distances (left, top, right, bottom; in strides) and an IoU logit."""

    def __init__(self, channels, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm1 = nn.LayerNorm(channels, NORM_EPSILON)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm2 = nn.LayerNorm(channels, NORM_EPSILON)
        self.output = nn.Linear(channels, classes + 5)
        nn.init.normal_(self.output.weight, std=0.01)
        nn.init.zeros_(self.output.bias)
        with torch.no_grad():
            self.output.bias[:classes] = -3.5
            self.output.bias[classes:classes + 4] = 0.5

    def forward(self, x):
        x = gelu(self.norm1(convolve(self.conv1, x)))
        x = gelu(self.norm2(convolve(self.conv2, x)))
        return self.output(x).flatten(1, 2), x.flatten(1, 2)


def cells(size, device=None, levels=2):
    """Cell centres `[cells, 2]` (x, y) and strides `[cells]`: stride 8 row by row, then stride 16, then 32."""
    centres, strides = [], []
    for stride in (8, 16, 32)[:levels]:
        axis = (torch.arange(size // stride, device=device) + 0.5) * stride
        y, x = torch.meshgrid(axis, axis, indexing="ij")
        centres.append(torch.stack([x, y], -1).reshape(-1, 2))
        strides.append(torch.full((axis.numel() ** 2,), float(stride), device=device))
    return torch.cat(centres), torch.cat(strides)


def box_waves(boxes, size, frequencies):
    """Sine and cosine of centre x, centre y, width, height (as parts of the input) at pi * 2^k: `[.., 8 * frequencies]`."""
    x0, y0, x1, y1 = boxes.unbind(-1)
    v = torch.stack([(x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0], -1) / size
    k = math.pi * 2.0 ** torch.arange(frequencies, device=boxes.device)
    angle = (v[..., None] * k).flatten(-2)
    return torch.cat([angle.sin(), angle.cos()], -1)


class QueryLayer(nn.Module):
    """Self-attention, gated cross-attention (`query + sigmoid(W query) * attention`), MLP; all pre-norm."""

    def __init__(self, channels, heads, ratio):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(channels, NORM_EPSILON)
        self.qkv = nn.Linear(channels, 3 * channels)
        self.proj = nn.Linear(channels, channels)
        self.norm2 = nn.LayerNorm(channels, NORM_EPSILON)
        self.query = nn.Linear(channels, channels)
        self.key = nn.Linear(channels, channels)
        self.value = nn.Linear(channels, channels)
        self.cross = nn.Linear(channels, channels)
        self.gate = nn.Linear(channels, channels)
        self.norm3 = nn.LayerNorm(channels, NORM_EPSILON)
        self.fc1 = nn.Linear(channels, ratio * channels)
        self.fc2 = nn.Linear(ratio * channels, channels)

    def forward(self, x, place, tokens, token_place):
        q, k, v = self.qkv(self.norm1(x) + place).chunk(3, dim=-1)
        x = x + self.proj(attend(q, k, v, self.heads))
        y = self.norm2(x)
        a = attend(self.query(y + place), self.key(tokens + token_place), self.value(tokens), self.heads)
        x = x + torch.sigmoid(self.gate(y)) * self.cross(a)
        return x + self.fc2(gelu(self.fc1(self.norm3(x))))


class QueryDecoder(nn.Module):
    """The best dense proposals seed queries, which correct class logits and boxes; one query for one object, no NMS."""

    def __init__(self, c):
        super().__init__()
        d, self.config = c["decoderChannels"] or c["stage2Channels"], c
        self.tokens = nn.Linear(c["stage2Channels"], d) if d != c["stage2Channels"] else nn.Identity()
        self.content = nn.Linear(c["pyramidChannels"], d)
        self.place = nn.Linear(8 * c["boxFrequencies"], d)
        self.layers = nn.ModuleList(
            QueryLayer(d, c["decoderHeads"], c["mlpRatio"]) for _ in range(c["decoderLayers"]))
        self.norm = nn.LayerNorm(d, NORM_EPSILON)
        self.classify = nn.Linear(d, len(c["classes"]))
        self.refine1 = nn.Linear(d, d)
        self.refine2 = nn.Linear(d, 4)
        nn.init.zeros_(self.classify.weight)
        nn.init.zeros_(self.classify.bias)
        nn.init.zeros_(self.refine2.weight)
        nn.init.zeros_(self.refine2.bias)

    def forward(self, tokens, features, logits, boxes, size):
        """tokens `[batch, m, channels]`; features, logits, boxes of the seeds `[batch, queries, ..]`. One result a layer."""
        c, tokens = self.config, self.tokens(tokens)
        grid = math.isqrt(tokens.shape[1])
        stride = size / grid
        axis = torch.arange(grid, device=tokens.device) * stride
        y, x = torch.meshgrid(axis, axis, indexing="ij")
        own = torch.stack([x, y, x + stride, y + stride], -1).reshape(1, -1, 4)
        token_place = self.place(box_waves(own, size, c["boxFrequencies"]))
        x, results = self.content(features), []
        for layer in self.layers:
            boxes = boxes.detach()
            place = self.place(box_waves(boxes, size, c["boxFrequencies"]))
            x = layer(x, place, tokens, token_place)
            y = self.norm(x)
            delta = self.refine2(gelu(self.refine1(y)))
            extent = boxes[..., 2:] - boxes[..., :2]
            centre = (boxes[..., 2:] + boxes[..., :2]) / 2 + delta[..., :2] * extent
            extent = extent * delta[..., 2:].clamp(-MAX_LOG_SCALE, MAX_LOG_SCALE).exp()
            boxes = torch.cat([centre - extent / 2, centre + extent / 2], -1)
            results.append((logits + self.classify(y), boxes))
        return results


class HierarchicalDetector(nn.Module):
    def __init__(self, config):
        super().__init__()
        c = self.config = {**DEFAULT, **config}
        grid = c["inputSize"] // 8
        if c["trunk"]:
            self.trunk = MobileTrunk(c["trunk"], c["stage2Channels"])
            fine = self.trunk.fine
        else:
            fine = c["stage1Channels"]
            self.stem = Stem(c["stemChannels"], fine)
            self.stage1 = Stage(grid, fine, c["stage1Blocks"], c["stage1Heads"], c["mlpRatio"], c["window"])
            self.merge = Merge(fine, c["stage2Channels"])
        self.stage2 = Stage(grid // 2, c["stage2Channels"], c["stage2Blocks"], c["stage2Heads"], c["mlpRatio"])
        self.norm = nn.LayerNorm(c["stage2Channels"], NORM_EPSILON)
        self.pyramid = Pyramid(fine, c["stage2Channels"], c["pyramidChannels"], c["pyramidLevels"])
        if c["maskChannels"]:
            self.mask = MaskHead(c["pyramidChannels"], c["maskChannels"])
        self.dense = DenseHead(c["pyramidChannels"], len(c["classes"]))
        self.queries = QueryDecoder(c)
        self.abnormality = nn.ParameterDict(dict(weight=nn.Parameter(torch.ones(1)), bias=nn.Parameter(torch.full((1,), 4.0))))
        for module in (m for stage in self.children() if isinstance(stage, Stage) for m in stage.modules()):
            if isinstance(module, nn.Linear):
                nn.init.trunc_normal_(module.weight, std=0.02)
                nn.init.zeros_(module.bias)
        centres, strides = cells(c["inputSize"], levels=c["pyramidLevels"])
        self.register_buffer("centres", centres, persistent=False)
        self.register_buffer("strides", strides, persistent=False)

    def tokens(self, x):
        """Fine tokens (stride 8) and those that stage 2 begins with (stride 16)."""
        if self.config["trunk"]:
            return self.trunk(x)
        fine = self.stage1(self.stem(x[..., None]))
        return fine, self.merge(fine)

    def forward(self, images):
        """images `[batch, size, size]` in [0, 1] -> dict of dense and query outputs and the image's abnormality logit.

        Another size than the configuration's is accepted: positions are resized.
        """
        n, size = len(self.config["classes"]), images.shape[-1]
        centres, strides = self.centres, self.strides
        if size != self.config["inputSize"]:
            centres, strides = cells(size, images.device, self.config["pyramidLevels"])
        fine, merged = self.tokens(images * 2 - 1)
        coarse = self.norm(self.stage2(merged))
        levels = self.pyramid(fine, coarse)
        parts = [self.dense(level) for level in levels]
        output = torch.cat([p[0] for p in parts], 1)
        features = torch.cat([p[1] for p in parts], 1)
        logits, distance, quality = output[..., :n], output[..., n:n + 4], output[..., n + 4]
        distance = distance.clamp(max=MAX_LOG_DISTANCE).exp() * strides[:, None]
        boxes = torch.cat([centres - distance[..., :2], centres + distance[..., 2:]], -1)
        best = logits.amax(-1)
        pooled = best.detach().topk(self.config["abnormalityCells"], dim=1).values.mean(1)
        abnormality = self.abnormality["weight"] * pooled + self.abnormality["bias"]
        seed = (best + F.logsigmoid(quality)).topk(self.config["queries"], dim=1).indices
        pick = lambda t: t.gather(1, seed[..., None].expand(-1, -1, t.shape[-1]))
        seeds = [pick(features), pick(logits), pick(boxes)]
        if self.training:
            seeds = [t.detach() for t in seeds]
        layers = self.queries(coarse.flatten(1, 2), *seeds, size)
        out = dict(logits=logits, boxes=boxes, quality=quality, abnormality=abnormality, seed=seed, layers=layers, size=size,
                   cells=(centres, strides))
        return out | dict(mask=self.mask(levels[0])) if self.config["maskChannels"] else out
