"""The file systems behind addresses, and patience with them: what fails in passing is tried again."""

from __future__ import annotations

import errno
import functools
import logging
import math
import time
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from cleaner.errors import InputError, UnreachableError
from cleaner.remote.address import SCHEMES, SERVERS, scheme_of, shown, without_secrets

T = TypeVar("T")

# How long to wait before each further attempt, in seconds; the libraries below try again themselves before that.
WAITS_S = (0.5, 1.0, 2.0, 4.0)

# Within how many seconds a store is to answer a question of one request. Where there is no network, gcsfs and adlfs
# try again by themselves for long, and with our five attempts it took 227 s and over 400 s until anybody was told.
ANSWER_S = 25

# Of an HTTP request, in seconds: until there is a connection, and until more comes. aiohttp gives up after five
# minutes, also where a large file is on its way, and gcsfs, told nothing, never.
_CONNECT_S = 10
_READ_S = 60

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
# How google-auth says that there is no account to be found.
_NO_ACCOUNT = "credentials were not found"
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
    try:
        import fsspec.core

        system, path = fsspec.core.url_to_fs(str(address), **_options(scheme))
    except ImportError as error:
        raise InputError(
            f"{shown(address)}: {scheme}:// needs {SCHEMES[scheme]}; pip install 'webtext-cleaner[cloud]'"
        ) from error
    except Exception as error:  # of which kind, depends on the package
        raise InputError(f"{shown(address)}: {_said(error)}") from None
    return system, path


def _options(scheme: str) -> dict[str, Any]:
    if scheme not in (*SERVERS, "gs"):
        return {}
    import aiohttp

    timeout = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_S, sock_read=_READ_S)
    if scheme == "gs":
        return {"requests_timeout": timeout} | ({} if _google_account().may_be else {"token": "anon"})
    return {"get_client": _client, "client_kwargs": {"trust_env": True, "timeout": timeout}}


class _Account(NamedTuple):
    """Whether there may be an account, and the seconds that it took to look for one."""

    may_be: bool
    seconds: float


@functools.cache
def _google_account() -> _Account:
    """Look for an account of Google's, once.

    The last that google-auth asks is the server that tells machines of Google's who they are. Where that does not
    answer, gcsfs would ask it anew, for 15 to 30 seconds more, and then do without an account.
    """
    import fsspec.config
    import google.auth
    from gcsfs.credentials import GoogleCredentials

    asked_for = any("token" in fsspec.config.conf.get(name, {}) for name in ("gs", "gcs"))
    if asked_for or getattr(GoogleCredentials, "tokens", None):
        return _Account(True, 0.0)
    begun = time.monotonic()
    try:
        google.auth.default()
    except google.auth.exceptions.DefaultCredentialsError as error:
        # With another message there are some, and they are no good; gcsfs then tries what else there is.
        return _Account(_NO_ACCOUNT not in str(error), time.monotonic() - begun)
    return _Account(True, time.monotonic() - begun)


def attempt(address: str, do: Callable[[], T]) -> T:
    """Do something with a file elsewhere, and once more where it fails in passing.

    Raises `OSError` where the store says no for good, and `UnreachableError` where it does not answer.
    """
    return _attempt(address, do, math.inf)


def answer(address: str, system: Any, ask: str, *arguments: Any) -> Any:
    """Return what a file system answers to a question of one request, as `attempt` does, within some `ANSWER_S`.

    `ask` is the name of its method. Raises what `attempt` raises.
    """
    limit: dict[str, float] = {}
    if getattr(system, "async_impl", False):
        looked_s = _google_account().seconds if scheme_of(address) == "gs" else 0.0
        limit["timeout"] = ANSWER_S - min(looked_s, ANSWER_S / 2)
    return _attempt(address, lambda: getattr(system, ask)(*arguments, **limit), ANSWER_S / 2)


def _attempt(address: str, do: Callable[[], T], most_s: float) -> T:
    """Try until it is done, at most five times, and not again where more than `most_s` seconds are spent."""
    begun = time.monotonic()
    for tried, wait in enumerate((*WAITS_S, None), 1):
        try:
            return do()
        except Exception as error:
            if isinstance(error, _MISTAKES):
                raise
            refused = _refused(error)
            if refused is not None:
                raise refused from None
            if wait is None or time.monotonic() - begun > most_s:
                often = "once" if tried == 1 else f"{tried} times"
                said = f"{shown(address)} cannot be reached: {_said(error)}; it was tried {often}"
                raise UnreachableError(said) from None
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
    if type(error).__name__ == "FSTimeoutError":
        return f"there was no answer in {ANSWER_S} seconds"
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
