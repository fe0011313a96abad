"""The largest group of texts that are alike as a picture: the kept one, and around it those that went for it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cleaner.report.page.elements import Child, Html, element, joined
from cleaner.report.page.parts import code_and_name, counted, floored, table

# Dots lie like the seeds of a sunflower, each the golden angle on from the one before, so that no two touch; the kept
# one takes the room of the first few. In units of the picture, of which one is a pixel.
_TURN = math.pi * (3 - math.sqrt(5))
_STEP, _DOT, _FIRST, _MARGIN = 10.0, 5.5, 4, 24.0

# Rings part what is alike by so much from what is less alike, unless they would lie closer than their words need.
_RINGS = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
_APART = 15.0
_RINGED = ": within a ring at least by what stands on it"

_CLASSES = {"ND101": "exact", "ND103": "contained"}
_NAMES = {"ND101": "exact-duplicate", "ND102": "near-duplicate", "ND103": "contained-text"}

# Texts that the table under the picture names.
_LISTED = 12


def picture(group: Mapping[str, Any]) -> Html:
    """Draw a group, the most alike nearest to the kept one, and name the first of them."""
    members = sorted(group["removed"], key=lambda member: -member["similarity"])
    middle = _radius(len(members)) + _MARGIN
    name = f"The text {group['id']} and {counted(group['number'], 'text')} that went for it"
    kept = element(
        "circle", element("title", group["id"]), cx=f"{middle:.1f}", cy=f"{middle:.1f}", r="9", class_="kept"
    )
    rings = [*_rings([member["similarity"] for member in members], middle)]
    size = f"{2 * middle:.0f}"
    drawing = element(
        "svg",
        *_dots(members, middle),
        kept,
        *rings,
        viewBox=f"0 0 {size} {size}",
        width=size,
        role="img",
        aria_label=name,
        class_="group",
    )
    caption = (
        f"{counted(group['number'], 'text')} went for {group['id']}{_drawn(len(members), group['number'])}. The "
        f"nearer, the more alike, or the more of it is contained{_RINGED if rings else ''}."
    )
    figure = element("figure", drawing, _legend(members), element("figcaption", caption), class_="chart")
    rows: list[tuple[Child, ...]] = [
        (member["id"], member["code"], floored(member["similarity"])) for member in members[:_LISTED]
    ]
    return joined(
        figure, table(("the most alike of these" if len(members) > _LISTED else "removed", "rule", "alike"), rows)
    )


def _drawn(shown: int, number: int) -> str:
    return "" if shown == number else f"; the first {shown:,} are drawn, and --groups writes all"


def _radius(place: float) -> float:
    return _STEP * math.sqrt(place + _FIRST)


def _dots(members: Sequence[Mapping[str, Any]], middle: float) -> Iterator[Html]:
    for place, member in enumerate(members):
        radius, angle = _radius(place), place * _TURN
        told = element("title", f"{member['id']}: {member['code']}, {floored(member['similarity'])}")
        x, y = middle + radius * math.cos(angle), middle + radius * math.sin(angle)
        kind = _CLASSES.get(member["code"], "duplicate")
        yield element("circle", told, cx=f"{x:.1f}", cy=f"{y:.1f}", r=f"{_DOT:.1f}", class_=kind)


def _rings(similarities: Sequence[float], middle: float) -> Iterator[Html]:
    """Yield a ring around those at least that alike, for each step that some of them and not all of them reach."""
    last = _radius(0)
    for least in _RINGS:
        inside = sum(1 for similarity in similarities if similarity >= least)
        radius = _radius(inside - 0.5)
        if 0 < inside < len(similarities) and radius >= last + _APART:
            last = radius
            yield element("circle", cx=f"{middle:.1f}", cy=f"{middle:.1f}", r=f"{radius:.1f}", class_="ring")
            words = f"{least:.0%}"
            yield element("text", words, x=f"{middle:.1f}", y=f"{middle - radius + 4:.1f}", text_anchor="middle")


def _legend(members: Sequence[Mapping[str, Any]]) -> Html:
    lines = [
        element("li", element("i", class_=_CLASSES.get(code, "duplicate")), code_and_name(code, _NAMES.get(code, code)))
        for code, _ in sorted(Counter(member["code"] for member in members).items())
    ]
    return element("ul", element("li", element("i", class_="kept"), "kept"), *lines, class_="legend")
