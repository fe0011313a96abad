"""Made-up small pages that have a text: short articles, alone or with comments and teasers, live blogs, threads."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from .styles import STYLES, TABLES

_TEXTS = Path(__file__).with_name("texts")
_LANGUAGES = Path(__file__).with_name("languages")
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he"})
# What names an article, comments on it, what else there is to read, and a thread.
_ARTICLE = ("", "", "post", "article", "content", "entry-content", "story-body", "c1", "text")
_COMMENTS = ("comments", "comment-list", "discussion", "responses", "reader-comments", "commentlist", "")
_MORE = ("related", "more-stories", "teasers", "read-next", "also", "recommended", "")
_THREAD = ("thread", "topic", "posts", "forum-topic", "messages")
_TAIL = ("meta", "tags", "credit", "info", "", "", "", "")
_LIVE = ("live", "live-blog", "ticker", "timeline", "")
_ENTRY = ("entry", "update", "live-post", "")
_POST = ("post", "message", "post-body", "reply", "entry", "")


class SmallPage(NamedTuple):
    """A page, and the text of it without the headline; `form` says what stands on it beside the text."""

    name: str
    form: str
    html: str
    expected_text: str


def texts() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield 26 languages with what pages in them say: articles, headings, facts, menus and footers."""
    for file in sorted(_TEXTS.glob("*.toml")):
        words = tomllib.loads(file.read_text(encoding="utf-8"))
        if "menu" not in words:
            words = tomllib.loads((_LANGUAGES / file.name).read_text(encoding="utf-8")) | words
        yield file.stem, words


def small_pages() -> Iterator[SmallPage]:
    """Yield the same pages each time: each form of each text in 26 languages, in markup that is drawn anew for each."""
    for language, words in texts():
        for form, draws in _FORMS.items():
            for number in range(draws * len(words["articles"])):
                told = words["articles"][number % len(words["articles"])]
                other = words["articles"][(number + 1) % len(words["articles"])]
                name = f"small-{form.__name__.strip('_')}-{language}-{number}"
                html, text = _page(form, _Small(words, told, other, Random(name)), language)
                yield SmallPage(name, f"small-{form.__name__.strip('_')}", html, text)


class _Small(NamedTuple):
    words: dict[str, Any]
    told: dict[str, Any]
    other: dict[str, Any]
    draw: Random

    def named(self, tag: str, names: tuple[str, ...], content: str) -> str:
        """Return an element with one of the names as its class or id, or without any."""
        name = self.draw.choice(names)
        attribute = f' {self.draw.choice(("class", "class", "id"))}="{name}"' if name else ""
        return f"<{tag}{attribute}>{content}</{tag}>"

    def article(self, body: str) -> str:
        """Return the article with its headline in one of the ways in which pages write it."""
        draw = self.draw
        title = "" if draw.random() < 0.1 else f"<h1>{escape(self.told['title'])}</h1>"
        if draw.random() < 0.3:
            title += f"<p class='date'>{draw.randint(1, 28)}.{draw.randint(1, 12)}.{draw.randint(2006, 2025)}</p>"
        if draw.random() < 0.3:
            body = self.named("div", _ARTICLE, body)
        tail = self.tail() if draw.random() < 0.2 else ""
        return self.named(draw.choice(("article", "article", "div", "section")), _ARTICLE, title + body + tail)

    def tail(self) -> str:
        """Return a short line that stands below many articles and is none of their text."""
        draw, tag = self.draw, self.draw.choice(("p", "p", "div", "span"))
        label, other = draw.sample(self.words["menu"], 2)
        line = draw.choice(
            (
                f"{label}: {_name(draw)}",
                f"{label}: <a href='/t'>{other}</a>, <a href='/u'>{_name(draw)}</a>",
                f"{_name(draw)} {_name(draw)}",
                f"{self.words['site']} / {_name(draw)}",
                f"<a href='#'>{self.words['comments']}</a> ({draw.randint(0, 40)})",
                f"{label} | {other}",
            )
        )
        return self.named(tag, _TAIL, line)


