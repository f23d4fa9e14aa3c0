"""Record what pycocotools, scikit-learn, statsmodels, SciPy and MONAI say about seeded inputs.

    python Tests/Peers/record_metrics.py            writes Tests/Peers/expected/metrics.json

The Swift tests read the file; nothing of Python is needed to run them.
"""
import contextlib
import io
import json
from pathlib import Path

import numpy as np

TARGET = Path(__file__).resolve().parent / "expected/metrics.json"


def single(values):
    """Numbers that float32 holds exactly, so that both sides see the same."""
    return np.asarray(values, np.float32).astype(float)


def detection(rng):
    """40 images, three classes; found boxes near true ones and elsewhere, with ties in scores."""
    images = []
    for _ in range(40):
        truth, found = [], []
        for _ in range(rng.integers(0, 4)):
            x, y, w, h = rng.uniform(0, 300), rng.uniform(0, 300), *rng.uniform(15, 120, 2)
            label = int(rng.integers(3))
            truth.append([*single(np.round([x, y, x + w, y + h], 1)), label])
            for _ in range(rng.integers(0, 3)):
                dx, dy, dw, dh = rng.normal(0, 0.12, 4) * [w, h, w, h]
                other = label if rng.random() < 0.8 else int(rng.integers(3))
                found.append([*single(np.round([x + dx, y + dy, x + w + dw, y + h + dh], 1)), other,
                              float(single(np.round(rng.beta(4, 2), 2)))])
        for _ in range(rng.integers(0, 4)):
            x, y, w, h = rng.uniform(0, 300), rng.uniform(0, 300), *rng.uniform(15, 120, 2)
            found.append([*single(np.round([x, y, x + w, y + h], 1)), int(rng.integers(3)),
                          float(single(np.round(rng.beta(2, 5), 2)))])
        images.append(dict(truth=truth, found=found))
    return images


def coco_metrics(images):
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval
    annotations, results = [], []
    for number, image in enumerate(images):
        for x0, y0, x1, y1, label in image["truth"]:
            annotations.append(dict(id=len(annotations) + 1, image_id=number + 1, category_id=label + 1, iscrowd=0,
                                    bbox=[x0, y0, x1 - x0, y1 - y0], area=(x1 - x0) * (y1 - y0)))
        for x0, y0, x1, y1, label, score in image["found"]:
            results.append(dict(image_id=number + 1, category_id=label + 1, bbox=[x0, y0, x1 - x0, y1 - y0], score=score))
    truth = COCO()
    truth.dataset = dict(images=[dict(id=i + 1) for i in range(len(images))], annotations=annotations,
                         categories=[dict(id=i + 1, name=str(i)) for i in range(3)])
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        found = truth.loadRes(results)

        def precision(overlaps, by_class):
            run = COCOeval(truth, found, "bbox")
            run.params.iouThrs, run.params.useCats = np.asarray(overlaps), int(by_class)
            run.evaluate()
            run.accumulate()
            return run.eval["precision"][:, :, :, 0, -1]  # [overlaps, recalls, classes]

        coco = np.linspace(0.5, 0.95, 10)
        by_class = precision([0.5], True)
        return dict(
            mAP50=by_class.mean(), mAP40=precision([0.4], True).mean(), mAPCOCO=precision(coco, True).mean(),
            classAP50=by_class.mean((0, 1)).tolist(), anyAP50=precision([0.5], False).mean(),
            anyAP75=precision([coco[5]], False).mean())


