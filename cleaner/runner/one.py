"""One document out of a file, through the chain."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib import resources
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from cleaner.config import Config
from cleaner.corpus.beside import outputs_at
from cleaner.corpus.files import id_of
from cleaner.corpus.inputs import chunks, expand
from cleaner.corpus.output import beside
from cleaner.corpus.record import Record, Unreadable
from cleaner.corpus.text_places import is_plain
from cleaner.errors import InputError, OutputError
from cleaner.pipeline import Result
from cleaner.remote.address import is_address


class NoRecordError(InputError):
    """There is no such record; `known` are ids that are there: the first, and one in a folder of that name."""

    def __init__(self, message: str, known: Sequence[str]) -> None:
        super().__init__(message)
        self.known = known


def one_result(path: str, id_: str | None = None, config: Config | None = None) -> Result:
    """Clean one record of a file: the first, the one with this id, or for `FILE:LINE` the one on this line.

    Raises `InputError` where there is none, or where it cannot be read.
    """
    config = config or Config()
    file, line = _line(path)
    wanted = f"{id_of(file)}:{line}" if line else None
    number = 0
    known: list[str] = []
    for chunk in chunks(expand([file], records_at=config.records_at).paths, config.field_names()):
        for item in chunk.items():
            record = item.read()
            number += 1
            own = record.id if isinstance(record, Unreadable) else record.document.id
            if (id_ is not None and own != id_) or (wanted and own != wanted and number != line):
                if not known or (len(known) == 1 and own.endswith(f"/{id_}")):
                    known.append(own)
                continue
            if isinstance(record, Unreadable):
                raise InputError(f"{record.dropped.message} ({record.dropped.code})")
            assert isinstance(record, Record)
            return replace(config.pipeline(), blocks=True, render="plain")(record.document)
    raise NoRecordError(f"{file} has no record {id_ or line or ''}".rstrip(), known)


class RunFiles(NamedTuple):
    """Files of a run: the corpus, and where they are known the excluded records and the manifest."""

    corpus: str
    excluded: str | None = None
    manifest: str | None = None


def files_of_run(path: str) -> RunFiles:
    """Return the files of the run that wrote a corpus, or excluded records, as its manifest names them.

    Without a manifest the excluded records are those that stand beside the corpus.
    """
    stem = path.removesuffix(".excluded.jsonl")
    try:
        manifest = f"{stem}.manifest.json" if stem != path else beside(path, "manifest.json")
    except OutputError:  # no name of a corpus
        return RunFiles(path)
    outputs = [] if is_address(path) or not Path(manifest).is_file() else outputs_at(manifest)
    here = [_beside_corpus(output, outputs[0], manifest) for output in outputs]
    corpus = path if stem == path else next(iter(here), path)
    excluded = beside(corpus, "excluded.jsonl")
    if outputs and not any(os.path.abspath(other) == os.path.abspath(excluded) for other in here):
        # `--excluded` gave them another name, or they were not written; a ledger, which is next then, has no texts.
        excluded = next(iter(here[1:2]), "")
    there = is_address(excluded) or Path(excluded).is_file()
    return RunFiles(corpus, excluded if there else None, manifest if outputs else None)


def _beside_corpus(output: str, corpus: str, manifest: str) -> str:
    """Return where an output lies now: with the manifest, where it lay with the corpus, since both may have moved."""
    if os.path.dirname(output) == os.path.dirname(corpus.rstrip("/")):
        return os.path.join(os.path.dirname(manifest), os.path.basename(output.rstrip("/")))
    return output


def two_of_run(files: RunFiles, ids: Sequence[str], config: Config) -> list[Result]:
    """Clean the records with these ids, each of the corpus or of the excluded records; `config` is the run's.

    Raises `InputError` with the ids that there are where neither has one.
    """
    of_corpus = config
    if files.manifest is not None:
        # A corpus has id and text under these names, but texts at a path where they were.
        names = {name: getattr(Config(), name) for name in ("text_field", "html_field", "id_field", "url_field")}
        if not is_plain(config.text_field):
            del names["text_field"]
        of_corpus = replace(config, **names)
    return [_one_of_run(files, id_, of_corpus, config) for id_ in ids]


def _one_of_run(files: RunFiles, id_: str, of_corpus: Config, of_excluded: Config) -> Result:
    places = [(files.corpus, of_corpus), *([(files.excluded, of_excluded)] if files.excluded else [])]
    known: list[str] = []
    for place, config in places:
        try:
            return one_result(place, id_, config)
        except NoRecordError as error:
            known += error.known
    told = f"{files.corpus} has no record {id_}" + (f", and {files.excluded} has none" if files.excluded else "")
    if Path(id_).is_file():
        raise InputError(f"{told}; to compare two files, name no corpus before --pair")
    for one in known:
        if one.endswith(f"/{id_}"):
            raise InputError(f"{told}; did you mean {one!r}?")
    raise InputError(f"{told}; ids there are such as {known[0]!r}" if known else told)


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
