"""What microdata says of a part of a page: whose it is, and by whom."""

from __future__ import annotations

from itertools import islice

from cleaner.extract.page import Element

# A name stands near the beginning of what it names, and is short, in elements and pieces of text.
_MOST_ELEMENTS, _MOST_PIECES = 200, 20
_OF_OTHERS = frozenset({"comment", "itemreviewed", "review", "reviews"})


def is_of_review(element: Element) -> bool:
    """Tell whether an element stands in a review or a comment, whose author and date are not the page's."""
    while element is not None:
        if starts_review(element):
            return True
        element = element.getparent()
    return False


def starts_review(element: Element) -> bool:
    """Tell whether an element is a review or a comment on something that the page is about."""
    return (element.get("itemprop") or "").lower() in _OF_OTHERS


def is_organization(element: Element) -> bool:
    """Tell whether an element describes an organization."""
    return (element.get("itemtype") or "").endswith("Organization")


def name_in(element: Element) -> str | None:
    """Return the name that an element with properties of its own says; None where it says none."""
    if element.get("itemscope") is None:
        return None
    for part in islice(element.iterdescendants(), _MOST_ELEMENTS):
        if part.get("itemprop") == "name":
            return part.get("content") or " ".join("".join(islice(part.itertext(), _MOST_PIECES)).split())
    return None
