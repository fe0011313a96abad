"""Pictures as inline SVG, coloured by classes of the style sheet: the flow of a run, bars, histograms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleaner.report.page.elements import Html, element, joined
from cleaner.report.page.parts import counted


class Branch(NamedTuple):
    """Documents that leave the flow: how many, what they are called, and the class of their colour."""

    documents: int
    label: str
    kind: str


# The flow, in units of its picture: the stream at the input, what a branch takes at the least so
# that it is seen, its bend, and the room for a branch along the stream and for labels across.
STREAM = 120.0
THINNEST = 1.5
BEND = 16.0
START = 20.0

# Width of the narrowest bar, in per cent.
NARROWEST = 0.6


class _Frame(NamedTuple):
    """How the flow lies: along the page (wide) or down it (narrow). The same geometry, with the axes swapped."""

    down: bool
    stride: float
    reach: float

    def point(self, along: float, across: float) -> str:
        x, y = (across, along) if self.down else (along, across)
        return f"{x:.1f} {y:.1f}"


def flow(read: int, kept: int, branches: Sequence[Branch]) -> Html:
    """Draw the documents as a stream from the input to the corpus, from which branches leave in order of the chain.

    Twice, for wide and for narrow pages: the style sheet shows one of the two.
    """
    wide = _Frame(False, min(190.0, 1000.0 / (len(branches) + 0.5)), 46.0)
    narrow = _Frame(True, 64.0, 40.0)
    return joined(_flow(wide, read, kept, branches), _flow(narrow, read, kept, branches))


def _flow(frame: _Frame, read: int, kept: int, branches: Sequence[Branch]) -> Html:
    top = 8.0 if frame.down else 34.0
    along = START if frame.down else 0.0
    ends: list[Html] = []
    shapes: list[Html] = []
    left = read
    scale = STREAM / max(read, 1)
    # The stream's far edge, from the input on: a step inwards wherever a branch has left.
    edge = [(along, top + STREAM)]
    for branch in branches:
        bottom = edge[-1][1]
        width = max(branch.documents * scale, THINNEST)
        left -= branch.documents
        end = top + STREAM + frame.reach
        shapes.append(_bend(frame, along, bottom - width, bottom, end, branch.kind))
        ends.append(_branch_label(frame, along + BEND + width / 2, end, branch))
        edge += [(along, top + max(left * scale, THINNEST)), (along + frame.stride, top + max(left * scale, THINNEST))]
        along += frame.stride
    stop = along + 40.0 if frame.down else 1000.0
    edge += [(stop, edge[-1][1]), (stop, top), (edge[0][0], top)]
    shapes.insert(0, element("path", d=f"M{' L'.join(frame.point(*corner) for corner in edge)}Z", class_="kept"))
    if frame.down:
        labels = [
            _words(top, along=12.0, lines=(f"{read:,} read",)),
            _words(top, stop + 22.0, (f"{kept:,} kept",), "kept"),
        ]
        box = f"0 0 340 {stop + 30.0:.0f}"
    else:
        labels = [
            element("text", _strong(f"{read:,}"), " read", x=0, y=22),
            element("text", _strong(f"{kept:,}"), " kept", x=1000, y=22, text_anchor="end", class_="kept"),
        ]
        box = f"0 0 1000 {top + STREAM + frame.reach + 44.0:.0f}"
    name = f"{read:,} documents read, {kept:,} kept; " + ", ".join(f"{b.documents:,} {b.label}" for b in branches)
    return element(
        "svg",
        *shapes,
        *labels,
        *ends,
        viewBox=box,
        class_="flow narrow" if frame.down else "flow wide",
        role="img",
        aria_label=name,
    )


def _words(x: float, along: float, lines: Sequence[str], kind: str | None = None) -> Html:
    return joined(*(element("text", line, x=x, y=along + 16.0 * n, class_=kind) for n, line in enumerate(lines)))


def _strong(words: str) -> Html:
    return element("tspan", words, class_="number")


def _bend(frame: _Frame, along: float, top: float, bottom: float, end: float, kind: str) -> Html:
    """Draw what turns away from the stream's edge, `top` to `bottom` wide, and goes on to `end`."""
    width = bottom - top
    inner, outer = along + BEND, along + BEND + width
    half = BEND * 0.45
    path = (
        f"M{frame.point(along, top)} C{frame.point(along + (BEND + width) * 0.55, top)} "
        f"{frame.point(outer, top + (BEND + width) * 0.45)} {frame.point(outer, bottom + BEND)} "
        f"L{frame.point(outer, end)} L{frame.point(inner, end)} L{frame.point(inner, bottom + BEND)} "
        f"C{frame.point(inner, bottom + half)} {frame.point(inner - half, bottom)} {frame.point(along, bottom)}Z"
    )
    return element("path", d=path, class_=kind)


