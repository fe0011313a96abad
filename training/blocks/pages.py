"""Labelled pages: what the model may look at in each block, and whether the gold text has the block."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.encoding import NotTextError, decode
from cleaner.extract.block import Page
from cleaner.extract.learned import features, lexicon
from cleaner.extract.learned.judge import matrix
from cleaner.extract.learned.layout import Layout
from cleaner.extract.learned.lexicon import word_key
from cleaner.extract.learned.names import words
from cleaner.extract.learned.page_facts import PageFacts, read_page
from cleaner.extract.page import parse
from training.blocks.labels import coverage, tokens
from training.made_pages import made_pages
from training.made_pages.articles import made_articles
from training.made_pages.beside import beside_pages
from training.made_pages.notices import made_notices
from training.made_pages.platforms import platform_pages
from training.made_pages.small import small_pages
from training.made_pages.templates import NOTICES

# A block is text where the gold has half of its words.
_IN_GOLD = 0.5
PLATFORMS = "platforms"
MADE_UP = ("made", PLATFORMS)


@dataclass(slots=True)
class LabelledPage:
    """A page of a set (a collection with its own way of labelling), its blocks' facts and labels.

    Pages of one `family` are never learned from and judged at once: those of a site, or of one made-up kind. A word
    counts once a `site`. `rows` has a row a fact and a column a block; `keys` are the word keys (see
    `cleaner.extract.learned.lexicon`) of all blocks, those of block b from `starts[b]` to `starts[b + 1]`.
    """

    set: str
    id: str
    site: str
    family: str
    gold: str
    page: Page
    texts: list[str]
    names: list[str]
    rows: NDArray[np.int32]
    layout: Layout
    keys: NDArray[np.uint64]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    kept: NDArray[np.bool_]


def labelled_pages(folders: Iterable[Path]) -> Iterator[LabelledPage]:
    """Yield the pages of folders that hold ID.html or ID.html.gz and gold.jsonl ({id, url, site, text}).

    Pages without markup, or without text of any kind, are left out. A page without `site` is a site of its own.
    """
    for folder in folders:
        with (folder / "gold.jsonl").open(encoding="utf-8") as lines:
            for record in map(json.loads, lines):
                try:
                    html, _ = decode(_read(folder, record["id"]), content_type=None, html=True)
                except NotTextError:
                    continue
                site = record.get("site") or f"{folder.name}/{record['id']}"
                page = _labelled(folder.name, record["id"], site, site, html, record["text"])
                if page is not None:
                    yield page


def made_up_pages() -> Iterator[LabelledPage]:
    """Yield pages without main text, near misses, articles under notices, misleading ones, small pages, software's.

    Pages that are nothing but a notice are not among them: what tells them from a short text is wording alone, of which
    `cleaner.extract.learned.notice` judges. A model that learned them as empty took short texts for notices.

    A kind of them is a family, and each page is a site of its own, so that what it says is learned. Those of software
    are a set of their own, `PLATFORMS`: there a template is a site, since its labels are the same on all its pages.
    """
    pages = [
        ("made", page.name, page.kind, page.name, page.html, page.expected_text)
        for page in made_pages()
        if page.kind not in NOTICES
    ]
    pages += [
        ("made", notice.name, notice.kind, notice.name, notice.html, notice.text)
        for notice in made_notices()
        if notice.text
    ]
    pages += [("made", page.name, page.form, page.name, page.html, page.expected_text) for page in made_articles()]
    pages += [("made", small.name, small.form, small.name, small.html, small.expected_text) for small in small_pages()]
    pages += [("made", page.name, page.form, page.name, page.html, page.expected_text) for page in beside_pages()]
    pages += [
        (PLATFORMS, page.name, page.platform, page.platform, page.html, page.expected_text) for page in platform_pages()
    ]
    for set_, name, kind, site, html, text in pages:
        page = _labelled(set_, name, f"{set_}/{site}", f"{set_}/{kind}", html, text)
        if page is not None:
            yield page


def _read(folder: Path, name: str) -> bytes:
    packed = folder / f"{name}.html.gz"
    return gzip.decompress(packed.read_bytes()) if packed.exists() else (folder / f"{name}.html").read_bytes()


def _labelled(set_: str, id_: str, site: str, family: str, html: str, gold: str) -> LabelledPage | None:
    tree = parse(html)
    if tree is None:
        return None
    page, about = read_page(tree)
    if not page.blocks:
        return None
    words_of = [tokens(block.text) for block in page.blocks]
    kept = coverage(words_of, tokens(gold)) >= _IN_GOLD
    return with_facts(page, about, kept, set=set_, id=id_, site=site, family=family, gold=gold)


def with_facts(page: Page, about: PageFacts, kept: NDArray[np.bool_], **stated: Any) -> LabelledPage:
    """Return a page whose blocks are labelled with all that is learned from; `stated` is what is known beside it."""
    layout, rows = features.read(page, about)
    keys, starts = _keys(page, layout)
    texts = [block.text for block in page.blocks]
    return LabelledPage(
        page=page, texts=texts, names=list(rows), rows=matrix(rows, tuple(rows)), layout=layout, keys=keys,
        starts=starts, sizes=np.array([len(tokens(text)) for text in texts]), kept=kept, **stated,
    )  # fmt: skip


def _keys(page: Page, layout: Layout) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    keys: list[int] = []
    starts = [0]
    cache: dict[tuple[str, int], list[int]] = {}

    def of_names(names: str, channel: int) -> list[int]:
        if (names, channel) not in cache:
            cache[names, channel] = [word_key(word, channel) for word in words(names)]
        return cache[names, channel]

    for block, text_key in zip(page.blocks, layout.keys, strict=True):
        container, channel = block.node, lexicon.OWN
        while container > 0:
            keys += of_names(layout.names[container], channel)
            container, channel = page.parents[container], min(channel + 1, lexicon.FURTHER)
        for name in block.names[: lexicon.MOST_INLINE]:
            keys += of_names(name, lexicon.INLINE)
        keys += [word_key(word, channel) for word, channel in lexicon.text_words(block.text, text_key)]
        starts.append(len(keys))
    return np.array(keys, np.uint64), np.array(starts)
