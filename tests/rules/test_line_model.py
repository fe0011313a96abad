"""The model of lines: what only reads like boilerplate goes, and says why; what reads like text stays."""

from __future__ import annotations

import time
from array import array
from random import Random

import pytest
from growth import grows_less

import cleaner
from cleaner.errors import ConfigError
from cleaner.rules.boilerplate import keys
from cleaner.rules.boilerplate.line_model import facts, forest, model, take, wording
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


def test_prose_has_to_read_more_like_boilerplate_than_a_short_line(monkeypatch: pytest.MonkeyPatch) -> None:
    line = "Click here for more of our stories, and share this article with all your friends on Facebook and Twitter."
    text = TEXT + "\n" + line + "\n"
    assert line in cleaner.clean(text).text
    shipped = model.builtin()
    lenient = shipped._replace(thresholds=shipped.thresholds | {"prose": shipped.thresholds["eager"]})
    monkeypatch.setattr(model, "builtin", lambda: lenient)
    assert line not in cleaner.clean(text).text


def test_the_short_lines_of_a_listing_stay() -> None:
    towns = [f"{name} {number}" for number in range(25) for name in ("Northville", "Remote", "Orange", "Lake Park")]
    listing = "\n".join([TEXT.split("\n")[0], *towns]) + "\n"
    assert cleaner.clean(listing).text == listing


def test_short_lines_amid_many_and_rows_of_tables_are_no_cruft() -> None:
    prose = TEXT.split("\n")[0]
    words = [f"Word {number}" for number in range(16)]
    rows = [f"| {place} | April {number} |" for number, place in enumerate(("Paris", "London", "Milan", "Berlin"))]
    texts = [prose, *words, prose, "| Home | News |", prose, *rows, prose, "| Home |", "| News |", "| Sport |", prose]
    facts_of = Facts(texts, [text == prose for text in texts], lambda text: 0 if text == prose else take.GATE + 1)
    doubtful = [texts[row] for row in take.doubtful(facts_of)]
    assert doubtful == ["| Home | News |", rows[0], rows[-1], "| Home |", "| News |", "| Sport |"]


def test_in_a_text_that_lists_its_own_sections_the_model_is_silent() -> None:
    parts = ("Saving", "Labels", "Filters", "Archiving")
    sections = "".join(
        f"{part}\nTap the menu beside the link that you wish to keep, and choose the entry.\n" for part in parts
    )
    contents = "\n".join(parts) + "\n"
    assert found(sections + TEXT + CRUFT[0] + "\n")
    assert not found(contents + sections + TEXT + CRUFT[0] + "\n")
    assert take.has_contents((contents + sections).strip().split("\n"))
    assert not take.has_contents((sections + contents).strip().split("\n"))


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
    header = {
        "scale": 4096, "bias": -10, "kinds": ["", "BP103"],
        "thresholds": {"careful": 4, "usual": 3, "eager": 2, "prose": 4}, "usual": [0] * len(NAMES),
    }  # fmt: skip
    data = model.pack(header, arrays)
    assert data == model.pack(header, arrays)
    made = model.unpack(data)
    assert made.forest([5]) == 93
    assert made.forest([6]) == 107
    assert made.forest([5], unknown={0}) == 107
    assert made.kinds == ("", "BP103")


def test_a_forest_adds_up_what_a_walk_down_its_trees_finds() -> None:
    random = Random(7)
    roots, nodes, leaves = array("i"), [array("i") for _ in range(4)], array("i")

    def grow(depth: int) -> int:
        if depth == 0 or (depth < 3 and random.random() < 0.3):
            leaves.append(random.randint(-900, 900))
            return -len(leaves)
        me = len(nodes[0])
        for column, value in zip(nodes, (random.randrange(4), random.randint(-5, 5), 0, 0), strict=True):
            column.append(value)
        nodes[2][me] = grow(depth - 1)
        nodes[3][me] = grow(depth - 1)
        return me

    def walk(node: int, row: list[int], unknown: set[int]) -> int:
        if node < 0:
            return leaves[~node]
        fact, threshold, *ways = (column[node] for column in nodes)
        if fact in unknown:
            return max(walk(way, row, unknown) for way in ways)
        return walk(ways[row[fact] > threshold], row, unknown)

    roots.extend(grow(4) for _ in range(30))
    trees = forest.Forest(roots, *nodes, leaves)
    for _ in range(300):
        row = [random.randint(-7, 7) for _ in range(4)]
        assert trees(row) == sum(walk(root, row, set()) for root in roots)
        assert trees(row, unknown={1, 3}) == sum(walk(root, row, {1, 3}) for root in roots)
        left = [trees.left(row, facts) for facts in (range(1), range(1, 3), range(3, 4))]
        assert trees.most(left) == trees(row)
        assert trees.most(left[:2]) == trees(row, unknown={3})


