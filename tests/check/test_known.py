"""What is known, or asked to be quiet, is not told; what is new is."""

from __future__ import annotations

from pathlib import Path

import pytest
from checking import MOJIBAKE, STORY, said

CRUFT = f"{STORY}\nLeave a Comment\n"


@pytest.fixture
def known(folder: Path) -> Path:
    """Give a folder with two files whose findings are in its baseline."""
    (folder / "a.txt").write_text(CRUFT)
    (folder / "b.txt").write_text(f"{MOJIBAKE} opens.\n\n{STORY}", encoding="utf-8")
    result = said("--ignore", "ND", "--write-baseline", ".")
    assert (result.code, result.out) == (0, "")
    assert "2 findings are known now, in cleaner-baseline.json" in result.err
    return folder


def with_baseline(*arguments: str) -> tuple[int, list[str], str]:
    result = said("--ignore", "ND", "--baseline", "cleaner-baseline.json", *(arguments or (".",)))
    return result.code, result.found, result.err


def test_old_findings_are_quiet_and_new_ones_speak(known: Path) -> None:
    assert with_baseline()[:2] == (0, [])
    (known / "c.txt").write_text(CRUFT)
    assert with_baseline()[:2] == (1, ["c.txt:5:1: BP103"])


def test_old_findings_are_known_again_where_lines_have_moved(known: Path) -> None:
    (known / "a.txt").write_text(f"The first line of this text is new.\n\n{STORY}\n\nLEAVE A  COMMENT\n")
    code, found, _ = with_baseline()
    assert "a.txt:6:1: BP103" not in found
    assert all("BP103" not in place for place in found), found
    assert code == bool(found)


def test_a_second_finding_of_the_same_is_new(known: Path) -> None:
    (known / "b.txt").write_text(f"{MOJIBAKE} opens.\n\n{MOJIBAKE} opens.\n\n{STORY}", encoding="utf-8")
    assert with_baseline()[:2] == (1, ["b.txt:3:4: MJ101"])


def test_entries_that_are_found_no_more_are_told_and_forgotten(known: Path) -> None:
    (known / "a.txt").write_text(STORY)
    (known / "b.txt").unlink()
    code, found, err = with_baseline()
    assert (code, found) == (0, [])
    assert "no longer found, though in the baseline: a.txt BP103, b.txt MJ101" in err
    said("--ignore", "ND", "--write-baseline", ".")
    assert "no longer found" not in with_baseline()[2]


def test_entries_of_files_that_were_not_checked_are_not_stale(known: Path) -> None:
    assert "no longer found" not in with_baseline("a.txt")[2]


def test_entries_of_rules_that_were_not_run_are_not_stale(known: Path) -> None:
    for rules in (("--select", "MJ"), ("--select", "WS"), ("--ignore", "BP,MJ,ND")):
        result = said(*rules, "--baseline", "cleaner-baseline.json", ".")
        assert (result.code, result.found) == (0, [])
        assert "no longer found" not in result.err, rules


@pytest.mark.parametrize("arguments", [("b.txt",), ("--select", "MJ", "."), ("--select", "WS", ".")])
def test_writing_a_part_anew_keeps_what_was_not_looked_at(known: Path, arguments: tuple[str, ...]) -> None:
    before = (known / "cleaner-baseline.json").read_bytes()
    said("--write-baseline", *arguments)
    assert (known / "cleaner-baseline.json").read_bytes() == before
    (known / "b.txt").write_text(STORY)
    said("--write-baseline", "--select", "MJ", "b.txt")
    assert "MJ101" not in (known / "cleaner-baseline.json").read_text()
    assert "BP103" in (known / "cleaner-baseline.json").read_text()


def test_a_baseline_is_not_written_over_another_file(known: Path) -> None:
    result = said("--write-baseline", "--baseline", "a.txt", ".")
    assert result.code == 2
    assert "a.txt: this is no baseline" in result.err
    assert (known / "a.txt").read_text() == CRUFT


