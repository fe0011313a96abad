"""What a worker does: it reads a piece of the files, tells what is found in it and, when asked, mends it."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from cleaner.check.baseline import Known
from cleaner.check.diagnostics import Diagnostic, Found, examine, shown
from cleaner.check.diff import unified
from cleaner.check.files import File, Piece, WholeFiles, ignored_codes
from cleaner.check.origins import Replacement, replaced, replacements
from cleaner.check.pages import PageText
from cleaner.check.records import RecordText
from cleaner.check.rewrite import Changed, Replacing, State, state
from cleaner.check.sources import FileText, Source
from cleaner.check.suppressions import Silences, html_comments, silences
from cleaner.corpus.compression import BrokenArchiveError, open_read
from cleaner.corpus.jsonl import LinesChunk, parse
from cleaner.corpus.record import FieldNames, Record, Unreadable, too_large
from cleaner.encoding import NotTextError, decode
from cleaner.pipeline import Pipeline
from cleaner.rules import name_of

if TYPE_CHECKING:
    from cleaner.check.sketches import Seen, Sketches

Mode = Literal["look", "fix", "diff"]

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"")


class Report(NamedTuple):
    """What came of a file, or of some lines of one.

    `diagnostics` are those of the file as it is now; `mended` counts those that are no more. `data` are the new
    bytes of lines that changed, `diff` the hunks of a change that was only shown. `remarks` say why something was not
    mended, `wrong` which comments make no sense. `texts` are what duplicates are looked for among; `before` is the
    state of a whole file when it was read.
    """

    file: File
    diagnostics: list[Diagnostic] = []  # noqa: RUF012  # never changed
    mended: int = 0
    data: bytes | None = None
    diff: str = ""
    remarks: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    texts: tuple[Seen, ...] = ()
    before: State | None = None


class _Looked(NamedTuple):
    """What is to be told of a text, the cleaned text, and the changes of the file or line that mend it."""

    diagnostics: list[Diagnostic]
    text: str
    changes: list[Replacement] = []  # noqa: RUF012  # never changed
    mended: int = 0


@dataclass(frozen=True, slots=True)
class Task:
    """How to check. Can be sent to a worker; gives the same whichever does it."""

    pipeline: Pipeline
    names: FieldNames
    unreadable: frozenset[str]
    """Which codes for what cannot be read are told."""
    per_file: Mapping[str, frozenset[str]] = field(default_factory=dict)
    mode: Mode = "look"
    unsafe: bool = False
    known: Known = field(default_factory=Known)
    sketches: Sketches | None = None

    def __call__(self, file: File | None, piece: Piece) -> list[Report]:
        """Check a piece: some whole files, or a part of `file`."""
        if isinstance(piece, WholeFiles):
            reports = [self._whole(each) for each in piece.files]
        else:
            assert file is not None
            reports = [self._lines(file, piece) if isinstance(piece, LinesChunk) else self._rows(file, piece)]
        return reports if self.sketches is None else self._sketched(self.sketches, reports)

    def _sketched(self, sketches: Sketches, reports: list[Report]) -> list[Report]:
        """Sketch the texts of all reports at once, which is faster than one by one."""
        texts = iter(sketches.filled([seen for report in reports for seen in report.texts]))
        return [report._replace(texts=tuple(next(texts) for _ in report.texts)) for report in reports]

    # Whole files

    def _whole(self, file: File) -> Report:
        try:
            before = state(file.path)
            with open_read(file.path) as stream:
                data = stream.read(self.names.max_bytes + 1)
            if len(data) > self.names.max_bytes:
                return self._failed(file, too_large("", "", max(len(data), before[1]), self.names.max_bytes))
            text, encoding = decode(data, html=file.format == "page")
        except BrokenArchiveError as error:
            return self._failed(file, Unreadable("", "RD102", str(error)))
        except NotTextError as error:
            return self._failed(file, Unreadable("", "RD103", str(error)))
        except OSError as error:
            return self._failed(file, Unreadable("", "RD101", error.strerror or str(error)))
        source: Source = FileText(file.format, text, file.shown)
        asked = _requests(source)
        if file.format == "page":
            source, asked = PageText(text, file.shown), silences(text, html_comments(text))
        wrong = tuple(f"{file.shown}:{line}: {why}" for line, why in asked.wrong)
        looked, remarks = self._looked(file, source, asked)
        diff = ""
        if looked.changes:
            old = source.raw or ""
            new = _encoded(data, text, replaced(old, looked.changes), encoding)
            if new is None:
                remarks.append(f"it cannot be written in its encoding, {encoding}")
                looked = self._only_looked(file, source, asked)
            elif self.mode == "diff":
                diff = unified(old, looked.changes)
            elif (why := _written(file.path, before, new)) is not None:
                remarks.append(why)
                looked = self._only_looked(file, source, asked)
        texts = (
            ()
            if self.sketches is None
            else tuple(
                self.sketches.seen(0, data, looked.text, ignored_codes(file.path, self.per_file), _silent(asked))
            )
        )
        return Report(file, looked.diagnostics, looked.mended, None, diff, tuple(remarks), wrong, texts, before)

    def _failed(self, file: File, failure: Unreadable, line: int = 1) -> Report:
        return Report(file, list(self._unreadable(file, failure, line)))

    def _unreadable(self, file: File, failure: Unreadable, line: int) -> Iterator[Diagnostic]:
        if failure.code in self.unreadable - ignored_codes(file.path, self.per_file):
            # The place stands before the message already.
            why = failure.message.removeprefix(f"{failure.id}: ").removeprefix(f"{file.path}: ")
            why = why.removeprefix(f"{file.path}:{line}: ").removeprefix(": ")
            message = f"{name_of(failure.code)}: {shown(why, 300)}"
            yield Diagnostic(file.shown, line, 1, line, 1, failure.code, message, content=failure.code)

    # Records

    def _lines(self, file: File, piece: LinesChunk) -> Report:
        diagnostics: list[Diagnostic] = []
        remarks: list[str] = []
        texts: list[Seen] = []
        changes: dict[int, list[Replacement]] = {}
        lines = piece.data.split(b"\n")
        mended = 0
        off = ignored_codes(file.path, self.per_file)
        for index, line in enumerate(lines):
            number = piece.first + index
            if not line or line.isspace():
                continue
            record = parse(line, file.path, number, self.names)
            if isinstance(record, Unreadable):
                diagnostics += self._unreadable(file, record, number)
                continue
            mark = codecs.BOM_UTF8 if number == 1 and line.startswith(codecs.BOM_UTF8) else b""
            raw = line[len(mark) :].decode("utf-8")
            source = RecordText(file.shown, record.document, number, raw, self.names.text)
            looked, why = self._looked(file, source, Silences())
            remarks += [f"line {number:,}: {reason}" for reason in why]
            diagnostics += looked.diagnostics
            mended += looked.mended
            if self.sketches is not None:
                texts += self.sketches.seen(number, line, looked.text, off)
            if looked.changes:
                changes[index] = looked.changes
                lines[index] = mark + replaced(raw, looked.changes).encode("utf-8")
        data = b"\n".join(lines) if changes and self.mode == "fix" else None
        diff = _lines_diff(piece, changes) if self.mode == "diff" else ""
        return Report(file, diagnostics, mended, data, diff, tuple(remarks), (), tuple(texts))

    def _rows(self, file: File, piece: Piece) -> Report:
        assert not isinstance(piece, WholeFiles)
        diagnostics: list[Diagnostic] = []
        remarks: dict[str, None] = {}
        texts: list[Seen] = []
        for item in piece.items():
            number = int(item.place.rpartition(":")[2]) if item.place.startswith(f"{file.path}:") else 1
            record = item.read()
            if isinstance(record, Unreadable):
                diagnostics += self._unreadable(file, record, number)
                continue
            assert isinstance(record, Record)
            source = RecordText(file.shown, record.document, number, None, self.names.text)
            looked, why = self._looked(file, source, Silences())
            diagnostics += looked.diagnostics
            remarks.update(dict.fromkeys(why))
            if self.sketches is not None:
                line = (record.document.text or str(record.document.html)).encode("utf-8", "surrogatepass")
                texts += self.sketches.seen(number, line, looked.text, ignored_codes(file.path, self.per_file))
        return Report(file, diagnostics, 0, None, "", tuple(remarks), (), tuple(texts))

    # Any text

    def _looked(self, file: File, source: Source, asked: Silences) -> tuple[_Looked, list[str]]:
        """Examine a text and, when asked to, find the changes that mend it; say why not where it cannot be mended."""
        found, told = self._examined(file, source, asked)
        plain = _Looked(self._as_told(file, source, told), found.full.text)
        if self.mode == "look":
            return plain, []
        fixable = [d for d in told if self._may_fix(d) and not self.known.has(d)]
        if not fixable:
            return plain, []
        if self._read_only(file, source):
            return plain, [file.cannot_be_fixed or "a page inside a record is never rewritten"]
        result = found.full if self.unsafe else found.safe
        assert result is not None
        quiet = [d for d in told if self.known.has(d)]
        text = result.source_text
        changes = [
            change
            for change in replacements(text, result.steps, keep_final_line=source.kind != "record")
            if not any(_meet(source, text, change, d) for d in quiet)
        ]
        after = self._again(source, text, changes)
        again, left = self._examined(file, after, _requests(after))
        if any(self._may_fix(d) and not self.known.has(d) for d in left):
            return plain, ["mended, it would have to be mended again, so it is left as it is"]
        told = self._as_told(file, after, left)
        if self.mode == "diff":
            told = plain.diagnostics
        return _Looked(told, again.full.text, source.in_file(changes), len(fixable)), []

    def _only_looked(self, file: File, source: Source, asked: Silences) -> _Looked:
        return replace(self, mode="look")._looked(file, source, asked)[0]

    def _examined(self, file: File, source: Source, asked: Silences) -> tuple[Found, list[Diagnostic]]:
        off = ignored_codes(file.path, self.per_file)
        pipeline = replace(self.pipeline, codes=self.pipeline.codes - off) if off else self.pipeline
        found = examine(source, pipeline)
        told = [d for d in found.diagnostics if not asked.covers(d.code, d.line)]
        return found, [d for d in told if not d.code.startswith("RD") or d.code in self.unreadable - off]

    def _as_told(self, file: File, source: Source, told: list[Diagnostic]) -> list[Diagnostic]:
        return [replace(d, fix=None) for d in told] if self._read_only(file, source) else told

    def _read_only(self, file: File, source: Source) -> bool:
        return file.cannot_be_fixed is not None or source.document.html is not None

    def _may_fix(self, diagnostic: Diagnostic) -> bool:
        return diagnostic.fix == "safe" or (self.unsafe and diagnostic.fix == "unsafe")

    def _again(self, source: Source, text: str, changes: list[Replacement]) -> Source:
        """Give the text as it will be, to be examined once more."""
        assert source.raw is not None
        raw = replaced(source.raw, source.in_file(changes))
        if isinstance(source, RecordText):
            mended = replace(source.record, text=replaced(text, changes))
            return RecordText(source.path, mended, source.number, raw, source.field)
        return FileText(source.kind, raw, source.path)


def _requests(source: Source) -> Silences:
    """Read the requests in a text's comments; in Markdown alone are there comments."""
    if source.kind != "markdown":
        return Silences()
    from cleaner.check.markdown import comments

    text = source.document.text
    return silences(text, comments(text))


