"""[tool.cleaner] in pyproject.toml, or cleaner.toml: which rules run, and how."""

from __future__ import annotations

import difflib
import functools
import json
import re
import tomllib
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from cleaner.corpus.record import FieldNames
from cleaner.errors import ConfigError
from cleaner.pipeline import EXTRACTORS, RENDERS, Pipeline
from cleaner.rules import build, catalog
from cleaner.rules.boilerplate.line_model.model import LEVELS, USUAL
from cleaner.rules.boilerplate.packs import Pack, read_pack, refuse_taken
from cleaner.rules.names import ALL, exactly, named
from cleaner.rules.options import SET_AT_THE_TOP
from cleaner.rules.site_lines import SiteLines
from cleaner.site_lines_file import read_site_lines
from cleaner.values import MEGABYTE, coerced, nearest

# Under it, near-duplicates are not looked for: too many pairs would have to be compared.
MIN_THRESHOLD = 0.1

KEEP_POLICIES = ("first", "longest", "newest")
# From here on a word is a policy misspelt (`longst` 0.92, `frist` 0.8), not the name of a field (`length` 0.6).
_MISSPELT = 0.8

# Not `[tool.cleanerbot]`.
_OWN_TABLE = re.compile(r"^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*cleaner[ \t]*[].]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Config:
    """What a run does. Every field is a key of the configuration file.

    `select` and `ignore` name rules by code (`BP101`), prefix (`BP`) or name (`cookie-banner`); an empty `select`
    means all that are on by default, and so does `"ALL"` among others. `languages` are ISO 639-1 codes; a text in
    another is excluded, and none means any. `language_backend` tells the language: `langdetect`, or `fasttext` (the
    extra of that name). `min_words` excludes shorter texts. `threshold` is the Jaccard similarity from which a text
    is a near-duplicate, in [0.1, 1], of shingles of `ngram` words. `keep` says which of several alike stays: `first`
    in the input, `longest`, `newest` by its date, or the name of a field of which the highest stays. `packs` are
    files with boilerplate rules of one's own. `line_model` says how much goes that only reads like boilerplate:
    `off`, `careful`, `usual` or `eager`. `site_lines` is a file that `cleaner learn` wrote. The `*_field` names say
    where a record has its text, page, address and id. `extractor` takes the text out of pages: `learned`, a model
    that judges their blocks, or `trafilatura`. `render` says how that is written, `plain` or `markdown`.
    `max_record_mb` bounds a record, in megabytes. `rules` holds the options of single rules, by the rule's name.
    What `packs` and `site_lines` name is read when the configuration is made, into `read_packs` and
    `read_site_lines`.
    For `cleaner check`: `per_file_ignores` names rules that are not asked in the files of a glob, `baseline` a file
    of findings that are known.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    language_backend: str = "langdetect"
    min_words: int = 0
    threshold: float = 0.7
    ngram: int = 5
    keep: str = "first"
    extractor: str = "learned"
    render: str = "plain"
    packs: tuple[str, ...] = ()
    line_model: str = USUAL
    site_lines: str | None = None
    text_field: str = "text"
    html_field: str = "html"
    url_field: str = "url"
    id_field: str = "id"
    max_record_mb: float = 64
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    baseline: str | None = None
    read_packs: tuple[Pack, ...] = field(init=False, repr=False, compare=False)
    read_site_lines: SiteLines | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse values of another type, or that make no sense, with a `ConfigError` that names the field."""
        for name, hint in _hints().items():
            object.__setattr__(self, name, _coerced(name, getattr(self, name), hint))
        if self.line_model not in LEVELS:
            raise ConfigError(
                f"line_model is {', '.join(LEVELS)}, not {self.line_model!r}{nearest(self.line_model, LEVELS)}"
            )
        if not MIN_THRESHOLD <= self.threshold <= 1:
            raise ConfigError(f"threshold is a similarity from {MIN_THRESHOLD} to 1, not {self.threshold}")
        if self.ngram < 1:
            raise ConfigError(f"ngram is a number of words from 1, not {self.ngram}")
        if self.max_record_mb <= 0:
            raise ConfigError(f"max_record_mb is a size above 0, not {self.max_record_mb}")
        if self.min_words < 0:
            raise ConfigError(f"min_words is a number from 0, not {self.min_words}")
        if self.extractor not in EXTRACTORS:
            raise ConfigError(
                f"extractor is {' or '.join(EXTRACTORS)}, not {self.extractor!r}{nearest(self.extractor, EXTRACTORS)}"
            )
        if self.render not in RENDERS:
            raise ConfigError(f"render is {' or '.join(RENDERS)}, not {self.render!r}{nearest(self.render, RENDERS)}")
        if self.render == "markdown" and self.extractor != "learned":
            raise ConfigError("render = 'markdown' needs extractor = 'learned': the other gives no blocks to write")
        near = difflib.get_close_matches(self.keep.lower(), KEEP_POLICIES, n=1, cutoff=_MISSPELT)
        if near and self.keep not in KEEP_POLICIES:
            raise ConfigError(
                f"keep is {', '.join(KEEP_POLICIES)} or a field's name, not {self.keep!r}; did you mean {near[0]!r}?"
            )
        for rule, options in self.rules.items():
            for option in options:
                if (rule, option) in SET_AT_THE_TOP:
                    top = SET_AT_THE_TOP[rule, option]
                    raise ConfigError(f"rules.{rule}: {option!r} is no option of a rule; set {top} at the top")
        object.__setattr__(self, "languages", _language_codes(self.languages, self.language_backend))
        packs = tuple(read_pack(path) for path in self.packs)
        refuse_taken(packs)
        object.__setattr__(self, "read_packs", packs)
        object.__setattr__(self, "read_site_lines", self.site_lines and read_site_lines(self.site_lines))

    def field_names(self) -> FieldNames:
        """Return where a record has its text, page, address and id, and how large it may be."""
        return FieldNames(
            self.text_field, self.html_field, self.url_field, self.id_field, int(self.max_record_mb * MEGABYTE)
        )

    @property
    def names(self) -> Mapping[str, str]:
        """The name of every code, those of `packs` included."""
        return {info.code: info.name for info in catalog(self.read_packs)}

    def as_table(self) -> dict[str, Any]:
        """Return the settings by name, as a file would have them; what was read for them is not among them."""
        return {name: getattr(self, name) for name in _hints()}

    def codes(self) -> frozenset[str]:
        """Return the codes of the rules that run. Raises `ConfigError` for a name that no rule has."""
        on = {info.code for info in catalog(self.read_packs) if info.default_on}
        chosen = set[str]()
        for wanted in self.select or (ALL,):
            # What is off by default runs where it is named itself, and not with its family.
            chosen |= exactly(wanted, self.names) or named(wanted, self.names) & on
        for unwanted in self.ignore:
            chosen -= named(unwanted, self.names)
        return frozenset(chosen)

    def pipeline(self) -> Pipeline:
        """Return the chain that this configuration asks for. Raises `ConfigError` where it cannot be."""
        codes = self.codes()
        cleaning, judging = build(codes, self._options(codes))
        return Pipeline(cleaning, judging, codes, self.names, self.extractor, render=self.render)

    def _options(self, codes: frozenset[str]) -> dict[str, dict[str, Any]]:
        options = {name: dict(values) for name, values in self.rules.items()}
        options.setdefault("language", {}).update(languages=self.languages, backend=self.language_backend)
        options.setdefault("too-short", {})["min_words"] = self.min_words
        options.setdefault("boilerplate", {}).update(packs=self.read_packs, enabled=codes, line_model=self.line_model)
        if self.read_site_lines is not None:
            options.setdefault("site-line", {})["lines"] = self.read_site_lines
        return options


def load_config(path: str | Path) -> Config:
    """Read a configuration from `cleaner.toml`, `[tool.cleaner]` of a `pyproject.toml`, or a run's manifest.

    Raises `ConfigError` with the file, the key and the nearest known one.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            table = json.load(file)["configuration"] if path.suffix == ".json" else tomllib.load(file)
    except (KeyError, TypeError) as error:
        raise ConfigError(f"{path}: this is no manifest of a run: it has no configuration") from error
    except ValueError as error:
        raise ConfigError(f"{path}: {error}") from error
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from error
    if path.name == "pyproject.toml":
        table = table.get("tool", {}).get("cleaner", {})
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: the configuration is a table, not {table!r}")
    config = from_table(table, str(path), path.parent)
    try:
        config.pipeline()
        for names in config.per_file_ignores.values():
            for name in names:
                named(name, config.names)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error
    return config


def find_config(folder: Path) -> Path | None:
    """Return the nearest `cleaner.toml`, or `pyproject.toml` with `[tool.cleaner]`, from the folder upwards."""
    for parent in (folder, *folder.parents):
        own = parent / "cleaner.toml"
        if own.is_file():
            return own
        project = parent / "pyproject.toml"
        if project.is_file() and _OWN_TABLE.search(project.read_text(encoding="utf-8", errors="replace")):
            return project
    return None


def from_table(table: Mapping[str, Any], source: str, folder: Path | None = None) -> Config:
    """Return the configuration that a TOML table says.

    `source` names it in errors. Files and globs that it names lie in `folder`, or in the current one.
    """
    known = set(_hints())
    values: dict[str, Any] = {}
    for key, value in table.items():
        key = {"per-file-ignores": "per_file_ignores"}.get(key, key)  # what linters call it
        if key not in known:
            raise ConfigError(
                f"{source}: unknown key {key!r}{nearest(key, known)}; known are {', '.join(sorted(known))}"
            )
        values[key] = value
    try:
        for key, hint in _hints().items():
            if key in values:
                values[key] = _coerced(key, values[key], hint)
        if folder is not None:
            values |= _placed(values, folder)
        return Config(**values)
    except ConfigError as error:
        raise ConfigError(f"{source}: {error}") from None


def _placed(values: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return the settings that name files, as paths from a folder."""
    placed: dict[str, Any] = {
        key: str(folder / values[key]) for key in ("site_lines", "baseline") if values.get(key) is not None
    }
    if "packs" in values:
        placed["packs"] = tuple(str(folder / pack) for pack in values["packs"])
    if "per_file_ignores" in values:
        globs = values["per_file_ignores"].items()
        placed["per_file_ignores"] = {str(folder / glob) if "/" in glob else glob: names for glob, names in globs}
    return placed


def _coerced(key: str, value: Any, hint: Any) -> Any:
    try:
        return coerced(value, hint)
    except TypeError as error:
        raise ConfigError(f"{key} is {error}") from None


@functools.cache
def _hints() -> dict[str, Any]:
    given = {known.name for known in fields(Config) if known.init}
    return {name: hint for name, hint in typing.get_type_hints(Config).items() if name in given}


def _language_codes(wanted: Iterable[str], backend: str) -> tuple[str, ...]:
    """Return codes in lower case. Raises `ConfigError` for one that the backend cannot give, or for no such backend."""
    from cleaner.language import check_backend, known_languages

    try:
        check_backend(backend)
    except ValueError as error:
        raise ConfigError(f"language_backend: {error}") from error
    codes = tuple(code.lower() for code in wanted)
    known = known_languages(backend) if codes else frozenset()
    for code in codes:
        if code not in known:
            base = re.split("[-_]", code)[0]
            near = f"; did you mean {base!r}?" if base in known else nearest(code, known)
            raise ConfigError(
                f"languages: {backend} knows no language {code!r}{near}; known are {', '.join(sorted(known))}"
            )
    return codes
