"""No text makes the boilerplate rules slower than linear."""

from __future__ import annotations

import time

import pytest
from growth import grows_less

from cleaner.document import Document
from cleaner.rules.boilerplate import Boilerplate

PROSE = "The harbour was quiet on Monday, and the ferries stayed at their piers until noon, as they do in winter.\n"
# Each is a piece that is repeated until the text has the length wanted: one line, or many.
PIECES = {
    "one letter": "a",
    "spaces": " ",
    "digits": "7",
    "date": "3.4.2024 ",
    "separators": " | ",
    "trail": "Home » ",
    "link in Markdown": "[a](b",
    "open link in Markdown": "](",
    "open brackets": "[",
    "gapped phrase": "subscribe to our ",
    "words of phrases": "share comment newsletter cookies follow sign up read more ",
    "glued": "a.A",
    "agency": "AFP/",
    "labels": "photo: ",
    "Han": "相关新闻",
    "combining marks": "e\u0301",
    "lines of one letter": "a\n",
    "blank lines": "\n",
    "networks": "Facebook\nTwitter\n",
    "related headings": "Related articles\n",
    "related heading and title": "Related articles\nOwls nest in the funnel\n",
    "comment counts": "3 comments\n",
    "dates": "3 March 2024\n",
    "bylines": "By Ann Example\n",
    "comment headings": "Comments\nAnn says:\nAnn, 3 March 2024 at 10:20\n",
    "prose and link": f"{PROSE}Read more: Owls nest in the funnel\n",
    "wrapped lines": "the ferries stayed at their piers until noon, as they do in winter and in the spring\n",
    "words in a column": "Word\nIt is a word.\n",
}


def seconds(piece: str, chars: int) -> float:
    document = Document("a", PROSE + piece * (chars // len(piece)) + "\n" + PROSE)
    rule = Boilerplate()
    started = time.process_time()
    list(rule(document))
    return time.process_time() - started


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_a_megabyte_made_to_hurt_takes_eight_times_an_eighth_of_it(piece: str) -> None:
    seconds(piece, 1000)
    assert grows_less(20, lambda chars: seconds(piece, chars), 125_000, 1_000_000, spare=0.3)
