"""Words, shingles, signatures and bands against slow, plain definitions of them."""

from __future__ import annotations

import random
import re

import datasketch
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.dedup.bands import Bands, bands
from cleaner.dedup.characters import KIND, RECASED, UNSETTLED, traits
from cleaner.dedup.hashing import Hashes
from cleaner.dedup.shingles import shingles
from cleaner.dedup.signature import PERMUTATIONS, permutations, signatures
from cleaner.dedup.sketch import Sketcher
from cleaner.dedup.words import Integers, words
from cleaner.folding import caseless, comparable

TEXTS = [
    "",
    "   \n\t",
    "!!! … ---",
    "one",
    "One, two: three; four",
    "The ferry to the island leaves at nine, and the next one leaves at noon.",
    "Le café « L’Été » rouvre à Noël ; l’œuvre coûte 12,50 €.",
    "Straße, STRASSE, ﬁne, ½, Å (U+212B), ｆｕｌｌ ｗｉｄｔｈ",
    "Поезд отправляется в девять часов утра с первого пути",
    "今日は天気がいいので、島まで船で行きました。明日も行きます。",
    "เรือข้ามฟากไปเกาะออกเวลาเก้าโมงเช้าทุกวัน",
    "emoji 🙂 and 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 and 𠀀𠀁𠀂 and a lone \ud800 surrogate \udfff here",
    "nul\0bytes\0separate words",
    "x" * 300 + " " + "y" * 64 + " " + "z" * 65 + " donaudampfschifffahrtsgesellschaft",
    "word " * 400,
    "12345678 123456789 1234567890123456 12345678901234567",
]


def plain_words(text: str) -> list[str]:
    return re.findall(r"\w+", comparable(text))


def words_by_text(texts: list[str]) -> list[list[int]]:
    found = words(texts)
    return [found.hashes[found.bounds[i] : found.bounds[i + 1]].tolist() for i in range(len(texts))]


def assert_same_words(texts: list[str]) -> None:
    """Equal words have equal hashes, different ones different hashes, and each text has its own number of them."""
    names: dict[str, int] = {}
    for text, hashes in zip(texts, words_by_text(texts), strict=True):
        plain = plain_words(text)
        assert len(plain) == len(hashes)
        for word, value in zip(plain, hashes, strict=True):
            assert names.setdefault(word, value) == value
    assert len(set(names.values())) == len(names)


def test_words_are_those_of_the_regular_expression() -> None:
    assert_same_words(TEXTS)


@given(st.lists(st.text()))
def test_words_of_any_text_are_those_of_the_regular_expression(texts: list[str]) -> None:
    assert_same_words(texts)


@given(st.lists(st.text(alphabet=st.sampled_from("aB é́ŒßΣДЯ中ガ์ไ𝔘𠀀🙂_-0½﷽\ud800"))))
def test_words_of_mixed_scripts_are_those_of_the_regular_expression(texts: list[str]) -> None:
    assert_same_words(texts)


