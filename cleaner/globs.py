"""Globs as in .gitignore and in other linters: `*` stays inside a folder, `**` goes through them."""

from __future__ import annotations

import os
import re
from functools import lru_cache

_PARTS = re.compile(r"(\*\*/|\*\*|\*|\?|\[!?[^\]/]+\])")
_MEANING = {"**/": "(?:[^/]+/)*+", "**": ".*", "*": "[^/]*", "?": "[^/]"}


@lru_cache(256)
def pattern(glob: str) -> re.Pattern[str]:
    """Return the expression that a whole path must match; a folder's glob matches all that is in it.

    >>> [bool(pattern(g).fullmatch("a/b/c.md")) for g in ("a/**/*.md", "a/*.md", "a/", "*.md")]
    [True, False, True, False]
    """
    parts = []
    for part in _PARTS.split(glob.rstrip("/")):
        if part.startswith("[") and part.endswith("]"):
            parts.append("[^" + part[2:] if part.startswith("[!") else part)
        else:
            parts.append(_MEANING.get(part) or re.escape(part))
    inside = "/.*" if glob.endswith("/") else "(?:/.*)?"
    return re.compile("".join(parts) + inside, re.DOTALL)


def matches(glob: str, path: str) -> bool:
    """Tell whether a glob names a file: one without `/` by its name, others by its whole path.

    >>> matches("*.md", "docs/a.md"), matches("docs/*.md", "docs/a.md"), matches("docs/*.md", "a.md")
    (True, True, False)
    """
    if "/" not in glob:
        return pattern(glob).fullmatch(os.path.basename(path)) is not None
    return pattern(os.path.abspath(glob)).fullmatch(os.path.abspath(path).replace(os.sep, "/")) is not None
