"""Dates as pages write them: of a machine, in digits, or with the month's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice

from cleaner.extract.metadata.calendars import common

# Dates outside are no publication dates. Constants and not today's date: the same page gives the same date tomorrow.
_YEARS = range(1995, 2100)
_MOST_NUMBERS = 1_000
_MOST_CHARS = 52  # a longer text that begins without a date tells of something else

_MONTHS = (
    "jan januar jänner january januari janvier ocak oca enero gennaio janeiro ene gen stycznia января ledna"
    " januára siječnja jaanuar sausio tammikuuta ianuarie ιανουαρίου січня يناير ינואר",
    "feb februar feber february februari février şubat şub febrero febbraio fevereiro fev févr lutego февраля"
    " února februára veljače veebruar vasario helmikuuta februarie φεβρουαρίου лютого فبراير פברואר",
    "mar mär märz march maret mart mars marzo março maart mrt marca марта března ožujka märts kovo"
    " maaliskuuta március martie μαρτίου березня مارس מרץ",
    "apr april avril nisan nis abril aprile avr abr kwietnia апреля dubna apríla travnja balandžio huhtikuuta"
    " április aprilie απριλίου квітня أبريل אפריל",
    "may mai mei mayıs mayo maggio maio mag maja maj мая května mája svibnja gegužės toukokuuta május μαΐου"
    " травня مايو",
    "jun juni june juin haziran haz junio giugno junho giu czerwca июня června júna lipnja juuni birželio"
    " kesäkuuta június iunie ιουνίου червня يونيو יוני",
    "jul juli july juillet temmuz tem julio luglio julho juil lug lipca июля července júla srpnja juuli"
    " liepos heinäkuuta július iulie ιουλίου липня يوليو יולי",
    "aug august agustus ağustos ağu aout août agosto ago augustus sierpnia августа srpna augusta kolovoza"
    " rugpjūčio elokuuta augusztus αυγούστου серпня أغسطس אוגוסט",
    "sep sept september septembre eylül eyl septiembre settembre setembro set wrzesień września сентября září"
    " septembra rujna rugsėjo syyskuuta szeptember septembrie σεπτεμβρίου вересня سبتمبر ספטמבר",
    "oct oktober october octobre okt ekim eki octubre ottobre outubro ott out października октября října"
    " októbra oktoober spalio lokakuuta október octombrie οκτωβρίου жовтня أكتوبر אוקטובר",
    "nov november kasım kas novembre noviembre novembro listopada ноября listopadu studenoga lapkričio"
    " marraskuuta noiembrie νοεμβρίου نوفمبر נובמבר",
    "dec dez dezember december desember décembre aralık ara diciembre dicembre dezembro dic déc grudnia"
    " декабря prosince decembra prosinca detsember gruodžio joulukuuta decembrie δεκεμβρίου грудня ديسمبر דצמבר",
)
_MONTH = {name: number for number, line in enumerate(_MONTHS, 1) for name in line.split()}
# The digits of Arabic, Persian, Devanagari and Thai, and those of full width.
_ASCII = {zero + digit: str(digit) for zero in (0x0660, 0x06F0, 0x0966, 0x0E50, 0xFF10) for digit in range(10)}
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
    rf"([0-3]?\d)(?:st|nd|rd|th|\.|er|º)?[ -](?:of |de )?({_WORD})[,.]?[ -](?:de )?({_YEAR})",
    re.IGNORECASE,
)
# Of "15–20 December 2020" the first day; 2020. december 15.; and Tue Dec 15 10:00:00 UTC 2020, as programs print dates.
_DAYS = re.compile(rf"([0-3]?\d)\.?\s?[-–]\s?[0-3]?\d\.? ({_WORD})[,.]? ({_YEAR})")
_YEAR_FIRST = re.compile(rf"({_YEAR})\.? (?:m\. )?({_WORD})\.? ([0-3]?\d)(?!\d)")
_PRINTED = re.compile(
    rf"[A-Z][a-z]{{2}} ([A-Z][a-z]{{2}}) ([0-3]?\d) (?:({_YEAR}) |\d\d:\d\d:\d\d (?:[A-Z]{{3,4}} )?({_YEAR})\Z)"
)
_SECONDS = re.compile(r"1\d{9}(?:\d{3})?")
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
_AFTER_DIGITS = (re.compile(r"/(?=\d\d?[./]\d\d)"), re.compile(r"\.(?=\d\d?[./]\d\d)"))
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
    text = common(" ".join((text or "")[:500].split())[:_MOST_CHARS].translate(_ASCII))
    if match := _PRINTED.match(text):
        return _valid(int(match[3] or match[4]), _MONTH.get(match[1].lower(), 0), int(match[2]))
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


def stated(text: str | None) -> str | None:
    """Return the date of a value that is meant for machines: as `parse`, or in seconds or milliseconds since 1970.

    >>> stated("1607990400"), stated("1607990400000")
    ('2020-12-15', '2020-12-15')
    """
    text = (text or "").strip()
    if _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC).date().isoformat()
    return parse(text)


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
    for match in islice(_in_digits(markup), _MOST_NUMBERS):
        if _POSTED.search(markup[max(0, match.start() - 40) : match.start()]):
            return parse(match[0])
    return None


def _in_digits(markup: str) -> Iterator[re.Match[str]]:
    """Yield what `_DIGITS` finds in a page's markup, in a tenth of the time: from the first sign between digits."""
    end = 0
    for sign in sorted(found.start() for pattern in _AFTER_DIGITS for found in pattern.finditer(markup)):
        start = sign
        while start > max(end, sign - 4) and markup[start - 1].isdecimal():
            start -= 1
        if start < sign and (match := _DIGITS.match(markup, start)):
            yield match
            end = match.end()


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
    for pattern, year, month, day in ((_DAYS, 3, 2, 1), (_YEAR_FIRST, 1, 2, 3)):
        match = pattern.search(text)
        number = _MONTH.get(match[month].lower()) if match else None
        if match and number and (found := _valid(int(match[year]), number, int(match[day]))):
            return found
    for match in _NAMED.finditer(text):
        name = (match[1] or match[5]).replace("ı", "i").replace("İ", "i").lower()
        number = _MONTH.get(name)
        if number and (found := _valid(int(match[3] or match[6]), number, int(match[2] or match[4]))):
            return found
    return None


def _valid(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat() if year in _YEARS else None
    except ValueError:
        return None