def test_a_baseline_that_cannot_be_written_whole_stays_as_it_was(known: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (known / "cleaner-baseline.json").read_bytes()

    def full(path: Path, text: str, **options: str) -> None:
        path.write_bytes(text[:20].encode())
        raise OSError(28, "No space left on device")

    (known / "c.txt").write_text(CRUFT)
    monkeypatch.setattr(Path, "write_text", full)
    result = said("--ignore", "ND", "--write-baseline", ".")
    assert (result.code, "No space left on device" in result.err) == (2, True)
    assert (known / "cleaner-baseline.json").read_bytes() == before
    assert not [path.name for path in known.iterdir() if path.name.endswith(".new")]


def test_fix_leaves_what_is_known(known: Path) -> None:
    before = (known / "b.txt").read_bytes()
    assert with_baseline("--fix", "--unsafe-fixes", ".")[0] == 0
    assert (known / "b.txt").read_bytes() == before
    assert (known / "a.txt").read_text() == CRUFT


def test_the_same_findings_give_the_same_bytes_and_the_configuration_can_name_the_file(known: Path) -> None:
    before = (known / "cleaner-baseline.json").read_bytes()
    (known / "cleaner.toml").write_text('baseline = "cleaner-baseline.json"\nignore = ["ND"]\n')
    assert said("a.txt", "b.txt").code == 0
    said("--write-baseline", "b.txt", "a.txt")
    assert (known / "cleaner-baseline.json").read_bytes() == before


def test_a_file_that_is_no_baseline_is_refused(known: Path) -> None:
    (known / "other.json").write_text("{}")
    for name in ("other.json", "nowhere.json"):
        result = said("--baseline", name, ".")
        assert result.code == 2
        assert name in result.err


@pytest.mark.parametrize(
    ("comment", "found"),
    [
        ("<!-- cleaner: ignore BP103 -->\nLeave a Comment", []),
        ("<!-- cleaner: ignore[BP103] -->\n\nLeave a Comment", []),
        ("<!-- cleaner: ignore comment-form, MJ101 -->\nLeave a Comment", []),
        ("<!-- cleaner: ignore BP -->\nLeave a Comment", []),
        ("<!-- cleaner: ignore -->\nLeave a Comment", []),
        ("<!-- cleaner: ignore MJ101 -->\nLeave a Comment", ["6:1: BP103"]),
        ("<!-- cleaner: ignore-start -->\n\nLeave a Comment\n\n<!-- cleaner: ignore-end -->", []),
        ("<!-- cleaner: ignore-file BP103 -->\n\nLeave a Comment", []),
        ("Leave a Comment\n\n<!-- cleaner: ignore-file BP103 -->", []),
        ("`<!-- cleaner: ignore-file BP103 -->` is how.\n\nLeave a Comment", ["7:1: BP103"]),
    ],
)
def test_comments_in_markdown_keep_findings_quiet(folder: Path, comment: str, found: list[str]) -> None:
    (folder / "a.md").write_text(f"{STORY}\n{comment}\n")
    result = said("--ignore", "ND", "a.md")
    assert result.found == [f"a.md:{place}" for place in found]
    before = (folder / "a.md").read_text()
    said("--ignore", "ND", "--fix", "--unsafe-fixes", "a.md")
    assert ((folder / "a.md").read_text() == before) == (not found)


def test_comments_in_pages_keep_findings_quiet(folder: Path) -> None:
    # The learned extractor leaves the line out by itself.
    (folder / "cleaner.toml").write_text('extractor = "trafilatura"\n')
    paragraphs = "".join(f"<p>{line}</p>\n" for line in STORY.split("\n") if line)
    for comment, found in (
        ("<!-- cleaner: ignore BP103 -->\n<p>Leave a Comment</p>", []),
        ("<p>Leave a Comment</p> <!-- cleaner: ignore BP103 -->", []),
        ("<!-- cleaner: ignore-file BP103 --><p>Leave a Comment</p>", []),
        ("<!-- cleaner: ignore MJ101 -->\n<p>Leave a Comment</p>", ["a.html:5:4: BP103"]),
    ):
        (folder / "a.html").write_text(f"<html><body>\n<article>{paragraphs}{comment}</article></body></html>")
        assert said("--ignore", "ND", "a.html").found == found, comment


def test_comments_that_make_no_sense_are_told_and_end_with_2(folder: Path) -> None:
    (folder / "a.md").write_text(
        f"{STORY}\n<!-- cleaner: ignore comment-frm -->\n\n"
        "<!-- cleaner: ignor BP103 -->\n\n<!-- cleaner: ignore-end -->\n"
    )
    result = said("--ignore", "ND", "a.md")
    assert result.code == 2
    assert "a.md:5: " in result.err
    assert "did you mean 'comment-form'" in result.err
    assert "a.md:7: in a comment for cleaner: 'ignor' is none of ignore, ignore-file" in result.err
    assert "a.md:9: in a comment for cleaner: an end without a start" in result.err


def test_rules_are_turned_off_for_files_by_their_globs(folder: Path) -> None:
    for name in ("a.txt", "docs/b.txt", "docs/old/c.txt", "more/d.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(CRUFT)
    (folder / "cleaner.toml").write_text(
        'ignore = ["ND"]\n[per-file-ignores]\n"docs/" = ["BP103"]\n"a.txt" = ["comment-form"]\n"d.*" = ["MJ"]\n'
    )
    assert said(".").found == ["more/d.txt:5:1: BP103"]


@pytest.mark.parametrize(
    ("arguments", "nearest"),
    [
        (("--select", "BPX"), "BP"),
        (("--ignore", "repeated-headlin"), "repeated-headline"),
    ],
)
def test_unknown_codes_are_refused_with_the_nearest_known(
    folder: Path, arguments: tuple[str, str], nearest: str
) -> None:
    (folder / "a.txt").write_text(STORY)
    result = said(*arguments, ".")
    assert (result.code, result.out) == (2, "")
    assert f"did you mean '{nearest}'" in result.err


def test_an_unknown_code_in_the_configuration_is_refused_with_its_file(folder: Path) -> None:
    (folder / "a.txt").write_text(STORY)
    (folder / "cleaner.toml").write_text('[per-file-ignores]\n"*.md" = ["comment-frm"]\n')
    result = said(".")
    assert result.code == 2
    assert "cleaner.toml" in result.err
    assert "did you mean 'comment-form'" in result.err
