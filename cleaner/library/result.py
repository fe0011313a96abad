"""What `cleaner.clean()` returns: a result that can show itself."""

from __future__ import annotations

import html
from dataclasses import dataclass, fields
from typing import Any

from cleaner.account.outcome import excluded_field
from cleaner.corpus.record import mark_languages
from cleaner.inert import inert
from cleaner.pipeline import Result as Cleaned

# What is shown of a text in a line, in code points.
_BEGINNING = 40
_IFRAME = '<iframe srcdoc="{}" style="width:100%;height:32em;border:0" title="cleaner explain"></iframe>'


@dataclass(frozen=True, slots=True, repr=False)
class Result(Cleaned):
    """A document after the chain, and the steps that made it; in a notebook it shows what went, and why.

    A dropped document still has its text, cleaned. `source_text` is the text before the steps: what was given, or what
    was extracted from the page. `steps` are the ledger, `names` has the name of every code. `blocks` are those of the
    page, where they were asked for.
    """

    def to_dict(self) -> dict[str, Any]:
        """Return what a corpus holds of the document, ready for JSON; `excluded` says why it is no use."""
        known = {"id": self.id, "url": self.url, "title": self.title}
        table: dict[str, Any] = {key: value for key, value in known.items() if value}
        table |= {"text": self.text, **{key: value for key, value in self.metadata.items() if value}}
        table |= {"language": self.language, "language_score": round(self.language_score, 4)}
        mark_languages(table, self.languages)
        return table if self.dropped is None else table | {"excluded": excluded_field(self.dropped)}

    def explain(self) -> None:
        """Print the document as `cleaner explain` does: what stays, what goes, and why."""
        from cleaner.report.document import print_result
        from cleaner.report.screen import console

        print_result(console(stderr=False), self)

    def __repr__(self) -> str:
        """Return a line with the beginning of the text and the verdict."""
        text = " ".join(self.text[: 2 * _BEGINNING].split())
        shown = text if len(text) <= _BEGINNING else text[: _BEGINNING - 1] + "…"
        verdict = "kept" if self.dropped is None else f"dropped: {self.dropped.code} {inert(self.dropped.message)}"
        return f"<Result {shown!r}, {len(self.text):,} characters, {self.language}, {verdict}>"

    def _repr_html_(self) -> str:
        from cleaner.report.explained import explain_page

        return _IFRAME.format(html.escape(explain_page(self)))


def shown(cleaned: Cleaned) -> Result:
    """Return a result of the chain as one that can show itself."""
    return Result(*(getattr(cleaned, field.name) for field in fields(cleaned)))
