"""A rule pack of one's own, tried: its examples, and what of it can never match."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cleaner.config import Config
from cleaner.document import Document
from cleaner.rules.boilerplate.idle import idle_entries
from cleaner.rules.boilerplate.packs import Example, Pack, PackError, located, read_pack, refuse_taken


class Tried(NamedTuple):
    """What came of a pack: what is wrong with it, as `path:line: message`, and the pack where it could be read."""

    problems: list[str]
    pack: Pack | None = None


def try_pack(path: str) -> Tried:
    """Read a pack and run its examples; each must lose the lines that it says, and no other."""
    try:
        pack = read_pack(path)
        refuse_taken([pack])
    except PackError as error:
        return Tried([str(error)])
    text = Path(path).read_text(encoding="utf-8")
    found = [located(text, path, message, near) for near, message in idle_entries(pack)]
    found += [located(text, path, message, near) for near, message in _wrong_examples(pack, path)]
    return Tried([str(error) for error in sorted(found, key=lambda error: error.line or 0)], pack)


def _wrong_examples(pack: Pack, path: str) -> Iterator[tuple[str, str]]:
    """Yield a line of each example that does not come out as it says, and what is wrong."""
    pipeline = Config(packs=(path,), select=("ALL", pack.code)).pipeline()
    for number, example in enumerate(pack.examples, 1):
        left = _lines(pipeline(Document("", example.text)).text)
        wanted = [line for line in _lines(example.text) if line not in example.takes]
        for line in dict.fromkeys(_lines(example.text)):
            if line in example.takes and line in left:
                yield line, f"example {number}: {line!r} is to go, and stays{_hint(pack, example)}"
            elif line in wanted and line not in left:
                yield line, f"example {number}: {line!r} is to stay, and goes"


def _hint(pack: Pack, example: Example) -> str:
    if pack.zone != "any" and len(_lines(example.text)) == len(example.takes):
        return f" (zone = {pack.zone!r}: give the example a paragraph of text beside the line)"
    return ""


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]
