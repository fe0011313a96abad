"""The learned extractor: its trees, its facts, what it takes for text, and what it says of each block."""

from __future__ import annotations

import json
import random
from importlib.util import find_spec

import numpy as np
import pytest
from extract import golden_blocks
from real_parts import needs

from cleaner import clean
from cleaner.extract.learned import explain_blocks, lexicon, neighbours, text_blocks
from cleaner.extract.learned.characters import count
from cleaner.extract.learned.choice import threshold
from cleaner.extract.learned.features import read
from cleaner.extract.learned.judge import judge, matrix
from cleaner.extract.learned.model import read_model, shipped_model
from cleaner.extract.learned.names import all_names
from cleaner.extract.learned.page_facts import read_page
from cleaner.extract.learned.page_kind import page_kind
from cleaner.extract.learned.trees import Trees, total
from cleaner.extract.page import parse
from cleaner.extract.walk import read_blocks

PARAGRAPHS = (
    "The ferry between Harrowmouth and the islands sails again from Monday, after eleven weeks in which the ship lay "
    "in the dock with a broken shaft.",
    "Captain Ines Marlow said on Friday that the new shaft had been tried in a rough sea and had held.",
    "The islands' two shops had been supplied by fishing boats, and had run out of flour twice.",
)
MENU = "<nav><ul>" + "".join(f"<li><a href='/{n}'>{n}</a></li>" for n in ("News", "Sport", "Weather")) + "</ul></nav>"
CONSENT = "<div class='cookie-consent'><p>We use cookies and similar techniques.</p><button>Accept all</button></div>"
PAGE = (
    "<!doctype html><html><head><title>Ferry sails again</title><meta name='viewport' content='width=1'></head><body>"
    f"<header>{MENU}</header><main><article><h1>Ferry sails again</h1>{''.join(f'<p>{p}</p>' for p in PARAGRAPHS)}"
    "</article><aside class='related'><h3>More news</h3><ul><li><a href='/a'>Bakers count their loaves twice</a></li>"
    "<li><a href='/b'>A lamp for the old quay</a></li></ul></aside></main>"
    f"{CONSENT}<footer>{MENU}</footer></body></html>"
)


@pytest.mark.parametrize("most", [20, 1 << 15, 1 << 20])
def test_sum_of_trees_is_what_descending_them_gives(most: int) -> None:
    draw = random.Random(7)
    facts = np.array([[draw.randrange(-most, most) for _ in range(40)] for _ in range(6)], np.int32)
    trees = [_tree(draw, 15, most) for _ in range(9)]
    facts[0, :9] = [tree[1] for tree in trees if not isinstance(tree, int)]  # a bound itself is not over it
    expected = [sum(_descend(tree, facts[:, column]) for tree in trees) for column in range(facts.shape[1])]
    assert total(_as_table(trees), facts).tolist() == expected


def test_many_blocks_are_judged_as_few_are() -> None:
    draw = random.Random(8)
    facts = np.array([[draw.randrange(20) for _ in range(700)] for _ in range(6)], np.int32)
    table = _as_table([_tree(draw, 15) for _ in range(5)])
    alone = [int(total(table, facts[:, [column]])[0]) for column in range(facts.shape[1])]
    assert total(table, facts).tolist() == alone


def test_inference_equals_that_of_the_training_library() -> None:
    needs(find_spec("lightgbm"), "LightGBM (the extra [train])")
    import lightgbm

    from training.blocks.export import LEAVES, model_file

    draw = np.random.default_rng(3)
    facts = draw.integers(-5, 200, (3000, 12))
    label = (facts[:, 0] + facts[:, 3] * (facts[:, 5] > 60) + draw.integers(0, 80, 3000) > 180).astype(int)
    settings = {"objective": "binary", "num_leaves": LEAVES, "verbose": -1, "num_threads": 1}
    booster = lightgbm.train(settings, lightgbm.Dataset(facts.astype(float), label), 30)
    rows = tuple(f"row{number}" for number in range(12))
    model = read_model(model_file("a test", [(rows, booster), (rows, booster)], shipped_model().network, {}))
    ours = total(model.first.trees, matrix(dict(zip(rows, facts.T, strict=True)), model.first.rows))
    theirs = booster.predict(facts.astype(float), raw_score=True)
    assert np.abs(ours / 2**16 - theirs).max() < 30 / 2**16


