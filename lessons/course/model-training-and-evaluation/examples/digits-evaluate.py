"""Judge the trained digit reader on images that it has never seen."""

import keras
import numpy as np

data = np.load("digits.npz")
x_test = data["x_test"].reshape(-1, 784) / 255.0
y_test = data["y_test"]

# The model that the training made
model = keras.models.load_model("model.keras")

# The baseline: the same network with fresh weights, before it has learned anything
baseline = keras.models.clone_model(model)
baseline.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
_, baseline_accuracy = baseline.evaluate(x_test, y_test, verbose=0)
print(f"Untrained: {baseline_accuracy:.3f}")

_, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"Trained:   {accuracy:.3f}")
