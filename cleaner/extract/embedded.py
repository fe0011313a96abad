"""The text of a page that shows none, as its scripts hold it for a browser to show: JSON-LD, or the state of an app."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any, Final, NamedTuple

from lxml import etree  # type: ignore[import-untyped]

from cleaner.extract.metadata import jsonld
from cleaner.extract.page import Element, parse

_MOST_SCRIPTS: Final = 40
_MOST_CHARS: Final = 5_000_000
_MOST_VALUES: Final = 200_000
_MOST_DEPTH: Final = 60
_LEAST_TEXT: Final = 200  # code points; one of a script without spaces counts as three
_LEAST_PROSE: Final = 60
_MOST_OF_IT: Final = 0.75

# Where a script writes an app's state down: window.__STATE__ = {…, = JSON.parse("…
_STATE: Final = re.compile(r"[\w$\])]\s*=\s*(?:(?=[{\[])|JSON\.parse\(\s*(?=[\"']))")
# Members that are not the page's own text, however long they are.
_AWAY: Final = re.compile(
    r"cookie|consent|gdpr|privacy|legal|terms|i18n|locale|translat|messages|config|^meta|seo|menu|nav|footer|header"
    r"|related|recommend|similar|popular|trending|comment|newsletter|error|excerpt|teaser|summary|abstract|css|style"
    r"|script|query|token|bio$|author$|publisher|copyright|disclaimer|^description$|^alt|url|href|src|^@",
    re.IGNORECASE,
)
_LEAD: Final = re.compile(
    r"lead(?:_?text|_?in|_?paragraph)?|lede|intro(?:duction)?|stand_?first|chapo|dec?k|sub_?(?:title|head(?:line)?)|ingress"
    r"|vorspann|preamble|entradilla",
    re.IGNORECASE,
)
_ADDRESS: Final = frozenset({"url", "href", "slug", "link", "permalink", "path"})
_KINDS: Final = ("type", "nodeType", "_type", "tagName", "kind", "style")
_HEADING: Final = re.compile(r"h[1-6]|head(?:ing|er|line)?(?:-?[1-6])?|(?:sub)?title", re.IGNORECASE)
_INLINE: Final = frozenset({"text", "span", "leaf", "textnode"})
_MARKUP: Final = re.compile(r"</?[a-zA-Z][^<>]*>")
_DENSE: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u9fff\uac00-\ud7af]")
_SENTENCE: Final = re.compile("[.!?…؟।۔](?:[\"'”’»)]*)(?:\\s|$)|[。！？]|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]{40}")


class _Prose(NamedTuple):
    """A string of prose: where it stands, as keys and places from the outside in, and its size."""

    path: tuple[Any, ...]
    size: int


def scripts_of(tree: Element) -> Element:
    """Take the scripts out of a page, into an element of their own, which does not hold the page in memory."""
    scripts = etree.Element("scripts")
    scripts.extend(list(tree.iter("script"))[:_MOST_SCRIPTS])
    return scripts


def embedded_page(scripts: Element) -> Element | None:
    """Return a tree with the text that a page's scripts hold, in its paragraphs; None where they hold none.

    What is taken is the smallest part of their data that has three quarters of its prose, and the lead beside it. A
    list of things with addresses is no text but teasers.
    """
    best, most = "", _LEAST_TEXT - 1
    for value in _values(scripts):
        prose = list(_prose(value))
        size = sum(found.size for found in prose)
        if size > most:
            path, part = _part(value, prose)
            if not _lists_teasers(part):
                paragraphs = list(_paragraphs(part, _keys(prose)))
                leads = [lead for lead in _leads(value, path, prose) if lead not in paragraphs]
                best, most = "".join(leads + paragraphs), size
    return parse(f"<body>{best}</body>") if best else None


def _values(scripts: Element) -> Iterator[Any]:
    """Yield what the scripts of a page hold as data."""
    for script in scripts:
        text = script.text or ""
        if len(text) > _MOST_CHARS:
            continue
        if "json" in (script.get("type") or ""):
            yield jsonld.read(text)
        elif (place := _STATE.search(text)) is not None:
            yield _assigned(text, place.end())


def _assigned(text: str, place: int) -> Any:
    decoder = json.JSONDecoder(strict=False)
    try:
        value, _ = decoder.raw_decode(text, place)
        return json.loads(value, strict=False) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return None


def _prose(value: Any) -> Iterator[_Prose]:
    """Yield the strings of prose in a value, in their order."""
    waiting: list[tuple[tuple[Any, ...], Any]] = [((), value)]
    for _ in range(_MOST_VALUES):
        if not waiting:
            return
        path, one = waiting.pop()
        if isinstance(one, str):
            if size := _prose_size(one):
                yield _Prose(path, size)
        elif len(path) < _MOST_DEPTH:
            waiting.extend(reversed([((*path, key), child) for key, child in _members(one)]))


def _members(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the members of a value that may be text, with their names or places; a lead comes first."""
    if isinstance(value, dict):
        members = [(key, child) for key, child in value.items() if not _AWAY.search(key)]
        yield from sorted(members, key=lambda member: not _LEAD.fullmatch(member[0]))
    elif isinstance(value, list):
        yield from enumerate(value)


