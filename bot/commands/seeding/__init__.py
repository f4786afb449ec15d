"""What learners of `tutor seed` are like, what they do, and when."""
