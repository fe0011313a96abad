"""Scripts without spaces, hosts and the forms in which lines are compared: said once, for all who ask."""

from __future__ import annotations

import re
import unicodedata

import pytest

from cleaner.dedup.characters import KIND, UNSPACED, traits
from cleaner.folding import caseless, letters, line_key, unmarked_letters
from cleaner.hosts import host_of, names_of_site
from cleaner.writing import UNSPACED as RANGES
from cleaner.writing import character_class


def test_a_regular_expression_and_the_table_of_characters_mean_the_same() -> None:
    pattern = re.compile(f"[{character_class(RANGES)}]")
    word = re.compile(r"\w")
    table = traits()
    others = [
        point
        for point in range(0x40000)
        if word.match(chr(point)) and (pattern.match(chr(point)) is not None) != (table[point] & KIND == UNSPACED)
    ]
    assert others == []


@pytest.mark.parametrize("address", [None, "", "notes/a.txt", "http://[broken", "http://", "\ud800", "www.a.example"])
def test_what_is_no_address_has_no_host(address: str | None) -> None:
    assert host_of(address) == ""
    assert names_of_site(None, address) == ["", "", "", ""]


def test_only_the_first_www_goes() -> None:
    assert host_of("https://WWW.www.a.example:80/www.b") == "www.a.example"


@pytest.mark.parametrize(
    "text", ["Straße", "ǅ", "İI", "a\u00a0\u2003b", "\ud800", "ﬁ", "Ⅷ", "ά", "½\n\u0301É\n\n\u1161Σ\n"]
)
def test_a_folded_text_stays_as_it_is(text: str) -> None:
    for fold in (line_key, letters, unmarked_letters):
        assert fold(fold(text)) == fold(text)
    assert caseless(text) == unicodedata.normalize("NFKC", text).casefold()


def test_case_and_spaces_do_not_count_in_a_line() -> None:
    assert line_key("\tLE  CAFÉ\u00a0Ouvre ") == line_key("le café ouvre")


def test_ascii_and_other_letters_are_taken_alike() -> None:
    text = "".join(map(chr, range(128)))
    assert letters(text) == "".join(re.findall(r"[^\W_]+", text.casefold()))
