"""A document before and after at once: which stretch of the source was kept, taken out or changed, and by what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cleaner.document import Edit, Step

# What a line leaves blank when it goes, goes with it: that is no reason of its own.
WHITE_SPACE = "WS"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the source, what became of it, and the code and message of the edits that did it.

    Unchanged where `codes` is empty. `source` is empty for something put in, `text` for something taken out.
    """

    source: str
    text: str
    codes: tuple[str, ...] = ()
    message: str = ""


def trace(source: str, steps: Sequence[Step]) -> list[Span]:
    """Return the spans of the source in order: their sources joined are the source, their texts the cleaned text."""
    spans = [Span(source, source)]
    for step in steps:
        if step.edits:
            spans = _with_edits(spans, step.code, step.edits)
    return spans


def _with_edits(spans: Sequence[Span], code: str, edits: Sequence[Edit]) -> list[Span]:
    out: list[Span] = []
    place = 0  # in the text that the spans make
    waiting = list(reversed(edits))
    for span in spans:
        end = place + len(span.text)
        # What went before has no place in the text any more: an edit around it is not about it.
        while waiting and waiting[-1].start < end:
            edit = waiting[-1]
            if edit.start > place:
                before, span = _split(span, edit.start - place)
                out.append(before)
                place = edit.start
            stop = edit.start + len(edit.old)
            if stop >= end:
                # The edit takes the rest of this span, and may go on in the next one.
                out.append(_changed(span, edit.new, code, edit.message))
                span = Span("", "")
                place = end
                if stop > end:
                    waiting[-1] = replace(edit, start=end, old=edit.old[len(edit.old) - (stop - end) :], new="")
                else:
                    waiting.pop()
                break
            taken, span = _split(span, stop - place)
            out.append(_changed(taken, edit.new, code, edit.message))
            place = stop
            waiting.pop()
        out.append(span)
        place = end
    for edit in reversed(waiting):
        out.append(Span("", edit.new, (code,), edit.message))
    return [span for span in out if span.source or span.text]


def _split(span: Span, at: int) -> tuple[Span, Span]:
    """Cut a span so that the first part makes `at` characters of the text.

    A span that was changed already has no place inside where its source could be cut: that goes with the first part.
    """
    if span.source == span.text:
        return replace(span, source=span.source[:at], text=span.text[:at]), replace(
            span, source=span.source[at:], text=span.text[at:]
        )
    return replace(span, text=span.text[:at]), replace(span, source="", text=span.text[at:])


def _changed(span: Span, new: str, code: str, message: str) -> Span:
    if span.codes and code.startswith(WHITE_SPACE):
        return replace(span, text=new)
    codes = span.codes if code in span.codes else (*span.codes, code)
    return Span(span.source, new, codes, f"{span.message}; {message}" if span.message else message)
