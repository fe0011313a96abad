"""The lists of a page: which item a block belongs to, how deep its list is nested, and its number."""

from __future__ import annotations

from typing import Final

from cleaner.extract.block import Page

_LISTS: Final = frozenset({"ul", "ol", "menu", "dir"})
_ROMAN: Final = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    )
)


class Lists:
    """The items of a page's lists, counted in one pass over its containers.

    For each container `items` has the container of the item that it stands in or is, `lists` that of the list (-1
    outside of lists), and `depths` the number of lists around it. `numbers` has those of the items of ordered lists.
    """

    def __init__(self, page: Page) -> None:
        tags, parents = page.tags, page.parents
        count = len(tags)
        self.items, self.lists, self.depths = [-1] * count, [-1] * count, [0] * count
        self.numbers: dict[int, int] = {}
        self._attributes = page.attributes
        if "li" not in tags:
            return
        items, lists, depths = self.items, self.lists, self.depths
        counters: dict[int, tuple[int, int]] = {}
        for node, tag in enumerate(tags):
            parent = parents[node]
            if parent >= 0:
                self.items[node], self.depths[node], lists[node] = (
                    self.items[parent],
                    self.depths[parent],
                    lists[parent],
                )
            if tag in _LISTS:
                depths[node] += 1
                lists[node] = node
            elif tag == "li":
                items[node] = node
                around = lists[node]
                if around >= 0 and tags[around] == "ol":
                    number, step = counters.get(around) or _start(page, around)
                    number = _integer(page.attributes.get(node, {}).get("value"), number)
                    counters[around] = (number + step, step)
                    self.numbers[node] = number

    def marker(self, item: int) -> str:
        """Return an item's marker: "-", or its number as the page shows it."""
        number = self.numbers.get(item)
        if number is None:
            return "-"
        return f"{_shown(number, self._attributes.get(self.lists[item], {}).get('type', ''))}."


def _start(page: Page, ordered: int) -> tuple[int, int]:
    """Return the number of a list's first item, and what is added for each next."""
    attributes = page.attributes.get(ordered, {})
    if "reversed" not in attributes:
        return _integer(attributes.get("start"), 1), 1
    items = sum(tag == "li" and parent == ordered for tag, parent in zip(page.tags, page.parents, strict=True))
    return _integer(attributes.get("start"), items), -1


def _integer(text: str | None, default: int) -> int:
    text = (text or "").strip()
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 10):
        return default
    return int(text)


def _shown(number: int, kind: str) -> str:
    if kind in ("a", "A") and number > 0:
        letters = ""
        while number:
            number, letter = divmod(number - 1, 26)
            letters = chr(ord(kind) + letter) + letters
        return letters
    if kind in ("i", "I") and 0 < number < 4000:
        roman = ""
        for value, digits in _ROMAN:
            times, number = divmod(number, value)
            roman += digits * times
        return roman if kind == "i" else roman.upper()
    return str(number)
