"""One module per kind of conversation; each handler is a function of a Turn. `errors` turns a failure into a
sentence."""
