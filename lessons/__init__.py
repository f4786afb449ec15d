"""The course and its format. Imports nothing of ours, and neither NumPy nor TensorFlow.

Public: `model` (a course as values), `loader` (`load`, `example_of`, `COURSE`), `check` (`check`), `parameters` (an
example's parameters, read and written), `problem` (`Problem`, `CourseError`). The rest is how these are made.
"""
