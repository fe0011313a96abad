"""Addresses of files elsewhere: what is one, how it may be shown, and what a list says of the file."""

from __future__ import annotations

import re

from cleaner.errors import InputError, OutputError

# The schemes that are known, with the package that each needs.
SCHEMES = {
    "s3": "s3fs",
    "gs": "gcsfs",
    "az": "adlfs",
    "hf": "huggingface_hub",
    "https": "aiohttp",
    "http": "aiohttp",
    "memory": "fsspec",
}

# What is read, and never written.
SERVERS = ("https", "http")

_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_ONE_SLASH = re.compile(rf"((?:{'|'.join(SCHEMES)}):)/(?!/)", re.IGNORECASE)
# In what a library says: the query of an address, and who asks with which password.
_QUERY = re.compile(r"(\b[A-Za-z][A-Za-z0-9+.-]*://[^\s'\"<>?]*)\?[^\s'\"<>)]*")
_ASKED_BY = re.compile(r"(\b[A-Za-z][A-Za-z0-9+.-]*://)[^\s'\"<>/@]*@")


class Address(str):
    """The address of a file that a list had: its size in bytes, and by what a change of it is seen.

    `size` is None where a server does not tell it.
    """

    size: int | None
    stamp: str

    def __new__(cls, address: str, size: int | None = None, stamp: str = "") -> Address:
        """Make it of the text."""
        made = super().__new__(cls, address)
        made.size, made.stamp = size, stamp
        return made


class Copy(str):
    """The path of a copy, on this disk, of what lies at `address`."""

    address: str

    def __new__(cls, path: str, address: str) -> Copy:
        """Make it of the path."""
        made = super().__new__(cls, path)
        made.address = address
        return made


def why_no_path(path: str) -> str | None:
    """Say what is wrong with what a library of paths makes of an address; None where it is a path.

    >>> why_no_path("s3:/bucket/a.jsonl"), why_no_path("a/s3:/b")
    ('an address has two slashes: s3://bucket/a.jsonl', None)
    """
    found = _ONE_SLASH.match(path)
    return None if found is None else f"an address has two slashes: {shown(f'{found[1]}/{path[found.end() - 1 :]}')}"


def is_address(path: object) -> bool:
    """Tell an address from a path.

    >>> is_address("s3://bucket/a.jsonl"), is_address("a.jsonl"), is_address("a/b://c")
    (True, False, False)
    """
    return isinstance(path, str) and _ADDRESS.match(path) is not None


def scheme_of(address: str) -> str:
    """Return the scheme of an address. Raises `InputError` for one that nobody knows."""
    found = _ADDRESS.match(address)
    scheme = found[1].lower() if found else ""
    if scheme not in SCHEMES:
        known = ", ".join(f"{name}://" for name in SCHEMES)
        raise InputError(f"{shown(address)}: nothing is known of {scheme}://; files elsewhere are at {known}")
    return scheme


def shown(address: str) -> str:
    """Return an address as it may be shown and written down: without a query, which may be a key, and a password.

    >>> shown("https://me:secret@a.example/b.jsonl?X-Amz-Signature=abc")
    'https://a.example/b.jsonl'
    >>> shown("s3://bucket/what?.jsonl"), shown("a?b.jsonl")
    ('s3://bucket/what?.jsonl', 'a?b.jsonl')
    """
    found = _ADDRESS.match(address)
    if found is None:
        return address
    if found[1].lower() in SERVERS:
        address = re.split("[?#]", address, maxsplit=1)[0]
    return _ASKED_BY.sub(r"\1", address, count=1)


def named(path: str) -> str:
    """Return a path, or an address without its query, as what the ending of a name is looked up in."""
    return shown(path) if is_address(path) else path


def without_secrets(said: str) -> str:
    """Return what a library said, without the queries and passwords of addresses.

    >>> without_secrets("403, url='https://u:p@a.example/b?sig=x'")
    "403, url='https://a.example/b'"
    """
    return _ASKED_BY.sub(r"\1", _QUERY.sub(r"\1", said))


def refuse_server(address: str) -> None:
    """Raise `OutputError` for an address at which nothing is ever written, `InputError` for an unknown scheme."""
    scheme = scheme_of(address)
    if scheme in SERVERS:
        raise OutputError(f"{shown(address)}: what lies at {scheme}:// is read, and never written")
