"""What a run does: which rules run, and how."""

from __future__ import annotations

import difflib
import functools
import re
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from cleaner.corpus.record import FieldNames
from cleaner.corpus.text_places import check_path, is_plain
from cleaner.document import Rule
from cleaner.errors import ConfigError
from cleaner.kinds import KINDS
from cleaner.pipeline import EXTRACTORS, RENDERS, Pipeline
from cleaner.rules import build, catalog
from cleaner.rules.boilerplate.line_model.model import LEVELS, USUAL, read_own
from cleaner.rules.boilerplate.packs import Pack, read_pack, refuse_taken
from cleaner.rules.catalog import DUPLICATES, RuleInfo
from cleaner.rules.names import ALL, exactly, named
from cleaner.rules.options import SET_AT_THE_TOP
from cleaner.rules.own import load_rule
from cleaner.rules.own import refuse_taken as refuse_taken_code
from cleaner.rules.site_lines import SiteLines
from cleaner.site_lines_file import read_site_lines
from cleaner.values import MEGABYTE, coerced, is_path, nearest

if TYPE_CHECKING:
    from cleaner.dedup.sketch import Sketcher

# Under it, near-duplicates are not looked for: too many pairs would have to be compared.
MIN_THRESHOLD = 0.1

# The time to count shingles goes by it.
MOST_NGRAM = 1000

# Under it, a text that quotes another at length would count as holding it.
MIN_CONTAINED = 0.5

KEEP_POLICIES = ("first", "longest", "newest")
# From here on a word is a policy misspelt (`longst` 0.92, `frist` 0.8), not the name of a field (`length` 0.6).
_MISSPELT = 0.8

# Which answers of an archive are read: those of success, or all.
SUCCESS = "2xx"
STATUSES = (SUCCESS, "any")


