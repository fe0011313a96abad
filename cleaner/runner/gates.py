"""Gates: what a pipeline refuses to go on with, such as `excluded > 40%`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cleaner.account.summary import Summary
from cleaner.errors import ConfigError
from cleaner.rules import catalog, info_of
from cleaner.rules.catalog import DUPLICATES, RuleInfo
from cleaner.values import nearest

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}

COUNTS: dict[str, Callable[[Summary], int]] = {
    "read": lambda summary: summary.read,
    "kept": lambda summary: summary.kept,
    "excluded": lambda summary: summary.excluded,
    "unreadable": lambda summary: summary.unreadable,
    "duplicates": lambda summary: sum(n for code, n in summary.reasons.items() if code in DUPLICATES),
}

GATE = re.compile(r"\s*([\w-]+)\s*(>=|<=|>|<)\s*([\d.]+)\s*(%?)\s*")


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition under which a run has failed: a count, or its share of the input in percent, against a limit.

    `name` is a count or a code. Of a code the records are counted that were left out for it; of one whose rule
    edits, its edits in the kept texts.
    """

    text: str
    name: str
    comparison: str
    limit: float
    share: bool

    @property
    def counts_edits(self) -> bool:
        """Whether it counts edits, not records."""
        info = info_of(self.name)
        return self.name not in COUNTS and not (info and info.family.leaves_out)

    def broken(self, summary: Summary) -> str | None:
        """Say how the run broke the gate; None where it did not. Without input, no share is over a limit."""
        if self.name in COUNTS:
            number = COUNTS[self.name](summary)
        else:
            number = summary.reasons[self.name] + summary.edits[self.name]
        value = 100 * number / summary.read if self.share and summary.read else float(number)
        if not COMPARISONS[self.comparison](value, self.limit):
            return None
        found = f"{value:.1f}%" if self.share else f"{number:,}"
        return f"{self.text}: {self.name} is {found}"


def parse_gate(text: str, every: Sequence[RuleInfo] | None = None) -> Gate:
    """Read a gate: `NAME OP NUMBER` or `NAME OP NUMBER%`; NAME is a count, or a rule by its code or name.

    `every` is what there is to know of every code, those of the user's own included. Raises `ConfigError`.

    >>> parse_gate("excluded > 40%").limit
    40.0
    """
    found = GATE.fullmatch(text)
    if found is None:
        raise ConfigError(f"{text!r} is no gate; write it as 'excluded > 40%' or 'RD104 > 10'")
    name, comparison, limit, percent = found.groups()
    known = {name: name for name in COUNTS} | _codes(every)
    if name not in known:
        can = f"{', '.join(COUNTS)}, and codes and names of rules"
        raise ConfigError(f"{text!r}: there is no count called {name!r}{nearest(name, known)}; known are {can}")
    try:
        gate = Gate(" ".join(text.split()), known[name], comparison, float(limit), bool(percent))
    except ValueError:
        raise ConfigError(f"{text!r}: {limit!r} is no number") from None
    if gate.share and gate.counts_edits:
        raise ConfigError(f"{text!r}: {name} counts edits, which are no share of the records: leave the % away")
    return gate


def most_unreadable(text: str) -> Gate:
    """Read `--max-unreadable`: a number or a share.

    >>> most_unreadable("1%").text
    'unreadable > 1%'
    """
    return parse_gate(f"unreadable > {text}")


def most_lost(text: str) -> Gate:
    """Read `--max-lost`: a number of places.

    >>> most_lost("0").text
    'lost-letters > 0'
    """
    return parse_gate(f"lost-letters > {text}")


def _codes(every: Sequence[RuleInfo] | None) -> dict[str, str]:
    """Return the code of each code and each name."""
    return {name: info.code for info in every or catalog() for name in (info.code, info.name)}
