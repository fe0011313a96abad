"""Kinds of text: which a file holds, what of it no rule may change, and what its comments ask of the rules."""

from __future__ import annotations

import os
from typing import Final, Literal

Kind = Literal["plain", "markdown"]

PLAIN: Final = "plain"
MARKDOWN: Final = "markdown"
KINDS = (PLAIN, MARKDOWN)

_ENDINGS = (".md", ".markdown")


def kind_of(path: str) -> Kind:
    """Return the kind of text that a file's ending stands for; a compression's ending before it does not count.

    >>> kind_of("README.md"), kind_of("notes.MARKDOWN.gz"), kind_of("a.txt")
    ('markdown', 'markdown', 'plain')
    """
    name = os.path.basename(path).lower().removesuffix(".gz").removesuffix(".zst")
    return MARKDOWN if name.endswith(_ENDINGS) else PLAIN