def scores(rng):
    from scipy.stats import spearmanr
    from sklearn.calibration import calibration_curve
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import recall_score, roc_auc_score
    positive = rng.random(250) < 0.4
    score = np.clip(np.round(1 / (1 + np.exp(-rng.normal(np.where(positive, 1.2, -0.8), 1.3))), 2), 0.01, 0.99)
    second = np.clip(np.round(score + rng.normal(0, 0.2, 250), 2), 0, 1)
    logit = np.log(score / (1 - score))[:, None]
    fit = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(logit, positive)
    share, mean = calibration_curve(positive, score, n_bins=10)
    counts = np.bincount(np.searchsorted(np.linspace(0, 1, 11)[1:-1], score), minlength=10)  # scikit-learn's bins
    counts = counts[counts > 0]
    # DeLong's structural components by their definition, pair by pair.
    a, b = score[positive], score[~positive]
    pairs = (a[:, None] > b) + 0.5 * (a[:, None] == b)
    error = np.sqrt(pairs.mean(1).var(ddof=1) / len(a) + pairs.mean(0).var(ddof=1) / len(b))
    return dict(
        score=score.tolist(), second=second.tolist(), positive=positive.tolist(), auc=roc_auc_score(positive, score),
        delongError=error, sensitivity=recall_score(positive, score >= 0.5),
        specificity=recall_score(~positive, score < 0.5), temperature=1 / fit.coef_[0, 0], bias=fit.intercept_[0],
        reliability=[[int(n), m, s] for n, m, s in zip(counts, mean, share)],
        ece=float((counts / counts.sum() * np.abs(mean - share)).sum()), spearman=spearmanr(score, second).statistic)


def agreement(rng):
    from sklearn.metrics import cohen_kappa_score
    from statsmodels.stats.contingency_tables import mcnemar
    from statsmodels.stats.inter_rater import fleiss_kappa
    truth = rng.integers(0, 4, 60)
    readers = [np.where(rng.random(60) < p, truth, rng.integers(0, 4, 60)) for p in (0.8, 0.6, 0.7)]
    counts = np.stack([(np.stack(readers) == k).sum(0) for k in range(4)], 1)
    first, second = readers[0] == truth, readers[1] == truth
    table = [[(first & second).sum(), (first & ~second).sum()], [(~first & second).sum(), (~first & ~second).sum()]]
    exact, corrected = mcnemar(table, exact=True), mcnemar(table, exact=False, correction=True)
    return dict(
        first=readers[0].tolist(), second=readers[1].tolist(), counts=counts.tolist(),
        cohen=cohen_kappa_score(readers[0], readers[1]), fleiss=fleiss_kappa(counts), firstRight=first.tolist(),
        secondRight=second.tolist(), exactP=exact.pvalue, statistic=corrected.statistic, correctedP=corrected.pvalue)


def masks(rng):
    import torch
    from monai.metrics import compute_dice, compute_hausdorff_distance
    from scipy.ndimage import gaussian_filter
    cases = []
    for shape, spacing in [((1, 40, 50), (1, 1, 1)), ((1, 33, 60), (1, 0.7, 1.3)), ((9, 24, 20), (3.0, 0.8, 1.1))]:
        noise = gaussian_filter(rng.standard_normal(shape), [0 if n == 1 else 2 for n in shape])
        a = noise > 0.8 * noise.std()
        b = np.roll(a, (0, 2, 3), (0, 1, 2)) ^ (gaussian_filter(rng.standard_normal(shape), 1) > 0.35)
        flat = shape[0] == 1
        pair = [torch.tensor((m[0] if flat else m)[None, None]) for m in (a, b)]
        cases.append(dict(
            shape=shape, spacing=spacing, a="".join("01"[v] for v in a.ravel().astype(int)),
            b="".join("01"[v] for v in b.ravel().astype(int)), dice=float(compute_dice(*pair, include_background=True)),
            hd95=float(compute_hausdorff_distance(
                *pair, include_background=True, percentile=95, spacing=list(spacing[1:] if flat else spacing)))))
    return cases


def record():
    rng = np.random.default_rng(7)
    images = detection(rng)
    return json.loads(json.dumps(
        dict(images=images, detection=coco_metrics(images), scores=scores(rng), agreement=agreement(rng),
             masks=masks(rng)), default=float))


if __name__ == "__main__":
    TARGET.write_text(json.dumps(record(), sort_keys=True) + "\n")
