"""Files and records with odd names: each is read, told and written under a name that says which it was."""

from __future__ import annotations

import json
import os
import random
import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from running import lines

from cleaner.cli import main
from cleaner.corpus.files import id_of
from cleaner.corpus.output import file_name
from cleaner.dedup import NearDuplicateIndex

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other file systems refuse most of these names")

RESERVED = ("con", "prn", "aux", "nul", "com1", "COM9", "lpt1", "Lpt9", "com¹", "conin$", "CONOUT$")
SHORT = (
    *(f"{name}{end}".encode() for name in RESERVED for end in ("", ".tar", ".", " ", ".con")),
    *(f"{n:03}{chr(n)}x".encode("latin-1") for n in range(1, 256) if chr(n) != "/"),  # every byte, most not UTF-8
    *(f"a{space}b{space}".encode() for space in (" ", "\t", "\u3000", "\u200b", "\u202e", "\ufeff", "\u2028", "\r\n")),
    *("é e\u0301 E\u0301 É ﬁ ß ẞ ı İ ǆ ☃ 𐍈 👩‍🚀 日本 ไทย مرحبا".encode().split()),
    *(
        b"-rf --fix @list ~root $HOME `id` ;ls &x |y >z <w *.md [a] {b} %41 #1 a:1 3:b !x ^y a=b a,b '\"' \\n".split(
            b" "
        )
    ),
    *(b"..a a.. a...b .. ... - _ __ -- ._. .-_".split(b" ")),
    b"\xff\xfe\xfd",
    b"caf\xe9",
    b"\xed\xa0\x80half",
    b"a\xc3",
    b"\x1b]0;title\x07",
    b"\x9b31m",
    b"one\ntwo",
    b"::error::three",
)
DRAW = random.Random(15)
NOT_ENDS = [byte for byte in range(1, 256) if byte != ord("/")]
LONG = (b"x" * 251, "é".encode() * 125, "日".encode() * 83, b"y" * 250 + b"\xff", b"." * 10 + b"z" * 241)

DRAWN = tuple(bytes(DRAW.choice(NOT_ENDS) for _ in range(DRAW.randint(1, 60))) for _ in range(40))


