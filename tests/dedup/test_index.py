"""The index that a scraper asks."""

from __future__ import annotations

import subprocess
import sys

from cleaner.dedup import Match, NearDuplicateIndex

FERRY = "The ferry to the island leaves at nine, and the next one leaves at noon, weather permitting, all year round."


def test_what_matches_is_not_added() -> None:
    with NearDuplicateIndex.open() as index:
        assert index.check_and_add("a", FERRY) is None
        assert index.check_and_add("b", FERRY.upper()) == Match("a", 1.0)
        match = index.check_and_add("c", FERRY + " Dogs travel free.")
        assert match is not None
        assert match.id == "a"
        assert 0.7 <= match.similarity < 1
        assert index.check_and_add("d", "Another text altogether, about the price of bread in the town.") is None


def test_a_query_adds_nothing() -> None:
    with NearDuplicateIndex.open() as index:
        assert index.query(FERRY) is None
        assert index.query(FERRY) is None


def test_importing_the_package_loads_no_heavy_library() -> None:
    code = "import sys, cleaner.dedup; assert not {'numpy', 'scipy', 'datasketch'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
