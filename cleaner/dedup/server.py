"""Kept sketches on a Redis server, for several processes and machines that add to one index at the same time."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import numpy as np
import xxhash
from numpy.typing import NDArray

from cleaner.dedup.backend import RunMark
from cleaner.dedup.hashing import Hashes
from cleaner.dedup.leader import Duplicate, find_twin
from cleaner.dedup.sketch import BITMAP_LANES, Sketch
from cleaner.dedup.store import BUCKET_CAP, Integers, Member
from cleaner.errors import CleanerError

_NAME = "cleaner"
_CONNECT_TIMEOUT_S = 10.0
_ANSWER_TIMEOUT_S = 60.0
# Up to so many candidates come with all they have; of more, the bitmaps come first, and then those that may be twins.
_WHOLE = 16
_BATCH = 256
_ENTRY = 8
_NO_END = 1 << 53

# A text's record: words, shingles, bytes of the id; then the bitmap, the exact digest, the bands, the id, the shingles.
_HEAD = struct.Struct("<III")
_BITMAP_END = _HEAD.size + 8 * BITMAP_LANES
_EXACT_END = _BITMAP_END + 16

# Every key begins with the index's name in braces, so that a cluster has all of them in one place:
#   settings (hash), number (the last given), texts (how many), epoch (goes up when texts are removed), runs (hash),
#   t:number (record), i:digest of id (numbers, 4 bytes each),
#   b:key of a band, x:exact digest (entries in keep order, 8 bytes each: number, shingles).
_OPEN = """
if ARGV[1] == '1' and redis.call('EXISTS', KEYS[1] .. 'settings') == 0 then
  redis.call('HSET', KEYS[1] .. 'settings', unpack(ARGV, 2))
