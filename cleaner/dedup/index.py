"""A near-duplicate index for scrapers, and for runs that go on from a former corpus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from typing import NamedTuple, Self

from cleaner.dedup.backend import Backend, Learn, LocalBackend, RunMark
from cleaner.dedup.index_file import IndexFileError
from cleaner.dedup.known import VERSION, KnownPassages
from cleaner.dedup.server import RedisBackend, is_address, masked
from cleaner.dedup.signature import SCHEME, SEED
from cleaner.dedup.sketch import SHINGLES_VERSION, Sketch, Sketcher
from cleaner.dedup.sqlite import SqliteStore
from cleaner.dedup.store import MemoryStore
from cleaner.document import Drop
from cleaner.errors import CleanerError
from cleaner.remote import address as remote

_DEFAULT = Sketcher()


class Match(NamedTuple):
    """The indexed text that a text is like."""

    id: str
    similarity: float
    """The exact Jaccard similarity of the two sets of shingles, in [0, 1]; of a text that is contained in the indexed
    one, where the index asks for that, the share of its shingles that stand there."""


class IndexInfo(NamedTuple):
    """What an index holds, and how its texts are compared."""

    path: str | None
    """None for an index in memory."""
    texts: int
    bytes: int
    """The size of the file; 0 in memory."""
    settings: dict[str, str]
    """Threshold, n-gram, bands, rows, signature scheme and seed, version of the shingles, and of the passages, 0 for
    none."""
    passages: int | None
    """The number of passages, each once for every run that had it; None where the index keeps none."""


class IndexMismatchError(CleanerError, ValueError):
    """An index was made with other settings than it is asked to work with."""


class NearDuplicateIndex:
    """Texts that were kept, and the question whether a new one is like one of them. A context manager.

    >>> with NearDuplicateIndex.open() as index:
    ...     index.check_and_add("a", "The ferry to the island leaves at nine.")
    ...     index.check_and_add("b", "the ferry to the island leaves at nine")
    Match(id='a', similarity=1.0)

    An id may be added more than once; `remove()` takes out all its texts. Threads may share an index, and processes
    a file or a server: each call is done as a whole, and what it added is there when it returns.
    """

    def __init__(
        self, sketcher: Sketcher, backend: Backend, path: str | None = None, *, keeps_passages: bool = False
    ) -> None:
        self.sketcher = sketcher
        self.path = path
        self.keeps_passages = keeps_passages
        self._backend = backend

    @classmethod
    def open(
        cls,
        path: str | PathLike[str] | None = None,
        *,
        threshold: float | None = None,
        ngram: int | None = None,
        contained: float | None = None,
        passages: bool = False,
        read_only: bool = False,
    ) -> Self:
        """Open the index in the file `path`, made where there is none; without a path, one in memory.

        `redis://[[user]:password@]host[:port][/db][?name=NAME]` is one on a server, for a fleet (extra `redis`).

        `threshold` and `ngram` are those that the file states, or of a new index 0.7 and 5; so is `contained`, the
        share from which a text counts as contained in one of the index, of a new one 0: it is not asked. `passages`
        asks for a file that also keeps the passages of the corpora that are added by `cleaner clean` or `index build`.

        Raises `IndexMismatchError` where the file states others than are asked for, or was made by a
        version whose sketches differ; `IndexFileError` where it is no index, or is not there and `read_only` is set;
        `IndexServerError` for the same on a server.
        """
        if isinstance(path, str) and not is_address(path) and (remote.is_address(path) or remote.why_no_path(path)):
            raise IndexFileError(
                f"{remote.shown(path)}: an index is a file on this machine, or on a server at redis://"
            )
        asked: dict[str, float | None] = {"threshold": threshold, "ngram": ngram, "contained": contained}
        sketcher = Sketcher(
            _DEFAULT.threshold if threshold is None else threshold,
            _DEFAULT.ngram if ngram is None else ngram,
            _DEFAULT.contained if contained is None else contained,
        )
        if passages and (path is None or is_address(path)):
            raise IndexMismatchError(
                f"{'an index in memory' if path is None else masked(fspath(path))} keeps no passages: name a file as "
                "the index, or do without them"
            )
        if path is None:
            return cls(sketcher, LocalBackend(MemoryStore(), sketcher))
        if is_address(path):
            server = RedisBackend(fspath(path), settings_of(sketcher), read_only=read_only)
            sketcher = stated(server.settings, server.path, asked)
            server.threshold, server.contained = sketcher.threshold, sketcher.contained
            return cls(sketcher, server, server.path)
        if read_only and not Path(path).exists():
            raise IndexFileError(f"{fspath(path)}: there is no such index")
        store = SqliteStore(path, settings_of(sketcher, passages=passages), read_only=read_only)
        try:
            sketcher = stated(store.settings, store.path, asked)
            keeps = _keeps_passages(store.settings)
            if passages and not keeps:
                raise IndexMismatchError(
                    f"{store.path} was made without passages: do without them, or build another index from the texts: "
                    "cleaner index build CORPUS -o INDEX --passages"
                )
        except BaseException:
            store.close()
            raise
        return cls(sketcher, LocalBackend(store, sketcher), store.path, keeps_passages=keeps)

    def check_and_add(self, id: str, text: str) -> Match | None:
        """Return the indexed text that `text` is like; None means there was none, and then it was added.

        Called again for a text that was added, it gives that text's own id.
        """
        return _match(self.decide(id, self._sketch(text)))

    def query(self, text: str) -> Match | None:
        """Return the indexed text that `text` is like, and add nothing."""
        return _match(self.find(self._sketch(text)))

    def add(self, id: str, text: str) -> None:
        """Add a text without a question."""
        self._backend.add(id, self._sketch(text))

    def remove(self, id: str) -> bool:
        """Take out the texts that were added under this id; say whether there were any."""
        return self._backend.remove(id) > 0

    def merge(self, other: NearDuplicateIndex) -> int:
        """Add those texts of another index, in its order, that are like none here; give how many.

        In a file all are added, or none; on a server one by one, so that after an error those before are there. Done
        again, it adds the rest. Of a passage that both have, as many texts count as the one has that has more of them,
        since the same text may stand behind both. Raises `IndexMismatchError` where the two compare texts differently,
        or one of them keeps passages and the other does not.
        """
        _refuse_other(self, other)
        if other is self:
            return 0
        passages = other._backend.passages if other.keeps_passages else None
        learn = None if passages is None else lambda table: table.merge(passages)
        return self._backend.extend(other._backend.sketches(), learn=learn)

    def extend(
        self, sketches: Iterable[tuple[str, Sketch]], mark: RunMark | None = None, learn: Learn | None = None
    ) -> int:
        """Add those of the sketches, which `sketcher` made of texts with these ids, that are like none; give how many.

        `mark` is noted with them, and `learn` adds the passages of the texts. In a file all are added, or none; on a
        server one by one, so that after an error those before are there. Done again, it adds the rest.
        """
        return self._backend.extend(sketches, mark, learn)

    def info(self) -> IndexInfo:
        """Say what the index holds and how its texts are compared."""
        table = self._backend.passages if self.keeps_passages else None
        settings = settings_of(self.sketcher, passages=self.keeps_passages)
        return IndexInfo(
            self.path, len(self), self._backend.bytes_taken(), settings, None if table is None else len(table)
        )

    def find(self, sketch: Sketch) -> Drop | None:
        """Return the verdict on a sketch that `sketcher` made, here or in another process; add nothing."""
        return self._backend.find(sketch)

    def decide(self, id: str, sketch: Sketch) -> Drop | None:
        """Return the verdict on a sketch; None means that it was added."""
        return self._backend.decide(id, sketch)

    def last(self) -> int:
        """Return a number that no text has reached yet: `before()` it stand those that are here now."""
        return self._backend.last()

    def begun(self, run: str) -> int | None:
        """Return what `last()` gave when a run began that has added its texts; None for one that has not."""
        return self._backend.begun(run)

    def before(self, number: int) -> Before:
        """Return the texts as they were when `last()` gave this number, less what was removed since."""
        return Before(self, number)

    @property
    def capped(self) -> int:
        """How many buckets were met that have more members than are compared."""
        return self._backend.capped

    @property
    def short_looks(self) -> int:
        """How many looks met a bucket with more members than are compared."""
        return self._backend.short_looks

    def _sketch(self, text: str) -> Sketch:
        return self.sketcher.batch([text])[0]

    def close(self) -> None:
        """Let go of the file or the connection."""
        self._backend.close()

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self._backend)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close."""
        self.close()


