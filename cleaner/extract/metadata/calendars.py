"""Dates of Thai, Hindi, Vietnamese and Japanese pages, written as those of other pages are."""

from __future__ import annotations

import re
from typing import Final

_MONTHS: Final = (
    ("jan", "มกราคม ม.ค. जनवरी"),
    ("feb", "กุมภาพันธ์ ก.พ. फ़रवरी फरवरी"),
    ("mar", "มีนาคม มี.ค. मार्च"),
    ("apr", "เมษายน เม.ย. अप्रैल"),
    ("may", "พฤษภาคม พ.ค. मई"),
    ("jun", "มิถุนายน มิ.ย. जून"),
    ("jul", "กรกฎาคม ก.ค. जुलाई"),
    ("aug", "สิงหาคม ส.ค. अगस्त"),
    ("sep", "กันยายน ก.ย. सितंबर सितम्बर"),
    ("oct", "ตุลาคม ต.ค. अक्टूबर अक्तूबर"),
    ("nov", "พฤศจิกายน พ.ย. नवंबर नवम्बर"),
    ("dec", "ธันวาคม ธ.ค. दिसंबर दिसम्बर"),
)
_MONTH: Final = {name: month for month, names in _MONTHS for name in names.split()}
# Their vowels are no letters to a regular expression, so that they stand here as they are.
_NAMES: Final = re.compile("|".join(re.escape(name) for name in sorted(_MONTH, key=len, reverse=True)))
_OTHER: Final = re.compile("[\u0900-\u097f\u0e00-\u0e7f]|tháng|令和|平成", re.IGNORECASE)
_THAI: Final = re.compile("[\u0e00-\u0e7f]")
_BUDDHIST: Final = re.compile(r"(?:พ\.ศ\.\s?)?(?<!\d)(25[3-9]\d)(?!\d)")
_BUDDHIST_YEARS: Final = 543
_VIETNAMESE: Final = re.compile(r"(?:ngày )?(\d\d?)\s?tháng (\d\d?),?(?: năm)? (\d{4})", re.IGNORECASE)
_ERA: Final = re.compile(r"(令和|平成)\s?(\d\d?|元)年")
_BEFORE_ERA: Final = {"令和": 2018, "平成": 1988}


def common(text: str) -> str:
    """Return a short text with the names of its months in English and its years in the common era.

    >>> common("15 ธันวาคม 2563"), common("15 दिसंबर 2020"), common("令和2年12月15日")
    ('15 dec 2020', '15 dec 2020', '2020年12月15日')
    """
    if not _OTHER.search(text):
        return text
    if _THAI.search(text):
        text = _BUDDHIST.sub(lambda match: str(int(match[1]) - _BUDDHIST_YEARS), text)
    text = _NAMES.sub(lambda match: _MONTH[match[0]], text)
    text = _VIETNAMESE.sub(lambda match: f"{match[3]}-{match[2]:0>2}-{match[1]:0>2}", text)
    return _ERA.sub(lambda match: f"{_BEFORE_ERA[match[1]] + (1 if match[2] == '元' else int(match[2]))}年", text)
