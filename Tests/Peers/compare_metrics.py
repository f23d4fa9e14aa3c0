"""Check the metrics: that what is recorded is what pycocotools, scikit-learn, statsmodels, SciPy and MONAI say now, then that
Swift says the same, then that `hilum model evaluate --predictions` does.

    python -W ignore Tests/Peers/compare_metrics.py .build/release/hilum
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

import record_metrics

ROOT = Path(__file__).resolve().parents[2]


def worst(a, b, place=""):
    """The greatest difference of two trees of numbers, and its place."""
    if isinstance(a, dict):
        assert a.keys() == b.keys(), place
        return max((worst(a[k], b[k], f"{place}.{k}") for k in a), default=(0, place))
    if isinstance(a, list):
        assert len(a) == len(b), place
        return max((worst(x, y, place) for x, y in zip(a, b)), default=(0, place))
    if isinstance(a, str):
        assert a == b, place
        return 0, place
    return abs(a - b), place


def through_the_command(hilum, recorded):
    """The same boxes as a COCO data set and a results file, through the command line."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        truth = dict(images=[], annotations=[], categories=[dict(id=i + 1, name=str(i)) for i in range(3)])
        results = []
        Image.fromarray(np.zeros((600, 600), np.uint8)).save(folder / "0.png")
        for number, image in enumerate(recorded["images"]):
            (folder / f"{number}.png").write_bytes((folder / "0.png").read_bytes())
            truth["images"].append(dict(id=number + 1, file_name=f"{number}.png", width=600, height=600))
            for x0, y0, x1, y1, label in image["truth"]:
                truth["annotations"].append(dict(
                    id=len(truth["annotations"]) + 1, image_id=number + 1, category_id=label + 1, iscrowd=0,
                    bbox=[x0, y0, x1 - x0, y1 - y0]))
            for x0, y0, x1, y1, label, score in image["found"]:
                results.append(dict(image_id=number + 1, category_id=label + 1, bbox=[x0, y0, x1 - x0, y1 - y0], score=score))
        (folder / "truth.json").write_text(json.dumps(truth))
        (folder / "found.json").write_text(json.dumps(results))
        subprocess.run(
            [hilum, "model", "evaluate", "--data", folder / "truth.json", "--predictions", folder / "found.json", "-o",
             folder / "out"], check=True, capture_output=True)
        numbers = json.loads((folder / "out/evaluation.json").read_text())["metrics"]
        expected = recorded["detection"]
        names = {"mAP50 over classes": "mAP50", "mAP40 over classes": "mAP40", "mAP50:95 over classes": "mAPCOCO",
                 "AP50, classes ignored": "anyAP50"}
        return max((abs(numbers[name]["value"] - expected[key]), name) for name, key in names.items())


def main(hilum):
    recorded, now = json.loads(record_metrics.TARGET.read_text()), record_metrics.record()
    difference, place = worst(recorded, now)
    print(f"recorded against the peers now: greatest difference {difference:.2e} ({place})")
    if difference > 1e-6:
        sys.exit("the recording is not what the peers say; run Tests/Peers/record_metrics.py")
    difference, place = through_the_command(hilum, recorded)
    print(f"hilum model evaluate against pycocotools: greatest difference {difference:.2e} ({place})")
    if difference > 1e-6:
        sys.exit("hilum and pycocotools differ")
    swift = ["swift", "test", "--filter", "TrainingTests.RecordedMetricsTests"]
    sys.exit(subprocess.run(swift, cwd=ROOT).returncode)


if __name__ == "__main__":
    main(sys.argv[1])
