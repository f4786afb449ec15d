"""What an instructor wants to know of a class. Pure: traces and a course go in, figures come out; no I/O."""
