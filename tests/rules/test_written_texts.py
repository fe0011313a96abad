"""The texts that were written for the model of lines to learn from."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from cleaner.rules.boilerplate.line_model.model import CLASSES
from training.line_data import code_of, written

FOLDER = Path(__file__).parents[2] / "training" / "written"


def test_each_text_is_in_its_languages_file_with_known_classes() -> None:
    documents = list(written(FOLDER))
    languages = Counter(document.site.rpartition("-")[0] for document in documents)
    assert set(languages) == {file.stem for file in FOLDER.glob("*.jsonl")}
    assert min(languages.values()) >= 16
    assert len({document.site for document in documents}) == len(documents)
    assert {tag for document in documents for tag in document.tags} <= {"good", "taste", *CLASSES}
    assert all(0 in document.goes and 1 in document.goes for document in documents)


def test_a_class_says_what_goes(tmp_path: Path) -> None:
    lines = [["Accueil | Sport", "BP124"], ["La marée du soir", "good"], ["* * *", "good"], ["Par Ida", "taste"]]
    (tmp_path / "fr.jsonl").write_text(json.dumps({"id": "fr-01", "lang": "fr", "lines": lines}), encoding="utf-8")
    [document] = written(tmp_path)
    assert document.lines == ("Accueil | Sport", "La marée du soir", "Par Ida")
    assert document.goes == (1, 0, -1)
    assert [code_of(tag) for tag in document.tags] == ["BP124", None, None]
    assert code_of("share") == "BP102"
