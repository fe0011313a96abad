"""The laws of the ledger, over random texts and edits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import ledger
from cleaner.document import Drop, Edit, Finding, Step, Tag
from cleaner.trace import trace

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


@st.composite
def edits_of(draw: st.DrawFn, text: str, codes: tuple[str, ...] = ("A",)) -> list[Edit]:
    places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    edits = []
    for start, end in zip(places[::2], places[1::2], strict=False):
        if edits and start < edits[-1].start + max(1, len(edits[-1].old)):
            continue
        edits.append(Edit(start, text[start:end], draw(TEXT), "because", code=draw(st.sampled_from(codes))))
    return edits


@st.composite
def runs(draw: st.DrawFn) -> tuple[str, str, list[Step]]:
    source = text = draw(TEXT)
    steps = []
    for _ in range(draw(st.integers(0, 4))):
        edits = draw(edits_of(text))
        steps.append(Step("A", tuple(edits)))
        text = ledger.apply(text, edits)
    return source, text, steps


@given(runs())
def test_undo_gives_back_what_came_in(run: tuple[str, str, list[Step]]) -> None:
    source, text, steps = run
    assert ledger.undo(text, steps) == source


@given(runs())
def test_trace_joins_to_the_source_and_to_the_text(run: tuple[str, str, list[Step]]) -> None:
    source, text, steps = run
    spans = trace(source, steps)
    assert "".join(span.source for span in spans) == source
    assert "".join(span.text for span in spans) == text


@given(runs())
def test_origin_points_at_the_same_character_where_it_was_not_put_in(run: tuple[str, str, list[Step]]) -> None:
    source, text, steps = run
    kept = {}
    place = start = 0
    for span in trace(source, steps):
        if not span.codes:
            kept.update({place + i: start + i for i in range(len(span.text))})
        place += len(span.text)
        start += len(span.source)
    for offset, expected in kept.items():
        assert ledger.origin(offset, steps) == expected
        assert source[expected] == text[offset]


@given(st.data())
def test_findings_of_several_codes_make_the_same_text_step_by_step_as_at_once(data: st.DataObject) -> None:
    text = data.draw(TEXT)
    edits = data.draw(edits_of(text, ("A", "B", "C")))
    steps = ledger.steps_by_code("A", edits)
    stepwise = text
    for step in steps:
        stepwise = ledger.apply(stepwise, step.edits)
    assert stepwise == ledger.apply(text, edits)
    assert [step.code for step in steps] == sorted({edit.code or "A" for edit in edits})


def test_edits_that_overlap_are_refused() -> None:
    with pytest.raises(ledger.LedgerError, match="overlap"):
        ledger.apply("abc", [Edit(0, "ab", "", ""), Edit(1, "b", "", "")])


def test_an_edit_of_another_text_is_refused_with_its_place() -> None:
    with pytest.raises(ledger.LedgerError, match="expected 'x' at 1, found 'b'") as caught:
        ledger.apply("abc", [Edit(1, "x", "", "")])
    assert caught.value.start == 1


def test_tags_and_drops_change_no_text() -> None:
    findings: list[Finding] = [Tag("language", "fr"), Drop("too short")]
    assert [step.edits for step in ledger.steps_by_code("LG", findings)] == [()]
