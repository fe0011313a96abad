"""The rules, in order. Those that edit come before those that judge the text as a whole."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cleaner.document import Rule
from cleaner.errors import ConfigError
from cleaner.rules.boilerplate import Boilerplate
from cleaner.rules.boilerplate.packs import Pack
from cleaner.rules.catalog import OUTSIDE, Family, RuleInfo, from_class
from cleaner.rules.headlines import RepeatedHeadline, TitleInText
from cleaner.rules.language import ForeignParagraph, LanguageTag
from cleaner.rules.lost_letters import LostLetters
from cleaner.rules.mojibake import Mojibake
from cleaner.rules.options import with_options
from cleaner.rules.paged.furniture import PageFurniture
from cleaner.rules.paged.hyphens import HyphenatedWord
from cleaner.rules.paged.wrapped import WrappedParagraph
from cleaner.rules.site_lines import SiteLine
from cleaner.rules.whitespace import BlankLines, InvisibleCharacters, LineEnds, TrailingSpace
from cleaner.rules.whole_text import EmptyText, TooShort
from cleaner.values import nearest

# Line ends and letters first: the other rules compare lines, and a broken letter hides a phrase.
CLEANING: tuple[type[Rule], ...] = (
    LineEnds,
    Mojibake,
    InvisibleCharacters,
    TrailingSpace,
    PageFurniture,
    HyphenatedWord,
    WrappedParagraph,
    RepeatedHeadline,
    TitleInText,
    Boilerplate,
    SiteLine,
    BlankLines,
)
JUDGING: tuple[type[Rule], ...] = (EmptyText, TooShort, LostLetters, LanguageTag, ForeignParagraph)


@functools.lru_cache(8)
def catalog(packs: tuple[Pack, ...] = (), own: tuple[type[Rule], ...] = ()) -> tuple[RuleInfo, ...]:
    """Return what there is to know of every code, in order of the rules, then of what is decided outside of them.

    `packs` are rule packs of the user's own, `own` are rules of theirs in Python.
    """
    return (*(info for rule in (*CLEANING, *JUDGING, *own) for info in _infos(rule, packs)), *OUTSIDE)


def _infos(rule: type[Rule], packs: tuple[Pack, ...]) -> Iterable[RuleInfo]:
    """Return what a rule says of its codes; one that finds several in one look names the classes of the others."""
    if rule is Boilerplate:
        return Boilerplate.infos(packs)
    return (from_class(rule), *(from_class(other) for other in getattr(rule, "also", ())))


def families() -> tuple[Family, ...]:
    """Return the families of rules, in order of the rules."""
    return tuple(dict.fromkeys(info.family for info in catalog()))


def name_of(code: str, names: Mapping[str, str] | None = None) -> str:
    """Return the name of a code; the code itself where it has none.

    `names` has those of a configuration, with its packs; without it, only what comes with cleaner is known.
    """
    if names is not None and code in names:
        return names[code]
    info = info_of(code)
    return info.name if info else code


def info_of(code: str, packs: tuple[Pack, ...] = ()) -> RuleInfo | None:
    """Return what there is to know of a code; None where there is no such code."""
    return _by_code(packs).get(code)


@functools.lru_cache(8)
def _by_code(packs: tuple[Pack, ...]) -> dict[str, RuleInfo]:
    return {info.code: info for info in catalog(packs)}


def build(
    codes: frozenset[str], options: Mapping[str, Mapping[str, Any]], own: Sequence[type[Rule]] = ()
) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """Make the rules that these codes need, cleaning and judging ones, with their options by name.

    `own` are rules of the user's own: those that edit (they have a `fix`) come after the others that do, but for the
    one that tidies blank lines; the rest comes last. Raises `ConfigError` for an option that a rule has not, or of a
    rule that does not exist.
    """
    edits = [rule for rule in own if getattr(rule, "fix", "")]
    cleaning = (*CLEANING[:-1], *edits, CLEANING[-1])
    judging = (*JUDGING, *(rule for rule in own if rule not in edits))
    names: dict[str, type[Rule]] = {str(rule.name): rule for rule in (*cleaning, *judging)}  # type: ignore[attr-defined]
    for name in options:
        if name not in names:
            raise ConfigError(f"rules: no rule with options is called {name!r}{nearest(name, names)}")
    made = {
        rule: with_options(rule, name, options.get(name, {}))
        for name, rule in names.items()
        if codes & {info.code for info in _infos(rule, options.get(name, {}).get("packs", ()))}
    }
    return _of(cleaning, made), _of(judging, made)


def _of(order: Sequence[type[Rule]], made: Mapping[type[Rule], Rule]) -> tuple[Rule, ...]:
    return tuple(made[rule] for rule in order if rule in made)
