"""Tensors, labels, sequences, archives and merges as NumPy, PyTorch, safetensors, nibabel, SciPy, tarfile and WebDataset
read them, and the loading example of docs/transforms/outputs.md, run as it stands there.

Usage: compare_tensors.py HILUM      (ends with "N passed, N failed"; exit 1 when something failed)
"""
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import nibabel
import numpy as np
import torch
import webdataset
from safetensors.torch import load_file
from scipy import ndimage

ROOT = Path(__file__).resolve().parents[2]
HILUM = str(Path(sys.argv[1]).resolve())
AFFINE = np.array([[-1.2, 0, 0, 40], [0, -1, 0, 50], [0, 0, 1.5, -20], [0, 0, 0, 1.0]])
passed, failed = 0, 0


def check(name, ok, detail=""):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print(f"FAILED {name}: {detail}")


def run(work, name, pipeline, data, *more, expected=0):
    file = work / f"{name}.yaml"
    file.write_text(pipeline)
    result = subprocess.run([HILUM, "run", file, data, "-o", work / name, "--quiet", *more], capture_output=True, text=True)
    if result.returncode != expected:
        raise SystemExit(f"{name}: hilum ended with {result.returncode}: {result.stderr}")
    lines = map(json.loads, (work / name / "manifest.jsonl").read_text().splitlines()) if "--shard" not in more else []
    return {line["item"]: line for line in lines}


def write(path, array, affine=AFFINE, dtype=np.float32):
    path.parent.mkdir(parents=True, exist_ok=True)
    nibabel.save(nibabel.Nifti1Image(array.astype(dtype).transpose(2, 1, 0), affine), path)


def bits(tensor):
    return tensor.view(torch.int16).numpy() if tensor.dtype == torch.bfloat16 else tensor.numpy()


def compare_types(work):
    """Every type in every format that has it, from the same voxels: values where rounding is hard."""
    rng = np.random.default_rng(5)
    halves = np.arange(0, 0x7C00, 7, dtype=np.uint16).view(np.float16).astype(np.float32)
    middles = (halves[:-1] + halves[1:]) / 2
    hard = np.concatenate([halves, -halves, middles, np.nextafter(middles, np.float32(np.inf)), rng.normal(0, 1e-6, 9000), rng.normal(0, 1e4, 9000)])
    hard = hard[np.abs(hard) < 65520].astype(np.float32)
    hard = np.resize(hard, (13, 40, 50))
    unit = np.concatenate([rng.random(19745), (np.arange(255) + 0.5) / 255]).astype(np.float32).reshape(10, 40, 50)
    unit[0, 0, :2] = 0, 1
    labels = (hard > 1).astype(np.uint8) * 7
    write(work / "hard/a.nii.gz", hard)
    write(work / "hard/a_seg.nii.gz", labels, dtype=np.uint8)
    boxes = {"shape": list(hard.shape), "boxes": [{"label": "größe", "box": [1, 2, 3, 4.5, 5, 6]}, {"label": "b", "box": [0, 0, 0, 50, 40, 13]}]}
    (work / "hard/a.boxes.json").write_text(json.dumps(boxes))
    write(work / "unit/a.nii.gz", unit)
    head = "input: { labels: beside }\nstages: [%s]\noutputs: { tensors: { format: %s, dtype: %s }, masks: [nifti, npy], boxes: json }\n"
    for data, stage, source, types in [
        ("hard", "flip: { axis: x, probability: 0 }", hard, ["float32", "float16", "bfloat16"]),
        ("unit", "normalize: { method: min-max }", unit, ["uint8"]),
    ]:
        torch_source = torch.from_numpy(source)[None]
        for dtype in types:
            expected = {
                "float32": torch_source, "float16": torch.from_numpy(source.astype(np.float16))[None],
                "bfloat16": torch_source.bfloat16(), "uint8": torch.from_numpy(np.rint(source * np.float32(255)).astype(np.uint8))[None],
            }[dtype]
            for form in ["npy", "npz", "safetensors", "nifti", "webdataset"]:
                if (dtype == "bfloat16" and form != "safetensors") or (dtype == "float16" and form == "nifti"):
                    continue
                name = f"{data}-{form}-{dtype}"
                run(work, name, head % (stage, form, dtype), work / data)
                out = work / name
                if form in ["npy", "webdataset"]:
                    found = torch.from_numpy(np.load(out / "a.npy"))
                elif form == "npz":
                    check(f"{name} zip", zipfile.ZipFile(out / "a.npz").testzip() is None)
                    archive = np.load(out / "a.npz")
                    found = torch.from_numpy(archive["image"])
                    if data == "hard":
                        check(f"{name} mask", np.array_equal(archive["mask_labels"], labels) and archive["mask_labels"].dtype == np.uint8)
                        check(f"{name} boxes", archive["boxes"].tolist() == [b["box"] for b in boxes["boxes"]])
                        check(f"{name} labels", archive["box_labels"].tolist() == ["größe", "b"])
                elif form == "safetensors":
                    tensors = load_file(out / "a.safetensors")
                    found = tensors["image"]
                    if data == "hard":
                        check(f"{name} mask", np.array_equal(tensors["mask_labels"].numpy(), labels))
                        check(f"{name} boxes", tensors["boxes"].tolist() == [b["box"] for b in boxes["boxes"]])
                else:
                    image = nibabel.load(out / "a.nii.gz")
                    stored = np.asarray(image.dataobj.get_unscaled()).transpose(2, 1, 0)[None]
                    found = torch.from_numpy(np.ascontiguousarray(stored))
                    check(f"{name} affine", np.allclose(image.affine, AFFINE, atol=1e-5))
                    check(f"{name} slope", dtype != "uint8" or np.allclose(image.get_fdata().transpose(2, 1, 0), unit, atol=0.51 / 255))
                check(name, found.dtype == expected.dtype and np.array_equal(bits(found), bits(expected)), "differ")
                if data == "hard":
                    mask = nibabel.load(out / "a.labels.nii.gz")
                    check(f"{name} masks: nifti", np.array_equal(np.asarray(mask.dataobj).transpose(2, 1, 0), labels) and mask.get_data_dtype() == np.uint8)
                    check(f"{name} masks: npy", np.array_equal(np.load(out / "a.labels.npy"), labels))
                    check(f"{name} boxes: json", json.loads((out / "a.boxes.json").read_text())["boxes"] == boxes["boxes"])