def _prose_size(text: str) -> int:
    """Return how long a string is without markup, 0 where it is no sentence."""
    if len(text) * 3 < _LEAST_PROSE:
        return 0
    plain = _MARKUP.sub("", text) if "<" in text else text
    dense = len(_DENSE.findall(plain))
    size = len(plain) + 2 * dense
    if size < _LEAST_PROSE or plain.startswith(("http", "data:", "{", "[")):
        return 0
    return size if _SENTENCE.search(plain) and (dense or plain.count(" ") * 12 > len(plain)) else 0


def _part(value: Any, prose: list[_Prose]) -> tuple[tuple[Any, ...], Any]:
    """Return the smallest part of a value that has most of its prose, where that stands in one: a list, a string.

    Before it comes its path.
    """
    whole = sum(found.size for found in prose)
    path: tuple[Any, ...] = ()
    for depth in range(_MOST_DEPTH):
        sizes: dict[Any, int] = {}
        for found in prose:
            if len(found.path) > depth:
                sizes[found.path[depth]] = sizes.get(found.path[depth], 0) + found.size
        key = max(sizes, key=sizes.__getitem__, default=None)
        if key is None or sizes[key] < _MOST_OF_IT * whole:
            break
        prose = [found for found in prose if len(found.path) > depth and found.path[depth] == key]
        path, value = (*path, key), value[key]
    return path, value


def _leads(value: Any, path: tuple[Any, ...], prose: list[_Prose]) -> Iterator[str]:
    """Yield as paragraphs what is named as a lead, of one of the things around the part at this path."""
    for found in prose:
        *around, name = found.path
        if isinstance(name, str) and _LEAD.fullmatch(name) and tuple(around) == path[: len(around)] != path:
            text = value
            for key in found.path:
                text = text[key]
            yield _paragraph(text, "p")


def _lists_teasers(part: Any) -> bool:
    """Tell whether a part is a list of which two things or more have addresses."""
    if isinstance(part, dict):
        return any(_lists_teasers(child) for child in part.values() if isinstance(child, list))
    if not isinstance(part, list):
        return False
    return sum(1 for item in part if isinstance(item, dict) and not _ADDRESS.isdisjoint(item)) > 1


def _keys(prose: list[_Prose]) -> frozenset[str]:
    """Return the names of the members that have prose: a short string in one of the same name is text, too."""
    return frozenset(_name(found.path) for found in prose)


def _name(path: tuple[Any, ...]) -> str:
    return next((key for key in reversed(path) if isinstance(key, str)), "")


def _paragraphs(part: Any, keys: frozenset[str]) -> Iterator[str]:
    """Yield the strings of a part as paragraphs of markup; texts that stand in one node are one paragraph."""
    waiting: list[tuple[str, str, Any]] = [("", "p", part)]
    for _ in range(_MOST_VALUES):
        if not waiting:
            return
        name, tag, value = waiting.pop()
        if isinstance(value, str):
            if name in keys or not name:
                yield _paragraph(value, tag)
        elif isinstance(value, list) and _is_line(value):
            yield f"<{tag}>{''.join(map(_inline, value))}</{tag}>\n"
        else:
            tag = _tag(value) if isinstance(value, dict) else tag
            children = [(key if isinstance(key, str) else name, tag, child) for key, child in _members(value)]
            waiting.extend(reversed(children))


def _paragraph(text: str, tag: str) -> str:
    if _MARKUP.search(text):
        return f"<div>{text}</div>\n"
    return "".join(f"<{tag}>{escape(line)}</{tag}>\n" for line in text.split("\n") if line and not line.isspace())


def _tag(value: dict[str, Any]) -> str:
    kinds = (value.get(key) for key in _KINDS)
    return "h2" if any(isinstance(kind, str) and _HEADING.fullmatch(kind) for kind in kinds) else "p"


def _is_line(values: list[Any]) -> bool:
    """Tell whether a list holds the pieces of one paragraph, as rich text does."""
    pieces = [value for value in values if isinstance(value, dict)]
    return len(pieces) == len(values) and any(_kind(piece) in _INLINE and _inline(piece) for piece in pieces)


def _kind(value: dict[str, Any]) -> str:
    return next((kind.lower() for key in _KINDS[:3] if isinstance(kind := value.get(key), str)), "")


def _inline(value: dict[str, Any]) -> str:
    text = next((text for key in ("text", "value", "content") if isinstance(text := value.get(key), str)), "")
    return escape(text)
