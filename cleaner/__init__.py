"""Scraped web pages and text dumps in; a clean, deduplicated, explained corpus out.

>>> import cleaner
>>> cleaner.clean("The café opened on Monday, and people came.\\n\\nLeave a Comment").text
'The café opened on Monday, and people came.'
"""

from cleaner.version import __version__ as __version__

# Nothing of Python's library is imported here: with `python -m cleaner` it could come from the current folder.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from cleaner import ledger
    from cleaner.config import Config
    from cleaner.config_file import load_config
    from cleaner.dedup import Match, NearDuplicateIndex
    from cleaner.dedup.minhash import minhash
    from cleaner.document import Document, Drop, Edit, Note, Step, Tag
    from cleaner.errors import CleanerError, ConfigError
    from cleaner.language import detect_language
    from cleaner.library import clean, clean_corpus
    from cleaner.library.result import Result
    from cleaner.pipeline import Pipeline

# Where each public name lives. They are imported when they are asked for, so that `import cleaner` costs nothing.
_HOMES = {
    "CleanerError": "errors",
    "Config": "config",
    "ConfigError": "errors",
    "Document": "document",
    "Drop": "document",
    "Edit": "document",
    "Match": "dedup",
    "NearDuplicateIndex": "dedup",
    "Note": "document",
    "Pipeline": "pipeline",
    "Result": "library.result",
    "Step": "document",
    "Tag": "document",
    "clean": "library",
    "clean_corpus": "library",
    "detect_language": "language",
    "ledger": "",
    "load_config": "config_file",
    "minhash": "dedup.minhash",
}

__all__ = [
    "CleanerError",
    "Config",
    "ConfigError",
    "Document",
    "Drop",
    "Edit",
    "Match",
    "NearDuplicateIndex",
    "Note",
    "Pipeline",
    "Result",
    "Step",
    "Tag",
    "clean",
    "clean_corpus",
    "detect_language",
    "ledger",
    "load_config",
    "minhash",
]


def __getattr__(name: str) -> "Any":
    import importlib

    if name in _HOMES:
        home = importlib.import_module(f"cleaner.{_HOMES[name] or name}")
        globals()[name] = getattr(home, name) if _HOMES[name] else home
        return globals()[name]
    raise AttributeError(f"module 'cleaner' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
