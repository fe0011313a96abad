"""`cleaner.minhash()`: our signature as datasketch has it, for an LSH of somebody's own."""

from __future__ import annotations

import json
import os
import pickle
import re
import subprocess
import sys
from pathlib import Path

import datasketch
import numpy as np
import pytest
from running import ARTICLE

import cleaner
from cleaner.dedup.shingles import shingles
from cleaner.dedup.signature import signatures

DOCS = Path(__file__).parents[2] / "docs" / "minhash.md"
TEXTS = (ARTICLE, "Il pleut.", "", "   ", "雨が降っていた。" * 40, "\ud800 broken", "la " * 3000)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("ngram", [1, 5, 9])
def test_it_is_our_signature_bit_for_bit(text: str, ngram: int) -> None:
    found = shingles([text], ngram)
    assert np.array_equal(cleaner.minhash(text, ngram=ngram).hashvalues, signatures(found.hashes, found.bounds)[0])


@pytest.mark.parametrize("num_perm", [1, 16, 64, 128, 256])
def test_it_is_what_datasketch_makes_of_the_same_hashes(num_perm: int) -> None:
    theirs = datasketch.MinHash(num_perm=num_perm, scheme="affine32", hashfunc=int)
    theirs.update_batch([int(value) & 0xFFFFFFFF for value in shingles([ARTICLE], 5).hashes])
    ours = cleaner.minhash(ARTICLE, num_perm=num_perm)
    assert ours == theirs
    assert np.array_equal(ours.permutations, theirs.permutations)


def test_it_estimates_the_similarity_of_texts_and_can_be_sent() -> None:
    ours = cleaner.minhash(ARTICLE)
    assert pickle.loads(pickle.dumps(ours)) == ours
    assert ours.jaccard(cleaner.minhash(ARTICLE.upper())) == 1
    assert (
        ours.jaccard(cleaner.minhash("Nothing of this stands in the other text, not one of its words in a row.")) < 0.1
    )


def test_wrong_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one word, not 0"):
        cleaner.minhash(ARTICLE, ngram=0)
    with pytest.raises(ValueError, match="at least one permutation, not 0"):
        cleaner.minhash(ARTICLE, num_perm=0)


def test_the_recipe_in_the_docs_tells_the_copy(tmp_path: Path) -> None:
    found = re.search(
        r"<!-- run by: tests/dedup/test_minhash.py -->\n```python\n(.*?)```",
        DOCS.read_text(encoding="utf-8"),
        re.DOTALL,
    )
    assert found is not None
    rows = [
        {"id": "a", "text": ARTICLE},
        {
            "id": "b",
            "text": "The ferry to the island left at noon, as it has done each day since the harbour was built.",
        },
        {"id": "c", "text": f"{ARTICLE}\n\nShare on Facebook"},
    ]
    (tmp_path / "pages.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(
        [sys.executable, "-c", found[1]], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "c is like a\n"
