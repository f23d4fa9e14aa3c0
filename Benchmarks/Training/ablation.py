"""What pretraining, distillation and low-rank adaptation are worth: trains small networks, measures each, prints three tables.

    python Benchmarks/Training/ablation.py HILUM DATA [--epochs 30] [--limit 1000] [--only learning|class|domain] [--folder DIR]

DATA is an index CSV with its images (`training/README.md`). All trainings are in bfloat16 and take one seed, so differences of a few
points say nothing. Learning and class: `hvit-ti` at 128 x 128, the teacher another `hvit-ti`; class: a base that has never seen one
class learns it, whole and by LoRA. Domain: a trained model, at its own size, learns images as another scanner would make them
(`other_scanner.py`), whole and by LoRA on the queries, keys and values alone.
With --folder what was trained is kept, and a second run goes on where the first was stopped.
"""
import argparse
import csv
import json
import subprocess
import tempfile
from pathlib import Path

import other_scanner
from safetensors import safe_open

RECIPE = """name: ablation
classes: [glioma, meningioma, pituitary]
architecture: {architecture}
schedule: {{ epochs: {epochs}, batch: 16, pass: 4, sizes: {size}, rate: {rate}, precision: bf16, patience: 0, look: 1000 }}
loss: {{ focalAlpha: 0.25 }}
{more}
"""


