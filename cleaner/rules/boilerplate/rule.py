"""The rule that takes boilerplate lines out of a text."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from cleaner.document import Document, Edit, Finding, Tag
from cleaner.rules.boilerplate import stamps
from cleaner.rules.boilerplate.glued import Cut, cuts
from cleaner.rules.boilerplate.index import STOPS, Index
from cleaner.rules.boilerplate.packs import Pack, PackError, builtin_packs, parse_pack
from cleaner.rules.boilerplate.page import read_page, remember
from cleaner.rules.boilerplate.shape import take_furniture
from cleaner.rules.boilerplate.threads import THREAD, take_thread
from cleaner.rules.boilerplate.verdicts import Case, Hit, choose, phrase_hits, take_related, take_sure, take_witnessed
from cleaner.rules.catalog import RuleInfo

# Longer texts are judged by their beginning when the language is asked for.
LANGUAGE_CHARS = 4000
# Stamps stand in the head, or between a headline or standfirst and the text; signatures in the last rows.
HEAD_ROWS = 8
MAX_DATES = 2
LAST_ROWS = 3
MAX_CHARS = 300


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
        language = _Language(document.text)
        case = Case(page, phrase_hits(page, codes, language))
        take_sure(case)
        stamped = _find_stamps(case, codes)
        if case.hits or case.taken:
            take_witnessed(case)
            take_related(case)
        if THREAD in codes:
            take_thread(case, _builtin("comment-thread"))
        if "BP130" in codes:
            take_furniture(case)
            take_witnessed(case)
        agencies = stamps.credit_words(_builtin("photo-credit")).agencies
        glued = cuts(page, index, agencies, lambda matches: choose(matches, codes, language))
        cut_short = {row: cut for row, cut in glued if cut.code in codes}
        if case.taken or cut_short:
            remember(page, index)
        yield from _edits(case, cut_short)
        yield from _tags(stamped, case, document)


def _find_stamps(case: Case, codes: frozenset[str]) -> dict[int, tuple[str, str]]:
    """Take breadcrumbs and credits; add dates and bylines to the hits. Gives rows with the tags in them."""
    page = case.page
    dates = stamps.date_words(_builtin("date-stamp"))
    bylines = stamps.byline_words(_builtin("byline"), _builtin("date-stamp"))
    home = stamps.home_words(_builtin("breadcrumb"))
    credits = stamps.credit_words(_builtin("photo-credit"))
    tags: dict[int, tuple[str, str]] = {}
    # A chronicle, a diary or an exchange of letters has its dates as headings.
    short = [
        (row, text)
        for row, (text, prose) in enumerate(zip(page.texts, page.prose, strict=True))
        if not prose or (row < HEAD_ROWS and len(text) <= MAX_CHARS and text[-1] not in STOPS)
    ]
    dated = {row: date for row, text in short if (date := stamps.date_stamp(text, dates))}
    few_dates = len(dated) <= MAX_DATES
    for row, text in short:
        if row in case.taken or len(text) > MAX_CHARS:
            continue
        if "BP114" in codes and not page.prose[row] and (reason := stamps.photo_credit(text, credits)):
            case.take(row, "BP114", f"a picture's credit: {reason}", sure=True)
            continue
        if "BP110" in codes and row < HEAD_ROWS:
            following = page.texts[row + 1] if row + 1 < len(page.texts) else ""
            if stamps.breadcrumb(text, home, following):
                tags[row] = ("section", stamps.section(text, home) or "")
                case.take(row, "BP110", "the path of the page in its site", sure=True)
                page.bound_prose(set(case.taken))
                continue
        if page.prose[row] or not (_in_head(case, row) or page.in_zone(row, "tail")):
            continue
        if few_dates and (date := dated.get(row)):
            tags[row] = ("date", date.date)
            if "BP112" in codes and (date.stamped or "BP133" in codes):
                code = "BP112" if date.stamped else "BP133"
                case.take(row, code, "a date and nothing else, at the edge of the text", sure=True)
            elif "BP112" in codes:
                case.hits.setdefault(row, Hit("BP112", "a date and nothing else", careful=True))
        elif _in_head(case, row) or row >= len(page.texts) - LAST_ROWS:
            author = stamps.byline(text, bylines)
            if author:
                tags[row] = ("author", author)
            if author == "" and "BP111" in codes:
                case.take(row, "BP111", "a byline without a name", sure=True)
            elif author and "BP132" in codes:
                case.take(row, "BP132", "the author's line", sure=True)
            elif author and "BP111" in codes:
                case.hits.setdefault(row, Hit("BP111", "the author's line", careful=True))
    return tags


def _tags(stamped: dict[int, tuple[str, str]], case: Case, document: Document) -> Iterator[Tag]:
    """Yield the first author, date and section that went with their lines, where the document has none."""
    for key in ("author", "date", "section"):
        if not document.metadata.get(key):
            found = next((row for row in sorted(stamped) if row in case.taken and stamped[row][0] == key), None)
            if found is not None and stamped[found][1]:
                yield Tag(key, stamped[found][1], case.taken[found].code)


def _in_head(case: Case, row: int) -> bool:
    if row < case.page.first_prose:
        return True
    return row < HEAD_ROWS and sum(case.page.prose[near] for near in range(row) if near not in case.taken) <= 1


def section_in(trail: str) -> str | None:
    """Give the section that a trail such as "Home » World » Café opens" names."""
    return stamps.section(trail, stamps.home_words(_builtin("breadcrumb")))


@functools.cache
def _index(paths: tuple[str, ...]) -> Index:
    return Index((*builtin_packs(), *(load_pack(path) for path in paths)))


@functools.cache
def _on(packs: tuple[str, ...]) -> frozenset[str]:
    return frozenset(info.code for info in catalog(packs) if info.default_on)


@functools.cache
def _builtin(name: str) -> Pack:
    return next(pack for pack in builtin_packs() if pack.name == name)


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
