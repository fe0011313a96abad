"""The body of an archived HTTP answer without its transfer and content encodings, up to a size."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Callable, Mapping, Sequence

from cleaner.corpus.compression import USUAL_RATIO, size_told
from cleaner.corpus.sniff import looks_like_page
from cleaner.encoding import NO_TEXT
from cleaner.errors import CleanerError

_CHUNK_SIZE = re.compile(rb"\s*([0-9a-fA-F]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")

GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"

# zlib's window bits for its own header or gzip's, told from each other by itself; and for none.
ZLIB_OR_GZIP, RAW_DEFLATE = 47, -15

BROTLI_STEP = 1 << 20

# What else is registered with IANA as a content coding.
OTHERS = frozenset({"aes128gcm", "compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip"})

# So many bytes of something compressed have one among them that no text has.
LOOK_BYTES = 512


class BodyError(CleanerError, ValueError):
    """A body is not what its headers say."""


def decoded(body: bytes, encodings: Sequence[str], max_bytes: int) -> bytes:
    """Take off the encodings, the last one first; give at most `max_bytes` + 1 bytes of what is in them.

    Many archives keep the header of an encoding that they have taken off themselves: a body that does not begin as
    its encoding does is taken as it is; so is text where the name is that of no encoding (`none`, a charset), as
    browsers do. Raises `BodyError` for a broken body, or one in an encoding that is not known.

    >>> decoded(b"4\\r\\nferr\\r\\n1\\r\\ny\\r\\n0\\r\\n\\r\\n", ["chunked"], 100)
    b'ferry'
    """
    for encoding in reversed(encodings):
        if encoding not in _DECODERS:
            if encoding not in OTHERS and not NO_TEXT.search(body, 0, LOOK_BYTES):
                continue
            raise BodyError(f"the content encoding {encoding!r} is not known")
        try:
            # Taking chunks apart makes a body no larger, and what is in them may be compressed.
            body = _DECODERS[encoding](body, len(body) if encoding == "chunked" else max_bytes + 1)
        except (BodyError, MemoryError):
            raise
        except Exception as error:  # each library has its own
            if encoding == "br" and looks_like_page(body):  # of which no beginning is known
                continue
            raise BodyError(f"the body is no whole {encoding}: {error}") from error
        if len(body) > max_bytes and encoding != "chunked":
            break
    return body[: max_bytes + 1]


def decoded_bytes(body: bytes, encodings: Sequence[str]) -> int:
    """Return about how many bytes a body has without its encodings, which are not taken off for that."""
    if body.startswith(GZIP_MAGIC) and len(encodings) == 1:
        return size_told(b"", body, len(body), "gzip")
    packed = any(encoding != "chunked" for encoding in encodings) or body.startswith(GZIP_MAGIC)
    return USUAL_RATIO * len(body) if packed else len(body)


def encodings_of(headers: Mapping[str, str]) -> tuple[str, ...]:
    """Return the encodings that the headers of an answer name, in the order in which they were put on."""
    named = f"{headers.get('content-encoding', '')},{headers.get('transfer-encoding', '')}".lower()
    return tuple(name for name in map(str.strip, named.split(",")) if name not in ("", "identity", "utf-8"))


def _chunked(body: bytes, most: int) -> bytes:
    parts: list[bytes] = []
    place = size = 0
    while size < most and (found := _CHUNK_SIZE.match(body, place)):
        length = int(found[1], 16)
        if length == 0:
            return b"".join(parts)
        part = body[found.end() : found.end() + length]
        parts.append(part)
        size += len(part)
        if len(part) < length:
            raise BodyError("the body is cut: its last chunk is shorter than it says")
        place = found.end() + length
    if not parts:
        return body
    return b"".join(parts)[:most]


def _gzip(body: bytes, most: int) -> bytes:
    return _inflated(body, most, ZLIB_OR_GZIP) if body.startswith(GZIP_MAGIC) else body


def _deflate(body: bytes, most: int) -> bytes:
    for bits in (ZLIB_OR_GZIP, RAW_DEFLATE):
        try:
            return _inflated(body, most, bits)
        except zlib.error:
            continue
    return body


def _inflated(body: bytes, most: int, bits: int) -> bytes:
    stream = zlib.decompressobj(bits)
    data = stream.decompress(body, most)
    if stream.eof and stream.unused_data.startswith(GZIP_MAGIC):  # further members
        data += gzip.GzipFile(fileobj=io.BytesIO(stream.unused_data)).read(most - len(data))
    if len(data) < most and not stream.eof:
        raise BodyError("the body is cut: its compressed data has no end")
    return data


def _zstd(body: bytes, most: int) -> bytes:
    from cleaner.corpus.compression import zstd_module

    if not body.startswith(ZSTD_MAGIC):
        return body
    with zstd_module().ZstdFile(io.BytesIO(body), "rb") as stream:
        data: bytes = stream.read(most)
    return data


def _brotli(body: bytes, most: int) -> bytes:
    import brotli

    stream = brotli.Decompressor()
    parts = [stream.process(body, output_buffer_limit=BROTLI_STEP)]
    size = len(parts[0])
    while size < most and not stream.is_finished() and not stream.can_accept_more_data():
        parts.append(stream.process(b"", output_buffer_limit=BROTLI_STEP))
        size += len(parts[-1])
    if size < most and not stream.is_finished():
        raise BodyError("the body is cut: its compressed data has no end")
    return b"".join(parts)[:most]


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "chunked": _chunked,
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
