"""A user's own rule packs: they take their lines, cannot hang a run, and say what is wrong with them."""

from __future__ import annotations

import pickle
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner

import cleaner
from cleaner.cli import main
from cleaner.config import Config
from cleaner.config_file import load_config
from cleaner.document import Document
from cleaner.errors import ConfigError
from cleaner.rules.boilerplate import PackError
from cleaner.rules.boilerplate.packs import parse_pack
from cleaner.rules.site_lines import Site, SiteLines, line_key
from cleaner.site_lines_file import write_site_lines

PROSE = "The harbour was quiet on Monday, and the ferries stayed at their piers until noon, as they do in winter."
HEAD = """\
code = "XX101"
name = "house-lines"
why = "Every page of the house ends in them."
wrong_when = "A text is about the house."
"""
PACK = (
    HEAD
    + """\
zone = "any"

[en]
sure = ["Brought to you by the kiosk"]
patterns = ['kiosk no\\. [0-9]{1,3} recommends: .{1,40}']
"""
)
TEXT = f"{PROSE}\nBrought to you by the kiosk\n{PROSE}\nKiosk no. 12 recommends: the ferry\n{PROSE}"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / "my-rules.toml"
    path.write_text(PACK, encoding="utf-8")
    return path


def test_pack_takes_its_phrases_and_patterns_and_can_be_undone(pack: Path) -> None:
    result = cleaner.clean(TEXT, config=Config(packs=(str(pack),)))
    assert result.text == f"{PROSE}\n{PROSE}\n{PROSE}"
    assert {step.code for step in result.steps} >= {"XX101"}
    assert cleaner.ledger.undo(result.text, result.steps) == TEXT


def test_pack_is_named_relative_to_the_configuration_and_chosen_by_code_or_name(pack: Path) -> None:
    path = pack.with_name("cleaner.toml")
    path.write_text('packs = ["my-rules.toml"]\nselect = ["house-lines"]\n', encoding="utf-8")
    assert load_config(path).codes() == {"XX101"}
    assert cleaner.clean(TEXT, config=load_config(path)).text.count("\n") == 2
    ignoring = Config(packs=(str(pack),), ignore=("XX101",))
    assert cleaner.clean(TEXT, config=ignoring).text == TEXT


@pytest.mark.parametrize(
    "pattern", [r"(a+)+b", r"(.*)*x", r"(\w+\s?)*!", r"(a|aa)+b", r"(x+x+)+y", r"(.{1,40}){1,40}z"]
)
def test_pattern_that_could_hang_a_run_is_refused(pattern: str) -> None:
    started = time.process_time()
    with pytest.raises(PackError, match=r"my-rules\.toml:6: pattern .* could try more than 100,000 ways"):
        parse_pack(f"{HEAD}[en]\npatterns = ['{pattern}']\n", "my-rules.toml")
    assert time.process_time() - started < 1


@pytest.mark.parametrize("pattern", [r"(a+) \1", r"(?=a)b", r"(?<!a)b", r"(a)?(?(1)b|c)"])
def test_pattern_without_a_bound_is_refused(pattern: str) -> None:
    with pytest.raises(PackError, match="which no bound can be given for"):
        parse_pack(f"{HEAD}[en]\npatterns = ['{pattern}']\n", "my-rules.toml")


def test_pattern_that_tries_a_square_of_ways_is_allowed_and_a_cube_is_not() -> None:
    assert parse_pack(f"{HEAD}max_chars = 300\n[any]\npatterns = ['a*a*b']\n", "my-rules.toml")
    with pytest.raises(PackError):
        parse_pack(f"{HEAD}max_chars = 300\n[any]\npatterns = ['a*a*a*b']\n", "my-rules.toml")


