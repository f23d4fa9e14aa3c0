"""Records SimpleITK's Mattes mutual information of two small images, for Tests/TransformsTests/RegistrationTests.

Usage: record_registration.py > Tests/Peers/expected/registration.json
"""
import json

import numpy as np
import SimpleITK as sitk
from scipy import ndimage

random = np.random.default_rng(11)
# [z, y, x], whole numbers: two images that share a pattern.
pattern = ndimage.gaussian_filter(random.standard_normal((14, 16, 18)), 1.5)
pattern /= np.abs(pattern).max()
fixed = np.rint(500 + 400 * pattern + 20 * random.standard_normal(pattern.shape))
moving = np.rint(300 - 200 * pattern ** 2 + 150 * pattern + 10 * random.standard_normal(pattern.shape))
FIXED_SPACING, MOVING_SPACING = (1.5, 1.25, 2.0), (1.4, 1.3, 2.1)


def image(values, spacing, origin):
    made = sitk.GetImageFromArray(values.astype(np.float32))
    made.SetSpacing(spacing)
    made.SetOrigin(origin)
    return made


def metric(matrix, translation, bins):
    method = sitk.ImageRegistrationMethod()
    method.SetMetricAsMattesMutualInformation(bins)
    method.SetMetricSamplingStrategy(method.NONE)
    method.SetInterpolator(sitk.sitkLinear)
    transform = sitk.AffineTransform(3)
    transform.SetMatrix(matrix)
    transform.SetTranslation(translation)
    method.SetInitialTransform(transform)
    return method.MetricEvaluate(
        image(fixed, FIXED_SPACING, (-10.0, 3.0, 5.0)), image(moving, MOVING_SPACING, (-9.5, 2.5, 4.75)))


maps = [
    ([1, 0, 0, 0, 1, 0, 0, 0, 1], [0, 0, 0]),
    ([1, 0, 0, 0, 1, 0, 0, 0, 1], [0.8, -1.1, 0.6]),
    ([0.98, 0.05, -0.02, -0.04, 1.03, 0.03, 0.01, -0.02, 0.97], [0.5, 0.4, 0.9]),
]
print(json.dumps({
    "shape": list(fixed.shape),
    "fixed": fixed.astype(int).ravel().tolist(),
    "moving": moving.astype(int).ravel().tolist(),
    "cases": [
        {"matrix": m, "translation": t, "bins": b, "metric": metric(m, t, b)} for m, t in maps for b in (20, 50)],
}))
