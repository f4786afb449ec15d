"""What a class leaves behind, as files to take away. Pure: values in, bytes out; no I/O."""
