"""`cleaner test-pack`: the examples of a pack are run, and what of it can never match is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cleaner.cli import main
from cleaner.rules.boilerplate.idle import why_never
from cleaner.rules.boilerplate.packs import builtin_packs

FERRY = "The ferry left the harbour at nine, and nobody was on the pier when it came back in the evening."
PACK = f"""\
code = "XX101"
name = "house-lines"
why = "Every page of the house ends in them."
wrong_when = "A text is about the house."
zone = "tail"

[[example]]
text = '''
{FERRY}
Brought to you by the kiosk
'''
takes = ["Brought to you by the kiosk"]

[[example]]
text = '''
{FERRY}
Kiosk No. 12: the ferry
{FERRY}
'''
takes = []

[en]
sure = ["Brought to you by the kiosk"]
patterns = ['kiosk no\\. [0-9]{{1,3}}: .{{1,40}}']
"""


def tried(folder: Path, text: str) -> tuple[int, str, str]:
    path = folder / "my-rules.toml"
    path.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(main, ["test-pack", str(path)])
    return done.exit_code, done.stdout.replace(str(path), "my-rules.toml"), done.stderr


def test_a_pack_that_does_what_it_says_is_well(tmp_path: Path) -> None:
    assert tried(tmp_path, PACK) == (0, "", "XX101 house-lines: 1 phrase, 1 pattern, 2 examples; all is well\n")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "'kiosk no",
            "'Kiosk no",
            "24: pattern 'Kiosk no\\\\. [0-9]{1,3}: .{1,40}' can never match: 'K' is in no line",
        ),
        (
            "takes = []",
            'takes = ["Kiosk No. 12: the ferry"]',
            "20: example 2: 'Kiosk No. 12: the ferry' is to go, and stays",
        ),
        ('kiosk"]\n\n[[ex', 'kiosk", "' + FERRY + '"]\n\n[[ex', "is to go, and stays"),
        ('zone = "tail"', 'zone = "tail"\nneeds = ["kiosk"]', "6: needs is about phrases with a gap"),
        ('zone = "tail"', 'zone = "tail"\ntopic = ["Kiosk"]', "6: topic 'Kiosk' is in no text"),
        ('zone = "tail"', 'zone = "tail"\nsentences = false', "6: sentences is about phrases with an open end"),
        ('zone = "tail"', 'zone = "tail"\nmax_char = 3', "6: unknown key 'max_char'; did you mean 'max_chars'?"),
        ('zone = "tail"', 'zone = "tail"\nmax_chars = 10', "is longer than a line may be, max_chars = 10"),
        ('code = "XX101"', 'code = "BP101"', "there is already a rule BP101 cookie-banner"),
        ("[en]", "[words]\nlist = ['a']\n[en]", "words are for the detectors that come with cleaner"),
    ],
)
def test_what_is_wrong_with_a_pack_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in PACK
    code, out, _ = tried(tmp_path, PACK.replace(old, new, 1))
    assert code == 1
    assert told in out
    assert out.startswith("my-rules.toml:")


@pytest.mark.parametrize(
    "pattern", ["(?i)Kiosk", "(kiosk|KIOSK)", "[a-zA-Z]+ no", "(Kiosk )?no", "no\\. [^a]", "page \\d+", "naïve|naive"]
)
def test_a_pattern_that_some_line_matches_is_left_alone(pattern: str) -> None:
    assert why_never(pattern, 200) is None


@pytest.mark.parametrize("pattern", ["Kiosk", "[A-Z]{2}", "(Un|Deux) kiosk", "café", "l’abonné", " kiosk", "k{300}"])
def test_a_pattern_that_no_line_matches_is_told(pattern: str) -> None:
    assert why_never(pattern, 200) is not None


def test_no_pattern_that_comes_with_cleaner_is_idle() -> None:
    patterns = [
        (pattern, pack.max_chars)
        for pack in builtin_packs()
        for phrases in pack.phrases.values()
        for pattern in phrases.patterns
    ]
    assert [pattern for pattern, max_chars in patterns if why_never(pattern, max_chars) is not None] == []
