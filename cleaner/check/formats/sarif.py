"""Findings as SARIF 2.1.0, the format of code scanning services."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cleaner.check.diagnostics import Diagnostic
from cleaner.rules import info_of
from cleaner.version import __version__

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
HOME = "https://github.com/webtext-cleaner/cleaner"
# Names what makes the fingerprint; goes up when that changes.
FINGERPRINT = "cleaner/v1"


def as_sarif(diagnostics: Sequence[Diagnostic]) -> str:
    """Return a log of one run. Columns count code points, from 1."""
    codes = sorted({d.code for d in diagnostics})
    names = {d.code: d.name for d in diagnostics}
    rules = [
        {
            "id": code,
            "name": names[code],
            **_described(code),
            "help": {"text": f"cleaner rule {code}"},
        }
        for code in codes
    ]
    places = {rule["id"]: index for index, rule in enumerate(rules)}
    seen: Counter[str] = Counter()
    results = []
    for d in diagnostics:
        # Where the same stands several times in a file, the first, the second and so on are told apart.
        number = seen[d.fingerprint]
        seen[d.fingerprint] += 1
        results.append(_result(d, f"{d.fingerprint}:{number}", places))
    run = {
        "tool": {"driver": {"name": "cleaner", "version": __version__, "informationUri": HOME, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1) + "\n"


def _described(code: str) -> dict[str, Any]:
    """Return what SARIF calls the descriptions of a rule; a pack of the user's own is described where it stands."""
    info = info_of(code)
    if info is None:
        return {}
    why = {"fullDescription": {"text": info.why}} if info.why else {}
    return {"shortDescription": {"text": info.summary}, **why}


def _result(d: Diagnostic, fingerprint: str, places: dict[Any, int]) -> dict[str, Any]:
    region = {
        "startLine": d.line,
        "startColumn": d.column,
        "endLine": d.end_line,
        "endColumn": d.end_column,
    }
    result: dict[str, Any] = {
        "ruleId": d.code,
        "level": "error" if d.code.startswith("RD") else "warning",
        "message": {"text": d.message},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(d.path)}, "region": region}}],
        "partialFingerprints": {FINGERPRINT: fingerprint},
    }
    if d.code in places:
        result["ruleIndex"] = places[d.code]
    if d.duplicate_of is not None:
        result["properties"] = {"duplicateOf": d.duplicate_of, "similarity": d.similarity}
    return result


def _uri(path: str) -> str:
    """Return a path as a URI: relative ones stay relative, to the root of the repository."""
    return Path(path).as_uri() if Path(path).is_absolute() else quote(os.fsencode(path))
