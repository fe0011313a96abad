"""Rows of fields that a publishing system prints of a text, such as "2024-05-03 10:15 来源：… 编辑：…"."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Final

from cleaner.rules.boilerplate.case import Case
from cleaner.rules.boilerplate.dates import date_stamp, date_words
from cleaner.rules.boilerplate.keys import fold
from cleaner.rules.boilerplate.packs import Pack, builtin_pack
from cleaner.writing import is_spaced

FIELDS: Final = "BP116"
# The longest row, and the longest of its values, in code points, by eye: 130 labelled rows within them
# should go, 2 should stay.
ROW_CHARS, VALUE_CHARS = 120, 36
# A text with more such rows at its edges is a list of texts, with the fields of each.
MOST_ROWS = 2
_COLONS = (":", "：")
# The most words of a label, and the most characters of one in a script without spaces.
_MOST_WORDS, _MOST_CHARS = 3, 6
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of fields, folded: those of a publishing system, and others that count beside one of these."""

    of_system: frozenset[str]
    others: frozenset[str]

    def at_end(self, text: str) -> str:
        """Return the label that a folded text ends with, "" where it ends with none.

        >>> Labels(frozenset({"last updated"}), frozenset({"updated", "作者"})).at_end("ann lee | last updated")
        'last updated'
        """
        last = text[-1:]
        if not last.isalpha():
            return ""
        if is_spaced(last):
            words = _WORD.findall(text)
            ends = (" ".join(words[-many:]) for many in range(min(_MOST_WORDS, len(words)), 0, -1))
        else:
            ends = (text[-many:] for many in range(_MOST_CHARS, 1, -1))
        return next((end for end in ends if end in self.of_system or end in self.others), "")


@functools.cache
def labels_of(pack: Pack) -> Labels:
    """Return the labels of a pack."""
    return Labels(*(frozenset(map(fold, pack.words[name])) for name in ("system_fields", "other_fields")))


def is_row_of_fields(text: str, labels: Labels) -> bool:
    """Tell whether a row is nothing but fields, two or more with a date before them as one, and one of a system's.

    >>> labels = labels_of(builtin_pack("source-and-tags"))
    >>> is_row_of_fields("2024-05-03 10:15 来源：码头新闻网", labels), is_row_of_fields("Views: 33", labels)
    (True, False)
    """
    if len(text) > ROW_CHARS or not any(colon in text for colon in _COLONS):
        return False
    folded = fold(text)
    before, rest, fields, of_system = "", 0, 0, False
    for colon in re.finditer(":", folded):
        label = labels.at_end(said := folded[rest : colon.start()].rstrip())
        if not label:
            continue
        value = said.removesuffix(label)
        if not fields:
            before = value
        elif len(value) > VALUE_CHARS:
            return False
        fields, of_system, rest = fields + 1, of_system or label in labels.of_system, colon.end()
    if not of_system or len(folded) - rest > VALUE_CHARS:
        return False
    if not any(map(str.isalnum, before)):
        return fields >= 2
    return date_stamp(before, date_words(builtin_pack("date-stamp"))) is not None


def take_fields(case: Case) -> None:
    """Take rows of fields in the head and the tail."""
    if FIELDS not in case.codes:
        return
    page, labels = case.page, labels_of(builtin_pack("source-and-tags"))
    message = "fields of the publishing system and nothing else, at the edge of the text"
    rows = [row for row in case.stamp_rows() if is_row_of_fields(page.texts[row], labels)]
    if len(rows) > MOST_ROWS:
        return
    for row in rows:
        if case.in_head(row) or page.in_zone(row, "tail"):
            case.take(row, FIELDS, message, sure=True)
