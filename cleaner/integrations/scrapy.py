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
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, MutableMapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from itemadapter import ItemAdapter
from scrapy.exceptions import DropItem
from scrapy.http import Response
from scrapy.utils.asyncio import run_in_thread
from scrapy.utils.job import job_dir

from cleaner.account.outcome import excluded_field
from cleaner.config import Config
from cleaner.config_file import find_config, load_config
from cleaner.dedup import NearDuplicateIndex
from cleaner.dedup.sketch import Sketch
from cleaner.document import Document, Drop
from cleaner.errors import ConfigError
from cleaner.pipeline import Result
from cleaner.replacing import replaced
from cleaner.rules import name_of
from cleaner.rules.catalog import DUPLICATES
from cleaner.runner.task import METADATA_FIELDS

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

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
    names other fields); one with none of them passes as it is. The page or the response goes out of the item; `text`,
    `language` and `language_score` are set, `title`, `url`, `author`, `date` and the like where the item has none. An
    item type that declares its fields has to declare `text`; of the others it gets those that it declares.

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
            self._config = replace(self._config, contained=float(contained))
        self._clean = self._config.pipeline()
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
        document = self._document(fields)
        if document is None:
            return item
        result, twin = await run_in_thread(self._look_at, document)
        if result.dropped is not None:
            self._stats.inc_value(f"cleaner/excluded/{result.dropped.code}")
            raise Excluded(result.dropped.code, result.dropped.message)
        if twin is None:
            self._stats.inc_value("cleaner/kept")
        else:
            self._stats.inc_value("cleaner/duplicates")
            if self._on_duplicate == "drop":
                raise NearDuplicate(twin)
        self._fill(fields, result, twin)
        return item

    def _document(self, fields: ItemAdapter) -> Document | None:
        config = self._config
        url = fields.get(config.url_field)
        response = fields.get(RESPONSE_FIELD)
        html: str | bytes | None = fields.get(config.html_field)
        content_type = None
        if html is None and isinstance(response, Response):
            html, url = response.body, url or response.url
            content_type = (response.headers.get("Content-Type") or b"").decode("latin-1") or None
        text = fields.get(config.text_field)
        if html is None and not isinstance(text, str):
            return None
        id_ = str(fields.get(config.id_field) or url or "")
        return Document(id_, text if html is None and text else "", fields.get("title"), url, html, content_type)

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

    def _fill(self, fields: ItemAdapter, result: Result, twin: Drop | None) -> None:
        config = self._config
        for name in (config.html_field, RESPONSE_FIELD):
            if name != config.text_field and name in fields:
                _take_out(fields, name)
        fields[config.text_field] = result.text
        if "LG101" in self._clean.codes:
            _put(fields, "language", result.language)
            _put(fields, "language_score", round(result.language_score, 4))
        known: Mapping[str, Any] = {config.url_field: result.document.url, "title": result.title, **result.metadata}
        for name in (config.url_field, "title", *METADATA_FIELDS):
            if known.get(name) and not fields.get(name):
                _put(fields, name, known[name])
        if twin is not None:
            _put(fields, "excluded", excluded_field(twin))


def _put(fields: ItemAdapter, name: str, value: object) -> None:
    """Set a field, if the item may have it: `scrapy.Item`s, dataclasses and the like have those that they declare."""
    with contextlib.suppress(KeyError):
        fields[name] = value


def _take_out(fields: ItemAdapter, name: str) -> None:
    """Take a field out; of an item that is no mapping (a dataclass, say) it cannot go, and becomes None."""
    if isinstance(fields.item, MutableMapping):
        del fields[name]
    else:
        fields[name] = None


def _write(path: Path, content: str) -> None:
    with replaced(path) as new:
        Path(new).write_text(content, encoding="utf-8")


def _config(path: str | None) -> Config:
    found = Path(path) if path else find_config(Path.cwd())
    return load_config(found) if found else Config()
