"""The model of lines as a file: a line of JSON that says what is in it, then the numbers, compressed."""

from __future__ import annotations

import functools
import hashlib
import json
import sys
import zlib
from array import array
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.rules.boilerplate.line_model.forest import Forest
from cleaner.rules.boilerplate.line_model.wording import BUCKETS, Wording

BUILTIN = Path(__file__).with_name("lines.model")
FORMAT = "cleaner-lines-1"
LEVELS = ("off", "careful", "usual", "eager")
USUAL = "usual"
# The codes that the model tells apart.
CLASSES = tuple(f"BP{number}" for number in range(101, 130))
# The arrays of a file in their order, with the type of their numbers, and those of them that are the trees.
PARTS = {"weights": "b", "kinds": "B", "roots": "i", "facts": "B", "thresholds": "h", "lefts": "h", "rights": "h",
         "leaves": "h"}  # fmt: skip
TREES = ("roots", "facts", "thresholds", "lefts", "rights", "leaves")
# No file unpacks to more than this, in bytes.
MOST_BYTES = 16_000_000


class LineModel(NamedTuple):
    """What decides: how a line reads, the trees, `kinds` (the codes of the classes) and the threshold of each level.

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
    """Return the model that a file has. Raises `ValueError` where it is no such file."""
    line, _, body = data.partition(b"\n")
    header = json.loads(line)
    if header.get("format") != FORMAT:
        raise ValueError(f"the format is {header.get('format')!r}, not {FORMAT!r}")
    unpacking = zlib.decompressobj()
    numbers = unpacking.decompress(body, MOST_BYTES)
    arrays: dict[str, array[int]] = {}
    place = 0
    for name, kind in PARTS.items():
        size = header["sizes"][name]
        arrays[name] = array(kind, numbers[place : place + size])
        if sys.byteorder == "big":
            arrays[name].byteswap()
        place += size
    if (
        not unpacking.eof
        or place != len(numbers)
        or len(arrays["weights"]) != BUCKETS
        or len(arrays["kinds"]) != BUCKETS
    ):
        raise ValueError("it is cut short, or made for another version")
    wording = Wording(arrays["weights"], arrays["kinds"].tobytes(), header["scale"], header["bias"])
    version = hashlib.sha256(data).hexdigest()[:12]
    forest = Forest(*(arrays[name] for name in TREES))
    return LineModel(wording, forest, tuple(header["kinds"]), header["thresholds"], tuple(header["usual"]), version)


@functools.cache
def builtin() -> LineModel:
    """Return the model that comes with cleaner."""
    return unpack(BUILTIN.read_bytes())


def load(level: str) -> tuple[LineModel, int] | None:
    """Return the model and the threshold of a level; None for "off"."""
    return None if level == "off" else (builtin(), builtin().thresholds[level])
