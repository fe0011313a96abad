"""`python -m cleaner` is the command `cleaner`."""

import sys

# Python puts the current folder first. What lies there may be a stranger's, and is looked at, not imported. Only what
# `-m` itself imports before this line can still come from it: `python -P -m cleaner` and `cleaner` take nothing.
if not sys.flags.safe_path:
    del sys.path[0]

from cleaner.cli import main

main()
