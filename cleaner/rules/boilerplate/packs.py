"""Read rule packs: TOML files that hold one class of boilerplate each, as phrases sorted by language."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import xxhash

from cleaner.errors import ConfigError
from cleaner.named_file import TOML_BYTES, read_named
from cleaner.rules.boilerplate.patterns import UnsafePatternError, check_pattern
from cleaner.toml import read_toml, settings_text
from cleaner.values import nearest

ZONES = ("any", "head", "tail", "edge")
_LANGUAGE = re.compile(r"any|[a-z]{2,3}")
_TEXT_KEYS = ("code", "name", "why", "wrong_when")
_KEYS = (*_TEXT_KEYS, "zone", "max_chars", "default_on", "sentences", "needs", "unless", "topic", "words", "example")
_EXPECTED = f"{', '.join(_KEYS)}, or a table [any] or [fr]"
# A phrase has a letter, a digit, or the mark of a number.
_TELLING = re.compile(r"[^\W_]|#")
_LISTS = ("sure", "careful", "patterns")
# No class takes a longer line, and no pattern is tried on one.
MAX_CHARS = 1000


class PackError(ConfigError):
    """A rule pack is not as it should be.

    The message names the pack, the line where it is known, what was found and what was expected;
    `source` is the pack's name and `line` the line from 1, or None.
    """

    def __init__(self, message: str, source: str, line: int | None = None) -> None:
        super().__init__(f"{source}:{line}: {message}" if line else f"{source}: {message}")
        self.source = source
        self.line = line


@dataclass(frozen=True, slots=True)
class Example:
    """A text, and the lines of it that the rule takes out (none for a text that must stay)."""

    text: str
    takes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of one language.

    `sure` ones count alone in the pack's zone, `careful` ones need a second witness. A phrase is compared
    folded (see `keys`); ` … ` in it stands for anything, `#` for a number. `patterns` are regular
    expressions for a whole folded line.
    """

    sure: tuple[str, ...] = ()
    careful: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """One class of boilerplate.

    `zone` is where one witness is enough: `head` before the first prose paragraph, `tail` after the
    last, `edge` for both, `any`. `max_chars` bounds the lines that it takes, in code points. Where `needs`
    is not empty, a phrase with a gap counts only on a line that has one of these in it, folded, and with one of
    `unless` in it no such phrase counts; where `sentences` is false, a phrase with an open end does not count on a line
    that ends as a sentence. A text whose own prose has the words of `topic` is about the matter, and every phrase is
    careful there. `words` are lists for the detectors that are more than phrases (months, agencies). `source` is where
    the pack was read, and `digest` tells its text from others: packs are equal where these are.
    """

    source: str
    digest: str
    code: str = field(compare=False)
    name: str = field(compare=False)
    why: str = field(compare=False)
    wrong_when: str = field(compare=False)
    zone: str = field(compare=False)
    max_chars: int = field(compare=False)
    default_on: bool = field(default=True, compare=False)
    sentences: bool = field(default=True, compare=False)
    topic: tuple[str, ...] = field(default=(), compare=False)
    needs: tuple[str, ...] = field(default=(), compare=False)
    unless: tuple[str, ...] = field(default=(), compare=False)
    phrases: Mapping[str, Phrases] = field(default_factory=dict, compare=False)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    examples: tuple[Example, ...] = field(default=(), compare=False)


def parse_pack(text: str, source: str) -> Pack:
    """Read a pack from TOML. `source` names it in errors.

    Raises `PackError` where the TOML or what it says is wrong.
    """
    try:
        table = read_toml(text)
    except ValueError as error:
        found = re.search(r"at line (\d+)", str(error))
        raise PackError(str(error), source, int(found.group(1)) if found else None) from error
    return _Reader(text, source).pack(table)


def read_pack(path: str) -> Pack:
    """Read a rule pack of the user's own. Raises `PackError` where it cannot be read or is wrong."""
    try:
        text = settings_text(read_named(path, TOML_BYTES))
    except (OSError, ValueError) as error:
        raise PackError(f"cannot be read: {error}", path) from error
    return parse_pack(text, path)


def located(text: str, source: str, message: str, near: str) -> PackError:
    """Return an error that names the line of a pack's text where something stands, if it is there."""
    return _Reader(text, source).error(message, near)


def refuse_taken(packs: Sequence[Pack]) -> None:
    """Raise `PackError` where a pack has a code or a name that another one, or one that comes with cleaner, has."""
    known = [*builtin_packs()]
    for pack in packs:
        taken = next((other for other in known if pack.code == other.code or pack.name == other.name), None)
        if taken is not None:
            where = "" if taken in builtin_packs() else f" in {taken.source}"
            message = f"{pack.code} {pack.name}: there is already a rule {taken.code} {taken.name}{where}"
            raise PackError(message, pack.source)
        known.append(pack)


@functools.cache
def builtin_packs() -> tuple[Pack, ...]:
    """Return the packs that come with cleaner, in order of code."""
    folder = files("cleaner.rules.boilerplate").joinpath("packs")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    packs = [parse_pack(folder.joinpath(name).read_text(encoding="utf-8"), name) for name in names]
    return tuple(sorted(packs, key=lambda pack: pack.code))


