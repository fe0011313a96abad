"""The model of lines: what only reads like boilerplate goes, and says why; what reads like text stays."""

from __future__ import annotations

from array import array

import pytest

import cleaner
from cleaner.errors import ConfigError
from cleaner.rules.boilerplate.line_model import forest, model, wording
from cleaner.rules.boilerplate.line_model.facts import NAMES, Facts

TEXT = """The café on the corner opened again on Monday after two years of work, and the whole street came.

It will stay open until ten in the evening, said the owner, who had waited for this day since the spring. The street had
collected money for the new stove, and the baker next door lent her the chairs.

On Sunday there is music, and in the winter there will be soup. Whoever wants to help in the kitchen is welcome, she
said, as long as they bring an apron.
"""
# No pack has these phrases.
CRUFT = ("Sign up to join 800,000 other subscribers", "Print Story Email Story")


def found(text: str, level: str = "usual") -> list[str]:
    result = cleaner.clean(text, config=cleaner.Config(line_model=level))
    return [edit.message for step in result.steps for edit in step.edits if "reads like" in edit.message]


def test_lines_that_read_like_boilerplate_go_with_their_reason() -> None:
    text = TEXT + "\n" + "\n".join(CRUFT) + "\n"
    assert cleaner.clean(text).text.strip() == TEXT.strip()
    messages = found(text)
    assert len(messages) == len(CRUFT)
    assert messages[0].startswith("reads like newsletter (")


def test_off_leaves_them() -> None:
    text = TEXT + "\n" + "\n".join(CRUFT) + "\n"
    result = cleaner.clean(text, config=cleaner.Config(line_model="off"))
    assert all(line in result.text for line in CRUFT)


def test_a_line_in_quotation_marks_and_a_text_without_prose_stay() -> None:
    assert not found(TEXT + '\n"Sign up to join 800,000 other subscribers"\n')
    assert not found("\n".join(CRUFT) + "\n")


def test_levels_have_falling_thresholds() -> None:
    thresholds = model.builtin().thresholds
    assert thresholds["careful"] > thresholds["usual"] > thresholds["eager"]


def test_what_was_cleaned_has_nothing_more_to_find() -> None:
    once = cleaner.clean(TEXT + "\n" + "\n".join(CRUFT) + "\n").text
    assert not found(once, "eager") or cleaner.clean(once).text == once


def test_another_level_is_refused_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match="did you mean 'eager'"):
        cleaner.Config(line_model="egar")


def test_the_shipped_file_is_small_and_whole() -> None:
    assert model.BUILTIN.stat().st_size <= 400_000
    shipped = model.builtin()
    assert len(shipped.usual) == len(NAMES)
    assert shipped.kinds == ("", *model.CLASSES)
    assert shipped.wording.score("Share this post") > 0 > shipped.wording.score("He closed the door and went home.")


def test_a_file_cut_short_is_refused() -> None:
    with pytest.raises(ValueError, match="cut short"):
        model.unpack(model.BUILTIN.read_bytes()[:-1000])


def test_pack_gives_what_unpack_reads() -> None:
    arrays = {
        "weights": array("b", [1] * wording.BUCKETS), "kinds": array("B", bytes(wording.BUCKETS)),
        "roots": array("i", [0, -3]), "facts": array("B", [0]), "thresholds": array("h", [5]),
        "lefts": array("h", [-1]), "rights": array("h", [-2]), "leaves": array("h", [-7, 7, 100]),
    }  # fmt: skip
    header = {"scale": 4096, "bias": -10, "kinds": ["", "BP103"], "thresholds": {"usual": 3}, "usual": [0]}
    data = model.pack(header, arrays)
    assert data == model.pack(header, arrays)
    made = model.unpack(data)
    assert made.forest([5]) == 93
    assert made.forest([6]) == 107
    assert made.forest([5], wanted=105) <= 105
    assert made.kinds == ("", "BP103")


def test_a_sum_that_cannot_be_reached_is_cut_short_but_never_wrong() -> None:
    trees = model.builtin().forest
    rows = [[value] * len(NAMES) for value in range(-300, 900, 50)]
    for row in rows:
        whole = trees(row)
        assert trees(row, whole - 1) == whole
        assert trees(row, whole) <= whole


def test_facts_take_time_in_proportion_to_the_text() -> None:
    texts = ["word"] * 5000
    facts = Facts(texts, [False] * 5000, lambda line: 100)
    assert len(facts(2500)) == len(NAMES)


def test_a_line_of_the_longest_kind_has_whole_numbers_for_facts() -> None:
    facts = Facts(["x" * 100_000, "Kommentar"], [True, False], lambda line: 100)
    assert all(isinstance(fact, int) for fact in facts(0))


def test_a_forest_without_trees_adds_up_to_nothing() -> None:
    empty = array("i")
    assert forest.Forest(empty, empty, empty, empty, empty, empty)([]) == 0
