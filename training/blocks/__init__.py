"""Makes the model that judges the blocks of a page: labels, facts, words, trees, and the file."""
