"""What a person calls rules by: a code, a prefix of codes, a name."""

from __future__ import annotations

from collections.abc import Mapping

from cleaner.errors import ConfigError
from cleaner.values import nearest

ALL = "ALL"


def named(wanted: str, names: Mapping[str, str]) -> frozenset[str]:
    """Return the codes that a code, a prefix, a name or `ALL` stands for; `names` has the name of every code.

    Raises `ConfigError` where there is none.

    >>> sorted(named("WS", {"WS101": "line-ends", "WS102": "trailing-space", "BP103": "comment-form"}))
    ['WS101', 'WS102']
    """
    if wanted == ALL:
        return frozenset(names)
    found = exactly(wanted, names) or frozenset(code for code in names if code.startswith(wanted.upper()))
    if not wanted or not found:
        known = {*names, *names.values(), *(code[:2] for code in names)}
        raise ConfigError(f"no rule is called {wanted!r}{nearest(wanted, known)}; `cleaner rule` lists them")
    return found


def exactly(wanted: str, names: Mapping[str, str]) -> frozenset[str]:
    """Return the codes that this is the code or the name of; none for a prefix."""
    return frozenset(code for code, name in names.items() if wanted.upper() == code or wanted.lower() == name)
