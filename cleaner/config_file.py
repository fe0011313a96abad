"""cleaner.toml, or [tool.cleaner] in pyproject.toml: where it is looked for, and what it says."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cleaner.config import Config, as_setting, setting_types
from cleaner.corpus.json_members import members_at
from cleaner.errors import ConfigError
from cleaner.named_file import TOML_BYTES, read_named
from cleaner.rules.names import named
from cleaner.toml import is_utf16, read_toml, settings_text
from cleaner.values import is_path, nearest

# Not `[tool.cleanerbot]`.
_OWN_TABLE = re.compile(r"^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*cleaner[ \t]*[].]", re.MULTILINE)

# What linters call it.
_ALIASES = {"per-file-ignores": "per_file_ignores"}
# Of these tables each entry is a setting of its own: a file has them beside those of the file that it extends.
_TABLES = ("rules", "kinds", "per_file_ignores")


def load_config(path: str | Path, *, rules_beside: bool = False) -> Config:
    """Read a configuration from `cleaner.toml`, `[tool.cleaner]` of a `pyproject.toml`, or a run's manifest.

    With `rules_beside` the rules of one's own that it names may lie in its folder; of a configuration that was only
    found nothing is run. Raises `ConfigError` with the file, the key and the nearest known one.
    """
    path = Path(path)
    try:
        settings = _settings(path, ())
        folder = str(path.resolve().parent)
        if rules_beside and settings.get("own_rules") and folder not in sys.path:
            sys.path.append(folder)
        config = Config(**settings)
        config.pipeline()
        for names in config.per_file_ignores.values():
            for name in names:
                named(name, config.names)
    except ConfigError as error:
        if str(error).startswith(f"{path}:"):
            raise
        raise ConfigError(f"{path}: {error}") from error
    return config


def _settings(path: Path, extended_by: tuple[Path, ...]) -> dict[str, Any]:
    """Return the settings of a file on top of those of the file that it extends."""
    table = dict(_table(path, pipe=not extended_by))  # `--config <(…)` is one
    base = table.pop("extend", None)
    own = _checked(table, path)
    if base is None:
        return own
    if not isinstance(base, str):
        raise ConfigError(f"{path}: extend is the path of another configuration, not {base!r}")
    if path.resolve() in extended_by:
        raise ConfigError(f"{path}: extend leads back to itself")
    other = _settings(path.parent / base, (*extended_by, path.resolve()))
    tables = {key: {**other.get(key, {}), **own.get(key, {})} for key in _TABLES if key in other or key in own}
    return other | own | tables


def _table(path: Path, *, pipe: bool) -> Mapping[str, Any]:
    try:
        if path.suffix == ".json":
            table = members_at(path, ("configuration",))["configuration"]
        else:  # `--config <(…)` is a pipe
            table = read_toml(settings_text(read_named(path, TOML_BYTES, pipe=pipe)))
    except (KeyError, TypeError) as error:
        raise ConfigError(f"{path}: this is no manifest of a run: it has no configuration") from error
    except RecursionError as error:
        raise ConfigError(f"{path}: it is nested too deeply") from error
    except ValueError as error:
        raise ConfigError(f"{path}: {error}") from error
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from error
    if path.name == "pyproject.toml":
        table = table.get("tool", {}).get("cleaner", {})
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: the configuration is a table, not {table!r}")
    return table


def _checked(table: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Return the settings of a table, each of its type. Files and globs that it names lie in the folder of the file."""
    types = setting_types()
    values: dict[str, Any] = {}
    for given, value in table.items():
        key = "own_rules" if given == "rules" and isinstance(value, list) else _ALIASES.get(given, given)
        if key not in types:
            known = {*types, "extend"}
            raise ConfigError(f"{path}: unknown key {key!r}{nearest(key, known)}; known are {', '.join(sorted(known))}")
        try:
            values[key] = as_setting(key, value, types[key])
        except ConfigError as error:
            raise ConfigError(f"{path}: {error}") from None
    return values | _placed(values, path.parent)


