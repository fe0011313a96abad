"""Broken characters are mended as ftfy mends them, line by line, and nothing else changes."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise

import ftfy
import pytest
from ftfy.badness import BADNESS_RE, MOJIBAKE_CATEGORIES
from ftfy.chardata import CHARMAP_ENCODINGS, possible_encoding
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rules.cases import Case, assert_laws, cases
from rules.mojibake_signs import source

import cleaner
from cleaner import ledger
from cleaner.document import Document, Edit
from cleaner.rules import mojibake
from cleaner.rules.mojibake import Mojibake, _repairs, guard
from cleaner.rules.mojibake import signs as generated
from cleaner.rules.mojibake.shortcuts import _WINDOWS_CONTROL, cannot_decode

CONFIG = ftfy.TextFixerConfig(
    uncurl_quotes=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    fix_line_breaks=False,
    normalization=None,
)
# What the tables of ftfy speak of, and what stands around it.
SIGNS = re.findall(f"[{''.join(MOJIBAKE_CATEGORIES.values())}]", "".join(map(chr, range(0x80, 0x10000))))
PIECES = [
    *SIGNS,
    *("Ã©", "Ã ", "Ã\xa0", "â€œ", "â€™", "Â°", "ã\x81\x82", "Ð¿", "РџС", "Î±", "√©", "├⌐", "ï»¿"),
    *("ÃƒÂ©", "â\x85\x93", "ðŸ’©", "Ã?", "â€ ", "cafÃ© ", "“Ã€”"),
    *("&amp;", "&amp;amp;", "&eacute;", "&#233;", "&#x85;", "&lt;", "<", "&NTILDE;", "&bogus;", "&#10;", "&", ";"),
    *("\x1b[31m", "\x00", "\x7f", "\x85", "\x9d", "\ufeff", "\ufffd", "\ud83d", "\udca9", "\u2028", "\r"),
    *("a", "Z", "word ", " ", "\n", "é", "œ", "ł", "ж", "中", "?", "“", "”", "«", "»"),
]
BROKEN_TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
ENCODINGS = ["latin-1", "windows-1252", "windows-1251", "windows-1250", "iso-8859-2", "macroman", "cp437"]


def by_ftfy(text: str) -> str:
    return "\n".join(ftfy.fix_text(line, CONFIG) for line in text.split("\n"))


def edits(text: str) -> list[Edit]:
    return [edit for edit in Mojibake()(Document("", text)) if isinstance(edit, Edit)]


def mended(text: str) -> str:
    return ledger.apply(text, edits(text))


def unjudged(text: str) -> str:
    """Return the text with all repairs, those included that would break what is right."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mojibake, "_breaks", lambda line, decoded: False)
        return ledger.apply(
            text,
            [e for start, line in guard.doubtful_lines(text, guard.beyond_ascii(text)) for e in _repairs(line, start)],
        )


@pytest.mark.parametrize("case", [*cases("MJ101"), *cases("MJ102"), *cases("MJ103")], ids=lambda case: case.name)
def test_case(case: Case) -> None:
    assert_laws(case, "MJ")


@given(BROKEN_TEXTS | st.text(max_size=40))
@example("Ã\n Ã ")
@example("œ\nœ")
@example("&lt;b&gt; &amp;amp;")
@settings(max_examples=400, deadline=None)
def test_result_is_ftfys_for_each_line(text: str) -> None:
    assert unjudged(text) == by_ftfy(text)


@given(st.text("".join(map(chr, range(0x80, 0x100))) + "a ?", max_size=30))
@example("\xf1\x95\x91\x91")
@settings(max_examples=500, deadline=None)
def test_result_is_ftfys_for_latin_1_with_controls(text: str) -> None:
    assert unjudged(text) == by_ftfy(text)