def test_a_tree_of_more_leaves_than_fit_is_refused() -> None:
    nodes = range(forest.LANE_BITS)
    lefts = array("i", [-1 - node for node in nodes])
    rights = array("i", [*nodes[1:], -1 - len(nodes)])
    columns = (array("i", [0] * len(nodes)), array("i", nodes), lefts, rights)
    with pytest.raises(ValueError, match="17 leaves"):
        forest.Forest(array("i", [0]), *columns, array("i", range(len(nodes) + 1)))


def test_words_are_counted_as_they_stand_in_the_text() -> None:
    said = facts.Said(["The café’s stoves", "a stove, a Stove and stoves_", "東京東京"])
    assert said.times("stove", 9) == 2
    assert said.times("stove", 1) == 1
    assert said.times("stoves", 9) == 1
    assert said.times("東京", 9) == 2
    assert said.times("京東", 9) == 1


def test_folding_replaces_each_letter_once() -> None:
    assert not {letter for plain in keys._FOLDED.values() for letter in plain} & keys._FOLDED.keys()


def test_a_long_text_folds_as_its_lines_do() -> None:
    lines = ["Cafe\u0301 à l’étranger", "Ё und ё", "plain", "q\u0308 \u0370 \u0345α", "“x”"] * 50
    for some in (lines, [line for line in lines if "\u0308" not in line and "\u0301" not in line]):
        assert keys.fold("\n".join(some)) == "\n".join(map(keys.fold, some))


def test_facts_take_time_in_proportion_to_the_text() -> None:
    texts = ["word"] * 5000
    known = Facts(texts, [False] * 5000, lambda line: 100)
    assert len(known(2500)) == len(NAMES)


def test_a_line_of_the_longest_kind_has_whole_numbers_for_facts() -> None:
    known = Facts(["x" * 100_000, "Kommentar"], [True, False], lambda line: 100)
    assert all(isinstance(fact, int) for fact in known(0))


def test_a_forest_without_trees_adds_up_to_nothing() -> None:
    empty = array("i")
    assert forest.Forest(empty, empty, empty, empty, empty, empty)([]) == 0


def test_words_are_counted_as_they_are_sought() -> None:
    from cleaner.rules.boilerplate.line_model.facts import SOUGHT, Said, _words

    rows = ["The ferry_boat left; the ferry left again, ferry.", "Ferryman", "港町の港町から", "2024 ferries and 20245"]
    sought, counted = Said(rows), Said(rows)
    counted._asked = SOUGHT
    for word in {*(word for row in rows for word in _words(row)), "boat", "left", "港町", "nobody"}:
        sought._asked = 0
        assert sought.times(word, 3) == counted.times(word, 3), word


def test_time_grows_no_faster_than_a_text_of_doubtful_lines_that_all_say_something_else() -> None:
    prose = "The river below our house carries more than water, and each spring it brings down silt as fine as powder."

    def seconds(lines: int) -> float:
        text = "".join(f"Share this kiosk{n} pier{n}\n" + f"{prose} {n}\n" * (n % 3 == 0) for n in range(lines))
        start = time.process_time()
        cleaner.clean(text, html=False)
        return time.process_time() - start

    seconds(10)  # what is loaded once
    assert grows_less(16, seconds, 1_000, 8_000)  # a square would be 64 times
