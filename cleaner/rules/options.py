"""The options of rules: their fields, by the rule's name, as a configuration sets them."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from cleaner.document import Rule
from cleaner.errors import ConfigError
from cleaner.values import coerced, nearest

# Fields of rules that a field of the configuration sets: there is one way to say a thing.
SET_AT_THE_TOP = {
    ("too-short", "min_words"): "min_words",
    ("language", "languages"): "languages",
    ("language", "min_share"): "min_share",
    ("language", "backend"): "language_backend",
    ("boilerplate", "packs"): "packs",
    ("boilerplate", "line_model"): "line_model",
    ("boilerplate", "own_model"): "line_model",
    ("boilerplate", "enabled"): "select",
    ("site-line", "lines"): "site_lines",
}


def with_options(rule: type[Rule], name: str, options: Mapping[str, Any]) -> Rule:
    """Make a rule with its options. Raises `ConfigError` for an option that it has not, or of another type."""
    hints = typing.get_type_hints(rule)
    known = {f.name for f in fields(rule) if (name, f.name) not in SET_AT_THE_TOP}  # type: ignore[arg-type]
    values = {}
    for key, value in options.items():
        if key not in known and (name, key) not in SET_AT_THE_TOP:
            can = f"known are {', '.join(sorted(known))}" if known else "it has none"
            raise ConfigError(f"rules.{name}: unknown option {key!r}{nearest(key, known)}; {can}")
        try:
            values[key] = value if (name, key) in SET_AT_THE_TOP else coerced(value, hints[key])
        except TypeError as error:
            raise ConfigError(f"rules.{name}: {key} is {error}") from None
    try:
        return rule(**values)
    except ConfigError:
        raise
    except ValueError as error:
        raise ConfigError(f"rules.{name}: {error}") from error
