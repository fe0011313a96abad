"""Take passages that several kept texts have out of all but the first, when all texts are there."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner import ledger
from cleaner.config import Config
from cleaner.corpus.files import halved
from cleaner.corpus.record import ORIGINAL, Item, Record, from_fields, mark_as_text, mark_languages
from cleaner.dedup.passages import Cut, Passages, cut
from cleaner.document import Document, Drop, Step
from cleaner.kinds import MARKDOWN
from cleaner.pipeline import Pipeline
from cleaner.runner.files import Entry, Files
from cleaner.runner.guarded import Guarded
from cleaner.runner.pool import outcomes

if TYPE_CHECKING:
    from cleaner.account.summary import Summary
    from cleaner.dedup.leader import GreedyLeader
    from cleaner.dedup.sketch import Sketch, Sketcher

CODE = "ND104"
LANGUAGE_CODE = "LG101"

# Why a text stays whole that has passages of others.
OVER_HALF, LEFT_OUT, LIKE_ANOTHER = "over half", "left out", "like another"

# Texts in a task of a worker.
_BATCH = 256


class Asked(NamedTuple):
    """A text that has passages of others: as it will be cleaned again, plain as it was compared, and what would go."""

    document: Document
    plain: str
    cut: Cut


class Taken(NamedTuple):
    """A text without its passages, and the steps that led there; the sketches of before and after."""

    text: str
    steps: tuple[Step, ...]
    language: str
    """That of the text that is left; empty where nobody asks for it."""
    language_score: float
    languages: Mapping[str, float]
    before: Sketch | None = None
    after: Sketch | None = None

    @property
    def edits(self) -> Counter[str]:
        """How many edits each code made."""
        return Counter(step.code for step in self.steps for _ in step.edits)


@dataclass(frozen=True, slots=True)
class Taker(Guarded[Asked | None, Taken | None]):
    """Takes passages out of texts, and cleans these once more; None is for a text that has to stay as it is.

    What the rules find in a text now, because something else stands beside it, goes, so that cleaning it again changes
    nothing. A text that they would then leave out stays as it is, and so does one on which they fail.
    """

    pipeline: Pipeline
    sketcher: Sketcher | None

    def warm_up(self) -> None:
        """Load what the first text would have to wait for."""
        self.pipeline(Document("", "The ferry left at nine, and nobody was on the pier."))

    def work(self, record: Asked | None) -> Taken | None:
        """Take the passages out of one text."""
        if record is None:
            return None
        text = ledger.apply(record.document.text, record.cut.edits)
        if not text.strip():
            return None
        result = self.pipeline(replace(record.document, text=text))
        if result.dropped is not None:
            return None
        more = (_again(step) for step in result.steps if step.edits or step.code == LANGUAGE_CODE)
        language = result.language if LANGUAGE_CODE in self.pipeline.codes else ""
        steps = (Step(CODE, record.cut.edits), *more)
        taken = Taken(result.text, steps, language, round(result.language_score, 4), result.languages)
        if self.sketcher is None:
            return taken
        before, after = self.sketcher.batch([record.plain, result.text])
        return taken._replace(before=before, after=after)

    def not_read(self, place: str, why: Drop) -> None:
        """Return what stands for a text that could not be read; there is none."""

    def refuse(self, record: Asked | None, place: str, why: Drop) -> None:
        """Return what comes of a text that takes too long, or its worker with it: it stays."""

    def sketched(self, outcomes: list[Taken | None]) -> list[Taken | None]:
        """Return the outcomes; each has its sketches."""
        return outcomes


def _again(step: Step) -> Step:
    """Return what a step of the second cleaning adds to a record: its edits, and in which language the text is."""
    return step if step.code == LANGUAGE_CODE else Step(step.code, step.edits)


@dataclass(frozen=True, slots=True)
class _Texts:
    """A task for a worker."""

    asked: tuple[Asked, ...]

    @property
    def size(self) -> int:
        """How many characters it stands for."""
        return sum(len(asked.document.text) for asked in self.asked)

    def items(self) -> Iterator[Item]:
        """Yield the texts."""
        for asked in self.asked:
            yield Item(asked.document.id, lambda asked=asked: asked)  # type: ignore[misc]

    def halves(self) -> tuple[_Texts, ...]:
        """Return the same texts as two tasks; nothing where there is one."""
        return tuple(_Texts(half) for half in halved(self.asked))


@dataclass(frozen=True, slots=True)
class Taking:
    """How passages are taken out of the texts of a run, which all have been decided on.

    `leader` has the sketches of the kept texts, None where nobody looks for duplicates: a text that would be like
    another without its passages stays whole, or it would go when the corpus is cleaned again. `folder` is for files
    without a name. `whole` counts the texts that stay whole by the reason.
    """

    config: Config
    folder: Path
    leader: GreedyLeader | None
    whole: Counter[str]
    workers: int = 0
    timeout_s: float = 30.0

    def __call__(self, asked: Iterable[Asked | None]) -> Iterator[Taken | None]:
        """Yield what becomes of each text, in order: None where it stays as it is.

        `asked` has a text for each that has passages of others, and None for each other.
        """
        task = Taker(self.config.pipeline(), None if self.leader is None else self.leader.sketcher)
        waiting: deque[list[Asked | None]] = deque()

        def tasks() -> Iterator[_Texts]:
            every = iter(asked)
            while batch := list(islice(every, _BATCH)):
                waiting.append([self._refused(one) for one in batch])
                yield _Texts(tuple(one for one in waiting[-1] if one is not None))

        with ExitStack() as stack:
            work = stack.enter_context(closing(outcomes(task, tasks(), self.workers, self.timeout_s)))
            changed = None if self.leader is None else stack.enter_context(self.leader.another(self.folder))
            for _, done in work:
                results = iter(done)
                for one in waiting.popleft():
                    yield None if one is None else self._settled(one, next(results), changed)

    def _refused(self, asked: Asked | None) -> Asked | None:
        if asked is not None and asked.cut.over_half and not self.config.passages_over_half:
            self.whole[OVER_HALF] += 1
            return None
        return asked

    def _settled(self, asked: Asked, taken: Taken | None, changed: GreedyLeader | None) -> Taken | None:
        """Return what was taken, unless the text would then be like another one, changed or not."""
        if taken is None:
            self.whole[LEFT_OUT] += 1
            return None
        if self.leader is None or changed is None or taken.before is None or taken.after is None:
            return taken
        here = self.leader.like_another(taken.after, taken.before)
        if here or self.leader.known(taken.after) or changed.decide(asked.document.id, taken.after):
            self.whole[LIKE_ANOTHER] += 1
            return None
        return taken


def take_out(files: Files, passages: Passages, taking: Taking, summary: Summary) -> None:
    """Write corpus and ledger of a run anew, without the passages that its kept texts share; count what goes."""
    for entry in files.entries():
        if entry.record is not None:
            passages.add(entry.line.id, str(entry.record["text"]))

    def rewritten() -> Iterator[Entry]:
        found = passages.find()
        waiting: deque[Entry] = deque()

        def asked() -> Iterator[Asked | None]:
            for entry in files.entries():
                waiting.append(entry)
                if entry.record is None:
                    yield None
                    continue
                what = cut(str(entry.record["text"]), next(found))
                yield _asked(entry, entry.record, taking.config, what) if what.edits else None

        for taken in taking(asked()):
            entry = waiting.popleft()
            if taken is None or entry.record is None:
                yield entry
                continue
            summary.take_out(len(str(entry.record["text"])) - len(taken.text), taken.edits)
            line = entry.line.plus(taken.steps, taken.text)
            record = {**entry.record, "text": taken.text}
            if taken.language:
                summary.change_language(str(record["language"]), taken.language)
                record |= {"language": taken.language, "language_score": taken.language_score}
                mark_languages(record, taken.languages)
            mark_as_text(record, str(entry.record["text"]))
            yield Entry(line, line.encoded(), record)

    files.rewrite(rewritten())


def _asked(entry: Entry, record: Mapping[str, Any], config: Config, what: Cut) -> Asked:
    document = document_again(record, config)
    return Asked(document, entry.line.plain or document.text, what)


def document_again(record: Mapping[str, Any], config: Config) -> Document:
    """Return a kept record as the document that it will be when it is cleaned again: a text, whatever it looks like."""
    fields = {key: record[key] for key in ("id", "text", "title", "url") if record.get(key) is not None}
    fields.setdefault(ORIGINAL, "")
    read = from_fields(fields, "", Config().field_names())
    assert isinstance(read, Record)
    return replace(read.document, kind=MARKDOWN) if config.render == "markdown" else read.document
