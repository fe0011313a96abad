"""Scrapy: items with a page get its clean text, and near-duplicates are dropped. One line in the settings is all:

    ADDONS = {"cleaner.integrations.scrapy.CleanerAddon": 500}

More settings, all optional:

`CLEANER_CONFIG`
    A `cleaner.toml` or `pyproject.toml`; the nearest one is found by itself.
`CLEANER_INDEX`
    Where the near-duplicate index lies, a file or `redis://`; in memory unless named, and then gone with the crawl.
`CLEANER_CONTAINED`
    The share of a text from which it is a duplicate of an earlier, longer item that holds it (`ND103`), such as 0.9.
    The configuration's, which asks for none, unless given. An earlier item that a later one holds has gone its way.
`CLEANER_ON_DUPLICATE`
    `"drop"` (the default), or `"mark"`: the item stays and says in its field `excluded` what it is like.
`CLEANER_TEXT_FIELD`
    The field of items that gets the clean text, where that is not `text`.
`CLEANER_DROP_HTML`
    `True`: the page goes out of the item. It stays unless that is asked for.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import scrapy
from itemadapter import ItemAdapter
from scrapy.exceptions import DropItem
from scrapy.http import Response
from scrapy.utils.asyncio import run_in_thread
from scrapy.utils.job import job_dir

from cleaner.account.outcome import excluded_field
from cleaner.config import Config
from cleaner.config_file import find_config, load_config
from cleaner.corpus.record import LANGUAGES, mark_languages
from cleaner.corpus.text_places import is_plain
from cleaner.dedup import NearDuplicateIndex
from cleaner.dedup.sketch import Sketch
from cleaner.document import Document, Drop
from cleaner.errors import ConfigError
from cleaner.library.sources import Source, from_response
from cleaner.pipeline import Result
from cleaner.replacing import replaced
from cleaner.rules import name_of
from cleaner.rules.catalog import DUPLICATES
from cleaner.runner.task import METADATA_FIELDS

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)

# After a project's own checks of its items (about 300), before what stores them (about 800).
PRIORITY = 350

ON_DUPLICATE = ("drop", "mark")

# Where an item has the response itself rather than its text.
RESPONSE_FIELD = "response"

# In JOBDIR, while the job runs: the number of texts that the index had seen when it began. What finds it was killed.
RUNNING_FILE = "cleaner-running"


class Excluded(DropItem):
    """The item is no use: its text is empty, in an unwanted language, too short. `code` names the rule."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code} {name_of(code)}: {message}", log_level="DEBUG")
        self.code = code


class NearDuplicate(DropItem):
    """The item's text is that of an item that was kept, or like it.

    `duplicate_of` is the id of that item, `similarity` their exact Jaccard similarity in [0, 1].
    """

    def __init__(self, twin: Drop) -> None:
        super().__init__(f"{twin.code} {name_of(twin.code)}: {twin.message}", log_level="DEBUG")
        self.duplicate_of = twin.duplicate_of
        self.similarity = twin.similarity


class CleanerAddon:
    """Puts `CleanerPipeline` among the item pipelines, unless the project has placed it itself."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Add the pipeline."""
        settings.setdefault_in_component_priority_dict("ITEM_PIPELINES", CleanerPipeline, PRIORITY)


