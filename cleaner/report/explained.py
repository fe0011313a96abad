"""`cleaner explain --html`: one document as a page, before and after at once, in the look of a run's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cleaner.document import Tag
from cleaner.pipeline import Result
from cleaner.report.blocks import grouped, told
from cleaner.report.page.elements import Child, Html, document, element, joined
from cleaner.report.page.languages import NAMES
from cleaner.report.page.page import style
from cleaner.report.page.parts import code_and_name, counted, percent, rows, unseen, visible
from cleaner.report.page.sections import family
from cleaner.rules import name_of
from cleaner.trace import WHITE_SPACE, Span, trace

if TYPE_CHECKING:
    from cleaner.extract.learned.explain import Explained

# The three ways to read the text; the style sheet shows one of them, by what is checked.
VIEWS = (("changes", "Changes"), ("before", "Before"), ("after", "After"))


def explain_page(result: Result) -> Html:
    """Return the page: what is known of the document, its text with the edits explained, the edits by rule."""
    lines = _lines(trace(result.source_text, result.steps), result.names)
    changed = any(step.edits for step in result.steps)
    body = element(
        "main",
        _head(result),
        element(
            "section",
            _views() if changed else element("p", "Nothing was changed.", class_="note"),
            element("div", *lines, class_="document"),
        ),
        _edits(result),
        _blocks(result),
        class_="explained",
    )
    return document(result.title or result.id, style(), body)


def _views() -> Html:
    """Return the buttons that choose how the text is read. No script: the style sheet sees which one is checked."""
    buttons = [
        joined(
            element("input", type="radio", name="view", id=id_, checked=id_ == "changes"),
            element("label", words, for_=id_),
        )
        for id_, words in VIEWS
    ]
    return element("div", *buttons, class_="views")


def _head(result: Result) -> Html:
    known: list[tuple[str, Child]] = [("address", _link(result.document.url))] if result.document.url else []
    known += [(key, str(value)) for key, value in result.metadata.items() if value and key not in ("title", "url")]
    if result.language_score:
        language = NAMES.get(result.language, result.language)
        known.append(("language", f"{language} ({result.language}), {percent(result.language_score, 1)} sure"))
    for step in result.steps:
        known += [
            (tag.key, str(tag.value))
            for tag in step.findings
            if isinstance(tag, Tag) and not tag.key.startswith("language")
        ]
    known.append(("characters", _lengths(len(result.source_text), len(result.text))))
    entries = [item for key, value in dict.fromkeys(known) for item in (element("dt", key), element("dd", value))]
    return element(
        "header",
        element("p", result.id, class_="brand", dir="auto"),
        element("h1", result.title, dir="auto") if result.title else None,
        _verdict(result),
        element("dl", *entries),
    )


def _lengths(before: int, after: int) -> str:
    if before == after:
        return f"{before:,}"
    return f"{before:,} before, {after:,} after: {percent(before - after, before)} taken out"


def _verdict(result: Result) -> Html:
    drop = result.dropped
    if drop is None:
        return element("p", element("b", "kept"), class_="verdict kept")
    code = drop.code or ""
    return element(
        "p",
        element("b", "not kept"),
        " ",
        code_and_name(code, name_of(code)),
        ": ",
        drop.message,
        class_="verdict gone",
    )


def _link(url: str) -> Html | str:
    """Return an address as a link where it is one of the web."""
    if url.startswith(("http://", "https://")):
        return element("a", url, href=url, rel="noreferrer noopener")
    return url


def _lines(spans: list[Span], names: Mapping[str, str]) -> list[Html]:
    """Return the lines of the source, each with its line end and the reasons for what was changed in it."""
    lines: list[Html] = []
    pieces: list[Child] = []
    notes: list[Child] = []
    for span in spans:
        if span.codes:
            pieces += _changed(span)
            notes += [_note(span, names)] if not all(code.startswith(WHITE_SPACE) for code in span.codes) else []
            if span.source.endswith("\n"):
                lines.append(_line(pieces, notes))
                pieces, notes = [], []
            continue
        *whole, last = span.source.split("\n")
        for piece in whole:
            lines.append(_line([*pieces, f"{piece}\n"], notes))
            pieces, notes = [], []
        pieces.append(last)
    lines.append(_line(pieces, notes))
    return lines


def _changed(span: Span) -> list[Child]:
    """Return what went and what came; what cannot be seen has signs beside it, which the style sheet shows."""
    made: list[Child] = []
    if unseen(span.source):
        made.append(element("del", span.source.replace("\r", ""), class_="space", data_shown=visible(span.source)))
    elif span.source:
        made.append(element("del", span.source))
    if span.text:
        made.append(element("ins", span.text))
    return made


def _note(span: Span, names: Mapping[str, str]) -> Html:
    codes = [code_and_name(code, name_of(code, names)) for code in span.codes if not code.startswith(WHITE_SPACE)]
    named = [codes[0], *(joined(", ", code) for code in codes[1:])]
    return element("div", *named, element("br"), span.message)


def _line(pieces: list[Child], notes: list[Child]) -> Html:
    """Return one line and, beside it, why it was changed. A line of which nothing stays is not there afterwards."""
    shown = [piece for piece in pieces if piece]
    gone = bool(shown) and all(isinstance(piece, Html) and piece.startswith("<del") for piece in shown)
    return element(
        "div",
        element("div", *shown, dir="auto"),
        element("aside", *dict.fromkeys(notes)) if notes else None,
        class_="line gone" if gone else "line",
    )


def _blocks(result: Result) -> Html | None:
    """Return the blocks of the page that the text was taken from, those left out struck through, and why."""
    if not result.blocks:
        return None
    kept = sum(block.kept for block in result.blocks)
    lines = [
        element(
            "div",
            element("div", *_texts(group), dir="auto"),
            element("aside", element("b", group[0].kind), element("br"), told(group)),
            class_="line" if group[0].kept else "line gone",
        )
        for group in grouped(result.blocks)
    ]
    return element(
        "section",
        element("h2", f"{counted(len(result.blocks), 'block')} of the page, {kept:,} kept"),
        element("div", *lines, class_="document"),
    )


def _texts(group: list[Explained]) -> list[Child]:
    if group[0].kept:
        return [group[0].text]
    pieces: list[Child] = []
    for block in group:
        pieces += [element("del", block.text), "  "]
    return pieces[:-1]


def _edits(result: Result) -> Html | None:
    sums: dict[str, tuple[int, int]] = {}
    for step in result.steps:
        if step.edits:
            number, chars = sums.get(step.code, (0, 0))
            gone = sum(len(edit.old) - len(edit.new) for edit in step.edits)
            sums[step.code] = number + len(step.edits), chars + gone
    if not sums:
        return None
    lines = [
        (
            (
                code_and_name(code, name_of(code, result.names)),
                element("i", class_=family(code)[1]),
                f"{chars:,}",
                f"{number:,}",
            ),
            None,
        )
        for code, (number, chars) in sorted(sums.items(), key=lambda item: (-item[1][1], item[0]))
    ]
    total = sum(number for number, _ in sums.values())
    return element(
        "section",
        element("h2", counted(total, "edit")),
        rows("reasons", ("Rule", "", "characters", "edits"), lines),
    )