def test_slowest_pattern_that_is_allowed_is_quick_on_lines_made_to_hurt_it(tmp_path: Path) -> None:
    path = tmp_path / "slow.toml"
    path.write_text(f"{HEAD}max_chars = 300\n[any]\npatterns = ['a*a*b']\n", encoding="utf-8")
    text = "\n".join(["a" * 1_000_000, *["a" * 300] * 100])
    started = time.process_time()
    assert cleaner.clean(text, config=Config(packs=(str(path),), select=("XX101",))).text == text
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (HEAD.replace("why", "wy"), None, "why is missing: expected why ="),
        (HEAD.replace("XX101", "x1"), 1, "code 'x1': expected two to four capitals and three digits"),
        (HEAD.replace("house-lines", "House Lines"), 2, "expected words in lower case, joined by hyphens"),
        (HEAD + 'zone = "top"\n', 5, "zone 'top': expected one of any, head, tail, edge"),
        (HEAD + 'zonne = "any"\n', 5, "unknown key 'zonne'; did you mean 'zone'?: expected code, name"),
        (HEAD + "max_chars = 0\n", 5, "max_chars 0: expected a number from 1 to 1000"),
        (HEAD + "default_on = 1\n", 5, "default_on 1: expected true or false"),
        (HEAD + "[en]\nsure = [1]\n", 6, "sure: expected a text with one entry a line, or a list of texts"),
        (HEAD + '[en]\nsurely = ["a"]\n', 6, "unknown key 'surely' in [en]: expected sure, careful, patterns"),
        (HEAD + '[en]\nsure = ["…"]\n', 6, "has no letter and no number"),
        (HEAD + "[en]\npatterns = ['(']\n", 6, "pattern '(': is no regular expression"),
        (HEAD + "[[example]]\ntext = 'a'\ntakes = ['b']\n", 7, "example takes 'b', which is no line of its text"),
        (HEAD + "why = \n", 5, "Invalid value"),
    ],
)
def test_mistake_is_reported_with_file_line_and_what_was_expected(text: str, line: int | None, said: str) -> None:
    with pytest.raises(PackError) as caught:
        parse_pack(text, "my-rules.toml")
    where = f"my-rules.toml:{line}: " if line else "my-rules.toml: "
    assert str(caught.value).startswith(where)
    assert said in str(caught.value)
    assert caught.value.line == line


def test_code_or_name_that_is_taken_is_refused(pack: Path) -> None:
    pack.write_text(PACK.replace("XX101", "BP101"), encoding="utf-8")
    with pytest.raises(ConfigError, match="there is already a rule BP101 cookie-banner"):
        Config(packs=(str(pack),)).codes()


def test_commands_say_what_is_wrong_with_a_pack_and_stop(pack: Path) -> None:
    pack.write_text(HEAD + 'zonne = "any"\n', encoding="utf-8")
    configuration = pack.with_name("cleaner.toml")
    configuration.write_text('packs = ["my-rules.toml"]\n', encoding="utf-8")
    page = pack.with_name("page.txt")
    page.write_text(PROSE, encoding="utf-8")
    for command in (["check"], ["clean", "-o", str(pack.with_name("out.jsonl"))]):
        result = CliRunner().invoke(main, [*command, "--config", str(configuration), str(page)])
        assert result.exit_code == 2
        assert "my-rules.toml:5: unknown key 'zonne'; did you mean 'zone'?: expected code, name" in result.stderr


def test_a_whole_line_of_over_a_hundred_letters_is_found(tmp_path: Path) -> None:
    line = (
        "Lighthouse keepers read the evening bulletin from the harbour office aloud, and whoever wishes to hear it "
        "again may ask at the kiosk"
    )
    pack = tmp_path / "house.toml"
    pack.write_text(
        f"code = 'XX101'\nname = 'house-lines'\nwhy = 'a'\nwrong_when = 'b'\nzone = 'any'\n[en]\nsure = ['{line}']\n"
        f"[[example]]\ntext = '{line}'\ntakes = ['{line}']\n",
        encoding="utf-8",
    )
    config = cleaner.Config(packs=(str(pack),))
    assert cleaner.clean(f"The ferry left.\n\n{line}\n\nIt came back.", config=config).text.count("kiosk") == 0


