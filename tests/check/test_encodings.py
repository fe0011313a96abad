"""A file that is not UTF-8 is told, and written in UTF-8 where that was asked for, and only then."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from checking import MOJIBAKE, STORY, said

from cleaner.check.encodings import called

POLISH = "Zażółć gęślą jaźń, powiedział sędzia, a żaden z chłopców nie odpowiedział mu ani słowem.\n"
RUSSIAN = "Вечерний концерт начнётся в семь часов у старого моста и закончится в десять.\n"
JAPANESE = "フェリーは九番線の港を朝早くに出発し、船長は湖の霧について話した。\n"
UTF8 = ("--select", "MJ107")


@pytest.mark.parametrize(
    "data",
    [
        STORY.encode(),
        POLISH.encode(),
        b"\xef\xbb\xbf" + POLISH.encode(),
        RUSSIAN.replace("\n", "\r\n").encode(),
        b"",
        b"page?id=1+2-3 and a+b-c, not UTF-7\n",
    ],
)
def test_utf8_is_no_finding(folder: Path, data: bytes) -> None:
    (folder / "a.txt").write_bytes(data)
    assert said(*UTF8, "a.txt") == (0, "", "0 found in 0 of 1 files\n", b"")
    assert said("--fix", "--unsafe-fixes", *UTF8, "a.txt").code == 0
    assert (folder / "a.txt").read_bytes() == data


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        (f"Straße und Café, schön.\n{STORY}", "windows-1252", "Windows-1252"),
        (POLISH, "windows-1250", "Windows-1250"),
        (POLISH * 3, "iso8859-2", "ISO-8859-2"),
        (RUSSIAN, "windows-1251", "Windows-1251"),
        (RUSSIAN, "koi8-r", "KOI8-R"),
        (RUSSIAN, "utf-16", "UTF-16"),
        (JAPANESE, "shift_jis", "Shift-JIS"),
        (JAPANESE, "iso2022_jp", "ISO-2022-JP"),
        (POLISH.replace("\n", "\r\n") * 2, "windows-1250", "Windows-1250"),
    ],
)
def test_the_encoding_is_told_and_mended_when_asked(folder: Path, text: str, encoding: str, name: str) -> None:
    file = folder / "a.txt"
    data = text.encode(encoding)
    file.write_bytes(data)
    told = said(*UTF8, "a.txt")
    place = next(at for at, char in enumerate(text) if char > "\x7f") + 1
    assert told.out == f"a.txt:1:{place}: MJ107 not-utf8: the file is not UTF-8 but, most likely, {name}\n"
    assert told.code == 1
    assert "1 with --fix --unsafe-fixes" in told.err
    said("--fix", *UTF8, "a.txt")
    assert file.read_bytes() == data
    assert said("--fix", "--unsafe-fixes", *UTF8, "a.txt")[:3] == (0, "", "1 mended; 0 found in 0 of 1 files\n")
    assert file.read_bytes() == text.encode()
    assert said("--fix", "--unsafe-fixes", *UTF8, "a.txt").err == "0 found in 0 of 1 files\n"


def test_a_small_letter_that_changes_is_mended_in_one_go_with_the_encoding(folder: Path) -> None:
    text = f"{POLISH}Drugie zdanie.  \n\n\n\n{POLISH}"
    (folder / "a.txt").write_bytes(text.encode("windows-1250"))
    said("--fix", "--select", "WS,MJ", "a.txt")
    mended = f"{POLISH}Drugie zdanie.\n\n{POLISH}"
    assert (folder / "a.txt").read_bytes() == mended.encode("windows-1250")
    (folder / "a.txt").write_bytes(text.encode("windows-1250"))
    assert said("--fix", "--unsafe-fixes", "--select", "WS,MJ", "a.txt").err.startswith("3 mended; 0 found")
    assert (folder / "a.txt").read_bytes() == mended.encode()


@pytest.mark.skipif(shutil.which("git") is None, reason="git applies the diff")
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_git_makes_of_the_diff_what_fix_makes_of_the_file(folder: Path, line_end: str) -> None:
    data = f"Ascii.\n{POLISH}{STORY}{POLISH}".replace("\n", line_end).encode("windows-1250")
    (folder / "a.txt").write_bytes(data)
    shown = said("--diff", "--unsafe-fixes", *UTF8, "a.txt")
    assert shown.code == 1
    assert (folder / "a.txt").read_bytes() == data
    (folder / "the.diff").write_bytes(shown.raw)
    done = subprocess.run(["git", "apply", "--whitespace=nowarn", "the.diff"], cwd=folder, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    assert (folder / "a.txt").read_bytes().decode() == f"Ascii.\n{POLISH}{STORY}{POLISH}".replace("\n", line_end)


def test_bytes_that_are_lost_are_told_and_stay(folder: Path) -> None:
    data = (POLISH * 40).encode() + b"\xff\xfe and more\n"
    (folder / "a.txt").write_bytes(data)
    told = said(*UTF8, "--fix", "--unsafe-fixes", "a.txt")
    assert "not-utf8: the file is UTF-8 but for some bytes, and what stood there is lost" in told.out
    assert "mended" not in told.err
    assert (folder / "a.txt").read_bytes() == data


def test_a_page_and_a_record_are_told_and_never_rewritten(folder: Path) -> None:
    page = f"<html><head><meta charset=koi8-r></head><body><article><p>{RUSSIAN * 4}</p></article></body></html>"
    (folder / "a.html").write_bytes(page.encode("koi8-r"))
    lines = [json.dumps({"text": text}, ensure_ascii=False) for text in (STORY, POLISH * 2)]
    (folder / "b.jsonl").write_bytes("\n".join(lines).encode("windows-1250"))
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    told = said(*UTF8, "--fix", "--unsafe-fixes", "a.html", "b.jsonl")
    assert told.out == (
        "a.html:1:59: MJ107 not-utf8: the file is not UTF-8 but, most likely, KOI8-R\n"
        "b.jsonl:2:1: MJ107 not-utf8: the record is not UTF-8 but, most likely, Windows-1250\n"
    )
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_it_can_be_kept_quiet(folder: Path) -> None:
    (folder / "a.md").write_bytes(f"<!-- cleaner: ignore-file not-utf8 -->\n\n{POLISH}".encode("windows-1250"))
    assert said(*UTF8, "a.md").code == 0
    (folder / "b.txt").write_bytes(POLISH.encode("windows-1250"))
    (folder / "cleaner.toml").write_text('[per_file_ignores]\n"b.txt" = ["MJ107"]\n')
    data = (folder / "b.txt").read_bytes()
    assert said("--fix", "--unsafe-fixes", *UTF8, "b.txt").code == 0
    assert (folder / "b.txt").read_bytes() == data
    (folder / "cleaner.toml").unlink()
    assert said(*UTF8, "b.txt").code == 1
    said(*UTF8, "--write-baseline", "b.txt")
    known = ("--baseline", "cleaner-baseline.json")
    assert said("--fix", "--unsafe-fixes", *UTF8, *known, "b.txt").code == 0
    assert (folder / "b.txt").read_bytes() == data


def test_a_broken_letter_is_no_matter_of_the_files_encoding(folder: Path) -> None:
    (folder / "a.txt").write_text(f"{MOJIBAKE} opens.\n", encoding="utf-8")
    assert said(*UTF8, "a.txt").code == 0


def test_names() -> None:
    assert [called(name) for name in ("gb18030", "cp949", "iso8859-7", "utf-7", "cp1258")] == [
        "GB18030",
        "EUC-KR",
        "ISO-8859-7",
        "UTF-7",
        "CP1258",
    ]
