"""White space that means nothing goes, the rest stays."""

from __future__ import annotations

import pickle
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rules.cases import Case, assert_laws, cases

from cleaner import ledger
from cleaner.document import Document, Rule
from cleaner.rules.whitespace import BlankLines, InvisibleCharacters, LineEnds, TrailingSpace

RULES = [LineEnds(), TrailingSpace(), BlankLines(), InvisibleCharacters()]
PIECES = ["\r", "\n", " ", "\t", "\xa0", "\u3000", "\xad", "\u200b", "\u2060", "a", "é", "ก", "-", "\u200d"]
SPACED_TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


def cleaned(rule: Rule, text: str) -> str:
    return ledger.apply(text, list(rule(Document("", text))))  # type: ignore[arg-type]


@pytest.mark.parametrize("case", cases("WS101"), ids=lambda case: case.name)
def test_line_ends(case: Case) -> None:
    assert_laws(case, "WS101")


@pytest.mark.parametrize("case", cases("WS102"), ids=lambda case: case.name)
def test_trailing_space(case: Case) -> None:
    assert_laws(case, "WS102")


@pytest.mark.parametrize("case", cases("WS103"), ids=lambda case: case.name)
def test_blank_lines(case: Case) -> None:
    assert_laws(case, "WS103")


@pytest.mark.parametrize("case", cases("WS104"), ids=lambda case: case.name)
def test_invisible_characters(case: Case) -> None:
    assert_laws(case, "WS104")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@given(text=SPACED_TEXTS)
@example(text="a\xad\u200b\na")
@example(text="a\xad\n\u200ba")
@settings(max_examples=300, deadline=None)
def test_rule_is_settled_after_one_pass(rule: Rule, text: str) -> None:
    once = cleaned(rule, text)
    assert not list(rule(Document("", once)))


@given(SPACED_TEXTS)
@settings(max_examples=300, deadline=None)
def test_line_ends_are_those_of_universal_newlines_but_for_what_was_converted_twice(text: str) -> None:
    while "\r\r\n" in text:
        text = text.replace("\r\r\n", "\r\n")
    assert cleaned(LineEnds(), text) == text.replace("\r\n", "\n").replace("\r", "\n")


@given(SPACED_TEXTS)
@settings(max_examples=300, deadline=None)
def test_trailing_space_is_what_rstrip_takes_from_a_line(text: str) -> None:
    text = text.replace("\r", "")
    assert cleaned(TrailingSpace(), text) == "\n".join(line.rstrip() for line in text.split("\n"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@pytest.mark.parametrize("piece", [" ", "\r", "\n", "\u200b", "\xad", " \n", "\t ", "a\u200b", "\u200b\xad"])
def test_a_million_characters_of_one_kind_take_less_than_seconds(rule: Rule, piece: str) -> None:
    text = "a" + piece * (1_000_000 // len(piece)) + "b"
    start = time.process_time()
    list(rule(Document("", text)))
    assert time.process_time() - start < 5


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_can_be_sent_to_a_worker(rule: Rule) -> None:
    assert pickle.loads(pickle.dumps(rule)) == rule
