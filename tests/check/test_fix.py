"""`--fix` does what `--diff` showed, no more and no less, and never leaves half a file."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from checking import MOJIBAKE, STORY, said
from forks import Forks

from cleaner.check import pieces
from cleaner.check.diff import Hunks

BROKEN = "\u00c3\u00a9"


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def fixed(data: bytes, name: str, *arguments: str) -> bytes:
    Path(name).write_bytes(data)
    said("--fix", "--ignore", "ND", *arguments, name)
    return Path(name).read_bytes()


def corpus(folder: Path) -> None:
    """Write files of many kinds in which there is something to mend."""
    folder.mkdir()
    text = (
        f"Birds of the cape\n\nBirds of the cape\n\n{STORY}\n{MOJIBAKE} opens.  \n\n\n\nAgain.\t\n\nLeave a Comment\n"
    )
    (folder / "plain.txt").write_text(text, encoding="utf-8", newline="\n")
    (folder / "crlf.txt").write_bytes(text.replace("\n", "\r\n").encode())
    (folder / "old-mac.txt").write_bytes(text.replace("\n", "\r").encode())
    (folder / "no-final-line-feed.txt").write_text(text.rstrip("\n") + "  ", encoding="utf-8", newline="\n")
    (folder / "mark.txt").write_bytes(b"\xef\xbb\xbf" + text.encode())
    (folder / "utf-16.txt").write_bytes(text.encode("utf-16"))
    for name in ("two words .txt", 'q"uote\\.txt', "tab\tand\nline.txt"):
        with contextlib.suppress(OSError):  # not every system has such names
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    (folder / "page.md").write_text(f"# {MOJIBAKE}\n\n{text}", encoding="utf-8", newline="\n")
    lines = [json.dumps({"n": n, "text": text if n % 40 == 7 else f"{STORY} {n}"}) for n in range(90)]
    (folder / "records.jsonl").write_text("\n".join(lines), encoding="utf-8", newline="\n")


@pytest.mark.skipif(shutil.which("git") is None, reason="git applies the diff")
@pytest.mark.parametrize("arguments", [(), ("--unsafe-fixes",)], ids=["safe", "unsafe"])
def test_git_makes_of_the_diff_what_fix_makes_of_the_files(
    folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    # Small pieces, so that hunks lie across their borders.
    monkeypatch.setattr("cleaner.corpus.jsonl.BLOCK_BYTES", 3000)
    corpus(folder / "fixed")
    before = files_of(folder / "fixed")
    monkeypatch.chdir(folder / "fixed")
    shown = said("--diff", "--ignore", "ND", *arguments, ".")
    assert shown.code == 1
    assert files_of(folder / "fixed") == before
    mended = said("--fix", "--ignore", "ND", *arguments, ".")
    assert shown.err.split()[0] == mended.err.split()[0]  # so many findings
    after = files_of(folder / "fixed")
    assert all(after[name] != before[name] for name in before)
    corpus(folder / "patched")
    patch = folder / "the.diff"
    patch.write_bytes(shown.raw)
    done = subprocess.run(
        ["git", "apply", "--whitespace=nowarn", str(patch)], cwd=folder / "patched", capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    patched = files_of(folder / "patched")
    assert patched == after
    again = said("--diff", "--ignore", "ND", *arguments, ".")
    assert (again.code, again.out) == (0, "")


def test_hunks_of_parts_are_those_of_the_whole() -> None:
    old = [f"line {n}\n" for n in range(60)]
    new = [line.upper() if n in (0, 5, 6, 30, 38, 59) else line for n, line in enumerate(old)]
    whole = Hunks()
    whole.add("".join(old).encode(), "".join(new).encode())
    for size in (1, 2, 3, 4, 5, 7, 31):
        parts = Hunks()
        for start in range(0, 60, size):
            parts.add("".join(old[start : start + size]).encode(), "".join(new[start : start + size]).encode())
        assert parts.finished() == whole.finished()
    headings = [line for line in whole.finished().split("\n") if line.startswith("@@")]
    assert headings == ["@@ -1,10 +1,10 @@", "@@ -28,7 +28,7 @@", "@@ -36,7 +36,7 @@", "@@ -57,4 +57,4 @@"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("final", [True, False])
def test_line_ends_and_the_final_one_stay(folder: Path, line_end: str, final: bool) -> None:
    old = f"{STORY}\n{MOJIBAKE} opens.  \n\nAgain." + ("\n" if final else "")
    new = old.replace(MOJIBAKE, "Café").replace(".  \n", ".\n")
    data = fixed(old.replace("\n", line_end).encode(), "a.txt")
    assert data == new.replace("\n", line_end).encode()


def test_encoding_mark_and_permissions_stay_and_a_link_is_followed(folder: Path) -> None:
    text = f"{STORY}\n{MOJIBAKE} opens.\n"
    new = text.replace(MOJIBAKE, "Café")
    assert fixed(b"\xef\xbb\xbf" + text.encode(), "mark.txt") == b"\xef\xbb\xbf" + new.encode()
    assert fixed(text.encode("utf-16"), "wide.txt") == new.encode("utf-16")
    Path("real.txt").write_text(text, encoding="utf-8")
    Path("real.txt").chmod(0o640)
    Path("link.txt").symlink_to("real.txt")
    said("--fix", "--ignore", "ND", "link.txt")
    assert Path("link.txt").is_symlink()
    assert Path("real.txt").read_text(encoding="utf-8") == new
    assert Path("real.txt").stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root gives files to others")
def test_a_file_that_root_mends_stays_its_owners(folder: Path) -> None:
    Path("a.txt").write_text(f"{MOJIBAKE} opens.\n", encoding="utf-8")
    os.chown("a.txt", 1234, 5678)
    said("--fix", "--ignore", "ND", "a.txt")
    assert Path("a.txt").read_text(encoding="utf-8") == "Café opens.\n"
    assert (Path("a.txt").stat().st_uid, Path("a.txt").stat().st_gid) == (1234, 5678)


def test_of_a_record_only_the_text_field_changes(folder: Path) -> None:
    line = (
        b'{ "id" : 1.50,\t"text": "%s\\nCaf\\u00c3\\u00A9 \\ud83c\\udf89 \\/ opens", "n":{"text":"Caf\\u00c3\\u00a9"},'
        b' "z":"\\u00e9" , "id":2} \r\n'
    ) % STORY.replace("\n", "\\n").encode()
    other = b'{"text": "Nothing here.",  "big": 123456789012345678901234567890}\n'
    data = fixed(b"\n" + other + line + b"not json\n" + other, "a.jsonl")
    assert data == b"\n" + other + line.replace(b"Caf\\u00c3\\u00A9 \\ud", b"Caf\\u00e9 \\ud") + b"not json\n" + other


def test_markup_of_markdown_is_never_touched(folder: Path) -> None:
    kept = (
        f"---\ntitle: {MOJIBAKE}  \n---\n\n",
        f"```text\nLeave a Comment\n{MOJIBAKE}  \n```\n\n",
        f"    {MOJIBAKE}  \n    Leave a Comment\n\n",
        f"| {MOJIBAKE} | b |\n|---|---|\n| Share on Facebook  | {MOJIBAKE} |\n\n",
        f"[cafe]: https://example.org/{MOJIBAKE}\n\n",
        f"Written as `{MOJIBAKE}` here.\n\n",
        f"<pre>\nLeave a Comment\n{MOJIBAKE}  \n\n{MOJIBAKE}  \n</pre>\n\n",
        f"> <script>\n> Leave a Comment {MOJIBAKE}  \n> </script>\n\n",
        f"A [link](a/{MOJIBAKE}_(old).md), ![](i/{MOJIBAKE}.png), <https://example.org/{MOJIBAKE}>.\n\n",
        f'<img alt="x"\n src="{MOJIBAKE}.png"> of it.\n\n',
        "A hard  \nbreak, and AT&amp;T stays.\n\n",
    )
    front, *others = kept
    text = f"{front}# {MOJIBAKE} news\n\n{STORY}\n{''.join(others)}It ends.\n"
    data = fixed(text.encode(), "a.md", "--unsafe-fixes").decode()
    assert data == f"{front}# Café news\n\n{STORY}\n{''.join(others)}It ends.\n"


def test_a_line_with_a_link_may_go_as_a_whole_and_its_text_be_mended(folder: Path) -> None:
    text = (
        f"# News\n\n{STORY}\nThe [{MOJIBAKE}](a/{MOJIBAKE}) is open.\n\n"
        "- [Facebook](https://example.org/f)\n- [Twitter](https://example.org/t)\n- [E-mail](https://example.org/m)\n"
    )
    data = fixed(text.encode(), "a.md", "--unsafe-fixes").decode()
    assert data == f"# News\n\n{STORY}\nThe [Café](a/{MOJIBAKE}) is open.\n"


def test_pages_parquet_and_compressed_files_are_never_rewritten_and_it_is_said(folder: Path) -> None:
    pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed (it is in the test extra)")
    import pyarrow.parquet

    text = f"{STORY}\nThe {MOJIBAKE} at the pier was open until the last boat came in, and then it closed.\n"
    paragraphs = "".join(f"<p>{line}</p>" for line in text.split("\n") if line)
    Path("a.html").write_text(f"<html><body><article>{paragraphs}</article></body></html>", encoding="utf-8")
    pyarrow.parquet.write_table(pa.table({"text": [text]}), "b.parquet")
    Path("c.txt.gz").write_bytes(gzip.compress(text.encode()))
    Path("d.jsonl.gz").write_bytes(gzip.compress(json.dumps({"text": text}).encode()))
    Path("e.jsonl").write_text(json.dumps({"html": f"<html><body><article>{paragraphs}</article></body></html>"}))
    before = files_of(folder)
    result = said("--fix", "--ignore", "ND", ".")
    assert files_of(folder) == before
    assert result.code == 1
    for remark in (
        "a.html: HTML is never rewritten",
        "b.parquet: Parquet is never rewritten",
        "c.txt.gz: compressed files are never rewritten",
        "d.jsonl.gz: compressed files are never rewritten",
        "e.jsonl: a page inside a record is never rewritten",
    ):
        assert f"{remark}; left as it is" in result.err


def test_a_file_of_which_a_part_cannot_be_read_is_neither_shown_nor_mended(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cleaner.corpus.jsonl.BLOCK_BYTES", 1000)
    good = json.dumps({"text": f"{STORY}\n{MOJIBAKE} opens."})
    Path("cleaner.toml").write_text("max_record_mb = 0.01\n")
    huge = json.dumps({"text": "x" * 20_000})
    Path("a.jsonl").write_text(f"{good}\n{huge}\n{good}\n")
    before = Path("a.jsonl").read_bytes()
    shown = said("--diff", "--ignore", "ND", "a.jsonl")
    mended = said("--fix", "--ignore", "ND", "a.jsonl")
    assert Path("a.jsonl").read_bytes() == before
    assert shown.out == ""
    for result in (shown, mended):
        assert "a.jsonl: a part of it cannot be read; left as it is" in result.err
    assert mended.found == ["a.jsonl:1:224: MJ101", "a.jsonl:2:1: RD107", "a.jsonl:3:224: MJ101"]


def test_a_file_that_somebody_else_changes_meanwhile_is_left(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.txt").write_text(f"{STORY}\n{MOJIBAKE} opens.\n", encoding="utf-8")
    read = pieces.decode

    def decode(data: bytes, *, html: bool) -> tuple[str, str]:
        Path("a.txt").write_text("somebody else's work", encoding="utf-8")
        return read(data, html=html)

    monkeypatch.setattr(pieces, "decode", decode)
    result = said("--fix", "--ignore", "ND", "a.txt")
    assert Path("a.txt").read_text(encoding="utf-8") == "somebody else's work"
    assert result.code == 1
    assert "changed by somebody else in the meantime; left as it is" in result.err


def test_fix_and_diff_do_not_go_together(folder: Path) -> None:
    assert said("--fix", "--diff").code == 2
    assert said("--unsafe-fixes").code == 2


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    with contextlib.closing(Forks()) as started:
        yield started


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
@pytest.mark.parametrize("begun", ["000.txt", "040.txt", ".zz.jsonl."], ids=["first file", "a later file", "records"])
def test_kill_9_leaves_every_file_as_it_was_or_as_it_is_to_be(folder: Path, forks: Forks, begun: str) -> None:
    old = f"{STORY}\n{MOJIBAKE} opens.\n" * 5
    texts = folder / "t"
    texts.mkdir()
    for number in range(60):
        (texts / f"{number:03}.txt").write_text(old, encoding="utf-8", newline="\n")
    record = json.dumps({"text": old})
    (texts / "zz.jsonl").write_text(f"{record}\n" * 300, encoding="utf-8", newline="\n")
    before = files_of(texts)
    expected = folder / "expected"
    shutil.copytree(texts, expected)
    assert said("--fix", "--ignore", "ND", expected).code == 0
    after = files_of(expected)
    assert not any(before[name] == after[name] for name in before)

    def has_begun() -> bool:
        if begun.startswith("."):
            return any(name.startswith(begun) for name in os.listdir(texts))
        return (texts / begun).read_bytes() == after[begun]

    assert forks.killed(folder, ["check", "--fix", "-q", "--ignore", "ND", "t"], has_begun)
    now = {n: d for n, d in files_of(texts).items() if not n.endswith(".new")}
    assert now.keys() == before.keys()
    assert all(data in (before[name], after[name]) for name, data in now.items())
    assert now != after
    said("--fix", "--ignore", "ND", texts)
    assert {n: d for n, d in files_of(texts).items() if not n.endswith(".new")} == after
