"""Take passages that several kept texts have out of all but the first, when all texts are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner import ledger
from cleaner.config import Config
from cleaner.corpus.record import Record, from_fields
from cleaner.document import Document, Step
from cleaner.kinds import MARKDOWN
from cleaner.pipeline import Pipeline

if TYPE_CHECKING:
    from cleaner.account.summary import Summary
    from cleaner.dedup.passages import Cut
    from cleaner.runner.files import Files, Kept, Rewritten

CODE = "ND104"


class Taken(NamedTuple):
    """A text without its repeated passages, and the steps that led there."""

    text: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Taker:
    """Takes what was found out of a text. Where more than half would go, it stays whole unless `over_half` says so."""

    pipeline: Pipeline
    over_half: bool

    def __call__(self, document: Document, cut: Cut) -> Taken | None:
        """Return the text without the passages, cleaned once more; None where it stays as it is.

        What the rules find in it now, because something else stands beside it, they take, so that cleaning it again
        changes nothing. A text that they would then leave out stays as it is, and so does one on which they fail.
        """
        if not cut.edits or (cut.over_half and not self.over_half):
            return None
        text = ledger.apply(document.text, cut.edits)
        if not text.strip():
            return None
        try:
            result = self.pipeline(replace(document, text=text, html=None))
        except Exception:  # a mistake of ours must not cost the run
            return None
        if result.dropped is not None:
            return None
        more = (Step(step.code, step.edits) for step in result.steps if step.edits)
        return Taken(result.text, (Step(CODE, cut.edits), *more))


def take_out(files: Files, config: Config, folder: Path, summary: Summary) -> None:
    """Write corpus and ledger of a run anew, without the passages that its kept texts share; count what goes.

    `folder` is for files without a name.
    """
    from cleaner.dedup.passages import Passages, cut

    taker = Taker(config.pipeline(), config.passages_over_half)
    with Passages(folder, config.shared_passages) as passages:
        for id_, text in files.texts():
            passages.add(id_, text)

        def rewritten(kept: Iterator[Kept]) -> Iterator[Rewritten]:
            for (line, record), found in zip(kept, passages.find(), strict=True):
                text = str(record["text"])
                what = cut(text, found)
                taken = taker(_document(record, config), what) if what.edits else None
                if taken is None:
                    summary.whole += what.over_half
                    yield record, line
                    continue
                summary.take_out(len(text) - len(taken.text), edits_of(taken.steps))
                yield {**record, "text": taken.text}, line.plus(taken.steps, taken.text)

        files.rewrite(rewritten)


def edits_of(steps: Iterable[Step]) -> Counter[str]:
    """Count the edits of steps by code."""
    counts: Counter[str] = Counter()
    for step in steps:
        counts[step.code] += len(step.edits)
    return counts


def _document(record: Mapping[str, Any], config: Config) -> Document:
    """Return a kept record as the document that it will be when it is cleaned again."""
    fields = {key: record[key] for key in ("id", "text", "title", "url") if record.get(key) is not None}
    read = from_fields(fields, "", Config().field_names())
    assert isinstance(read, Record)
    return replace(read.document, kind=MARKDOWN) if config.render == "markdown" else read.document
