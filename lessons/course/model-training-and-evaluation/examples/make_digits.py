"""Makes digits.npz, the real data of this lesson, from scikit-learn's copy of the UCI handwritten digits.

Run it in this folder: `python make_digits.py`. It gives the same arrays every time: the split is seeded.
"""

import numpy as np
from sklearn.datasets import load_digits

SHARES = {"train": 0.6, "validation": 0.2, "test": 0.2}
SIDE, BORDER = 28, 2  # pixels; the digit is drawn 24 pixels wide, with an empty border around it


def enlarged(images):
    """8x8 images with values from 0 to 16 as 28x28 images of bytes, by linear interpolation (33 grey levels)."""
    small, large = images.shape[1], SIDE - 2 * BORDER
    positions = np.clip((np.arange(large) + 0.5) * small / large - 0.5, 0, small - 1)
    weights = np.stack([np.interp(positions, np.arange(small), row) for row in np.eye(small)], axis=1)
    levels = np.rint(weights @ images @ weights.T * 2)
    pixels = np.rint(levels * (255 / 32)).astype(np.uint8)
    return np.pad(pixels, ((0, 0), (BORDER, BORDER), (BORDER, BORDER)))


def split(labels):
    """Indices for each part, disjoint and together everything; each digit is shared out in the same proportions."""
    random = np.random.RandomState(28)  # its stream is the same in every version of NumPy
    parts = {name: [] for name in SHARES}
    for digit in range(10):
        indices = random.permutation(np.flatnonzero(labels == digit))
        cuts = np.rint(np.cumsum(list(SHARES.values()))[:-1] * len(indices)).astype(int)
        for name, part in zip(parts, np.split(indices, cuts), strict=True):
            parts[name].append(part)
    return {name: random.permutation(np.concatenate(part)) for name, part in parts.items()}


def arrays():
    """What digits.npz holds: x_train, y_train, x_validation, y_validation, x_test, y_test."""
    digits = load_digits()
    images, labels = enlarged(digits.images), digits.target.astype(np.uint8)
    made = {}
    for name, indices in split(labels).items():
        made[f"x_{name}"], made[f"y_{name}"] = images[indices], labels[indices]
    return made


if __name__ == "__main__":
    np.savez_compressed("digits.npz", **arrays())
