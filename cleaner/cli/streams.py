"""Standard input, output and error as every command may take them: there, and able to be written to."""

from __future__ import annotations

import io
import os
import sys

# What a shell has closed (`>&-`) by its name and number, and how the null device stands there instead: what is asked
# for and cannot be given is an error, as elsewhere, and what is only told is told to nobody.
_CLOSED = (("stdin", 0, os.O_WRONLY, "r"), ("stdout", 1, os.O_RDONLY, "w"), ("stderr", 2, os.O_WRONLY, "w"))


def make_ready() -> None:
    """Put something in the place of a closed stream; have characters that an encoding does not know be escapes.

    Otherwise the next file that is opened would get its number, and whatever prints would write into that.
    """
    for name, number, access, mode in _CLOSED:
        if getattr(sys, name) is None:
            null = os.open(os.devnull, access)
            if null != number:
                os.dup2(null, number)
                os.close(null)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))
    if isinstance(sys.stdout, io.TextIOWrapper):  # standard error does so already
        sys.stdout.reconfigure(errors="backslashreplace")
