"""One picture of every random transform on a shipped brain, and a contact sheet of them.

Usage: gallery.py HILUM OUTPUT_FOLDER [SHEET.png]

Each picture comes from a pipeline of its own, which is written beside it: two simulated lesions, then the transform. The
boxes that are drawn are those of the sidecar: they must lie around the lesions wherever the transform has moved them.
Needs Pillow (Tests/Peers/requirements.txt).
"""
import json
import subprocess
import sys
from pathlib import Path

from PIL import Image, ImageDraw

BOX = (240, 200, 40)
LESIONS = "lesions: { count: [2, 2], diameter: [16, 24], contrast: [0.2, 0.25] }"
TRANSFORMS = {
    "lesions": "",
    "opacities": "lesions: { kind: opacity, count: [1, 1], diameter: [40, 50], contrast: [-0.5, -0.4] }",
    "flip": "flip: { axis: x, probability: 1 }",
    "affine": "affine: { degrees: [12, 20], scale: [0.8, 0.9], distance: [5, 15] }",
    "rotate": "rotate: { degrees: [20, 25] }",
    "scale": "scale: { factor: [1.2, 1.3] }",
    "translate": "translate: { distance: [15, 25] }",
    "elastic": "elastic: { alpha: [9, 10], sigma: 8 }",
    "density-shift": "density-shift: { hu: [-0.2, -0.15], least: 0.02 }",
    "brightness": "brightness: { delta: [-0.25, -0.2] }",
    "contrast": "contrast: { factor: [0.4, 0.5] }",
    "gamma": "gamma: { exponent: [1.8, 2] }",
    "noise": "noise: { deviation: [0.08, 0.1] }",
    "blur": "blur: { sigma: [2, 2.5] }",
    "bias-field": "bias-field: { strength: 0.6 }",
    "ghosting": "ghosting: { ghosts: [5, 7], intensity: [0.7, 0.8] }",
    "motion": "motion: { movements: [7, 8], degrees: [-9, 9], distance: [-9, 9] }",
    "patch-mask": "patch-mask: { ratio: 0.25, size: [16, 16] }",
    "patch-mask, noise": "patch-mask: { ratio: 0.25, size: [1, 16, 16], fill: noise }",
    "cut-out": "cut-out: { blocks: [2, 3], share: [0.2, 0.3], fill: mean }",
}


def pipeline(stage):
    # The brain has no HU: its values are 0 to 1, and so are the numbers of the density shift.
    lines = ["rescale", "reorient", "normalize: { method: percentile, lower: 0.5, upper: 99.9 }", LESIONS]
    lines += [stage] if stage else []
    return "name: gallery\nstages:\n" + "".join(f"  - {line}\n" for line in lines) + (
        "outputs: { images: png, tensors: npy, masks: npy }\n")


def main(hilum, folder, sheet=None):
    folder = Path(folder)
    tiles = []
    for name, stage in TRANSFORMS.items():
        place = folder / name.replace(", ", "-")
        place.mkdir(parents=True, exist_ok=True)
        (place / "pipeline.yaml").write_text(pipeline(stage))
        out = place / "out"
        subprocess.run(["rm", "-rf", out], check=True)
        subprocess.run([hilum, "run", place / "pipeline.yaml", "fixtures/demo/t1-simulated-lesion.nii.gz", "-o", out,
                        "--seed", "5", "--quiet"], check=True)
        sidecar = json.loads((out / "t1-simulated-lesion.json").read_text())
        boxes = [box["box"] for box in sidecar["boxes"]]
        middle = int((boxes[0][2] + boxes[0][5]) / 2)
        image = Image.open(out / f"t1-simulated-lesion.slice-{middle + 1}.png").convert("RGB")
        draw = ImageDraw.Draw(image)
        for x0, y0, z0, x1, y1, z1 in boxes:
            if z0 <= middle < z1:
                draw.rectangle([round(x0) - 1, round(y0) - 1, round(x1), round(y1)], outline=BOX)
        tile = Image.new("RGB", (image.width, image.height + 14))
        tile.paste(image, (0, 14))
        ImageDraw.Draw(tile).text((3, 1), name, fill=(255, 255, 255))
        tile.save(place / "picture.png")
        tiles.append(tile)
    columns = 5
    width, height = (max(t.width for t in tiles), max(t.height for t in tiles))
    rows = -(-len(tiles) // columns)
    whole = Image.new("RGB", (columns * width, rows * height))
    for index, tile in enumerate(tiles):
        whole.paste(tile, (index % columns * width, index // columns * height))
    if sheet:
        # Forty greys and the colour of the boxes: half of the bytes, and no difference to see.
        palette = Image.new("P", (1, 1))
        palette.putpalette([level for grey in range(40) for level in [round(grey * 255 / 39)] * 3] + list(BOX))
        whole.quantize(palette=palette, dither=Image.Dither.NONE).save(sheet, optimize=True)
        print(sheet, Path(sheet).stat().st_size, "bytes")


main(*sys.argv[1:])
