"""Makes the planted corpus: identifiers wherever a DICOM file can hold them, with the answer key.

    python planted.py OUT [--seed 7]

OUT/input is the corpus, OUT/answers.json the key (see corpus.py).
"""

import argparse
from collections import Counter
from pathlib import Path

from containers import containers
from corpus import Corpus
from documents import documents
from odd_values import odd_values
from table_plants import table_files


def make(out: Path, seed: int) -> Corpus:
    corpus = Corpus(out / "input", seed)
    for part in (table_files, containers, documents, odd_values):
        part(corpus)
    corpus.save(out / "answers.json")
    return corpus


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    corpus = make(arguments.out, arguments.seed)
    print(f"{len(corpus.files)} files, {len(corpus.plants)} plants in elements, {len(corpus.loose)} elsewhere")
    for depth, count in Counter(p["depth"] for p in corpus.plants if p["spot"].startswith("table")).items():
        print(f"  attributes of Table E.1-1, {depth}: {count}")