def _paragraphs(says: list[str], draw: Random) -> str:
    if draw.random() < 0.12:
        return f"<div>{'<br><br>'.join(map(_escaped, says))}</div>"
    tag = "div" if draw.random() < 0.1 else "p"
    return "".join(f"<{tag}>{_escaped(line)}</{tag}>" for line in says)


def _escaped(text: str) -> str:
    return escape(text, quote=False)


def _alone(small: _Small) -> tuple[str, list[str]]:
    says = small.told["says"][: small.draw.randint(2, 4)]
    return small.article(_paragraphs(says, small.draw)), says


def _brief(small: _Small) -> tuple[str, list[str]]:
    """Return one or two sentences, for a page that has hardly anything else."""
    draw = small.draw
    says = draw.sample(small.told["says"], draw.randint(1, 2))
    tag = draw.choice(("div", "body", "main", "center", "article"))
    body = _paragraphs(says, draw)
    title = f"<h1>{escape(small.told['title'])}</h1>" if draw.random() < 0.4 else ""
    return (f"{title}{body}" if tag == "body" else f"<{tag}>{title}{body}</{tag}>"), says


def _with_parts(small: _Small) -> tuple[str, list[str]]:
    """Return an article that has a heading, and after it paragraphs, a table, a list of labels or a plain list."""
    draw, says, heading = small.draw, small.told["says"], small.words["heading"]
    facts = draw.sample(small.words["facts"], draw.randint(2, 3))
    rows, labels = [" ".join(fact) for fact in facts], [part for fact in facts for part in fact]
    markup, lines = draw.choice(
        (
            ("<table>" + "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in facts) + "</table>", rows),
            ("<table>" + "".join(f"<tr><th>{a}:</th><td>{b}</td></tr>" for a, b in facts) + "</table>", rows),
            ("<dl>" + "".join(f"<dt>{a}</dt><dd>{b}</dd>" for a, b in facts) + "</dl>", labels),
            ("<ul>" + "".join(f"<li>{a}: {b}</li>" for a, b in facts) + "</ul>", rows),
            ("", []),
            ("", []),
        )
    )
    tag = draw.choice(("h2", "h3", "h4"))
    if lines and draw.random() < 0.4:
        return small.article(_paragraphs(says, draw) + markup), [*says, *lines]
    at = draw.choice((0, 0, 1, 1, 2))
    before, after = (_paragraphs(part, draw) for part in (says[:at], says[at:]))
    body = f"{before}<{tag}>{heading}</{tag}>{after}{markup}"
    return small.article(body), [*says[:at], heading, *says[at:], *lines]


def _live(small: _Small) -> tuple[str, list[str]]:
    """Return a lead and entries with the time of each, the latest first."""
    draw, says = small.draw, small.told["says"]
    hour, tag = draw.randint(8, 19), draw.choice(("div", "article", "li", "section"))
    time = draw.choice(("<time>{}</time>", '<span class="time">{}</span>', "<h3>{}</h3>", "<p><b>{}</b></p>"))
    entries, lines = "", []
    for line in [*says[1:], draw.choice(small.words["said"])]:
        clock = f"{hour}:{draw.randint(10, 59)}"
        hour -= 1
        entries += small.named(tag, _ENTRY, time.replace("{}", clock) + f"<p>{_escaped(line)}</p>")
        lines += [clock, line]
    entries = f"<ul>{entries}</ul>" if tag == "li" else entries
    return small.article(f"<p>{_escaped(says[0])}</p>" + small.named("div", _LIVE, entries)), [says[0], *lines]


def _with_comments(small: _Small) -> tuple[str, list[str]]:
    draw, says = small.draw, small.told["says"]
    said = draw.sample(small.words["said"], draw.randint(1, 4))
    tag = draw.choice(("li", "div", "article"))
    items = "".join(
        small.named(tag, ("comment", "comment", "comment-body", ""), _author(small) + f"<p>{_escaped(line)}</p>")
        for line in said
    )
    items = f"<ol>{items}</ol>" if tag == "li" else items
    if draw.random() < 0.7:
        heading = draw.choice(("h2", "h3", "h3", "h4"))
        items = f"<{heading}>{small.words['comments']}</{heading}>" + items
    if draw.random() < 0.5:
        items += f"<form><textarea></textarea><button>{small.words['reply']}</button></form>"
    return small.article(_paragraphs(says, draw)) + small.named(draw.choice(("div", "section")), _COMMENTS, items), says


def _with_teasers(small: _Small) -> tuple[str, list[str]]:
    draw, says = small.draw, small.told["says"]
    title, line = _escaped(small.other["title"]), _escaped(draw.choice(small.other["says"]))
    linked = draw.random() < 0.6
    items = f'<h3><a href="/a">{title}</a></h3><p>{line}</p>' if linked else f"<div><p>{line}</p></div>"
    if draw.random() < 0.5:
        items = f"<h2>{small.words['more']}</h2>{items}"
    return small.article(_paragraphs(says, draw)) + small.named(
        draw.choice(("div", "section", "aside")), _MORE, items
    ), says


def _thread(small: _Small) -> tuple[str, list[str]]:
    draw = small.draw
    said = [small.told["says"][0], *draw.sample(small.words["said"], draw.randint(1, 4))]
    tag, body = draw.choice(("div", "article", "li")), draw.choice(("p", "div"))
    actions = f'<div><a href="#">{small.words["reply"]}</a></div>' if draw.random() < 0.6 else ""
    posts = "".join(
        small.named(tag, _POST, _author(small) + f"<{body}>{_escaped(line)}</{body}>" + actions) for line in said
    )
    posts = f"<ol>{posts}</ol>" if tag == "li" else posts
    form = f"<form><textarea></textarea><button>{small.words['reply']}</button></form>" if draw.random() < 0.5 else ""
    return f"<h1>{escape(small.told['title'])}</h1>" + small.named("div", _THREAD, posts) + form, said


# Pages of each form, for each of the texts of a language.
_FORMS: dict[Callable[[_Small], tuple[str, list[str]]], int] = {
    _brief: 3,
    _alone: 3,
    _with_parts: 2,
    _live: 2,
    _with_comments: 3,
    _with_teasers: 2,
    _thread: 2,
}


def _name(draw: Random) -> str:
    name = "".join(draw.choice("abdegilmnorstu") for _ in range(draw.randint(3, 8)))
    return name.title() if draw.random() < 0.5 else name


def _author(small: _Small) -> str:
    draw, name = small.draw, _name(small.draw)
    if draw.random() < 0.2:
        return ""
    when = f" <span>{draw.randint(1, 28)}.{draw.randint(1, 12)}.{draw.randint(2008, 2025)}</span>"
    markup = draw.choice(("<b>{}</b>", '<a href="/u">{}</a>', '<div class="author">{}</div>', "<cite>{}</cite>"))
    return markup.replace("{}", name) + (when if draw.random() < 0.5 else "")


def _page(form: Callable[[_Small], tuple[str, list[str]]], small: _Small, language: str) -> tuple[str, str]:
    draw, words, style = small.draw, small.words, small.draw.choice(STYLES)
    content, says = form(small)
    main = f"<main>{content}</main>" if style is not TABLES and draw.random() < 0.3 else style.part("main", content)
    if draw.random() < (0.3 if form is _brief else 0.85):
        menu = style.part("header", style.text("logo", words["site"]) + style.links("menu", words["menu"][:5]))
        last = style.text("paragraph", words["footer"][-1])
        foot = style.part("footer", style.links("list", words["footer"][:3]) + last)
        main = menu + main + (foot if draw.random() < 0.9 else "")
    name = draw.choice(("{0}", "{0} | {1}", "{1} - {0}")).format(small.told["title"], words["site"])
    viewport = '<meta name="viewport" content="width=device-width">' if draw.random() < 0.7 else ""
    direction = ' dir="rtl"' if language in RIGHT_TO_LEFT else ""
    head = f'<meta charset="utf-8">{viewport}<title>{escape(name)}</title>'
    body = style.part("page", main)
    html = f'<!DOCTYPE html>\n<html lang="{language}"{direction}><head>{head}</head>\n<body>{body}</body></html>\n'
    return html, "\n".join(says)
