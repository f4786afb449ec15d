"""What a learner sees, as values: pure functions from facts to a Screen. Public: the modules by the name of what they
show."""
