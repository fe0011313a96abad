"""Kinds of text: which a file holds, what of it no rule may change, and what its comments ask of the rules."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final, Literal, cast

from cleaner.globs import matches

Kind = Literal["plain", "markdown"]

PLAIN: Final = "plain"
MARKDOWN: Final = "markdown"
KINDS = (PLAIN, MARKDOWN)

_ENDINGS = (".md", ".markdown")


Kinds = Sequence[tuple[str, str]]
"""Globs of files, each with the kind that their texts are of; of several that match, the last one decides."""


def kind_of(path: str, kinds: Kinds = ()) -> Kind:
    """Return the kind of a file's text: what `kinds` say, else what its ending stands for, a compression's apart.

    >>> kind_of("README.md"), kind_of("notes.MARKDOWN.gz"), kind_of("a.txt"), kind_of("a.txt", [("*.txt", "markdown")])
    ('markdown', 'markdown', 'plain', 'markdown')
    """
    if (said := _said(path, kinds)) is not None:
        return said
    name = os.path.basename(path).lower().removesuffix(".gz").removesuffix(".zst")
    return MARKDOWN if name.endswith(_ENDINGS) else PLAIN


def kind_of_records(path: str, kinds: Kinds) -> Kind:
    """Return the kind of the texts in a file of records, which its ending says nothing of."""
    return _said(path, kinds) or PLAIN


def _said(path: str, kinds: Kinds) -> Kind | None:
    found = next((kind for glob, kind in reversed(kinds) if matches(glob, path)), None)
    return cast("Kind | None", found)