def test_controls_that_every_windows_encoding_has_are_those() -> None:
    windows = [name for name in CHARMAP_ENCODINGS if name.startswith("sloppy-windows")]
    everywhere = [
        chr(byte) for byte in range(0x80, 0xA0) if all(bytes([byte]).decode(name) != chr(byte) for name in windows)
    ]
    assert _WINDOWS_CONTROL.findall("".join(map(chr, range(0x80, 0xA0)))) == everywhere
    assert [name for name in CHARMAP_ENCODINGS if possible_encoding("\x92", name)] == ["latin-1", "iso-8859-2"]
    for byte in range(0x80, 0x100):
        char = chr(byte)
        assert char == bytes([byte]).decode("iso-8859-2") or not possible_encoding(char, "iso-8859-2")


@given(st.text(max_size=60), st.sampled_from(ENCODINGS), st.integers(1, 2))
@settings(max_examples=200, deadline=None)
def test_result_is_ftfys_for_text_read_with_the_wrong_encoding(text: str, encoding: str, times: int) -> None:
    for _ in range(times):
        text = text.encode("utf-8", "surrogatepass").decode(encoding, "replace")
    assert unjudged(text) == by_ftfy(text)


@given(st.lists(BROKEN_TEXTS, max_size=3).map("\n".join))
@settings(max_examples=200, deadline=None)
def test_going_over_it_again_comes_to_an_end(text: str) -> None:
    # An entity may become a line feed or a `<`, which makes other lines of the rest: so not always at once.
    for _ in range(4):
        before, text = text, mended(text)
        if text == before:
            return
    assert mended(text) == text


@given(BROKEN_TEXTS)
@settings(max_examples=200, deadline=None)
def test_edits_are_in_order_and_undo(text: str) -> None:
    found = edits(text)
    assert all(one.start + len(one.old) <= other.start for one, other in pairwise(found))
    assert all(edit.old != edit.new for edit in found)
    assert ledger.apply(mended(text), ledger.inverse(found)) == text


def test_signs_are_those_of_the_ftfy_that_is_installed() -> None:
    with open(generated.__file__, encoding="utf-8") as file:
        assert file.read() == source(), "run python tests/rules/mojibake_signs.py"


def shortest_matches() -> Iterator[str]:
    """Give strings that ftfy finds bad: each pair of its characters that is, alone and between others."""
    for one in SIGNS:
        for other in [*SIGNS, " ", "a", "A", "1"]:
            for text in (one + other, f"a{one}{other}a", f" {one}{other} ", f"A{one}{other}"):
                if BADNESS_RE.search(text):
                    yield text
                    break


def test_guard_lets_nothing_bad_pass() -> None:
    found = 0
    for text in shortest_matches():
        found += 1
        assert guard.suspicious(text), ascii(text)
        assert guard.broken().search(text), ascii(text)
        assert guard.doubtful_lines(text, guard.beyond_ascii(text)), ascii(text)
    assert found > 10_000


@given(BROKEN_TEXTS | st.text(max_size=40))
@settings(max_examples=400, deadline=None)
def test_guards_agree(text: str) -> None:
    doubtful = dict(guard.doubtful_lines(text, guard.beyond_ascii(text)))
    start = 0
    for line in text.split("\n"):
        assert doubtful.get(start, line) == line
        if start not in doubtful:
            assert not guard.suspicious(line)
        if not guard.suspicious(line):
            assert by_ftfy(line) == line
        start += len(line) + 1


