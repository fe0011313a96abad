"""The chain as a call, for one source or a stream of records."""

from __future__ import annotations

import functools
import pickle
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cleaner.config import Config
from cleaner.corpus.record import FieldNames, Unreadable, from_fields
from cleaner.corpus.sniff import looks_like_page
from cleaner.document import Document, Drop, Step
from cleaner.encoding import NotTextError, decode
from cleaner.kinds import KINDS, PLAIN, Kind
from cleaner.pipeline import Pipeline, Result
from cleaner.rules.catalog import DUPLICATES

if TYPE_CHECKING:
    from cleaner.account.outcome import Reason
    from cleaner.dedup.leader import Duplicate, GreedyLeader


def clean(
    source: str | bytes,
    *,
    url: str | None = None,
    html: bool | None = None,
    kind: Kind = PLAIN,
    config: Config | None = None,
) -> Result:
    """Clean one page or one text.

    `html` says whether the source is a page; None looks: a page begins with `<!doctype html`, `<html` or
    another element that pages begin with, after white space and comments. Bytes are decoded as a browser
    would. `kind` says how a text is written: in `"markdown"` neither code nor markup is changed, and comments such as
    `<!-- cleaner: ignore BP103 -->` count. `url` helps the extraction. A text that a rule drops still has its
    `.text`; `.dropped` says why. Bytes that are no text give an empty, dropped result. Raises `ValueError` for
    another kind.

    >>> clean("It rained.\\n\\nShare on Facebook").text
    'It rained.'
    """
    if kind not in KINDS or (html and kind != PLAIN):
        raise ValueError(f"the kind of a text is {' or '.join(KINDS)}, and that of a page is plain; not {kind!r}")
    page = looks_like_page(source) if html is None and kind == PLAIN else html
    if page:
        document = Document("", html=source, url=url)
    elif isinstance(source, str):
        document = Document("", source, url=url, kind=kind)
    else:
        try:
            text, encoding = decode(source)
        except NotTextError as error:
            return _unreadable(Document("", url=url), "RD103", str(error))
        document = Document("", text, url=url, metadata={"encoding": encoding}, kind=kind)
    return _pipeline(config or _default())(document)


def clean_corpus(
    records: Iterable[Mapping[str, Any] | str | bytes], *, config: Config | None = None
) -> Iterator[Result]:
    """Clean records or texts one by one, in order, near-duplicates of earlier kept ones included.

    Gives a result for every record, lazily; `.dropped` is set for one that is not kept. A mapping
    has its text, or its page, in the fields that the configuration names; a bare text, or bytes, may be a page. Memory:
    what the near-duplicate index needs for each kept text.

    Where `keep` is another policy than `first`, all records have to be seen before the first result is given:
    the results wait in a temporary file.

    Raises `TypeError` where a single text or record stands instead of several.
    """
    if isinstance(records, str | bytes | Mapping):
        one = "record" if isinstance(records, Mapping) else "text"
        raise TypeError(f"clean_corpus() takes several records or texts: put the {one} in a list, or call clean()")
    config = config or Config()
    return _results(records, config, config.pipeline())


def _results(records: Iterable[object], config: Config, pipeline: Pipeline) -> Iterator[Result]:
    names = config.field_names()
    read = (_read(source, str(number), names) for number, source in enumerate(records, 1))
    cleaned = ((fields, found if isinstance(found, Result) else pipeline(found)) for fields, found in read)
    if not config.codes() & DUPLICATES:
        yield from (result for _, result in cleaned)
        return
    from cleaner.dedup.leader import GreedyLeader
    from cleaner.dedup.sketch import Sketcher

    with GreedyLeader(Sketcher(config.threshold, config.ngram)) as index:
        if config.keep != "first":
            yield from _by_policy(cleaned, config.keep, index)
            return
        for _, result in cleaned:
            twin = index.decide(result.id, index.sketcher.batch([result.text])[0]) if not result.dropped else None
            yield result if twin is None else _dropped(result, _drop(twin))


def _read(source: object, place: str, names: FieldNames) -> tuple[Mapping[str, Any], Document | Result]:
    """Give the fields of a record, and its document, or the result where there is none."""
    encoding: dict[str, str] = {}
    if isinstance(source, str | bytes):
        page = looks_like_page(source)
        if isinstance(source, bytes) and not page:
            try:
                source, encoding["encoding"] = decode(source)
            except NotTextError as error:
                return {}, _unreadable(Document(place), "RD103", str(error))
        source = {names.html if page else names.text: source}
    if not isinstance(source, Mapping):
        kind = type(source).__name__
        return {}, _unreadable(Document(place), "RD106", f"{place}: the record is {kind}, not text or a mapping")
    record = from_fields(source, place, names)
    if isinstance(record, Unreadable):
        return source, _unreadable(Document(record.id), record.code, record.message)
    return source, replace(record.document, metadata={**record.document.metadata, **encoding})


def _by_policy(cleaned: Iterator[tuple[Mapping[str, Any], Result]], keep: str, index: GreedyLeader) -> Iterator[Result]:
    """Give the results in order, each with its verdict, which is asked for in the order of a keep policy."""
    from cleaner.account.outcome import Outcome, Reason
    from cleaner.runner.task import rank_by
    from cleaner.runner.verdicts import decided

    def outcomes() -> Iterator[Outcome]:
        for fields, result in cleaned:
            reason = Reason(result.dropped.code or "", result.dropped.message) if result.dropped else None
            sketch = None if reason else index.sketcher.batch([result.text])[0]
            rank = rank_by(keep, fields, result)
            yield Outcome(result.id, reason, pickle.dumps(result), b"", b"", sketch=sketch, rank=rank)

    def verdict(outcome: Outcome) -> Reason | None:
        assert outcome.sketch is not None
        twin = index.decide(outcome.id, outcome.sketch)
        return twin and Reason(twin.code, twin.message, twin.duplicate_of, twin.similarity, twin.details)

    with tempfile.TemporaryFile(prefix="cleaner-") as waiting:
        for outcome, reason in decided(outcomes(), verdict, keep, waiting):
            assert isinstance(outcome.kept, bytes)
            result: Result = pickle.loads(outcome.kept)
            yield result if reason is None or result.dropped else _dropped(result, _drop(reason))


def _drop(why: Duplicate | Reason) -> Drop:
    return Drop(why.message, why.duplicate_of, why.similarity, why.details, why.code)


def _dropped(result: Result, drop: Drop) -> Result:
    return replace(result, dropped=drop, steps=(*result.steps, Step(drop.code or "", (drop,))))


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
