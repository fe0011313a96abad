"""What `cleaner index` does: texts of files into an index, and the question which of them are like one in it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.account.summary import Summary
from cleaner.config import Config
from cleaner.corpus.inputs import chunks, expand
from cleaner.corpus.output import STANDARD_OUTPUT
from cleaner.dedup.index import NearDuplicateIndex
from cleaner.document import Drop
from cleaner.errors import InputError
from cleaner.runner.pool import outcomes
from cleaner.runner.run import Run
from cleaner.runner.task import Task

# The texts of a corpus are compared as they are: no other rule changes or excludes one.
AS_THEY_ARE = ("ND",)


class Answer(NamedTuple):
    """What was found for one text: why it could not be read, or the indexed text that it is like, or neither."""

    id: str
    refused: Drop | None = None
    duplicate_of: str | None = None
    similarity: float | None = None
    code: str | None = None


def build(
    inputs: tuple[str, ...],
    path: str,
    config: Config,
    *,
    threshold: float | None,
    ngram: int | None,
    contained: float | None,
    passages: bool,
    workers: int,
    timeout_s: float,
    progress: Callable[[Summary], None] = lambda summary: None,
) -> Summary:
    """Add the texts of the inputs, as they are, that are like none in the index; it is made where there is none.

    All are added, or none. `threshold`, `ngram` and `contained` are those of the index, or of a new one 0.7, 5 and 0;
    `passages` asks for an index that keeps passages.
    """
    _named(inputs, config)
    with NearDuplicateIndex.open(
        path, threshold=threshold, ngram=ngram, contained=contained, passages=passages
    ) as index:
        config = comparing_as(index, config)
    run = Run(
        inputs, STANDARD_OUTPUT, config, workers=workers, timeout_s=timeout_s, dry_run=True, index=path, read_only=False
    )
    return run(progress)


def query(
    inputs: Sequence[str], index: NearDuplicateIndex, config: Config, *, workers: int, timeout_s: float
) -> Generator[Answer, None, None]:
    """Yield the answer for each text of the inputs, as it is, in order; nothing is added."""
    config = comparing_as(index, config)
    todo = chunks(_named(inputs, config), config.field_names())
    with closing(outcomes(Task.of(config, as_json=True), todo, workers, timeout_s)) as work:
        for _, batch in work:
            for outcome in batch:
                if outcome.sketch is None:
                    yield Answer(outcome.id, outcome.dropped)
                    continue
                twin = index.find(outcome.sketch)
                if twin is None:
                    yield Answer(outcome.id)
                else:
                    yield Answer(outcome.id, None, twin.duplicate_of, twin.rounded_similarity, twin.code)


def merge(into: str, others: Sequence[str]) -> list[tuple[str, int, int]]:
    """Add to an index what others hold and it does not; give each one's name, how many texts it has, how many came.

    `into` is made where there is none, with the settings of the first. Those before one that is refused stay added.
    """
    done = []
    for other in others:
        with NearDuplicateIndex.open(other, read_only=True) as source:
            settings: dict[str, Any] = {}
            if not Path(into).exists():
                settings = {**dataclasses.asdict(source.sketcher), "passages": source.keeps_passages}
            with NearDuplicateIndex.open(into, **settings) as index:
                done.append((other, len(source), index.merge(source)))
    return done


def comparing_as(index: NearDuplicateIndex, config: Config) -> Config:
    """Return a configuration that leaves texts as they are and compares them as the index does."""
    sketcher = index.sketcher
    return replace(
        config,
        select=AS_THEY_ARE,
        ignore=(),
        keep="first",
        render="plain",
        threshold=sketcher.threshold,
        ngram=sketcher.ngram,
        contained=sketcher.contained,
        passages=0,
    )


def _named(inputs: Sequence[str], config: Config) -> tuple[str, ...]:
    paths = expand(inputs, records_at=config.records_at).paths
    if not paths:
        raise InputError(f"nothing to read in {', '.join(inputs)}: no file has a known ending")
    return paths