def make_cases(work):
    rng = np.random.default_rng(6)
    for case in range(5):
        for channel, sequence in enumerate(["t1", "t1ce", "t2", "flair"]):
            write(work / f"cases/p{case}.x/BraTS_{case}_{sequence}.nii.gz", rng.normal(100 * channel, 20, (6, 20, 18)), dtype=np.int16)
        write(work / f"cases/p{case}.x/BraTS_{case}_seg.nii.gz", rng.integers(0, 4, (6, 20, 18)), dtype=np.uint8)


STACK = """
input: { stack: [t1, t1ce, t2, flair], labels: beside }
stages: [rescale]
outputs: { tensors: [safetensors, { format: webdataset, shardItems: 2 }], masks: npy }
"""


def compare_stacks(work):
    make_cases(work)
    lines = run(work, "stacks", STACK, work / "cases")
    check("five stacks", sorted(lines) == [f"p{case}.x/BraTS_{case}" for case in range(5)], sorted(lines))
    for case in range(5):
        folder = work / f"cases/p{case}.x"
        expected = np.stack([np.asarray(nibabel.load(folder / f"BraTS_{case}_{s}.nii.gz").dataobj).transpose(2, 1, 0) for s in ["t1", "t1ce", "t2", "flair"]])
        check(f"stack {case}", np.array_equal(np.load(work / f"stacks/p{case}.x/BraTS_{case}.npy"), expected))
        labels = np.asarray(nibabel.load(folder / f"BraTS_{case}_seg.nii.gz").dataobj).transpose(2, 1, 0)
        check(f"labels {case}", np.array_equal(np.load(work / f"stacks/p{case}.x/BraTS_{case}.labels.npy"), labels))


