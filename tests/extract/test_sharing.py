"""Links that send a page on are no text, whatever they say."""

from __future__ import annotations

import pytest

import cleaner

STORY = [
    f"The ferry to Pasterby sails again since {day}, after two years at the yard, and the whole harbour came to see it."
    " There were cakes and music, the mayor cut a ribbon, and nobody went home before midnight."
    for day in ("Monday", "the first of May", "the end of the ice", "last week")
]
PAGE = (
    "<!doctype html><html lang=en><title>The ferry</title><meta name=viewport content=1><nav><a href=/>Home</a></nav>"
    "<article><h1>The ferry</h1>{}<ul><li>{}</ul>{}</article><footer>© Olm Courier</footer>"
)


def lines(item: str) -> list[str]:
    prose = [f"<p>{paragraph}" for paragraph in STORY]
    return cleaner.clean(PAGE.format("".join(prose[:2]), item, "".join(prose[2:]))).text.split("\n")


@pytest.mark.parametrize(
    "address",
    [
        "https://api.whatsapp.com/send?text=https://olm.example/ferry",
        "whatsapp://send?text=https://olm.example/ferry",
        "https://telegram.me/share/url?url=https://olm.example/ferry",
        "https://www.facebook.com/sharer/sharer.php?u=https://olm.example/ferry",
        "https://twitter.com/intent/tweet?url=https://olm.example/ferry",
        "mailto:?subject=The%20ferry",
    ],
)
def test_a_line_that_sends_the_page_on_goes(address: str) -> None:
    assert lines(f'<a href="{address}">Vidu la pramon al via amiko</a>') == STORY


@pytest.mark.parametrize(
    "item",
    [
        'Write to <a href="mailto:?subject=Ferry">the harbour</a> before the ice comes, or ask at the quay on Monday.',
        '<a href="https://t.me/olmferry">The timetable of the ferry and its prices</a> for the year, in all languages',
        '<a href="https://x.com/shareholders">The shareholders of the ferry</a> met on the quay, and all of them came.',
    ],
)
def test_a_line_with_a_link_stays(item: str) -> None:
    assert len(lines(item)) == len(STORY) + 1
