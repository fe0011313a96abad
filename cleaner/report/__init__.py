"""What a person reads: the summary of a run, its progress, and one document with its edits marked."""
