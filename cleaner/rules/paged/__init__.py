"""The text of PDFs and scans: what print does to lines, undone. Off by default; `--extend-select PD` asks for it."""

from __future__ import annotations

from cleaner.rules.catalog import Family

PAGED = Family("PD", "Text of PDFs and scans")
