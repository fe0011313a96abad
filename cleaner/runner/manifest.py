"""The manifest of a run: enough to repeat it, and to tell it from another."""

from __future__ import annotations

import inspect
import json
import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from importlib import metadata
from typing import Any

import msgspec
import xxhash

from cleaner.account.summary import Summary
from cleaner.config import Config
from cleaner.corpus.holes import holes_told
from cleaner.corpus.standard_input import STANDARD_INPUT
from cleaner.inert import inert_json
from cleaner.remote.address import Address, shown
from cleaner.runner.outputs import Outputs
from cleaner.version import __version__

HASH_BYTES = 1 << 20

# Libraries of which another version may give another text, language or date.
LIBRARIES = ("trafilatura", "lxml", "ftfy", "langdetect", "datasketch", "chardet", "w3lib", "htmldate", "courlan")


def changed(config: Config) -> dict[str, Any]:
    """Return a configuration as a table of what differs from the defaults, as `cleaner.toml` would have it."""
    default = Config().as_table()
    return {name: value for name, value in config.as_table().items() if value != default[name]}


def configuration(config: Config, folder: str) -> dict[str, Any]:
    """Return a whole configuration as a table, as a `cleaner.toml` in `folder` would have it: files named from there.

    What is as it comes is written down as well: another version may bring it otherwise.
    """

    def seen(path: str) -> str:
        try:
            return os.path.relpath(path, folder)
        except ValueError:  # another drive
            return os.path.abspath(path)

    def seen_glob(glob: str) -> str:
        if "/" not in glob or "://" in glob:
            return glob
        return seen(glob) + ("/" if glob.endswith("/") else "")

    table = config.as_table() | {
        "packs": [seen(pack) for pack in config.packs],
        "skip": [seen_glob(glob) for glob in config.skip],
        "line_model": config.line_model if config.read_line_model is None else seen(config.line_model),
        "per_file_ignores": {seen_glob(g): names for g, names in config.per_file_ignores.items()},
        "kinds": {seen_glob(g): kind for g, kind in config.kinds.items()},
        "site_lines": config.site_lines and seen(config.site_lines),
        "baseline": config.baseline and seen(config.baseline),
    }
    return {name: value for name, value in table.items() if value is not None}


def manifest(
    config: Config,
    outputs: Outputs,
    summary: Summary,
    *,
    folder: str,
    limit: int | None = None,
    sample: tuple[int, int] | None = None,
) -> dict[str, Any]:
    """Return the manifest that is to stand in `folder`, but for its inputs (see `as_json`).

    `sample` is how many records were to be drawn, and the seed. Rule packs, site lines and a model of one's own are
    told by size and XXH3-128.
    """
    return {
        "cleaner": __version__,
        "python": platform.python_version(),
        "libraries": {name: metadata.version(name) for name in LIBRARIES},
        "configuration": configuration(config, folder),
        "limit": limit,
        **({"sample": dict(zip(("records", "seed"), sample, strict=True))} if sample else {}),
        "inputs": [],
        "outputs": [shown(path) for _, path in outputs._replace(manifest=None).places()],
        "counts": {
            "read": summary.read,
            "kept": summary.kept,
            "excluded": summary.excluded,
            "unreadable": summary.unreadable,
            "reasons": dict(sorted(summary.reasons.items())),
            "edits": dict(sorted(summary.edits.items())),
            "languages": dict(sorted(summary.languages.items())),
            "bytes_read": summary.bytes_read,
            "passed_over": summary.passed_over,
            "skipped": summary.skipped,
            "not_drawn": summary.not_drawn,
            "passed_records": dict(sorted(summary.passed_records.items())),
            "capped_buckets": summary.capped_buckets,
            "partly_compared": summary.partly_compared,
        },
        "sources": summary.sources.told(),
        "seconds": round(summary.seconds, 3),
        **({"index": asdict(summary.index)} if summary.index else {}),
        **({"site_lines": _input(config.site_lines)} if config.site_lines else {}),
        **({"packs": [_input(pack) for pack in config.packs]} if config.packs else {}),
        **({"own_rules": [_source(rule) for rule in config.read_rules]} if config.own_rules else {}),
        **({"line_model": _input(config.line_model)} if config.read_line_model is not None else {}),
    }


def as_json(made: dict[str, Any], paths: Sequence[str]) -> Iterator[bytes]:
    """Yield a manifest with its inputs, piece by piece, as JSON for people.

    An input is told by its size and XXH3-128; reading it for that is what it costs. Names of files that are not UTF-8
    stand there with escapes.
    """
    before, after = _formatted(made).split(b'\n  "inputs": []')
    yield before + b'\n  "inputs": ['
    for number, path in enumerate(paths):
        yield (b",\n" if number else b"\n") + b"    " + _formatted(_input(path)).replace(b"\n", b"\n    ")
    yield (b"\n  ]" if paths else b"]") + after + b"\n"


def _formatted(value: dict[str, Any]) -> bytes:
    text = inert_json(json.dumps(msgspec.to_builtins(value), ensure_ascii=False), screen=False)
    return msgspec.json.format(text.encode(), indent=2)


def _input(path: str) -> dict[str, Any]:
    if path == STANDARD_INPUT:
        return {"path": path}
    if isinstance(path, Address):
        return {"path": shown(path), "bytes": path.size, "stamp": path.stamp}
    try:
        return {"path": path, "bytes": os.path.getsize(path), "xxh3_128": _digest(path)}
    except OSError as error:
        return {"path": path, "error": error.strerror or str(error)}


def _source(rule: type) -> dict[str, Any]:
    """Return a rule of the user's own: where it comes from, and the digest of its module's text."""
    path = inspect.getsourcefile(rule)
    found = {"rule": f"{rule.__module__}:{rule.__qualname__}", "code": rule.code}  # type: ignore[attr-defined]
    return found | ({"xxh3_128": _digest(path)} if path and os.path.isfile(path) else {})


def _digest(path: str) -> str:
    if not os.path.isfile(path):
        raise OSError("not a regular file")
    if told := holes_told(path):
        raise OSError(told)
    digest = xxhash.xxh3_128()
    with open(path, "rb") as file:
        while block := file.read(HASH_BYTES):
            digest.update(block)
    return digest.hexdigest()


def fingerprint(config: Config, paths: Sequence[str], **more: Any) -> dict[str, Any]:
    """Return what a run is made of, cheaply: an input is told by its size and the time of its last change.

    All inputs, in their order, are one digest. The files of the configuration, which are small, are told by what they
    hold.
    """
    if config.site_lines is not None:
        more["learned"] = _input(config.site_lines)
    if config.read_line_model is not None:
        more["model of lines"] = xxhash.xxh3_128_hexdigest(config.read_line_model)
    if config.packs:
        more["rules of"] = {pack: _input(pack).get("xxh3_128") for pack in config.packs}
    if config.own_rules:
        more["own rules"] = [_source(rule) for rule in config.read_rules]
    return {
        "version": __version__,
        **config.as_table(),
        "inputs": _digest_of(stamps(paths)),
        **more,
    }


def stamps(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the inputs, each with what a change of it is seen by."""
    for path in paths:
        yield shown(path), _stamp(path)


def _digest_of(inputs: Iterable[tuple[str, str]]) -> str:
    digest = xxhash.xxh3_128()
    for pair in inputs:
        digest.update("\0".join((*pair, "")).encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _stamp(path: str) -> str:
    if isinstance(path, Address):
        return path.stamp
    try:
        known = os.stat(path)
    except OSError:
        return "missing"
    return f"{known.st_size} bytes of {known.st_mtime_ns}"