def test_german_words_are_found_without_folding_their_text(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Die Straße führt am Fluß entlang, der Gruß hängt am Tor, ßß"
    plain = words([comparable(text)])
    monkeypatch.setattr("cleaner.dedup.words.comparable", lambda text: pytest.fail(f"folded: {text}"))
    found = words([text])
    assert found.hashes.tolist() == plain.hashes.tolist()
    assert (found.chars.tolist(), found.unspaced.tolist()) == (plain.chars.tolist(), [0])


@pytest.mark.parametrize("hyphen", ["-", "\u2010"])
def test_words_broken_at_line_ends_are_whole_again(hyphen: str) -> None:
    texts = [
        f"The har{hyphen}\nbour",
        "- one\n- two -\n",
        f"\nwell{hyphen}known\n",
        f"Kaf{hyphen}\nfee {hyphen}\n",
        "é\n",
    ]
    assert_same_words(texts)
    assert plain_words(texts[0]) == ["the", "harbour"]


def test_words_beside_every_character_are_those_of_the_regular_expression() -> None:
    # Most characters need no folding; this holds each of them to what folding gives.
    texts = [f"a{char}b {char} A{char}{char}É" for char in map(chr, range(0x20000))]
    found = words(texts)
    assert np.diff(found.bounds).tolist() == [len(plain_words(text)) for text in texts]
    names: dict[str, int] = {}
    plain = [word for text in texts for word in plain_words(text)]
    assert all(names.setdefault(word, value) == value for word, value in zip(plain, found.hashes.tolist(), strict=True))
    assert len(set(names.values())) == len(names)


@given(st.data())
def test_words_between_any_two_characters_are_those_of_the_regular_expression(data: st.DataObject) -> None:
    char = st.integers(0x20, 0x1FFFF).map(chr)
    assert_same_words(data.draw(st.lists(st.lists(char, max_size=6).map("".join), max_size=8)))


def test_every_code_point_is_a_word_character_exactly_where_re_says_so() -> None:
    kinds = traits() & KIND
    assert [bool(kind) for kind in kinds] == [bool(re.match(r"\w", chr(point))) for point in range(len(kinds))]


@pytest.mark.parametrize("before", ["", "a", "ᄀ", "가", "か"])
def test_folding_neither_changes_a_settled_word_character_nor_joins_it_to_the_one_before(before: str) -> None:
    settled = np.flatnonzero((traits() & KIND > 0) & (traits() & (RECASED | UNSETTLED) == 0))
    chars = [chr(point) for point in settled.tolist() if point > 0x7F]
    assert len(chars) > 40_000
    assert [char for char in chars if caseless(before + char) != caseless(before) + char] == []


def test_characters_are_counted_by_code_point() -> None:
    found = words(TEXTS)
    assert found.chars.tolist() == [sum(map(len, plain_words(text))) for text in TEXTS]


def test_shingles_are_the_runs_of_five_words() -> None:
    spaced = [TEXTS[5], TEXTS[6], TEXTS[8], "a b c d e a b c d e a b c d e"]
    found = shingles(spaced, 5)
    for index, text in enumerate(spaced):
        plain = plain_words(text)
        hashes = found.hashes[found.bounds[index] : found.bounds[index + 1]]
        assert len(hashes) == len({tuple(plain[i : i + 5]) for i in range(len(plain) - 4)})
        assert found.words[index] == len(plain)
        assert (hashes[1:] > hashes[:-1]).all()


@pytest.mark.parametrize("text", [TEXTS[9], TEXTS[10], "Llanfairpwllgwyngyll antidisestablishmentarianism"])
def test_shingles_are_runs_of_five_characters_where_words_do_not_split_the_text(text: str) -> None:
    entry = shingles([text], 5)
    joined = "".join(plain_words(text))
    assert len(entry.hashes) == len({joined[i : i + 5] for i in range(len(joined) - 4)})


@pytest.mark.parametrize("text", ["", "...", "one", "one two three four", "東京", "word " * 4])
def test_a_short_text_is_one_shingle(text: str) -> None:
    entry = shingles([text], 5)
    assert len(entry.hashes) == 1


def test_one_repeated_word_is_one_shingle() -> None:
    entry = shingles(["word " * 400], 5)
    assert len(entry.hashes) == 1
    assert entry.words == [400]


def test_sketches_do_not_depend_on_the_batch() -> None:
    sketcher = Sketcher()
    together = sketcher.batch(TEXTS * 3)
    alone = [sketch for text in TEXTS * 3 for sketch in sketcher.batch([text])]
    assert together == alone


def test_sketches_are_the_same_in_every_version() -> None:
    # These go into indexes on disk: a change asks for a new SHINGLES_VERSION.
    first, second = Sketcher().batch([TEXTS[5], TEXTS[9]])
    assert first.exact.hex() == EXPECTED[0]
    assert first.shingles[:8].hex() == EXPECTED[1]
    assert first.bands[:8].hex() == EXPECTED[2]
    assert second.shingles[:8].hex() == EXPECTED[3]


EXPECTED = ("beafd7f6200865c2ca453da3f38fe0f3", "9c613eca8e801c03", "783069b133c59988", "85be7d32cabe9409")


def test_no_shingles_collide_among_similar_words() -> None:
    vocabulary = [f"{stem}{number}" for stem in ("", "a", "b_", "item", "page") for number in range(20_000)]
    random.Random(1).shuffle(vocabulary)
    entry = shingles([" ".join(vocabulary)], 5)
    assert len(entry.hashes) == len(vocabulary) - 4
    halves = entry.hashes >> np.uint64(16)
    assert len(np.unique(halves)) == len(halves)


def test_no_shingles_collide_among_permutations_of_few_words() -> None:
    draw = random.Random(2)
    plain = [draw.choice(["a", "b", "c", "ab", "ba"]) for _ in range(50_000)]
    entry = shingles([" ".join(plain)], 9)
    assert len(entry.hashes) == len({tuple(plain[i : i + 9]) for i in range(len(plain) - 8)})


def together(sets: list[Hashes]) -> tuple[Hashes, Integers]:
    return np.concatenate(sets), np.cumsum([0, *map(len, sets)])


def test_permutations_are_those_of_datasketch() -> None:
    theirs = datasketch.MinHash(num_perm=PERMUTATIONS, scheme="affine32").permutations
    assert np.array_equal(np.array(permutations()), np.array(theirs))


def test_signatures_are_those_of_datasketch() -> None:
    draw = np.random.default_rng(1)
    # One set is longer than a block, one ends where a block ends.
    sets = [draw.integers(0, 2**64, size, np.uint64) for size in (1, 2, 700, 64_833, 5, 140_000, 1)]
    hashes, bounds = together(sets)
    for row, values in zip(signatures(hashes, bounds), sets, strict=True):
        theirs = datasketch.MinHash(num_perm=PERMUTATIONS, scheme="affine32", hashfunc=int)
        theirs.update_batch([int(value) & 0xFFFFFFFF for value in values])
        assert np.array_equal(row, theirs.hashvalues)


def test_few_permutations_are_the_first_of_many() -> None:
    hashes, bounds = together([np.arange(1, 500, dtype=np.uint64)])
    assert np.array_equal(signatures(hashes, bounds, 50), signatures(hashes, bounds)[:, :50])


@pytest.mark.parametrize(("threshold", "layout"), [(0.5, (41, 2)), (0.7, (51, 4)), (0.8, (35, 5)), (0.9, (25, 8))])
def test_bands_of_common_thresholds(threshold: float, layout: tuple[int, int]) -> None:
    assert bands(threshold) == Bands(*layout)


@pytest.mark.parametrize("threshold", [0.0, -1.0, 1.1, float("nan")])
def test_a_threshold_out_of_range_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match="between"):
        Sketcher(threshold)


@pytest.mark.parametrize(
    ("printed", "plain"),
    [
        ("The har-\nbour office re-\nopened.", "The harbour office reopened."),
        ("The commit\xad\ntee met on Mon\xadday.", "The committee met on Monday."),
        ("قَـهْوَةٌ عَلى الرَّصيف", "قهوة على الرصيف"),
        ("בֵּית קָפֶה", "בית קפה"),
    ],
)
def test_what_print_adds_to_words_is_seen_through(printed: str, plain: str) -> None:
    assert shingles([printed], 5).hashes.tolist() == shingles([plain], 5).hashes.tolist()


def test_hyphen_inside_a_line_stays() -> None:
    assert shingles(["a well-known place"], 5).words == [4]
    assert shingles(["a list:\n-\nwords -\nmore"], 5).words == [4]
