"""The chain as a call, for one source or a stream of records."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from cleaner.config import Config
from cleaner.corpus.record import FieldNames, Unreadable, from_fields
from cleaner.corpus.sniff import looks_like_page
from cleaner.document import Document, Drop, Step
from cleaner.encoding import NotTextError, decode
from cleaner.pipeline import Pipeline, Result


def clean(
    source: str | bytes, *, url: str | None = None, html: bool | None = None, config: Config | None = None
) -> Result:
    """Clean one page or one text.

    `html` says whether the source is a page; None looks: a page begins with `<!doctype html`, `<html` or
    another element that pages begin with, after white space and comments. Bytes are decoded as a browser
    would. `url` helps the extraction. A text that a rule drops still has its `.text`; `.dropped` says
    why. Bytes that are no text give an empty, dropped result.

    >>> clean("It rained.\\n\\nShare on Facebook").text
    'It rained.'
    """
    page = looks_like_page(source) if html is None else html
    if page:
        document = Document("", html=source, url=url)
    elif isinstance(source, str):
        document = Document("", source, url=url)
    else:
        try:
            text, encoding = decode(source)
        except NotTextError as error:
            return _unreadable(Document("", url=url), "RD103", str(error))
        document = Document("", text, url=url, metadata={"encoding": encoding})
    return _pipeline(config or _default())(document)


def clean_corpus(records: Iterable[Mapping[str, Any] | str], *, config: Config | None = None) -> Iterator[Result]:
    """Clean records or texts one by one, in order, near-duplicates of earlier kept ones included.

    Gives a result for every record, lazily; `.dropped` is set for one that is not kept. A mapping
    has its text, or its page, in the fields that the configuration names; a bare text may be a page. Memory:
    what the near-duplicate index needs for each kept text.
    """
    config = config or Config()
    names, pipeline = FieldNames.of(config), config.pipeline()
    index = None
    if config.codes() & {"ND101", "ND102"}:
        from cleaner.dedup.leader import GreedyLeader
        from cleaner.dedup.sketch import Sketcher

        sketcher = Sketcher(config.threshold, config.ngram)
        index = GreedyLeader(sketcher)
    try:
        for number, source in enumerate(records, 1):
            if isinstance(source, str):
                source = {names.html if looks_like_page(source) else names.text: source}
            record = from_fields(source, str(number), names)
            if isinstance(record, Unreadable):
                yield _unreadable(Document(record.id), record.code, record.message)
                continue
            result = pipeline(record.document)
            if index is not None and result.dropped is None:
                twin = index.decide(result.id, sketcher.batch([result.text])[0])
                if twin is not None:
                    drop = Drop(twin.message, twin.duplicate_of, twin.similarity, twin.details, twin.code)
                    result = replace(result, dropped=drop, steps=(*result.steps, Step(twin.code, (drop,))))
            yield result
    finally:
        if index is not None:
            index.close()


def _unreadable(document: Document, code: str, message: str) -> Result:
    drop = Drop(message, code=code)
    return Result(document, (Step(code, (drop,)),), drop, "")


_CACHED_PIPELINES = 8


@functools.cache
def _default() -> Config:
    return Config()


class _Key:
    """A configuration by its content, because a mapping in it has no hash."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._content = repr(config)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._content == other._content

    def __hash__(self) -> int:
        return hash(self._content)


@functools.lru_cache(_CACHED_PIPELINES)
def _pipelines(key: _Key) -> Pipeline:
    return key.config.pipeline()


class _Last:
    """The configuration of the last call, with its pipeline: most calls have the same one as the last."""

    used: tuple[Config, Pipeline] | None = None


def _pipeline(config: Config) -> Pipeline:
    """Give the pipeline of a configuration, made once."""
    last = _Last.used
    if last is None or last[0] is not config:
        last = _Last.used = config, _pipelines(_Key(config))
    return last[1]
