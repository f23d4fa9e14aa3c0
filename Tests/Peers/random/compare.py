"""Hilum's random stages, run as the command, beside SciPy and numpy with the parameters that the sidecars tell.

Usage: compare.py HILUM        Exit status 1 when a difference is above its limit.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import nibabel
import numpy as np
from scipy import ndimage

from reference import affine_source, bias_field, ghosting, motion

SHAPE = (48, 70, 90)
SPACING = np.array([0.8, 1.0, 2.5])


def run(hilum, folder, image, stage, seed):
    """The tensor after one stage, and what the stage noted."""
    data = np.transpose(image, (3, 2, 1, 0) if image.ndim == 4 else (2, 1, 0))
    # LPS axes: nothing is flipped on the way in.
    affine = np.diag([-SPACING[0], -SPACING[1], SPACING[2], 1])
    nibabel.save(nibabel.Nifti1Image(data, affine), folder / "item.nii.gz")
    (folder / "p.yaml").write_text(f"stages: [{stage}]\noutputs: {{ tensors: npy, masks: npy }}\n")
    out = folder / "out"
    subprocess.run(["rm", "-rf", out], check=True)
    subprocess.run([hilum, "run", folder / "p.yaml", folder / "item.nii.gz", "-o", out, "--quiet", "--seed", str(seed)],
                   check=True)
    sidecar = json.loads((out / "item.json").read_text())
    return np.load(out / "item.npy").astype(np.float64), sidecar["stages"][0]["notes"], out


def main(hilum):
    random = np.random.default_rng(5)
    image = ndimage.gaussian_filter(random.random(SHAPE), 1).astype(np.float32)
    image = (image - image.min()) / (image.max() - image.min())
    exact = image.astype(np.float64)
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def check(label, reference, limit, difference):
            rows.append((label, reference, difference, limit))

        def inside(values, expected, coordinates):
            limits = np.array(SHAPE).reshape(3, 1, 1, 1) - 1
            known = np.all((coordinates >= 0) & (coordinates <= limits), axis=0)
            assert known.mean() > 0.5
            return abs(values - expected)[known].max()

        for seed in range(3):
            for stage in ("rotate: { degrees: [-30, 30], axes: [x, y, z] }", "scale: { isotropic: false }",
                          "translate: { axes: [x, y, z] }", "affine: { degrees: [-20, 20] }"):
                values, notes, _ = run(hilum, folder, image, stage, seed)
                at = affine_source(SHAPE, SPACING, notes["degrees"], notes["scale"], notes["translation"])
                expected = ndimage.map_coordinates(exact, at, order=1, mode="nearest")
                check(stage.split(":")[0], "scipy.ndimage.map_coordinates", 1e-5, inside(values[0], expected, at))
            # Channels of coordinates tell where each voxel was taken from: the field that was drawn.
            channels = np.concatenate([image[None], np.indices(SHAPE).astype(np.float32)])
            values, notes, _ = run(hilum, folder, channels, "elastic: { alpha: [5, 10] }", seed)
            expected = ndimage.map_coordinates(exact, values[1:], order=1, mode="nearest")
            check("elastic", "scipy.ndimage.map_coordinates", 1e-4, abs(values[0] - expected).max())
            values, notes, _ = run(hilum, folder, image, "blur: { sigma: [0.5, 3] }", seed)
            expected = ndimage.gaussian_filter(exact, (notes["sigma"] / SPACING)[::-1])
            check("blur", "scipy.ndimage.gaussian_filter", 1e-5, abs(values[0] - expected).max())
            values, notes, _ = run(hilum, folder, image, "gamma", seed)
            check("gamma", "numpy", 1e-6, abs(values[0] - exact ** notes["exponent"]).max())
            values, notes, _ = run(hilum, folder, image, "bias-field", seed)
            expected = exact * bias_field(SHAPE, 3, notes["coefficients"])
            check("bias-field", "numpy (TorchIO's formula)", 1e-5, (abs(values[0] - expected) / expected.max()).max())
            values, notes, _ = run(hilum, folder, image, "ghosting: { axes: [x, y, z] }", seed)
            expected = ghosting(exact, notes["axis"], notes["ghosts"], notes["intensity"], 0.02)
            check("ghosting", "numpy.fft", 1e-5, abs(values[0] - expected).max())
            values, notes, _ = run(hilum, folder, image, "motion: { axes: [x, y, z] }", seed)
            movements = [dict(degrees=d, translation=t) for d, t in zip(notes["degrees"], notes["translations"])]
            expected = motion(exact, notes["axis"], notes["times"], movements, SPACING)
            check("motion", "numpy.fft and scipy.ndimage", 1e-5, abs(values[0] - expected).max())
            values, notes, _ = run(hilum, folder, image, "contrast", seed)
            check("contrast", "numpy", 1e-6, abs(values[0] - (exact.mean() + notes["factor"] * (exact - exact.mean()))).max())
            values, notes, _ = run(hilum, folder, image, "brightness", seed)
            check("brightness", "numpy", 1e-6, abs(values[0] - exact - notes["delta"]).max())
            values, notes, _ = run(hilum, folder, image, "noise: { deviation: [0.1, 0.2] }", seed)
            z = (values[0] - exact).ravel() / notes["deviation"]
            check("noise: mean, deviation, kurtosis", "N(0, 1)", 5,
                  max(abs(z.mean()), abs((z**2).mean() - 1) / 2**0.5, abs((z**4).mean() - 3) / 96**0.5) * z.size**0.5)
            values, notes, out = run(hilum, folder, image, "patch-mask: { ratio: 0.1, size: [16, 16, 16] }", seed)
            mask = np.load(out / "item.patches.npy")
            check("patch-mask: hidden patches", "round(0.1 n)", 0, abs(notes["count"] - round(0.1 * 3 * 5 * 6)))
            check("patch-mask: outside the mask", "the image", 0, abs(values[0] - exact)[mask == 0].max())
            values, notes, out = run(hilum, folder, image, "lesions: { diameter: [10, 20] }", seed)
            labels = np.load(out / "item.lesions.npy")
            boxes = [box["box"] for box in json.loads((out / "item.json").read_text())["boxes"]]
            worst = 0
            for number, place in enumerate(ndimage.find_objects(labels)):
                z, y, x = place
                worst = max(worst, abs(np.array(boxes[number]) - [
                    x.start, y.start, z.start, x.stop, y.stop, z.stop]).max())
            check("lesions: boxes", "scipy.ndimage.find_objects", 0, worst)
    worst = {}
    for label, reference, difference, limit in rows:
        known = worst.get((label, reference, limit), 0)
        worst[(label, reference, limit)] = max(known, float(difference))
    print("| stage | reference | largest difference | limit |\n|---|---|---|---|")
    for (label, reference, limit), difference in worst.items():
        print(f"| {label} | {reference} | {difference:.1e} | {limit:g} |{'' if difference <= limit else '  FAILED'}")
    sys.exit(any(difference > limit for (_, _, limit), difference in worst.items()))


main(sys.argv[1])
