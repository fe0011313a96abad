"""Sentences drawn from the words of a language."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

CODE = ("wait(level)", "wait(level, most=2)", "open(path)\nread(line)", "count = 3", "run --slowly harbour.txt")


class Sentences:
    """Draws words, sentences and paragraphs; they say nothing."""

    def __init__(self, words: Mapping[str, Any], draw: Random) -> None:
        self.draw = draw
        said = " ".join([*words["summaries"], *words["headlines"]])
        self.dense = " " not in words["summaries"][0]
        self.pool = [c for c in said if c.isalnum()] if self.dense else [w.strip(".,") for w in said.split()]

    def word(self) -> str:
        """Return a word, or two characters of a script without spaces."""
        return "".join(self.draw.choice(self.pool) for _ in range(2 if self.dense else 1))

    def sentence(self, size: int) -> str:
        """Return a sentence of so many words."""
        chosen = [self.draw.choice(self.pool) for _ in range(size * 2 if self.dense else size)]
        if self.dense:
            return "".join(chosen) + "。"
        return " ".join(chosen).capitalize() + "."

    def prose(self, sentences: int) -> str:
        """Return a paragraph of so many sentences."""
        return ("" if self.dense else " ").join(self.sentence(self.draw.randint(8, 16)) for _ in range(sentences))
