"""Which findings count in a text of a kind: not those in code or markup, nor those that a comment keeps quiet."""

from __future__ import annotations

from collections.abc import Iterable

from cleaner.document import Drop, Edit, Finding, Note, Tag
from cleaner.kinds import PLAIN
from cleaner.kinds.lines import Lines
from cleaner.kinds.suppressions import Named, silences

# A line end is none of a text's own, even in code: Markdown takes CR LF and CR alone for the same as a line feed.
LINE_ENDS = "WS101"
# In Markdown an entity is markup: `&lt;b&gt;` is how one writes that a tag is text.
ENTITIES = "MJ103"
# A finding about the whole text stands in its first line.
WHOLE_TEXT_LINE = 1


class Guards:
    """Says which findings count, text by text: a text is read when the first finding in it is asked about."""

    def __init__(self, kind: str, named: Named) -> None:
        self._kind = kind
        self._named = named
        self._guard: _MarkdownGuard | None = None

    def allowed(self, text: str, code: str, findings: list[Finding]) -> list[Finding]:
        """Return those findings of a rule with this code that count in the text."""
        if self._kind == PLAIN or not findings:
            return findings
        if self._guard is None or self._guard.text is not text:
            self._guard = _MarkdownGuard(text, self._named)
        return self._guard.allowed(code, findings)


class _MarkdownGuard:
    def __init__(self, text: str, named: Named) -> None:
        # Here, because the parser is loaded with it.
        from cleaner.kinds.markdown import read_markdown

        self.text = text
        self._markup = read_markdown(text)
        self._asked = silences(text, self._markup.comments, named)
        self._lines = Lines(text) if self._asked.asked else None

    def allowed(self, code: str, findings: Iterable[Finding]) -> list[Finding]:
        findings = list(findings)
        allowed = [f for f in findings if isinstance(f, Tag) or self._allows(f.code or code, f)]
        refused = {f.code for f in findings if isinstance(f, Edit)} - {f.code for f in allowed if isinstance(f, Edit)}
        # What was read off lines that stay after all, the author of an example, say, is not known of the document.
        return [f for f in allowed if not (isinstance(f, Tag) and f.code in refused)]

    def _allows(self, code: str, finding: Edit | Note | Drop) -> bool:
        if isinstance(finding, Drop):
            return not self._asked.covers(code, WHOLE_TEXT_LINE)
        if isinstance(finding, Note):
            finding = Edit(finding.start, finding.text, finding.text, finding.message)
        if code == ENTITIES or (code != LINE_ENDS and self._markup.forbids(finding)):
            return False
        return self._lines is None or not self._asked.covers(code, self._lines.at(first_place(finding))[0])


def first_place(edit: Edit) -> int:
    """Return where an edit begins to be seen: last lines go together with the line feeds before them."""
    seen = edit.old.lstrip("\n")
    return edit.start + (len(edit.old) - len(seen) if seen else 0)
