"""Whole pages saved as text: which rows are the text, told by a learned model of shape, wording and place."""
