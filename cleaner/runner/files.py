"""The files of a run: they grow in the workplace, and are put in their places when the run has finished."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple

import msgspec

from cleaner.account.outcome import Outcome, excluded_field, excluded_line
from cleaner.corpus.arrow_values import Types
from cleaner.corpus.compression import compression_of, open_write
from cleaner.corpus.formats import format_named
from cleaner.corpus.ledger_file import LedgerLine, with_drop
from cleaner.corpus.output import STANDARD_OUTPUT, format_of_output, is_stream, open_stream, real_place, writer
from cleaner.corpus.parts import Parts
from cleaner.corpus.shards import PartsWriter, are_lines, format_of_parts
from cleaner.corpus.standard_output import standard_output
from cleaner.document import Drop
from cleaner.errors import OutputError
from cleaner.replacing import finishing, move, naming
from cleaner.runner.groups import Group, groups
from cleaner.runner.outputs import Outputs
from cleaner.runner.state import Workplace
from cleaner.stored import Store

COPY_BYTES = 1 << 20

# Records are mappings of plain values.
_STORE = Store()


# Before the names of files that are written anew.
NEW = "new-"


class Entry(NamedTuple):
    """A line of the ledger, also as it stands there, and the record that it speaks of; None for an excluded one."""

    line: LedgerLine
    raw: bytes
    record: Mapping[str, Any] | None


class Files:
    """Takes every record of a run and puts it where it belongs.

    The corpus waits `as_json`, as lines, or, for Parquet and folders, as stored values, which keep their types; it
    gets its final form by `put_in_place`. On standard output it is written at once, unless it `waits` to be
    rewritten.
    """

    def __init__(self, outputs: Outputs, workplace: Workplace, *, as_json: bool, waits: bool = False) -> None:
        self._workplace = workplace
        self._stdout = outputs.corpus == STANDARD_OUTPUT and not waits
        self._as_json = as_json
        self._corpus: IO[bytes] = standard_output() if self._stdout else workplace.open("corpus")
        # The ledger is kept in any case: by it a run that goes on finds the ids of what it has.
        self._ledger = workplace.open("ledger")
        self._excluded = workplace.open("excluded") if outputs.excluded else None
        wanted = outputs.duplicates or outputs.groups or outputs.report
        self._duplicates = workplace.open("duplicates") if wanted else None
        self._groups = workplace.open("groups") if outputs.groups else None
        self._partly_compared = workplace.open("partly_compared") if outputs.groups else None

    def write(self, outcome: Outcome, dropped: Drop | None) -> None:
        """Put a record where it belongs: the ledger has a line for each that could be read, kept or not."""
        if dropped is None:
            if isinstance(outcome.kept, bytes):
                self._corpus.write(outcome.kept + b"\n")
            else:
                _STORE.dump(outcome.kept, self._corpus)
            self._ledger.write(outcome.ledger + b"\n")
            return
        if outcome.ledger:
            # Of a duplicate the line was made before the verdict.
            line = outcome.ledger if outcome.dropped is not None else with_drop(outcome.ledger, dropped)
            self._ledger.write(line + b"\n")
        if self._excluded is not None:
            self._excluded.write(excluded_line(outcome.record, dropped) + b"\n")
        if self._duplicates is not None and dropped.duplicate_of is not None:
            self._duplicates.write(msgspec.json.encode({"id": outcome.id, **excluded_field(dropped)}) + b"\n")

    def note_partly_compared(self, id: str) -> None:
        """Note that a kept text was not compared with all that it may be like."""
        if self._partly_compared is not None:
            self._partly_compared.write(msgspec.json.encode(id) + b"\n")

    def kept(self) -> Iterator[tuple[str, str]]:
        """Yield id and text of what was kept so far, plain where it was written as Markdown."""
        for line, _, record in self.entries():
            if record is not None:
                yield line.id, line.plain or str(record["text"])

    def entries(self) -> Iterator[Entry]:
        """Yield what was written, in order."""
        self._corpus.flush()
        self._ledger.flush()
        decode = msgspec.json.Decoder(LedgerLine).decode
        records = self._records()
        with (self._workplace.folder / "ledger").open("rb") as ledger:
            for raw in ledger:
                line = decode(raw)
                yield Entry(line, raw.rstrip(b"\n"), None if line.excluded else next(records))

    def rewrite(self, entries: Iterator[Entry]) -> None:
        """Write corpus and ledger anew, beside those that are there; `put_in_place` then takes the new ones."""
        corpus, ledger = (self._workplace.open(NEW + name) for name in ("corpus", "ledger"))
        for _, raw, record in entries:
            ledger.write(raw + b"\n")
            if record is not None and self._as_json:
                corpus.write(msgspec.json.encode(record) + b"\n")
            elif record is not None:
                _STORE.dump(record, corpus)

    def _records(self) -> Iterator[Mapping[str, Any]]:
        path = self._workplace.folder / "corpus"
        if not self._as_json:
            yield from _stored(path)
            return
        decode = msgspec.json.Decoder(dict[str, Any]).decode
        with path.open("rb") as file:
            for line in file:
                yield decode(line)

    def group(self) -> Group | None:
        """Write each kept text with those that went for it, where that is asked for; return the largest group."""
        if self._duplicates is None:
            return None
        self._duplicates.flush()
        self._ledger.flush()
        largest: Group | None = None
        partly = self._partly_compared and self._workplace.folder / "partly_compared"
        if self._partly_compared is not None:
            self._partly_compared.flush()
        for group in groups(self._workplace.folder / "duplicates", self._kept_ids(), partly or None):
            if largest is None or len(group.removed) > len(largest.removed):
                largest = group
            if self._groups is not None:
                self._groups.write(group.line())
        return largest

    def _kept_ids(self) -> Iterator[str]:
        decode = msgspec.json.Decoder(LedgerLine).decode
        with (self._workplace.folder / "ledger").open("rb") as ledger:
            yield from (line.id for line in map(decode, ledger) if not line.excluded)

    def close(self) -> None:
        """Write down that all is there; what is left is to put the files in their places."""
        if self._stdout:
            self._corpus.flush()
        self._workplace.state.finished = True
        self._workplace.save()
        self._workplace.close_files()


def put_in_place(
    outputs: Outputs,
    folder: Path,
    types: Callable[[], Types],
    *,
    parts: Parts | None = None,
    markdown: bool = False,
    rewritten: bool = False,
) -> tuple[str, ...]:
    """Put the finished files of a run in their places, in their final form; old ones are replaced only now.

    `types` tells the types of the input's columns, `parts` how the corpus is cut, `markdown` that the texts are
    Markdown, which a folder shows by its files' endings; `rewritten`, that corpus and ledger were written anew.
    Return what came out otherwise than it came in, a sentence each.

    Done again, after an interruption, it does what is still to be done.
    """
    _corpus, *others = outputs.places()
    for kind, place in others:
        if kind.grows:
            _put(folder / (NEW + kind.name if rewritten and kind.name == "ledger" else kind.name), place)
    if outputs.corpus != STANDARD_OUTPUT or rewritten:
        source = folder / (NEW + "corpus" if rewritten else "corpus")
        if parts is not None:
            return _put_parts(source, outputs.corpus, parts, types)
        return _put_corpus(source, outputs.corpus, types, markdown)
    return ()


def _put_parts(source: Path, place: str, parts: Parts, types: Callable[[], Types]) -> tuple[str, ...]:
    if not source.exists():
        return ()
    target = PartsWriter(real_place(place), parts, types() if format_of_parts(parts).schema is not None else {})
    return _filled(target, source, place, lines=are_lines(parts))


def _put_corpus(source: Path, place: str, types: Callable[[], Types], markdown: bool) -> tuple[str, ...]:
    kind = format_of_output(place)
    if kind == "jsonl":
        _put(source, place)
    elif source.exists():
        typed = kind != "folder" and format_named(kind).schema is not None
        return _filled(writer(place, types() if typed else None, markdown=markdown), source, place)
    return ()


def _filled(target: Any, source: Path, place: str, *, lines: bool = False) -> tuple[str, ...]:
    """Write what waits in a file, `lines` or stored values, by a writer; the file goes then. Return the remarks."""
    with finishing(target, place):
        if lines:
            with source.open("rb") as file:
                for line in file:
                    target.write_line(line)
        else:
            for record in _stored(source):
                target.write(record)
    source.unlink()
    remarks: tuple[str, ...] = target.remarks
    return remarks


def _stored(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open("rb") as file:
        yield from _STORE.load_all(file)


def _put(source: Path, place: str) -> None:
    """Put a finished file in its place, compressed by the ending; a run that goes on finds it there already."""
    if not source.exists():
        return
    if is_stream(place):
        with naming(place), source.open("rb") as file, open_stream(place) as target:
            shutil.copyfileobj(file, target, COPY_BYTES)
        source.unlink()
        return
    compression = compression_of(place)
    if compression is None and place != STANDARD_OUTPUT:
        _move(source, real_place(place))
        return
    if place == STANDARD_OUTPUT:
        with source.open("rb") as file:
            shutil.copyfileobj(file, standard_output(), COPY_BYTES)
        return
    packed = source.with_name(source.name + ".packed")
    with source.open("rb") as file, open_write(packed, compression) as target:
        shutil.copyfileobj(file, target, COPY_BYTES)
    _move(packed, real_place(place))
    source.unlink()


def _move(source: Path, place: str) -> None:
    try:
        move(source, place)
    except OSError as error:
        raise OutputError(f"{place}: cannot be written: {error.strerror or error}") from error
