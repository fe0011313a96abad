"""The names of authors, told from what stands where an author should stand."""

from __future__ import annotations

import re
from html import unescape
from itertools import dropwhile, pairwise

from cleaner.extract.metadata.dates import beside_date

_MOST_CHARS = 500  # longer is no byline
_MOST_NAMES = 50
_TAG = re.compile(r"<[^<>]*>")
_ADDRESS = re.compile(
    r"\b[\w.%+-]{1,64}@[A-Za-z0-9.-]{1,64}\.[A-Za-z]{2,}\b|https?://\S+|(?<!\w)@\w+"
    r"|(?<![\w.-])www\.[\w-]+\.\S+|(?<![\w.-])[\w-]{2,64}\.(?:com|net|org|info)/\S+"
)
# A host without a path is the name of a newspaper, and keeps its dots: "Ferry.com Staff".
_HOST = re.compile(
    r"(?:www\.)?(?:[\w-]+\.){1,4}(?:com|net|org|info|co\.[a-z]{2})"
    r"|(?:[\w-]{3,}\.){1,3}(?:ar|at|au|be|br|ca|ch|cl|cn|cz|de|dk|es|eu|fi|fr|gr|hu|ie|il|in|it|jp|kr|mx|nl|no|nz|pl|pt|ro"
    r"|ru|se|sk|tr|tv|tw|ua|uk|za)",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"(?<!\bN)/|;|,|\||&|、|(?:^|\W)[ua]nd(?:$|\W)", re.IGNORECASE)