def _lines_diff(piece: LinesChunk, changes: Mapping[int, list[Replacement]]) -> str:
    """Give the hunks of changes of lines, by their index; bytes that are not UTF-8 are shown as U+FFFD."""
    text = piece.data.decode("utf-8", "replace")
    moved: list[Replacement] = []
    place = 0
    for index, line in enumerate(text.split("\n")):
        mark = 1 if piece.first + index == 1 and line.startswith("\ufeff") else 0
        moved += [c._replace(start=c.start + place + mark, end=c.end + place + mark) for c in changes.get(index, ())]
        place += len(line) + 1
    return unified(text, moved, before=piece.first - 1)


def _meet(source: Source, text: str, change: Replacement, diagnostic: Diagnostic) -> bool:
    first, last = source.position(text, change.start), source.position(text, change.end)
    begin, end = (diagnostic.line, diagnostic.column), (diagnostic.end_line, diagnostic.end_column)
    return first[:2] <= end and begin <= last[:2]


def _silent(asked: Silences) -> int:
    return asked.covers("ND101", 1) + 2 * asked.covers("ND102", 1)


def _encoded(data: bytes, old: str, new: str, encoding: str) -> bytes | None:
    """Give the new text as bytes of the same encoding and mark; None where the old bytes do not come back that way."""
    try:
        plain = old.encode(encoding)
        mark = next(mark for mark in _MARKS if data.startswith(mark))
        if data == mark + plain:
            return mark + new.encode(encoding)
        return new.encode(encoding) if data == plain else None
    except UnicodeEncodeError:
        return None


def _written(path: str, before: State, data: bytes) -> str | None:
    """Put the new bytes in place; say why where that cannot be."""
    try:
        with Replacing(path, before) as file:
            file.write(data)
            file.commit()
    except Changed:
        return "it was changed by somebody else in the meantime"
    except OSError as error:
        return f"it cannot be written: {error.strerror or error}"
    return None
