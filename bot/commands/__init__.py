"""What the `tutor` command does, a module a sub-command; `__main__` reads the words and calls them."""
