"""A long text is sketched piece by piece: the same sketch, in memory that a worker has."""

from __future__ import annotations

import random
import tracemalloc

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner.dedup import large, sketch
from cleaner.dedup.pieces import pieces
from cleaner.dedup.shingles import shingles
from cleaner.dedup.sketch import Sketcher
from cleaner.folding import comparable
from cleaner.runner.worker import MEMORY_PER_BYTE

# Letters with and without spaces, marks that join what stands before them, jamo, half-width kana and their voice marks,
# ligatures, line ends in the middle of words, and what is seen through.
LETTERS = st.text(alphabet=st.sampled_from("aB é́ŒßΣДЯ中海가ᄀ\u1161ｶﾞガ์ไ𝔘𠀀🙂_-\u2010\xad\n\t0½ﬁ﷽ـَ\ud800"))
LONG = st.lists(
    st.sampled_from(["har-\nbour ", "中文没有空格", "e\u0301a" * 20, "one two ", "x" * 70, "-\n", " \t", "🙂"])
).map("".join)


@pytest.mark.parametrize("size", [1, 2, 7])
@given(text=LETTERS | LONG)
@example(text="har-\nbour")
@example(text="a" * 200)
@example(text="a b " * 60)
def test_pieces_fold_as_the_whole_does(size: int, text: str) -> None:
    parts = list(pieces(text, size))
    assert "".join(parts) == text
    assert "".join(map(comparable, parts)) == comparable(text)


@pytest.mark.parametrize("piece_chars", [1, 40])
@settings(deadline=None)
@given(text=LETTERS | LONG, window=st.sampled_from([0, 3, 18]), size=st.sampled_from([1, 5]))
@example(text="", window=18, size=5)
@example(text="a" * 200, window=18, size=5)
@example(text="a b " * 60, window=18, size=5)
@example(text="中" * 90, window=18, size=5)
@example(text="12 34", window=18, size=5)
@example(text="a\u0640a", window=0, size=5)
def test_the_shingles_of_a_long_text_are_those_of_any_text(piece_chars: int, window: int, size: int, text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(large, "_PIECE_CHARS", piece_chars)
        patch.setattr(large, "_BLOCK", 7)
        found = large.large_shingles(text, size, window)
    plain = shingles([text], size, window)
    assert (found.exact, found.words, found.anchors) == (plain.exact, plain.words, plain.anchors)
    assert found.hashes.tolist() == plain.hashes.tolist()
    assert found.bounds.tolist() == plain.bounds.tolist()


def test_sketches_do_not_depend_on_what_counts_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(1)
    texts = ["".join(draw.choices("abc déf海中 \n", k=size)) for size in (10, 4000, 20, 9000, 5000, 30)]
    sketcher = Sketcher(contained=0.8)
    plain = sketcher.batch(texts)
    monkeypatch.setattr(sketch, "LARGE_CHARS", 3000)
    monkeypatch.setattr(large, "_PIECE_CHARS", 500)
    assert sketcher.batch(texts) == plain


def chinese(size: int) -> str:
    draw = random.Random(2)
    return "".join(chr(0x4E00 + draw.randrange(3000)) for _ in range(size // 3))


@pytest.mark.parametrize("text", [chinese(6 << 20), "a" * (6 << 20), "a b " * (6 << 18)], ids=["chinese", "a", "words"])
def test_a_long_text_is_sketched_in_the_memory_that_a_worker_gets_for_it(text: str) -> None:
    sketcher = Sketcher()
    sketcher.batch(["loads its tables"])
    tracemalloc.start()
    try:
        sketcher.batch([text])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < MEMORY_PER_BYTE * len(text.encode())
