"""The formulas of Hilum's random transforms, written down a second time with numpy's and SciPy's own parts."""
import numpy as np
from scipy import ndimage

AXES = {"x": 2, "y": 1, "z": 0}


def affine_source(shape, spacing, degrees, scale, translation):
    """Input index `[z, y, x]` of each output voxel: p -> R S p + t in mm about the centre, R = Rz Ry Rx."""
    def turn(axis, angle):
        c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        matrix = np.eye(3)
        i, j = (axis + 1) % 3, (axis + 2) % 3
        matrix[i, i], matrix[i, j], matrix[j, i], matrix[j, j] = c, -s, s, c
        return matrix
    forward = turn(2, degrees[2]) @ turn(1, degrees[1]) @ turn(0, degrees[0]) @ np.diag(scale)
    center = (np.array(shape[::-1]) - 1) / 2
    spacing, translation = np.asarray(spacing, float), np.asarray(translation, float)
    index = np.stack(np.meshgrid(*[np.arange(n) for n in shape[::-1]], indexing="ij"), -1) - center
    points = np.einsum("ij,...j->...i", np.linalg.inv(forward), index * spacing - translation) / spacing + center
    return np.transpose(points, (3, 2, 1, 0))[::-1]


def bias_field(shape, order, coefficients):
    """TorchIO's `RandomBiasField.generate_bias_field`: axes from -1 to 1, here with i for x, j for y and k for z."""
    z, y, x = np.meshgrid(*[np.linspace(-1, 1, n) if n > 1 else np.zeros(1) for n in shape], indexing="ij")
    total, place = np.zeros(shape), 0
    for i in range(order + 1):
        for j in range(order + 1 - i):
            for k in range(order + 1 - i - j):
                total += coefficients[place] * x**i * y**j * z**k
                place += 1
    return np.exp(total)


def ghosting(image, axis, ghosts, intensity, restore):
    axis = AXES[axis]
    count = image.shape[axis]
    k = np.arange(count) - count // 2
    weights = np.where((k % ghosts == 0) & (abs(k) > restore * count / 2), 1 - intensity, 1)
    shape = [1, 1, 1]
    shape[axis] = count
    spectrum = np.fft.fft(image, axis=axis) * np.fft.ifftshift(weights).reshape(shape)
    result = np.fft.ifft(spectrum, axis=axis)
    assert abs(result.imag).max() < 1e-9
    return result.real


def motion(image, axis, times, movements, spacing=(1, 1, 1)):
    """Lines of k-space of the moved images; all of k-space is transformed, as a scanner's would be."""
    number = AXES[axis]
    count = image.shape[number]
    bounds = [0] + [int(np.floor(t * count + 0.5)) for t in times] + [count]
    still = dict(degrees=[0, 0, 0], translation=[0, 0, 0])
    total = np.zeros(image.shape, complex)
    for movement, first, last in zip([still] + movements, bounds, bounds[1:]):
        if first <= count // 2 < last:
            movement = still
        if first == last:
            continue
        coordinates = affine_source(image.shape, spacing, movement["degrees"], [1, 1, 1], movement["translation"])
        moved = ndimage.map_coordinates(image, coordinates, order=1, mode="nearest")
        limits = np.array(image.shape).reshape(3, 1, 1, 1) - 0.5
        moved[~np.all((coordinates >= -0.5) & (coordinates <= limits), axis=0)] = 0
        spectrum = np.fft.fftshift(np.fft.fftn(moved))
        lines = [slice(None)] * 3
        lines[number] = slice(first, last)
        total[tuple(lines)] = spectrum[tuple(lines)]
    return abs(np.fft.ifftn(np.fft.ifftshift(total)))