@dataclass(frozen=True, slots=True)
class Config:
    """What a run does. Every field is a key of the configuration file.

    `select` and `ignore` name rules by code (`BP101`), prefix (`BP`) or name (`cookie-banner`); an empty `select`
    means all that are on by default, and so does `"ALL"` among others; `extend_select` adds to them, a family with
    what of it is off by default. `languages` are ISO 639-1 codes; a text in
    another is excluded, and none means any; `min_share` is the part of a text, in [0, 1], that has to be in them,
    with 0 it is most of it. `language_backend` tells the language: `langdetect`, or `fasttext` (the
    extra of that name). `min_words` excludes shorter texts. `threshold` is the Jaccard similarity from which a text
    is a near-duplicate, in [0.1, 1], of shingles of `ngram` words; `contained`, in [0.5, 1], the share of its
    shingles that a longer text holds from which it goes for that, 0 for never; `passages` the number of texts from
    which a paragraph that they share goes from all but the first, 0 for never, and `passages_over_half` says
    whether a text may lose more than half to that. `keep` says which of several alike stays: `first` in the input,
    `longest`, `newest` by its date, or the name of a field of which the highest stays. `packs` are files with
    boilerplate rules of one's own, `own_rules` rules in Python, each as `module:Class`. `line_model` says how much
    goes that only reads like boilerplate: `off`, `careful`, `usual` or `eager`; or it is the path of a model of
    one's own. `site_lines` is a file that `cleaner learn` wrote. `skip` are globs of files that are not read, of
    the inputs of `cleaner clean` and `check`. The `*_field` names say where a record has its text, page (a path, as
    `messages[].content`, or several with commas between, leave each text in its place), address and id;
    `records_at` the name under which a JSON file has its array of records, empty for a file that is an array;
    `status` which answers of an archive are read, `2xx` or `any`. `extractor` takes the text out of pages:
    `learned`, a model that judges their blocks, or `trafilatura`. `render` says how that is written, `plain` or
    `markdown`. `max_record_mb` bounds a record, in megabytes. `rules` holds the options of single rules, by the
    rule's name. What `packs`, `own_rules`, `line_model` and `site_lines` name is read when the configuration is
    made, into `read_packs`, `read_rules`, `read_line_model` and `read_site_lines`. `kinds` says of files, by glob,
    how their texts are written, `plain` or `markdown`; of others the ending says it. For `cleaner check`:
    `per_file_ignores` names rules that are not asked in the files of a glob, `baseline` a file of findings that are
    known.
    """

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    min_share: float = 0.0
    language_backend: str = "langdetect"
    min_words: int = 0
    threshold: float = 0.7
    ngram: int = 5
    contained: float = 0.0
    passages: int = 0
    passages_over_half: bool = False
    keep: str = "first"
    extractor: str = "learned"
    render: str = "plain"
    packs: tuple[str, ...] = ()
    own_rules: tuple[str, ...] = ()
    line_model: str = USUAL
    site_lines: str | None = None
    skip: tuple[str, ...] = ()
    text_field: str = "text"
    html_field: str = "html"
    url_field: str = "url"
    id_field: str = "id"
    records_at: str = ""
    status: str = SUCCESS
    max_record_mb: float = 64
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    baseline: str | None = None
    read_packs: tuple[Pack, ...] = field(init=False, repr=False, compare=False)
    read_rules: tuple[type[Rule], ...] = field(init=False, repr=False, compare=False)
    read_line_model: bytes | None = field(init=False, repr=False, compare=False)
    read_site_lines: SiteLines | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse values of another type, or that make no sense, with a `ConfigError` that names the field."""
        for name, hint in setting_types().items():
            object.__setattr__(self, name, as_setting(name, getattr(self, name), hint))
        if self.line_model not in LEVELS and not is_path(self.line_model):
            raise ConfigError(
                f"line_model is {', '.join(LEVELS)} or the path of a model (./house.model), not"
                f" {self.line_model!r}{nearest(self.line_model, LEVELS)}"
            )
        for name in ("text_field", "html_field"):
            check_path(name, getattr(self, name))
            if self.passages and not is_plain(getattr(self, name)):
                raise ConfigError(f"passages are taken out of one text, and {name} is a path: the name of a field goes")
        if not MIN_THRESHOLD <= self.threshold <= 1:
            raise ConfigError(f"threshold is a similarity from {MIN_THRESHOLD} to 1, not {self.threshold}")
        if not 1 <= self.ngram <= MOST_NGRAM:
            raise ConfigError(f"ngram is a number of words from 1 to {MOST_NGRAM:,}, not {self.ngram}")
        if self.contained and not MIN_CONTAINED <= self.contained <= 1:
            raise ConfigError(
                f"contained is a share of a text from {MIN_CONTAINED} to 1, or 0 for never, not {self.contained}"
            )
        if self.passages and self.passages < 2:
            raise ConfigError(f"passages is a number of texts from 2, or 0 for never, not {self.passages}")
        if self.max_record_mb <= 0:
            raise ConfigError(f"max_record_mb is a size above 0, not {self.max_record_mb}")
        if not 0 <= self.min_share <= 1:
            raise ConfigError(f"min_share is a part of a text from 0 to 1, not {self.min_share}")
        if self.min_share and self.language_backend != "langdetect":
            raise ConfigError("min_share needs language_backend = 'langdetect': the other tells one language of a text")
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
        if self.render == "markdown" and not is_plain(self.html_field):
            raise ConfigError("render = 'markdown' writes one page, and html_field is a path: the name of a field goes")
        if self.status not in STATUSES:
            raise ConfigError(f"status is {' or '.join(STATUSES)}, not {self.status!r}{nearest(self.status, STATUSES)}")
        for glob, kind in self.kinds.items():
            if kind not in KINDS:
                raise ConfigError(f"kinds: {glob!r} is {' or '.join(KINDS)}, not {kind!r}{nearest(kind, KINDS)}")
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
        rules = tuple(load_rule(reference) for reference in self.own_rules)
        refuse_taken_code(rules, catalog(packs))
        object.__setattr__(self, "read_rules", rules)
        object.__setattr__(
            self, "read_line_model", read_own(self.line_model) if self.line_model not in LEVELS else None
        )
        object.__setattr__(self, "read_site_lines", self.site_lines and read_site_lines(self.site_lines))

    def field_names(self) -> FieldNames:
        """Return where a record has its text, page, address and id, how large it may be, and its text's kind."""
        return FieldNames(
            self.text_field,
            self.html_field,
            self.url_field,
            self.id_field,
            int(self.max_record_mb * MEGABYTE),
            tuple(self.kinds.items()),
            self.records_at,
            self.status,
        )

    def catalog(self) -> tuple[RuleInfo, ...]:
        """Return what there is to know of every code, those of `packs` and `own_rules` included."""
        return catalog(self.read_packs, self.read_rules)

    @property
    def names(self) -> Mapping[str, str]:
        """The name of every code, those of `packs` and `own_rules` included."""
        return {info.code: info.name for info in self.catalog()}

    def as_table(self) -> dict[str, Any]:
        """Return the settings by name, as a file would have them; what was read for them is not among them."""
        return {name: getattr(self, name) for name in setting_types()}

    def codes(self) -> frozenset[str]:
        """Return the codes of the rules that run. Raises `ConfigError` for a name that no rule has."""
        on = {info.code for info in self.catalog() if info.default_on}
        chosen = set[str]()
        for wanted in self.select or (ALL,):
            # What is off by default runs where it is named itself, and not with its family.
            chosen |= exactly(wanted, self.names) or named(wanted, self.names) & on
        for wanted in self.extend_select:
            chosen |= exactly(wanted, self.names) or named(wanted, self.names)
        for unwanted in self.ignore:
            chosen -= named(unwanted, self.names)
        off = {code for code, asked in (("ND103", self.contained), ("ND104", self.passages)) if not asked}
        return frozenset(chosen - off)

    @property
    def share_contained(self) -> float:
        """The share from which a text goes as contained in another; 0 where nobody asks, or the rule does not run."""
        return self.contained if "ND103" in self.codes() else 0.0

    @property
    def shared_passages(self) -> int:
        """From how many texts on a passage goes; 0 where nobody asks, or the rule does not run."""
        return self.passages if "ND104" in self.codes() else 0

    def sketcher(self) -> Sketcher | None:
        """Return what makes of texts what duplicates are found by; None where none are looked for."""
        if not self.codes() & DUPLICATES:
            return None
        from cleaner.dedup.sketch import Sketcher

        return Sketcher(self.threshold, self.ngram, self.share_contained)

    def pipeline(self) -> Pipeline:
        """Return the chain that this configuration asks for. Raises `ConfigError` where it cannot be."""
        codes = self.codes()
        cleaning, judging = build(codes, self._options(codes), self.read_rules)
        return Pipeline(cleaning, judging, codes, self.names, self.extractor, render=self.render)

    def _options(self, codes: frozenset[str]) -> dict[str, dict[str, Any]]:
        options = {name: dict(values) for name, values in self.rules.items()}
        options.setdefault("language", {}).update(
            languages=self.languages, backend=self.language_backend, min_share=self.min_share
        )
        options.setdefault("too-short", {})["min_words"] = self.min_words
        level = self.line_model if self.read_line_model is None else USUAL
        options.setdefault("boilerplate", {}).update(
            packs=self.read_packs, enabled=codes, line_model=level, own_model=self.read_line_model
        )
        if self.read_site_lines is not None:
            options.setdefault("site-line", {})["lines"] = self.read_site_lines
        return options


def as_setting(key: str, value: Any, hint: Any) -> Any:
    """Return a value as a setting has it. Raises `ConfigError` for one of another type."""
    try:
        return coerced(value, hint)
    except TypeError as error:
        raise ConfigError(f"{key} is {error}") from None


@functools.cache
def setting_types() -> dict[str, Any]:
    """Return the settings that a file may have, each with its type."""
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
