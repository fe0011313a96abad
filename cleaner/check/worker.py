"""What a worker does: it reads a piece of the files, tells what is found in it and, when asked, mends it."""

from __future__ import annotations

import codecs
import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple

from cleaner.check.baseline import Known
from cleaner.check.diagnostics import TOLD_MESSAGE, Diagnostic, Found, examine
from cleaner.check.diff import Hunks, unified
from cleaner.check.encodings import WIDE_MARKS, encoded, in_utf8, not_utf8, record_not_utf8
from cleaner.check.files import File, file_of, ignored_codes
from cleaner.check.origins import Replacement, replaced, replacements
from cleaner.check.pages import PageText
from cleaner.check.pieces import Entry, Failed, Unit, Whole, file_at
from cleaner.check.records import RecordText, changed
from cleaner.check.rewrite import Changed, Replacing, State
from cleaner.check.sources import FileText, Source
from cleaner.corpus.files import id_of
from cleaner.corpus.record import FieldNames, Unreadable
from cleaner.document import Drop
from cleaner.inert import inert, shown
from cleaner.kinds import MARKDOWN
from cleaner.kinds.guards import WHOLE_TEXT_LINE
from cleaner.kinds.suppressions import Named, Silences, html_comments, may_ask, silences
from cleaner.pipeline import Pipeline
from cleaner.rules import name_of
from cleaner.rules.catalog import DUPLICATES
from cleaner.rules.names import named
from cleaner.runner.guarded import Guarded

if TYPE_CHECKING:
    from cleaner.check.sketches import Seen, Sketches

Mode = Literal["look", "fix", "diff"]


class Splice(NamedTuple):
    """Bytes of a chunk's data, from `start` on and up to but without `end`, and what stands there after."""

    start: int
    end: int
    new: bytes


class Report(NamedTuple):
    """What came of a file, or of one line or row of it, which has a `number`.

    `diagnostics` are those of the file as it is now; `mended` counts those that are no more. Of a line that is to be
    changed, `change` says how, and `otherwise` is found where that is not put in place; of a file, `diff`
    has the hunks of a change that was only shown. `remarks` say why something was not mended, `wrong` which comments
    make no sense. `texts` are what duplicates are looked for among; `before` is the state of a whole file when it was
    read.
    """

    file: File
    number: int = 0
    diagnostics: tuple[Diagnostic, ...] = ()
    mended: int = 0
    change: Splice | None = None
    otherwise: tuple[Diagnostic, ...] = ()
    diff: str = ""
    remarks: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    texts: tuple[Seen, ...] = ()
    before: State | None = None


