"""The kinds of pages: what stands in the main part of a page that has no text, and of one that has a short one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from .styles import Style

Words = Mapping[str, Any]
"""What one file of languages/ holds."""
Content = Callable[[Words, Style, Random], tuple[str, str]]
"""Return the page's title and the markup of its main part."""


def message(kind: str) -> Content:
    """Return the content of a page that tells the visitor something and says nothing."""

    def content(words: Words, style: Style, random: Random) -> tuple[str, str]:
        told = words[kind]
        body = style.text("title", told["title"]) + "".join(style.text("paragraph", line) for line in told["says"])
        fields = "".join(style.text("label", label) for label in told.get("fields", ()))
        buttons = "".join(style.text("button", label) for label in told["buttons"])
        return told["title"], style.part("section", body + (style.part("form", fields + buttons) if buttons else ""))

    return content


def paywall(words: Words, style: Style, random: Random) -> tuple[str, str]:
    """An article of which only the headline is there."""
    headline = random.choice(words["headlines"])
    _, offer = message("paywall")(words, style, random)
    return headline, style.part("article", style.text("title", headline) + _date(words, style, random) + offer)


def script(words: Words, style: Style, random: Random) -> tuple[str, str]:
    """An application whose page is empty without its script."""
    told = words["script"]
    shell = '<div id="app"></div><noscript>{}</noscript><script src="/app.js"></script>'
    return told["title"], shell.replace("{}", style.text("paragraph", told["says"][0]))


def parked(words: Words, style: Style, random: Random) -> tuple[str, str]:
    """A domain for sale, with links that earn money."""
    title, offer = message("parked")(words, style, random)
    return title, offer + style.links("list", random.sample(words["topics"], 6))


def portal(words: Words, style: Style, random: Random) -> tuple[str, str]:
    """A home page: boxes of links under a heading each."""
    boxes = []
    for heading in random.sample(words["menu"], random.randint(3, 6)):
        links = style.links("list", random.sample(words["headlines"], random.randint(3, 8)))
        boxes.append(style.part("section", style.text("heading", heading) + links))
    return words["site"], "".join(boxes)


def teasers(words: Words, style: Style, random: Random) -> tuple[str, str]:
    """A category: cards of a headline, a sentence and a link to the article."""
    title = random.choice(words["menu"][1:5])
    cards = _cards(words, style, random, random.randint(5, 10))
    return title, style.text("title", title) + cards + style.links("list", [*"123456", "»"])


def search(words: Words, style: Style, random: Random) -> tuple[str, str]:
    """The results of a search on the site."""
    title = words["search"].format(random.choice(words["topics"]))
    count = style.text("paragraph", words["results"].format(random.randint(20, 400)))
    form = style.part("form", style.text("label", title))
    return title, style.text("title", title) + form + count + _cards(words, style, random, random.randint(4, 9))


def topic(words: Words, style: Style, random: Random) -> tuple[str, str]:
    """All articles with one tag: a date and a headline each, and the other tags."""
    title = words["topic"].format(random.choice(words["topics"]))
    rows = []
    for headline in random.sample(words["headlines"], random.randint(5, 10)):
        link = f'<a href="/a/{len(rows)}">{headline}</a>'
        rows.append(style.part("card", _date(words, style, random) + link))
    return title, style.text("title", title) + "".join(rows) + style.links("list", list(words["topics"]))


def gallery(words: Words, style: Style, random: Random) -> tuple[str, str]:
    """Pictures without captions."""
    count = random.randint(8, 24)
    pictures = "".join(style.text("picture", words["picture"].format(n + 1, count)) for n in range(count))
    return words["gallery"], style.text("title", words["gallery"]) + style.part("section", pictures)


def calendar(words: Words, style: Style, random: Random) -> tuple[str, str]:
    """An archive: a table of the days of a month, each a link, and links to the months."""
    month = f"{random.choice(words['months'])} {random.randint(2003, 2024)}"
    days = [f'<a href="/d/{day}">{day}</a>' for day in range(1, 31)]
    rows = [[*words["weekdays"]], *(days[start : start + 7] for start in range(0, 30, 7))]
    table = "".join(style.part("row", "".join(style.part("cell", cell) for cell in row)) for row in rows)
    body = style.text("title", words["calendar"]) + style.text("heading", month) + style.part("table", table)
    return words["calendar"], body + style.links("list", list(words["months"]))


def article(kind: str) -> Content:
    """Return the content of a page with a short text: a headline and paragraphs."""

    def content(words: Words, style: Style, random: Random) -> tuple[str, str]:
        told = words[kind]
        body = "".join(style.text("paragraph", line) for line in told.get("says", ()))
        if "steps" in told:
            body += style.part("steps", "".join(style.text("step", step) for step in told["steps"]))
            body += style.text("paragraph", told["after"])
        if "lines" in told:
            body += "".join(
                style.part("verses", _verses(style, part)) for part in (told["lines"][:4], told["lines"][4:])
            )
        return told["title"], style.part("article", style.text("title", told["title"]) + body)

    return content


def expected(words: Words, kind: str) -> str:
    """Return the text of a page with a short text, without its headline."""
    told = words[kind]
    after = [told["after"]] if "after" in told else []
    return "\n".join([*told.get("says", ()), *told.get("steps", ()), *after, *told.get("lines", ())])


def _verses(style: Style, lines: list[str]) -> str:
    return "".join(style.text("line", line) for line in lines)


def _cards(words: Words, style: Style, random: Random, count: int) -> str:
    cards = []
    for headline in random.sample(words["headlines"], count):
        text = style.text("heading", headline) + style.text("paragraph", random.choice(words["summaries"]))
        more = f'<a href="/a/{len(cards)}">{words["more"]}</a>'
        cards.append(style.part("card", _date(words, style, random) + text + more))
    return "".join(cards)


def _date(words: Words, style: Style, random: Random) -> str:
    return style.text("date", f"{random.randint(1, 28)} {random.choice(words['months'])} {random.randint(2003, 2024)}")


WITHOUT_TEXT: Mapping[str, Content] = {
    "portal": portal,
    "teasers": teasers,
    "search": search,
    "topic": topic,
    "gallery": gallery,
    "calendar": calendar,
    "login": message("login"),
    "paywall": paywall,
    "not_found": message("not_found"),
    "gone": message("gone"),
    "broken": message("broken"),
    "consent": message("consent"),
    "cookies": message("cookies"),
    "captcha": message("captcha"),
    "script": script,
    "redirect": message("redirect"),
    "parked": parked,
    "maintenance": message("maintenance"),
    "age": message("age"),
}
WITH_TEXT: Mapping[str, Content] = {
    kind: article(kind) for kind in ("brief", "about_error", "login_help", "poem", "announcement")
}
# Of those without text, the ones that their wording gives away, and not what they are made of.
_NOTICES = "login paywall not_found gone broken consent cookies captcha script redirect parked maintenance age"
NOTICES = frozenset(_NOTICES.split())