end
return redis.call('HGETALL', KEYS[1] .. 'settings')
"""
_LOOK = """
local p, bands, digest, cap = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[6])
local size, threshold, before = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
if redis.call('EXISTS', p .. 'settings') == 0 then return {} end
local lengths, numbers, seen = {}, {}, {}
for at = 1, #bands, 8 do
  local key = p .. 'b:' .. string.sub(bands, at, at + 7)
  lengths[#lengths + 1] = redis.call('STRLEN', key)
  local entries = redis.call('GETRANGE', key, 0, cap - 1)
  for place = 1, #entries, 8 do
    local number, other = struct.unpack('<I4I4', entries, place)
    if number < before and not seen[number] then
      seen[number] = true
      if math.min(other, size) / math.max(other, size) >= threshold then numbers[#numbers + 1] = number end
    end
  end
end
table.sort(numbers)
local first, exact, copies = 0, '', redis.call('GETRANGE', p .. 'x:' .. digest, 0, 7)
if #copies > 0 and struct.unpack('<I4', copies) < before then
  first = struct.unpack('<I4', copies)
  exact = redis.call('GET', p .. 't:' .. first)
end
local records = {}
for place, number in ipairs(numbers) do
  if #numbers <= tonumber(ARGV[7]) then
    records[place] = redis.call('GET', p .. 't:' .. number)
  else
    records[place] = redis.call('GETRANGE', p .. 't:' .. number, 0, tonumber(ARGV[8]) - 1)
  end
end
return {redis.call('GET', p .. 'epoch') or '0', redis.call('STRLEN', p .. 'x:' .. digest), lengths,
        first, exact, numbers, records}
"""
# Adds only where all is as the look-up saw it, up to the cap, beyond which nothing is compared; or without a question.
_ADD = """
local p, bands, digest, size, cap = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
if redis.call('EXISTS', p .. 'settings') == 0 then return -1 end
if ARGV[7] ~= '' then
  if (redis.call('GET', p .. 'epoch') or '0') ~= ARGV[7] then return 0 end
  if redis.call('STRLEN', p .. 'x:' .. digest) ~= tonumber(ARGV[8]) then return 0 end
  for at = 1, #bands, 8 do
    local length = redis.call('STRLEN', p .. 'b:' .. string.sub(bands, at, at + 7))
    if math.min(length, cap) ~= math.min(tonumber(ARGV[8 + (at + 7) / 8]), cap) then return 0 end
  end
end
local number = redis.call('INCR', p .. 'number')
local entry = struct.pack('<I4I4', number, size)
redis.call('SET', p .. 't:' .. number, ARGV[6])
for at = 1, #bands, 8 do redis.call('APPEND', p .. 'b:' .. string.sub(bands, at, at + 7), entry) end
redis.call('APPEND', p .. 'x:' .. digest, entry)
redis.call('APPEND', p .. 'i:' .. ARGV[5], struct.pack('<I4', number))
redis.call('INCR', p .. 'texts')
return number
"""
_REMOVE = """
local p, id, start = KEYS[1], ARGV[2], tonumber(ARGV[3])
if redis.call('EXISTS', p .. 'settings') == 0 then return -1 end
local function without(key, number, width)
  local old, new = redis.call('GET', key) or '', {}
  for place = 1, #old, width do
    if struct.unpack('<I4', old, place) ~= number then new[#new + 1] = string.sub(old, place, place + width - 1) end
  end
  if #new == 0 then redis.call('DEL', key) else redis.call('SET', key, table.concat(new)) end
end
local numbers, removed = redis.call('GET', p .. 'i:' .. ARGV[1]) or '', 0
for at = 1, #numbers, 4 do
  local number = struct.unpack('<I4', numbers, at)
  local record = redis.call('GET', p .. 't:' .. number)
  local bands_end = start + tonumber(ARGV[4])
  local _, _, length = struct.unpack('<I4I4I4', record)
  if string.sub(record, bands_end + 1, bands_end + length) == id then
    for place = start + 1, bands_end, 8 do without(p .. 'b:' .. string.sub(record, place, place + 7), number, 8) end
    without(p .. 'x:' .. string.sub(record, start - 15, start), number, 8)
    without(p .. 'i:' .. ARGV[1], number, 4)
    redis.call('DEL', p .. 't:' .. number)
    redis.call('DECR', p .. 'texts')
    removed = removed + 1
  end
end
if removed > 0 then redis.call('INCR', p .. 'epoch') end
return removed
"""


class IndexServerError(CleanerError, OSError):
    """A server cannot be used for a near-duplicate index, or has lost it."""


def is_address(path: object) -> bool:
    """Tell an index on a server from one in a file."""
    return isinstance(path, str) and path.startswith(("redis://", "rediss://"))


def masked(address: str) -> str:
    """Give an address as it may be shown and written down: without its password.

    >>> masked("redis://crawler:secret@host:6379/0"), masked("corpus.index")
    ('redis://crawler:***@host:6379/0', 'corpus.index')
    """
    if not is_address(address):
        return address
    parts = urlsplit(address)
    query = urlencode([(name, "***" if name == "password" else value) for name, value in parse_qsl(parts.query)])
    user, at, host = parts.netloc.rpartition("@")
    name, colon, _ = user.partition(":")
    return urlunsplit(parts._replace(netloc=f"{name}{':***' if colon else ''}{at}{host}", query=query))


class RedisBackend:
    """An index on the server at `address`: `redis://[[user]:password@]host[:port][/db][?name=NAME]`.

    `NAME` (cleaner) tells several indexes in one database apart. Any number of processes may add: a text goes in only
    where nothing that it would be compared with has changed since the look. What was added is as safe as the
    server's own persistence makes it. Nothing is tried again when a connection is lost: that is an `IndexServerError`.

    `settings` are written to a new index; those of an old one are in `settings` after opening.
    """

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
        self._read_only = read_only
        self._errors = redis.RedisError
        self._capped: set[bytes] = set()
        parts = urlsplit(address)
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
        self._look, self._add, self._remove = map(self._client.register_script, (_LOOK, _ADD, _REMOVE))
        with self._told():
            new = [part for pair in settings.items() for part in pair]
            pairs = self._client.eval(_OPEN, 1, self._prefix, int(not read_only), *new)
        if not pairs:
            raise IndexServerError(f"{self.path}: there is no such index")
        words = [part.decode() for part in pairs]
        self.settings = dict(zip(words[::2], words[1::2], strict=True))

    @property
    def capped(self) -> int:
        """How many buckets were met that have more members than are compared."""
        return len(self._capped)

    def find(self, sketch: Sketch, before: int | None = None) -> Duplicate | None:
        """Give the verdict on a sketch, against the texts with numbers under `before`; add nothing."""
        return self._verdict(sketch, before)[1]

    def decide(self, id: str, sketch: Sketch) -> Duplicate | None:
        """Give the verdict on a sketch; None means that it was added."""
        self._refuse_reader()
        while True:
            seen, duplicate = self._verdict(sketch, None)
            if duplicate is not None or self._added(id, sketch, (seen.epoch, seen.copies, *seen.lengths)):
                return duplicate

    def add(self, id: str, sketch: Sketch) -> None:
        """Add a sketch without a question."""
        self._refuse_reader()
        self._added(id, sketch, ("",))

    def extend(self, sketches: Iterable[tuple[str, Sketch]], mark: RunMark | None = None) -> int:
        """Add those that are like none, one by one, and give how many.

        The run is noted first: one that is killed in between, and done again, finds that it had begun, and goes on.
        """
        self._refuse_reader()
        if mark is not None:
            with self._told():
                self._client.hsetnx(self._prefix + "runs", mark.run, mark.begun)
        return sum(self.decide(id, sketch) is None for id, sketch in sketches)

    def remove(self, id: str) -> int:
        """Take out the texts with this id; give how many there were."""
        self._refuse_reader()
        raw = _bytes(id)
        with self._told():
            arguments: list[Any] = [_digest(raw), raw, _EXACT_END, 8 * int(self.settings["bands"])]
            return self._there(int(self._remove([self._prefix], arguments)))

    def sketches(self) -> Iterator[tuple[str, Sketch]]:
        """Give what is in the index, in order: what was there when the first was asked for, and is still."""
        for start in range(1, end := self.last(), _BATCH):
            for record in self._records(range(start, min(start + _BATCH, end))):
                if record is not None:
                    yield self._unpacked(record)

    def last(self) -> int:
        """Give a number that no text has reached yet, and that all later ones are at or above."""
        return self._count("number") + 1

    def begun(self, run: str) -> int | None:
        """Give what `last()` gave when a run began that has been noted."""
        with self._told():
            found = self._client.hget(self._prefix + "runs", run)
        return None if found is None else int(found)

    def bytes_taken(self) -> int:
        """Give the memory that the server takes."""
        with self._told():
            return int(self._client.info("memory")["used_memory"])

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def __len__(self) -> int:
        """Give the number of texts."""
        return self._count("texts")

    def _count(self, name: str) -> int:
        with self._told():
            return int(self._client.get(self._prefix + name) or 0)

    def _verdict(self, sketch: Sketch, before: int | None) -> tuple[_Seen, Duplicate | None]:
        while True:
            seen = self._seen(sketch, before)
            try:
                return seen, find_twin(seen, sketch, self.threshold)
            except _RemovedError:  # between the two round trips: look again
                continue

    def _seen(self, sketch: Sketch, before: int | None) -> _Seen:
        size = len(sketch.shingles) // 8
        with self._told():
            found = self._look(
                [self._prefix],
                [
                    sketch.bands,
                    sketch.exact,
                    size,
                    repr(self.threshold),
                    _NO_END if before is None else before,
                    BUCKET_CAP * _ENTRY,
                    _WHOLE,
                    _BITMAP_END,
                ],
            )
        if not found:
            self._there(-1)
        epoch, copies, lengths, first, exact, numbers, records = found
        for place, length in enumerate(lengths):
            if length > BUCKET_CAP * _ENTRY:
                self._capped.add(sketch.bands[8 * place : 8 * place + 8])
        whole = dict(zip(numbers, records, strict=True))
        if first:
            whole[first] = exact
        return _Seen(self, epoch, copies, tuple(lengths), first, np.array(numbers, np.int64), whole)

    def _added(self, id: str, sketch: Sketch, expected: Sequence[Any]) -> bool:
        raw = _bytes(id)
        size = len(sketch.shingles) // 8
        head = _HEAD.pack(sketch.words, size, len(raw))
        record = b"".join((head, sketch.bitmap, sketch.exact, sketch.bands, raw, sketch.shingles))
        cap = BUCKET_CAP * _ENTRY
        with self._told():
            arguments = [sketch.bands, sketch.exact, size, cap, _digest(raw), record, *expected]
            return self._there(int(self._add([self._prefix], arguments))) > 0

    def _records(self, numbers: Iterable[int]) -> list[bytes | None]:
        with self._told():
            found: list[bytes | None] = self._client.mget([f"{self._prefix}t:{number}" for number in numbers])
        return found

    def _unpacked(self, record: bytes) -> tuple[str, Sketch]:
        words, _, length = _HEAD.unpack_from(record)
        bands_end = _EXACT_END + 8 * int(self.settings["bands"])
        id_end = bands_end + length
        return record[bands_end:id_end].decode("utf-8", "surrogatepass"), Sketch(
            exact=record[_BITMAP_END:_EXACT_END],
            shingles=record[id_end:],
            bands=record[_EXACT_END:bands_end],
            bitmap=record[_HEAD.size : _BITMAP_END],
            words=words,
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

    def sizes(self, numbers: Integers) -> Integers:
        return np.array([_HEAD.unpack_from(self.records[number])[1] for number in numbers.tolist()], np.int64)

    def bitmaps(self, numbers: Integers) -> NDArray[np.uint64]:
        rows = b"".join([self.records[number][_HEAD.size : _BITMAP_END] for number in numbers.tolist()])
        bitmaps: Hashes = np.frombuffer(rows, "<u8").reshape(len(numbers), BITMAP_LANES)
        return bitmaps

    def shingles(self, numbers: Integers) -> Iterator[Hashes]:
        wanted = [number for number in numbers.tolist() if len(self.records[number]) == _BITMAP_END]
        for number, record in zip(wanted, self.backend._records(wanted) if wanted else (), strict=True):
            if record is None:
                raise _RemovedError
            self.records[number] = record
        for number in numbers.tolist():
            yield np.frombuffer(self.backend._unpacked(self.records[number])[1].shingles, "<u8")

    def member(self, number: int) -> Member:
        id, sketch = self.backend._unpacked(self.records[number])
        return Member(id, sketch.words)


def _bytes(id: str) -> bytes:
    return id.encode("utf-8", "surrogatepass")


def _digest(raw: bytes) -> bytes:
    digest: bytes = xxhash.xxh3_128_digest(raw)
    return digest
