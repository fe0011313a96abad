"""The measure of how time grows says what it should, on a busy machine too."""

from __future__ import annotations

from collections import Counter

from growth import grows_less


def test_a_square_is_found_and_a_line_is_none() -> None:
    assert not grows_less(20, lambda size: 1e-9 * size**2, 1_000, 8_000)
    assert grows_less(20, lambda size: 1e-6 * size, 1_000, 8_000)


def test_a_machine_that_is_busy_for_some_rounds_changes_nothing() -> None:
    asked: Counter[int] = Counter()

    def seconds(size: int) -> float:
        asked[size] += 1
        return 1e-6 * size * (5 if size == 8_000 and asked[size] < 6 else 1)

    assert grows_less(20, seconds, 1_000, 8_000)
    assert asked[8_000] == 6