def test_words_are_weighed_as_in_training() -> None:
    needs(find_spec("lightgbm"), "LightGBM (the extra [train])")
    from training.blocks.pages import made_up_pages
    from training.blocks.words import SiteWords

    labelled = next(page for page in made_up_pages() if len(page.texts) > 20)
    blocks = np.repeat(np.arange(len(labelled.texts)), np.diff(labelled.starts))
    one = np.zeros(len(labelled.texts), np.int64)
    words = SiteWords(labelled.keys, blocks, labelled.kept.astype(int), one, one)
    weights = np.random.default_rng(5).integers(-300, 300, len(words.keys))
    expected = words.rows(weights, np.ones(len(labelled.texts), bool))
    found = lexicon.read(labelled.page, labelled.layout, lexicon.Weights.of(words.keys, weights))
    assert [found[name].tolist() for name in lexicon.ROWS] == expected.tolist()


def test_a_word_counts_once_a_page_that_was_made_up_and_a_class_once_a_kind_of_them() -> None:
    from training.blocks.words import SiteWords

    said, named = lexicon.word_key("please", lexicon.ANY), lexicon.word_key("please", lexicon.OWN)
    block, kept = np.array([0, 0, 1, 1]), np.array([0, 0])
    words = SiteWords(np.array([said, named] * 2, np.uint64), block, kept, np.array([1, 2]), np.array([0, 0]))
    weights = dict(zip(words.keys.tolist(), words.weights(np.ones(3, bool)).tolist(), strict=True))
    assert weights[said] < 0
    assert weights[named] == 0  # of one source alone: it says nothing of others


def test_characters_are_counted_by_kind() -> None:
    found = count(["Café opens at 9, says Ann.", "第一章，开始。", "?"])
    assert found.words.tolist() == [6, 5, 0]
    assert found.digits.tolist() == [1, 0, 0]
    assert found.dense.tolist() == [0, 5, 0]
    assert found.upper.tolist() == [2, 0, 0]
    assert found.stops.tolist() == [1, 1, 1]


def test_facts_are_whole_numbers() -> None:
    tree = parse(PAGE)
    _, rows = read(*read_page(tree))
    assert {row.dtype.kind for row in rows.values()} == {"i"}
    assert {len(row) for row in rows.values()} == {len(read_blocks(tree).blocks)}


def test_page_says_what_kind_it_is() -> None:
    page = parse(
        "<html><head><link rel=canonical href='https://a.example/2024/a-new-pier'><meta name=robots content=noindex>"
        '<script type="application/ld+json">{"@type": "NewsArticle"}</script></head><body class="single-post">'
        "<input><input type=password><button>Go</button></body></html>"
    )
    kind = page_kind(page)
    assert {name: value for name, value in kind.items() if value} == {
        "page_depth": 2, "page_path": 2, "page_noindex": 1, "page_fields": 1, "page_secrets": 1, "page_buttons": 1,
        "page_of_article": 1, "page_name3": 1,
    }  # fmt: skip
    assert page_kind(parse("<html><body>a</body></html>"))["page_depth"] == -1


def test_containers_are_called_what_templates_call_them() -> None:
    tree = parse("<body><div class=a id=b data-testid=story-body data-x=c><my-quote>Said</my-quote></div></body>")
    assert all_names(read_blocks(tree)) == (["", "a b story-body", "my-quote"], [1])


def test_second_pass_knows_the_runs_of_likely_text() -> None:
    tree = parse("<body>" + "<p>Six or seven words stand here.</p>" * 6 + "</body>")
    layout, _ = read(*read_page(tree))
    rows = neighbours.read(layout, np.array([900, 0, 0, 800, 900, 0]))
    assert rows["run_share"].tolist() == [346, 0, 0, 653, 653, 0]
    assert rows["run_before"].tolist() == [0, 346, 346, 346, 346, 653]
    assert rows["run_after"].tolist() == [653, 653, 653, 0, 0, 0]
    assert rows["from_main_run"].tolist() == [-3, -2, -1, 0, 0, 1]


def test_threshold_takes_what_raises_the_expected_f1() -> None:
    assert threshold(np.array([900, 800, 100, 50]), np.array([100, 100, 100, 100])) == 750
    assert threshold(np.array([700, 400, 100, 50]), np.array([100, 100, 100, 100])) == 400
    assert threshold(np.array([100, 50]), np.array([100, 100])) == 350


def test_article_is_text_and_what_stands_around_it_is_not() -> None:
    tree = parse(PAGE)
    assert [block.text for block in text_blocks(*read_page(tree))] == list(PARAGRAPHS)


@pytest.mark.parametrize("short", ["Билет стоит четыре кроны.", "Eine Fahrkarte kostet vier Kronen."])
def test_short_sentence_beside_the_text_is_text_where_a_page_has_no_links(short: str) -> None:
    told = "Управление порта сообщило во вторник, что паром между Ольмом и Пастербю будет ходить дважды в день."
    page = "<html><head><title>Паром</title></head><body><div><p>{}</p><p>{}</p></div>{}</body></html>"
    assert clean(page.format(told, short, "")).text == f"{told}\n{short}"
    assert clean(page.format(short, told, "")).text == f"{short}\n{told}"
    assert short not in clean(page.format(told, short.rstrip("."), "")).text


