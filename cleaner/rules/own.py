"""Rules of one's own in Python, which a configuration names as `module:Class`."""

from __future__ import annotations

import dataclasses
import importlib
import re
import sys
from collections.abc import Sequence

from cleaner.document import Rule
from cleaner.errors import ConfigError
from cleaner.rules.catalog import RuleInfo

_REFERENCE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*")
_CODE = re.compile(r"[A-Z]{2,4}[0-9]{3}")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def load_rule(reference: str) -> type[Rule]:
    """Import a rule, `house.rules:HouseLines`. Raises `ConfigError` where there is none, or it is not as a rule is.

    A module of Python's own library is not imported: none has rules, and some do things when they are imported.
    """
    if not _REFERENCE.fullmatch(reference):
        raise ConfigError(f"own_rules: {reference!r} is no rule: write 'module:Class'")
    module, _, name = reference.partition(":")
    if module.split(".")[0] in sys.stdlib_module_names:
        raise ConfigError(f"own_rules: {reference!r}: {module} comes with Python and has no rules")
    try:
        rule = getattr(importlib.import_module(module), name)
    except ModuleNotFoundError as error:
        if error.name and not module.startswith(error.name):
            raise ConfigError(f"own_rules: {reference!r} cannot be imported: {error}") from error
        raise ConfigError(
            f"own_rules: {reference!r}: there is no module {module!r}. Beside a configuration it is looked for where "
            "that is named with --config; else it has to be installed, or in PYTHONPATH"
        ) from error
    except Exception as error:  # whatever the module does when it is imported
        raise ConfigError(f"own_rules: {reference!r} cannot be imported: {type(error).__name__}: {error}") from error
    return _checked(rule, reference)


def _checked(rule: object, reference: str) -> type[Rule]:
    problem = None
    if (
        not isinstance(rule, type)
        or not dataclasses.is_dataclass(rule)
        or not any("__call__" in base.__dict__ for base in rule.__mro__)
    ):
        problem = "it is no dataclass with a method __call__(document)"
    elif not _CODE.fullmatch(str(getattr(rule, "code", ""))):
        problem = "its code is two to four capitals and three digits, as XX201"
    elif not _NAME.fullmatch(str(getattr(rule, "name", ""))):
        problem = "its name is words in lower case, joined by hyphens"
    elif getattr(rule, "fix", "") not in ("safe", "unsafe", ""):
        problem = "its fix is 'safe', 'unsafe' or, where it edits nothing, ''"
    if problem:
        raise ConfigError(f"own_rules: {reference!r}: {problem}")
    return rule  # type: ignore[return-value]


def refuse_taken(rules: Sequence[type[Rule]], known: Sequence[RuleInfo]) -> None:
    """Raise `ConfigError` where a rule has the code or the name of another one."""
    taken = [(info.code, info.name) for info in known]
    for rule in rules:
        code, name = str(rule.code), str(rule.name)  # type: ignore[attr-defined]
        other = next((one for one in taken if code == one[0] or name == one[1]), None)
        if other is not None:
            raise ConfigError(f"own_rules: {code} {name}: there is already a rule {' '.join(other)}")
        taken.append((code, name))
