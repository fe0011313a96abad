"""The errors that cleaner raises on purpose."""

from __future__ import annotations


class CleanerError(Exception):
    """Base of all errors that cleaner raises on purpose."""


class ConfigError(CleanerError, ValueError):
    """A configuration asks for something that does not exist."""


class InputError(CleanerError, OSError):
    """An input named by the user cannot be used at all: no such file, no such format."""


class OutputError(CleanerError, OSError):
    """The output cannot be written there."""


class WorkerError(CleanerError, RuntimeError):
    """Worker processes end before they begin to work, so that nothing can be done."""


class UnreachableError(CleanerError, RuntimeError):
    """A store elsewhere does not answer, however often it is asked."""


def what_it_says(error: Exception) -> str:
    """Return what an error says, without the number that the system has for it.

    >>> what_it_says(OSError(116, "it has changed while it was read")), what_it_says(ValueError("no table"))
    ('it has changed while it was read', 'no table')
    """
    return getattr(error, "strerror", None) or str(error)
