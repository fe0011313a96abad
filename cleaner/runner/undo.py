"""A cleaned corpus back to the texts that came in."""

from __future__ import annotations

import os
from contextlib import ExitStack
from itertools import chain
from pathlib import Path

from cleaner.corpus.formats import format_at, writable
from cleaner.corpus.inputs import expand, finished_records
from cleaner.corpus.ledger_file import Undoer, UndoError
from cleaner.corpus.output import STANDARD_OUTPUT, check_apart, check_output, writer
from cleaner.corpus.record import FieldNames, Unreadable
from cleaner.corpus.schemas import input_types
from cleaner.errors import InputError
from cleaner.remote.address import is_address
from cleaner.replacing import finishing, temporary_folder
from cleaner.runner.outputs import staged_place

# What a record is called that has its texts elsewhere than in `text`.
NO_TEXT = frozenset({"RD105", "RD106"})


def undo_file(cleaned: str, ledger: str, out: str) -> int:
    """Write the records of a corpus, a file or a folder of parts, with their texts as they came in; give how many.

    Raises `InputError` for a corpus in another format, `UndoError` for a text that the ledger
    does not know.
    """
    with ExitStack() as stack:
        if is_address(ledger):
            from cleaner.remote.reading import copy_of

            ledger = stack.enter_context(copy_of(ledger))
        if not is_address(out):
            return _undone(cleaned, ledger, out)
        from cleaner.remote.writing import Upload, publish

        check_output(out)
        place = staged_place(out, stack.enter_context(temporary_folder()))
        number = _undone(cleaned, ledger, place)
        publish([Upload(Path(place), out)])
        return number


def _undone(cleaned: str, ledger: str, out: str) -> int:
    check_apart({"the undone corpus": out}, {"the corpus": cleaned, "the ledger": ledger})
    check_output(out)
    folder = os.path.isdir(cleaned) or (is_address(cleaned) and format_at(cleaned) is None)
    paths = expand([cleaned]).paths if folder else (cleaned,)
    if not paths or any(format_at(path) not in writable() for path in paths):
        raise InputError(f"{cleaned}: undo takes JSONL, CSV, TSV or Parquet, as `cleaner clean` wrote it")
    take_back = Undoer(ledger)
    target = writer(out, input_types(paths, FieldNames()))
    number = 0
    with finishing(target, "standard output" if out == STANDARD_OUTPUT else out):
        for record in chain.from_iterable(map(finished_records, paths)):
            if isinstance(record, Unreadable) and record.dropped.code not in NO_TEXT:
                raise UndoError(record.dropped.message)
            target.write(take_back(record.fields))
            number += 1
    return number
