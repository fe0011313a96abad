"""Kept sketches on a Redis server, for several processes and machines that add to one index at the same time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup import scripts
from cleaner.dedup.backend import Learn, RunMark
from cleaner.dedup.hashing import Hashes
from cleaner.dedup.leader import find_twin
from cleaner.dedup.sketch import BITMAP_LANES, Sketch
from cleaner.dedup.store import BUCKET_CAP, Integers, Member
from cleaner.document import Drop
from cleaner.errors import CleanerError

_NAME = "cleaner"
_CONNECT_TIMEOUT_S = 10.0
_ANSWER_TIMEOUT_S = 60.0
# The most candidates that are fetched with all they have. Of more, the bitmaps come first, then what may be a twin.
_WHOLE = 16
_BATCH = 256
_NO_END = 1 << 53


class IndexServerError(CleanerError, OSError):
    """A server cannot be used for a near-duplicate index, or has lost it."""


def is_address(path: object) -> bool:
    """Tell an index on a server from one in a file."""
    return isinstance(path, str) and path.startswith(("redis://", "rediss://"))


def masked(address: str) -> str:
    """Return an address as it may be shown and written down: without its password.

    >>> masked("redis://crawler:secret@host:6379/0"), masked("corpus.index")
    ('redis://crawler:***@host:6379/0', 'corpus.index')
    """
    if not is_address(address):
        return address
    parts = _split(address)
    query = urlencode([(name, "***" if name == "password" else value) for name, value in parse_qsl(parts.query)])
    user, at, host = parts.netloc.rpartition("@")
    name, colon, _ = user.partition(":")
    return urlunsplit(parts._replace(netloc=f"{name}{':***' if colon else ''}{at}{host}", query=query))


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError as error:  # which may have a password in it
        raise IndexServerError(f"{address.partition('//')[0]}//…: no address of a server: {error}") from None


class RedisBackend:
    """An index on the server at `address`: `redis://[[user]:password@]host[:port][/db][?name=NAME]`.

    `NAME` (cleaner) tells several indexes in one database apart. Any number of processes may add: a text goes in only
    where nothing that it would be compared with has changed since the look. What was added is as safe as the
    server's own persistence makes it. Nothing is tried again when a connection is lost: that is an `IndexServerError`.

    `settings` are written to a new index; those of an old one are in `settings` after opening.
    """

    passages = None

    def __init__(self, address: str, settings: Mapping[str, str], *, read_only: bool = False) -> None:
        try:
            import redis
            from redis.backoff import NoBackoff
            from redis.retry import Retry
        except ImportError as error:
            raise IndexServerError(
                f"{masked(address)}: an index on a server needs redis: pip install 'webtext-cleaner[redis]'"
            ) from error
        self.path = masked(address)
        self.threshold = float(settings["threshold"])
        self.contained = float(settings["contained"])
        self._read_only = read_only
        self._errors = redis.RedisError
        self._capped: set[bytes] = set()
        self.short_looks = 0
        parts = _split(address)
        query = dict(parse_qsl(parts.query))
        self._prefix = f"{{{query.pop('name', _NAME)}}}:"
        try:
            self._client: Any = redis.Redis.from_url(
                urlunsplit(parts._replace(query=urlencode(query))),
                retry=Retry(NoBackoff(), 0),
                socket_connect_timeout=_CONNECT_TIMEOUT_S,
                socket_timeout=_ANSWER_TIMEOUT_S,
            )
        except ValueError as error:
            raise IndexServerError(f"{self.path} is no address of a server: {error}") from None
        self._look, self._add, self._remove = map(
            self._client.register_script, (scripts.LOOK, scripts.ADD, scripts.REMOVE)
        )
        with self._told():
            new = [part for pair in settings.items() for part in pair]
            pairs = self._client.eval(scripts.OPEN, 1, self._prefix, int(not read_only), *new)
        if not pairs:
            raise IndexServerError(f"{self.path}: there is no such index")
        with self._told(), suppress(redis.exceptions.NoPermissionError):
            self._refuse_forgetful(self._client.info("memory"))
        words = [part.decode() for part in pairs]
        self.settings = dict(zip(words[::2], words[1::2], strict=True))

    @property
    def capped(self) -> int:
        """How many buckets were met that have more members than are compared."""
        return len(self._capped)

    def find(self, sketch: Sketch, before: int | None = None) -> Drop | None:
        """Return the verdict on a sketch, against the texts with numbers under `before`; add nothing."""
        return self._verdict(sketch, before)[1]

    def decide(self, id: str, sketch: Sketch) -> Drop | None:
        """Return the verdict on a sketch; None means that it was added."""
        self._refuse_reader()
        while True:
            seen, duplicate = self._verdict(sketch, None)
            if duplicate is not None or self._added(id, sketch, (seen.epoch, seen.copies, *seen.lengths)):
                return duplicate

    def add(self, id: str, sketch: Sketch) -> None:
        """Add a sketch without a question."""
        self._refuse_reader()
        self._added(id, sketch, ("",))

    def extend(
        self, sketches: Iterable[tuple[str, Sketch]], mark: RunMark | None = None, learn: Learn | None = None
    ) -> int:
        """Add those that are like none, one by one, and give how many; there is no place for passages.

        Where the connection is lost on the way, those before stay added. The run is noted first: one that is killed in
        between, and done again, finds that it had begun, and goes on.
        """
        self._refuse_reader()
        if mark is not None:
            with self._told():
                self._client.hsetnx(self._prefix + "runs", mark.run, mark.begun)
        return sum(self.decide(id, sketch) is None for id, sketch in sketches)

    def remove(self, id: str) -> int:
        """Take out the texts with this id; give how many there were."""
        self._refuse_reader()
        raw = scripts.raw(id)
        with self._told():
            arguments: list[Any] = [scripts.digest(raw), raw, scripts.EXACT_END]
            return self._there(int(self._remove([self._prefix], arguments)))

    def sketches(self) -> Iterator[tuple[str, Sketch]]:
        """Yield what is in the index, in order: what was there when the first was asked for, and is still."""
        for start in range(1, end := self.last(), _BATCH):
            for record in self._records(range(start, min(start + _BATCH, end))):
                if record is not None:
                    yield self._unpacked(record)

    def last(self) -> int:
        """Return a number that no text has reached yet, and that all later ones are at or above."""
        return self._count("number") + 1

    def begun(self, run: str) -> int | None:
        """Return what `last()` gave when a run began that has been noted."""
        with self._told():
            found = self._client.hget(self._prefix + "runs", run)
        return None if found is None else int(found)

    def bytes_taken(self) -> int:
        """Return the memory that the server takes."""
        with self._told():
            return int(self._client.info("memory")["used_memory"])

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def __len__(self) -> int:
        """Return the number of texts."""
        return self._count("texts")

    def _count(self, name: str) -> int:
        with self._told():
            return int(self._client.get(self._prefix + name) or 0)

    def _verdict(self, sketch: Sketch, before: int | None) -> tuple[_Seen, Drop | None]:
        while True:
            seen = self._seen(sketch, before)
            try:
                return seen, find_twin(seen, sketch, self.threshold, self.contained)
            except _RemovedError:  # between the two round trips: look again
                continue

    def _seen(self, sketch: Sketch, before: int | None) -> _Seen:
        size = sketch.size
        with self._told():
            found = self._look(
                [self._prefix],
                [
                    sketch.bands + sketch.anchors,
                    sketch.exact,
                    size,
                    repr(self.threshold),
                    _NO_END if before is None else before,
                    BUCKET_CAP * scripts.ENTRY,
                    _WHOLE,
                    scripts.BITMAP_END,
                    len(sketch.bands),
                ],
            )
        if not found:
            self._there(-1)
        epoch, copies, lengths, first, exact, numbers, records = found
        for place, length in enumerate(lengths):
            if length > BUCKET_CAP * scripts.ENTRY:
                self._capped.add((sketch.bands + sketch.anchors)[8 * place : 8 * place + 8])
        self.short_looks += any(length > BUCKET_CAP * scripts.ENTRY for length in lengths)
        whole = dict(zip(numbers, records, strict=True))
        if first:
            whole[first] = exact
        if not all(whole.values()):
            raise IndexServerError(f"{self.path}: texts of the index are gone; somebody deleted keys of it")
        return _Seen(self, epoch, copies, tuple(lengths), first, np.array(numbers, np.int64), whole)

    def _added(self, id: str, sketch: Sketch, expected: Sequence[Any]) -> bool:
        raw = scripts.raw(id)
        size, cap = sketch.size, BUCKET_CAP * scripts.ENTRY
        with self._told():
            arguments = [
                sketch.bands + sketch.anchors,
                sketch.exact,
                size,
                cap,
                scripts.digest(raw),
                scripts.packed(raw, sketch),
                *expected,
            ]
            return self._there(int(self._add([self._prefix], arguments))) > 0

    def _records(self, numbers: Iterable[int]) -> list[bytes | None]:
        with self._told():
            found: list[bytes | None] = self._client.mget([f"{self._prefix}t:{number}" for number in numbers])
        return found

    def _unpacked(self, record: bytes) -> tuple[str, Sketch]:
        return scripts.unpacked(record, int(self.settings["bands"]))

    def _refuse_forgetful(self, memory: Mapping[str, Any]) -> None:
        policy = memory.get("maxmemory_policy", "")
        if memory.get("maxmemory") and policy.startswith("allkeys"):
            raise IndexServerError(
                f"{self.path}: the server throws keys away when its memory is full (maxmemory-policy {policy}), and "
                "would forget texts; set maxmemory-policy to noeviction"
            )

    def _refuse_reader(self) -> None:
        if self._read_only:
            raise IndexServerError(f"{self.path} was opened readonly")

    def _there(self, answer: int) -> int:
        if answer < 0:
            raise IndexServerError(
                f"{self.path}: the index is gone; the server has lost its memory, or somebody deleted it"
            )
        return answer

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except self._errors as error:
            raise IndexServerError(f"{self.path}: the server does not answer as it should: {error}") from error


class _RemovedError(Exception):
    """A candidate was removed before all of it was read."""


class _Seen(NamedTuple):
    """What a look-up saw: as much of a store as a verdict asks for."""

    backend: RedisBackend
    epoch: bytes
    copies: int
    lengths: tuple[int, ...]
    first: int
    numbers: Integers
    records: dict[int, bytes]

    def exact(self, digest: bytes) -> int | None:
        return self.first or None

    def candidates(self, bands: bytes) -> Integers:
        return self.numbers

    def holders(self, anchors: bytes) -> Integers:
        return self.numbers

    def sizes(self, numbers: Integers) -> Integers:
        return np.array([scripts.HEAD.unpack_from(self.records[number])[1] for number in numbers.tolist()], np.int64)

    def bitmaps(self, numbers: Integers) -> NDArray[np.uint64]:
        rows = b"".join([self.records[number][scripts.HEAD.size : scripts.BITMAP_END] for number in numbers.tolist()])
        bitmaps: Hashes = np.frombuffer(rows, "<u8").reshape(len(numbers), BITMAP_LANES)
        return bitmaps

    def shingles(self, numbers: Integers) -> Iterator[Hashes]:
        wanted = [number for number in numbers.tolist() if len(self.records[number]) == scripts.BITMAP_END]
        for number, record in zip(wanted, self.backend._records(wanted) if wanted else (), strict=True):
            if record is None:
                raise _RemovedError
            self.records[number] = record
        for number in numbers.tolist():
            yield np.frombuffer(self.backend._unpacked(self.records[number])[1].shingles, "<u8")

    def member(self, number: int) -> Member:
        id, sketch = self.backend._unpacked(self.records[number])
        return Member(id, sketch.words)
