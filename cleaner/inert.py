"""Text that somebody else wrote, as it can stand on a screen or in a log: nothing in it commands the terminal.

Titles, ids, names of files and messages of errors come from outside. A terminal obeys control characters in them, a
reader is misled by what turns the direction of writing, and a line break makes one line of a log look like two.
"""

from __future__ import annotations

import re

# C0 and C1 controls, DEL, line and paragraph separators, embeddings, overrides and isolates of writing direction,
# marks of interlinear notes, and halves of surrogate pairs, among them bytes of file names that are not UTF-8.
_COMMANDS = "\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb\ud800-\udfff"
# What cannot be seen and does nothing on a screen. Some scripts and emoji are written with it.
_INVISIBLE = "\xad\u200b-\u200f\u2060-\u2065\ufeff\ufffc"

_TO_ESCAPE = re.compile(f"[{_COMMANDS}]")
_UNSEEN = re.compile(f"[{_COMMANDS}{_INVISIBLE}]")
_NOT_UTF8 = re.compile("[\ud800-\udfff]")
# How Python keeps a byte that is not UTF-8 in the name of a file.
_FIRST_BYTE, _LAST_BYTE, _BYTES = "\udc80", "\udcff", 0xDC00


def inert(text: str, keep: str = "") -> str:
    r"""Return a text of one line that may be printed: what is a command to a terminal as an escape, but for `keep`.

    >>> inert("a\x1b[31m\nb \u202e"), inert("one\ntwo", keep="\n"), inert("caf\udce9.txt")
    ('a\\x1b[31m\\nb \\u202e', 'one\ntwo', 'caf\\xe9.txt')
    """
    return _TO_ESCAPE.sub(lambda match: match[0] if match[0] in keep else _escape(match), text)


def shown(text: str, chars: int) -> str:
    r"""Return a text as `inert` does, invisible characters as escapes, too, and cut to a length in code points.

    >>> shown("a\tb\u200b", 40), shown("abcdef", 4)
    ('a\\tb\\u200b', 'abc…')
    """
    if len(text) > chars:
        text = text[: chars - 1] + "…"
    return _UNSEEN.sub(_escape, text)


def inert_json(text: str, *, screen: bool) -> str:
    r"""Return JSON that says the same and is UTF-8; for a screen, what is a command to a terminal is escaped.

    >>> inert_json('["\x9b", "\udce9"]', screen=True), inert_json('["\x9b"]', screen=False)
    ('["\\u009b", "\\\\xe9"]', '["\x9b"]')
    """
    text = _NOT_UTF8.sub(lambda match: "\\" + _escape(match), text)
    return _TO_ESCAPE.sub(lambda m: m[0] if m[0] in "\n\t" else f"\\u{ord(m[0]):04x}", text) if screen else text


def as_utf8(name: str) -> str:
    r"""Return a text that UTF-8 can write: bytes of a file's name that are none, and half surrogates, as escapes.

    >>> as_utf8("caf\udce9.txt")
    'caf\\xe9.txt'
    """
    return name if name.isascii() else _NOT_UTF8.sub(_escape, name)


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if _FIRST_BYTE <= char <= _LAST_BYTE:
        return f"\\x{ord(char) - _BYTES:02x}"
    return char.encode("unicode_escape").decode("ascii")
