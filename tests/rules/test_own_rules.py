"""Rules of one's own in Python: named in the configuration they run everywhere; else nothing of theirs is loaded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cleaner.config import Config
from cleaner.errors import ConfigError

RULES = '''
from dataclasses import dataclass
from typing import ClassVar

from cleaner import Document, Drop, Edit


@dataclass(frozen=True, slots=True)
class HouseLines:
    """Take out the lines of the house.

    Why: every page of the house ends in them.

    Wrong when a text is about the kiosk.
    """

    code: ClassVar[str] = "XX201"
    name: ClassVar[str] = "house-line"
    fix: ClassVar[str] = "unsafe"
    sign: str = "(c) the kiosk"

    def __call__(self, document):
        start = 0
        for line in document.text.split("\\n"):
            if line.startswith(self.sign):
                yield Edit(start, line, "", "a line of the house", safe=False)
            start += len(line) + 1


@dataclass(frozen=True, slots=True)
class Stub:
    """Drop a text that says that it is a stub."""

    code: ClassVar[str] = "XX202"
    name: ClassVar[str] = "house-stub"

    def __call__(self, document):
        if document.text.startswith("STUB"):
            yield Drop("the text says so")


class NoRule:
    code = "XX203"
'''


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with rules of a house, a configuration that names them, and texts."""
    for module in ("house", "house.rules"):  # of another test's folder
        monkeypatch.delitem(sys.modules, module, raising=False)
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "rules.py").write_text(RULES, encoding="utf-8")
    (tmp_path / "cleaner.toml").write_text('rules = ["house.rules:HouseLines", "house.rules:Stub"]\n', encoding="utf-8")
    (tmp_path / "texts").mkdir()
    for number in range(6):  # more than one process does
        text = f"It rained on pier {number} all day.\n(c) the kiosk\n"
        (tmp_path / "texts" / f"{number}.txt").write_text(text, encoding="utf-8")
    (tmp_path / "texts" / "stub.txt").write_text("STUB of a text.\n", encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run cleaner as its script does, which has not the current folder among the places of modules."""
    code = "import sys; sys.path.remove(''); from cleaner.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def test_rules_of_a_named_configuration_clean_check_and_stand_in_the_manifest(house: Path) -> None:
    done = run(house, "clean", "--config", "cleaner.toml", "--ignore", "ND", "texts", "-o", "corpus.jsonl")
    assert done.returncode == 0, done.stderr
    kept = [json.loads(line) for line in (house / "corpus.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [record["text"] for record in kept] == [f"It rained on pier {number} all day.\n" for number in range(6)]
    (excluded,) = (house / "corpus.excluded.jsonl").read_text(encoding="utf-8").splitlines()
    assert (
        json.loads(excluded)["excluded"] | {"code": "XX202", "name": "house-stub"} == json.loads(excluded)["excluded"]
    )
    manifest = json.loads((house / "corpus.manifest.json").read_text(encoding="utf-8"))
    assert [rule["rule"] for rule in manifest["own_rules"]] == ["house.rules:HouseLines", "house.rules:Stub"]
    assert manifest["configuration"]["own_rules"] == ["house.rules:HouseLines", "house.rules:Stub"]
    found = run(house, "check", "--config", "cleaner.toml", "--select", "XX", "texts").stdout.splitlines()
    assert len(found) == 7
    assert found[0] == "texts/0.txt:2:1: XX201 house-line: a line of the house"
    assert found[-1] == "texts/stub.txt:1:1: XX202 house-stub: the text says so"
    assert "every page of the house ends in them" in run(house, "rule", "--config", "cleaner.toml", "XX201").stdout


def test_a_configuration_that_was_only_found_runs_no_code_from_its_folder(house: Path) -> None:
    mark = house / "it-ran"
    (house / "house" / "__init__.py").write_text(f"open({str(mark)!r}, 'w')", encoding="utf-8")
    refused = run(house, "check", "texts")
    assert refused.returncode == 2
    assert "there is no module 'house.rules'" in refused.stderr
    assert "--config" in refused.stderr
    assert not mark.exists()


def test_an_option_of_an_own_rule_is_set_by_its_name(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import cleaner

    monkeypatch.syspath_prepend(str(house))
    config = Config(own_rules=("house.rules:HouseLines",), rules={"house-line": {"sign": "It"}})
    assert cleaner.clean("It rained.\n(c) the kiosk", config=config).text == "(c) the kiosk"
    with pytest.raises(ConfigError, match="unknown option 'sing'; did you mean 'sign'"):
        Config(own_rules=("house.rules:HouseLines",), rules={"house-line": {"sing": "It"}}).pipeline()


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("antigravity:x", "antigravity comes with Python and has no rules"),
        ("no colon", "is no rule: write 'module:Class'"),
        ("house.rules:NoRule", "it is no dataclass with a method __call__"),
        ("house.rules:Nobody", "AttributeError"),
        ("cleaner.rules.whitespace:LineEnds", "there is already a rule WS101 line-ends"),
    ],
)
def test_what_is_no_rule_is_refused(house: Path, monkeypatch: pytest.MonkeyPatch, reference: str, why: str) -> None:
    monkeypatch.syspath_prepend(str(house))
    with pytest.raises(ConfigError, match=why):
        Config(own_rules=(reference,))


def test_a_named_configuration_without_rules_of_its_own_adds_no_place_for_modules(house: Path) -> None:
    mark = house / "it-ran"
    (house / "cleaner.toml").write_text("min_words = 1\n", encoding="utf-8")
    # What cleaner imports where it is installed, by a name that the folder has, too.
    (house / "own_module_of_the_folder.py").write_text(f"open({str(mark)!r}, 'w')", encoding="utf-8")
    code = (
        "import sys; sys.path.remove('')\n"
        "from click.testing import CliRunner; from cleaner.cli import main\n"
        "assert CliRunner().invoke(main, sys.argv[1:]).exit_code == 0\n"
        "import own_module_of_the_folder"
    )
    command = [sys.executable, "-c", code, "explain", "--config", "cleaner.toml", "texts/stub.txt"]
    done = subprocess.run(command, cwd=house, capture_output=True, text=True, check=False)
    assert "No module named 'own_module_of_the_folder'" in done.stderr
    assert not mark.exists()
