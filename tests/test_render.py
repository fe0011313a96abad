"""A page's text as Markdown: the same verdicts and edits as plain, and undone as plain."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import lines

import cleaner
from cleaner.config import Config
from cleaner.errors import ConfigError
from cleaner.runner.run import Run
from cleaner.runner.undo import undo_file

PROSE = "people came from all over the town to drink coffee and to see the new building by the old harbour"
PAGE = f"""<!doctype html><html lang="en"><head><title>Café opens in SoHo</title>
<meta property="article:published_time" content="2026-05-04"></head>
<body><nav><a href="/">Home</a> <a href="/news">News</a></nav><article><h1>Café opens in SoHo</h1>
<p>The <b>café</b> opened on <a href="/monday">Monday</a>, and {PROSE}.</p>
<h2>What it costs</h2><ul><li>Espresso is two pounds at the bar, and three at a table by the window.
<li>Tea is one pound fifty, with milk or with lemon, and scones are baked twice a day.</ul>
<p>It will stay open until nine, said the owner, and {PROSE}, where *stars* are sold.</p>
<p>Share on Facebook</p></article><footer>© 2026 The Daily Bean</footer></body></html>"""
URL = "https://bean.example/a"
LEARNED = Config(extractor="learned")


def test_the_text_is_markdown_and_the_verdicts_are_those_of_the_plain_text() -> None:
    plain = cleaner.clean(PAGE, url=URL, config=LEARNED)
    written = cleaner.clean(PAGE, url=URL, config=LEARNED, render="markdown")
    assert "**café**" in written.text
    assert "[Monday](https://bean.example/monday)" in written.text
    assert "## What it costs" in written.text
    assert "\n- Espresso" in written.text
    assert "\\*stars\\*" in written.text
    assert "Facebook" not in written.text
    assert written.plain_text == plain.text == plain.plain_text
    assert written.steps[:-1] == plain.steps
    assert (written.language, written.dropped) == (plain.language, plain.dropped)
    assert cleaner.ledger.undo(written.text, written.steps) == written.source_text == plain.source_text


def test_what_is_no_page_is_left_as_it_is() -> None:
    text = f"The café opened, and {PROSE}.\n* not a list\nShare on Facebook"
    assert cleaner.clean(text, render="markdown").text == cleaner.clean(text).text


def test_a_page_without_text_has_no_markdown() -> None:
    result = cleaner.clean("<html><body><nav><a href=/>Home</a></nav></body></html>", config=LEARNED, render="markdown")
    assert result.text == ""
    assert result.dropped is not None


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="render is plain or markdown, not 'html'"):
        cleaner.clean(PAGE, render="html")
    with pytest.raises(ConfigError, match=r"render is plain or markdown, not 'markdwn'; did you mean 'markdown'\?"):
        Config(render="markdwn")
    with pytest.raises(ConfigError, match="needs extractor = 'learned'"):
        Config(render="markdown", extractor="trafilatura")


def pages(folder: Path) -> str:
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.html").write_text(PAGE.replace("two pounds", f"two {name} pounds"), encoding="utf-8")
    return str(folder)


@pytest.mark.parametrize("keep", ["first", "longest"])
def test_a_run_keeps_what_it_keeps_plain_and_undo_gives_the_plain_text(tmp_path: Path, keep: str) -> None:
    source = pages(tmp_path / "pages")
    runs = {}
    for render in ("plain", "markdown"):
        out = tmp_path / f"{render}.jsonl"
        Run((source,), str(out), Config(extractor="learned", render=render, keep=keep))()
        runs[render] = [record["id"] for record in lines(out)]
    assert runs["plain"] == runs["markdown"]
    assert len(runs["plain"]) == 1
    undone = tmp_path / "undone.jsonl"
    undo_file(str(tmp_path / "markdown.jsonl"), str(tmp_path / "markdown.ledger.jsonl"), str(undone))
    (text,) = (record["text"] for record in lines(undone))
    assert "**" not in text
    assert "Share on Facebook" in text or "café opened" in text


def test_a_folder_has_markdown_with_front_matter(tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    Run((pages(tmp_path / "pages"),), f"{out}/", Config(extractor="learned", render="markdown"))()
    (path,) = out.iterdir()
    assert path.suffix == ".md"
    head, _, text = path.read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n\n")
    assert head.split("\n") == ['title: "Café opens in SoHo"', 'date: "2026-05-04"', 'language: "en"']
    assert text.startswith("The **café** opened")
    Run((str(tmp_path / "pages"),), f"{out}/", Config(extractor="learned", render="markdown"), restart=True)()
