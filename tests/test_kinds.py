"""What of a Markdown text is guarded, and in how long that is found out."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from growth import grows_less
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner.document import Edit
from cleaner.kinds.markdown import read_markdown
from cleaner.kinds.suppressions import Silence, Silences, silences
from cleaner.pipeline import Pipeline
from cleaner.rules.whitespace import BlankLines, LineEnds, TrailingSpace

NAMES = {"BP103": "comment-form", "MJ101": "mojibake", "WS102": "trailing-space"}


def named(word: str) -> frozenset[str]:
    return frozenset(code for code in NAMES if word in ("ALL", code))


def forbidden(text: str, old: str, new: str = "") -> bool:
    return read_markdown(text).forbids(Edit(text.index(old), old, new, ""))


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("A line.\n---\n", "A line.\n", ""),
        ("# A\n---\n", "# A\n", ""),
        ("A [b](c d) e", "c d", "cd"),
        ("A [b](c) e", "[b", ""),
        ("A **b** c", " **b", ""),
        ("A https://example.org/x.", "example", "exempel"),
        ("A  \nb", "  ", ""),
        ("> > ```\n> > a\n> > ```", "a\n", ""),
        ("[^1]: a", "a", "b"),
        ("<pre>\n\na\n\n</pre>", "a", "b"),
        ("<div>\n<pre>\n\na\n\n</pre>\n</div>", "a", "b"),
        ("---\na: b\n---\n", "b", "c"),
        ("a\n\n    b\n\n\n\n    c\n", "\n\n\n\n", "\n\n"),
    ],
)
def test_markup_is_forbidden(text: str, old: str, new: str) -> None:
    assert forbidden(text, old, new)


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("A line.\n\n---\n", "A line.\n", ""),
        ("A [b](c) e", "b", "B"),
        ("- [b](c)\n- d", "- [b](c)\n", ""),
        ("- a\n\n    b\n", "b", "B"),
        ("A **b** c", " **b** c", ""),
        ("a `b", "b", "B"),
        ("a  \t\nb", "  \t", ""),
        ("a  \nb", "a  \n", ""),
        ("a `b\n\nc` d", "c", "C"),
        ("---\na: b\n", "b", "c"),
        ("<div>\n\na\n\n</div>", "a", "b"),
    ],
)
def test_text_is_not(text: str, old: str, new: str) -> None:
    assert not forbidden(text, old, new)


def test_line_ends_are_mended_in_code_too() -> None:
    pipeline = Pipeline((LineEnds(), TrailingSpace(), BlankLines()), (), frozenset({"WS101", "WS102", "WS103"}))
    text = "a \r\n\r\n```\r\nb \r\n\r\n\r\n```\r\n"
    assert pipeline(cleaner.document.Document("", text, kind="markdown")).text == "a\n\n```\nb \n\n\n```\n"


def test_a_comment_can_keep_a_whole_text() -> None:
    config = cleaner.Config(min_words=50, ignore=("ND",))
    assert cleaner.clean("Few words.", kind="markdown", config=config).dropped is not None
    quiet = "<!-- cleaner: ignore-file too-short -->\n\nFew words."
    assert cleaner.clean(quiet, kind="markdown", config=config).dropped is None
    assert cleaner.clean(quiet, config=config).dropped is not None


def test_requests_are_read_whatever_their_spaces() -> None:
    text = "<!--cleaner:ignore-->\n\na\n<!-- cleaner: ignore-start  BP103-->\nb\n<!--\tcleaner: ignore-end -->\n c"
    found = silences(text, read_markdown(text).comments, named)
    assert found.asked == (Silence(3, 3, frozenset(NAMES)), Silence(4, 6, frozenset({"BP103"})))
    assert [line for line in range(1, 9) if found.covers("BP103", line)] == [3, 4, 5, 6]
    assert [line for line in range(1, 9) if found.covers("MJ101", line)] == [3]
    assert not Silences().covers("BP103", 1)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ab \t\n\r`~>-*+=#[]()<!|:\\1.&/\u00a0"), max_size=80))
def test_any_text_can_be_read_and_what_is_cleaned_stays_clean(text: str) -> None:
    once = cleaner.clean(text, kind="markdown")
    assert cleaner.ledger.undo(once.text, once.steps) == text
    assert not [step for step in cleaner.clean(once.text, kind="markdown").steps if step.edits]


HOSTILE: dict[str, Callable[[int], str]] = {
    "requests": lambda n: "<!-- cleaner: ignore BP103 -->\nThe ferry left.\n\n" * (n // 48),
    "requests on one line": lambda n: "<!-- cleaner: ignore BP103 --> x " * (n // 33),
    "requests over nothing": lambda n: "<!-- cleaner: ignore -->\n" * (n // 25),
    "a request of spaces": lambda n: f"<!-- cleaner: ignore{' ' * n}x -->",
    "comments without an end": lambda n: "<!-- cleaner: ignore " * (n // 21),
    "starts": lambda n: "<!-- cleaner: ignore-start BP103 -->\na\n" * (n // 39),
    "a long line": lambda n: "word " * (n // 5),
    "backticks": lambda n: "".join("`" * (i % 50 + 1) + "a" for i in range(n // 26)),
    "brackets": lambda n: "[" * n,
    "links without an end": lambda n: "](b\\)" * (n // 5),
    "links in links": lambda n: "](a](b)" * (n // 7),
    "tags without an end": lambda n: "<a \n" * (n // 4),
    "elements without an end": lambda n: "<pre>x " * (n // 7),
    "quotes": lambda n: (">" * 1000 + "a\n") * (n // 1002),
    "lists": lambda n: "".join("  " * (i % 60) + "- a\n" for i in range(n // 64)),
    "definitions": lambda n: "[a]: http://x.example\n" * (n // 22),
    "spaces": lambda n: f"a{' ' * n}b",
    "no table": lambda n: "a|b\n" * (n // 4),
    "lazy lines": lambda n: "> > > > > a\nb\n" * (n // 14),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_time_goes_up_with_the_length_and_not_its_square(make: Callable[[int], str]) -> None:
    def seconds(size: int) -> float:
        text = make(size)
        begun = time.process_time()
        asked = silences(text, read_markdown(text).comments, named)
        for line in range(text.count("\n")):
            asked.covers("BP103", line)
        return time.process_time() - begun

    # Eight times the length; a square would be 64 times.
    assert grows_less(24, seconds, 10_000, 80_000, spare=0.05)