@given(BROKEN_TEXTS | st.text(st.characters(codec="cp437") | st.sampled_from("Ãâ€œ™√’Г‚Â ?\ufffd\x1a"), max_size=12))
@settings(max_examples=400, deadline=None)
def test_what_cannot_be_decoded_is_what_ftfy_leaves(text: str) -> None:
    if cannot_decode(text):
        assert ftfy._fix_encoding_one_step_and_explain(text, CONFIG).text == text


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("«Brødre og SÃ¥ner», en plate – i går.", "«Brødre og Såner», en plate – i går."),
        ("Première fois, un garÃ§on et une fiancÃ©e.\n«Brødre og BlÃ¥bÃ¦r» går.", None),
        ("Bedøm «A MANHÃ» og SÃ¥ner.", "Bedøm «A MANHÃ» og Såner."),
        ("tÃ¥g och bÃ¥t pÃ¥ sjön", "tåg och båt på sjön"),
        ("Kvartetten spilte ½ time pÃ¥ kino.", "Kvartetten spilte ½ time på kino."),
        ("Il 1º giorno perÃ² piovve su 3 km².", "Il 1º giorno però piovve su 3 km²."),
        ("A MANHÃ¥", "A MANHÃ¥"),
        ("½ A MANHÃ¥ e 3 m²", "½ A MANHÃ¥ e 3 m²"),
        ("AMANHÃ£ 5", "AMANHÃ£ 5"),
    ],
)
def test_a_sign_inside_a_word_is_read_anew_though_the_rest_is_right(text: str, want: str | None) -> None:
    got = mended(text)
    assert got == want if want else "Ã" not in got


def test_ftfy_is_not_loaded_for_clean_text() -> None:
    code = (
        "import sys; from cleaner.document import Document; from cleaner.rules.mojibake import Mojibake;"
        "assert not list(Mojibake()(Document('', 'Le café, « à » 5 € — Привет & 你好')));"
        "assert 'ftfy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_edits_are_as_small_as_what_changed() -> None:
    found = edits("Le cafÃ© noir &amp; le thÃ© sont\x07 bons, dit-il, “merci”.")
    assert [(edit.old, edit.new, edit.code) for edit in found] == [
        ("Ã©", "é", "MJ101"),
        ("amp;", "", "MJ103"),
        ("Ã©", "é", "MJ101"),
        ("\x07", "", "MJ102"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cafÃ©s â€œxâ€œ", "UTF-8 read as Windows-1252"),
        ("cafÃƒÂ©s", "UTF-8 read as Latin-1, then UTF-8 read as Windows-1252"),
        ("caf√©s", "UTF-8 read as MacRoman"),
        ("РќРёРєРѕР№ РЅРµ Р·РЅР°РµС‚.", "UTF-8 read as Windows-1251"),
        ("it\x92s", "Windows-1252 read as Latin-1"),
        ("\ud83d\udca9", "a character in two halves"),
        ("a\x00b", "control character"),
        ("\x1b[0ma", "terminal colour"),
        ("a&nbsp;b", "HTML entity"),
    ],
)
def test_message_says_what_was_broken(text: str, message: str) -> None:
    assert edits(text)[0].message == message


def test_line_of_more_than_a_million_characters_is_mended_as_ftfy_does() -> None:
    text = "word " * 200_010 + "cafÃ© &amp; x"
    assert unjudged(text) == by_ftfy(text)


@pytest.mark.parametrize("piece", ["Ã", "â€", "&amp;", "\x85", "Ã ", "&", "œ", "\x1b["])
def test_long_lines_of_one_piece_come_to_an_end(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    assert unjudged(text) == by_ftfy(text)


def test_rule_can_be_sent_to_a_worker() -> None:
    assert pickle.loads(pickle.dumps(Mojibake())) == Mojibake()


def test_classes_of_the_guard_are_written_in_ascii() -> None:
    assert all(re.fullmatch(r"[ -~]*", part) for group in generated.SIGNS for part in group)


@pytest.mark.parametrize("escape", ["amp;", "AMP;", "#38;", "#x26;", "amp;#38;"])
@pytest.mark.parametrize("end", ["", "lt;b", " and", "eacute;"])
def test_what_was_escaped_many_times_comes_out_as_ftfy_has_it_in_linear_time(escape: str, end: str) -> None:
    line = "&" + escape * 7 + end
    assert cleaner.clean(line, html=False, config=cleaner.Config(select=("MJ",))).text == ftfy.fix_text(line, CONFIG)
    begun = time.process_time()
    cleaner.clean("&" + escape * 40_000 + end, html=False, config=cleaner.Config(select=("MJ",)))
    assert time.process_time() - begun < 4
