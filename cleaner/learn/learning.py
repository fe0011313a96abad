"""Inputs in; the lines that their sites repeat out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from cleaner.account.summary import Summary
from cleaner.config import Config
from cleaner.corpus.inputs import chunks, expand, total_bytes
from cleaner.errors import InputError
from cleaner.learn.count import LineCounter
from cleaner.replacing import temporary_folder
from cleaner.rules.site_lines import SiteLines, site_of
from cleaner.runner.pool import outcomes
from cleaner.runner.task import Task

# Lines are counted as `site-line` will meet them: with their letters whole and no space at their ends.
RULES = ("MJ", "WS")


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned, and of how much: pages that were read, and those among them without an address."""

    lines: SiteLines
    pages: int
    without_address: int

    @property
    def number(self) -> int:
        """How many lines there are."""
        return sum(len(site.lines) for site in self.lines.sites.values())


def learn(
    inputs: Sequence[str],
    config: Config,
    *,
    own: frozenset[str] = frozenset(),
    paths: Sequence[str] | None = None,
    workers: int = 0,
    timeout_s: float = 30.0,
    progress: Callable[[Summary], None] = lambda summary: None,
) -> Learned:
    """Read the inputs once and give the lines that their sites repeat.

    `own` are real paths that are passed over; `paths` are the files of the inputs, where they are known already.
    What cannot be read, or takes longer than `timeout_s`, teaches nothing.
    The texts wait in a temporary folder, packed. Raises `InputError` where there is nothing to read.
    """
    if paths is None:
        paths = expand(inputs, own, skip=config.skip, records_at=config.records_at).paths
    if not paths:
        raise InputError(f"nothing to read in {', '.join(inputs)}: no file has a known ending")
    config = replace(config, select=RULES, languages=(), site_lines=None, keep="first", render="plain")
    task = Task.of(config, as_json=False, whole_text=True)
    pages = without_address = 0
    summary, begun = Summary(bytes_total=total_bytes(paths)), time.perf_counter()
    with temporary_folder(prefix="cleaner-learn-") as folder:
        counter = LineCounter(folder)
        todo = chunks(paths, config.field_names())
        with closing(outcomes(task, todo, workers, timeout_s)) as work:
            for chunk, batch in work:
                for outcome in batch:
                    summary.add(outcome, outcome.dropped)
                    if not isinstance(outcome.kept, Mapping):
                        continue
                    pages += 1
                    site = site_of(_address(outcome.kept, config))
                    if site is None:
                        without_address += 1
                    else:
                        counter.add(site, str(outcome.kept["text"]))
                summary.bytes_read += chunk.size
                summary.seconds = time.perf_counter() - begun
                progress(summary)
        return Learned(counter.learned(), pages, without_address)


def _address(kept: Mapping[str, object], config: Config) -> str | None:
    address = kept.get(config.url_field) or kept.get("url")
    return address if isinstance(address, str) else None
