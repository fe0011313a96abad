"""The chain as a call, for one source or a stream of records."""

from __future__ import annotations

import functools
import os
import tempfile
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.config import Config
from cleaner.corpus.record import FieldNames, Unreadable, from_fields
from cleaner.corpus.sniff import looks_like_page
from cleaner.document import Document, Drop, Edit, Note, Step, Tag
from cleaner.encoding import NotTextError, decode
from cleaner.kinds import KINDS, PLAIN, Kind
from cleaner.library.result import Result, shown
from cleaner.library.rows import Table, rows
from cleaner.library.sources import Response, Tree, read_source
from cleaner.pipeline import RENDERS, Pipeline
from cleaner.pipeline import Result as Cleaned

if TYPE_CHECKING:
    from cleaner.dedup.leader import GreedyLeader
    from cleaner.dedup.sketch import Sketch

# Results that wait for the verdict on the last one stay in memory up to this size.
WAITING_BYTES = 1 << 20


def clean(
    source: str | bytes | os.PathLike[str] | Tree | Response,
    *,
    url: str | None = None,
    html: bool | None = None,
    kind: Kind = PLAIN,
    config: Config | None = None,
    languages: Sequence[str] | None = None,
    min_words: int | None = None,
    render: str | None = None,
    blocks: bool = False,
) -> Result:
    """Clean one page or one text.

    `source` is a text or a page (str or bytes, which are decoded as a browser would), the path of a file, an lxml
    tree, or a response of requests, httpx or Scrapy; a response that its header calls JSON, say, is dropped. `html`
    says whether the source is a page; None looks: a page begins with `<!doctype html`, `<html` or another element
    that pages begin with, after white space and comments. `kind` says how a text is written: in `"markdown"` neither
    code nor markup is changed, and comments such as `<!-- cleaner: ignore BP103 -->` count. `url` helps the
    extraction. A text that a rule drops still has its `.text`; `.dropped` says why. `languages` (ISO 639-1),
    `min_words` and `render` (`"markdown"` writes the text of a page as Markdown, after all rules) go before those of
    `config`. `blocks` asks for `.blocks`: of each block of a page, whether it was kept, what it was taken for, and
    why (the learned extractor alone says). Bytes that are no text give an empty, dropped result. Raises `TypeError`
    for what is no source, and `ValueError` for another kind or render.

    >>> clean("It rained.\\n\\nShare on Facebook").text
    'It rained.'
    """
    if kind not in KINDS or (html and kind != PLAIN):
        raise ValueError(f"the kind of a text is {' or '.join(KINDS)}, and that of a page is plain; not {kind!r}")
    document, refused = read_source(source, url=url, html=html, kind=kind)
    if refused is not None:
        return _unreadable(document, refused)
    pipeline = _pipeline(config or _default(), languages, min_words)
    if blocks or render is not None:
        pipeline = replace(pipeline, blocks=blocks, render=_checked(render) or pipeline.render)
    return shown(pipeline(document))


def _checked(render: str | None) -> str | None:
    if render is not None and render not in RENDERS:
        raise ValueError(f"render is {' or '.join(RENDERS)}, not {render!r}")
    return render


def clean_corpus(
    records: Iterable[Mapping[str, Any] | str | bytes] | Table, *, config: Config | None = None
) -> Iterator[Result]:
    """Clean records or texts one by one, in order, near-duplicates of earlier kept ones included.

    Gives a result for every record, lazily; `.dropped` is set for one that is not kept. A mapping has its text, or
    its page, in the fields that the configuration names; a bare text, or bytes, may be a page. A DataFrame (pandas,
    polars), an Arrow table or a `datasets.Dataset` is taken row by row. Memory: what the near-duplicate index needs
    for each kept text.

    Where `keep` is another policy than `first`, or `contained` or `passages` are asked for, all records have to be seen
    before the first result is given: the results wait in a temporary file.

    Raises `TypeError` where a single text or record stands instead of several.
    """
    config = config or Config()
    return map(shown, _results(rows(records), config, config.pipeline()))


def _results(records: Iterable[object], config: Config, pipeline: Pipeline) -> Iterator[Cleaned]:
    names = config.field_names()
    read = (_read(source, str(number), names) for number, source in enumerate(records, 1))
    cleaned = ((fields, found if isinstance(found, Cleaned) else pipeline(found)) for fields, found in read)
    with ExitStack() as stack:
        leader = _leader(config, stack)
        decided = (result for _, result in cleaned) if leader is None else _decided(cleaned, config, leader)
        yield from _without_passages(decided, config, leader) if config.shared_passages else decided


def _leader(config: Config, stack: ExitStack) -> GreedyLeader | None:
    """Return what decides on duplicates; None where nobody looks for them."""
    sketcher = config.sketcher()
    if sketcher is None:
        return None
    from cleaner.dedup.leader import GreedyLeader

    return stack.enter_context(GreedyLeader(sketcher))


