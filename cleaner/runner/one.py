"""One document out of a file, through the chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import resources
from itertools import groupby
from pathlib import Path

from cleaner.config import Config
from cleaner.corpus.files import id_of
from cleaner.corpus.inputs import chunks, expand
from cleaner.corpus.output import beside
from cleaner.corpus.record import Record, Unreadable
from cleaner.errors import InputError
from cleaner.pipeline import Result
from cleaner.remote.address import is_address


def one_result(path: str, id_: str | None = None, config: Config | None = None) -> Result:
    """Clean one record of a file: the first, the one with this id, or for `FILE:LINE` the one on this line.

    Raises `InputError` where there is none, or where it cannot be read.
    """
    config = config or Config()
    file, line = _line(path)
    wanted = f"{id_of(file)}:{line}" if line else None
    number = 0
    for chunk in chunks(expand([file], records_at=config.records_at).paths, config.field_names()):
        for item in chunk.items():
            record = item.read()
            number += 1
            own = record.id if isinstance(record, Unreadable) else record.document.id
            if (id_ is not None and own != id_) or (wanted and own != wanted and number != line):
                continue
            if isinstance(record, Unreadable):
                raise InputError(f"{record.dropped.message} ({record.dropped.code})")
            assert isinstance(record, Record)
            return replace(config.pipeline(), blocks=True, render="plain")(record.document)
    raise InputError(f"{file} has no record {id_ or line or ''}".rstrip())


def one_of_run(path: str, id_: str, config: Config) -> Result:
    """Clean the record with this id: one of a file, or of the excluded records that a run has put beside it.

    Raises `InputError` where neither has it.
    """
    excluded = beside(path, "excluded.jsonl")
    try:
        return one_result(path, id_, config)
    except InputError:
        if not is_address(excluded) and not Path(excluded).exists():
            raise
    try:
        return one_result(excluded, id_, config)
    except InputError:
        raise InputError(f"{path} has no record {id_}, and {excluded} has none") from None


def every_result(path: str, config_of: Callable[[str], Config]) -> Iterator[Result | Unreadable]:
    """Yield what comes of each record of a file, or of the files in a folder, each for itself: nothing is compared.

    `config_of` returns the configuration of a file.
    """
    paths = expand([path], records_at=config_of(path).records_at).paths
    for config, files in groupby(paths, config_of):
        pipeline = replace(config.pipeline(), blocks=True, render="plain")
        for chunk in chunks(files, config.field_names()):
            for item in chunk.items():
                record = item.read()
                yield record if isinstance(record, Unreadable) else pipeline(record.document)


def file_of(path: str) -> str:
    """Return the file of a path that may name a record of it, `FILE:LINE`."""
    return _line(path)[0]


def _line(path: str) -> tuple[str, int | None]:
    file, colon, line = path.rpartition(":")
    if colon and line.isdecimal() and not Path(path).exists():
        return file, int(line)
    return path, None


@contextmanager
def samples_folder() -> Iterator[Path]:
    """Yield the folder of the samples: inside the installed package, or beside it in a checkout."""
    with resources.as_file(resources.files("cleaner") / "samples") as inside:
        beside = Path(__file__).parents[2] / "samples"
        yield inside if inside.is_dir() else beside
