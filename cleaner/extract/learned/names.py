"""What templates call the parts of a page, and what the words of such names speak for."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Final

from cleaner.extract.block import Page
from cleaner.extract.elements import NAMING

# Families of words in classes and ids. Which of them speak for text and which against is learned.
GROUPS: Final = (
    "article|artikel|story|hentry",
    "content|inhalt|contenido",
    "body|text|copy|prose|richtext|paragraph",
    "entry|post(?!age)|blog",
    "main|primary|page|wrapper|container|root",
    "title|headline|heading|hed$",
    "lead|intro|summary|dek$|standfirst|subtitle|subhead|excerpt|abstract|teaser|chapo|deck|desc",
    "author|byline|writer|reporter|autor|credit|source",
    "date|time|publish|updated|posted",
    "meta(?!l)|info|details|data",
    "tag(?!line)|categor|topic|keyword|label|kicker",
    "breadcrumb|crumb|trail|path",
    "nav|menu|topbar|toolbar",
    "header|masthead|banner|logo|branding",
    "foot|bottom|colophon|copyright|legal|disclaimer",
    "sidebar|side|aside|rail|column|right|left|secondary",
    "widget|module|box|panel|block|portlet",
    "related|recommend|similar|more|also|next|prev|adjacent|pager|pagin",
    "popular|trending|latest|recent|hot$|mostread|ranking|archive",
    "comment|reply|respond|disqus|discussion|guestbook|komment",
    "share|social|facebook|twitter|follow|addthis|whatsapp|sns|like",
    "newsletter|subscri|signup|optin|paywall|regwall|member",
    "promo|cta|campaign|offer|shop|cart|basket",
    "advert|^ads?$|sponsor|adsense|dfp|outbrain|taboola|reklam|anzeig",
    "cookie|consent|gdpr|privacy|notice|alert",
    "modal|popup|overlay|dialog|lightbox|tooltip|dropdown",
    "login|account|register|user|profile|avatar|bio$",
    "search|filter|sort",
    "caption|legend|cutline|credit",
    "image|img|photo|picture|thumb|media|gallery|figure|slide|carousel|video|player|audio",
    "quote|pull|cite|highlight",
    "list|items?$|grid|cards?$|tiles?$|feed|stream",
    "link|url|button|btn|icon",
    "print|email|mail|tool|action|feedback|report|fontsize",
    "hidden|screen|reader|visually|offscreen|collapse|invisible",
    "product|price|sku|spec|stock|rating|review|buy",
    "faq|question|answer|accordion|tabs?$",
    "toc$|index|outline|jump|skip",
    "infobox|factbox|box|sidenote|inset|note",
    "forum|thread|topic|message|msg|signature|vote|karma",
    "table|row|cell|col$",
    "code|highlight|snippet|syntax",
    "event|job|recipe|ingredient|instruction|step",
    "contact|address|phone|location|map",
    "embed|tweet|instagram|youtube",
)
_GROUPS: Final = [re.compile(group) for group in GROUPS]
_WORD: Final = re.compile(r"[A-Z][a-z]+|[a-z]{2,}|[A-Z]{2,}")


_MOST_NAME: Final = 60


def all_names(page: Page) -> tuple[list[str], list[int]]:
    """Return what each container of a page is called, and which of them may say what they are by such attributes.

    That is their classes and id, what the attributes say, a tag of its own. The body has no name: what stands there is
    of the page.
    """
    found = list(page.names)
    found[0] = ""
    saying = [number for number, attributes in page.attributes.items() if not NAMING.isdisjoint(attributes)]
    own_tags = [number for number, tag in enumerate(page.tags) if "-" in tag]
    for number in {*saying, *own_tags}.difference((0,)):
        called = [found[number]]
        attributes = page.attributes.get(number, {})
        called += [value for name, value in attributes.items() if name in NAMING and len(value) < _MOST_NAME]
        if "-" in page.tags[number]:
            called.append(page.tags[number])
        if len(called) > 1:
            found[number] = " ".join(called).strip()
    return found, saying


@functools.lru_cache(maxsize=20_000)
def words(names: str) -> tuple[str, ...]:
    """Return the words of classes and ids, in lower case, each once, in their order.

    >>> words("post-body entryContent")
    ('post', 'body', 'entry', 'content')
    """
    return tuple(dict.fromkeys(" ".join(_WORD.findall(names[:300])).lower().split()))


@functools.lru_cache(maxsize=20_000)
def groups(names: str) -> int:
    """Return the families that the words of `names` belong to, as bits in the order of `GROUPS`."""
    bits = 0
    for word in words(names):
        bits |= _groups_of_word(word)
    return bits


@functools.lru_cache(maxsize=20_000)
def _groups_of_word(word: str) -> int:
    if len(word) < _BEGINNING:
        likely: Iterable[int] = range(len(_GROUPS))
    else:
        begins = (word[at : at + _BEGINNING] for at in range(len(word) - _BEGINNING + 1))
        likely = {group for three in begins for group in _BEGINNINGS.get(three, ())}
    return sum(1 << number for number in likely if _GROUPS[number].search(word))


def _beginnings() -> dict[str, frozenset[int]]:
    """Return for the first letters of what the families look for those families: few have to be asked for a word."""
    found: dict[str, frozenset[int]] = {}
    for number, group in enumerate(GROUPS):
        for part in group.split("|"):
            begins = part.removeprefix("^")[:_BEGINNING]
            found[begins] = found.get(begins, frozenset()) | {number}
    return found


_BEGINNING: Final = 3
_BEGINNINGS: Final = _beginnings()
