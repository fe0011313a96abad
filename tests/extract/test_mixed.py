"""Pages mixed of two for learning: the text of one stands in what is around the text of another."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

SENTENCE = {
    "olm": "The ferry between Olm and Pasterby will run twice a day from the first week of April, the office said.",
    "tarn": "Nobody in Tarn had heard the organ since the flood, and so the whole town came to the church on Sunday.",
}
PAGE = """<!doctype html><html lang=en><head><meta name=viewport content=w><title>{title}</title></head><body>
<nav class={site}-menu>{links}</nav>
<div class={site}-story><h1>{title}</h1><p>{said}</p><p>{said}</p><p>{said}</p></div>
<aside class={site}-more><h3>More from {site}</h3><p>Six more things to know of {site}</p></aside>
<footer><p>The {site} paper</p></footer></body></html>"""


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.blocks.mixed._PAGES", 40)


def labelled(folder: Path) -> list[object]:
    from training.blocks.pages import labelled_pages

    gold = []
    for site, said in SENTENCE.items():
        links = "".join(f"<a href=/{number}>{site} {number}</a><br>" for number in range(8))
        page = PAGE.format(title=f"What {site} says", site=site, links=links, said=said)
        (folder / f"{site}.html").write_text(page, encoding="utf-8")
        gold.append({"id": site, "url": None, "site": f"{site}.example", "text": "\n".join([said] * 3)})
    (folder / "gold.jsonl").write_text("".join(json.dumps(line) + "\n" for line in gold), encoding="utf-8")
    return list(labelled_pages([folder]))


def test_the_text_of_one_page_stands_in_what_is_around_that_of_another(tmp_path: Path) -> None:
    from training.blocks.mixed import MIXED, mixed_pages

    pages = labelled(tmp_path)
    mixed = mixed_pages(pages, np.zeros(len(pages), np.int64))
    assert {page.of for page in mixed} == {(0, 1), (1, 0)}
    for page in mixed:
        said, around = (list(SENTENCE)[place] for place in page.of)
        texts = page.page.texts
        assert page.page.set == MIXED
        assert [text for text, kept in zip(texts, page.page.kept, strict=True) if kept] == [SENTENCE[said]] * 3
        assert f"What {said} says" in texts
        assert f"What {around} says" not in texts
        assert f"Six more things to know of {around}" in texts
        assert not any(f"of {said}" in text or f"{said} 3" in text for text in texts)
        names = " ".join(page.page.page.names)
        assert f"{around}-menu" in names
    assert {f"{site}-story" in " ".join(page.page.page.names) for page in mixed for site in ("olm",)} == {True, False}


def test_the_same_pages_are_mixed_each_time(tmp_path: Path) -> None:
    from training.blocks.mixed import mixed_pages

    pages = labelled(tmp_path)
    one, other = (mixed_pages(pages, np.zeros(len(pages), np.int64)) for _ in range(2))
    assert [page.page.texts for page in one] == [page.page.texts for page in other]


def test_pages_of_other_folds_or_languages_are_not_mixed(tmp_path: Path) -> None:
    from training.blocks.mixed import mixed_pages

    assert mixed_pages(labelled(tmp_path), np.array([0, 1])) == []
