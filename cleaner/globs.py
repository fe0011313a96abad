"""Globs as in .gitignore and in other linters: `*` stays inside a folder, `**` goes through them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import lru_cache

_PARTS = re.compile(r"(\*\*|\*|\?|\[!?[^\]/]+\])")
_MEANING = {"**": ".*?", "*": "[^/]*", "?": "[^/]"}
_FOLDERS = "(?:[^/]*/)*?"


@lru_cache(256)
def pattern(glob: str) -> re.Pattern[str]:
    """Return the expression that a whole path must match; a folder's glob matches all that is in it.

    >>> [bool(pattern(g).fullmatch("a/b/c.md")) for g in ("a/**/*.md", "a/*.md", "a/", "*.md")]
    [True, False, True, False]
    >>> [bool(pattern(g).fullmatch("a/b/c/d.md")) for g in ("**/c/", "**/b/**/d.md", "**/d/", "**/c/**/b/**")]
    [True, True, False, False]
    """
    first, *others = map(_inside, glob.rstrip("/").split("**/"))
    if others:
        # What stands between two `**/` may be taken where it comes first: in linear time, for nothing is tried twice.
        *middle, last = others
        first += "".join(f"(?>{_FOLDERS}{part})" for part in middle) + _FOLDERS + last
    return re.compile(first + ("/.*" if glob.endswith("/") else "(?:/.*)?"), re.DOTALL)


def _inside(glob: str) -> str:
    """Return the expression of a glob without `**/`."""
    parts = []
    for part in _PARTS.split(glob):
        if part.startswith("[") and part.endswith("]"):
            parts.append("[^" + part[2:] if part.startswith("[!") else part)
        else:
            parts.append(_MEANING.get(part) or re.escape(part))
    return "".join(parts)


def matches(glob: str, path: str) -> bool:
    """Tell whether a glob names a file: one without `/` by its name, others by its whole path or address.

    >>> matches("*.md", "docs/a.md"), matches("docs/*.md", "docs/a.md"), matches("docs/*.md", "a.md")
    (True, True, False)
    >>> matches("s3://crawl/old/", "s3://crawl/old/a.jsonl"), matches("**/old/", "s3://crawl/old/a.jsonl")
    (True, True)
    """
    if "/" not in glob:
        return pattern(glob).fullmatch(os.path.basename(path)) is not None
    if "://" in path:
        return pattern(glob).fullmatch(path) is not None
    return pattern(os.path.abspath(glob)).fullmatch(os.path.abspath(path).replace(os.sep, "/")) is not None


def named_by(globs: Iterable[str], path: str) -> bool:
    """Tell whether any of the globs names a file."""
    return any(matches(glob, path) for glob in globs)
