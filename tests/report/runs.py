"""Made-up runs to make reports of: real outcomes of a few texts, and synthetic ones by the hundred thousand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from running import ARTICLE

from cleaner.account.collect import Collector
from cleaner.account.facts import CONTEXT_CHARS, EXAMPLE_CHARS, EXCERPT_CHARS, GONE, SAME, Example, Facts, facts
from cleaner.account.outcome import Outcome
from cleaner.account.summary import Summary
from cleaner.config import Config
from cleaner.corpus.record import Record
from cleaner.document import Document, Drop
from cleaner.runner.task import Task

EVIL = "<script>alert('x')</script><img src=x onerror=alert(1)>"


def outcome(id_: str, text: str, *, seconds: float = 0.01, url: str | None = None, title: str | None = None) -> Outcome:
    """Clean a text and give its outcome with the facts."""
    task = Task.of(Config(), as_json=True)
    document = Document(id_, text, title, url)
    outcome = task.clean(Record(document, {"id": id_, "text": text}))
    return outcome._replace(facts=facts(task.pipeline(document), seconds))


def collected(
    outcomes: Iterable[tuple[Outcome, Drop | None]], texts: dict[str, str] | None = None, **about: str
) -> dict[str, Any]:
    """Give the data of a run over these outcomes."""
    collector, summary = Collector(), Summary(seconds=1.0)
    for one, reason in outcomes:
        collector.add(one, reason)
        summary.add(one, reason)
    data = collector.data(summary, texts=texts, about=about)
    return json.loads(json.dumps(data))  # type: ignore[no-any-return]


def evil_run() -> dict[str, Any]:
    """Give the data of a run in which every text that comes from outside would like to be markup."""
    text = f"{ARTICLE}\n\nShare on Facebook\n\n{EVIL} {ARTICLE}\n\nLeave a comment\n\nSubscribe to our newsletter"
    twin = f"{EVIL}-twin"
    kept = outcome(EVIL, text, url=f"https://{EVIL}/", title=EVIL)
    near = outcome(EVIL + "2", text + f"\n\nOne more line. {EVIL}")
    unreadable = Outcome("a&b<c>", Drop(f"{EVIL}: bad", code="RD104"), None, b"{}", b"")
    empty = outcome(EVIL + "3", "")
    reason = Drop(f"87% like {twin}", twin, 0.87, code="ND102")
    exact = Drop(f"the same as {twin}", twin, 1.0, code="ND101")
    twins = [(near, reason), (near, exact), (near, exact)]
    records = [(kept, None), *twins, (unreadable, unreadable.dropped), (empty, empty.dropped)]
    return collected(records, {twin: text}, inputs=EVIL)


def many(number: int) -> Iterator[tuple[Outcome, Drop | None]]:
    """Give synthetic outcomes with everything that grows in a real corpus: ids, hosts, twins, texts, examples.

    Of letters that take three bytes each, in texts as long as a report takes them.
    """
    codes = [f"BP{n}" for n in range(101, 141)]
    text = "這是一篇文章的一行。\n" * 600
    for n in range(number):
        code = codes[n % len(codes)]
        gone = f"第{n % 5000}行{code}".ljust(EXAMPLE_CHARS, "刪")
        context = "文" * CONTEXT_CHARS
        example = Example(code, ((SAME, context), (GONE, gone), (SAME, context)))
        excerpt = f"{n % 9000}".ljust(EXCERPT_CHARS, "摘")
        known = Facts(0.001 * (n % 977), excerpt, ((code, 40),), (example,))
        kept = msgspec.json.encode({"id": str(n), "text": f"{n}{text}"})
        chars = (3000 + n % 4000, 2900)
        one = Outcome(
            f"crawl/{n:09}",
            None,
            kept,
            b"{}",
            b"",
            language="en",
            edits={code: 1},
            chars=chars,
            facts=known,
            host=f"host-{n % 60_000}.example",
            source=f"crawl/{n % 30_000:05}.jsonl",
        )
        reason = None
        if n % 10 == 1:
            reason = Drop("87% like another", f"crawl/{n // 2:09}", 0.7 + (n % 3000) / 10_000, code="ND102")
        elif n % 10 == 2:
            reason = Drop(f"line {n}: cannot be read", code=f"RD1{n % 14 + 1:02}")
        yield one, reason