@pytest.mark.parametrize(
    "page",
    [
        "<!doctype html><h1>Ferries</h1><p>{}</p>",  # the README has such a page
        "<html><head><title>Ferry</title></head><body><h1>Ferry</h1><p>{}</p></body></html>",
        "<p>{}</p>",
        "<div>{}</div>",
    ],
)
def test_page_of_one_sentence_and_nothing_else_is_that_sentence(page: str) -> None:
    for told in (
        "The ferry left the harbour at nine, and nobody was on the pier.",
        "The ferry crossed the lake at dawn with nine people on board, and came back at noon.",
        "In einer Lagerhalle am Hafen ist am Montag ein Feuer ausgebrochen. Verletzt wurde niemand.",
    ):
        assert clean(page.format(told)).text == told
    asks = "<form><input type=password><button>Log in</button></form>"
    assert clean(page.format("Please enter your password to go on." + asks)).text == ""


def test_page_without_blocks_has_no_text() -> None:
    tree = parse("<html><body><img src=a.png></body></html>")
    assert text_blocks(*read_page(tree)) == []
    assert explain_blocks(*read_page(tree)) == ()


def test_each_block_is_explained() -> None:
    tree = parse(PAGE)
    page = read_blocks(tree)
    blocks = explain_blocks(*read_page(tree))
    assert [block.text for block in blocks] == [block.text for block in page.blocks]
    assert [block.text for block in blocks if block.kept] == list(PARAGRAPHS)
    kinds = {block.text: block.kind for block in blocks}
    assert kinds["Sport"] == "navigation"
    assert kinds["Accept all"] == "consent"
    assert kinds["More news"] == "related"
    assert kinds["Ferry sails again"] == "headline"
    assert kinds[PARAGRAPHS[0]] == "paragraph"
    assert all(block.reasons for block in blocks if block.text in PARAGRAPHS)


def test_verdict_does_not_depend_on_what_was_judged_before() -> None:
    tree = parse(PAGE)
    scores = judge(*read_page(tree), shipped_model()).scores.tolist()
    other = parse(PAGE.replace("Ferry", "Boat").replace("related", "body"))
    judge(*read_page(other), shipped_model())
    assert judge(*read_page(tree), shipped_model()).scores.tolist() == scores


def test_shipped_model_says_of_the_samples_what_it_said() -> None:
    assert golden_blocks.verdicts() == json.loads(golden_blocks.GOLDEN.read_text(encoding="utf-8"))


def test_page_of_many_blocks_is_judged() -> None:
    tree = parse("<html><body><main>" + f"<p>{PARAGRAPHS[0]}</p>" * 30_000 + "</main></body></html>")
    assert len(judge(*read_page(tree), shipped_model()).scores) == 30_000


Tree = tuple[int, int, "Tree", "Tree"] | int


def _tree(draw: random.Random, nodes: int, most: int = 20) -> Tree:
    if nodes == 0:
        return draw.randrange(-1000, 1000)
    left = draw.randrange(nodes)
    return draw.randrange(6), draw.randrange(most), _tree(draw, left, most), _tree(draw, nodes - 1 - left, most)


def _descend(tree: Tree, facts: np.ndarray) -> int:
    while not isinstance(tree, int):
        row, bound, left, right = tree
        tree = left if facts[row] <= bound else right
    return tree


def _as_table(trees: list[Tree]) -> Trees:
    row, bound = np.zeros((15, len(trees)), np.intp), np.zeros((15, len(trees)), np.int32)
    mask, value = np.full((15, len(trees)), 0xFFFF, np.uint16), np.zeros((len(trees), 16), np.int32)
    for number, tree in enumerate(trees):
        values: list[int] = []
        for place, (at, least, left) in enumerate(_nodes(tree, values)):
            row[place, number], bound[place, number], mask[place, number] = at, least, 0xFFFF & ~left
        value[number, : len(values)] = values
    return Trees.of(row, bound, mask, value.ravel())


def _nodes(tree: Tree, values: list[int]) -> list[tuple[int, int, int]]:
    if isinstance(tree, int):
        values.append(tree)
        return []
    first = len(values)
    nodes = _nodes(tree[2], values)
    under = sum(1 << leaf for leaf in range(first, len(values)))
    return [*nodes, *_nodes(tree[3], values), (tree[0], tree[1], under)]
