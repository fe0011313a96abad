"""The largest group of texts that are alike as a picture: the kept one, and around it those that went for it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from cleaner.report.page.elements import Html, element

_SIZE = 460.0
_MIDDLE = _SIZE / 2
_NEAREST, _FARTHEST = 26.0, 205.0
# The golden angle: neighbours in the list stand far apart, and no two texts on one another.
_TURN = math.pi * (3 - math.sqrt(5))


def picture(group: Mapping[str, Any]) -> Html:
    """Draw a group: the less alike a text is, the farther it stands from the kept one. Each says its id."""
    members = group["removed"]
    least = min((member["similarity"] for member in members), default=1.0)
    dots = []
    lines = []
    for number, member in enumerate(members):
        far = (1 - member["similarity"]) / max(1 - least, 1e-9)
        radius, angle = _NEAREST + (_FARTHEST - _NEAREST) * far, number * _TURN
        x, y = _MIDDLE + radius * math.cos(angle), _MIDDLE + radius * math.sin(angle)
        lines.append(
            element("line", x1=f"{_MIDDLE:.1f}", y1=f"{_MIDDLE:.1f}", x2=f"{x:.1f}", y2=f"{y:.1f}", class_="thread")
        )
        told = element("title", f"{member['id']}: {member['code']}, {member['similarity']:.1%}")
        dots.append(element("circle", told, cx=f"{x:.1f}", cy=f"{y:.1f}", r="4.5", class_="duplicate"))
    kept = element(
        "circle", element("title", group["id"]), cx=f"{_MIDDLE:.1f}", cy=f"{_MIDDLE:.1f}", r="9", class_="kept"
    )
    name = f"The text {group['id']} and {group['number']:,} texts that went for it"
    drawing = element(
        "svg", *lines, *dots, kept, viewBox=f"0 0 {_SIZE:.0f} {_SIZE:.0f}", role="img", aria_label=name, class_="group"
    )
    shown = "" if len(members) == group["number"] else f", of which the first {len(members):,} are drawn"
    caption = (
        f"{group['number']:,} texts went for {group['id']}{shown}. The nearest are the same; the farthest "
        f"{least:.1%} alike. Hold the pointer over a dot to see which it is."
    )
    return element("figure", drawing, element("figcaption", caption), class_="chart")
