"""The file systems behind addresses, and patience with them: what fails in passing is tried again."""

from __future__ import annotations

import errno
import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from cleaner.errors import InputError, UnreachableError
from cleaner.remote.address import SCHEMES, SERVERS, scheme_of, shown, without_secrets

T = TypeVar("T")

# How long to wait before each further attempt, in seconds; the libraries below try again themselves before that.
WAITS_S = (0.5, 1.0, 2.0, 4.0)

# Errors by which a store says no for good, by the names of their classes, since the libraries are not loaded here.
_NO_ACCESS = {
    "NoCredentialsError",
    "PartialCredentialsError",
    "ProfileNotFound",
    "DefaultCredentialsError",
    "ClientAuthenticationError",
    "GatedRepoError",
}
_MISTAKES = (TypeError, AttributeError, LookupError, AssertionError)
_NOT_THERE = {"RepositoryNotFoundError", "RevisionNotFoundError", "EntryNotFoundError"}


# What these packages log, they raise, too. Where the program that runs has set up no logging, Python prints it with a
# traceback, unless the logger has a handler: this one does nothing.
for _name in ("adlfs", "azure", "fsspec", "gcsfs", "s3fs"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


class RedirectedError(InputError):
    """A server sends to another one, which nobody has named."""


def store_of(address: str) -> tuple[Any, str]:
    """Return the file system of an address, and the path in it.

    Raises `InputError` for an unknown scheme, or where the package for it is missing.
    """
    scheme = scheme_of(address)
    options = {"get_client": _client, "client_kwargs": {"trust_env": True}} if scheme in SERVERS else {}
    try:
        import fsspec.core

        system, path = fsspec.core.url_to_fs(str(address), **options)
    except ImportError as error:
        raise InputError(
            f"{shown(address)}: {scheme}:// needs {SCHEMES[scheme]}; pip install 'webtext-cleaner[cloud]'"
        ) from error
    except Exception as error:  # of which kind, depends on the package
        raise InputError(f"{shown(address)}: {_said(error)}") from None
    return system, path


def attempt(address: str, do: Callable[[], T]) -> T:
    """Do something with a file elsewhere, and once more where it fails in passing.

    Raises `OSError` where the store says no for good, and `UnreachableError` where it does not answer.
    """
    for wait in (*WAITS_S, None):
        try:
            return do()
        except Exception as error:
            if isinstance(error, _MISTAKES):
                raise
            refused = _refused(error)
            if refused is not None:
                raise refused from None
            if wait is None:
                raise UnreachableError(
                    f"{shown(address)} cannot be reached: {_said(error)}; it was tried {len(WAITS_S) + 1} times"
                ) from None
            time.sleep(wait)
    raise AssertionError


def _refused(error: Exception) -> OSError | InputError | UnreachableError | None:
    """Return what a store says for good, as an error that tells no secrets; None for what may pass."""
    cause = error.__cause__
    if isinstance(cause, RedirectedError) or type(cause).__module__.startswith("aiohttp"):
        assert isinstance(cause, Exception)
        error = cause  # fsspec calls all of them "not found"
    status, kind = getattr(error, "status", None), type(error).__name__
    if isinstance(error, InputError | UnreachableError):
        return error
    if isinstance(error, FileNotFoundError) or kind in _NOT_THERE or status == 404:
        return FileNotFoundError(errno.ENOENT, "there is no such file")
    if isinstance(error, PermissionError) or kind in _NO_ACCESS or status in (401, 403):
        return PermissionError(errno.EACCES, f"access is denied: {_said(error)}")
    if isinstance(error, NotImplementedError | IsADirectoryError | NotADirectoryError | ValueError) or (
        isinstance(status, int) and 400 <= status < 500 and status not in (408, 429)
    ):
        return OSError(errno.EINVAL, _said(error))
    return None


def _said(error: Exception) -> str:
    said = without_secrets(" ".join(str(error).split()))
    return said or type(error).__name__


async def _client(**options: Any) -> Any:
    """Return an HTTP client that goes to no other host than those that are named."""
    import aiohttp

    async def look(session: Any, context: Any, parameters: Any) -> None:
        target = parameters.url.join(type(parameters.url)(parameters.response.headers.get("Location", "")))
        if target.host != parameters.url.host or (target.scheme, parameters.url.scheme) == ("http", "https"):
            where = without_secrets(f"{target.scheme}://{target.host}{target.path}")
            raise RedirectedError(f"{shown(str(parameters.url))} leads to {where}, which was not named; name that")

    trace = aiohttp.TraceConfig()
    trace.on_request_redirect.append(look)
    return aiohttp.ClientSession(trace_configs=[trace], **options)
