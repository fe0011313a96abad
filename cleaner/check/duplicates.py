"""Texts of the checked files that are like another one: the finding stands on the newer."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from cleaner.check import git
from cleaner.check.diagnostics import TOLD_MESSAGE, Diagnostic
from cleaner.check.files import File
from cleaner.check.sketches import Cache, Head, Seen
from cleaner.dedup.leader import GreedyLeader
from cleaner.dedup.longer import decide_all
from cleaner.dedup.sketch import Sketch, Sketcher
from cleaner.document import Drop
from cleaner.inert import shown
from cleaner.replacing import temporary_folder
from cleaner.rules import name_of

# Of more texts than this the sketches lie on disk.
IN_MEMORY = 50_000


class Text(NamedTuple):
    """A text and the file that it is in."""

    file: File
    seen: Seen

    @property
    def id(self) -> str:
        """Where it stands, as it is named in findings."""
        return f"{self.file.shown}:{self.seen.line}" if self.seen.line else self.file.shown


def duplicates(
    texts: Iterable[Text],
    sketcher: Sketcher,
    cache: Cache,
    told: Callable[[File], frozenset[str]],
) -> list[Diagnostic]:
    """Find the texts that are like another one that comes before them: first what is committed, then by path.

    `told` says which codes of duplicates are told of a file.
    """
    ordered = _in_order(list(texts))
    heads = cache.heads([text.seen for text in ordered])
    ordered = [text for text, head in zip(ordered, heads, strict=True) if head is not None]
    alike = _may_be_alike([head for head in heads if head is not None])
    ordered = [text for text, may_be in zip(ordered, alike, strict=True) if may_be]
    found = []
    with temporary_folder() as folder:
        spool = folder if len(ordered) > IN_MEMORY else None

        def load(number: int) -> tuple[str, Sketch | None]:
            text = ordered[number]
            return text.id, text.seen.sketch or cache.sketch(text.seen.key)

        with GreedyLeader(sketcher, spool) as leader:
            twins = dict(decide_all(range(len(ordered)), load, leader))
    for number, text in enumerate(ordered):
        twin = twins.get(number)
        if twin is not None and twin.code in told(text.file) - text.seen.quiet:
            found.append(_diagnostic(text, twin))
    return found


def _may_be_alike(heads: Sequence[Head]) -> list[bool]:
    """Tell of each text whether it shares a band or an anchor with another one: those that do not are like none."""
    if not heads:
        return []
    keys = np.frombuffer(b"".join(head.keys for head in heads), "<u8")
    owners = np.repeat(np.arange(len(heads)), [len(head.keys) // 8 for head in heads])
    order = np.argsort(keys, kind="stable")
    same = np.flatnonzero(keys[order[1:]] == keys[order[:-1]])
    shared = np.zeros(len(heads), bool)
    shared[owners[order[same]]] = shared[owners[order[same + 1]]] = True
    copies = Counter(head.exact for head in heads)
    return [bool(some) or copies[head.exact] > 1 for some, head in zip(shared, heads, strict=True)]


def _in_order(texts: Sequence[Text]) -> list[Text]:
    committed = _committed({os.path.dirname(text.file.path) for text in texts})
    return sorted(texts, key=lambda t: (t.file.real not in committed, t.file.shown, t.seen.line))


def _committed(folders: Iterable[str]) -> set[str]:
    """Return the files at HEAD of the repositories that these folders are in."""
    roots: dict[str, None] = {}
    for folder in sorted(folders):
        top = os.path.realpath(folder or ".")
        if not any(top == root or top.startswith(root + os.sep) for root in roots):
            root = os.fsdecode(git.asked(folder or ".", "rev-parse", "--show-toplevel") or b"").rstrip("\n")
            if root:
                roots[os.path.realpath(root)] = None
    found = set()
    for root in roots:
        for name in (git.asked(root, "ls-tree", "-r", "-z", "--name-only", "HEAD") or b"").split(b"\0"):
            found.add(os.path.join(root, os.fsdecode(name)))
    return found


def _diagnostic(text: Text, twin: Drop) -> Diagnostic:
    line = text.seen.line or 1
    return Diagnostic(
        text.file.shown,
        line,
        1,
        line,
        1,
        twin.code,
        name_of(twin.code),
        f"{name_of(twin.code)}: {shown(twin.message, TOLD_MESSAGE)}",
        content=text.seen.key.hex() if text.seen.line else "",
        duplicate_of=twin.duplicate_of,
        similarity=twin.rounded_similarity,
    )


def unchanged(files: Iterable[File], cache: Cache, settings: bytes) -> Iterator[tuple[File, list[Seen] | None]]:
    """Yield each file with its texts where the cache knows them and the file has not been written to since."""
    from cleaner.check.rewrite import state

    for file in files:
        try:
            yield file, cache.texts_of(file.real, state(file.path), settings)
        except OSError:
            yield file, None
