"""Broken characters, mended line by line with ftfy, which is only called where it has something to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from cleaner.document import Document, Edit, Note
from cleaner.rules.catalog import LETTERS, Family, Fix
from cleaner.rules.mojibake.changes import ESCAPED_OFTEN, REMOVED, changes
from cleaner.rules.mojibake.confused import NAMES, confusions
from cleaner.rules.mojibake.guard import beyond_ascii, broken, doubtful_lines, suspicious
from cleaner.rules.mojibake.judge import judged
from cleaner.rules.mojibake.shortcuts import Steps, cannot_decode, from_windows_1252
from cleaner.rules.mojibake.shown import without_shown

if TYPE_CHECKING:
    from ftfy import TextFixerConfig

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


# How far from the longest stretch that ftfy takes at once a line is cut, where a space allows that.
_SEAM_CHARS = 1000


# A sign that stands in no word, with Ã before it, inside one, or at its end behind a small letter: ftfy leaves some of
# them where the rest of the line is right. Not quotation marks, points and degrees, which may stand between two words.
_INSIDE = re.compile(r"Ã[¡¢£¤¥¦§¨©ª¬®¯±²³´µ¶¸¹º¼½¾¿](?:(?<=[^\W\d_]..)(?=[a-zà-öø-ÿ])|(?<=[a-z]..)(?!\w))")
# A small letter, or a sign that is none of the bytes of a character of two or three.
_RIGHT = re.compile("[à-öø-ÿ](?<!â)|[¡-¿](?<![À-ô].)(?<![à-ô]..)")


class ControlCharacters:
    """Take out control characters, terminal colours and other characters without a meaning in text.

    Why: they come out of databases, terminals and word processors, nobody sees them, and many readers of JSON, XML
    and Parquet stumble over them. Byte order marks and object replacement characters are among them; tabs, joiners and
    marks of direction are not.

    Wrong when a text is a terminal's log whose colours matter.
    """

    code: ClassVar[str] = "MJ102"
    name: ClassVar[str] = "control-characters"
    family: ClassVar[Family] = LETTERS
    fix: ClassVar[Fix] = "safe"


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
    family: ClassVar[Family] = LETTERS
    fix: ClassVar[Fix] = "unsafe"


class WrongEncoding:
    """Read text anew that was read in another encoding of one byte a letter, or as if East Asian were Western.

    Why: pages without a declared encoding, and exports of old systems, leave `Âå÷åðíèé` for Вечерний, `wi±¿±` for
    wiążą and `ÖÐ¹ú` for 中国: every word of them is wrong, and the text is taken for another language's.

    Before::

        Âå÷åðíèé êîíöåðò íà÷íåòñÿ â ñåìü ÷àñîâ ó ñòàðîãî ìîñòà.

    After::

        Вечерний концерт начнется в семь часов у старого моста.

    A line is read anew where it fits no language and what comes out fits one far better; where half of a text is,
    its short lines are, too.

    Wrong when a line lists letters and signs.
    """

    code: ClassVar[str] = "MJ105"
    name: ClassVar[str] = "wrong-encoding"
    family: ClassVar[Family] = LETTERS
    fix: ClassVar[Fix] = "safe"


class DoubtfulMojibake:
    """Tell of characters that may be broken, where nothing shows whether they are.

    Why: `Ã€` at the end of a word in capitals is À that was read in the wrong encoding, or a letter with a mark behind
    it, both right. The text stays as it is; `check` shows the place.

    Wrong when a name or an abbreviation ends in such a letter.
    """

    code: ClassVar[str] = "MJ104"
    name: ClassVar[str] = "doubtful-mojibake"
    family: ClassVar[Family] = LETTERS


@dataclass(frozen=True, slots=True)
class Mojibake:
    """Mend text that was decoded with the wrong encoding.

    Why: pages that say one encoding and are in another, and files that were converted twice, leave `Ã©` for
    é and `â€œ` for a quotation mark; a model learns them, and a copy that is broken does not look like its original.

    Before::

        The cafÃ© opens at eight.

    After::

        The café opens at eight.

    The result is ftfy's for each line by itself, with its repairs of the encoding and of surrogates, but where one
    letter and a mark behind it are right as they are («A MANHÃ»): by the case of the word, the opening quotation mark,
    the language, and the rest of the text. Where nothing tells, it stays and is told as `MJ104 doubtful-mojibake`. What
    else is removed or decoded are `MJ102 control-characters` and `MJ103 html-entities`. Curly quotes, ligatures, wide
    characters and line ends stay as they are, and so do broken characters that a text shows: beside the letter itself
    (`Ã© → é`) or its codes (`C3 A9`), and in lists of letters.

    Wrong when a text is about broken characters and shows some in its sentences.
    """

    code: ClassVar[str] = "MJ101"
    name: ClassVar[str] = "mojibake"
    family: ClassVar[Family] = LETTERS
    fix: ClassVar[Fix] = "safe"
    also: ClassVar[tuple[type, ...]] = (ControlCharacters, HtmlEntities, DoubtfulMojibake, WrongEncoding)

    def __call__(self, document: Document) -> Iterator[Edit | Note]:
        """Yield an edit for each run of characters that changes, and a note for each that might."""
        text = document.text
        rest = beyond_ascii(text)
        anew: dict[int, list[Edit]] = {}
        for start, line, (meant, encoding, read_as) in confusions(text, rest):
            message = f"{NAMES[encoding]} read as {NAMES[read_as]}"
            anew[start] = [
                Edit(start + at, old, new, message, code=WrongEncoding.code) for at, old, new in changes(line, meant)
            ]
        for start, line in doubtful_lines(text, rest):
            if start not in anew and suspicious(line):
                anew[start] = list(_repairs(line, start))
        if "Ã" in rest:
            _add_inside_words(text, anew)
        if not anew:
            return
        edits = sorted((edit for edits in anew.values() for edit in edits), key=lambda edit: edit.start)
        edits = without_shown(text, edits, self.code)
        yield from judged(text, edits, self.code, DoubtfulMojibake.code)


def _add_inside_words(text: str, anew: dict[int, list[Edit]]) -> None:
    """Add an edit for each `Ã` before a sign inside a word that no other edit is about.

    Where its line has a small letter or a sign beyond ASCII that is right: nothing tells of the only one.
    """
    changed = {
        place for edits in anew.values() for edit in edits for place in range(edit.start, edit.start + len(edit.old))
    }
    line, right = (-1, -1), False
    for found in _INSIDE.finditer(text):
        if not line[0] <= found.start() <= line[1]:
            line = text.rfind("\n", 0, found.start()) + 1, text.find("\n", found.end()) % (len(text) + 1)
            right = _RIGHT.search(text, *line) is not None
        if right and found.start() not in changed and found.end() - 1 not in changed:
            new = found.group().encode("windows-1252").decode("utf-8")
            edit = Edit(found.start(), found.group(), new, "UTF-8 read as Windows-1252", code=Mojibake.code)
            anew.setdefault(found.start(), []).append(edit)


def _repairs(line: str, offset: int) -> Iterator[Edit]:
    fixed, steps = _fixed(line)
    cause = _message(steps)
    # A line that is broken in more than one way may be broken in one way at this place.
    mixed = any(name == "decode_inconsistent_utf8" for _, name in steps)
    for start, old, new in changes(line, fixed):
        if not new and not REMOVED.sub("", old):
            code, message = ControlCharacters.code, "terminal colour" if "[" in old else "control character"
        elif old and old.isascii():
            code, message = HtmlEntities.code, "HTML entity"
        else:
            code, message = Mojibake.code, (_cause(old, new) or cause) if mixed else cause
        yield Edit(offset + start, old, new, message, safe=code != HtmlEntities.code, code=code)


def _fixed(line: str) -> tuple[str, Steps]:
    """Return what `ftfy.fix_and_explain` gives, in less time.

    This is its loop, with our guard asked before its own look for mojibake, which takes fifty times as long: so it
    does not look again, twice, at the line that comes out.
    """
    config = _config()
    has_entities = "<" not in line
    if has_entities:
        line = ESCAPED_OFTEN.sub("&amp;", line)
    parts = [_fixed_part(part, has_entities, config) for part in _parts(line, config.max_decode_length)]
    return "".join(part for part, _ in parts), [step for _, steps in parts for step in steps]


def _parts(line: str, most: int) -> Iterator[str]:
    """Yield a line in parts of at most this length, cut before a space with an ASCII character before it."""
    start = 0
    while len(line) - start > most:
        end = start + most
        cut = next((n for n in range(end, end - _SEAM_CHARS, -1) if line[n] == " " and line[n - 1].isascii()), end)
        yield line[start:cut]
        start = cut
    yield line[start:]


def _fixed_part(line: str, has_entities: bool, config: TextFixerConfig) -> tuple[str, Steps]:
    import ftfy
    from ftfy import fixes

    is_broken = broken().search
    steps: list[tuple[str, str]] = []
    while True:
        before = line
        if has_entities:
            line = fixes.unescape_html(line)
        while is_broken(line) and not cannot_decode(line):
            decoded, plan = from_windows_1252(line) or ftfy._fix_encoding_one_step_and_explain(line, config)
            if decoded == line or (steps and _breaks(line, decoded)):
                break
            line = decoded
            steps += plan or ()
        if is_broken(line):
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


def _breaks(line: str, decoded: str) -> bool:
    """Whether a further decoding would break what the first has made whole: «A MANHÃ» out of `Â«A MANHÃƒÂ»`."""
    edits = [Edit(*change, "", code=Mojibake.code) for change in changes(line, decoded)]
    return list(judged(line, edits, Mojibake.code, DoubtfulMojibake.code)) != edits


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
