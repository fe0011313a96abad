"""Whatever stands in texts, ids, titles and names of files: a terminal and a log are shown it and do not obey it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from checking import said
from click.testing import CliRunner
from running import ARTICLE

from cleaner import clean
from cleaner.check.diagnostics import Diagnostic
from cleaner.check.formats import rendered
from cleaner.cli import main
from cleaner.inert import inert
from cleaner.report.explained import explain_page
from cleaner.report.page.elements import text as page_text
from cleaner.runner.one import one_result

# A title of the window, colours that no command of ours uses, what clears the screen, C1, bidi, line breaks, DEL.
EVIL = "\x1b]0;owned\x07\x1b[5;41mX\x1b[2J\x9b5;41m\x9d0;o\x9c\u202eabc\u2066d\u2028e\x7f\x08\x0b\x0cf\rg"
NAME = EVIL.replace("\x00", "") + "\n::error::owned"
# What rich writes: colours, and the cursor's moves of a bar.
RICH = re.compile(r"\x1b\[(?:[0-9;]*m|\?25[lh]|2K|1A|1G)|\r")
MARKS = ("\x1b]0;", "\x1b[5;41m", "\x1b[2J", "\x07", "\x08", "\x0b", "\x0c", "\x7f")
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

DRIVER = """
import json, sys
from cleaner.cli import main
for arguments in json.load(open(sys.argv[1])):
    print("\\n#", len(arguments), flush=True)
    try:
        main(arguments)
    except SystemExit:
        pass
    sys.stdout.flush(); sys.stderr.flush()