def _branch_label(frame: _Frame, along: float, end: float, branch: Branch) -> Html:
    x, y = (end + 10.0, along - 2.0) if frame.down else (along - 6.0, end + 20.0)
    return joined(
        element("text", f"{branch.documents:,}", x=f"{x:.0f}", y=f"{y:.0f}", class_=f"number {branch.kind}"),
        element("text", branch.label, x=f"{x:.0f}", y=f"{y + 18.0:.0f}"),
    )


def bar(share: float, kind: str = "") -> Html:
    """Draw a bar as wide as its column times `share`, in [0, 1]; what is more than nothing can be seen."""
    width = max(share * 100, NARROWEST) if share > 0 else 0.0
    rect = element("rect", width=f"{width:.2f}", height=1, class_=kind or None)
    return element("svg", rect, viewBox="0 0 100 1", preserveAspectRatio="none", class_="bar", aria_hidden="true")


def stacked(parts: Sequence[tuple[float, str]]) -> Html:
    """Draw the parts of one bar side by side: shares of the whole, and the classes of their colours."""
    rects = []
    x = 0.0
    for share, kind in parts:
        rects.append(element("rect", x=f"{x * 100:.3f}", width=f"{share * 100:.3f}", height=1, class_=kind))
        x += share
    return element("svg", *rects, viewBox="0 0 100 1", preserveAspectRatio="none", class_="stacked", aria_hidden="true")


class Series(NamedTuple):
    """Heights of a histogram's columns, and the class of their colour; `outline` draws the steps alone."""

    heights: Sequence[int]
    kind: str
    outline: bool = False


def histogram(series: Sequence[Series], ticks: Sequence[tuple[float, str]], unit: str, name: str) -> Html:
    """Draw series over the same columns; `ticks` are places from 0 to 1 along the axis, and their words.

    The plot stretches with the page, the words keep their size.
    """
    highest = max((height for one in series for height in one.heights), default=0) or 1
    columns = max(len(one.heights) for one in series)
    shapes = [shape for one in series for shape in _steps(one, columns, highest)]
    plot = element(
        "svg",
        *shapes,
        viewBox="0 0 1000 100",
        preserveAspectRatio="none",
        y=20,
        width="100%",
        height=160,
        class_="plot",
    )
    marks = [element("text", f"highest column: {counted(highest, unit)}", x=0, y=12)]
    for place, words in ticks:
        x = f"{place * 100:.2f}%"
        anchor = "start" if place < 0.03 else "end" if place > 0.97 else "middle"
        marks.append(element("line", x1=x, x2=x, y1=180, y2=185))
        marks.append(element("text", words, x=x, y=200, text_anchor=anchor))
    axis = element("line", x1=0, x2="100%", y1=180, y2=180)
    return element("svg", plot, axis, *marks, class_="histogram", height=206, width="100%", role="img", aria_label=name)


def _steps(series: Series, columns: int, highest: int) -> Iterator[Html]:
    width = 1000 / columns
    points = ["M0 100"]
    for index, height in enumerate(series.heights):
        y = 100 - 97 * height / highest
        points.append(f"V{y:.1f}H{(index + 1) * width:.1f}")
    points.append("V100")
    yield element("path", d="".join(points), class_=f"{series.kind} {'outline' if series.outline else 'filled'}")