class _Looked(NamedTuple):
    """What is to be told of a text, the cleaned text, and the changes of the file or line that mend it.

    `otherwise` is to be told where the changes cannot be made.
    """

    diagnostics: list[Diagnostic]
    text: str
    changes: tuple[Replacement, ...] = ()
    mended: int = 0
    otherwise: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Task(Guarded[Unit, Report]):
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
    not_compared: frozenset[str] = frozenset()
    """Which codes of duplicates the configuration of these files does not ask for."""

    def off(self, file: File) -> frozenset[str]:
        """Return the codes that are not told of a file."""
        return ignored_codes(file.name, self.per_file) | self.not_compared

    def warm_up(self) -> None:
        """Load what the first text would have to wait for."""
        examine(FileText("The ferry left at nine, and nobody was on the pier.\n", ""), self.pipeline)

    def is_text(self, unit: Unit) -> bool:
        """Tell whether a unit that was read is text, and no page."""
        match unit:
            case Whole():
                return unit.file.format != "page"
            case Entry():
                return unit.document.html is None
            case Failed():
                return False

    def work(self, unit: Unit) -> Report:
        """Tell what is found in a unit and, when asked to, mend it."""
        match unit:
            case Whole():
                return self._whole(unit)
            case Entry():
                return self._entry(unit)
            case Failed():
                return self._failed(unit)

    def not_read(self, place: str, why: Drop) -> Failed:
        """Return what stands for a unit that could not even be read."""
        path, number = file_at(place)
        return Failed(file_of(path, self.names.records_at), number or 1, Unreadable(place, why))

    def refuse(self, unit: Unit | None, place: str, why: Drop) -> Report:
        """Return the report of a unit that is not to be checked; None for one that cannot even be read."""
        if unit is None:
            return self._failed(self.not_read(place, why))
        return self._failed(Failed(unit.file, _number(unit), Unreadable(place, why)))

    def sketched(self, reports: list[Report]) -> list[Report]:
        """Sketch the texts of all reports at once, which is faster than one by one."""
        if self.sketches is None:
            return reports
        texts = iter(self.sketches.filled([seen for report in reports for seen in report.texts]))
        return [report._replace(texts=tuple(next(texts) for _ in report.texts)) for report in reports]

    # Units

    def _whole(self, unit: Whole) -> Report:
        file = unit.file
        page = file.format == "page"
        source: Source = PageText(unit.text, file.shown) if page else FileText(unit.text, file.shown, self.names.kinds)
        asked = self._requests(source)
        wrong = tuple(f"{inert(file.shown)}:{line}: {why}" for line, why in asked.wrong)
        looked, remarks = self._looked(file, source, asked)
        diff = ""
        told = self._not_utf8(file, not_utf8(unit), asked)
        anew = self.mode != "look" and told is not None and self._may_fix(told) and not self.known.has(told)
        if looked.changes or anew:
            old = source.raw or ""
            new = (in_utf8 if anew else encoded)(unit, replaced(old, looked.changes))
            if new is None:
                remarks = (f"it cannot be written in {'UTF-8' if anew else f'its encoding, {unit.encoding}'}",)
            elif self.mode == "diff":
                diff = _hunks(unit, new, old, looked.changes, anew)
            elif (why := _written(file.real, unit.before, new)) is not None:
                remarks = (why,)
            if remarks:
                looked, anew = self._only_looked(file, source, asked), False
        quiet = frozenset(code for code in DUPLICATES if asked.covers(code, WHOLE_TEXT_LINE))
        return Report(
            file,
            diagnostics=_together(looked.diagnostics, None if anew and self.mode == "fix" else told),
            mended=looked.mended + anew,
            diff=diff,
            remarks=remarks,
            wrong=wrong,
            texts=self._texts(file, 0, unit.data, looked.text, quiet),
            before=unit.before,
        )

    def _entry(self, unit: Entry) -> Report:
        source = self._record(unit)
        looked, remarks = self._looked(unit.file, source, Silences())
        change = None
        if unit.raw is not None and looked.changes:
            new = replaced(source.raw or "", looked.changes).encode("utf-8")
            change = Splice(unit.raw.start, unit.raw.start + len(unit.raw.data), new)
        told = self._not_utf8(unit.file, record_not_utf8(unit), Silences())
        content = (unit.document.text or str(unit.document.html)).encode("utf-8", "surrogatepass")
        return Report(
            unit.file,
            unit.number,
            _together(looked.diagnostics, told),
            looked.mended,
            change,
            looked.otherwise,
            remarks=remarks,
            texts=self._texts(unit.file, unit.number, content if unit.raw is None else unit.raw.data, looked.text),
        )

    def _record(self, unit: Entry) -> RecordText:
        """Return the text of a record with the bytes that it stands in, where these are known and UTF-8."""
        shown, names = unit.file.shown, self.names
        if unit.raw is not None:
            with contextlib.suppress(UnicodeDecodeError):
                raw = unit.raw.data.decode("utf-8")
                return RecordText(
                    shown, unit.document, unit.number, raw, names.text, unit.raw.texts, column=unit.raw.column
                )
        return RecordText(shown, unit.document, unit.number, None, names.text)

    def _failed(self, unit: Failed) -> Report:
        return Report(unit.file, unit.number, tuple(self._unreadable(unit)))

    def _unreadable(self, unit: Failed) -> Iterator[Diagnostic]:
        file, line, failure = unit
        dropped = failure.dropped
        if dropped.code in self.unreadable - self.off(file):
            # The place stands before the message already.
            path = id_of(file.path)
            why = dropped.message.removeprefix(f"{failure.id}: ").removeprefix(f"{path}: ")
            why = why.removeprefix(f"{path}:{line}: ").removeprefix(": ")
            name = name_of(dropped.code)
            message = f"{name}: {shown(why, TOLD_MESSAGE)}"
            yield Diagnostic(file.shown, line, 1, line, 1, dropped.code, name, message, content=dropped.code)

    def _not_utf8(self, file: File, found: Diagnostic | None, asked: Silences) -> Diagnostic | None:
        """Return the finding that a file is not UTF-8, where it is to be told."""
        wanted = found is not None and found.code in self.pipeline.codes - self.off(file)
        return found if found is not None and wanted and not asked.covers(found.code, found.line) else None

    def _texts(
        self, file: File, number: int, content: bytes, text: str, quiet: frozenset[str] = frozenset()
    ) -> tuple[Seen, ...]:
        if self.sketches is None:
            return ()
        return tuple(self.sketches.seen(number, content, text, self.off(file), quiet))

    # Any text

    def _looked(self, file: File, source: Source, asked: Silences) -> tuple[_Looked, tuple[str, ...]]:
        """Examine a text and, when asked to, find the changes that mend it; say why not where it cannot be mended."""
        found, told = self._examined(file, source, asked)
        plain = _Looked(self._as_told(file, source, told), found.full.text)
        if self.mode == "look":
            return plain, ()
        fixable = [d for d in told if self._may_fix(d) and not self.known.has(d)]
        if not fixable:
            return plain, ()
        if self._read_only(file, source):
            page = source.document.html is not None
            why = (
                "a page inside a record is never rewritten" if page else "a record that is no UTF-8 is never rewritten"
            )
            return plain, (file.cannot_be_fixed or why,)
        result = found.full if self.unsafe else found.safe
        assert result is not None
        quiet = [d for d in told if self.known.has(d)]
        text = result.source_text
        changes = [
            change
            for change in replacements(text, result.steps)
            if not any(_meet(source, text, change, d) for d in quiet)
        ]
        after = self._again(source, text, changes)
        # What is to be quiet in Markdown the pipeline has left out.
        again, left = self._examined(file, after, Silences())
        if any(self._may_fix(d) and not self.known.has(d) for d in left):
            where = f"line {source.position(text, 0).line:,}: " if source.where == "record" else ""
            return plain, (f"{where}mended, it would have to be mended again",)
        told = self._as_told(file, after, left)
        if self.mode == "diff":
            told = plain.diagnostics
        mended = tuple(source.in_file(changes))
        return _Looked(told, again.full.text, mended, len(fixable), tuple(plain.diagnostics)), ()

    def _only_looked(self, file: File, source: Source, asked: Silences) -> _Looked:
        return replace(self, mode="look")._looked(file, source, asked)[0]

    def _examined(self, file: File, source: Source, asked: Silences) -> tuple[Found, list[Diagnostic]]:
        off = self.off(file)
        pipeline = replace(self.pipeline, codes=self.pipeline.codes - off) if off else self.pipeline
        found = examine(source, pipeline)
        told = [d for d in found.diagnostics if not asked.covers(d.code, d.line)]
        return found, [d for d in told if not d.code.startswith("RD") or d.code in self.unreadable - off]

    def _requests(self, source: Source) -> Silences:
        """Read the requests in a text's comments; in Markdown and pages alone are there comments."""
        if source.where == "page":
            return silences(source.raw or "", html_comments(source.raw or ""), self._named)
        document = source.document
        if document.kind != MARKDOWN or not may_ask(document.text):
            return Silences()
        from cleaner.kinds.markdown import read_markdown

        return silences(document.text, read_markdown(document.text).comments, self._named)

    @property
    def _named(self) -> Named:
        return partial(named, names=self.pipeline.names)

    def _as_told(self, file: File, source: Source, told: list[Diagnostic]) -> list[Diagnostic]:
        return [replace(d, fix=None) for d in told] if self._read_only(file, source) else told

    def _read_only(self, file: File, source: Source) -> bool:
        return file.cannot_be_fixed is not None or source.document.html is not None or source.raw is None

    def _may_fix(self, diagnostic: Diagnostic) -> bool:
        return diagnostic.fix == "safe" or (self.unsafe and diagnostic.fix == "unsafe")

    def _again(self, source: Source, text: str, changes: list[Replacement]) -> Source:
        """Return the text as it will be, to be examined once more."""
        assert source.raw is not None
        raw = replaced(source.raw, source.in_file(changes))
        if isinstance(source, RecordText):
            mended = changed(source.record, text, changes)
            return replace(source, record=mended, raw=raw, _string=None, _lines=None, _raw_lines=None)
        return FileText(raw, source.path, self.names.kinds)


