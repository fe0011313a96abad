"""What makes the models and their data; not in the wheel."""
