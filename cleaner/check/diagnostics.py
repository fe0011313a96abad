"""What is told of a text: each finding with its place, what it is and whether it can be mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import xxhash

from cleaner.check.origins import Origins
from cleaner.check.sources import Position, Source
from cleaner.document import Document, Drop, Edit, Finding, Note, Rule
from cleaner.folding import line_key
from cleaner.inert import shown
from cleaner.kinds.guards import first_place
from cleaner.pipeline import Pipeline, Result
from cleaner.rules import name_of

# Of a long line so much is shown, in code points.
FRAME_CHARS = 160
SHOWN_CHARS = 40
# The most characters of a message.
TOLD_MESSAGE = 300
# The most characters that a replacement may have to be told in the message.
TOLD_CHARS = 24
BLANK_LINES = "WS103"
# White space of an extracted text is the extractor's, and every page has its title twice.
NOT_IN_PAGES = ("WS", "HL102")


class Frame(NamedTuple):
    """The line of the text that a finding is in, or a part of it, and where in that it stands, from 0."""

    line: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding, for people and their editors.

    `line` to `end_column` are those of the file, from 1; the end is the place behind the last character. `fix` says
    how it can be mended: `safe`, `unsafe` or not at all (None); `old` and `new` what would change. `content` is what
    stands there, normalised: together with path and code it tells the finding again where lines have moved.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    code: str
    name: str
    message: str
    content: str = ""
    inside: tuple[int, int] | None = None
    fix: str | None = None
    old: str = ""
    new: str = ""
    frame: Frame | None = None
    duplicate_of: str | None = None
    similarity: float | None = None

    @property
    def fingerprint(self) -> str:
        """A short digest of path, code and content."""
        return digest(self.path, self.code, self.content)


@lru_cache(16)
def digest(*parts: str) -> str:
    """Return a short digest of texts. Thousands of findings may stand in one long line, which is then digested once."""
    return xxhash.xxh3_64_hexdigest("\0".join(parts).encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class _SafeAlone:
    """A rule of which only those edits come through that may be made without being asked twice."""

    rule: Rule

    @property
    def code(self) -> str:
        return self.rule.code

    def __call__(self, document: Document) -> Iterator[Finding]:
        for finding in self.rule(document):
            if not isinstance(finding, Edit) or finding.safe:
                yield finding


def _without_unsafe(pipeline: Pipeline) -> Pipeline:
    """Return the pipeline that does no more than `--fix` may, and judges nothing."""
    return replace(pipeline, cleaning=tuple(_SafeAlone(rule) for rule in pipeline.cleaning), judging=())


class Found(NamedTuple):
    """What was found in a text, what the rules may mend of it by themselves, and what they would."""

    diagnostics: list[Diagnostic]
    safe: Result | None
    """The chain's result with safe edits alone; None where there are none."""
    full: Result


def examine(source: Source, pipeline: Pipeline) -> Found:
    """Run the rules over a text and tell what they find.

    What is safe to mend is found without the rest: where a line is to go, what that would leave behind is no finding.
    """
    document = source.document
    full = pipeline(document)
    text = full.source_text
    found = [d for d, safe in _edits(source, full) if not safe]
    safe = full
    if found and any(edit.safe for step in full.steps for edit in step.edits):
        safe = _without_unsafe(pipeline)(replace(document, html=None, text=text))
    mendable = [d for d, safe_ in _edits(source, safe) if safe_]
    if full.dropped is not None:
        found.append(of_drop(source, full.dropped, text, full.names))
    ordered = sorted(found + mendable, key=lambda d: (d.line, d.column, d.code, d.message))
    return Found(ordered, safe if mendable else None, full)


