"""Recipes as `hilum model train` reads them (`Sources/Training/Recipe`), for the parts that the twin knows."""
import difflib
from pathlib import Path
from types import SimpleNamespace

import yaml

DEFAULTS = dict(
    name="", classes=[], architecture="hvit-s", seed=1, data=dict(train="train", validation="val", heldOut=0.1, block=40),
    schedule=dict(epochs=60, batch=16, sizes=512, rate=6e-4, decay=0.05, warmUp=300, clip=2.0, average=0.998, patience=15, look=2,
                  precision="fp32", annealing="cosine"),
    loss=dict(focalAlpha=0.75, focalGamma=2.0, repeats=4),
    augmentation=dict(flipHorizontal=0.5, flipVertical=0.15, rotation=12.0, smallest=0.75, largest=1.3, stretch=0.08, shift=0.1,
                      intensity=1.0, blur=0.4, noise=0.04, pasted=0.35, pastedBeside=0.0, gentle=0.4, gentleFrom=0.6),
)
# What changes only how Swift goes through a batch.
IGNORED = dict(schedule=["pass", "checkpointing"])


def read(path, changes=()):
    """The recipe as nested namespaces; `changes` are of the form schedule.epochs=3."""
    said = yaml.safe_load(Path(path).read_text())
    for change in changes:
        keys, value = change.split("=", 1)
        *parents, last = keys.split(".")
        node = said
        for key in parents:
            node = node.setdefault(key, {})
        node[last] = yaml.safe_load(value)
    recipe = SimpleNamespace(**merged(DEFAULTS, said, "recipe"))
    sizes = recipe.schedule.sizes
    recipe.schedule.sizes = [(s["size"], s.get("until", 1)) for s in sizes] if isinstance(sizes, list) else [(sizes, 1)]
    if recipe.schedule.annealing != "cosine" or recipe.schedule.patience:
        raise SystemExit("the twin knows neither restarts nor early stopping: it wants 'patience: 0' and 'annealing: cosine'")
    return recipe


def merged(defaults, said, place):
    for key in said:
        if key not in defaults and key not in IGNORED.get(place, []):
            near = difflib.get_close_matches(key, defaults, 1)
            raise SystemExit(f"{place}: the twin does not know '{key}'" + (f"; did you mean '{near[0]}'?" if near else ""))
    return {key: SimpleNamespace(**merged(value, said.get(key, {}), key)) if isinstance(value, dict) else type(value)(said.get(key, value))
            if isinstance(value, float) and not isinstance(said.get(key), list) else said.get(key, value)
            for key, value in defaults.items()}


def size(recipe, epoch):
    """The input size of an epoch, from 0."""
    return next(s for s, until in recipe.schedule.sizes + [(recipe.schedule.sizes[-1][0], 2)] if epoch / recipe.schedule.epochs < until)
