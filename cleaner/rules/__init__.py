"""The rules, in order. Those that edit come before those that judge the text as a whole."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cleaner.document import Rule
from cleaner.errors import ConfigError
from cleaner.rules.boilerplate import Boilerplate, info_from_pack
from cleaner.rules.boilerplate import catalog as boilerplate_catalog
from cleaner.rules.catalog import OUTSIDE, RuleInfo, from_class
from cleaner.rules.headlines import RepeatedHeadline, TitleInText
from cleaner.rules.language import LanguageTag, UnwantedLanguage
from cleaner.rules.mojibake import ControlCharacters, HtmlEntities, Mojibake
from cleaner.rules.options import with_options
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
    RepeatedHeadline,
    TitleInText,
    Boilerplate,
    SiteLine,
    BlankLines,
)
JUDGING: tuple[type[Rule], ...] = (EmptyText, TooShort, LanguageTag)

# A rule that finds several things in one look gives each a code of its own.
ALSO_FINDS: Mapping[type[Rule], tuple[str, ...]] = {LanguageTag: (UnwantedLanguage.code,)}


@functools.cache
def catalog(packs: tuple[str, ...] = ()) -> tuple[RuleInfo, ...]:
    """Give every code there is, in order of the rules, then what is decided outside of them.

    `packs` are rule packs of the user's own. Raises `PackError` where one cannot be read.
    """
    infos: list[RuleInfo] = []
    for rule in (*CLEANING, *JUDGING):
        if rule is Boilerplate:
            infos += boilerplate_catalog(packs)
        elif rule is Mojibake:
            infos.append(replace(from_class(rule), code="MJ101"))
            infos += [from_class(ControlCharacters), from_class(HtmlEntities)]
        else:
            infos.append(from_class(rule))
        if rule is LanguageTag:
            infos.append(from_class(UnwantedLanguage))
    return (*infos, *OUTSIDE)


def name_of(code: str) -> str:
    """Give the name of a code; the code itself where it has none."""
    info = info_of(code)
    return info.name if info else code


def info_of(code: str) -> RuleInfo | None:
    """Give what there is to know of a code, one of a pack that was read included; None where there is no such code."""
    return _built_in().get(code) or info_from_pack(code)


@functools.cache
def _built_in() -> dict[str, RuleInfo]:
    return {info.code: info for info in catalog()}


def build(codes: frozenset[str], options: Mapping[str, Mapping[str, Any]]) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """Make the rules that these codes need, cleaning and judging ones, with their options by name.

    Raises `ConfigError` for an option that a rule has not, or of a rule that does not exist.
    """
    names = {_option_name(rule): rule for rule in (*CLEANING, *JUDGING)}
    for name in options:
        if name not in names:
            raise ConfigError(f"rules: no rule with options is called {name!r}{nearest(name, names)}")
    made = {
        rule: with_options(rule, name, options.get(name, {}))
        for name, rule in names.items()
        if _serves(rule, codes, options)
    }
    return tuple(made[r] for r in CLEANING if r in made), tuple(made[r] for r in JUDGING if r in made)


def _serves(rule: type[Rule], codes: frozenset[str], options: Mapping[str, Mapping[str, Any]]) -> bool:
    own = (str(rule.code), *ALSO_FINDS.get(rule, ()))
    if rule is Boilerplate and (packs := options.get("boilerplate", {}).get("packs")):
        own += tuple(info.code for info in boilerplate_catalog(packs))
    return any(code.startswith(own) for code in codes)


def _option_name(rule: type[Rule]) -> str:
    return "boilerplate" if rule is Boilerplate else str(rule.name)  # type: ignore[attr-defined]
