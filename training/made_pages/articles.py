"""Made-up articles whose form misleads: short paragraphs beside a legal notice, a table last, a form around them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from .sentences import CODE, Sentences

_LANGUAGES = Path(__file__).with_name("languages")
_PAGES = 39  # a language: three of each form


class MadeArticle(NamedTuple):
    """A page, and the text of it without the headline; `form` is what may mislead in it."""

    name: str
    form: str
    html: str
    expected_text: str


class _Part(NamedTuple):
    markup: str
    text: str


def made_articles() -> Iterator[MadeArticle]:
    """Yield the same pages each time: every form in every language, in markup that is drawn anew for each."""
    for file in sorted(_LANGUAGES.glob("*.toml")):
        words = tomllib.loads(file.read_text(encoding="utf-8"))
        for number in range(_PAGES):
            form = _FORMS[number % len(_FORMS)]
            draw = Random(f"{file.stem} {number}")
            writer = _Writer(words, draw)
            parts = form(writer)
            body = writer.page(parts, form)
            html = (
                f'<!DOCTYPE html><html lang="{file.stem}"><head><meta charset="utf-8">{writer.viewport()}'
                f"<title>{escape(writer.title)}</title></head><body>{body}</body></html>"
            )
            text = "\n".join(part.text for part in parts)
            yield MadeArticle(f"{form.__name__.strip('_')}-{file.stem}-{number}", form.__name__.strip("_"), html, text)


class _Writer(Sentences):
    """Draws sentences from the words of a language, and markup from what templates use."""

    def __init__(self, words: dict[str, Any], draw: Random) -> None:
        super().__init__(words, draw)
        self.words = words
        self.title = self.sentence(5).rstrip(".。")

    def paragraph(self, sentences: int) -> _Part:
        text = self.prose(sentences)
        return _Part(f"<p>{text}</p>", text)

    def short(self) -> _Part:
        text = self.sentence(self.draw.randint(6, 10))
        return _Part(f"<p>{text}</p>", text)

    def heading(self) -> _Part:
        text = self.sentence(3).rstrip(".。")
        tag = self.draw.choice(("h2", "h3"))
        return _Part(f"<{tag}>{text}</{tag}>", text)

    def items(self) -> _Part:
        texts = [self.sentence(self.draw.randint(2, 6)).rstrip(".。") for _ in range(self.draw.randint(2, 5))]
        tag = self.draw.choice(("ul", "ol"))
        return _Part(f"<{tag}>{''.join(f'<li>{text}</li>' for text in texts)}</{tag}>", "\n".join(texts))

    def table(self) -> _Part:
        rows = [
            [self.sentence(1).rstrip(".。"), f"{self.draw.randint(1, 23)}.{self.draw.randint(10, 59)}"]
            for _ in range(self.draw.randint(2, 6))
        ]
        head = [self.sentence(1).rstrip(".。"), self.sentence(2).rstrip(".。")]
        markup = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
        top = f"<tr>{''.join(f'<th>{cell}</th>' for cell in head)}</tr>"
        return _Part(f"<table>{top}{markup}</table>", "\n".join(" ".join(row) for row in [head, *rows]))

    def quotation(self) -> _Part:
        text = self.prose(1)
        return _Part(f"<blockquote><p>{text}</p></blockquote>", text)

    def loose(self) -> _Part:
        text = self.prose(self.draw.randint(1, 3))
        tag = self.draw.choice(("div", "section"))
        return _Part(f"<{tag}>{text}</{tag}>", text)

    def code(self) -> _Part:
        text = self.draw.choice(CODE)
        return _Part(f"<pre><code>{text}</code></pre>", text)

    def viewport(self) -> str:
        return '<meta name="viewport" content="width=device-width">' if self.draw.random() < 0.8 else ""

    def page(self, parts: list[_Part], form: Callable[[_Writer], list[_Part]]) -> str:
        """Return the parts in a template, with what stands around an article."""
        draw = self.draw
        content = self._content([part.markup for part in parts], form)
        if form in _ALONE:
            words = f"<nav>{draw.choice(self.pool)} | {draw.choice(self.pool)}</nav>"
            menu = draw.choice(("", "", words, self._menu("nav")))
            foot = draw.choice(("", "", f"<footer><p>{self.words['site']}</p></footer>"))
            return menu + content + foot
        before = [f"<header{self._names('header', 'top', 'site-header')}>{self._menu('nav')}</header>"]
        if form is _bare or draw.random() < 0.4:
            about = f"<p>{self.prose(2)}</p><p>{self.prose(3)}</p>"
            before.append(f"<header{self._names('site', 'intro', 'brand')}><div>{about}</div></header>")
        after = []
        if draw.random() < 0.5 or form is _short_paragraphs:
            tag = draw.choice(("div", "section", "aside"))
            after.append(
                f"<{tag}{self._names('b', 'legal', 'terms', 'note')}><p>{self.prose(draw.randint(3, 6))}</p></{tag}>"
            )
        if draw.random() < 0.5:
            after.append(self._related())
        if draw.random() < 0.4:
            said = "".join(f"<li><b>{self.draw.choice(self.pool)}</b><p>{self.prose(1)}</p></li>" for _ in range(4))
            after.append(f"<section{self._names('comments', 'discussion', 'replies')}><ol>{said}</ol></section>")
        after.append(
            f"<footer{self._names('footer', 'site-footer')}><p>{self.words['site']}</p>{self._menu('div')}</footer>"
        )
        return "\n".join([*before, content, *after])

    def _content(self, markup: list[str], form: Callable[[_Writer], list[_Part]]) -> str:
        draw, headline = self.draw, f"<h1>{escape(self.title)}</h1>"
        if form is _two_containers:
            half = len(markup) // 2
            parts = ("".join(markup[:half]), "".join(markup[half:]))
            inner = headline + "".join(
                f"<div{self._names('part', 'text-block', 'block')}>{part}</div>" for part in parts
            )
        elif form is _in_a_form:
            button = f"<button>{draw.choice(self.pool)}</button>"
            inner = f"<form{self._names('buy', 'order')}>{headline}{''.join(markup)}{button}</form>"
        elif form is _in_an_aside:
            inner = f"{headline}<aside{self._names('story', 'body')}>{''.join(markup)}</aside>"
        elif form in _ALONE and draw.random() < 0.5:
            inner = "".join(markup)
        else:
            inner = headline + "".join(markup)
        shape = draw.choice(
            ("<main><article>{}</article></main>", "<main>{}</main>", "<div{n}>{}</div>", "<article>{}</article>")
        )
        if form is _bare or (form in _ALONE and draw.random() < 0.4):
            shape = "{}"
        return shape.replace("{n}", self._names("content", "page", "post", "x1f")).replace("{}", inner)

    def _related(self) -> str:
        links = "".join(f'<li><a href="/{n}">{self.sentence(6)}</a></li>' for n in range(self.draw.randint(3, 6)))
        tag = self.draw.choice(("aside", "div", "section"))
        return (
            f"<{tag}{self._names('related', 'more', 'teasers')}><h3>{self.words['more']}</h3><ul>{links}</ul></{tag}>"
        )

    def _menu(self, tag: str) -> str:
        labels = self.words["menu" if tag == "nav" else "footer"]
        items = "".join(f'<li><a href="/{n}">{escape(str(label))}</a></li>' for n, label in enumerate(labels[:4]))
        return f"<{tag}><ul>{items}</ul></{tag}>"

    def _names(self, *names: str) -> str:
        return f' class="{self.draw.choice(names)}"' if self.draw.random() < 0.7 else ""


def _short_paragraphs(writer: _Writer) -> list[_Part]:
    return [writer.short() for _ in range(writer.draw.randint(4, 8))]


def _table_at_the_end(writer: _Writer) -> list[_Part]:
    return [*(writer.paragraph(3) for _ in range(3)), writer.table()]


def _lead_in_a_div(writer: _Writer) -> list[_Part]:
    return [writer.loose(), *(writer.paragraph(2) for _ in range(3)), writer.loose()]


def _two_containers(writer: _Writer) -> list[_Part]:
    return [writer.paragraph(writer.draw.randint(1, 3)) for _ in range(6)]


def _in_a_form(writer: _Writer) -> list[_Part]:
    return [writer.paragraph(1), writer.paragraph(2)]


def _in_an_aside(writer: _Writer) -> list[_Part]:
    return [writer.paragraph(2) for _ in range(4)]


def _lists_and_headings(writer: _Writer) -> list[_Part]:
    return [writer.paragraph(1), writer.heading(), writer.items(), writer.heading(), writer.items(), writer.short()]


def _short_page(writer: _Writer) -> list[_Part]:
    return [writer.short(), writer.short(), writer.heading(), writer.items()]


def _documentation(writer: _Writer) -> list[_Part]:
    return [writer.short(), writer.code(), writer.short(), writer.heading(), writer.code(), writer.short()]


def _bare(writer: _Writer) -> list[_Part]:
    return [
        writer.paragraph(2),
        writer.heading(),
        writer.paragraph(2),
        writer.items(),
        writer.quotation(),
        writer.paragraph(1),
    ]


def _one_paragraph(writer: _Writer) -> list[_Part]:
    make = writer.draw.choice((writer.paragraph, writer.paragraph, lambda _: writer.loose()))
    return [make(writer.draw.randint(1, 3))]


def _two_or_three(writer: _Writer) -> list[_Part]:
    return [writer.paragraph(writer.draw.randint(1, 3)) for _ in range(writer.draw.randint(2, 3))]


def _plain(writer: _Writer) -> list[_Part]:
    return [writer.paragraph(writer.draw.randint(1, 4)) for _ in range(writer.draw.randint(4, 9))]


# Pages with hardly anything around their text, as old servers, exports and tests have them.
_ALONE = (_one_paragraph, _two_or_three, _plain)
_FORMS = (
    _short_paragraphs,
    _table_at_the_end,
    _lead_in_a_div,
    _two_containers,
    _in_a_form,
    _in_an_aside,
    _lists_and_headings,
    _short_page,
    _documentation,
    _bare,
    *_ALONE,
)
