"""Pages of very many blocks are judged a stretch at a time."""

from __future__ import annotations

import pytest

from cleaner.extract import learned
from cleaner.extract.block import Block, Page
from cleaner.extract.learned import judge, stretches
from cleaner.extract.learned.features import read
from cleaner.extract.learned.page_facts import read_page
from cleaner.extract.page import parse

HTML = (
    "<title>Mill</title><nav><a href=/>Home</a></nav><article class=story><h1>Mill</h1>"
    + "<div class=part><h2>Rye</h2><p>Ground on Friday.</p><img src=/a.png alt=A><ul><li>two<li>three</ul></div>after"
    * 7
    + "</article><footer>End</footer>"
)


def around(page: Page, block: Block) -> list[tuple[str, str]]:
    return [(page.tags[node], page.names[node]) for node in page.ancestors(block.node)]


@pytest.mark.parametrize("most", [1, 4, 100])
def test_stretches_have_all_blocks_in_their_containers_and_the_pictures_before_them(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(stretches, "MOST_BLOCKS", most)
    tree = parse(HTML)
    page, about = read_page(tree)
    found = list(stretches.stretches(page))
    assert max(len(stretch.blocks) for stretch in found) <= most
    told = [(block.text, around(stretch, block)) for stretch in found for block in stretch.blocks]
    assert told == [(block.text, around(page, block)) for block in page.blocks]
    before = [stretch.blocks[image.before].text for stretch in found for image in stretch.images
              if image.before < len(stretch.blocks)]  # fmt: skip
    assert before == ["two"] * 7
    for stretch in found:
        assert all(parent < node for node, parent in enumerate(stretch.parents))
        layout, rows = read(stretch, about)
        assert len(layout.size) == len(rows["size"]) == len(stretch.blocks)


def test_no_more_blocks_than_that_are_judged_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = parse("<p>The wheel of the mill turns again, and flour is sold at noon.</p>" * 50)
    page, about = read_page(tree)
    whole = learned.text_blocks(page, about)
    judged: list[int] = []
    one = judge.judge

    def counted(page: Page, *given: object, **more: object) -> judge.Verdict:
        judged.append(len(page.blocks))
        return one(page, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(judge, "judge", counted)
    monkeypatch.setattr(stretches, "MOST_BLOCKS", 20)
    assert learned.text_blocks(page, about) == whole == page.blocks
    assert judged == [20, 20, 10]
    explained = learned.explain_blocks(page, about)
    assert [told.text for told in explained if told.kept] == [block.text for block in page.blocks]
