"""Dates as pages write them: of a machine, in digits, or with the month's name."""

from __future__ import annotations

import re
from datetime import date
from itertools import islice

# Dates outside are no publication dates. Constants and not today's date: the same page gives the same date tomorrow.
_YEARS = range(1995, 2100)
_MOST_NUMBERS = 1_000
_MOST_CHARS = 52  # a longer text that begins without a date tells of something else

_MONTHS = (
    "jan januar jänner january januari janvier ocak oca enero gennaio janeiro ene gen stycznia января",
    "feb februar feber february februari février şubat şub febrero febbraio fevereiro fev févr lutego февраля",
    "mar mär märz march maret mart mars marzo março maart mrt marca марта",
    "apr april avril nisan nis abril aprile avr abr kwietnia апреля",
    "may mai mei mayıs mayo maggio maio mag maja maj мая",
    "jun juni june juin haziran haz junio giugno junho giu czerwca июня",
    "jul juli july juillet temmuz tem julio luglio julho juil lug lipca июля",
    "aug august agustus ağustos ağu aout août agosto ago augustus sierpnia августа",
    "sep sept september septembre eylül eyl septiembre settembre setembro set wrzesień września сентября",
    "oct oktober october octobre okt ekim eki octubre ottobre outubro ott out października октября",
    "nov november kasım kas novembre noviembre novembro listopada ноября",
    "dec dez dezember december desember décembre aralık ara diciembre dicembre dezembro dic déc grudnia декабря",
)
_MONTH = {name: number for number, line in enumerate(_MONTHS, 1) for name in line.split()}
_WORD = r"(?<![^\W\d_])[^\W\d_]{3,12}"

_ISO = re.compile(r"((?:19|20)\d\d)[-/.]?(\d\d)[-/.]?(\d\d)(?!\d(?:[^\d]|$))")
_COMPACT = re.compile(r"\b(\d{4})(\d\d)(\d\d)\b")
_YEAR = r"(?:199[0-9]|20[0-3][0-9])"
_NUMERIC = re.compile(
    rf"(?:\D|^)(?:({_YEAR})\s?[-/.年년]\s?([01]?\d)\s?[-/.月월]\s?([0-3]?\d)|"
    rf"([0-3]?\d)[-/.]([01]?\d)[-/.](\d{{4}}|\d\d))(?:\D|$)"
)
_YEAR_MONTH = re.compile(rf"(?:\D|^)(?:({_YEAR})[-/.]([01]?\d)|([01]?\d)[-/.]({_YEAR}))(?:\D|$)")
_NAMED = re.compile(
    rf"({_WORD})\.?\s([0-3]?\d)(?:st|nd|rd|th)?,? ({_YEAR})|"
    rf"([0-3]?\d)(?:st|nd|rd|th|\.|er|º)? (?:of |de )?({_WORD})[,.]? (?:de )?({_YEAR})",
    re.IGNORECASE,
)
# A time of day, a lone year, money, telephone and account numbers, addresses of the web: digits that are no date.
_NO_DATE = re.compile(
    r"^\d\d:\d\d(?: |:|$)|^\D*\d{4}\D*$|[$€¥£₹฿₽®]|[A-Z]{3}[^A-Za-z\s]|(?:^|\D)(?:\+\d\d|\d{3}|\d{5})\D"
    r"|ftps?|https?|\.(?:com|net|org|info|gov|edu|de|fr|io)\b|IBAN|[A-Z]{2}\d\d"
)
_IN_ADDRESS = re.compile(rf"\D({_YEAR})[/_-]([01]?\d)[/_-]([0-3]?\d)(?:\D|$)")
_DAY = rf"({_YEAR})-([01]?\d)-([0-3]?\d)"
_STAMP = re.compile(rf"{_DAY}[T ]\d\d:\d\d:\d\d")
_PLAIN_DAY = re.compile(rf"(?<!\d){_DAY}(?!\d)")
# As the years begin: what begins with letters that are fixed is found in a fifth of the time.
_BEGINS_A_DAY = (re.compile(r"20[0-3][0-9]-[01]?\d-"), re.compile(r"199[0-9]-[01]?\d-"))
_DIGITS = re.compile(r"\d{1,4}[./]\d{1,2}[./]\d{2,4}(?!\d)")
_POSTED = re.compile(
    r"(?:date[^0-9\"]{0,20}|updated|last-modified|published|posted|\bon|Datum|Stand|Veröffentlicht am)[ :]{0,9}\Z",
    re.IGNORECASE,
)
_DATE_WORDS = re.compile(
    r"(?:\b(?:mon|tues?|wed|thur?s?|fri|sat|sun)[a-z]*,? )?"
    rf"(?:{_NAMED.pattern}|\b\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}\b)"
    r"(?:,? (?:at )?\d\d?[:.]\d\d(?: ?[ap]\.?m\b\.?)?)?",
    re.IGNORECASE,
)


