"""The lines of interfaces that the model of lines learns from."""

from __future__ import annotations

import json
from pathlib import Path

from cleaner.rules.boilerplate.line_model.model import CLASSES
from training.line_data import interface_phrases
from training.ordinary import records

STRINGS = Path(__file__).parents[2] / "training" / "interface" / "strings.jsonl.gz"


def test_each_line_is_there_once_with_a_class_or_none() -> None:
    lines = list(records(STRINGS))
    assert {line["code"] for line in lines} <= {"", *CLASSES}
    assert len(lines) == len({line["text"] for line in lines})
    assert all(line["text"] == " ".join(line["text"].split()) and len(line["text"]) > 1 for line in lines)
    assert lines == sorted(lines, key=lambda line: (line["language"], not line["code"], line["text"]))


def test_lines_count_more_where_nothing_else_is_known_of_a_language(tmp_path: Path) -> None:
    lines = [("Reply", "BP103", "en"), ("Vastaa", "BP103", "fi"), ("Kenya", "", "en")]
    file = tmp_path / "lines.jsonl"
    file.write_text(
        "".join(json.dumps({"text": text, "code": code, "language": language}) + "\n" for text, code, language in lines)
    )
    weights = {phrase.line: (phrase.code, phrase.weight) for phrase in interface_phrases(file, (1.0, 5.0))}
    assert weights == {"Reply": ("BP103", 1.0), "Vastaa": ("BP103", 5.0), "Kenya": ("", 5.0)}
