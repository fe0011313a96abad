"""Where a record has its texts or pages: `doc.body`, `messages[].content`, several with commas between.

A path is names with dots between; `[]` means every element of a list. A place is a path in one record, with numbers:
`messages[0].content`. A name that stands in the record as it is, dots and all, goes before what it would mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from cleaner.encoding import text_of
from cleaner.errors import ConfigError

_PATH = re.compile(r"[^.\[\],]+(?:\[\d*\])*(?:\.[^.\[\],]+(?:\[\d*\])*)*")
_STEP = re.compile(r"\[(\d*)\]|[^.\[\]]+")

# A step into a value: a name, the number of an element, or None for every element.
Step = str | int | None


def is_plain(field: str) -> bool:
    """Tell whether this is the name of one field, and no path.

    >>> is_plain("body"), is_plain("doc.body"), is_plain("prompt,completion")
    (True, False, False)
    """
    return not any(mark in field for mark in ".[,")


def check_path(setting: str, field: str) -> None:
    """Raise `ConfigError` for what is neither a name nor paths, in a setting of that name."""
    for path in field.split(","):
        if not is_plain(field) and not _PATH.fullmatch(path.strip()):
            raise ConfigError(
                f"{setting} is a name, or paths as doc.body and messages[].content with commas between, not {field!r}"
            )


@lru_cache(256)
def paths(field: str) -> tuple[tuple[Step, ...], ...]:
    """Return the paths of a field, each as its steps."""
    return tuple(_steps(path.strip()) for path in field.split(","))


@lru_cache(4096)
def _steps(path: str) -> tuple[Step, ...]:
    return tuple(
        step[0] if step[1] is None else int(step[1]) if step[1] else None  # a name, a number, or all
        for step in _STEP.finditer(path)
    )


def steps_to(place: str) -> tuple[Step, ...]:
    """Return the steps that lead to a place.

    >>> steps_to("messages[0].content")
    ('messages', 0, 'content')
    """
    return _steps(place)


def texts_at(record: Mapping[str, Any], field: str) -> dict[str, str]:
    """Return the texts of a record, by their places, in the order of the paths; what is no text is passed over.

    Raises `NotTextError` for bytes that are none.

    >>> texts_at({"messages": [{"content": "a"}, {"content": None}], "n": 1}, "messages[].content,n")
    {'messages[0].content': 'a'}
    """
    return {
        place: text_of(value) if isinstance(value, bytes) else value for place, value in pages_at(record, field).items()
    }


def pages_at(record: Mapping[str, Any], field: str) -> dict[str, str | bytes]:
    """Return the pages of a record, as `texts_at` does; bytes stay so, since a page says its encoding itself."""
    found = (at for path in paths(field) for at in _values(record, path, ""))
    return {place: value for place, value in found if isinstance(value, str | bytes)}


def _values(value: Any, path: Sequence[Step], place: str) -> Iterator[tuple[str, Any]]:
    """Yield what the path leads to, with its place."""
    if not path:
        yield place, value
        return
    step, rest = path[0], path[1:]
    if isinstance(step, str):
        if isinstance(value, Mapping) and step in value:
            yield from _values(value[step], rest, f"{place}.{step}" if place else step)
    elif isinstance(value, list | tuple):
        numbers = range(len(value)) if step is None else [step] if step < len(value) else []
        for number in numbers:
            yield from _values(value[number], rest, f"{place}[{number}]")


def value_at(record: Mapping[str, Any], place: str) -> str | None:
    """Return the text at a place; None where there is none."""
    return texts_at(record, place).get(place)


def json_opened(value: Any, paths: Sequence[Sequence[Step]]) -> Any:
    """Return a value in which JSON that was written as text is opened, where a path leads on into it.

    A table holds so what none of its columns has a type for.

    >>> json_opened({"messages": '[{"content":"a"}]', "n": "[1]"}, [("messages", 0, "content")])
    {'messages': [{'content': 'a'}], 'n': '[1]'}
    """
    inside: dict[Step, list[Sequence[Step]]] = {}
    for path in paths:
        if path:
            inside.setdefault(path[0], []).append(path[1:])
    if isinstance(value, str) and inside:
        try:
            value = msgspec.json.decode(value)
        except (msgspec.DecodeError, RecursionError):
            return value
    if isinstance(value, Mapping):
        return {name: json_opened(item, inside[name]) if name in inside else item for name, item in value.items()}
    if isinstance(value, list):
        return [json_opened(item, inside[n]) if n in inside else item for n, item in enumerate(value)]
    return value


def with_texts(record: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the record with other texts at these places; what was given stays as it is.

    >>> with_texts({"messages": [{"content": "a", "role": "user"}]}, {"messages[0].content": "b"})
    {'messages': [{'content': 'b', 'role': 'user'}]}
    """
    changed = dict(record)
    copied: dict[tuple[Step, ...], Any] = {(): changed}
    for place, text in texts.items():
        steps = steps_to(place)
        for number in range(1, len(steps)):
            if steps[:number] not in copied:
                above = copied[steps[: number - 1]]
                inner = above[steps[number - 1]]
                copied[steps[:number]] = above[steps[number - 1]] = (
                    dict(inner) if isinstance(inner, Mapping) else list(inner)
                )
        copied[steps[:-1]][steps[-1]] = text
    return changed
