"""What is learned of lines: how cruft reads, and where it stands."""
