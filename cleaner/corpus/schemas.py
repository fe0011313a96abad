"""The types of the columns that come in, for tables that go out."""

from __future__ import annotations

from collections.abc import Iterable

from cleaner.corpus.arrow_values import Types
from cleaner.corpus.columns import extension_of
from cleaner.corpus.formats import format_at
from cleaner.corpus.record import FieldNames


def input_types(paths: Iterable[str], names: FieldNames) -> Types:
    """Return the types of the columns of all inputs that have some, by the names that a kept record has for them.

    A column that has another type in another file has none here. What cannot be read says so when it is read.
    """
    found: Types = {}
    differing: set[str] = set()
    for path in paths:
        format = format_at(path)
        if format is None or format.schema is None:
            continue
        try:
            schema = format.schema(path)
        except (OSError, ValueError):  # pyarrow's own errors are among these
            continue
        for field in schema:
            known = found.setdefault(field.name, field)
            if (known.type, extension_of(known)) != (field.type, extension_of(field)):
                differing.add(field.name)
    if names.text != "text" and names.text in found:
        found["text"] = found.pop(names.text)
    return {name: field for name, field in found.items() if name not in differing}
