"""What a run counts and remembers: the outcome of each record, the summary, the facts of a report."""
