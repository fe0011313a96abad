"""How time grows with the size of a text, for shapes of which something could be looked at again and again.

    python benchmarks/shapes.py [--sizes 100000,1000000,4000000] [--only NAME] [--by library,check,clean]

Prints the processor seconds for each size (the least of three runs), without what 100 characters of the same shape take
(packs and languages are loaded only where a text needs them), and the exponent between the last two.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TIMES = 3
PROSE = "The harbour of Saltmere was quiet on Monday, and the ferries stayed at their piers until noon. "


def times(unit: str, size: int) -> str:
    """Return a text of about `size` characters that repeats a unit, whole."""
    return unit * max(1, size // len(unit))


def counted(unit: str, size: int) -> str:
    """Return the same with another number in each."""
    number = size // (len(unit) + 6) + 1
    return "".join(unit.replace("#", str(n * 7919)) for n in range(number))[:size]


SHAPES = {
    "prose": lambda size: counted("On pier # the ferries waited, and nobody was hurt.\n\n", size),
    "one line of prose": lambda size: times(PROSE, size),
    "one line of words": lambda size: times("a" * 40 + " ", size),
    "one word": lambda size: "a" * size,
    "short lines": lambda size: counted("line #\n", size),
    "blank lines": lambda size: "\n" * size,
    "spaces": lambda size: " " * size,
    "&amp;amp;": lambda size: "&" + times("amp;", size),
    "&amp; list": lambda size: times("&amp; ", size),
    "mojibake line": lambda size: times("dÃ©jÃ vu â€™ ", size),
    "mojibake lines": lambda size: times("dÃ©jÃ vu â€™s\n", size),
    "no-break spaces": lambda size: times("a\u00a0\u00a0b \u200b", size),
    "one headline": lambda size: times("Storm closes the harbour\n", size),
    "share buttons": lambda size: times("Share on Facebook\n", size),
    "dates": lambda size: counted("May 3, 2024 at 10:#\n", size),
    "links": lambda size: counted("https://example.org/# ", size),
    "brackets": lambda size: times("([{<", size),
    "emoji": lambda size: times("🙂 ferry ", size),
    "Chinese": lambda size: counted("渡轮在#号码头停靠到中午。", size),
    "tags": lambda size: times("<b>ferry</b> ", size),
    "ignore comments": lambda size: times("<!-- cleaner: ignore BP -->\nThe ferry left.\n", size),
    "tables": lambda size: counted("| a | # |\n", size),
}

LIBRARY = "import cleaner, sys; cleaner.clean(open(sys.argv[1], encoding='utf-8', newline='').read(), html=False)"


def seconds(command: list[str]) -> float:
    """Return the processor time of a command and its children."""
    before = os.times()
    subprocess.run(command, capture_output=True, check=False)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def run(by: str, text: str, folder: Path) -> float:
    """Return the least seconds of three runs that a text takes: beside other work they differ by a third."""
    ending = "jsonl" if by == "clean" else "md" if text.startswith(("<!--", "|")) else "txt"
    path = folder / f"text.{ending}"
    path.write_text(json.dumps({"text": text}) + "\n" if by == "clean" else text, encoding="utf-8", newline="")
    command = [sys.executable, "-m", "cleaner"]
    if by == "library":
        command = [sys.executable, "-c", LIBRARY, str(path)]
    elif by == "check":
        command += ["check", "--output-format", "json", str(path)]
    else:
        command += ["clean", str(path), "-o", str(folder / "o.jsonl"), "--workers", "1", "--timeout-s", "600"]
    return min(seconds(command) for _ in range(TIMES))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="100000,1000000,4000000")
    parser.add_argument("--only")
    parser.add_argument("--by", default="library,check,clean")
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    for by in given.by.split(","):
        with tempfile.TemporaryDirectory() as folder:
            for name, make in SHAPES.items():
                if given.only and given.only != name:
                    continue
                nothing = run(by, make(100), Path(folder))
                taken = [max(0.01, run(by, make(size), Path(folder)) - nothing) for size in sizes]
                exponent = math.log(taken[-1] / taken[-2], sizes[-1] / sizes[-2])
                print(f"{by:8}{name:20}", *(f"{t:8.2f}" for t in taken), f"{exponent:6.2f}", flush=True)


if __name__ == "__main__":
    begun = time.perf_counter()
    main()
    print(f"{time.perf_counter() - begun:.0f} s in all")
