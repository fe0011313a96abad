"""How the time to read a page grows with its size, for shapes of markup that nobody should have written.

usage: pages_growth.py [SMALLEST_MB [DOUBLINGS]]

For each shape: the time to parse, to walk, to write as text and Markdown, and of `extract()` (all of it again, with
verdicts and metadata) at the largest size, its memory (how much the peak of the process grows, in times of the page),
and the exponent of time over size between the smallest and the largest. 1 is linear.
"""

from __future__ import annotations

import math
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

SHAPES: dict[str, Callable[[int], str]] = {
    "nested article": lambda n: "<article>text " * (n // 14),
    "nested span": lambda n: "<p>" + "<span>text " * (n // 11),
    "nests of 200 spans": lambda n: ("<p>" + "<span>a" * 200 + "</span>" * 200) * (n // 2_800),
    "attributes of one tag": lambda n: "<p " + " ".join(f"a{i}=1" for i in range(n // 9)) + ">text</p>",
    "one table": lambda n: "<table>" + "<tr><td>one<td>two<td>three" * (n // 27) + "</table>",
    "nested tables": lambda n: "<table><tr><td>text" * (n // 19),
    "one text": lambda n: "<p>" + "word " * (n // 5) + "</p>",
    "tiny elements": lambda n: "<b>a</b>" * (n // 8),
    "tiny paragraphs": lambda n: "<p>a" * (n // 4),
    "one list": lambda n: "<ol>" + "<li>item" * (n // 8) + "</ol>",
    "line breaks": lambda n: "a<br>" * (n // 5),
    "one listing": lambda n: "<pre>" + "<span class=line>x = 1\n</span>" * (n // 31) + "</pre>",
    "links": lambda n: "<p>" + "<a href=/a>a</a>" * (n // 16),
    "unknown elements": lambda n: "<x-y> <z-z>" * (n // 11),
    "open signs": lambda n: "<" * n,
    "nested sup": lambda n: "<p>a" + "<sup>1<a href=#>" * (n // 16),
}


def measure(shape: str, size: int, answer: Connection) -> None:
    from cleaner.extract import extract
    from cleaner.extract.markdown import markdown
    from cleaner.extract.page import parse
    from cleaner.extract.plain import plain
    from cleaner.extract.walk import read_blocks

    html = SHAPES[shape](size)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    tree = parse(html)
    parsed = time.process_time()
    page = read_blocks(tree)
    walked = time.process_time()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) * 1024
    plain(page)
    markdown(page)
    written = time.process_time()
    extract(html)
    whole = time.process_time()
    answer.send((parsed - start, walked - parsed, written - walked, whole - written, grown / len(html)))


def measured(shape: str, size: int) -> tuple[float, ...]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=measure, args=(shape, size, theirs))
    process.start()
    theirs.close()
    found: tuple[float, ...] = (600.0, 600.0, 600.0, 600.0, 0.0)
    if ours.poll(600):
        found = ours.recv()  # raises EOFError where the page could not be read, which the process has told
    process.kill()
    process.join()
    return found


def main() -> None:
    smallest = int(float(sys.argv[1]) * 1_000_000) if len(sys.argv) > 1 else 1_250_000
    doublings = int(sys.argv[2]) if len(sys.argv) > 2 else 4
    largest = smallest * 2**doublings
    print(f"| shape | parse s at {largest / 1e6:g} MB | walk | write | extract | memory x | exponents of these |")
    print("|---|---|---|---|---|---|---|")
    for shape in SHAPES:
        small, large = measured(shape, smallest), measured(shape, largest)
        growth = ", ".join(
            f"{math.log2(max(b, 1e-3) / max(a, 1e-3)) / doublings:.2f}"
            for a, b in zip(small[:4], large[:4], strict=True)
        )
        seconds = " | ".join(f"{time_:.2f}" for time_ in large[:4])
        print(f"| {shape} | {seconds} | {large[4]:.0f} | {growth} |", flush=True)


if __name__ == "__main__":
    main()
