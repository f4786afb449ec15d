"""What has to hold in a course beyond the shape of its files: one module for each thing that has rules."""
