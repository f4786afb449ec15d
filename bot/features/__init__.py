"""What people do, a folder each."""
