"""A class' figures and traces as files. Pure: values in, bytes out; no I/O."""