def parse(text: str | None) -> str | None:
    """Return the date that a short text begins with or tells, as YYYY-MM-DD; None where it tells none.

    >>> parse("2016-12-15T10:00:00+01:00"), parse("Dec 15, 2016"), parse("15. März 2016"), parse("2016年12月5日")
    ('2016-12-15', '2016-12-15', '2016-03-15', '2016-12-05')
    """
    text = " ".join((text or "")[:500].split())[:_MOST_CHARS]
    if match := _STAMP.match(text):  # whatever follows: in 10:22:33.158Z the fraction looks like a telephone number
        return _valid(*map(int, match.groups()))
    if not 4 <= sum(map(str.isdigit, text)) <= 18 or _NO_DATE.search(text):
        return None
    for match in (_ISO.match(text), _COMPACT.search(text), _NUMERIC.search(text)):
        if match and (found := _from_digits(*(group for group in match.groups() if group))):
            return found
    if match := _YEAR_MONTH.search(text):
        year, month = (match[1], match[2]) if match[1] else (match[4], match[3])
        if found := _valid(int(year), int(month), 1):
            return found
    return _named(text)


def in_address(url: str | None) -> str | None:
    """Return the date that stands in an address as /2016/12/15/."""
    match = _IN_ADDRESS.search(url or "")
    return _valid(int(match[1]), int(match[2]), int(match[3])) if match else None


def may_have_day(markup: str) -> bool:
    """Tell whether anything in a page's markup begins like 2016-12-15."""
    return any(pattern.search(markup) for pattern in _BEGINS_A_DAY)


def first_stamp(markup: str) -> str | None:
    """Return the date of the first time stamp in a page's markup."""
    match = _STAMP.search(markup)
    return _valid(*map(int, match.groups())) if match else None


def posted(markup: str) -> str | None:
    """Return the first date in digits that follows a word like "posted" in a page's markup."""
    for match in islice(_DIGITS.finditer(markup), _MOST_NUMBERS):
        if _POSTED.search(markup[max(0, match.start() - 40) : match.start()]):
            return parse(match[0])
    return None


def in_text(text: str) -> str | None:
    """Return the first date in a text that is written as 2016-12-15."""
    match = _PLAIN_DAY.search(text)
    return _valid(*map(int, match.groups())) if match else None


def beside_date(byline: str) -> str:
    """Return what stands before the date in a byline, or after it where nothing does; the byline where it has none."""
    for match in _DATE_WORDS.finditer(byline):
        if parse(match[0]):
            before = byline[: match.start()].strip(" ,;|·•-–—:")
            return before or byline[match.end() :]
    return byline


def _from_digits(first: str, second: str, third: str) -> str | None:
    if len(first) == 4:
        return _valid(int(first), int(second), int(third))
    year = int(third)
    if year < 100:
        year += 1900 if year >= 90 else 2000
    day, month = int(first), int(second)
    return _valid(year, *((day, month) if month > 12 else (month, day)))


def _named(text: str) -> str | None:
    for match in _NAMED.finditer(text):
        name = (match[1] or match[5]).replace("ı", "i").replace("İ", "i").lower()
        month = _MONTH.get(name) or _MONTH.get(name.rstrip("."))
        if month and (found := _valid(int(match[3] or match[6]), month, int(match[2] or match[4]))):
            return found
    return None


def _valid(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat() if year in _YEARS else None
    except ValueError:
        return None
