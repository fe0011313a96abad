"""Find boilerplate that extraction has glued to the last word of a paragraph, as in "… until noon.AFP"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from cleaner.rules.boilerplate.index import Index, Match
from cleaner.rules.boilerplate.page import FINAL_MARKS, Page

AGENCY = "BP115"
# What is glued is a credit or a link: no longer than this, in code points.
MAX_CHARS = 160
# A letter, a final mark, and with no space between them the next word. It begins at the mark: letters are many.
_JOIN = re.compile(r"[.!?…»”\"](?<=[^\W\d_].)[)\]»”\"]?(?=[^\W\d_©])")


class Cut(NamedTuple):
    """The end of a row that goes, from `place` in the row on."""

    place: int
    code: str
    message: str


def cuts(
    page: Page, index: Index, agencies: frozenset[str], choose: Callable[[Sequence[Match]], Match | None]
) -> Iterator[tuple[int, Cut]]:
    """Yield rows of prose with what is glued to their ends; `choose` tells which phrase counts in the document."""
    for row, text in enumerate(page.texts):
        if not page.prose[row] or text[-1] in FINAL_MARKS:
            continue
        for join in _JOIN.finditer(text, max(0, len(text) - MAX_CHARS) + 1):
            place = join.end()
            if not text[join.start() - 1].islower() or text[place].islower():
                continue
            rest = text[place:]
            if _splits_quotation(text[:place], rest):
                continue
            if rest in agencies:
                yield row, Cut(place, AGENCY, f"the agency {rest!r} is glued to the last word")
                break
            match = choose(index.matches(rest))
            if match and not match.careful:
                message = f"{match.phrase!r} is a phrase of {match.pack.name}, glued to the last word"
                yield row, Cut(place, match.pack.code, message)
                break


def _splits_quotation(before: str, rest: str) -> bool:
    """Whether a quotation begins before the place and ends after it: then it is an example, or somebody's words."""
    open_ = before.count("“") > before.count("”") and "”" in rest
    return open_ or (before.count('"') % 2 == 1 and rest.count('"') % 2 == 1)
