"""Near-duplicate indexes from the command line: built from a corpus, asked about texts, told about, merged."""
