"""Train a small neural network to read handwritten digits."""

import keras
import numpy as np

epochs = 15
batch_size = 32
learning_rate = 0.001
hidden_units = 64

# Images of 28x28 pixels with values from 0 to 255, and the digit that each one shows
data = np.load("digits.npz")
x_train = data["x_train"].reshape(-1, 784) / 255.0
x_validation = data["x_validation"].reshape(-1, 784) / 255.0

# 784 pixels in, a probability for each of the ten digits out
model = keras.Sequential([
    keras.Input((784,)),
    keras.layers.Dense(hidden_units, activation="relu"),
    keras.layers.Dense(10, activation="softmax"),
])

model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=learning_rate),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)

# After each epoch the model is tried on the validation images, from which it does not learn
model.fit(
    x_train,
    data["y_train"],
    validation_data=(x_validation, data["y_validation"]),
    epochs=epochs,
    batch_size=batch_size,
)

model.save("model.keras")
