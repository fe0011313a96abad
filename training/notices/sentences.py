"""What the model of notices learns from: sentences of notices and of texts, each with its language and weight."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from cleaner.extract.learned.notice import sentences
from cleaner.rules.boilerplate.packs import builtin_packs
from training.made_pages.templates import NOTICES, WITH_TEXT
from training.ordinary import ordinary_lines

_WORDINGS = Path(__file__).with_name("wordings")
_MADE = Path(__file__).parent.parent / "made_pages"
# What a sentence written for this counts, and a phrase of the packs, beside one of a labelled page.
_WRITTEN, _PHRASE = 3.0, 0.5
_RIGHTS = "a notice of rights"
_PACKS = {"BP101": "consent", "BP105": "login", "BP120": "paywall", "BP123": "script"}
_PHRASE_CHARS = 12
# How many sentences of a labelled text are learned, so that one language does not drown the others.
_SENTENCES = {"en": 25, "de": 60}
_SENTENCES_ELSEWHERE = 100
# Kinds of the made-up pages that say the same under another name, and what a reader is told.
KINDS = {
    "not_found": "a page that is not there", "gone": "a page that is not there",
    "broken": "an error", "maintenance": "an error",
    "login": "a login", "paywall": "an offer to subscribe",
    "consent": "a question for consent", "cookies": "a question for consent",
    "captcha": "a check of the visitor", "script": "a check of the visitor", "robot": "a check of the visitor",
    "redirect": "a check of the visitor", "age": "a question for the age", "region": "a barred region",
    "results": "an empty list", "search": "an empty list", "basket": "an empty basket", "stock": "an ended offer",
    "thanks": "a confirmation", "parked": "a domain for sale", "form": "a form",
    "rights": _RIGHTS,
}  # fmt: skip
TEXT = ""


class Sentence(NamedTuple):
    """A sentence with its kind (`TEXT` for none), its language ("" where nobody knows it), and what it counts.

    Sentences of one `source` are never learned from and judged at once.
    """

    text: str
    kind: str
    language: str
    weight: float
    source: str


def learned_sentences(folders: Iterable[Path], ordinary: Iterable[Path]) -> list[Sentence]:
    """Return all sentences: those written for this, of made-up pages, of the packs, and of labelled texts."""
    found = [*_written(), *_made_up(), *_phrases(), *_labelled(folders)]
    for number, line in enumerate(ordinary_lines(ordinary)):
        found += _split([line], TEXT, "", 1.0, f"line {number}")
    return found


def _split(lines: Iterable[str], kind: str, language: str, weight: float, source: str) -> Iterator[Sentence]:
    for text in sentences(lines):
        yield Sentence(text, kind, language, weight, source)


def _tables(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(folder.glob("*.toml")):
        yield file.stem, tomllib.loads(file.read_text(encoding="utf-8"))


def _written() -> Iterator[Sentence]:
    for language, table in _tables(_WORDINGS):
        for kind, lines in table.items():
            name = KINDS.get(kind, TEXT)
            for number, line in enumerate(lines):
                source = f"{name}/{language}" if name else f"text {language} {number}"
                yield from _split([line], name, language, _WRITTEN, source)


def made_up_notices() -> Iterator[tuple[str, str, list[str]]]:
    """Yield kind, language and lines of the notices of the made-up pages."""
    for language, kinds in _tables(_MADE / "notices"):
        for kind, notices in kinds.items():
            yield from ((KINDS[kind], language, [notice["title"], *notice["says"]]) for notice in notices)
    for language, words in _tables(_MADE / "languages"):
        yield from ((KINDS[kind], language, [words[kind]["title"], *words[kind]["says"]]) for kind in sorted(NOTICES))


def _made_up() -> Iterator[Sentence]:
    for kind, language, lines in made_up_notices():
        yield from _split(lines, kind, language, _WRITTEN, f"{kind}/{language}")
    for language, words in _tables(_MADE / "languages"):
        for kind in WITH_TEXT:
            told = words[kind]
            lines = [told["title"], *(line for part in ("says", "steps", "lines") for line in told.get(part, ()))]
            yield from _split([*lines, told.get("after", "")], TEXT, language, _WRITTEN, f"made {kind}")
        yield from _split([*words["headlines"], *words["summaries"]], TEXT, language, 1.0, "made headlines")
    for language, words in _tables(_MADE / "texts"):
        told = [line for article in words["articles"] for line in (article["title"], *article["says"])]
        yield from _split([*told, *words["said"]], TEXT, language, 2.0, "made texts")
        yield from _split(words["rights"], _RIGHTS, language, _WRITTEN, f"{_RIGHTS}/{language}")


def _phrases() -> Iterator[Sentence]:
    for pack in builtin_packs():
        for language, phrases in pack.phrases.items() if pack.code in _PACKS else ():
            for phrase in phrases.sure:
                line = " ".join(phrase.replace("…", " ").replace("#", "3").split())
                if len(line) > _PHRASE_CHARS:
                    kind = KINDS[_PACKS[pack.code]]
                    yield Sentence(line, kind, "" if language == "any" else language, _PHRASE, f"{kind}/{language}")


def _labelled(folders: Iterable[Path]) -> Iterator[Sentence]:
    """Yield sentences of the texts of labelled pages, drawn anew for each page."""
    for folder in folders:
        with (folder / "gold.jsonl").open(encoding="utf-8") as lines:
            for record in map(json.loads, lines):
                language = (record.get("lang") or "en")[:2]
                found = list(dict.fromkeys(_all_sentences(record["text"])))
                most = min(len(found), _SENTENCES.get(language, _SENTENCES_ELSEWHERE))
                drawn = Random(f"{folder.name} {record['id']}").sample(found, most)
                source = record.get("site") or f"{folder.name}/{record['id']}"
                yield from (Sentence(text, TEXT, language, 1.0, source) for text in drawn)


def _all_sentences(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        yield from sentences([line])
