"""The rule that takes boilerplate lines out of a text."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from cleaner.document import Document, Edit, Finding, Tag
from cleaner.rules.boilerplate.case import Case
from cleaner.rules.boilerplate.detectors import DETECTORS
from cleaner.rules.boilerplate.glued import Cut
from cleaner.rules.boilerplate.index import Index
from cleaner.rules.boilerplate.line_model.model import CLASSES, USUAL
from cleaner.rules.boilerplate.packs import Pack, builtin_packs
from cleaner.rules.boilerplate.page import KnownLines, known_lines, read_page
from cleaner.rules.catalog import BOILERPLATE, RuleInfo

# Longer texts are judged by their beginning when the language is asked for.
LANGUAGE_CHARS = 4000


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """Take out the lines that stand around an article and are no part of it.

    `enabled` are the codes that run, None all that are on by default. `packs` are rule packs of the user's own.
    `line_model` says how much goes that only reads like boilerplate: "off", "careful", "usual" or "eager"; `own_model`
    is what a file of the user's own holds, a model of lines or a correction of ours.
    """

    code: ClassVar[str] = BOILERPLATE.prefix
    name: ClassVar[str] = "boilerplate"

    enabled: frozenset[str] | None = None
    packs: tuple[Pack, ...] = ()
    line_model: str = USUAL
    own_model: bytes | None = field(default=None, repr=False)

    def __call__(self, document: Document) -> Iterator[Finding]:
        """Yield an edit for each line that goes, and tags for the author, date and section that went."""
        return iter(self.rounds()(document))

    def rounds(self) -> Callable[[Document], Sequence[Finding]]:
        """Return this rule for one document, whose lines it remembers from one round to the next."""
        return _Rounds(self)

    @staticmethod
    def infos(packs: tuple[Pack, ...] = ()) -> tuple[RuleInfo, ...]:
        """Tell what each code takes out, in order of code, and those of the user's own packs."""
        return tuple(_info(pack) for pack in (*builtin_packs(), *packs))

    def _codes(self) -> frozenset[str]:
        return _default_codes(self.packs) if self.enabled is None else self.enabled


@functools.lru_cache(8)
def _default_codes(packs: tuple[Pack, ...]) -> frozenset[str]:
    return frozenset(pack.code for pack in (*builtin_packs(), *packs) if pack.default_on)


class _Rounds:
    """The rule for one document: what was found in its lines spares looking them up again in the next round."""

    def __init__(self, rule: Boilerplate) -> None:
        self._codes = rule._codes()
        self._index = _index(rule.packs)
        self._model = rule.line_model, rule.own_model
        self._known: KnownLines = {}

    def __call__(self, document: Document) -> Sequence[Finding]:
        page = read_page(document.text, self._index, self._known)
        case = Case(page, self._codes, self._index, _Language(document.text), *self._model)
        for detect in DETECTORS:
            detect(case)
        if not (case.taken or case.cuts):
            return ()
        self._known = known_lines(page)
        return [*_edits(case, case.cuts), *_tags(case, document)]


@functools.lru_cache(8)
def _index(packs: tuple[Pack, ...]) -> Index:
    return Index((*builtin_packs(), *packs))


def _tags(case: Case, document: Document) -> Iterator[Tag]:
    """Yield the first author, date and section that went with their lines, where the document has none."""
    for key in ("author", "date", "section"):
        if not document.metadata.get(key):
            found = next((row for row in sorted(case.tags) if row in case.taken and case.tags[row][0] == key), None)
            if found is not None and case.tags[found][1]:
                yield Tag(key, case.tags[found][1], case.taken[found].code)


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
            yield Edit(start, line + "\n", "", verdict.message, safe=False, code=verdict.code)
        elif number in cut_short:
            text, cut = cut_short[number]
            old = text[cut.place :]
            if line.rstrip().endswith(old):
                yield Edit(start + len(line.rstrip()) - len(old), old, "", cut.message, safe=False, code=cut.code)
        elif verdict and line:
            yield Edit(start - breaks, "\n" * breaks + line, "", verdict.message, safe=False, code=verdict.code)
        start += len(line) + 1
        breaks = 1 if line else breaks + 1


def _found_by(pack: Pack) -> str:
    """Return what of a code is listed and what is learned, as a sentence; nothing where the model does not know it."""
    if pack.code not in CLASSES:
        return ""
    count = sum(len(phrases.sure) + len(phrases.careful) for phrases in pack.phrases.values())
    listed = f"{count:,} phrases are listed" if count else "Its forms are written down"
    return f"{listed}; the learned model of lines tells what only reads like them (`line_model`)."


def _info(pack: Pack) -> RuleInfo:
    return RuleInfo(
        pack.code,
        pack.name,
        BOILERPLATE,
        summary=pack.why,
        fix="unsafe",
        why=pack.why,
        wrong_when=pack.wrong_when,
        removed=tuple(line for example in pack.examples for line in example.takes),
        kept=tuple(_shown(example.text) for example in pack.examples if not example.takes),
        default_on=pack.default_on,
        found_by=_found_by(pack),
    )


def _shown(text: str) -> str:
    """Return the line that an example is about: the second, below a line that it stands under; of one line, that."""
    lines = text.split("\n")
    return lines[min(1, len(lines) - 1)]
