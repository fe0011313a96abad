"""The ordinary lines that the models of wording are learned beside: which texts of a file are such lines."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from training.ordinary import MAX_CHARS, ordinary_lines


def test_short_texts_of_one_line_are_ordinary_lines_each_once_in_their_order(tmp_path: Path) -> None:
    texts = [" Wann sind die Eisheiligen? ", "a\nb", "x" * MAX_CHARS, "x" * (MAX_CHARS + 1), "", "Labelled elsewhere"]
    languages = tmp_path / "languages.jsonl.gz"
    with gzip.open(languages, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps({"text": text, "lang": "de"}) + "\n" for text in texts)
    lines = tmp_path / "lines.jsonl"
    lines.write_text('{"line": "Wann sind die Eisheiligen?"}\n{"line": "Один рядок"}\n', encoding="utf-8")
    found = ordinary_lines([languages, lines], {"Labelled elsewhere"})
    assert found == ["Wann sind die Eisheiligen?", "x" * MAX_CHARS, "Один рядок"]


def test_files_are_read_in_the_order_of_their_names_however_they_are_named(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("more/b.jsonl", "a.jsonl", "b.jsonl")]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"line": path.relative_to(tmp_path).as_posix()}) + "\n", encoding="utf-8")
    assert ordinary_lines(paths) == ordinary_lines(paths[::-1]) == ["a.jsonl", "b.jsonl", "more/b.jsonl"]