def test_every_command_knows_the_rules_of_a_pack(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(pack.parent)
    Path("cleaner.toml").write_text('packs = ["my-rules.toml"]\n', encoding="utf-8")
    Path("a.txt").write_text(TEXT, encoding="utf-8")
    Path("b.md").write_text(f"<!-- cleaner: ignore-file XX101 -->\n\n{TEXT}", encoding="utf-8")

    def said(*command: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, command)
        return result.exit_code, " ".join(result.output.split())

    assert "XX101 house-lines" in said("rule", "XX101")[1]
    assert said("rule", "XX")[1].startswith("code name what it does XX101")
    assert "XX101 house-lines" in said("explain", "a.txt")[1]
    cleaned = said("clean", "a.txt", "-o", "c.jsonl", "--fail-if", "XX101 > 0", "--fail-if", "house-lines > 99")
    assert "XX101 house-lines" in cleaned[1]
    assert "broke a gate: XX101 > 0: XX101 is" in cleaned[1]
    assert "house-lines > 99:" not in cleaned[1]
    assert cleaned[0] == 1
    assert "XX101 house-lines: " in said("check", "a.txt")[1]
    assert "XX101 house-lines" in said("check", "--statistics", "a.txt")[1]
    assert '"name": "house-lines"' in said("check", "--output-format", "sarif", "a.txt")[1]
    assert said("check", "--select", "XX101", "b.md") == (0, "0 found in 0 of 1 files")
    assert said("check", "--select", "ND", "b.md") == (0, "0 found in 0 of 1 files")


def test_a_pickled_pipeline_works_where_the_files_are_not(pack: Path, tmp_path: Path) -> None:
    lines = tmp_path / "site-lines.json"
    page = Document("a", TEXT + "\nThe kiosk of the old harbour", url="https://kiosk.example/a")
    write_site_lines(SiteLines({"kiosk.example": Site(5, {line_key("The kiosk of the old harbour"): 5})}), lines)
    pipeline = Config(packs=(str(pack),), site_lines=str(lines)).pipeline()
    expected = pipeline(page).text
    assert expected == f"{PROSE}\n{PROSE}\n{PROSE}"
    pickled = tmp_path / "pipeline"
    pickled.write_bytes(pickle.dumps((pipeline, page)))
    pack.unlink()
    lines.unlink()
    code = "import pickle, sys; p, page = pickle.load(open(sys.argv[1], 'rb')); sys.stdout.write(p(page).text)"
    done = subprocess.run([sys.executable, "-c", code, str(pickled)], capture_output=True, text=True, check=True)
    assert done.stdout == expected


def test_an_edited_pack_is_read_anew(pack: Path) -> None:
    assert cleaner.clean(TEXT, config=Config(packs=(str(pack),))).text.count("\n") == 2
    pack.write_text(PACK.replace("kiosk no", "stand no").replace("house-lines", "kiosk-lines"), encoding="utf-8")
    result = cleaner.clean(TEXT, config=Config(packs=(str(pack),)))
    assert result.text.count("\n") == 3
    assert result.names["XX101"] == "kiosk-lines"


def test_two_packs_with_one_code_are_refused_with_both_paths(pack: Path) -> None:
    other = pack.with_name("other.toml")
    other.write_text(PACK.replace("house-lines", "other-lines"), encoding="utf-8")
    with pytest.raises(PackError, match=r"other\.toml: XX101 other-lines: there is already .* in .*my-rules\.toml"):
        Config(packs=(str(pack), str(other)))


def test_two_configurations_with_one_code_each_keep_their_own_name(pack: Path) -> None:
    ours = Config(packs=(str(pack),))
    pack.write_text(PACK.replace("house-lines", "kiosk-lines"), encoding="utf-8")
    theirs = Config(packs=(str(pack),))
    assert [cleaner.clean(TEXT, config=config).names["XX101"] for config in (ours, theirs, ours)] == [
        "house-lines",
        "kiosk-lines",
        "house-lines",
    ]


def test_threads_share_a_rule_and_find_what_one_finds(pack: Path) -> None:
    pipeline = Config(packs=(str(pack),)).pipeline()
    end = "Leave a Comment\nShare\nTweet"
    texts = [f"{PROSE}\n{number} share\nFollow us on X\n{TEXT}\n{end}" for number in range(60)]
    alone = [pipeline(Document("", text)).text for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: pipeline(Document("", text)).text, texts)) == alone
