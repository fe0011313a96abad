"""The rule that takes boilerplate lines out of a text."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from cleaner.document import Document, Edit, Finding, Tag
from cleaner.rules.boilerplate.case import Case
from cleaner.rules.boilerplate.detectors import DETECTORS
from cleaner.rules.boilerplate.glued import Cut
from cleaner.rules.boilerplate.index import Index
from cleaner.rules.boilerplate.packs import Pack, PackError, builtin_packs, parse_pack
from cleaner.rules.boilerplate.page import read_page, remember
from cleaner.rules.catalog import RuleInfo

# Longer texts are judged by their beginning when the language is asked for.
LANGUAGE_CHARS = 4000


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """Take out the lines that stand around an article and are no part of it.

    `enabled` are the codes that run, None all that are on by default. `packs` are paths of rule packs of the
    user's own, in the format of those that come with cleaner.
    """

    code: ClassVar[str] = "BP"

    enabled: frozenset[str] | None = None
    packs: tuple[str, ...] = ()

    def __call__(self, document: Document) -> Iterator[Finding]:
        """Yield an edit for each line that goes, and tags for the author, date and section that went."""
        index = _index(self.packs)
        codes = _on(self.packs) if self.enabled is None else self.enabled
        page = read_page(document.text, index)
        case = Case(page, codes, index, _Language(document.text))
        for detect in DETECTORS:
            detect(case)
        if case.taken or case.cuts:
            remember(page, index)
        yield from _edits(case, case.cuts)
        yield from _tags(case, document)


def _tags(case: Case, document: Document) -> Iterator[Tag]:
    """Yield the first author, date and section that went with their lines, where the document has none."""
    for key in ("author", "date", "section"):
        if not document.metadata.get(key):
            found = next((row for row in sorted(case.tags) if row in case.taken and case.tags[row][0] == key), None)
            if found is not None and case.tags[found][1]:
                yield Tag(key, case.tags[found][1], case.taken[found].code)


@functools.cache
def _index(paths: tuple[str, ...]) -> Index:
    return Index((*builtin_packs(), *(load_pack(path) for path in paths)))


@functools.cache
def _on(packs: tuple[str, ...]) -> frozenset[str]:
    return frozenset(info.code for info in catalog(packs) if info.default_on)


# What the packs say that this process has read: a finding has its code alone, and people want the name.
_READ: dict[str, RuleInfo] = {}


def load_pack(path: str) -> Pack:
    """Read a rule pack of the user's own. Raises `PackError` where it cannot be read or is wrong."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PackError(f"cannot be read: {error}", path) from error
    pack = parse_pack(text, path)
    _READ[pack.code] = _info(pack)
    return pack


def info_from_pack(code: str) -> RuleInfo | None:
    """Give what a pack of the user's own, which was read before, says of a code; None where none has it."""
    return _READ.get(code)


class _Language:
    """The language of a text, detected when it is asked for, and once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._language: str | None = None

    def __call__(self) -> str:
        if self._language is None:
            from cleaner.language import detect_language

            self._language = str(detect_language(self._text[:LANGUAGE_CHARS]).language)
        return self._language


def _edits(case: Case, glued: Mapping[int, Cut]) -> Iterator[Edit]:
    """Yield the edits that take the rows out, each with its line end, and what is glued to rows that stay.

    Where the last line goes and has no line end, the lines above it that go give theirs: the text ends as it did.
    """
    page = case.page
    if not case.taken and not glued:
        return
    gone = {page.numbers[row]: verdict for row, verdict in case.taken.items()}
    cut_short = {page.numbers[row]: (page.texts[row], cut) for row, cut in glued.items() if row not in case.taken}
    end = len(page.lines)
    while end and page.lines[-1] and (end - 1 in gone or not page.lines[end - 1]):
        end -= 1
    start = breaks = 0
    for number, line in enumerate(page.lines):
        verdict = gone.get(number)
        if verdict and number < end:
            yield Edit(start, line + "\n", "", verdict.message, code=verdict.code)
        elif number in cut_short:
            text, cut = cut_short[number]
            old = text[cut.place :]
            if line.rstrip().endswith(old):
                yield Edit(start + len(line.rstrip()) - len(old), old, "", cut.message, code=cut.code)
        elif verdict and line:
            yield Edit(start - breaks, "\n" * breaks + line, "", verdict.message, code=verdict.code)
        start += len(line) + 1
        breaks = 1 if line else breaks + 1


def catalog(packs: tuple[str, ...] = ()) -> tuple[RuleInfo, ...]:
    """Tell what each code takes out, in order of code, and those of the user's own packs.

    Raises `PackError` where one of these cannot be read, is wrong, or has a code or a name that is taken.
    """
    infos = {pack.code: _info(pack) for pack in builtin_packs()}
    for path in packs:
        pack = load_pack(path)
        taken = next((info for info in infos.values() if pack.code == info.code or pack.name == info.name), None)
        if taken:
            raise PackError(f"{pack.code} {pack.name}: there is already a rule {taken.code} {taken.name}", path)
        infos[pack.code] = _info(pack)
    return tuple(infos.values())


def _info(pack: Pack) -> RuleInfo:
    return RuleInfo(
        pack.code,
        pack.name,
        summary=pack.why,
        why=pack.why,
        wrong_when=pack.wrong_when,
        removed=tuple(line for example in pack.examples for line in example.takes),
        kept=tuple(example.text.split("\n")[1] for example in pack.examples if not example.takes),
        default_on=pack.default_on,
    )
