"""The values that travel through the chain: a document, what rules find in it, and the steps that they leave."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Edit:
    """Put `new` where `old` stands.

    `start` counts code points from 0 in the text that the rule was given. `old` is the text
    that goes, in full, so that the edit can be checked and undone. `safe` says whether
    `check --fix` may apply it without being asked twice. `code` is for a rule that knows
    several: the code that this finding belongs to; None means the rule's own.
    """

    start: int
    old: str
    new: str
    message: str
    safe: bool = True
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something to tell about a place of the text, which stays as it is.

    `start` and `text` say where and what stands there, as in an `Edit`.
    """

    start: int
    text: str
    message: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """Something learned about the document: `language`, `author`, `date`. The text stays as it is."""

    key: str
    value: str | float
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Drop:
    """The document goes, whole: a rule, a reader, the near-duplicate stage or a crash says so.

    `message` says why to a person.
    A duplicate names the id of the kept document that it is like, and the exact Jaccard similarity of the two in
    [0, 1]; `details` holds what else a reader of the excluded record wants. `code` may be left out by a rule, and is
    then the rule's own.
    """

    message: str
    duplicate_of: str | None = None
    similarity: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""

    @property
    def rounded_similarity(self) -> float | None:
        """The similarity as it is written down, with six decimals."""
        return None if self.similarity is None else round(self.similarity, 6)


Finding = Edit | Note | Tag | Drop


@dataclass(frozen=True, slots=True)
class Step:
    """What one rule found in one pass, in order of `start`; its edits refer to the text before the step."""

    code: str
    findings: tuple[Finding, ...]

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The findings that change the text."""
        return tuple(finding for finding in self.findings if isinstance(finding, Edit))


@dataclass(frozen=True, slots=True)
class Document:
    """One text and what is known of it.

    `html` is the page that the text is yet to be taken from (then `text` is empty), as text or
    as bytes in an encoding that `content_type`, an HTTP header, may name. `title` is only set
    where a page or a record supplied one; plain text has none. `metadata` has what else is
    known: `author`, `date`, `sitename`, `encoding`. `kind` says how the text is written, `plain` or `markdown`: of
    Markdown no rule changes code or markup. `parts` are the texts, or the pages, of a record that has several, by their
    places in it; `text`, or `html`, is then all of them, as `joined` has it.
    """

    id: str
    text: str = ""
    title: str | None = None
    url: str | None = None
    html: str | bytes | None = None
    content_type: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    kind: str = "plain"
    parts: Mapping[str, str] = field(default_factory=dict)


# What stands between the texts of a record that has several.
BETWEEN_PARTS = "\n\n"


def joined(parts: Mapping[str, str]) -> str:
    """Return the texts, or pages, of a record as one: what is judged, and compared with other records."""
    return BETWEEN_PARTS.join(parts.values())


class Rule(Protocol):
    """Looks at a document and yields what it found, in order of place. Changes nothing."""

    @property
    def code(self) -> str:
        """`BP101`; for a rule that knows several codes, their common prefix."""
        ...

    def __call__(self, document: Document) -> Iterable[Finding]:
        """Yield edits that do not overlap, tags, or a drop."""
        ...


def in_rounds(rule: Rule) -> Callable[[Document], Iterable[Finding]]:
    """Return a rule for the rounds of one document; it finds what the rule itself would find.

    A rule with a method `rounds()` remembers the document from one round to the next, which spares it work.
    """
    rounds: Callable[[], Callable[[Document], Iterable[Finding]]] | None = getattr(rule, "rounds", None)
    return rule if rounds is None else rounds()
