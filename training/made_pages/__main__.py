"""Measure what an installed cleaner takes for text on the made-up pages: `python -m training.made_pages`."""

from __future__ import annotations

from collections import Counter

import cleaner

from . import made_pages
from .notices import made_notices


def main() -> None:
    """Print a line a kind: pages, pages with false text, pages whose text came out whole, pages that lost theirs."""
    counts: dict[str, Counter[str]] = {}
    pages = [(page.kind, page.html, page.expected_text) for page in made_pages()]
    pages += [(f"{notice.kind} notice", notice.html, notice.text) for notice in made_notices()]
    for kind, html, expected in pages:
        count = counts.setdefault(kind, Counter())
        text = cleaner.clean(html).text
        count["pages"] += 1
        count["false"] += not expected and bool(text.strip())
        count["whole"] += bool(expected) and text.split() == expected.split()
        count["lost"] += bool(expected) and not text.strip()
    print(f"{'kind':<20}{'pages':>6}{'false':>6}{'whole':>6}{'lost':>6}")
    for kind, count in [*counts.items(), ("all", sum(counts.values(), Counter()))]:
        print(f"{kind:<20}" + "".join(f"{count[column]:>6}" for column in ("pages", "false", "whole", "lost")))


if __name__ == "__main__":
    main()