def compare_grids(work):
    """A second sequence on a turned and stretched grid, onto the first: SciPy's affine_transform with the same matrix."""
    rng = np.random.default_rng(7)
    angle = 0.2
    turned = AFFINE @ np.array([[np.cos(angle), -np.sin(angle), 0, 1.5], [np.sin(angle), np.cos(angle), 0, -2.0], [0, 0, 0.8, 0.7], [0, 0, 0, 1]])
    first, second = rng.normal(0, 1, (8, 22, 20)), ndimage.gaussian_filter(rng.normal(0, 100, (11, 25, 24)), 1)
    write(work / "grids/s_a.nii.gz", first)
    write(work / "grids/s_b.nii.gz", second, turned)
    run(work, "gridded", "input: { stack: [a, b], stackGrid: first }\nstages: [rescale]\noutputs: { tensors: npy }\n", work / "grids")
    found = np.load(work / "gridded/s.npy")[1]
    # (x, y, z) indices of the first grid to those of the second, then in the order of arrays.
    matrix = (np.linalg.inv(turned) @ AFFINE)[[2, 1, 0, 3]][:, [2, 1, 0, 3]]
    expected = ndimage.affine_transform(second.astype(np.float32).astype(np.float64), matrix[:3, :3], matrix[:3, 3], output_shape=first.shape, order=1, mode="nearest")
    places = np.einsum("ij,jdhw->idhw", matrix[:3, :3], np.indices(first.shape)) + matrix[:3, 3][:, None, None, None]
    size = np.array(second.shape)[:, None, None, None]
    inside = np.all((places > -0.49) & (places < size - 0.51), axis=0)
    outside = np.any((places < -0.51) | (places > size - 0.49), axis=0)
    error = np.abs(found - expected)[inside].max() / np.ptp(second)
    check("resampled onto the first grid, inside", inside.sum() > 1000 and error < 1e-6, error)
    check("resampled onto the first grid, outside", outside.sum() > 50 and np.all(found[outside] == 0))
    print(f"resampled onto another grid: largest difference to SciPy {error:.1e} of the range, {inside.sum()} voxels")


def compare_archives(work):
    out = work / "stacks"
    archives = sorted(out.glob("samples-*.tar"))
    index = json.loads((out / "samples.json").read_text())
    check("archives", [a.name for a in archives] == [a["file"] for a in index["archives"]] and len(archives) == 3)
    for archive in archives:
        with tarfile.open(archive) as tar:
            for member in tar:
                path = out / member.name.replace("%2E", ".").replace("%25", "%")
                check(f"{archive.name} {member.name}", tar.extractfile(member).read() == path.read_bytes())
                check(f"{member.name} has no owner or time", (member.uid, member.gid, member.mtime, member.uname) == (0, 0, 0, ""))
    samples = list(webdataset.WebDataset([str(a) for a in archives], shardshuffle=False).decode())
    check("samples", [s["json"]["item"] for s in samples] == [f"p{case}.x/BraTS_{case}" for case in range(5)])
    check("masks of samples", all(np.array_equal(s["labels.npy"], np.load(out / f"{s['json']['item']}.labels.npy")) for s in samples))
    before = {a.name: a.read_bytes() for a in archives}
    for workers in ["1", "2", "4"]:
        run(work, f"workers-{workers}", STACK, work / "cases", "--workers", workers)
        check(f"{workers} workers", {a.name: a.read_bytes() for a in (work / f"workers-{workers}").glob("*.tar")} == before)


def compare_merge(work):
    for shard in range(1, 4):
        run(work, "shards", STACK, work / "cases", "--shard", f"{shard}/3")
    subprocess.run([HILUM, "merge", work / "shards", "-o", work / "shards", "--quiet"], check=True)
    check("merged manifest", (work / "shards/manifest.jsonl").read_bytes() == (work / "stacks/manifest.jsonl").read_bytes())
    archives = sorted(map(str, (work / "shards").glob("samples.*.tar")))
    samples = [s["json"]["item"] for s in webdataset.WebDataset(archives, shardshuffle=False).decode()]
    check("samples of shards", sorted(samples) == [f"p{case}.x/BraTS_{case}" for case in range(5)], samples)


def run_example(work):
    """The code of the page, word for word."""
    text = (ROOT / "docs/transforms/outputs.md").read_text()
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL).group(1)
    lines = len([line for line in code.splitlines() if line.strip() and not line.strip().startswith("#")])
    (work / "example.py").write_text(code)
    run(work, "variants", STACK.replace("[rescale]", "[rescale, noise]") + "variants: 2\n", work / "cases")
    for folder, batches, samples in [("stacks", 2, 5), ("variants", 5, 10)]:
        result = subprocess.run([sys.executable, "-W", "ignore", work / "example.py", work / folder], capture_output=True, text=True)
        check(f"the example runs on {folder}", result.returncode == 0, result.stderr)
        for word, count in [(".npy (2, 4, 6, 20, 18) torch.float32", batches), (".safetensors (2, 4, 6, 20, 18)", batches), ("webdataset (4, 6, 20, 18)", samples)]:
            check(f"the example prints {word} on {folder}", result.stdout.count(word) == count, result.stdout)
    print(f"the example has {lines} lines")


with tempfile.TemporaryDirectory() as folder:
    folder = Path(folder)
    for part in [compare_types, compare_stacks, compare_grids, compare_archives, compare_merge, run_example]:
        part(folder)
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
