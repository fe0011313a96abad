"""How commands end where nobody reads them any more, nothing more fits, or what they read is nested without end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from running import ARTICLE

from cleaner.cli import main

ROOT = Path(__file__).parents[1]
PIPE_CLOSED = 141

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is a shell and a full device")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pipes")
    rows = [
        {"id": f"d{n}", "url": f"https://a.example/{n}", "text": f"Boat {n}: Caf\u00c3\u00a9. " + f"w{n} " * 200}
        for n in range(400)
    ]
    (folder / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "texts").mkdir()
    for n in range(1200):
        (folder / "texts" / f"{n:05}.txt").write_text(f"Caf\u00c3\u00a9 {n}\n\n" * 3)
    shell(folder, "CLEANER clean in.jsonl -o c.jsonl --select MJ")
    shell(folder, "CLEANER index build c.jsonl -o c.index")
    return folder


def shell(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command line; CLEANER is the command."""
    command = f"set -o pipefail; {command.replace('CLEANER', f'{sys.executable} -m cleaner')}"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "GITHUB_ACTIONS": "false"}
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "command",
    [
        "CLEANER clean in.jsonl -o - --select MJ | head -n 1",
        "CLEANER clean in.jsonl -o - --select MJ --fail-if 'excluded > 0' | true",
        "CLEANER undo c.jsonl --ledger c.ledger.jsonl | head -n 1",
        "CLEANER check texts --select MJ | true",
        "CLEANER check texts --select MJ --output-format json | true",
        "CLEANER index query c.index c.jsonl | true",
        "CLEANER clean in.jsonl -o other.jsonl --fail-if 'excluded > 0' 2>&1 | true",
        "CLEANER rule | true",
        "CLEANER explain texts/00001.txt | true",
        "CLEANER check --help | true",
        "CLEANER --help | true",
    ],
)
def test_who_closes_the_pipe_can_be_seen_from_the_exit_code(folder: Path, command: str) -> None:
    done = shell(folder, command)
    assert (done.returncode, "Traceback" in done.stderr) == (PIPE_CLOSED, False), done.stderr


GIVING = pytest.mark.parametrize(
    "command",
    [
        "CLEANER clean in.jsonl -o - --select MJ",
        "CLEANER undo c.jsonl --ledger c.ledger.jsonl",
        "CLEANER check texts/00001.txt --select MJ",
        "CLEANER check texts/00001.txt --diff",
        "CLEANER check texts/00001.txt --output-format sarif",
        "CLEANER check --fix --stdin-filename a.txt < texts/00001.txt",
        "CLEANER explain texts/00001.txt",
        "CLEANER explain texts/00001.txt --html",
        "CLEANER index query c.index c.jsonl",
        "CLEANER index info c.index",
        "CLEANER rule --all",
        "CLEANER demo",
        "CLEANER --help",
        "CLEANER clean --help",
        "CLEANER --version",
    ],
)


@GIVING
def test_a_device_without_room_gives_a_sentence(folder: Path, command: str) -> None:
    done = shell(folder, f"{command} > /dev/full")
    assert done.returncode == 2, done.stderr
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@GIVING
def test_a_closed_standard_output_gives_a_sentence(folder: Path, command: str) -> None:
    done = shell(folder, f"{command} >&-")
    assert done.returncode == 2, done.stderr
    assert "standard output: " in done.stderr
    assert "Bad file descriptor" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        "clean in.jsonl -o -",
        "clean in.jsonl -o - --keep longest",
        "clean in.jsonl -o x.jsonl --dry-run",
        "clean in.jsonl -o - --learn",
        "learn in.jsonl -o lines.json",
        "check --stdin-filename a.txt < in.jsonl",
    ],
)
def test_where_temporary_files_have_no_room_it_is_said_that_it_was_there(folder: Path, command: str) -> None:
    (folder / "tmp").mkdir(exist_ok=True)
    done = shell(folder, f"export TMPDIR=$PWD/tmp; ulimit -f 4; CLEANER {command} | cat")
    assert done.returncode == 2, done
    assert f"{folder / 'tmp'}: " in done.stderr
    assert "File too large" in done.stderr
    assert "standard output" not in done.stderr
    assert "Traceback" not in done.stderr


def test_where_there_is_no_folder_for_temporary_files_it_is_said(folder: Path) -> None:
    code = "import tempfile; tempfile._candidate_tempdir_list = lambda: []; from cleaner.cli import main; main()"
    done = shell(folder, f"{sys.executable} -c '{code}' clean in.jsonl -o -")
    assert done.returncode == 2
    assert "TMPDIR: cannot be written: No usable temporary directory found" in done.stderr


def test_with_all_streams_closed_the_corpus_has_nothing_that_was_to_be_told(folder: Path) -> None:
    for name, closed in (("open", ""), ("closed", "<&- >&- 2>&-")):
        done = shell(folder, f"CLEANER clean texts -o {name}.jsonl --select MJ,ND --workers 1 {closed}")
        assert done.returncode == 0, done
    for end in (".jsonl", ".ledger.jsonl", ".excluded.jsonl"):
        assert (folder / f"closed{end}").read_bytes() == (folder / f"open{end}").read_bytes()


