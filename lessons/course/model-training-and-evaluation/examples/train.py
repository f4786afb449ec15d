import tensorflow as tf
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense
# Define a simple neural network
model = Sequential([
Dense(64, activation='relu', input_shape=(784,)),
Dense(10, activation='softmax')
])
# Compile the model
model.compile(optimizer='adam',
loss='sparse_categorical_crossentropy',
metrics=['accuracy'])
# Generate dummy data
import numpy as np
x_train = np.random.random((100, 784)).astype(np.float32)
y_train = np.random.randint(10, size=(100, 1)).astype(np.int32)
# Train the model
model.fit(x_train, y_train, epochs=10, batch_size=32)
