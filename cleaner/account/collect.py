"""Collect what a report shows while a run goes by: counts, and a few examples of everything, in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import xxhash

from cleaner.account.facts import GONE, NEW, Example, Facts, beginning, clip
from cleaner.account.gather import Best, Histogram, Tally
from cleaner.account.outcome import Outcome
from cleaner.account.summary import Summary
from cleaner.document import Drop
from cleaner.rules import catalog, name_of
from cleaner.rules.catalog import UNREADABLE
from cleaner.version import __version__

# How many of each a page shows: enough to judge a rule by, few enough to be read.
EXAMPLES = 6
PAIRS = 5
SLOWEST = 10
MOST_CUT = 10
HOSTS = 25
COPIED = 10
GROUP = 200

# Names that are counted exactly; beyond twice as many, the small ones are forgotten.
TALLIED = 10_000

# What is kept of a text, an id and a message.
PAIR_CHARS = 6_000
EXCERPT_CHARS = 300
ID_CHARS = 300

# A text that loses a greeting of three words has lost everything; only of longer ones is the loss telling.
TELLING_CHARS = 500

# Upper ends of the shares of a text that were taken out; a text of which nothing went stands apart.
CUT_SHARES = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0)

SIMILARITY_BINS = 50

EXACT, NEAR, CONTAINED = "ND101", "ND102", "ND103"


class Collector:
    """Takes every record of a run, in the order of the input, and gives the data of the report.

    Memory does not grow with the input: about 10 MB at the most, with ids and hosts of ordinary length. The same
    records and the same `seed` give the same data, but for `timing`. Can be pickled, to go on later.
    """

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._reasons: dict[str, Best] = {}
        self._edits: Counter[str] = Counter()
        self._documents: Counter[str] = Counter()
        self._cut: Counter[str] = Counter()
        self._examples: dict[str, Best] = {}
        self._before, self._after, self._seconds = Histogram(), Histogram(), Histogram()
        self._cut_shares: Counter[int] = Counter()
        self._most_cut = Best(MOST_CUT)
        self._slowest = Best(SLOWEST)
        self._hosts = Tally(TALLIED)
        self._copied = Tally(TALLIED)
        self._similarity: Counter[int] = Counter()
        self._nearest, self._farthest = Best(PAIRS), Best(PAIRS)
        self._group: dict[str, Any] | None = None

    def add(self, outcome: Outcome, dropped: Drop | None) -> None:
        """Take one record and why it is not kept; None where it is."""
        if dropped is not None:
            self._add_dropped(outcome, dropped)
        else:
            self._add_kept(outcome)
        if dropped is None or dropped.code not in UNREADABLE:
            self._before.add(outcome.chars[0])
        facts = outcome.facts
        if facts is None:
            return
        self._seconds.add(facts.seconds)
        self._slowest.add(
            -facts.seconds,
            outcome.id,
            {"id": clip(outcome.id, ID_CHARS), "seconds": facts.seconds, "characters": outcome.chars[0]},
        )
        if outcome.host:
            if dropped is None:
                self._hosts.add(outcome.host, sum(chars for _, chars in facts.cut), outcome.chars[0], 1, 1)
            else:
                self._hosts.add(outcome.host, 0, 0, 0, 1)

    def _add_kept(self, outcome: Outcome) -> None:
        before, after = outcome.chars
        self._after.add(after)
        self._edits.update(outcome.edits)
        self._documents.update(outcome.edits.keys())
        share = (before - after) / before if before else 0.0
        self._cut_shares[_bin_of_share(share) if outcome.edits else -1] += 1
        if outcome.facts is not None:
            self._cut.update(dict(outcome.facts.cut))
            self._add_examples(outcome.id, outcome.facts)
        if before >= TELLING_CHARS and share > 0 and self._most_cut.wants(-share):
            item = {"id": clip(outcome.id, ID_CHARS), "before": before, "after": after, "edits": dict(outcome.edits)}
            self._most_cut.add(-share, outcome.id, item)

    def _add_examples(self, id_: str, facts: Facts) -> None:
        for example in facts.examples:
            best = self._examples.setdefault(example.code, Best(EXAMPLES))
            key = self._draw(example.code, id_)
            if best.wants(key):
                best.add(
                    key, _gone(example), {"id": clip(id_, ID_CHARS), "parts": [list(part) for part in example.parts]}
                )

    def _add_dropped(self, outcome: Outcome, dropped: Drop) -> None:
        best = self._reasons.setdefault(dropped.code, Best(EXAMPLES))
        key = self._draw(dropped.code, outcome.id)
        if best.wants(key):
            excerpt = outcome.facts.excerpt if outcome.facts is not None else ""
            item = {
                "id": clip(outcome.id, ID_CHARS),
                "message": clip(dropped.message, EXCERPT_CHARS),
                "excerpt": excerpt or beginning(_text(outcome).strip(), EXCERPT_CHARS),
            }
            best.add(key, item["excerpt"] or outcome.id, item)
        if dropped.duplicate_of is not None:
            self._copied.add(dropped.duplicate_of, 1)
            if dropped.code == NEAR and (similarity := dropped.rounded_similarity) is not None:
                self._add_pair(outcome, dropped.duplicate_of, similarity)

    def _add_pair(self, outcome: Outcome, twin: str, similarity: float) -> None:
        self._similarity[min(int(similarity * SIMILARITY_BINS), SIMILARITY_BINS - 1)] += 1
        for best, key in ((self._nearest, -similarity), (self._farthest, similarity)):
            if best.wants(key):
                pair = {
                    "id": outcome.id,
                    "duplicate_of": twin,
                    "similarity": similarity,
                    "text": _text(outcome)[:PAIR_CHARS],
                }
                best.add(key, twin, pair)

    def _draw(self, code: str, id_: str) -> float:
        """Draw a number for a record by a hash, so that the sample is the same whatever the workers."""
        return float(xxhash.xxh3_64_intdigest(f"{code} {id_}".encode("utf-8", "replace"), self._seed))

    def take_largest_group(self, id_: str, removed: Sequence[tuple[str, str, float | None]]) -> None:
        """Take the kept text that most others went for, with their ids, codes and similarities."""
        some = [
            {"id": clip(one, ID_CHARS), "code": code, "similarity": 1.0 if similarity is None else similarity}
            for one, code, similarity in removed[:GROUP]
        ]
        self._group = {"id": clip(id_, ID_CHARS), "number": len(removed), "removed": some}

    def wanted(self) -> frozenset[str]:
        """Return the ids of the kept documents whose texts the page shows beside their near-duplicates."""
        return frozenset(pair["duplicate_of"] for best in (self._nearest, self._farthest) for pair in best.items)

    def data(
        self, summary: Summary, *, texts: Mapping[str, str] | None = None, about: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Return all that the page shows, as values of JSON.

        `texts` are those of the `wanted` documents, as far as they are at hand; `about` is what the page says of the
        run itself: inputs, output, settings.
        """
        return {
            "version": __version__,
            "seed": self._seed,
            "about": dict(about or {}),
            "records": {
                "read": summary.read,
                "kept": summary.kept,
                "excluded": summary.excluded,
                "unreadable": summary.unreadable,
                "passed_over": summary.passed_over,
                "skipped": summary.skipped,
                "not_drawn": summary.not_drawn,
                "bytes": summary.bytes_read,
            },
            "characters": {"before": summary.chars_in, "after": summary.chars_kept},
            "reasons": self._reasons_data(summary),
            "rules": self._rules_data(summary.names),
            "languages": [{"code": c, "documents": n} for c, n in sorted(summary.languages.items(), key=_by_count)],
            "lengths": {
                "before": {
                    "bins": self._before.bins,
                    "zeros": self._before.zeros,
                    "median": self._before.quantile(0.5),
                },
                "after": {"bins": self._after.bins, "zeros": self._after.zeros, "median": self._after.quantile(0.5)},
            },
            "cut": {
                "unchanged": self._cut_shares[-1],
                "shares": [[share, self._cut_shares[index]] for index, share in enumerate(CUT_SHARES)],
                "most": self._most_cut.items,
            },
            "duplicates": {
                "exact": summary.reasons[EXACT],
                "near": summary.reasons[NEAR],
                "contained": summary.reasons[CONTAINED],
                "group": self._group,
                "similarity": sorted([index / SIMILARITY_BINS, number] for index, number in self._similarity.items()),
                "nearest": [_pair_data(pair, texts or {}) for pair in self._nearest.items],
                "farthest": [_pair_data(pair, texts or {}) for pair in self._farthest.items],
                "copied": [{"id": clip(i, ID_CHARS), "copies": n} for i, (n,) in self._copied.top(COPIED) if n > 1],
            },
            "sources": summary.sources.told(),
            "hosts": {
                "exact": not self._hosts.forgot,
                "number": len(self._hosts),
                "top": [
                    {"host": host, "cut": cut, "characters": chars, "kept": kept, "documents": documents}
                    for host, (cut, chars, kept, documents) in self._hosts.top(HOSTS)
                ],
            },
            "timing": {
                "seconds": summary.seconds,
                "median": self._seconds.quantile(0.5),
                "p99": self._seconds.quantile(0.99),
                "slowest": self._slowest.items,
            },
        }

    def _reasons_data(self, summary: Summary) -> list[dict[str, Any]]:
        return [
            {
                "code": code,
                "name": name_of(code, summary.names),
                "documents": number,
                "unreadable": code in UNREADABLE,
                "examples": self._reasons[code].items if code in self._reasons else [],
            }
            for code, number in sorted(summary.reasons.items(), key=_by_count)
        ]

    def _rules_data(self, names: Mapping[str, str]) -> list[dict[str, Any]]:
        summaries = {info.code: info.summary for info in catalog()}
        return [
            {
                "code": code,
                "name": name_of(code, names),
                "summary": summaries.get(code, ""),
                "edits": edits,
                "documents": self._documents[code],
                "characters": self._cut[code],
                "examples": self._examples[code].items if code in self._examples else [],
            }
            for code, edits in sorted(self._edits.items(), key=lambda item: (-self._cut[item[0]], item[0]))
        ]


def _by_count(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _bin_of_share(share: float) -> int:
    return next((index for index, end in enumerate(CUT_SHARES) if share <= end), len(CUT_SHARES) - 1)


def _gone(example: Example) -> str:
    """Return what the example is about, so that six examples are not six times the same line."""
    return "\0".join(text.strip() for kind, text in example.parts if kind in (GONE, NEW))


def _text(outcome: Outcome) -> str:
    """Return the cleaned text of a record that only the near-duplicate stage turned away; empty for others."""
    if isinstance(outcome.kept, bytes):
        return str(msgspec.json.decode(outcome.kept).get("text", ""))
    return str(outcome.kept.get("text", "")) if outcome.kept is not None else ""


def _pair_data(pair: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    twin = texts.get(pair["duplicate_of"])
    return {
        **pair,
        "id": clip(pair["id"], ID_CHARS),
        "duplicate_of": clip(pair["duplicate_of"], ID_CHARS),
        "duplicate_of_text": twin if twin is None else twin[:PAIR_CHARS],
    }
