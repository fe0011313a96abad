"""The same verdicts on all processors: numpy has other loops for each, and the scores may not depend on them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
# What numpy chooses a loop by, on the processors of today; a name that a machine has not got is passed over.
FEATURES = "SSE41 SSE42 AVX F16C FMA3 AVX2 AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL ASIMDHP SVE"
SAY = """
import hashlib, sys
from pathlib import Path
from cleaner.extract import extract
said = hashlib.sha256()
for path in sorted(Path(sys.argv[1]).glob("*.html")):
    page = extract(path.read_text(encoding="utf-8"), blocks=True)
    said.update(repr([(block.score, block.kept, block.reasons) for block in page.blocks]).encode())
    said.update(page.text.encode())
print(said.hexdigest())
"""


def said(**more: str) -> str:
    """Return a digest of what the extractor says of all pages of the tests, in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SAY, str(TESTS / "pages")],
        env={**os.environ, "PYTHONPATH": str(TESTS.parent), **more},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout


def test_verdicts_do_not_depend_on_the_processor() -> None:
    assert len(said()) == 65
    assert said(NPY_DISABLE_CPU_FEATURES=FEATURES) == said()
