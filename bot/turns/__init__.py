"""One update is one transaction: who takes it, and what follows it."""
