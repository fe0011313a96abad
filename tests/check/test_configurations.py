"""The nearest configuration of each file, for check and for clean; `extend`, kinds, and what the two show of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from checking import MOJIBAKE, STORY, said
from click.testing import CliRunner

from cleaner.cli import main
from cleaner.config_file import load_config
from cleaner.errors import ConfigError


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def project(folder: Path) -> Path:
    """Give a project whose docs have a configuration of their own; the same bad text stands in docs and notes."""
    written(folder / "cleaner.toml", 'ignore = ["MJ", "ND"]\n[per-file-ignores]\n"*.md" = ["WS"]\n')
    written(folder / "docs" / "cleaner.toml", 'extend = "../cleaner.toml"\nignore = ["ND"]\n')
    for name in ("docs/a.txt", "docs/a.md", "notes/a.txt", "notes/a.md"):
        written(folder / name, f"{MOJIBAKE}\t\n\n{STORY}")
    return folder


def cleaned(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["clean", *arguments])
    return done.exit_code, done.stdout, done.stderr


EXPECTED = ["docs/a.md:1:4: MJ101", "docs/a.txt:1:4: MJ101", "docs/a.txt:1:6: WS102", "notes/a.txt:1:6: WS102"]


def test_each_file_has_its_nearest_configuration_from_wherever_it_is_checked(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said(".").found == EXPECTED
    monkeypatch.chdir(project / "notes")
    assert said("..").found == [f"../{place}" for place in EXPECTED]
    monkeypatch.chdir(project.parent)
    assert said(str(project)).found == [f"{project}/{place}" for place in EXPECTED]


def test_a_named_configuration_is_that_of_all_files_and_isolated_asks_for_none(project: Path) -> None:
    assert [place for place in said("--config", "cleaner.toml", ".").found if "MJ" in place] == []
    assert len([place for place in said("--isolated", "--ignore", "ND", ".").found if "MJ" in place]) == 4
    assert said("--isolated", "--config", "cleaner.toml", ".").code == 2


def test_duplicates_are_told_of_the_files_whose_configuration_asks_for_them(folder: Path) -> None:
    written(folder / "loud" / "b.txt", STORY)
    written(folder / "quiet" / "c.txt", STORY)
    written(folder / "a.txt", STORY)
    written(folder / "quiet" / "cleaner.toml", 'ignore = ["ND"]\n')
    for _ in range(2):  # the second time from the cache
        assert said(".").found == ["loud/b.txt:1:1: ND101"]


def test_clean_takes_the_configuration_of_its_input_and_refuses_two(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.parent)
    code, out, _ = cleaned(str(project / "notes"), "-o", "-")
    assert code == 0
    assert MOJIBAKE in out
    code, out, _ = cleaned(str(project / "docs"), "-o", "-")
    assert "Café" in out
    code, _, err = cleaned(str(project), "-o", "-")
    assert code == 2
    assert "a run has one configuration" in err
    assert cleaned("--isolated", str(project), "-o", "-")[0] == 0


def test_a_configuration_extends_another_entry_by_entry_in_its_tables(project: Path) -> None:
    written(project / "docs" / "cleaner.toml", 'extend = "../cleaner.toml"\n[per-file-ignores]\n"*.txt" = ["BP"]\n')
    config = load_config(project / "docs" / "cleaner.toml")
    assert config.ignore == ("MJ", "ND")
    assert config.per_file_ignores == {"*.md": ("WS",), "*.txt": ("BP",)}
    written(project / "cleaner.toml", 'extend = "docs/cleaner.toml"\n')
    with pytest.raises(ConfigError, match="extend leads back to itself"):
        load_config(project / "docs" / "cleaner.toml")
    written(project / "cleaner.toml", "extend = 3\n")
    with pytest.raises(ConfigError, match="extend is the path of another configuration, not 3"):
        load_config(project / "cleaner.toml")


def test_kinds_say_how_the_texts_of_files_and_records_are_written(folder: Path) -> None:
    text = "It rained.  \nThe ferry &amp; the pier stayed where they were, and nobody came.\n"
    written(folder / "docs" / "a.txt", text)
    written(folder / "b.txt", text)
    written(folder / "docs" / "c.jsonl", json.dumps({"text": text}) + "\n")
    assert {place.split(":")[0] for place in said("--ignore", "ND", ".").found} == {
        "b.txt",
        "docs/a.txt",
        "docs/c.jsonl",
    }
    written(folder / "cleaner.toml", '[kinds]\n"docs/**" = "markdown"\n')
    assert {place.split(":")[0] for place in said("--ignore", "ND", ".").found} == {"b.txt"}
    _, out, _ = cleaned("docs", "-o", "-", "--ignore", "ND")
    assert [json.loads(line)["text"] for line in out.splitlines()] == [text, text]
    written(folder / "cleaner.toml", '[kinds]\n"docs/**" = "markdwon"\n')
    with pytest.raises(ConfigError, match=r"'docs/\*\*' is .*; did you mean 'markdown'\?"):
        load_config(Path("cleaner.toml"))


def test_what_is_shown_of_the_settings_is_a_configuration(project: Path) -> None:
    shown = said("--show-settings", "docs")
    assert shown.out.startswith(f"# {project / 'docs' / 'cleaner.toml'}\n")
    written(project / "shown.toml", shown.out)
    assert load_config(project / "shown.toml").ignore == ("ND",)
    code, out, _ = cleaned("docs", "-o", "-", "--show-settings")
    assert (code, out) == (0, shown.out)
    assert said("--show-settings", ".").out.count("per_file_ignores") == 2


def test_the_files_that_would_be_read_are_shown(project: Path) -> None:
    assert said("--show-files", "docs").out == "docs/a.md\ndocs/a.txt\n"
    assert cleaned("docs", "-o", "-", "--show-files")[1] == "docs/a.md\ndocs/a.txt\n"