"""


def hostile_folder(folder: Path) -> None:
    texts = folder / "texts"
    texts.mkdir()
    (texts / f"{NAME}.txt").write_text(f"{ARTICLE}\n\n{EVIL}Caf\u00c3\u00a9 {EVIL}\n\nShare on Facebook {EVIL}\n")
    (texts / f"{NAME}.md").write_text(f"# {EVIL}\n\n{ARTICLE}\n\n<!-- cleaner: ignore {EVIL} -->\n")
    (texts / os.fsdecode(b"\x1b[5;41m\xff.md")).write_text(f"{ARTICLE}\n\nShare this article\n")
    (texts / f"{NAME}.html").write_text(
        f"<title>{EVIL}</title><meta name=author content='{EVIL}'><article><h1>{EVIL}</h1>"
        + "".join(f"<p>{part} {EVIL}</p>" for part in ARTICLE.split("\n\n"))
        + f"</article><footer>{EVIL} Share on Facebook</footer>"
    )
    rows = [
        {"id": EVIL, "title": EVIL, "url": f"https://example.org/{EVIL}", "text": f"{ARTICLE} {EVIL}"},
        {"id": f"{EVIL}2", "title": EVIL, "url": f"https://example.org/{EVIL}", "text": f"{ARTICLE} {EVIL}"},
        {"id": f"{EVIL}3", "text": ""},
        {"id": f"{EVIL}4", "text": {EVIL: 1}},
    ]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    (texts / f"{EVIL}.jsonl").write_text("\n".join([*lines, f'{{"{EVIL}": {EVIL}', f"[{EVIL}]"]) + "\n")
    (texts / f"{EVIL}.csv").write_text(f"id,text,{EVIL}\n{EVIL},{EVIL}\n")
    (texts / f"{NAME}.parquet").write_bytes(b"PAR1" + EVIL.encode())
    (texts / f"{NAME}.warc.gz").write_bytes(b"\x1f\x8b" + EVIL.encode())
    (texts / f"{EVIL}.txt.zst").write_bytes(EVIL.encode())
    (folder / f"{EVIL}.toml").write_text(f'"{json.dumps(EVIL)[1:-1]}" = 1\n')
    (folder / "bad.toml").write_text(f"select = ['{EVIL}']\n")
    pack = 'code = "XX101"\nname = "' + json.dumps(EVIL)[1:-1] + '"\nsummary = "s"\n'
    (folder / "pack.toml").write_text(pack)
    (folder / "packs.toml").write_text('packs = ["pack.toml"]\n')


def commands(folder: Path) -> list[list[str]]:
    texts, table = "texts", f"texts/{EVIL}.jsonl"
    formats = ("concise", "full", "json", "github", "sarif")
    return [
        ["clean", texts, "-o", f"{NAME}.jsonl", "--report", f"{NAME}.html"],
        ["clean", texts, "-o", "again.jsonl", "--log-format", "json", "--progress", "always"],
        ["clean", texts, "-o", "c.jsonl", "--learn", "--index", f"{EVIL}.index", "--fail-if", "excluded > 0"],
        ["clean", texts, "-o", "-", "--index", f"{EVIL}.index"],
        ["clean", texts, "-o", f"folder{EVIL}/", "--duplicates", f"{EVIL}.pairs"],
        ["clean", f"missing{EVIL}", "-o", "d.jsonl"],
        ["clean", texts, "-o", f"x.{EVIL}"],
        ["clean", texts, "-o", "d.jsonl", "--fail-if", EVIL],
        ["clean", texts, "-o", "d.jsonl", f"--{EVIL}"],
        ["clean", texts, "-o", "d.jsonl", "--config", f"{EVIL}.toml"],
        ["clean", texts, "-o", "d.jsonl", "--config", "bad.toml"],
        ["clean", texts, "-o", "d.jsonl", "--config", "packs.toml"],
        ["clean", texts, "-o", "d.jsonl", "--select", EVIL],
        ["clean", texts, "-o", "d.jsonl", "--language", EVIL],
        ["clean", f"@{EVIL}", "-o", "d.jsonl"],
        *(["check", texts, "--output-format", form] for form in formats),
        ["check", texts, "--diff", "--unsafe-fixes"],
        ["check", texts, "--statistics"],
        ["check", texts, "--write-baseline"],
        ["check", texts, "--baseline", f"{EVIL}.toml"],
        ["check", texts, "--select", "ND", "--output-format", "full"],
        ["check", f"missing{EVIL}"],
        *(["explain", f"texts/{name}"] for name in sorted(os.listdir(folder / "texts"))),
        ["explain", table, "--id", f"{EVIL}2"],
        ["explain", table, "--diff"],
        ["explain", "texts"],
        ["explain", "texts", "--only-changes", "--diff"],
        ["clean", texts, "-o", "v.jsonl", "-v"],
        ["clean", texts, "-o", f"{NAME}.jsonl", "--show-settings"],
        ["clean", texts, "-o", "v.jsonl", "--show-files"],
        ["check", texts, "--show-files"],
        ["test-pack", "pack.toml", f"{EVIL}.toml"],
        ["explain", f"{table}:3"],
        ["undo", f"{NAME}.jsonl", "--ledger", f"{NAME}.ledger.jsonl"],
        ["undo", "c.jsonl", "--ledger", table],
        ["learn", texts, "-o", f"{EVIL}.json"],
        ["index", "build", texts, "-o", f"{EVIL}2.index"],
        ["index", "query", f"{EVIL}.index", texts],
        ["index", "info", f"{EVIL}.index"],
        ["index", "info", table],
        ["index", "merge", "all.index", f"{EVIL}.index", f"{EVIL}2.index"],
        ["rule", EVIL],
        ["rule", "--config", "packs.toml"],
        ["rule", "XX101", "--config", "packs.toml"],
        ["demo"],
        ["check", texts, "--fix", "--unsafe-fixes", "--output-format", "full"],
        [EVIL],
    ]


def on_a_terminal(folder: Path, asked: list[list[str]], **environment: str) -> str:
    """Return what a terminal gets from the commands, one after the other, in one process."""
    import pty

    (folder / "asked.json").write_text(json.dumps(asked))
    master, slave = pty.openpty()
    variables = {
        "COLUMNS": "100",
        "PYTHONUTF8": "1",
        "PAGER": "cat",
        "PYTHONPATH": str(Path(__file__).parents[1]),
        **environment,
    }
    process = subprocess.Popen(
        [sys.executable, "-c", DRIVER, "asked.json"],
        cwd=folder, stdin=slave, stdout=slave, stderr=slave, env=os.environ | variables,
    )  # fmt: skip
    os.close(slave)
    got = b""
    while True:
        try:
            block = os.read(master, 1 << 16)
        except OSError:  # how Linux says that nobody writes there any more
            break
        if not block:
            break
        got += block
    os.close(master)
    assert process.wait() == 0
    return got.decode()  # and it is UTF-8


@pytest.mark.skipif(sys.platform != "linux", reason="there are terminals and such names")
@pytest.mark.parametrize(("terminal", "action"), [("dumb", "false"), ("xterm-256color", "true")])
def test_no_command_lets_a_control_character_through_to_a_terminal(tmp_path: Path, terminal: str, action: str) -> None:
    hostile_folder(tmp_path)
    asked = commands(tmp_path)
    if terminal != "dumb":  # what differs there are colours, the bar and the pager
        asked = [asked[1], *(command for command in asked if command[0] in ("check", "explain", "rule"))]
    got = on_a_terminal(tmp_path, asked, TERM=terminal, GITHUB_ACTIONS=action)
    assert "Traceback" not in got
    assert len(re.findall(r"(?m)^# \d+\r$", got)) == len(asked)
    assert got.count(r"\x1b]0;owned") > 50
    for mark in MARKS:
        assert mark not in got, got[max(0, got.index(mark) - 500) : got.index(mark) + 100]
    left = RICH.sub("", got) if terminal != "dumb" else got.replace("\r\n", "\n")
    bad = FORBIDDEN.search(left)
    assert bad is None, (bad, left[max(0, bad.start() - 500) : bad.start() + 100])
    if action == "true":
        owned = [line for line in left.split("\n") if line.lstrip().startswith("::error::owned")]
        assert not owned


def test_a_pipe_gets_the_data_that_was_asked_for(tmp_path: Path) -> None:
    row = {"id": EVIL, "text": f"{ARTICLE} \x9b\u202e"}
    (tmp_path / "in.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n")
    cleaned = CliRunner().invoke(main, ["clean", str(tmp_path / "in.jsonl"), "-o", "-", "--select", "LG"])
    assert "\x9b\u202e" in cleaned.stdout
    (tmp_path / "a.txt").write_text(f"{ARTICLE}\n\n\x1b[5;41mCaf\u00c3\u00a9\n")
    assert "-\x1b[5;41mCaf\u00c3\u00a9\n" in said("--diff", tmp_path / "a.txt").out
    assert "\x1b[5;41m" not in said(tmp_path / "a.txt", "--output-format", "full").out


def test_the_fields_of_a_github_command_are_escaped_by_its_rules() -> None:
    told = Diagnostic("a%b\r\n:c,\x1b.md", 1, 1, 1, 2, "MJ101", "mojibake", "100%\nof it")
    assert rendered("github", [told]) == (
        "::error title=cleaner (MJ101),file=a%25b%0D%0A%3Ac%2C\\x1b.md,line=1,col=1,endLine=1,endColumn=2"
        "::a%25b\\r\\n:c,\\x1b.md:1:1: MJ101 100%25%0Aof it\n"
    )


def test_a_log_of_a_github_action_takes_no_commands_from_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    (tmp_path / "a.txt").write_text(f"::set-env name=PATH::x\n  ::stop-commands::y\n##[error]z\n\n{ARTICLE}\n")
    shown = CliRunner().invoke(main, ["explain", str(tmp_path / "a.txt")]).stdout
    assert r"\x3a:set-env name=PATH::x" in shown
    assert not [line for line in shown.split("\n") if line.lstrip().startswith("::") or "##[" in line]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "::error::x.txt").write_text("Caf\u00c3\u00a9\n")
    concise = CliRunner().invoke(main, ["check", ".", "--output-format", "concise"]).stdout
    assert not [line for line in concise.split("\n") if line.startswith("::")]
    assert CliRunner().invoke(main, ["check", "."]).stdout.startswith("::error title=")


def test_pages_show_commands_and_turns_of_direction_as_escapes(tmp_path: Path) -> None:
    assert page_text("a\u202eb\x9bc\x1b<") == r"a\u202eb\x9bc\x1b&lt;"
    (tmp_path / "a.html").write_text(f"<title>{EVIL}</title><article><p>{ARTICLE} {EVIL}</p></article>")
    page = explain_page(one_result(str(tmp_path / "a.html")))
    assert FORBIDDEN.search(page) is None


def test_a_result_shows_itself_inert(capsys: pytest.CaptureFixture[str]) -> None:
    result = clean(f"{ARTICLE}\n\n{EVIL} Caf\u00c3\u00a9")
    result.explain()
    shown = capsys.readouterr().out
    assert r"\x1b]0;owned" in shown
    assert FORBIDDEN.search(shown + repr(result)) is None


def test_texts_of_every_script_are_shown_as_they_are() -> None:
    plain = "Caf\u00e9 e\u0301 \u0645\u06cc\u200c\u0634\u0648\u062f \U0001f469\u200d\U0001f680 \u65e5\u672c a\xadb"
    assert inert(plain) == plain


def test_what_an_encoding_does_not_know_is_written_as_escapes(tmp_path: Path) -> None:
    (tmp_path / "\u00e9.txt").write_text(f"{ARTICLE}\n\nCaf\u00c3\u00a9 \u4e2d\n\nShare on Facebook\n")
    for command in (["explain", "."], ["check", "."], ["rule", "MJ101"], ["clean", ".", "-o", "a.jsonl"]):
        done = subprocess.run(
            [sys.executable, "-P", "-m", "cleaner", *command],
            cwd=tmp_path, env=os.environ | {"PYTHONIOENCODING": "ascii:strict"}, capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode in (0, 1), (command, done)
        assert b"Traceback" not in done.stderr + done.stdout, (command, done.stderr)


def test_json_in_the_log_of_an_action_is_no_command(tmp_path: Path) -> None:
    (tmp_path / "##[add-mask]a.txt").write_text(f"{ARTICLE}\n\nShare on Facebook\n")
    runner = CliRunner(env={"GITHUB_ACTIONS": "true"})
    asked = ["check", str(tmp_path), "--output-format", "json"]
    told = runner.invoke(main, asked).stdout
    assert "##[" not in told
    assert json.loads(told) == json.loads(CliRunner(env={"GITHUB_ACTIONS": ""}).invoke(main, asked).stdout)


def test_an_address_of_a_server_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE)
    for address in ("redis://u:secret@[x:9/0", "redis://\x1b[2J:9/0", "rediss://a]b"):
        asked = ["clean", str(tmp_path / "a.txt"), "-o", str(tmp_path / "o.jsonl"), "--index", address]
        done = CliRunner().invoke(main, asked)
        assert done.exit_code == 2
        assert "//…: no address of a server" in done.stderr
        assert "secret" not in done.stderr