def _number(unit: Unit) -> int:
    return 1 if isinstance(unit, Whole) else unit.number


def _meet(source: Source, text: str, change: Replacement, diagnostic: Diagnostic) -> bool:
    first, last = source.position(text, change.start), source.position(text, change.end)
    begin, end = (diagnostic.line, diagnostic.column), (diagnostic.end_line, diagnostic.end_column)
    return first[:2] <= end and begin <= last[:2]


def _together(found: Sequence[Diagnostic], one: Diagnostic | None) -> tuple[Diagnostic, ...]:
    """Return the findings in order of their places, with one more."""
    return tuple(found) if one is None else tuple(sorted((*found, one), key=lambda d: (d.line, d.column, d.code)))


def _hunks(unit: Whole, new: bytes, old: str, changes: Sequence[Replacement], anew: bool) -> str:
    """Return the hunks in the bytes of the file, those that are not UTF-8 as surrogates.

    `anew` says that all of it is written in another encoding.
    """
    if anew or unit.data.startswith(WIDE_MARKS):  # where a line feed is more than one byte there are no lines for git
        hunks = Hunks()
        hunks.add(unit.data, new)
        return hunks.finished()
    # The mark stands in the first line of the file, though not in its text.
    mark = "\ufeff" if unit.data.startswith(codecs.BOM_UTF8) and not old.startswith("\ufeff") else ""
    told = unified(mark + old, [c._replace(start=c.start + len(mark), end=c.end + len(mark)) for c in changes])
    return told.encode("utf-8" if mark else unit.encoding).decode("utf-8", "surrogateescape")


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
