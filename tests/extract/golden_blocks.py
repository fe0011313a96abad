"""Write what the shipped model says of the samples anew: `python tests/extract/golden_blocks.py`."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from cleaner.encoding import decode
from cleaner.extract.learned.judge import judge
from cleaner.extract.learned.model import shipped_model
from cleaner.extract.learned.page_facts import read_page
from cleaner.extract.page import parse

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).with_suffix(".json")


def verdicts() -> dict[str, list[str]]:
    """Return for each page of the samples and of `tests/pages` a line a block: kept or not, score, beginning."""
    found = {}
    for path in sorted([*ROOT.glob("samples/*/*.html*"), *ROOT.glob("tests/pages/*.html")]):
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        tree = parse(decode(data, content_type=None, html=True)[0])
        page, about = read_page(tree)
        if page.blocks:
            verdict = judge(page, about, shipped_model())
            found[str(path.relative_to(ROOT))] = [
                f"{'+' if kept else '-'} {score} {block.text[:40]}"
                for block, kept, score in zip(page.blocks, verdict.kept.tolist(), verdict.scores.tolist(), strict=True)
            ]
    return found


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(verdicts(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
