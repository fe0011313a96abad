"""Which findings count in a file of a kind: not those in code or markup, nor those that a comment keeps quiet."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from cleaner.check.markdown import comments, protected
from cleaner.check.sources import Lines
from cleaner.check.suppressions import silences
from cleaner.document import Document, Edit, Finding, Rule
from cleaner.pipeline import Pipeline
from cleaner.rules.boilerplate import Boilerplate
from cleaner.rules.safety import is_safe

Allows = Callable[[str, Edit], bool]

# In Markdown an entity is markup: `&lt;b&gt;` is how one writes that a tag is text.
ENTITIES = "MJ103"
# White space of an extracted text is the extractor's, and every page has its title twice.
NOT_IN_PAGES = ("WS", "HL102")


@dataclass(frozen=True, slots=True)
class Guarded:
    """A rule of which only those edits come through that the guard of the text's kind allows."""

    rule: Rule
    kind: str
    safe_only: bool
    packs: tuple[str, ...]

    @property
    def code(self) -> str:
        """The rule's own."""
        return self.rule.code

    def __call__(self, document: Document) -> Iterator[Finding]:
        """Yield what the rule found and may say."""
        allows: Allows | None = None
        for finding in self.rule(document):
            if isinstance(finding, Edit):
                code = finding.code or self.rule.code
                if self.safe_only and not is_safe(code, finding):
                    continue
                allows = allows or guard(self.kind, document.text, self.packs)
                if not allows(code, finding):
                    continue
            yield finding


def guarded(pipeline: Pipeline, kind: str, *, safe_only: bool) -> Pipeline:
    """Give the pipeline for files of a kind; with `safe_only` it does no more than `--fix` may, and judges nothing."""
    packs = next((rule.packs for rule in pipeline.cleaning if isinstance(rule, Boilerplate)), ())
    cleaning = tuple(Guarded(rule, kind, safe_only, packs) for rule in pipeline.cleaning)
    return replace(pipeline, cleaning=cleaning, judging=() if safe_only else pipeline.judging)


def guard(kind: str, text: str, packs: tuple[str, ...] = ()) -> Allows:
    """Give what says whether an edit of this text may be made. `packs` have codes that a comment in it may name."""
    if kind == "markdown":
        return _markdown(text, packs)
    if kind == "page":
        return lambda code, edit: not code.startswith(NOT_IN_PAGES)
    return lambda code, edit: True


@functools.lru_cache(2)  # the rules look at the same text one after the other
def _markdown(text: str, packs: tuple[str, ...]) -> Allows:
    marks = protected(text)
    asked = silences(text, comments(text), packs)
    lines = Lines(text)

    def allows(code: str, edit: Edit) -> bool:
        if code == ENTITIES or marks.forbids(edit):
            return False
        return not asked.asked or not asked.covers(code, lines.at(first_place(edit))[0])

    return allows


def first_place(edit: Edit) -> int:
    """Give where an edit begins to be seen: last lines go together with the line feeds before them."""
    seen = edit.old.lstrip("\n")
    return edit.start + (len(edit.old) - len(seen) if seen else 0)
