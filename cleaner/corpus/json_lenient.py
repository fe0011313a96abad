"""JSON that is nearly right: what JSON has not costs the value, not the record.

That is `NaN`, `Infinity`, half a pair of surrogates, and a tab or another control character in a text, which stays.
"""

from __future__ import annotations

import json
import math
from typing import Any


def lenient(text: str) -> Any:
    """Return the value of a JSON text; numbers that JSON has not are None, half of a surrogate pair is U+FFFD.

    Python and pandas write both. A control character that is not escaped stays. Raises `ValueError` or
    `RecursionError` where it is no JSON.

    >>> lenient('{"score": NaN, "text": "a \\\\ud83d b"}')
    {'score': None, 'text': 'a \\ufffd b'}
    """
    return _plain(json.loads(text, parse_constant=lambda _: None, strict=False))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {_plain(key): _plain(item) for key, item in value.items()}
    return value