@dataclass(frozen=True, slots=True)
class Before:
    """The texts of an index that it had at a certain time: a former corpus, whatever is added meanwhile."""

    index: NearDuplicateIndex
    number: int

    @property
    def sketcher(self) -> Sketcher:
        """What made their sketches."""
        return self.index.sketcher

    @property
    def capped(self) -> int:
        """How many buckets were met that have more members than are compared."""
        return self.index.capped

    @property
    def short_looks(self) -> int:
        """How many looks met a bucket with more members than are compared."""
        return self.index.short_looks

    @property
    def path(self) -> str | None:
        """The index by name, without a password; None in memory."""
        return self.index.path

    @property
    def passages(self) -> KnownPassages | None:
        """Their passages; None where the index keeps none."""
        table = self.index._backend.passages
        if table is None or not self.index.keeps_passages:
            return None
        return KnownPassages(table, self.number, str(self.path))

    def find(self, sketch: Sketch) -> Drop | None:
        """Return the verdict on a sketch against them."""
        return self.index._backend.find(sketch, self.number)


def _match(duplicate: Drop | None) -> Match | None:
    if duplicate is None or duplicate.duplicate_of is None or duplicate.similarity is None:
        return None
    return Match(duplicate.duplicate_of, duplicate.similarity)


def settings_of(sketcher: Sketcher, *, passages: bool = False) -> dict[str, str]:
    """Return all that must be equal for two sketches to be comparable, and for passages, where they are kept."""
    return {
        "threshold": repr(sketcher.threshold),
        "ngram": str(sketcher.ngram),
        "contained": repr(sketcher.contained),
        "bands": str(sketcher.layout.count),
        "rows": str(sketcher.layout.rows),
        "scheme": SCHEME,
        "seed": str(SEED),
        "shingles": str(SHINGLES_VERSION),
        "passages": str(VERSION if passages else 0),
    }


