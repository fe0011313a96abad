"""The model of lines as a file: a line of JSON that says what is in it, then the numbers, compressed.

A file of one's own is another model, or a correction of ours (`correction.py`).
"""

from __future__ import annotations

import functools
import hashlib
import json
import sys
import zlib
from array import array
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.errors import ConfigError
from cleaner.named_file import read_named
from cleaner.rules.boilerplate.line_model.correction import corrected, is_correction
from cleaner.rules.boilerplate.line_model.facts import NAMES
from cleaner.rules.boilerplate.line_model.forest import Forest
from cleaner.rules.boilerplate.line_model.wording import BUCKETS, CLASS_BITS, Wording

BUILTIN = Path(__file__).with_name("lines.model")
FORMAT = "cleaner-lines-2"
LEVELS = ("off", "careful", "usual", "eager")
USUAL = "usual"
# The threshold that prose has to pass at any level: what is lost of it is long.
PROSE = "prose"
# The codes that a model tells apart.
CLASSES = (*(f"BP{number}" for number in range(101, 130)), "BP135")
# The arrays of a file in their order, with the type of their numbers, and those of them that are the trees.
PARTS = {"weights": "b", "kinds": "B", "roots": "i", "facts": "B", "thresholds": "h", "lefts": "h", "rights": "h",
         "leaves": "h"}  # fmt: skip
TREES = ("roots", "facts", "thresholds", "lefts", "rights", "leaves")
# No file unpacks to more than this, in bytes.
MOST_BYTES = 16_000_000


class LineModel(NamedTuple):
    """What decides: how a line reads, the trees, `kinds` (the codes of the classes), the thresholds.

    Each level has a threshold, and `PROSE` that of rows of prose at any level.
    `usual` are the facts of an ordinary line: what a group of facts weighed is told by putting these in their place.
    """

    wording: Wording
    forest: Forest
    kinds: tuple[str, ...]
    thresholds: dict[str, int]
    usual: tuple[int, ...]
    version: str


def pack(header: dict[str, Any], arrays: dict[str, array[int]]) -> bytes:
    """Return a model as the bytes of its file; the same model has the same bytes."""
    bodies = []
    for name, kind in PARTS.items():
        numbers = array(kind, arrays[name])
        if sys.byteorder == "big":
            numbers.byteswap()
        bodies.append(numbers.tobytes())
    sizes = dict(zip(PARTS, map(len, bodies), strict=True))
    line = json.dumps({"format": FORMAT, **header, "sizes": sizes}, sort_keys=True)
    return line.encode() + b"\n" + zlib.compress(b"".join(bodies), 9)


def unpack(data: bytes) -> LineModel:
    """Return the model that a file has. Raises `ValueError` where it is no such file, or is damaged."""
    line, _, body = data.partition(b"\n")
    try:
        header = json.loads(line)
        if header["format"] != FORMAT:
            raise ValueError(f"the format is {header['format']!r}, not {FORMAT!r}")
        unpacking = zlib.decompressobj()
        numbers = unpacking.decompress(body, MOST_BYTES)
        if not unpacking.eof:
            raise ValueError("it is cut short")
        return _made(header, _arrays(header["sizes"], numbers), hashlib.sha256(data).hexdigest()[:12])
    except (LookupError, TypeError, AttributeError, OverflowError, RecursionError, zlib.error) as error:
        raise ValueError("it is no model of lines, or damaged") from error


def _arrays(sizes: dict[str, int], numbers: bytes) -> dict[str, array[int]]:
    arrays: dict[str, array[int]] = {}
    place = 0
    for name, kind in PARTS.items():
        arrays[name] = array(kind, numbers[place : place + sizes[name]])
        if sys.byteorder == "big":
            arrays[name].byteswap()
        place += sizes[name]
    if place != len(numbers) or {len(arrays["weights"]), len(arrays["kinds"])} != {BUCKETS}:
        raise ValueError("it is made for another version")
    return arrays


def _made(header: dict[str, Any], arrays: dict[str, array[int]], version: str) -> LineModel:
    """Return the model of a header and its numbers, which are checked: a file may be anybody's."""
    kinds, usual = tuple(map(str, header["kinds"])), tuple(map(int, header["usual"]))
    thresholds = {level: int(header["thresholds"][level]) for level in (*LEVELS[1:], PROSE)}
    if not {*kinds} <= {"", *CLASSES} or max(arrays["kinds"]) % (1 << CLASS_BITS) >= len(kinds):
        raise ValueError("it knows other classes")
    if len(usual) != len(NAMES) or max(arrays["facts"], default=0) >= len(NAMES):
        raise ValueError("it asks for other facts")
    wording = Wording(arrays["weights"], arrays["kinds"].tobytes(), int(header["scale"]), int(header["bias"]))
    return LineModel(wording, Forest(*(arrays[name] for name in TREES)), kinds, thresholds, usual, version)


@functools.cache
def builtin() -> LineModel:
    """Return the model that comes with cleaner."""
    return unpack(BUILTIN.read_bytes())


def read_own(path: str) -> bytes:
    """Return what the file of a model, or of a correction of ours, holds. Raises `ConfigError` for another one."""
    try:
        data = read_named(path, MOST_BYTES)
        _own(data)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from error
    except ValueError as error:
        raise ConfigError(f"{path}: this is no model of lines as training/lines.py makes them: {error}") from error
    return data


@functools.lru_cache(4)
def _own(data: bytes) -> LineModel:
    if not is_correction(data):
        return unpack(data)
    model = builtin()
    wording = corrected(data, model.wording, model.version)
    return model._replace(wording=wording, version=hashlib.sha256(data).hexdigest()[:12])


def load(level: str, own: bytes | None = None) -> tuple[LineModel, int] | None:
    """Return the model and the threshold of a level; None for "off". `own` is what a file of one's own holds."""
    if level == "off":
        return None
    model = _own(own) if own else builtin()
    return model, model.thresholds[level]