def _placed(values: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return the settings that name files, as paths from a folder."""
    placed: dict[str, Any] = {
        key: str(folder / values[key]) for key in ("site_lines", "baseline") if values.get(key) is not None
    }
    if is_path(values.get("line_model", "")):
        placed["line_model"] = str(folder / values["line_model"])
    if "packs" in values:
        placed["packs"] = tuple(str(folder / pack) for pack in values["packs"])
    if "skip" in values:
        placed["skip"] = tuple(_placed_glob(glob, folder) for glob in values["skip"])
    for key in ("per_file_ignores", "kinds"):
        if key in values:
            placed[key] = {_placed_glob(glob, folder): value for glob, value in values[key].items()}
    return placed


def _placed_glob(glob: str, folder: Path) -> str:
    """Return a glob as seen from a folder; one of names, or of addresses, is the same from everywhere."""
    if "/" not in glob or "://" in glob:
        return glob
    return str(folder / glob) + ("/" if glob.endswith("/") else "")


def find_config(folder: Path) -> Path | None:
    """Return the nearest `cleaner.toml`, or `pyproject.toml` with `[tool.cleaner]`, from the folder upwards."""
    for parent in (folder, *folder.parents):
        if (found := _config_in(parent)) is not None:
            return found
    return None


def _config_in(folder: Path) -> Path | None:
    own = folder / "cleaner.toml"
    if own.is_file():
        return own
    project = folder / "pyproject.toml"
    if project.is_file():
        with project.open("rb") as file:
            data = file.read(TOML_BYTES)
        # UTF-16 is refused where it is read; to pass over it would be to leave the settings out without a word.
        text = data.replace(b"\0", b"").lstrip(b"\xff\xfe") if is_utf16(data) else data
        if _OWN_TABLE.search(text.decode("utf-8-sig", errors="replace")):
            return project
    return None


@dataclass
class Configurations:
    """The configuration of each file: the nearest one from its folder upwards, else that of the current folder.

    `named` is the one that was asked for instead, and then that of all files; `isolated` asks for none. `changes` are
    settings that stand above those of any file.
    """

    named: Path | None = None
    isolated: bool = False
    changes: Mapping[str, Any] = field(default_factory=dict)
    _nearest: dict[Path, Path | None] = field(default_factory=dict, init=False)
    _read: dict[Path | None, Config] = field(default_factory=dict, init=False)
    _of_folder: dict[str, Config] = field(default_factory=dict, init=False)

    def file_of(self, folder: Path) -> Path | None:
        """Return the file with the configuration of what lies in a folder; None where it is the default one."""
        if self.isolated or self.named is not None:
            return self.named
        return self._nearest_to(folder.resolve()) or self._nearest_to(Path.cwd())

    def read(self, path: Path | None) -> Config:
        """Return the configuration of a file that `file_of` has given."""
        if path not in self._read:
            own = load_config(path, rules_beside=path == self.named) if path else Config()
            config = replace(own, **self.changes)
            config.pipeline()
            self._read[path] = config
        return self._read[path]

    def of(self, path: str) -> Config:
        """Return the configuration of a file."""
        folder = os.path.dirname(path)
        if folder not in self._of_folder:
            self._of_folder[folder] = self.read(self.file_of(Path(folder)))
        return self._of_folder[folder]

    def _nearest_to(self, folder: Path) -> Path | None:
        if folder not in self._nearest:
            parent = folder.parent
            self._nearest[folder] = _config_in(folder) or (None if parent == folder else self._nearest_to(parent))
        return self._nearest[folder]


def as_toml(table: Mapping[str, Any]) -> str:
    """Return settings as TOML: plain values first, then the tables."""
    plain = [f"{_key(key)} = {_value(value)}\n" for key, value in table.items() if not isinstance(value, Mapping)]
    tables = [_as_table(key, value) for key, value in table.items() if isinstance(value, Mapping) and value]
    return "".join([*plain, *tables])


def _as_table(name: str, table: Mapping[str, Any]) -> str:
    rows = [f"{_key(key)} = {_value(value)}\n" for key, value in table.items() if not isinstance(value, Mapping)]
    inner = [_as_table(f"{name}.{_key(key)}", value) for key, value in table.items() if isinstance(value, Mapping)]
    return "".join([f"\n[{name}]\n", *rows] if rows else []) + "".join(inner)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _value(key)


def _value(value: Any) -> str:
    """Return a value in TOML, whose strings and lists are JSON's, but for DEL."""
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False).replace("\x7f", "\\u007f")
