"""Bytes to text, as a browser would: byte order mark, HTTP header, meta element, then detection."""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from cleaner.errors import CleanerError

# What no text begins with, and what to call it. Of letters and digits alone a text may begin with any: behind those
# stands one of `NO_TEXT`.
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"RIFF", "a RIFF file (WebP, WAV, AVI)"),
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive (or an office document)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x28\xb5\x2f\xfd", "Zstandard data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\x00", "xz data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x04\x22\x4d\x18", "LZ4 data"),
    (b"\x1f\x9d", "compressed data (.Z)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"WARC/1.", "a WARC archive"),
    (b"filedesc://", "an ARC archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"Obj\x01", "an Avro file"),
    (b"ORC", "an ORC file"),
    (b"FEA1", "a Feather file of the first version"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x00\x00\x00\x18ftyp", "a video"),
    (b"\x00\x00\x00\x20ftyp", "a video"),
    (b"ID3", "an MP3"),
    (b"OggS", "Ogg media"),
)
# Bytes that no text has.
NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a]")
_BEHIND_BYTES = 64

# The first block of a tar archive, and in it the sum of its bytes, of which its own count as spaces.
_TAR_BLOCK, _TAR_SUM = 512, slice(148, 156)

# A text may hold a few NULs (a broken export); a file of which every tenth byte is one is no text.
MOST_NULS = 0.1

# UTF-8 with this share of bytes that are not, or less, is UTF-8 with damage, and no other encoding.
MOST_DAMAGE = 0.001

# Of a Chinese text in GBK each character is valid UTF-8 once in seven times: six in a row once in 100,000.
_FEWEST_OF_UTF8 = 6

# What is looked for one after the other. A browser looks for the first two: nobody else has them. UTF-7 has one for
# each run of letters; a plus inside of one is rare, and patterns that know it take quadratic time.
_ESCAPES = (
    ((re.compile(rb"\x1b\$[@B]|\x1b\(J"),), "iso2022_jp"),
    ((re.compile(rb"\x1b\$\)C"),), "iso2022_kr"),
    ((re.compile(rb"\+[A-Za-z0-9/]{3,}"), re.compile(rb"\+[A-Za-z0-9/]{3,}-")), "utf-7"),
    ((re.compile(rb"\+[A-Za-z0-9/]{3,}\s"),), "utf-7"),
)
_FEWEST_ESCAPED = 3
# Before a space a run of UTF-7 has no end of its own. The letters of an alphabet stand in two blocks of 256 at most;
# what comes out of other text, in many.
_FEWEST_OF_ALPHABET, _BLOCKS = 10, 2

# How far w3lib looks for the declaration of a page's encoding, and how long one may be.
_DECLARATION_BYTES, _META_BYTES = 4_096, 1_000
_META = re.compile(rb"<meta\s[^<>]{0,1000}>", re.IGNORECASE)
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_ODD_LINE = re.compile(rb"[^\n]{0,400}[\x80-\xff][^\n]{0,400}")

# Detection reads what stands around the first letter that is not ASCII: an encoding does not change on the way, and
# detecting costs time.
DETECTION_BYTES = 50_000

# A detector takes these for one another where a text has few letters beyond ASCII (`é` in an English text for a Greek
# letter), or is in a language that it does not know (the `ë` of Albanian for the `ė` of Lithuanian).
_WESTERN = "cp1252"
_TAKEN_FOR_ANOTHER = ("cp1250", "cp1253", "cp1254", "cp1257")
_KIN = frozenset(f"iso8859-{part}" for part in (2, 3, 4, 7, 9, 10, 13, 14, 15, 16)) | {*_TAKEN_FOR_ANOTHER, _WESTERN}
# Lines enough to tell by, and how much better another must fit than the first, in thousandths of the natural logarithm.
_MOST_LINES, _BETTER = 20, 6000


class Decoded(NamedTuple):
    """Text, and the encoding that it was in, by its Python name."""

    text: str
    encoding: str


class NotTextError(CleanerError, ValueError):
    """The bytes are no text in any encoding."""


def binary_kind(start: bytes) -> str | None:
    r"""Return what begins so and is no text, such as `a PDF`; None where that does not tell.

    >>> binary_kind(b"ID3\x03\x00\x00"), binary_kind(b"ID3 is how songs are labelled.")
    ('an MP3', None)
    """
    for magic, kind in _MAGIC:
        if start.startswith(magic) and (not magic.isalnum() or NO_TEXT.search(start, 0, _BEHIND_BYTES)):
            return kind
    return "a tar archive" if b"\0" in start[:_TAR_BLOCK] and _is_tar(start[:_TAR_BLOCK]) else None


def _is_tar(block: bytes) -> bool:
    try:
        told = int(block[_TAR_SUM].strip(b"\0 "), 8)
    except ValueError:
        return False
    return told == sum(block) - sum(block[_TAR_SUM]) + len(block[_TAR_SUM]) * ord(" ")


def text_of(data: bytes) -> str:
    """Return bytes as text where nothing but them says what they are: UTF-8, or what `decode` takes them for.

    Most are UTF-8, and a text may begin as an archive does: "ID3", "PK". Raises `NotTextError`.

    >>> text_of("déjà".encode()), text_of("Le café était fermé, où aller ?".encode("windows-1252"))
    ('déjà', 'Le café était fermé, où aller ?')
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return decode(data).text


def decode(data: bytes, *, content_type: str | None = None, html: bool = False) -> Decoded:
    """Return the text of the bytes, and its encoding.

    Asked in this order: the byte order mark, the charset of `content_type` (an HTTP header),
    for HTML the meta element, whether the bytes are UTF-8, and a detector. A declared encoding
    in which the bytes are not valid is not believed, unless the damage is small, nor is one of bytes that
    are UTF-8 beyond doubt: then the page was written anew, and its declaration was not. Damaged
    bytes become U+FFFD. Raises `NotTextError` for images, archives and other binary data.

    >>> decode("déjà".encode("windows-1252"), content_type="text/html; charset=iso-8859-1")
    Decoded(text='déjà', encoding='cp1252')
    """
    from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

    encoding, mark = read_bom(data)
    if encoding and mark:
        return Decoded(data[len(mark) :].decode(encoding, "replace"), encoding)
    if (kind := binary_kind(data)) is not None:
        raise NotTextError(f"this is {kind}, not text")
    if data.isascii() and (escaped := _escaped(data)) is not None:
        return escaped
    declared = http_content_type_encoding(content_type) if content_type else None
    if declared is None and html:
        declared = html_body_declared_encoding(data)
    if declared not in (None, "utf-8") and _is_surely_utf8(data):
        declared = "utf-8"
    for likely in (declared, "utf-8"):
        if likely:
            try:
                return Decoded(_checked(data.decode(likely)), likely)
            except UnicodeDecodeError:
                pass
    if html and (late := _declared_late(data)) is not None:
        return Decoded(_checked(data.decode(late)), late)
    repaired = data.decode("utf-8", "replace")
    damage = repaired.count("\ufffd")
    # Where no letter is UTF-8, the bytes that are not are no damage but letters of another encoding.
    is_utf8 = len(repaired) - len(repaired.encode("ascii", "ignore")) >= 2 * damage or _is_cut(data)
    if is_utf8 and damage <= MOST_DAMAGE * len(data):
        return Decoded(_checked(repaired), "utf-8")
    if data.count(0) > MOST_NULS * len(data) and not _looks_like_utf16(data):
        raise NotTextError("this is binary data, not text")
    return _detected(data, declared)


def _is_surely_utf8(data: bytes) -> bool:
    """Tell whether the bytes are UTF-8 with so many characters beyond ASCII that they can be nothing else."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return len(text) - len(text.encode("ascii", "ignore")) >= _FEWEST_OF_UTF8


def _escaped(data: bytes) -> Decoded | None:
    """Return the text of bytes that are ASCII, but for escapes to letters: ISO-2022-JP, -KR, UTF-7; None for others."""
    for signs, encoding in _ESCAPES:
        if _has_in_order(data, signs):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            beyond = [char for char in text if char > "\x7f"]
            # Of what is not meant so, something else than letters would come out.
            likely = len(beyond) >= _FEWEST_ESCAPED and sum(map(str.isalpha, beyond)) >= len(beyond) / 2
            if likely and (signs != _ESCAPES[-1][0] or _is_one_alphabet(beyond)):
                return Decoded(text, encoding)
    return None


def _is_one_alphabet(chars: list[str]) -> bool:
    blocks = {ord(char) // 256 for char in chars if char.isalpha()}
    return len(chars) >= _FEWEST_OF_ALPHABET and len(blocks) <= _BLOCKS


def _has_in_order(data: bytes, signs: tuple[re.Pattern[bytes], ...]) -> bool:
    place = 0
    for sign in signs:
        found = sign.search(data, place)
        if found is None:
            return False
        place = found.end()
    return True


def _declared_late(data: bytes) -> str | None:
    """Return the encoding that a meta element declares below where w3lib looks, if the bytes are valid in it.

    A browser starts anew when it comes to one.
    """
    from w3lib.encoding import html_body_declared_encoding

    for meta in _META.finditer(data, _DECLARATION_BYTES - _META_BYTES):
        encoding = html_body_declared_encoding(meta.group())
        if encoding is not None:
            return str(encoding) if _is_valid(data, encoding) else None
    return None


def _is_cut(data: bytes) -> bool:
    """Tell whether all that is not UTF-8 is a letter of which the end is missing at the end of the data."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return False


def _is_valid(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _looks_like_utf16(data: bytes) -> bool:
    """Tell whether the NULs stand on one side, as in UTF-16 of a European language without a mark."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    return min(even, odd) * 10 < max(even, odd)


def _checked(text: str) -> str:
    if text.count("\x00") > MOST_NULS * len(text):
        raise NotTextError("this is binary data, not text: one character in ten or more is NUL")
    return text


def _detected(data: bytes, declared: str | None) -> Decoded:
    from chardet import EncodingEra, detect
    from w3lib.encoding import resolve_encoding

    # Encodings of the web alone: a short text in Windows-1252 would else be one of MS-DOS. No supersets, which
    # w3lib knows better: for chardet Windows-1250 is one of ISO 8859-2, of which it moves letters.
    first = _NOT_ASCII.search(data)
    start = max(0, first.start() - DETECTION_BYTES // 2) if first else 0
    found = detect(
        data[start : start + DETECTION_BYTES],
        encoding_era=EncodingEra.MODERN_WEB | EncodingEra.LEGACY_ISO,
        max_bytes=DETECTION_BYTES,
        prefer_superset=False,
        compat_names=False,
    )["encoding"]
    encoding = resolve_encoding(found) if found else declared
    if encoding is None:
        raise NotTextError("no known encoding gives text; this looks like binary data")
    if encoding in _KIN:
        encoding = _by_language(data, start, encoding)
    return Decoded(data.decode(encoding, "replace"), encoding)


def _by_language(data: bytes, start: int, found: str) -> str:
    """Return the encoding in which the lines that are not ASCII fit a language best; the Western one in doubt."""
    from cleaner.language.evidence import best_evidence
    from cleaner.language.scripts import candidates

    lines = b"\n".join(match.group() for match in islice(_ODD_LINE.finditer(data, start), _MOST_LINES))
    if len(candidates(lines.decode(found, "replace")).languages) < 2:  # a text in Greek, not a letter
        return found
    asked = dict.fromkeys((found, *_TAKEN_FOR_ANOTHER, _WESTERN))
    texts = {name: lines.decode(name, "replace") for name in asked if name == found or _is_valid(data, name)}
    # Of a text with few letters beyond ASCII most encodings make the same: each is told once.
    evidence = {text: best_evidence(text) for text in dict.fromkeys(texts.values())}
    fits = {name: evidence[text] for name, text in texts.items()}
    best = max(fits, key=lambda name: (fits[name], name == found))
    western = fits[_WESTERN] if _is_valid(data, _WESTERN) else -_BETTER
    return _WESTERN if western + _BETTER >= fits[best] else best