def of_drop(source: Source, drop: Drop, text: str, names: Mapping[str, str] | None = None) -> Diagnostic:
    """Tell of a text that it would be excluded; the finding stands at its beginning."""
    place = source.position(text, 0)
    first = next((line for line in text.split("\n") if line.strip()), "") if source.where == "record" else ""
    return Diagnostic(
        source.path,
        place.line,
        place.column,
        place.line,
        place.column,
        drop.code or "",
        name_of(drop.code or "", names),
        f"{name_of(drop.code or '', names)}: {shown(drop.message, TOLD_MESSAGE)}",
        content=line_key(first),
        duplicate_of=drop.duplicate_of,
        similarity=drop.similarity,
    )


def _edits(source: Source, result: Result) -> Iterator[tuple[Diagnostic, bool]]:
    """Return the edits and notes of the steps as diagnostics, each with whether it is an edit that is safe."""
    line_at = _LineAt(result.source_text)
    origins = Origins()
    gone: set[int] = set()  # where stretches that were taken out begin and end
    for step in result.steps:
        edits = step.edits
        for edit in edits:
            start, end = origins.span(edit)
            if source.where == "page" and step.code.startswith(NOT_IN_PAGES):
                continue
            if step.code == BLANK_LINES and not gone.isdisjoint((start, end)):
                continue  # what a line leaves behind that goes is no finding of its own
            if not edit.new:
                gone |= {start, end}
            if first_place(edit) > edit.start:
                start = max(start, origins.of(first_place(edit)))
            name = name_of(step.code, result.names)
            yield _of_edit(source, line_at, step.code, name, edit, start, end), edit.safe
        for note in step.findings:
            if isinstance(note, Note):
                edit = Edit(note.start, note.text, "", note.message)
                name = name_of(step.code, result.names)
                told = _of_edit(source, line_at, step.code, name, edit, *origins.span(edit))
                yield replace(told, fix=None, old="", new=""), False
        if edits:
            origins.apply(edits)


class _LineAt:
    """The line around a place of a text. The last one is remembered: thousands of findings may stand in one line."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._last: tuple[int, int, str, str] | None = None

    def __call__(self, place: int) -> tuple[int, str, str]:
        """Return where the line begins, the line without its end, and the line normalised."""
        if self._last is None or not self._last[0] <= place <= self._last[1]:
            begin = self.text.rfind("\n", 0, place) + 1
            end = self.text.find("\n", place)
            end = end if end >= 0 else len(self.text)
            line = self.text[begin:end]
            self._last = begin, end, line, line_key(line)
        begin, _, line, content = self._last
        return begin, line, content


def _of_edit(source: Source, line_at: _LineAt, code: str, name: str, edit: Edit, start: int, end: int) -> Diagnostic:
    text = line_at.text
    place = source.position(text, start)
    # A line that goes ends at its last character and not at the start of the next line.
    stop = source.position(text, end - 1 if end > start and text[end - 1] == "\n" else end) if end > start else place
    if stop < place:
        stop = place
    begin, line, content = line_at(start)
    return Diagnostic(
        source.path,
        *_from_to(place, stop),
        code,
        name,
        _message(name, edit),
        content=content,
        inside=place.inside,
        fix="safe" if edit.safe else "unsafe",
        old=edit.old,
        new=edit.new,
        frame=_frame(line, start - begin, min(end - begin, len(line))),
    )


def _from_to(place: Position, stop: Position) -> tuple[int, int, int, int]:
    return place.line, place.column, stop.line, stop.column


def _message(name: str, edit: Edit) -> str:
    if edit.new and len(edit.old) <= TOLD_CHARS and len(edit.new) <= TOLD_CHARS:
        change = f"'{shown(edit.old, SHOWN_CHARS)}' for '{shown(edit.new, SHOWN_CHARS)}', "
    else:
        change = ""
    return f"{name}: {change}{shown(edit.message, TOLD_MESSAGE)}"


def _frame(line: str, start: int, end: int) -> Frame:
    cut = max(0, start - FRAME_CHARS // 2) if len(line) > FRAME_CHARS else 0
    part = line[cut : cut + FRAME_CHARS]
    return Frame(part, start - cut, max(start - cut, min(end - cut, len(part))))
