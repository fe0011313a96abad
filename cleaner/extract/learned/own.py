"""What a block is by itself: its characters, its markup, its likeness to what the page says of itself."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

import numpy as np

from cleaner.extract.block import CAPTION, CODE, HEADING, PARAGRAPH, ROW, Block
from cleaner.extract.learned.key import key
from cleaner.extract.learned.layout import Layout, Rows, columns, share

_KINDS: Final = {PARAGRAPH: 0, HEADING: 1, ROW: 2, CODE: 3, CAPTION: 4}

_DATE: Final = re.compile(
    r"\b(?:19|20)[0-9]{2}\b|[0-9]{1,2}[:.][0-9]{2}\b|[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}|年|\bago\b"
)
_DATE_CHARS: Final = 150
_LABEL_CHARS: Final = 200

_ADDRESS: Final = re.compile(r"@|https?:|www\.")


def add_rows(rows: Rows, layout: Layout, blocks: list[Block]) -> None:
    """Add what is known of each block by itself."""
    _add_text(rows, layout)
    stated = [
        (b.links, b.bold_chars, b.images, b.breaks, b.ruled, b.hidden, _KINDS.get(b.kind, 0), b.level) for b in blocks
    ]
    links, bold, images, breaks, rows["ruled"], rows["hidden"], rows["kind"], rows["level"] = columns(stated)
    rows["links"], rows["images"], rows["breaks"] = np.minimum(links, 30), np.minimum(images, 9), np.minimum(breaks, 3)
    rows["bold"] = share(np.minimum(bold, layout.length), layout.length)
    _add_likeness(rows, layout, blocks)


def _add_text(rows: Rows, layout: Layout) -> None:
    chars = layout.chars
    rows["size"] = layout.size
    rows["link"] = share(layout.link, layout.length)
    for name in ("words", "stops", "commas", "quotes", "signs", "ellipses", "first", "last"):
        rows[name] = getattr(chars, name)
    for name in ("upper", "digits", "letters", "dense"):
        rows[name] = share(getattr(chars, name), chars.chars)
    rows["word_size"] = 10 * chars.letters // np.maximum(1, chars.words)


def _add_likeness(rows: Rows, layout: Layout, blocks: list[Block]) -> None:
    about = layout.about
    title_words = frozenset(word for title in about.titles for word in title.split())
    times = Counter(block.text for block in blocks)
    stated_body = f" {about.body} " if about.body else ""
    found = []
    for block, key_, digits in zip(blocks, layout.keys, layout.chars.digits.tolist(), strict=True):
        text = block.text
        short = len(text) < _LABEL_CHARS
        found.append(
            (
                _share_in(key_, title_words) if title_words and short else 0,
                _sameness(key_, about.titles) if short and len(key_) > 1 else 0,
                len(text) > 20 and bool(about.description) and _told(text, key_, about.description),
                _stated(text, key_, stated_body) if stated_body else -1,
                _is_dated(text, digits),
                short and _ADDRESS.search(text) is not None,
                times[text],
            )
        )
    names = ("title_words", "title_same", "described", "stated", "dated", "addressed", "repeated")
    rows.update(zip(names, columns(found), strict=True))


def _share_in(key_: str, words: frozenset[str]) -> int:
    own = key_.split()
    return 1000 * sum(map(words.__contains__, own)) // len(own) if own else 0


def _is_dated(text: str, digits: int) -> bool:
    if len(text) >= _DATE_CHARS or not (digits > 0 or "ago" in text or "年" in text):
        return False
    return _DATE.search(text) is not None


def _sameness(key_: str, titles: tuple[str, ...]) -> int:
    """Return 3 for a title, 2 for a part of one, 1 for what has one in it, 0 for what is not like one."""
    best = 0
    for title in titles:
        if key_ == title:
            return 3
        if len(key_) > 8 and key_ in title:
            best = max(best, 2)
        elif len(title) > 8 and title in key_:
            best = max(best, 1)
    return best


def _told(text: str, key_: str, description: str) -> bool:
    begin = key_ or key(text[:400])
    return begin in description or (len(description) > 30 and description[:60] in begin)


def _stated(text: str, key_: str, body: str) -> int:
    """Return 2 for what stands in the body that the page states, 1 for what begins as a part of it does."""
    begin = key_ or key(text[:200])
    if len(begin) < 4:
        return 0
    return 2 if f" {begin} " in body else int(len(begin) > 40 and begin[:40] in body)
