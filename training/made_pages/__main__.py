"""Measure what an installed cleaner takes for text on the made-up pages: `python -m training.made_pages`."""

from __future__ import annotations

from collections import Counter

import cleaner

from . import made_pages


def main() -> None:
    """Print a line a kind: pages, pages with false text, pages whose text came out whole, pages that lost theirs."""
    counts: dict[str, Counter[str]] = {}
    for page in made_pages():
        count = counts.setdefault(page.kind, Counter())
        text = cleaner.clean(page.html).text
        count["pages"] += 1
        count["false"] += not page.expected_text and bool(text.strip())
        count["whole"] += bool(page.expected_text) and text.split() == page.expected_text.split()
        count["lost"] += bool(page.expected_text) and not text.strip()
    print(f"{'kind':<14}{'pages':>6}{'false':>6}{'whole':>6}{'lost':>6}")
    for kind, count in [*counts.items(), ("all", sum(counts.values(), Counter()))]:
        print(f"{kind:<14}" + "".join(f"{count[column]:>6}" for column in ("pages", "false", "whole", "lost")))


if __name__ == "__main__":
    main()
