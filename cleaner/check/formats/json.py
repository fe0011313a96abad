"""Findings as JSON, for other programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from cleaner.check.diagnostics import Diagnostic


def as_json(diagnostics: Sequence[Diagnostic]) -> str:
    """Return a list of objects, one a finding, on lines of their own."""
    rows = ",\n".join(json.dumps(_row(d), ensure_ascii=False) for d in diagnostics)
    return f"[\n{rows}\n]\n" if rows else "[]\n"


def _row(d: Diagnostic) -> dict[str, Any]:
    row: dict[str, Any] = {
        "path": d.path,
        "line": d.line,
        "column": d.column,
        "end_line": d.end_line,
        "end_column": d.end_column,
        "code": d.code,
        "name": d.name,
        "message": d.message,
        "fix": {"applicability": d.fix, "old": d.old, "new": d.new} if d.fix else None,
        "fingerprint": d.fingerprint,
    }
    if d.inside:
        row["text_line"], row["text_column"] = d.inside
    if d.duplicate_of is not None:
        row["duplicate_of"], row["similarity"] = d.duplicate_of, d.similarity
    return row
