"""What of a rule pack can never match, or says nothing: found in what it says, without a text."""

from __future__ import annotations

import re
import re._constants as sre  # type: ignore[import-not-found,unused-ignore]
import re._parser as sre_parser  # type: ignore[import-not-found,unused-ignore]
from collections.abc import Iterator
from typing import Any, NamedTuple

from cleaner.rules.boilerplate.keys import fold
from cleaner.rules.boilerplate.packs import Pack, Phrases

# Of a longer range of characters one is taken to stand in some line.
_LONGEST_RANGE = 1000
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)


class Idle(NamedTuple):
    """An entry of a pack that does nothing, and why; `near` is what to look for in the pack to find its place."""

    near: str
    message: str


def idle_entries(pack: Pack) -> Iterator[Idle]:
    """Yield what of a user's own pack does nothing."""
    if not any(phrases != Phrases() for phrases in pack.phrases.values()):
        yield Idle("code", "it has no phrase and no pattern, so it finds nothing")
    entries = [entry for phrases in pack.phrases.values() for entry in (*phrases.sure, *phrases.careful)]
    gaps = [entry for entry in entries if "…" in entry]
    if pack.words:
        yield Idle("[words]", "words are for the detectors that come with cleaner; here they do nothing")
    if pack.needs and not gaps:
        yield Idle("needs", "needs is about phrases with a gap ( … ), and there is none")
    if not pack.sentences and not gaps:
        yield Idle("sentences", "sentences is about phrases with an open end ( … ), and there is none")
    for entry in pack.needs:
        if fold(entry) != entry:
            yield Idle(entry, f"needs {entry!r} is in no line: lines are compared folded, as {fold(entry)!r}")
    for entry in pack.topic:
        if entry.lower() != entry:
            yield Idle(entry, f"topic {entry!r} is in no text: it is compared in lower case, as {entry.lower()!r}")
    for entry in entries:
        if len(entry.replace("…", "").strip()) > pack.max_chars:
            yield Idle(entry, f"phrase {entry!r} is longer than a line may be, max_chars = {pack.max_chars}")
    for phrases in pack.phrases.values():
        for pattern in phrases.patterns:
            if (why := why_never(pattern, pack.max_chars)) is not None:
                yield Idle(pattern, f"pattern {pattern!r} can never match: {why}")


def why_never(pattern: str, max_chars: int) -> str | None:
    """Say why no line can match a pattern; None where one may.

    >>> why_never("Kiosk no", 80)
    "'K' is in no line, which are compared folded (lower case, no accents, plain quotes): 'k'"
    >>> why_never("kiosk (no|N°) [0-9]+", 80)
    """
    parsed = sre_parser.parse(pattern)
    if parsed.getwidth()[0] > max_chars:
        return f"it needs {parsed.getwidth()[0]} characters, and a line may have max_chars = {max_chars}"
    for place, side in ((0, "begins"), (-1, "ends")):
        if len(parsed) and parsed[place][0] is sre.LITERAL and chr(parsed[place][1]).isspace():
            return f"it {side} in white space, and a line is compared without that"
    never = _missing(parsed, bool(parsed.state.flags & re.IGNORECASE))
    if never is None:
        return None
    folded = f": {fold(never)!r}" if len(never) == 1 and fold(never) else ""
    return f"{never!r} is in no line, which are compared folded (lower case, no accents, plain quotes){folded}"


def _missing(sequence: Any, any_case: bool) -> str | None:
    """Return what every match has to have and no line has."""
    for operator, argument in sequence:
        missing = _missing_in(operator, argument, any_case)
        if missing is not None:
            return missing
    return None


def _missing_in(operator: Any, argument: Any, any_case: bool) -> str | None:
    if operator is sre.LITERAL:
        return None if _stands_in_a_line(argument, any_case) else chr(argument)
    if operator is sre.IN:
        return None if any(_may_stand(kind, value, any_case) for kind, value in argument) else "[…]"
    if operator is sre.BRANCH:
        missing = [_missing(branch, any_case) for branch in argument[1]]
        return missing[0] if all(one is not None for one in missing) else None
    if operator is sre.SUBPATTERN:
        return _missing(argument[-1], any_case or bool(argument[1] & re.IGNORECASE))
    if operator is sre.ATOMIC_GROUP:
        return _missing(argument, any_case)
    if operator in _REPEATS and argument[0] > 0:
        return _missing(argument[2], any_case)
    return None


def _may_stand(operator: Any, argument: Any, any_case: bool) -> bool:
    """Tell whether a member of a character class may stand in a line."""
    if operator is sre.LITERAL:
        return _stands_in_a_line(argument, any_case)
    if operator is sre.RANGE:
        low, high = argument
        return high - low > _LONGEST_RANGE or any(_stands_in_a_line(c, any_case) for c in range(low, high + 1))
    return True


def _stands_in_a_line(code_point: int, any_case: bool) -> bool:
    character = chr(code_point).lower() if any_case else chr(code_point)
    return character != "\n" and fold(character) == character