@pytest.mark.parametrize(
    "command",
    [
        "CLEANER clean - -o never.jsonl",
        "CLEANER check --stdin-filename a.txt",
        "CLEANER explain -",
        "CLEANER index build - -o never.index",
    ],
)
def test_a_closed_standard_input_gives_a_sentence(folder: Path, command: str) -> None:
    done = shell(folder, f"{command} <&-")
    assert (done.returncode, done.stderr) == (2, "cleaner: standard input: cannot be read: Bad file descriptor\n")
    assert "goes on from here" not in done.stderr


def test_where_nobody_can_be_told_the_exit_code_tells(folder: Path) -> None:
    assert shell(folder, "CLEANER clean in.jsonl -o e.jsonl --select MJ 2> /dev/full").returncode == 2
    assert (folder / "e.jsonl").exists()
    assert shell(folder, "CLEANER check nowhere 2> /dev/full").returncode == 2


def test_what_is_written_in_full_ends_quietly(folder: Path) -> None:
    done = shell(folder, "CLEANER clean in.jsonl -o - --select MJ | cat > all.jsonl")
    assert done.returncode == 0
    assert (folder / "all.jsonl").read_bytes() == (folder / "c.jsonl").read_bytes()


DEEP = 100_000


@pytest.mark.parametrize(
    ("name", "content", "arguments"),
    [
        ("cleaner.toml", "select = " + "[" * DEEP + "]" * DEEP, ["check", "a.txt"]),
        ("cleaner.toml", "a" + ".b" * DEEP + " = 1", ["check", "a.txt"]),
        ("cleaner.toml", "a = " + "{b = " * DEEP + "1" + "}" * DEEP, ["clean", "a.txt", "-o", "c.jsonl"]),
        ("pack.toml", "code = " + "[" * DEEP, ["check", "a.txt", "--config", "packs.toml"]),
        (
            "m.manifest.json",
            '{"configuration": ' + "[" * DEEP,
            ["clean", "a.txt", "-o", "c.jsonl", "--config", "m.manifest.json"],
        ),
        ("b.json", '{"version": ' + "[" * DEEP, ["check", "a.txt", "--baseline", "b.json"]),
        ("s.json", '{"version": ' + "[" * DEEP, ["clean", "a.txt", "-o", "c.jsonl", "--site-lines", "s.json"]),
        ("l.jsonl", '{"id": ' + "[" * DEEP, ["undo", "d.jsonl", "--ledger", "l.jsonl"]),
        ("d.jsonl", '{"id": ' + "[" * DEEP, ["undo", "d.jsonl", "--ledger", "l.jsonl"]),
    ],
)
def test_what_is_nested_without_end_is_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str, arguments: list[str]
) -> None:
    from click.testing import CliRunner

    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(ARTICLE)
    Path("packs.toml").write_text('packs = ["pack.toml"]\n')
    Path("d.jsonl").write_text('{"id": "a", "text": "b"}\n')
    Path("l.jsonl").write_text("")
    Path(name).write_text(content)
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 2, result.output
    assert name in result.stderr


def test_a_deep_manifest_in_a_folder_of_inputs_and_beside_an_output_is_no_manifest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    Path("in/a.txt").write_text(ARTICLE)
    for place in ("in/x.manifest.json", "out.manifest.json"):
        Path(place).write_text('{"cleaner": "1", "outputs": ["a"], "more": ' + "[" * DEEP)
    Path("out").mkdir()
    Path("out/a.txt").write_text(ARTICLE)
    assert CliRunner().invoke(main, ["clean", "in", "-o", "c.jsonl"], catch_exceptions=False).exit_code == 0
    assert CliRunner().invoke(main, ["clean", "in", "-o", "out/"], catch_exceptions=False).exit_code == 2


def test_what_may_not_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Caf\u00c3\u00a9\n")
    (tmp_path / "known.json").write_text('{"version": 1, "findings": []}')
    for path, mode in ((tmp_path / "known.json", 0o400), (tmp_path / "a.txt", 0o444), (tmp_path, 0o555)):
        path.chmod(mode)
    # Root may write everything, so it becomes another user, who may not be able to read the package: the command runs
    # once before, elsewhere, so that all that it needs has been imported.
    warm = tmp_path.with_name(f"{tmp_path.name}-warm")
    warm.mkdir()
    (warm / "a.txt").write_text(ARTICLE)
    (warm / "known.json").write_text('{"version": 1, "findings": []}')
    code = (
        "import os, sys; from click.testing import CliRunner; from cleaner.cli import main\n"
        f"os.chdir({str(warm)!r}); told = CliRunner().invoke(main, sys.argv[1:])\n"
        "assert told.exit_code in (0, 1), told.output\n"
        f"os.chdir({str(tmp_path)!r}); os.geteuid() or (os.setgid(65534), os.setuid(65534))\n"
        "main(sys.argv[1:])"
    )
    for arguments in (
        ["check", "--write-baseline", "--baseline", "known.json", "a.txt"],
        ["check", "--baseline", "known.json", "a.txt"],
        ["check", "--write-baseline", "--baseline", "new.json", "a.txt"],
    ):
        command = [sys.executable, "-c", code, *arguments]
        paths = {"PYTHONPATH": os.pathsep.join((str(ROOT), *sys.path[1:]))}
        done = subprocess.run(
            command, cwd=tmp_path, env=os.environ | paths, capture_output=True, text=True, check=False
        )
        assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
        assert "ermission denied" in done.stderr or "no permission" in done.stderr