class Bench:
    def __init__(self, hilum, data, folder, limit):
        self.hilum, self.data, self.folder, self.limit = str(Path(hilum).resolve()), Path(data).resolve(), folder, limit

    def train(self, name, epochs, more="", rate=1e-3, data=None, arguments=(), limited=True, size=128, architecture="hvit-ti"):
        """The folder of a training; its time is the sum of its epochs, whatever its restarts."""
        output = self.folder / name
        recipe = self.folder / f"{name}.yaml"
        recipe.write_text(RECIPE.format(epochs=epochs, rate=rate, more=more, size=size, architecture=architecture))
        if not (output / "model").exists():
            limit = ["--limit", str(self.limit)] if limited and self.limit else []
            subprocess.run([self.hilum, "model", "train", recipe, "--data", data or self.data, "-o", output, "--quiet", *limit, *arguments],
                           check=True, stdout=subprocess.DEVNULL)  # fmt: skip
        seconds = sum(float(row["seconds"]) for row in csv.DictReader(open(output / "losses.csv")))
        return output, seconds

    def measure(self, output, metric="AP50, classes ignored", data=None):
        return self.evaluate(output / "model", output / "evaluation.json", metric, data)

    def evaluate(self, model, report, metric="AP50, classes ignored", data=None):
        subprocess.run([self.hilum, "model", "evaluate", model, "--data", data or self.data, "--split", "val", "-o", report],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        said = json.loads(report.read_text())["metrics"][metric]
        return said["value"], said["interval95"]

    def without(self, label):
        """The data set without a class in its training part."""
        folder = self.folder / f"without-{label}"
        folder.mkdir(exist_ok=True)
        if not (folder / "images").exists():
            (folder / "images").symlink_to(self.data / "images")
        rows = list(csv.DictReader(open(self.data / "index.csv", newline="")))
        with open(folder / "index.csv", "w", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(row for row in rows if row["class"] != label or row["split"] != "train")
        return folder


def count(path):
    with safe_open(path, "np") as file:
        return sum(file.get_tensor(name).size for name in file.keys())


def row(name, seconds, value, interval, more=""):
    print(f"| {name} | {seconds:.0f} | {value:.3f} | [{interval[0]:.3f}, {interval[1]:.3f}] |{more}", flush=True)


def adapter_row(adapted, epochs, took, measured, parameters, value, seconds):
    """A row of LoRA's, and how it compares with the whole network: `parameters`, AP50 `value`, `seconds`."""
    learned = count(adapted / "adapter/adapter_model.safetensors")
    row(f"LoRA, {epochs} epochs", took, *measured, f" {learned} ({100 * learned / parameters:.2f} %) |")
    print(f"  {100 * measured[0] / value:.0f} % of the whole network's in {100 * took / seconds:.0f} % of its time")


def learning(bench, epochs, teacher):
    print(f"\n{bench.limit or 'all'} training images, {epochs} epochs\n\n| | seconds | AP50 on val | 95 % interval |\n| --- | --- | --- | --- |")
    plain, seconds = bench.train("plain", epochs)
    row("from nothing", seconds, *bench.measure(plain))
    hidden, before = bench.train("pretraining", epochs, "pretraining: { masked: 0.6 }", limited=False)
    begun, seconds = bench.train("pretrained", epochs, arguments=["--from", hidden / "model"])
    row(f"after {epochs} epochs of masked-image pretraining on all images", before + seconds, *bench.measure(begun))
    taught, seconds = bench.train("distilled", epochs, "distillation: { temperature: 4, alpha: 0.7 }", arguments=["--teacher", teacher])
    row(f"with {teacher} as a teacher", seconds, *bench.measure(taught))


def new_class(bench, epochs, label):
    metric = f"AP50 {label}"
    print(f"\nA class that the base has never seen: {label}\n\n| | seconds | AP50 {label} | 95 % interval | parameters learned |\n"
          "| --- | --- | --- | --- | --- |")  # fmt: skip
    base, seconds = bench.train("base", epochs, data=bench.without(label), limited=False)
    row("base", seconds, *bench.measure(base, metric), " 0 |")
    arguments = ["--from", base / "model"]
    whole, seconds = bench.train("whole", epochs, arguments=arguments, limited=False)
    value, interval = bench.measure(whole, metric)
    parameters = count(whole / "model/weights.safetensors")
    row("whole network", seconds, value, interval, f" {parameters} |")
    for part in (0.4, 1.0):
        short = max(1, int(epochs * part))
        adapted, took = bench.train(f"lora-{short}", short, "adaptation: { rank: 4, alpha: 8 }", 4e-3, arguments=arguments, limited=False)
        adapter_row(adapted, short, took, bench.measure(adapted, metric), parameters, value, seconds)


def domain(bench, base, epochs, scanner, rate, rank, adapter_rate):
    data = other_scanner.copy(bench.data, bench.folder / scanner, scanner)
    print(f"\nThe same images by another scanner ({scanner}), {bench.limit or 'all'} training images\n\n"
          "| | seconds | AP50 on val | 95 % interval | parameters learned |\n| --- | --- | --- | --- | --- |")  # fmt: skip
    row("base on the images as they are", 0, *bench.evaluate(base, bench.folder / "base-as-is.json"), " 0 |")
    row("base on the other's", 0, *bench.evaluate(base, bench.folder / f"base-{scanner}.json", data=data), " 0 |")
    known = Path(base) if Path(base).is_dir() else Path(__file__).parents[2] / "models" / base
    config = json.loads((known / "config.json").read_text())
    shared = {"data": data, "arguments": ["--from", base], "size": config["inputSize"], "architecture": config["architecture"]}
    whole, seconds = bench.train(f"{scanner}-whole-{rate:g}", epochs, rate=rate, **shared)
    value, interval = bench.measure(whole, data=data)
    parameters = count(whole / "model/weights.safetensors")
    row(f"whole network, {epochs} epochs", seconds, value, interval, f" {parameters} |")
    short = max(1, int(epochs * 0.4))
    adapted, took = bench.train(
        f"{scanner}-lora-{rank}-{adapter_rate:g}", short, f"adaptation: {{ rank: {rank}, alpha: {2 * rank}, heads: kept }}", adapter_rate, **shared)  # fmt: skip
    adapter_row(adapted, short, took, bench.measure(adapted, data=data), parameters, value, seconds)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("hilum")
    p.add_argument("data")
    p.add_argument("--epochs", type=int, default=30)
    p.add_argument("--limit", type=int, default=1000)
    p.add_argument("--only", choices=["learning", "class", "domain"])
    p.add_argument("--teacher", default="brain-mri-tumour", help="the trained model that teaches, and that learns the other domain")
    p.add_argument("--label", default="pituitary")
    p.add_argument("--scanner", default="surface-coil", choices=other_scanner.SCANNERS)
    p.add_argument("--rate", type=float, default=3e-4, help="domain: the learning rate of the whole network")
    p.add_argument("--rank", type=int, default=3, help="domain: LoRA's")
    p.add_argument("--adapter-rate", type=float, default=2e-3, help="domain: the learning rate of LoRA")
    p.add_argument("--folder", type=Path)
    a = p.parse_args()
    if a.only in (None, "learning") and a.teacher == p.get_default("teacher"):
        p.error("learning wants --teacher with the folder of an hvit-ti: the shipped model has other pyramid levels")
    with tempfile.TemporaryDirectory() as scratch:
        folder = (a.folder or Path(scratch)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        bench = Bench(a.hilum, a.data, folder, a.limit)
        if a.only in (None, "learning"):
            learning(bench, a.epochs, a.teacher)
        if a.only in (None, "class"):
            new_class(bench, a.epochs, a.label)
        if a.only in (None, "domain"):
            domain(bench, a.teacher, a.epochs, a.scanner, a.rate, a.rank, a.adapter_rate)


if __name__ == "__main__":
    main()
