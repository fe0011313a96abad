"""The encoding of a file: told where it is not UTF-8, and the bytes of a new text in it or in UTF-8."""

from __future__ import annotations

import codecs
import re

from cleaner.check.diagnostics import Diagnostic
from cleaner.check.pieces import Entry, Whole
from cleaner.encoding import NotTextError, decode
from cleaner.rules import name_of
from cleaner.rules.mojibake.confused import NAMES

NOT_UTF8 = "MJ107"
UTF8 = "utf-8"

WIDE_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MARKS = (codecs.BOM_UTF8, *WIDE_MARKS, b"")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
# Names in Python of what people call otherwise.
_CALLED = {
    **NAMES,
    **{"utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "utf-32-le": "UTF-32", "utf-32-be": "UTF-32"},
    **{"cp932": "Shift-JIS", "cp949": "EUC-KR", "big5hkscs": "Big5", "euc_jis_2004": "EUC-JP"},
    **{"iso2022_jp": "ISO-2022-JP", "iso2022_kr": "ISO-2022-KR"},
}


def not_utf8(unit: Whole) -> Diagnostic | None:
    """Return the finding that a file is not UTF-8, at its first character beyond ASCII; None where it is.

    It can be mended where all of the bytes are text in that encoding, and the UTF-8 would be read as the same text.
    """
    if _as_utf8(unit.data) == unit.text:
        return None
    if unit.encoding == UTF8:
        name, message = "UTF-8", "the file is UTF-8 but for some bytes, and what stood there is lost"
    else:
        name = called(unit.encoding)
        message = f"the file is not UTF-8 but, most likely, {name}"
    found = _BEYOND_ASCII.search(unit.text)
    at = found.start() if found else 0
    line, column = unit.text.count("\n", 0, at) + 1, at - unit.text.rfind("\n", 0, at)
    fix = "unsafe" if unit.file.cannot_be_fixed is None and in_utf8(unit, unit.text) is not None else None
    return _told(unit.file.shown, line, column, message, name, fix)


def record_not_utf8(unit: Entry) -> Diagnostic | None:
    """Return the finding that a record's line is not UTF-8; None where it is. Such records are never rewritten."""
    if unit.raw is None or _as_utf8(unit.raw.data) is not None:
        return None
    try:
        name = called(decode(unit.raw.data).encoding)
    except NotTextError:
        name = "no known encoding"
    message = f"the record is not UTF-8 but, most likely, {name}"
    return _told(unit.file.shown, unit.number, 1, message, name, None)


def in_utf8(unit: Whole, new: str) -> bytes | None:
    """Return a new text of a file in UTF-8, without a mark; None where that may say something else than the file.

    So it is where bytes of the file are no text in the likely encoding, and where the UTF-8 would be taken for another
    one again.
    """
    try:
        data = new.encode(UTF8)
        old = next(unit.data[len(mark) :] for mark in _MARKS if unit.data.startswith(mark))
        return data if old.decode(unit.encoding) == unit.text and decode(data) == (new, UTF8) else None
    except (UnicodeError, NotTextError):
        return None


def encoded(unit: Whole, new: str) -> bytes | None:
    """Return a new text of a file as bytes of the same encoding and mark; None where the old do not come back so."""
    data, encoding = unit.data, unit.encoding
    try:
        plain = unit.text.encode(encoding)
        mark = next(mark for mark in _MARKS if data.startswith(mark))
        if data == mark + plain:
            return mark + new.encode(encoding)
        return new.encode(encoding) if data == plain else None
    except UnicodeEncodeError:
        return None


def called(encoding: str) -> str:
    """Return what people call an encoding that Python knows by this name.

    >>> called("cp1252"), called("iso8859-5"), called("koi8-u")
    ('Windows-1252', 'ISO-8859-5', 'KOI8-U')
    """
    return _CALLED.get(encoding) or encoding.upper().replace("_", "-").replace("ISO8859", "ISO-8859")


def _as_utf8(data: bytes) -> str | None:
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode(UTF8)
    except UnicodeDecodeError:
        return None


def _told(path: str, line: int, column: int, message: str, content: str, fix: str | None) -> Diagnostic:
    name = name_of(NOT_UTF8)
    return Diagnostic(path, line, column, line, column, NOT_UTF8, name, f"{name}: {message}", content=content, fix=fix)