@functools.cache
def builtin_pack(name: str) -> Pack:
    """Return the pack of this name that comes with cleaner."""
    return next(pack for pack in builtin_packs() if pack.name == name)


class _Reader:
    def __init__(self, text: str, source: str) -> None:
        self.text = text
        self.source = source

    def error(self, message: str, near: str) -> PackError:
        """Make an error that points at the line where `near` is: a key, else a text, else anything that has it."""
        name = re.escape(near)
        for place in (rf"^\s*{name}\s*=", rf"['\"]{name}['\"]", rf"^\s*{name}\s*$", name):
            if found := re.search(place, self.text, re.MULTILINE):
                at = found.end() - len(found.group().lstrip())
                return PackError(message, self.source, self.text.count("\n", 0, at) + 1)
        return PackError(message, self.source)

    def pack(self, table: dict[str, Any]) -> Pack:
        for name in table:
            if name not in _KEYS and not _LANGUAGE.fullmatch(name):
                raise self.error(f"unknown key {name!r}{nearest(name, _KEYS)}: expected {_EXPECTED}", name)
        for name in _TEXT_KEYS:
            if not isinstance(table.get(name), str) or not table[name].strip():
                raise self.error(f"{name} is missing: expected {name} = '…'", name)
        if not re.fullmatch(r"[A-Z]{2,4}[0-9]{3}", table["code"]):
            raise self.error(f"code {table['code']!r}: expected two to four capitals and three digits", "code")
        if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", table["name"]):
            raise self.error(f"name {table['name']!r}: expected words in lower case, joined by hyphens", "name")
        zone = table.get("zone", "edge")
        if zone not in ZONES:
            raise self.error(f"zone {zone!r}: expected one of {', '.join(ZONES)}", "zone")
        max_chars = table.get("max_chars", 200)
        if type(max_chars) is not int or not 1 <= max_chars <= MAX_CHARS:
            raise self.error(f"max_chars {max_chars!r}: expected a number from 1 to {MAX_CHARS}", "max_chars")
        flags = {name: table.get(name, True) for name in ("default_on", "sentences")}
        for name, flag in flags.items():
            if type(flag) is not bool:
                raise self.error(f"{name} {flag!r}: expected true or false", name)
        phrases = {}
        for name, value in table.items():
            if name in _KEYS:
                continue
            if not isinstance(value, dict):
                raise self.error(f"unknown key {name!r}: expected {_EXPECTED}", name)
            phrases[name] = self.phrases(name, value, max_chars)
        words = table.get("words", {})
        if not isinstance(words, dict):
            raise self.error("words: expected a table of lists", "words")
        return Pack(
            source=self.source,
            digest=xxhash.xxh3_128_hexdigest(self.text.encode("utf-8", "surrogatepass")),
            code=table["code"],
            name=table["name"],
            why=table["why"],
            wrong_when=table["wrong_when"],
            zone=zone,
            max_chars=max_chars,
            **flags,
            needs=self.lines("needs", table.get("needs", ())),
            unless=self.lines("unless", table.get("unless", ())),
            topic=self.lines("topic", table.get("topic", ())),
            phrases=phrases,
            words={name: self.lines(name, value) for name, value in words.items()},
            examples=tuple(self.examples(table.get("example", []))),
        )

    def phrases(self, language: str, table: dict[str, Any], max_chars: int) -> Phrases:
        for name in table:
            if name not in _LISTS:
                raise self.error(f"unknown key {name!r} in [{language}]: expected {', '.join(_LISTS)}", name)
        lists = {name: self.lines(name, table.get(name, ())) for name in _LISTS}
        for phrase in (*lists["sure"], *lists["careful"]):
            if not _TELLING.search(phrase):
                raise self.error(f"phrase {phrase!r} has no letter and no number", phrase)
        for pattern in lists["patterns"]:
            try:
                check_pattern(pattern, max_chars)
            except UnsafePatternError as error:
                raise self.error(f"pattern {pattern!r}: {error}", pattern) from error
        return Phrases(**lists)

    def lines(self, name: str, value: object) -> tuple[str, ...]:
        """Return the entries of a list: a TOML array, or one text with an entry a line."""
        if isinstance(value, str):
            return tuple(filter(None, map(str.strip, value.split("\n"))))
        if not isinstance(value, list | tuple) or not all(isinstance(entry, str) and entry.strip() for entry in value):
            raise self.error(f"{name}: expected a text with one entry a line, or a list of texts", name)
        return tuple(entry.strip() for entry in value)

    def examples(self, tables: object) -> Iterator[Example]:
        if not isinstance(tables, list):
            raise self.error("example: expected tables [[example]] with text and takes", "example")
        for table in tables:
            if not isinstance(table, dict) or not isinstance(table.get("text"), str) or set(table) - {"text", "takes"}:
                raise self.error("example: expected text = '''…''' and takes = [lines]", "[[example]]")
            takes = self.lines("takes", table.get("takes", ()))
            lines = [line.strip() for line in table["text"].split("\n")]
            for line in takes:
                if line not in lines:
                    raise self.error(f"example takes {line!r}, which is no line of its text", line)
            yield Example(table["text"].strip("\n"), takes)