class CleanerPipeline:
    """Clean items, off the reactor's thread, and look their texts up in the index.

    An item has its page in the field `html`, a response in `response`, or else a text in `text` (the configuration
    names other fields); one with none of them passes as it is. `text`, `language` and `language_score` are set, and
    `languages` of a text in several; `title`, `url`, `author`, `date` and the like where the item has none; `response`,
    which no feed can store, goes out, and `html` where that was asked for. Items are mappings, `scrapy.Item`s,
    dataclasses, attrs classes and pydantic models; frozen ones are made anew. Of what an item type does not declare
    nothing is set. One that declares no field for the text is told of once, and its items pass as they are.

    Which of several alike is kept depends on their order of arrival. An item that comes again, from the same page or in
    another crawl, is a duplicate of itself. One exception: where a job with a JOBDIR was killed and goes on, the items
    of the part that was killed pass once more, since nobody knows whether they were stored.
    """

    def __init__(self, crawler: Crawler) -> None:
        assert crawler.stats is not None
        self._stats = crawler.stats
        settings = crawler.settings
        self._config = _config(settings.get("CLEANER_CONFIG"))
        if (contained := settings.get("CLEANER_CONTAINED")) is not None:
            try:
                self._config = replace(self._config, contained=float(contained))
            except ValueError as error:
                what = error if isinstance(error, ConfigError) else f"a share is a number, not {contained!r}"
                raise ConfigError(f"CLEANER_CONTAINED: {what}") from None
        self._text_field = settings.get("CLEANER_TEXT_FIELD") or self._config.text_field
        for name in (self._text_field, self._config.html_field):
            if not is_plain(name):
                raise ConfigError(f"{name}: Scrapy takes the name of a field, and no path")
        self._clean = self._config.pipeline()
        self._drop_html = settings.getbool("CLEANER_DROP_HTML")
        self._without_text: set[type] = set()
        self._on_duplicate = settings.get("CLEANER_ON_DUPLICATE", "drop")
        if self._on_duplicate not in ON_DUPLICATE:
            raise ConfigError(f"CLEANER_ON_DUPLICATE is 'drop' or 'mark', not {self._on_duplicate!r}")
        self._index_path: str | None = settings.get("CLEANER_INDEX")
        job = job_dir(settings)
        self._running = Path(job) / RUNNING_FILE if job else None
        self._index: NearDuplicateIndex | None = None
        self._killed: int | None = None
        self._passed: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make it with the settings of a crawler. Raises `ConfigError` for settings that cannot be."""
        return cls(crawler)

    def open_spider(self) -> None:
        """Open the index."""
        if self._config.codes() & DUPLICATES:
            config = self._config
            self._index = NearDuplicateIndex.open(
                self._index_path, threshold=config.threshold, ngram=config.ngram, contained=config.share_contained
            )
            if self._running is not None and self._running.exists():
                self._killed = int(self._running.read_text(encoding="utf-8"))
            elif self._running is not None:
                _write(self._running, str(self._index.last()))

    def close_spider(self) -> None:
        """Close the index."""
        if self._index is not None:
            self._stats.set_value("cleaner/index/size", len(self._index))
            self._index.close()
            if self._running is not None:
                self._running.unlink(missing_ok=True)

    async def process_item(self, item: Any) -> Any:
        """Return the item with its clean text. Raises `NearDuplicate` or `Excluded`."""
        fields = ItemAdapter(item)
        source = self._source(fields)
        if source is None or not self._has_room_for_text(item):
            return item
        if source.refused is not None:
            raise self._excluded(source.refused)
        result, twin = await run_in_thread(self._look_at, source.document)
        if result.dropped is not None:
            raise self._excluded(result.dropped)
        if twin is None:
            self._stats.inc_value("cleaner/kept")
        else:
            self._stats.inc_value("cleaner/duplicates")
            if self._on_duplicate == "drop":
                raise NearDuplicate(twin)
        return with_fields(item, *self._changes(fields, result, twin))

    def _excluded(self, dropped: Drop) -> Excluded:
        self._stats.inc_value(f"cleaner/excluded/{dropped.code}")
        return Excluded(dropped.code, dropped.message)

    def _has_room_for_text(self, item: Any) -> bool:
        """Whether an item may have the text; of a type that may not, it is said once what to do."""
        if may_have(item, self._text_field):
            return True
        if type(item) not in self._without_text:
            self._without_text.add(type(item))
            logger.error(
                "%s declares no field %r for the clean text, so its items pass as they are: declare it, or name "
                "another one with CLEANER_TEXT_FIELD",
                type(item).__name__,
                self._text_field,
            )
        return False

    def _source(self, fields: ItemAdapter) -> Source | None:
        """Return the document of an item, or why it has none; None where it has nothing to clean."""
        config = self._config
        url = fields.get(config.url_field)
        id_ = str(fields.get(config.id_field) or url or "")
        response, html, text = (fields.get(n) for n in (RESPONSE_FIELD, config.html_field, config.text_field))
        title = fields.get("title")
        if html is not None:
            if not isinstance(html, str | bytes):
                why = f"{config.html_field!r} is {type(html).__name__}, not text"
                return Source(Document(id_), Drop(why, code="RD106"))
            return Source(Document(id_, title=title, url=url, html=html))
        if isinstance(response, Response):
            document, refused = from_response(response, response.body, url=url)  # type: ignore[arg-type]
            return Source(replace(document, id=id_ or response.url, title=title), refused)
        return Source(Document(id_, text, title, url)) if isinstance(text, str) else None

    def _look_at(self, document: Document) -> tuple[Result, Drop | None]:
        """Clean a document and look it up; in a thread of its own."""
        result = self._clean(document)
        if self._index is None or result.dropped is not None:
            return result, None
        sketch = self._index.sketcher.batch([result.plain_text])[0]
        twin = self._index.decide(document.id, sketch)
        if self._killed is None:
            return result, twin
        if twin is not None and twin.duplicate_of == document.id and self._is_own(document.id, sketch, self._killed):
            twin = None
        if twin is None:
            self._passed.add(document.id)
        return result, twin

    def _is_own(self, id_: str, sketch: Sketch, killed: int) -> bool:
        """Whether the killed part of this job has added the text: neither was it there before, nor did it pass here."""
        assert self._index is not None
        return bool(id_) and id_ not in self._passed and self._index.before(killed).find(sketch) is None

    def _changes(self, fields: ItemAdapter, result: Result, twin: Drop | None) -> tuple[dict[str, Any], list[str]]:
        """Return the fields that an item gets, and those that go out of it."""
        config = self._config
        changes: dict[str, Any] = {self._text_field: result.text}
        going = [RESPONSE_FIELD, config.html_field] if self._drop_html else [RESPONSE_FIELD]
        if "LG101" in self._clean.codes:
            changes |= {"language": result.language, "language_score": round(result.language_score, 4)}
            own = {LANGUAGES: fields.get(LANGUAGES)}
            mark_languages(own, result.languages)
            changes |= {name: value for name, value in own.items() if value is not None}
            going += [] if own else [LANGUAGES]
        known: Mapping[str, Any] = {config.url_field: result.document.url, "title": result.title, **result.metadata}
        for name in (config.url_field, "title", *METADATA_FIELDS):
            if known.get(name) and not fields.get(name):
                changes[name] = known[name]
        if twin is not None:
            changes["excluded"] = excluded_field(twin)
        return changes, [name for name in going if name in fields and name != self._text_field]


def may_have(item: Any, name: str) -> bool:
    """Whether an item may have a field: a plain mapping any, others those that they declare."""
    if isinstance(item, scrapy.Item):
        return name in item.fields
    return isinstance(item, MutableMapping) or name in set(ItemAdapter(item).field_names())


def with_fields(item: Any, changes: Mapping[str, Any], going: Sequence[str]) -> Any:
    """Return an item with the changes that it may have, and without those that go: itself, or a frozen one anew."""
    changes = {name: value for name, value in changes.items() if may_have(item, name)}
    if isinstance(item, MutableMapping):
        for name in going:
            del item[name]
        item.update(changes)
        return item
    changes = {**dict.fromkeys(going), **changes}  # a field of these cannot go; it becomes None
    fields = ItemAdapter(item)
    try:
        for name, value in changes.items():
            fields[name] = value
    except (AttributeError, ValueError):  # frozen: dataclasses and attrs say the one, pydantic the other
        return _made_anew(item, changes)
    return item


def _made_anew(item: Any, changes: Mapping[str, Any]) -> Any:
    if is_dataclass(item) and not isinstance(item, type):
        return replace(item, **changes)
    if hasattr(item, "model_copy"):
        return item.model_copy(update=dict(changes))
    import attr

    return attr.evolve(item, **changes)


def _write(path: Path, content: str) -> None:
    with replaced(path) as new:
        Path(new).write_text(content, encoding="utf-8")


def _config(path: str | None) -> Config:
    found = Path(path) if path else find_config(Path.cwd())
    return load_config(found) if found else Config()
