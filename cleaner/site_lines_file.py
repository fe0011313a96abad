"""The file of learned lines: JSON that a person reads, mends and keeps under version control."""

from __future__ import annotations

from pathlib import Path

import msgspec

from cleaner.errors import ConfigError, OutputError
from cleaner.folding import line_key
from cleaner.named_file import read_named
from cleaner.replacing import replaced
from cleaner.rules.site_lines import Site, SiteLines

VERSION = 1


class _Site(msgspec.Struct, forbid_unknown_fields=True):
    pages: int
    lines: dict[str, int]


class _File(msgspec.Struct, forbid_unknown_fields=True):
    version: int
    sites: dict[str, _Site]


def write_site_lines(learned: SiteLines, path: str | Path) -> None:
    """Write sites by name and their lines by count, then text; an old file is replaced when the new one is whole.

    Raises `OutputError` where it cannot be written.
    """
    sites = {
        name: _Site(site.pages, dict(sorted(site.lines.items(), key=lambda item: (-item[1], item[0]))))
        for name, site in sorted(learned.sites.items())
    }
    try:
        with replaced(path) as new:
            Path(new).write_bytes(msgspec.json.format(msgspec.json.encode(_File(VERSION, sites)), indent=2) + b"\n")
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error


def read_site_lines(path: str | Path) -> SiteLines:
    """Read what `cleaner learn` wrote, or what a person made of it.

    Raises `ConfigError` with the place where it is malformed, or of another version.
    """
    try:
        found = msgspec.json.decode(read_named(path), type=_File)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: this is no file of site lines as `cleaner learn` writes them: {error}") from error
    if found.version != VERSION:
        raise ConfigError(f"{path}: site lines of version {found.version}, wanted is {VERSION}; learn them anew")
    for name, site in found.sites.items():
        for line, pages in site.lines.items():
            if not line_key(line):
                raise ConfigError(f"{path}: {name} has a line without text")
            if not 0 < pages <= site.pages:
                raise ConfigError(f"{path}: {name} has {line!r} on {pages} of {site.pages} pages")
    return SiteLines(
        {name: Site(s.pages, {line_key(k): n for k, n in s.lines.items()}) for name, s in found.sites.items()}
    )
