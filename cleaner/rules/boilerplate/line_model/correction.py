"""A correction of the model of lines: what some words weigh more or less than in ours, as TOML that a person can read.

`training/lines.py --add` makes one from labelled lines. It belongs to one model, which it names by its checksum.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cleaner.rules.boilerplate.line_model.wording import Wording, bucket
from cleaner.toml import read_toml, settings_text

FORMAT = "cleaner-line-correction-1"
# What a weight may be changed by, in the unit of the model's own.
MOST = 2000


def is_correction(data: bytes) -> bool:
    """Tell whether a file is a correction; a model has numbers that are no text."""
    return FORMAT.encode() in data[:1000]


def corrected(data: bytes, wording: Wording, version: str) -> Wording:
    """Return the wording with the changes of a file. Raises `ValueError` where it is wrong, or for another model."""
    table = read_toml(settings_text(data))
    if unknown := table.keys() - {"format", "corrects", "words", "characters"}:
        raise ValueError(f"unknown key {min(unknown)!r}")
    if table.get("format") != FORMAT:
        raise ValueError(f"the format is {table.get('format')!r}, not {FORMAT!r}")
    if table.get("corrects") != version:
        raise ValueError(f"it corrects model {table.get('corrects')!r}, and this version has {version!r}: make it anew")
    changes: dict[int, int] = {}
    for name in ("words", "characters"):
        for told, change in _changes(table.get(name, {}), name).items():
            at = bucket(token(told, name))
            changes[at] = changes.get(at, 0) + change
    return Wording(wording.weights, wording.kinds, wording.scale, wording.bias, changes)


def token(told: str, table: str) -> str:
    """Return the token of `wording.tokens` that an entry stands for: a word, two words in a row, or characters."""
    if table == "characters":
        return f"c{told}"
    return f"b{told}" if " " in told else f"w{told}"


def entry(token_of_line: str) -> tuple[str, str] | None:
    """Return the table of a token and how it is told there; None for one that a correction does not have."""
    kind, told = token_of_line[0], token_of_line[1:]
    if kind in "wb":
        return "words", told
    return ("characters", told) if kind == "c" else None


def _changes(changes: Any, name: str) -> Mapping[str, int]:
    if not isinstance(changes, dict):
        raise ValueError(f"{name} is a table of whole numbers")
    for told, change in changes.items():
        if type(change) is not int or abs(change) > MOST:
            raise ValueError(f"{name}: {told!r} changes by a whole number up to {MOST}, not {change!r}")
    return changes
