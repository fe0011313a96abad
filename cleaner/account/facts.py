"""What a report wants to know of one document, taken in the worker, where its text still is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import xxhash

from cleaner.document import Edit
from cleaner.pipeline import Result
from cleaner.trace import Span, trace

# Characters of an example's text that went, of what stands on either side of it, and of the
# beginning of a text that is not kept: what a person reads at a glance.
EXAMPLE_CHARS = 300
CONTEXT_CHARS = 90
EXCERPT_CHARS = 300

# What a part of an example is: it stayed, it went, it came in its place, or another rule took it.
SAME, GONE, NEW, OTHER = "same", "gone", "new", "other"

Part = tuple[str, str]


class Example(NamedTuple):
    """One thing that a rule did, with what stands around it."""

    code: str
    parts: tuple[Part, ...]


class Facts(NamedTuple):
    """What a report wants to know of one document.

    `seconds` is the time its cleaning took, `excerpt` the beginning of a text that a rule excluded, `cut` the
    characters taken out by code.
    """

    seconds: float
    excerpt: str
    cut: tuple[tuple[str, int], ...]
    examples: tuple[Example, ...]


def facts(result: Result, seconds: float) -> Facts:
    """Take the facts of a cleaned document, at most some hundred characters for each rule that changed it."""
    cut: dict[str, int] = {}
    for step in result.steps:
        for finding in step.findings:
            if isinstance(finding, Edit):
                cut[step.code] = cut.get(step.code, 0) + len(finding.old) - len(finding.new)
    return Facts(
        seconds,
        "" if result.dropped is None else beginning(result.text.strip() or result.source_text.strip(), EXCERPT_CHARS),
        tuple(cut.items()),
        tuple(_examples(result, sorted(cut))) if cut and result.dropped is None else (),
    )


def clip(text: str, chars: int) -> str:
    """Return a text that is not longer than `chars`: its beginning and its end where it is.

    >>> clip("abcdefghij", 7)
    'abcd…ij'
    """
    if len(text) <= chars:
        return text
    end = (chars - 1) // 3
    return f"{text[: chars - 1 - end]}…{text[len(text) - end :]}"


def beginning(text: str, chars: int) -> str:
    """Return the beginning of a text, up to a space where there is one.

    >>> beginning("one two three", 9), beginning("onetwothree", 9), beginning("one", 9)
    ('one two…', 'onetwoth…', 'one')
    """
    if len(text) <= chars:
        return text
    cut = text[: chars - 1]
    return (cut.rpartition(" ")[0] if " " in cut[chars // 2 :] else cut) + "…"


def _examples(result: Result, codes: Sequence[str]) -> list[Example]:
    """Choose one edit a code, by a hash of the document's id, so that the same run shows the same."""
    places: dict[str, list[int]] = {}
    spans = trace(result.source_text, result.steps)
    for index, span in enumerate(spans):
        for code in span.codes:
            places.setdefault(code, []).append(index)
    examples = []
    for code in codes:
        if code in places:
            chosen = xxhash.xxh3_64_intdigest(f"{code} {result.id}".encode("utf-8", "replace")) % len(places[code])
            examples.append(Example(code, tuple(_parts(spans, places[code][chosen]))))
    return examples


def _parts(spans: Sequence[Span], index: int) -> list[Part]:
    span = spans[index]
    before = _context([_other(s) for s in reversed(spans[max(0, index - 6) : index])], backwards=True)
    after = _context([_other(s) for s in spans[index + 1 : index + 7]], backwards=False)
    changed = [(GONE, clip(span.source, EXAMPLE_CHARS)), (NEW, clip(span.text, EXAMPLE_CHARS))]
    return [*before, *((kind, text) for kind, text in changed if text), *after]


def _other(span: Span) -> Part:
    if span.source == span.text:
        return SAME, span.text
    return (SAME, span.text) if span.text else (OTHER, span.source)


def _context(parts: Sequence[Part], *, backwards: bool) -> list[Part]:
    """Take the nearest parts, up to `CONTEXT_CHARS` in all, in order of the text."""
    taken: list[Part] = []
    left = CONTEXT_CHARS
    for kind, text in parts:
        if left <= 0:
            break
        taken.append((kind, beginning(text[::-1], left)[::-1] if backwards else beginning(text, left)))
        left -= len(text)
    return taken[::-1] if backwards else taken
