"""Write `samples/expected.json` anew from what comes out of the samples today: `python tests/golden.py`."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from running import lines

from cleaner.runner.run import Run

SAMPLES = Path(__file__).parents[1] / "samples"


def main() -> None:
    """Clean the samples and write what is kept, and the codes of what is not."""
    with tempfile.TemporaryDirectory() as folder:
        Run((str(SAMPLES),), f"{folder}/c.jsonl")()
        kept = {short(r["id"]): r["text"] for r in lines(Path(folder, "c.jsonl"))}
        excluded = {short(r["id"]): r["excluded"]["code"] for r in lines(Path(folder, "c.excluded.jsonl"))}
    text = json.dumps({"kept": kept, "excluded": excluded}, ensure_ascii=False, indent=1)
    (SAMPLES / "expected.json").write_text(text + "\n", encoding="utf-8")


def short(id_: object) -> str:
    """Give an id as it stands below the samples."""
    return str(id_).removeprefix(f"{SAMPLES}/")


if __name__ == "__main__":
    main()
