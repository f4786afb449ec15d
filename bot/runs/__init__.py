"""A run and its message, from the stored row to the picture."""
