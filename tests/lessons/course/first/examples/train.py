"""An example: nothing here is run, only read."""

epochs = 10


def fit(epochs, optimizer, size):
    return epochs, optimizer, size


fit(epochs, optimizer="adam", size=1)