def _decided(
    cleaned: Iterable[tuple[Mapping[str, Any], Cleaned]], config: Config, leader: GreedyLeader
) -> Iterator[Cleaned]:
    """Yield the results with the verdicts on near-duplicates."""
    from cleaner.dedup.sketch import Sketch
    from cleaner.runner.verdicts import Waiting, decided, rank_by, waits
    from cleaner.stored import Store

    def candidates() -> Iterator[_Candidate]:
        for fields, result in cleaned:
            sketch = None if result.dropped else leader.sketcher.batch([result.plain_text])[0]
            yield _Candidate(replace(result, names={}), sketch, rank_by(config.keep, fields, result))

    with tempfile.SpooledTemporaryFile(WAITING_BYTES, prefix="cleaner-") as waiting:
        store = Store(_Candidate, Sketch, Cleaned, Document, Step, Edit, Note, Tag, Drop)
        place = Waiting(waiting, store) if waits(config) else None
        for candidate, twin in decided(candidates(), leader, place):
            result = replace(candidate.result, names=config.names)
            yield result if twin is None else _dropped(result, twin)


def _without_passages(results: Iterator[Cleaned], config: Config, leader: GreedyLeader | None) -> Iterator[Cleaned]:
    """Yield the results without the passages that several of the kept texts have, but in the first."""
    from cleaner.dedup.passages import Passages, cut
    from cleaner.runner.passages import Asked, Taking
    from cleaner.stored import Store

    store = Store(Cleaned, Document, Step, Edit, Note, Tag, Drop)
    with (
        tempfile.TemporaryDirectory(prefix="cleaner-") as folder,
        tempfile.SpooledTemporaryFile(WAITING_BYTES, prefix="cleaner-") as waiting,
        Passages(Path(folder), config.shared_passages) as passages,
    ):
        for result in results:
            store.dump(replace(result, names={}), waiting)
            if result.dropped is None:
                passages.add(result.id, result.text)
        waiting.seek(0)
        ahead: deque[Cleaned] = deque()

        def asked() -> Iterator[Asked | None]:
            found = passages.find()
            for result in store.load_all(waiting):
                ahead.append(result)
                what = None if result.dropped is not None else cut(result.text, next(found))
                document = replace(result.document, html=None)
                yield Asked(document, result.plain_text, what) if what is not None and what.edits else None

        for taken in Taking(config, Path(folder), leader, Counter())(asked()):
            result = ahead.popleft()
            if taken is not None:
                document = replace(result.document, text=taken.text)
                result = replace(result, document=document, steps=(*result.steps, *taken.steps))
            yield replace(result, names=config.names)


class _Candidate(NamedTuple):
    """A result on which the near-duplicate stage has still to decide."""

    result: Cleaned
    sketch: Sketch | None
    rank: float | str | None

    @property
    def id(self) -> str:
        """What the record is called."""
        return self.result.id


def _read(source: object, place: str, names: FieldNames) -> tuple[Mapping[str, Any], Document | Result]:
    """Return the fields of a record, and its document, or the result where there is none."""
    encoding: dict[str, str] = {}
    if isinstance(source, str | bytes):
        page = looks_like_page(source)
        if isinstance(source, bytes) and not page:
            try:
                source, encoding["encoding"] = decode(source)
            except NotTextError as error:
                return {}, _unreadable(Document(place), Drop(str(error), code="RD103"))
        source = {names.html if page else names.text: source}
    if not isinstance(source, Mapping):
        kind = type(source).__name__
        why = Drop(f"{place}: the record is {kind}, not text or a mapping", code="RD106")
        return {}, _unreadable(Document(place), why)
    record = from_fields(source, place, names)
    if isinstance(record, Unreadable):
        return source, _unreadable(Document(record.id), record.dropped)
    return source, replace(record.document, metadata={**record.document.metadata, **encoding})


def _dropped(result: Cleaned, drop: Drop) -> Cleaned:
    return replace(result, dropped=drop, steps=(*result.steps, Step(drop.code, (drop,))))


def _unreadable(document: Document, drop: Drop) -> Result:
    return Result(document, (Step(drop.code, (drop,)),), drop, "")


@functools.cache
def _default() -> Config:
    return Config()


class _Last:
    """What the last call asked for, with its pipeline: most calls ask for the same as the last."""

    used: tuple[tuple[object, ...], Pipeline] | None = None


def _pipeline(config: Config, languages: Sequence[str] | None, min_words: int | None) -> Pipeline:
    """Return the pipeline of a configuration, with the languages and the least number of words where they are given."""
    if isinstance(languages, str):
        raise TypeError(f"languages is a list of codes, [{languages!r}], not {languages!r}")
    asked = (config, None if languages is None else tuple(languages), min_words)
    last = _Last.used
    if last is not None and last[0][0] is config and last[0][1:] == asked[1:]:
        return last[1]
    changes: dict[str, Any] = {} if asked[1] is None else {"languages": asked[1]}
    if min_words is not None:
        changes["min_words"] = min_words
    pipeline = (replace(config, **changes) if changes else config).pipeline()
    _Last.used = asked, pipeline
    return pipeline
