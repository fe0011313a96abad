"""A run: chunks to workers, outcomes in order, near-duplicates, files, and the account of it all."""
