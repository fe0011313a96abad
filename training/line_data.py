"""Labelled lines, and phrases, as the model of lines learns from them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from zlib import crc32

from cleaner.rules.boilerplate.packs import builtin_packs
from training.ordinary import records

FOLDS = 5
# What readers wrote cannot be told from a text by its words and teaches nothing; of "other" nobody can know the kind.
LEFT_OUT, DOUBTFUL = "comment_body", "other"
# The code that a tag of a labelled line stands for; other tags say nothing of the class.
CODES = {
    "ad": "BP119", "comment_ui": "BP103", "cookie": "BP101", "legal": "BP118", "login": "BP105", "nav": "BP124",
    "newsletter": "BP106", "readmore": "BP108", "related": "BP107", "share": "BP102", "tools": "BP109",
}  # fmt: skip
# Where the texts come from that were written to learn from.
WRITTEN = "written"
LABELS = {"keep": 0, "drop": 1}
# The languages of which there are six hundred labelled lines and more.
LABELLED = frozenset(("de", "el", "en", "es", "fr", "ja", "pl", "ru", "zh-hans", "zh-hant"))
POSITIONS = ("first", "middle", "last")


class Document(NamedTuple):
    """The lines of one text. `goes` has 1 for a line that goes, 0 for one that stays, -1 for one that nobody knows.

    `tags` are the kinds of those that go; the labels of a `noisy` text are not all right.
    """

    source: str
    site: str
    lines: tuple[str, ...]
    goes: tuple[int, ...]
    tags: tuple[str, ...]
    noisy: bool = False

    @property
    def fold(self) -> int:
        """The fold of the site: no site is in two."""
        return crc32(self.site.encode()) % FOLDS


class Phrase(NamedTuple):
    """A line by itself: a phrase of cruft with its code, or an ordinary line with none. `weight` is what it counts."""

    line: str
    code: str
    weight: float


def site(url: str | None, fallback: str) -> str:
    """Return the part of a host that one publisher has: its last two labels, or three under co.uk and the like."""
    labels = (urlsplit(url or "").hostname or fallback).split(".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3 if short else -2 :])


def code_of(tag: str) -> str | None:
    """Return the code of a kind of line, which may be that code; None for a kind that says nothing of it."""
    return tag if tag.startswith("BP") else CODES.get(tag)


def documents(paths: Iterable[Path], *, noisy: bool = False) -> Iterator[Document]:
    """Yield the texts of labelled files: {id, url, lines: [{text, label: keep|drop|unsure, tag?}]}."""
    for path in paths:
        source = path.name.removesuffix(".gz").removesuffix(".jsonl")
        for record in records(path):
            lines = [line for line in record["lines"] if any(map(str.isalnum, line["text"]))]
            lines = [line for line in lines if "\n" not in line["text"]]
            if lines:
                yield Document(
                    source,
                    site(record.get("url"), str(record["id"])),
                    tuple(line["text"].strip() for line in lines),
                    tuple(LABELS.get(line["label"], -1) for line in lines),
                    tuple(line.get("tag") or DOUBTFUL for line in lines),
                    noisy,
                )


def pack_phrases(weight: float) -> list[Phrase]:
    """Return the phrases of the packs, their gaps as spaces and their numbers as one digit."""
    found = []
    for pack in builtin_packs():
        for phrases in pack.phrases.values():
            for phrase in (*phrases.sure, *phrases.careful):
                line = " ".join(phrase.replace("…", " ").replace("#", "3").split())
                if len(line) > 1:
                    found.append(Phrase(line, pack.code, weight))
    return found


def lexicon_phrases(path: Path, weight: float) -> list[Phrase]:
    """Return the phrases of a lexicon: tables by class with a code, then by language, of exact, starts and careful."""
    found = []
    for table in tomllib.loads(path.read_text(encoding="utf-8")).values():
        if not isinstance(table, dict) or "code" not in table:
            continue
        for entries in (language for language in table.values() if isinstance(language, dict)):
            listed = [*entries.get("exact", ()), *entries.get("starts", ())]
            for entry in entries.get("careful", ()):
                listed += [entry[how] for how in ("is", "starts") if how in entry]
            lines = (line.replace("#", "3").strip() for line in listed)
            found += [Phrase(line, table["code"], weight) for line in lines if len(line) > 1]
    return found


def interface_phrases(path: Path, weights: tuple[float, float]) -> list[Phrase]:
    """Return the lines of a file of {text, code, language}: what templates of sites say, and what is none (no code).

    The first weight is for what sites say in languages of labelled lines, the second one for all others.
    """
    found = {str(record["text"]): record for record in records(path)}
    return [
        Phrase(line, record["code"], weights[not record["code"] or record["language"] not in LABELLED])
        for line, record in found.items()
    ]


def written(folder: Path) -> Iterator[Document]:
    """Yield the texts that were written to learn from: files of {id, lang, lines: [[text, class]]}.

    A class is "good", "taste" (nobody knows), or the code of what goes.
    """
    for path in sorted(folder.glob("*.jsonl")):
        for record in records(path):
            lines = [(text.strip(), kind) for text, kind in record["lines"] if any(map(str.isalnum, text))]
            yield Document(
                WRITTEN,
                str(record["id"]),
                tuple(text for text, _ in lines),
                tuple({"good": 0, "taste": -1}.get(kind, 1) for _, kind in lines),
                tuple(kind for _, kind in lines),
            )


def looks_like(folder: Path) -> tuple[list[Phrase], list[Document], list[Document]]:
    """Return what looks like cruft and is none, from the folder of such tests.

    Lines by themselves, each of them in an article, and whole documents.
    """
    listed = tomllib.loads((folder / "lines.toml").read_text(encoding="utf-8"))["line"]
    prose = tomllib.loads((folder / "prose.toml").read_text(encoding="utf-8"))
    articles = []
    for number, line in enumerate(listed):
        neutral = prose[line["lang"]]
        paragraphs = [neutral["headline"], *neutral["paragraphs"]]
        for position in line.get("positions", POSITIONS):
            place = {"first": 1, "middle": 3, "last": len(paragraphs)}[position]
            text = "\n".join([*paragraphs[:place], line["text"], *paragraphs[place:]])
            articles.append(_kept(text, f"line {number}"))
    whole = [_kept(path.read_text(encoding="utf-8"), path.stem) for path in sorted(folder.glob("documents/*/*.txt"))]
    return [Phrase(line["text"].strip(), "", 6.0) for line in listed], articles, whole


def pack_examples() -> list[Document]:
    """Return the examples of the packs; of what a pack takes from its example nothing is learned here."""
    found = []
    for pack in builtin_packs():
        for number, example in enumerate(pack.examples):
            document = _kept(example.text, f"{pack.code} {number}")
            takes = {line.strip() for line in example.takes}
            found.append(document._replace(goes=tuple(-(line in takes) for line in document.lines)))
    return found


def kept(paths: Iterable[Path]) -> list[Document]:
    """Return texts in which every line stays."""
    return [_kept(path.read_text(encoding="utf-8"), path.stem) for path in paths]


def _kept(text: str, name: str) -> Document:
    lines = tuple(line.strip() for line in text.split("\n") if any(map(str.isalnum, line)))
    return Document("negatives", name, lines, (0,) * len(lines), (DOUBTFUL,) * len(lines))
