"""Whether the little that a page says is a notice (a login wall, an error, a consent box) or a short text.

Markup does not tell them apart, wording does: sentence by sentence, by the words, pairs of words and runs of characters
that boilerplate lines are told by, too, with weights of their own (`training/notices`).
"""

from __future__ import annotations

import functools
import re
import zlib
from array import array
from collections.abc import Iterable
from importlib.resources import files
from typing import Final, NamedTuple

import msgspec

from cleaner.rules.boilerplate.line_model.wording import BUCKETS, Wording

FORMAT: Final = 1
# A page with more text than this, in code points, of which one of a script without spaces counts as three, is judged
# by its blocks alone, unless it asks for a password: no notice of 2,400 made-up ones is longer.
LITTLE_TEXT: Final = 600
# From this score on, in hundredths of log odds, the page is a notice; where its blocks leave it in doubt that it has a
# text, from the second on. A page that asks for a password has so much more: of 51 labelled pages with little text two
# read so, of 113 with 600 to 3,000 code points and such a field none.
THRESHOLD: Final = -125
DOUBTFUL: Final = -200
SECRET: Final = 225

# A long sentence is judged by its beginning, a text by its first sentences.
_SENTENCE_CHARS: Final = 400
_MOST_SENTENCES: Final = 40
_SHOWN_WORDS: Final = 3
_END: Final = re.compile("(?<=[.!?…।؟])\\s+|(?<=[。！？])|\n")


class NoticeFile(msgspec.Struct, frozen=True):
    """What the file holds, as MessagePack; `weights` (int8) and `kinds` (uint8) are a byte a bucket, compressed.

    `names` are the kinds of notices, the first for none; see `Wording` for `scale` and `bias`.
    """

    format: int
    names: tuple[str, ...]
    weights: bytes
    kinds: bytes
    scale: int
    bias: int


class NoticeModel(NamedTuple):
    """How sentences of notices are worded, and the names of their kinds."""

    wording: Wording
    names: tuple[str, ...]


class Reading(NamedTuple):
    """How the text of a page reads: `score` is what speaks for a notice, in hundredths of log odds.

    `kind` is the one that its words speak for most, `words` are those that weighed most.
    """

    score: int
    kind: str
    words: tuple[str, ...]

    @property
    def reason(self) -> str:
        """Return why the page has no text."""
        words = f" ({', '.join(self.words)})" if self.words else ""
        return f"it reads like a notice: {self.kind}{words}"


@functools.cache
def shipped_notices() -> NoticeModel:
    """Return the model inside the package."""
    return read_notices(files("cleaner.extract.learned").joinpath("notices.model").read_bytes())


def read_notices(data: bytes) -> NoticeModel:
    """Return the model that a file holds. Raises `ValueError` where it is none, or one of another format."""
    found = msgspec.msgpack.decode(data, type=NoticeFile)
    if found.format != FORMAT:
        raise ValueError(f"a model of format {found.format}, wanted is {FORMAT}")
    weights, kinds = (zlib.decompress(part, bufsize=BUCKETS) for part in (found.weights, found.kinds))
    return NoticeModel(Wording(array("b", weights), kinds, found.scale, found.bias), found.names)


def sentences(lines: Iterable[str]) -> list[str]:
    """Return the first sentences of some lines, each with a letter or digit, and the beginning of a long one.

    >>> sentences(["Not found. Try again!", "—"])
    ['Not found.', 'Try again!']
    """
    parts = (part.strip()[:_SENTENCE_CHARS] for line in lines for part in _END.split(line))
    return [part for part in parts if any(map(str.isalnum, part))][:_MOST_SENTENCES]


def notice_score(lines: Iterable[str], model: NoticeModel) -> int:
    """Return how much speaks for a notice: the mean over the sentences; 0 where there is none."""
    scores = [model.wording.score(sentence) for sentence in sentences(lines)]
    return sum(scores) // len(scores) if scores else 0


def read_notice(lines: Iterable[str], model: NoticeModel) -> Reading:
    """Return how the lines of a page read, with the kind and the words of those that read most like a notice."""
    found = sentences(lines)
    ordered = sorted(found, key=lambda sentence: (-model.wording.score(sentence), sentence))
    readings = [model.wording.read(sentence) for sentence in ordered]
    words = dict.fromkeys(word for reading in readings for word in reading.words)
    kind = model.names[readings[0].kind] if readings else model.names[0]
    return Reading(notice_score(found, model), kind, tuple(words)[:_SHOWN_WORDS])


def is_notice(score: int, *, secret: bool, doubtful: bool) -> bool:
    """Tell whether a page of that score is a notice.

    `secret` says that it asks for a password, `doubtful` that its blocks leave it in doubt that it has a text.
    """
    return score + (SECRET if secret else 0) >= (DOUBTFUL if doubtful else THRESHOLD)
