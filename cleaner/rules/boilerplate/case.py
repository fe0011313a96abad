"""A text under judgement: what speaks against each row, which rows go, and what was learned on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from cleaner.rules.boilerplate.glued import Cut
from cleaner.rules.boilerplate.index import STOPS, Index
from cleaner.rules.boilerplate.page import Page

# Rows that a template prints before the text (a path, kicker, headline, standfirst, byline, date, caption, and one to
# spare), and the longest of them, in code points: the longest path that goes from the development pages has 156.
HEAD_ROWS, HEAD_ROW_CHARS = 8, 300


class Hit(NamedTuple):
    """What speaks against a row: the code, and `what` in words. `careful` asks for a second witness.

    `zone` is where one witness is enough.
    """

    code: str
    what: str
    careful: bool
    zone: str = "any"


class Verdict(NamedTuple):
    """A row goes, for this code and reason. `sure` says that it would have gone without its neighbours."""

    code: str
    message: str
    sure: bool


@dataclass(slots=True)
class Case:
    """One text under judgement.

    `page` has its rows, `codes` are those that may be found, `index` holds the phrases of all packs, `language()`
    gives the language of the text, detected when it is first asked for, and `line_model` says how much of what only
    reads like boilerplate goes, by our model or by `own_model`. Detectors add to what follows: `hits` says what speaks
    against a row, `taken` which rows go, `tags` what a row says of the text (its author, date or section), `cuts` what
    is glued to the end of a row that stays, and `whole_page` that the text is a page that was saved whole.
    """

    page: Page
    codes: frozenset[str]
    index: Index
    language: Callable[[], str]
    line_model: str = "off"
    own_model: bytes | None = None
    hits: dict[int, Hit] = field(default_factory=dict)
    taken: dict[int, Verdict] = field(default_factory=dict)
    tags: dict[int, tuple[str, str]] = field(default_factory=dict)
    cuts: dict[int, Cut] = field(default_factory=dict)
    whole_page: bool = False
    _stamp_rows: list[int] | None = None

    def take(self, row: int, code: str, message: str, *, sure: bool = False) -> None:
        """Take a row, unless it is taken already."""
        self.taken.setdefault(row, Verdict(code, message, sure))

    def stamp_rows(self) -> list[int]:
        """Return the rows that may be stamps and are not taken: no prose, or in the head and short without an end."""
        if self._stamp_rows is None:
            self._stamp_rows = [
                row
                for row, (text, prose) in enumerate(zip(self.page.texts, self.page.prose, strict=True))
                if not prose or (row < HEAD_ROWS and len(text) <= HEAD_ROW_CHARS and text[-1] not in STOPS)
            ]
        return self._stamp_rows

    def in_head(self, row: int) -> bool:
        """Tell whether a row stands in the head: above the prose, or with one row of prose above it, a standfirst."""
        page = self.page
        if row < page.first_prose:
            return True
        return row < HEAD_ROWS and sum(page.prose[near] for near in range(row) if near not in self.taken) <= 1