def _keeps_passages(settings: Mapping[str, str]) -> bool:
    return settings.get("passages", "0") != "0"


def stated(settings: Mapping[str, str], place: str, asked: Mapping[str, float | None]) -> Sketcher:
    """Return the sketcher that an index asks for by its settings; refuse it where that is not what is asked for."""
    try:
        sketcher = Sketcher(
            float(settings["threshold"]), int(settings["ngram"]), float(settings.get("contained", _DEFAULT.contained))
        )
    except (KeyError, ValueError) as error:
        raise IndexFileError(f"{place} is no near-duplicate index of cleaner") from error
    for name, value in asked.items():
        if value is not None and value != getattr(sketcher, name):
            raise IndexMismatchError(
                f"{place} was made with {name} {settings[name]}, not {value}: "
                f"ask for {name} {settings[name]}, or build another index"
            )
    wanted = settings_of(sketcher, passages=_keeps_passages(settings))
    if settings != wanted:
        differing = "; ".join(
            f"{name} {settings.get(name)}, here {value}"
            for name, value in wanted.items()
            if settings.get(name) != value
        )
        raise IndexMismatchError(
            f"{place} was made by a version of cleaner that sketches texts otherwise ({differing}): move it away, and "
            f"build it anew from the texts: cleaner index build CORPUS -o {place}"
        )
    return sketcher


def _refuse_other(index: NearDuplicateIndex, another: NearDuplicateIndex) -> None:
    own, other = index.sketcher, another.sketcher
    name = another.path or "the other index"
    if own != other:
        raise IndexMismatchError(
            f"{name} has threshold {other.threshold}, n-gram {other.ngram} and contained {other.contained}, this index "
            f"{own.threshold}, {own.ngram} and {own.contained}: only indexes that compare texts in the same way can "
            "be merged"
        )
    if index.keeps_passages != another.keeps_passages:
        with_them, without = (name, "this index") if another.keeps_passages else ("this index", name)
        raise IndexMismatchError(
            f"{with_them} keeps passages and {without} does not: only indexes that both do, or neither, can be merged"
        )
