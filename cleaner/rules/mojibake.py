"""Broken characters, mended line by line with ftfy, which is only called where it has something to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from cleaner.document import Document, Edit

if TYPE_CHECKING:
    from ftfy import TextFixerConfig

Steps = Sequence[tuple[str, str]]

_ENTITY = re.compile(r"&#?[0-9A-Za-z]{1,24};")
_REMOVED = re.compile(r"\x1b\[[\d;]*[a-zA-Z]|[\x00-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufeff\ufff9-\ufffc]+")
# What changes by itself, whatever stands around it: an entity, perhaps escaped again and again, and what is removed.
_ALONE = re.compile(rf"&(?:amp;)*#?[0-9A-Za-z]{{1,24}};|{_REMOVED.pattern}")
_NOT_ASCII = re.compile(r"[^\t\x20-\x7e]+")
_ASCII = "".join(map(chr, range(0x80)))
_PLAIN = bytes(byte for byte in range(0x80) if chr(byte) in "\t\f\r" or chr(byte).isprintable())

_ENCODINGS = {
    "latin-1": "Latin-1",
    "sloppy-windows-1250": "Windows-1250",
    "sloppy-windows-1251": "Windows-1251",
    "sloppy-windows-1252": "Windows-1252",
    "sloppy-windows-1253": "Windows-1253",
    "sloppy-windows-1254": "Windows-1254",
    "sloppy-windows-1257": "Windows-1257",
    "iso-8859-2": "ISO-8859-2",
    "macroman": "MacRoman",
    "cp437": "the DOS code page 437",
}


class _Change(NamedTuple):
    """At `start` of a line, `new` comes for `old`."""

    start: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Mojibake:
    """Mend text that was decoded with the wrong encoding.

    Why: pages that say one encoding and are in another, and files that were converted twice, leave `Ã©` for
    é and `â€œ` for a quotation mark; a model learns them, and a copy that is broken does not look like its original.

    Before::

        The cafÃ© opens at eight.

    After::

        The café opens at eight.

    The result is ftfy's for each line by itself, with its repairs of the encoding and of surrogates, and of what
    is told apart as `MJ102 control-characters` and `MJ103 html-entities`. Curly quotes, ligatures, wide characters and
    line ends stay as they are.

    Wrong when a text is about broken characters and shows some.
    """

    code: ClassVar[str] = "MJ"
    name: ClassVar[str] = "mojibake"

    def __call__(self, document: Document) -> Iterator[Edit]:
        """Yield an edit for each run of characters that changes."""
        for start, line in _doubtful_lines(document.text):
            if _suspicious().search(line):
                yield from _repairs(line, start)


class ControlCharacters:
    """Take out control characters, terminal colours and other characters without a meaning in text.

    Why: they come out of databases, terminals and word processors, nobody sees them, and many readers of JSON, XML
    and Parquet stumble over them. Byte order marks and object replacement characters are among them; tabs, joiners and
    marks of direction are not.

    Wrong when a text is a terminal's log whose colours matter.
    """

    code: ClassVar[str] = "MJ102"
    name: ClassVar[str] = "control-characters"


class HtmlEntities:
    """Decode HTML entities in a line that has no `<`.

    Why: scrapers that escape once too often leave `&amp;` for an ampersand and `&nbsp;` for a space.

    Before::

        The café opens at 8 &amp; closes at 6.

    After::

        The café opens at 8 & closes at 6.

    A line with `<` may be HTML that is meant to be read, and stays.

    Wrong when a text explains HTML entities.
    """

    code: ClassVar[str] = "MJ103"
    name: ClassVar[str] = "html-entities"


def _doubtful_lines(text: str) -> list[tuple[int, str]]:
    """Give the lines, and where they start, to which ftfy may have something to do; a glance is all it takes.

    Most text is ASCII for the most part: without that, but with its line feeds, there is little to look at.
    """
    rest = text.encode("utf-8", "surrogatepass").translate(None, _PLAIN).decode("utf-8", "surrogatepass")
    numbers = _line_numbers(_suspicious_rest(), rest)
    if "&" in text:
        numbers |= _line_numbers(_ENTITY, text)
    if not numbers:
        return []
    lines = text.split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    return [(starts[number], lines[number]) for number in sorted(numbers)]


def _line_numbers(pattern: re.Pattern[str], text: str) -> set[int]:
    """Give the numbers, from 0, of the lines in which the pattern matches."""
    numbers = set()
    number = at = 0
    while match := pattern.search(text, at):
        number += text.count("\n", at, match.start())
        numbers.add(number)
        at = text.find("\n", match.start())
        if at < 0:
            break
    return numbers


@cache
def _suspicious() -> re.Pattern[str]:
    """Give an expression that matches somewhere in every line that ftfy may change."""
    # An entity is an ampersand with this behind it.
    return _signs("&", ["(?<=&)#?[0-9A-Za-z]{1,24};", *_contexts()])


@cache
def _broken() -> re.Pattern[str]:
    """Give an expression that matches somewhere in every line that ftfy may change but for entities."""
    return _signs("", _contexts())


@cache
def _suspicious_rest() -> re.Pattern[str]:
    """Give an expression that matches where `_broken` does in what is left of a text without ASCII."""
    return _signs("", _contexts(without_ascii=True))


def _signs(more: str, contexts: Sequence[str]) -> re.Pattern[str]:
    from cleaner.rules.mojibake_signs import CONTROLS, SIGNS

    # One class finds the characters that have a part in it, fast; only there, their neighbours are looked at.
    signs = "".join(chars for chars, _, _ in SIGNS)
    return re.compile(f"[{CONTROLS}{more}{signs}](?:(?<=[{CONTROLS}])|{'|'.join(contexts)})")


def _contexts(*, without_ascii: bool = False) -> list[str]:
    """Give what makes a sign suspicious; where ASCII neighbours would, but are gone, the sign itself does."""
    from cleaner.rules.mojibake_signs import SIGNS

    contexts = []
    for chars, before, after in SIGNS:
        if without_ascii and re.search(f"[{before}{after}]", _ASCII):
            contexts.append(f"(?<=[{chars}])")
        else:
            contexts.append(f"(?<=[{before}][{chars}])" if before else f"(?<=[{chars}])[{after}]")
    return contexts


def _repairs(line: str, offset: int) -> Iterator[Edit]:
    fixed, steps = _fixed(line)
    cause = _message(steps)
    # A line that is broken in more than one way may be broken in one way at this place.
    mixed = any(name == "decode_inconsistent_utf8" for _, name in steps)
    for start, old, new in _changes(line, fixed):
        if not new and not _REMOVED.sub("", old):
            code, message = ControlCharacters.code, "terminal colour" if "[" in old else "control character"
        elif old.isascii():
            code, message = HtmlEntities.code, "HTML entity"
        else:
            code, message = "MJ101", (_cause(old, new) or cause) if mixed else cause
        yield Edit(offset + start, old, new, message, code=code)


def _fixed(line: str) -> tuple[str, Steps]:
    """Give what `ftfy.fix_and_explain` gives, in less time.

    This is its loop, with our guard asked before its own look for mojibake, which takes fifty times as long: so it
    does not look again, twice, at the line that comes out.
    """
    import ftfy
    from ftfy import fixes

    config = _config()
    if len(line) > config.max_decode_length:
        return ftfy.fix_text(line, config), ()
    has_entities = "<" not in line
    broken = _broken().search
    steps: list[tuple[str, str]] = []
    while True:
        before = line
        if has_entities:
            line = fixes.unescape_html(line)
        while broken(line):
            decoded, plan = ftfy._fix_encoding_one_step_and_explain(line, config)
            if decoded == line:
                break
            line = decoded
            steps += plan or ()
        if broken(line):
            for fixer in (
                fixes.fix_c1_controls,
                fixes.fix_surrogates,
                fixes.remove_terminal_escapes,
                fixes.remove_control_chars,
            ):
                mended = fixer(line)
                if mended != line:
                    steps.append(("apply", fixer.__name__))
                    line = mended
        if line == before:
            return line, steps


@cache
def _config() -> TextFixerConfig:
    from ftfy import TextFixerConfig

    return TextFixerConfig(
        uncurl_quotes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        fix_line_breaks=False,
        normalization=None,
    )


def _cause(old: str, new: str) -> str | None:
    """Say what broke these characters, looked at alone; None where that does not tell."""
    from ftfy import fix_encoding_and_explain

    alone = fix_encoding_and_explain(old)
    return _message(alone.explanation or ()) if alone.text == new else None


def _message(steps: Steps) -> str:
    """Say in words what ftfy's steps undo.

    >>> _message([("encode", "sloppy-windows-1252"), ("decode", "utf-8")])
    'UTF-8 read as Windows-1252'
    """
    read: list[str] = []
    read_as = ""
    for action, name in steps:
        if action == "encode":
            read_as = _ENCODINGS.get(name, name)
        elif action == "decode":
            kind = "Windows-1252" if name == "windows-1252" else "UTF-8"
            read.append(f"{kind} read as {read_as}")
        elif name == "fix_c1_controls":
            read.append("Windows-1252 read as Latin-1")
        elif name == "decode_inconsistent_utf8":
            read.append("UTF-8 read in another encoding")
        elif name == "fix_surrogates":
            read.append("a character in two halves")
    told = dict.fromkeys(read)
    twice = ", twice" if len(told) == 1 and len(read) == 2 else ", several times" if len(read) > len(told) else ""
    return (", then ".join(reversed(told)) or "broken characters") + twice


def _changes(old: str, new: str) -> Iterator[_Change]:
    """Give what differs between two lines, in order, in small pieces; made in `old`, they give `new`."""
    if old == new:
        return
    if alone := _changes_alone(old, new):
        yield from alone
        return
    start, old, new = _trimmed(0, old, new)
    if _NOT_ASCII.sub("", old) == _NOT_ASCII.sub("", new):
        yield from _changes_between_ascii(old, new, start)
    else:
        yield from _changes_by_search(old, new, start)


def _changes_alone(old: str, new: str) -> list[_Change]:
    """Give the entities and what is removed where nothing else differs; else nothing."""
    changes = []
    parts: list[str] = []
    end = 0
    for match in _ALONE.finditer(old):
        becomes = _decoded(match.group()) if match.group().startswith("&") else ""
        if becomes != match.group():
            changes.append(_Change(match.start(), match.group(), becomes))
        parts += old[end : match.start()], becomes
        end = match.end()
    parts.append(old[end:])
    return changes if "".join(parts) == new else []


def _decoded(entity: str) -> str:
    from ftfy.fixes import unescape_html

    while (decoded := unescape_html(entity)) != entity:
        entity = decoded
    return entity


def _changes_between_ascii(old: str, new: str, offset: int) -> Iterator[_Change]:
    """Give what differs where both have the same ASCII characters: what stands between them.

    So it is for nearly every line: ftfy repairs what is not ASCII.
    """
    olds, news = _runs(old), _runs(new)
    shift = offset  # and as many as characters that are not ASCII stand before a place in `old`
    for place in sorted({**olds, **news}):
        before, after = olds.get(place, ""), news.get(place, "")
        if before != after:
            yield _trimmed(place + shift, before, after)
        shift += len(before)


def _runs(text: str) -> dict[int, str]:
    """Map the number of ASCII characters before a run of others to that run."""
    runs = {}
    others = 0
    for match in _NOT_ASCII.finditer(text):
        runs[match.start() - others] = match.group()
        others += match.end() - match.start()
    return runs


_SAME = 4  # characters in a row that say that two lines agree again
_REACHES = (16, 64, 256, 1024)  # how far to look for them, in code points


def _changes_by_search(old: str, new: str, offset: int) -> Iterator[_Change]:
    """Give what differs: from where the lines part to the nearest place where they agree again."""
    at = there = 0
    while True:
        same = _common_prefix(old, at, new, there)
        at, there = at + same, there + same
        if at == len(old) and there == len(new):
            return
        ahead, beyond = _agreement(old, at, new, there)
        yield _trimmed(offset + at, old[at:ahead], new[there:beyond])
        at, there = ahead, beyond


def _agreement(old: str, at: int, new: str, there: int) -> tuple[int, int]:
    """Give the nearest places after `at` and `there` from which the two agree; the ends where there are none."""
    tried = 0
    for reach in _REACHES:
        for ahead in range(at + tried, min(at + reach, len(old))):
            wanted = old[ahead : ahead + _SAME]
            # What ftfy puts in is hardly ever longer than what it takes out.
            beyond = new.find(wanted, there, there + (ahead - at) + 2 * _SAME)
            if beyond >= 0 and (len(wanted) == _SAME or beyond + len(wanted) == len(new)):
                return ahead, beyond
        tried = reach
    return len(old), len(new)


def _trimmed(start: int, old: str, new: str) -> _Change:
    """Give the change without what both begin or end with."""
    if old[:1] == new[:1]:
        same = _common_prefix(old, 0, new, 0)
        start, old, new = start + same, old[same:], new[same:]
    if old[-1:] == new[-1:]:
        same = _common_prefix(old[::-1], 0, new[::-1], 0)
        old, new = old[: len(old) - same], new[: len(new) - same]
    return _Change(start, old, new)


def _common_prefix(old: str, at: int, new: str, there: int) -> int:
    """Count the characters that are the same from `at` and `there` on."""
    most = min(len(old) - at, len(new) - there)
    step, same = 64, 0
    while same < most and old[at + same : at + same + step] == new[there + same : there + same + step]:
        same += step
    same = min(same, most)
    while same < most and old[at + same] == new[there + same]:
        same += 1
    return same