# "And" of other languages parts names of two words or more: Ortega y Gasset is one.
_AND = re.compile(r"(\S+ .*\S) (?:y|e|et|och|og|oraz|ve|и|та|και) (\S+ \S.*)")
_LABEL = re.compile(
    r"^(?:(?:written |words |text |story )?by|authors?|autor(?:es|in|a)?|autrice|auteure?s?|text[eo]?|tekst|автор|текст"
    r"|yazar|yazan|penulis|tác giả|szerző|kirjoittaja|συντάκτης|نویسنده|लेखक"
    r"|作者|著者|撰文|文|記者|记者|글|기자)\s*[:：]\s*",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"^(?:\w+(?:ed|t|[dt][oa]) |recipe )?"
    r"(?:written by|words by|words|by|von|from|par|por|door|yazar|yazan|автор|מאת|بقلم) "
    r"|^beitrag von |^(?:di|av|af) (?=\S+ \S)",
    re.IGNORECASE,
)
# What a link to the author's own page says to those who hear it.
_PROFILE = re.compile(
    r"^(?:zum profil von|profil de|profile of|perfil de|profilo di|about(?: the)? author:?) ", re.IGNORECASE
)
_JOINT = re.compile(r"[._+]")
_NICKNAME = re.compile(r"[\"‘({\[’'][^\"]{1,60}?[‘’\"')\]}]")
_NO_NAME = re.compile(r"[^\w]+$|[:()?*$#!%/<>{}~¿✀-➾☀-⛿\U0001f300-\U0001faff]")
_AFTER = re.compile(
    r"(?<=\w)\s*[•·].*|\b\s+(?:am|on|for|at|in|to|from|of|via|with|—|-|–)\s.*|\s(?:on|at)$", re.IGNORECASE
)
# What follows such a mark is of the site; where it closes a quotation it parts nothing.
_TRAIL = re.compile(r"^([^«»]*\w)\s*».*")
# What a template prints behind a name: a button, a stamp, where else the text is filed.
_BEHIND = re.compile(
    r"(?<=\w)\W*\s(?:(?:(?:[Pp]osted|[Ww]rote|[Pp]ublished|[Uu]pdated)(?: (?:on|at)\b.*)?|[Ff]ollow(?: @\w+)?)\W*$"
    r"|(?:Filed [Uu]nder|Click here|Read more (?:about|from|by)|More (?:by|from) this|View (?:author|all|profile))\b.*)"
)
# A menu of the reader's own account bears the names of authors' accounts.
_ACCOUNT = re.compile(r"\b(?:log|sign)(?:ged|ed)?[ -]?(?:in|out)\b", re.IGNORECASE)
_STAMP = re.compile(r"^(?:last )?(?:updated|published|posted|submitted|modified|joined)(?: on| at)?\b", re.IGNORECASE)
_NUMBERS = re.compile(r"\d.+?$")
_WEEKDAY_NAMES = (
    "monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag "
    "sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes "
    "sábado domingo lunedì martedì mercoledì giovedì venerdì sabato domenica maandag dinsdag woensdag donderdag "
    "vrijdag zaterdag zondag poniedziałek wtorek środa czwartek piątek sobota niedziela понедельник вторник среда "
    "четверг пятница суббота воскресенье"
)
_WEEKDAYS = frozenset(_WEEKDAY_NAMES.split())
# What programs write where nobody signed.
_NOBODY = frozenset(
    [
        *("admin", "administrator", "anonymous", "author", "editor", "editors", "guest", "moderator", "root", "staff"),
        *("staff reporter", "staff writer", "super user", "superuser", "unknown", "user", "webmaster"),
        *("n/a", "none", "null", "undefined", "about the author", "username"),
        *("follow", "posted", "published", "updated", "wrote"),
        *(
            "redacción",
            "la redacción",
            "redação",
            "da redação",
            "redazione",
            "la redazione",
            "rédaction",
            "la rédaction",
        ),
        *("redaktion", "die redaktion", "redakcja", "redactie", "redaktionen", "toimitus", "редакция", "редакція"),
        *("管理员", "管理員", "小编", "编辑", "編集部", "編集者", "관리자"),
    ]
)
_BESIDE_DATE = frozenset({"am", "den", "el", "le", "on"})
# A link to what somebody wrote, and those to accounts behind it.
_LINK = re.compile(
    r"\b(?:all|more|see|view)\b[\w ]{0,20}\b(?:articles|posts|profile|stories)\b(?: by\b|.*)", re.IGNORECASE
)
# An office, a degree or a rank that follows a name.
_OFFICE = re.compile(
    r"\b(?:ceo|columnist|contribut\w+|correspond\w+|critic|editors?|founder|journalist\w*|jr|manager|md|phd|photographer"
    r"|producer|professor|reporter\w*|sr|staff|writers?|chefredakt\w+|korrespondent\w*|redakt\w+|rédact\w+|redact\w+"
    r"|redatt\w+|giornalista|periodista|corresponsal|dziennikar\w+|журналист\w*|корреспондент\w*|редактор\w*)$",
    re.IGNORECASE,
)
# Who holds the rights need not have written.
_RIGHTS = re.compile(r"(?:©|\bcopyright\b).*", re.IGNORECASE)
# How long a text takes to read is printed where its author stands: minutes, and words that say what they are.
_READING = re.compile(
    r"""
    \b(?: (?:estimated\ )? read(?:ing)?\ time | lese(?:zeit|dauer|tid) | læsetid | lästid | läsning | leestijd
      | lukuaika | lugemisaeg | (?:temps|durée)\ de\ lecture | (?:tiempo|tempo|temps)\ de\ (?:lectura|leitura)
      | tempo\ di\ lettura | (?:lectura|leitura|lettura|lecture)\ d[ei]\ (?=\d) | timp\ de\ citire | czas\ czytania
      | (?:doba|čas|vrijeme|vreme)\ (?:čtení|čítania|branja|čitanja) | olvasási\ idő | okuma\ süresi | thời\ gian\ đọc
      | waktu\ baca | χρόνος\ ανάγνωσης | (?:время|час)\ (?:на\ )?(?:чтения|чтение|читання) | време\ за\ четене
      | (?:وقت|مدة|زمن)\ القراءة | (?:لل)?قراءة | زمان\ مطالعه | (?:זמן\ )?קריאה ) \b [\s:·•]*
    | (?:पढ़ने\ का\ समय | में\ पढ़ें | पढ़ें | 读完 | (?:预计|預計)?(?:阅读|閱讀)(?:时间|時間|时长|時長)?
      | この記事は | で読め\w* | 読了時間 | 읽는\ 시간 | 읽기) [\s:：·•]*
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PIECE = re.compile(r"[^|·•,;/]+[·•]?")
_MINUTES = re.compile(
    r"(?:(?:大?[约約]|\babout)\s?)?\d+\s*(?:-\s*)?"
    r"(?:(?:min|mins|minut(?:e|es|en|i|o|os|y|er|ter)?|perc|dk|dakika|menit|phút|мин|минут[аы]?|хв|хвилин[аи]?|λεπτά"
    r"|דקות|دقائق|دقيقة|دقیقه)\b\.?|मिनट|分[钟鐘]?|분)",
    re.IGNORECASE,
)


def names(current: list[str], byline: str) -> list[str]:
    """Return the names so far and those of a byline; a name that stands in a longer one is left out.

    A date, a reading time, an e-mail or web address is no name.

    >>> names([], "By Ida Renlund and Per Olm, Dec 15, 2016")
    ['Ida Renlund', 'Per Olm']
    >>> names([], "Reading time: 3 minutes")
    []
    """
    byline = _BEHIND.sub("", _LINK.sub("", _plain(byline)).strip())
    if len(current) >= _MOST_NAMES or byline.lower().startswith("http") or _ACCOUNT.search(byline):
        return current
    found, whole = list(current), False
    for part in _parts(beside_date(_without_reading_time(_ADDRESS.sub("", _LABEL.sub("", byline))))):
        name = _name(part)
        # After a whole name, one word is a newspaper or an office as "Reuters" and "Editor" are.
        if not name or (whole and (" " not in name or _OFFICE.search(name))):
            continue
        whole = whole or " " in name
        if name not in found:
            found.append(name)
    if not all(is_host(name) for name in found):
        found = [name for name in found if not is_host(name)]
    return [name for name in found if not any(name != other and name in other for other in found)]


def is_nobody(byline: str) -> bool:
    """Tell whether a byline says that nobody signed: it names an account or an office alone.

    >>> is_nobody("By Staff Writer")
    True
    """
    return _BEFORE.sub("", _plain(byline)).lower() in _NOBODY


def is_host(name: str) -> bool:
    """Tell whether a name is that of a host, as newspapers sign: Ferry.com."""
    return _HOST.fullmatch(name) is not None


def _without_reading_time(byline: str) -> str:
    """Return a byline with signs that part names in place of a reading time and of the small words around it.

    >>> _without_reading_time("Ida Renlund 4 min read"), _without_reading_time("ca. 5 min de lectura")
    ('Ida Renlund;', ';')
    """
    return _PIECE.sub(_around_minutes, _READING.sub(";", byline))


def _around_minutes(piece: re.Match[str]) -> str:
    minutes = _MINUTES.search(piece[0])
    if not minutes:
        return piece[0]
    said = piece[0][: minutes.start()]
    before, behind = said.rstrip(": ").split(), piece[0][minutes.end() :].rstrip("·•").split()
    signed = _BEFORE.match(said) or any(one[0].isupper() and two[0].isupper() for one, two in pairwise(before))
    if before and before[-1][0].islower() and not signed:
        before = []  # "ca.", "ok."
    return f"{' '.join(before)};{' '.join(dropwhile(lambda word: word[0].islower(), behind))}"


def _parts(byline: str) -> list[str]:
    parts: list[str] = []
    for part in _SPLIT.split(byline):
        two = _AND.fullmatch(part.strip())
        parts += two.groups() if two else (part,)
    return parts


def _plain(byline: str) -> str:
    return " ".join(unescape(_TAG.sub("", byline[:_MOST_CHARS])).split())


def _name(part: str) -> str:
    words = _RIGHTS.sub("", part).split()
    name = " ".join(" ".join(word if is_host(word) else _JOINT.sub(" ", word) for word in words).split())
    whole = _NO_NAME.sub("", _NICKNAME.sub("", name)).strip()
    name = _PROFILE.sub("", _BEFORE.sub("", _STAMP.sub("", whole).lstrip()))
    is_told = name != whole
    name = " ".join(_AFTER.sub("", _TRAIL.sub(r"\1", _NUMBERS.sub("", _STAMP.sub("", name)))).split())
    if not any(character.isalpha() for character in name) or (len(name) >= 50 and " " not in name):
        return ""
    if name.lower() in _WEEKDAYS or name.lower() in _NOBODY or name.lower() in _BESIDE_DATE:
        return ""
    words = name.split()
    half = len(words) // 2
    # A link to a profile says its label and the name; a band may be called Duran Duran.
    if half >= (1 if is_told else 2) and words[:half] == words[half:]:
        name = " ".join(words[:half])
    return name if name[0].isupper() or is_host(name) else name.title()
