"""Writes an index in which the held-out images, which only ever fit the calibration, are a part of their own.

    python training/held_out.py training/recipes/brain-mri-tumour.yaml DATA FOLDER
    hilum model evaluate MODEL --data FOLDER --split held-out
"""
import csv
import sys
from pathlib import Path

import data
import recipe as recipes


def main():
    recipe, source, target = recipes.read(sys.argv[1]), Path(sys.argv[2]).resolve(), Path(sys.argv[3])
    target.mkdir(parents=True, exist_ok=True)
    if not (target / "images").exists():
        (target / "images").symlink_to(source / "images")
    columns = next(csv.reader(open(source / "index.csv", newline="")))
    with open(target / "index.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        for row in data.read_index(source, recipe.classes, recipe.data):
            writer.writerow(row | dict(split="held-out") if row["held"] else row)


if __name__ == "__main__":
    main()