def text(number: int) -> str:
    words = " ".join(f"w{(number * 31 + i * i) % 9973}" for i in range(60))
    return f"Boat {number} and {number * 7919} more stood at the Caf\u00c3\u00a9. They were {words}.\n"


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("odd")
    names = list(dict.fromkeys(name + ending for name in (*SHORT, *LONG, *DRAWN) for ending in (b".txt",)))
    names = [name for name in names if not name.startswith(b".")]  # which a folder's reader passes over
    assert len(names) >= 400
    for number, name in enumerate(names):
        (folder / os.fsdecode(name)).write_text(text(number))
    table = folder / os.fsdecode(b"ta\xffble.jsonl")
    rows = [{"text": text(number)} for number in range(500, 510)]
    table.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def call(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture(scope="module")
def cleaned(odd: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cleaned")
    call("clean", odd, "-o", folder / "c.jsonl", "--report", folder / "r.html", "--select", "MJ,ND")
    return folder


def test_every_file_is_a_record_under_a_name_of_its_own(odd: Path, cleaned: Path) -> None:
    records = lines(cleaned / "c.jsonl")
    ids = [record["id"] for record in records]
    assert len(ids) == len(set(ids)) == len(os.listdir(odd)) - 1 + 10
    assert {id_of(str(odd / name)) for name in os.listdir(odd) if name.endswith(".txt")} < set(ids)
    manifest = json.loads((cleaned / "c.manifest.json").read_text())
    assert f"{odd}/caf\\xe9.txt" in [known["path"] for known in manifest["inputs"]]
    assert f"{odd}/ta\\xffble.jsonl:1" in ids


def test_names_that_are_not_utf8_are_told_apart() -> None:
    assert id_of(os.fsdecode(b"a\xff.txt")) == r"a\xff.txt"
    assert id_of(os.fsdecode(b"a\xfe.txt")) == r"a\xfe.txt"


@pytest.mark.parametrize("out", ["c.csv", "c.parquet", "c.jsonl.gz"])
def test_every_format_has_the_same_records(odd: Path, cleaned: Path, tmp_path: Path, out: str) -> None:
    call("clean", odd, "-o", tmp_path / out, "--select", "MJ,ND")
    call("undo", tmp_path / out, "--ledger", tmp_path / "c.ledger.jsonl", "-o", tmp_path / "u.jsonl")
    call("undo", cleaned / "c.jsonl", "--ledger", cleaned / "c.ledger.jsonl", "-o", tmp_path / "v.jsonl")
    undone = {record["id"]: record["text"] for record in lines(tmp_path / "u.jsonl")}
    assert undone == {record["id"]: record["text"] for record in lines(tmp_path / "v.jsonl")}
    assert set(undone.values()) == {text(n) for n in (*range(len(os.listdir(odd)) - 1), *range(500, 510))}


def test_a_folder_gets_a_file_for_each_under_a_name_that_every_system_takes(odd: Path, tmp_path: Path) -> None:
    call("clean", odd, "-o", f"{tmp_path}/texts/", "--select", "MJ,ND")
    names = os.listdir(tmp_path / "texts")
    assert len(names) == len(os.listdir(odd)) - 1 + 10
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert len(name.encode()) <= 255
        assert re.fullmatch(
            r"[^\W_][\w.-]*\.txt|_(con|prn|aux|nul|com|lpt)[\w.-]*\.txt|document(-\d+)?\.txt", name, re.I
        )
        assert not re.match(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", name, re.I)
    # What a folder's reader finds is all of it.
    call("clean", tmp_path / "texts", "-o", tmp_path / "again.jsonl", "--select", "WS")
    assert len(lines(tmp_path / "again.jsonl")) == len(names)


def test_ids_that_are_paths_stay_in_the_folder(tmp_path: Path) -> None:
    ids = [
        "/etc/passwd",
        "../../up",
        "..",
        ".",
        "",
        "a/../..",
        "C:\\Windows\\x",
        "\\\\server\\share",
        "NUL",
        "nul.txt.txt",
    ]
    ids += ["~/.ssh/config", "x" * 300, "x" * 299 + "y", "é" * 300, "\x00", "a\x00b", "CON.", "con ", " .hidden", "-rf"]
    rows = [{"id": id_, "text": text(number)} for number, id_ in enumerate(ids)]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    call("clean", tmp_path / "in.jsonl", "-o", f"{tmp_path}/out/texts/", "--select", "WS")
    assert sorted(os.listdir(tmp_path / "out")) == [
        "texts", "texts.excluded.jsonl", "texts.ledger.jsonl", "texts.manifest.json"
    ]  # fmt: skip
    names = os.listdir(tmp_path / "out" / "texts")
    assert len(names) == len(ids)
    assert not [name for name in names if name.startswith((".", "-")) or len(name.encode()) > 255]


def test_a_name_is_cut_between_characters() -> None:
    for length in range(200, 260):
        for letter in ("x", "é", "日", "𐍈", "e\u0301"):
            name = file_name("pages/" + letter * length)
            assert 200 < len(name.encode()) <= 220
            assert set(name) <= {*letter, *"pages_"}


def test_check_with_its_cache_and_the_index_take_them(
    odd: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in os.listdir(odd):
        (tmp_path / "corpus" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "corpus" / name).write_bytes((odd / name).read_bytes())
        os.utime(tmp_path / "corpus" / name, (1e9, 1e9))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus" / os.fsdecode(b"copy\xe9.txt")).write_text(text(7))
    os.utime(tmp_path / "corpus" / os.fsdecode(b"copy\xe9.txt"), (1e9, 1e9))
    told = [CliRunner().invoke(main, ["check", "--select", "ND", "corpus"], catch_exceptions=False) for _ in range(2)]
    assert told[0].exit_code == told[1].exit_code == 1
    assert told[0].stdout == told[1].stdout
    assert len(told[0].stdout.splitlines()) == 1
    # And all that is found in the others, in every format.
    for form in ("concise", "full", "json", "github", "sarif"):
        found = CliRunner().invoke(
            main, ["check", "--select", "MJ", "--output-format", form, "corpus"], catch_exceptions=False
        )
        assert found.exit_code == 1
        found.stdout_bytes.decode()
        if form in ("json", "sarif"):
            json.loads(found.stdout)
    call("check", "--write-baseline", "corpus")
    assert "known from the baseline" in call("check", "--baseline", "cleaner-baseline.json", "corpus").stderr
    call("index", "build", "corpus", "-o", "c.index")
    with NearDuplicateIndex.open("c.index", read_only=True) as index:
        assert len(index) == len(os.listdir(odd)) - 1 + 10
    again = CliRunner().invoke(main, ["index", "query", "c.index", "corpus"], catch_exceptions=False)
    assert len([json.loads(line) for line in again.stdout.split("\n") if line]) == len(os.listdir(odd)) + 10
    call("check", "--fix", "--ignore", "ND", "corpus")
    assert "at the Caf\u00e9." in (tmp_path / "corpus" / os.fsdecode(b"caf\xe9.txt")).read_text()


def test_one_document_with_such_a_name_is_explained_and_listed(odd: Path, tmp_path: Path) -> None:
    strange = str(odd / os.fsdecode(b"caf\xe9.txt"))
    assert r"caf\xe9.txt" in call("explain", strange).stdout
    assert r"ta\xffble.jsonl:3" in call("explain", str(odd / os.fsdecode(b"ta\xffble.jsonl:3"))).stdout
    (tmp_path / "list").write_bytes(os.fsencode(strange) + b"\n")
    call("clean", f"@{tmp_path}/list", "-o", tmp_path / "c.jsonl")
    assert [record["id"] for record in lines(tmp_path / "c.jsonl")] == [f"{odd}/caf\\xe9.txt"]
    call("learn", odd, "-o", tmp_path / os.fsdecode(b"l\xff.json"))
    out = str(tmp_path / os.fsdecode(b"out\xff.jsonl"))
    call("clean", strange, "-o", out, "--index", str(tmp_path / os.fsdecode(b"i\xff.index")))
    assert (
        json.loads(Path(out.replace(".jsonl", ".manifest.json")).read_text())["outputs"][0]
        == f"{tmp_path}/out\\xff.jsonl"
    )


def test_a_name_too_long_for_what_stands_beside_it_is_said_in_a_sentence(odd: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["clean", str(odd), "-o", str(tmp_path / ("n" * 245 + ".jsonl"))])
    assert result.exit_code == 2
    assert "File name too long" in result.stderr


@pytest.mark.parametrize("kind", ["parquet", "arrow"])
def test_a_table_with_such_a_name_is_read_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.jsonl").write_text("".join(json.dumps({"text": text(number)}) + "\n" for number in range(20)))
    for name in (f"one.{kind}", os.fsdecode(b"t\xff\n:8.") + kind, f"s3:x.{kind}"):
        call("clean", "in.jsonl", "-o", name, "--select", "LG102")
        call("clean", name, "-o", "c.jsonl", "--select", "LG102")
        assert [record["text"] for record in lines(tmp_path / "c.jsonl")] == [text(number) for number in range(20)]
        assert CliRunner().invoke(main, ["check", name, "--select", "MJ"], catch_exceptions=False).exit_code == 1
        call("index", "build", name, "-o", "i.index")
    Path("broken").mkdir()
    (tmp_path / "broken" / os.fsdecode(b"b\xff." + kind.encode())).write_bytes(b"PAR1")
    call("clean", "broken", "-o", "d.jsonl")
