"""Made-up pages that are nothing but a notice: a consent wall, a paywall, an empty basket and the like."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from html import escape
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from .styles import STYLES, Style

_LANGUAGES = Path(__file__).with_name("languages")
_NOTICES = Path(__file__).with_name("notices")
_DRAWS = 2  # pages of each notice
# What stands around a notice, "{}": overlays, walls, boxes in the middle of the page, or nothing.
_BOXES = (
    "{}",
    "<main>{}</main>",
    '<div class="container"><div class="row">{}</div></div>',
    '<div class="modal"><div class="modal-content">{}</div></div>',
    '<div role="dialog" aria-modal="true">{}</div>',
    '<div class="overlay"><div class="box">{}</div></div>',
    '<section class="hero">{}</section>',
    '<div id="wall"><div class="inner">{}</div></div>',
    '<div class="css-1k2j3h"><div class="css-9x8y7z">{}</div></div>',
    '<table width="600" align="center"><tr><td>{}</td></tr></table>',
    '<article class="page"><div class="entry-content">{}</div></article>',
    "<center>{}</center>",
)
_TITLES = ("<h1>{}</h1>", "<h1>{}</h1>", "<h2>{}</h2>", '<div class="title">{}</div>', "<p><strong>{}</strong></p>", "")
_BUTTONS = (
    "<button>{}</button>",
    '<a class="btn" href="#">{}</a>',
    '<p><a href="/go">{}</a></p>',
    '<input type="submit" value="{}">',
    '<div role="button">{}</div>',
)


class Notice(NamedTuple):
    """A page; `kind` says what it tells, `text` is what should come out of it, "" where it is the notice alone."""

    name: str
    kind: str
    html: str
    text: str


def made_notices() -> Iterator[Notice]:
    """Yield the same pages each time, in every language: each notice alone, some over an article; short texts as these.

    So it is what they say that tells them apart, not the markup.
    """
    for file in sorted(_NOTICES.glob("*.toml")):
        notices = tomllib.loads(file.read_text(encoding="utf-8"))
        words = tomllib.loads((_LANGUAGES / file.name).read_text(encoding="utf-8"))
        for kind, told in notices.items():
            for number, notice in enumerate(told * _DRAWS):
                name = f"notice-{kind}-{file.stem}-{number}"
                draw = Random(name)
                yield Notice(name, kind, _page(notice, words, draw, file.stem, ""), "")
        for number, kind in enumerate(("consent", "cookies", "paywall", "login")):
            name = f"over-{kind}-{file.stem}"
            told_too = words[("brief", "announcement", "about_error", "brief")[number]]
            said = list(told_too["says"])
            body = f"<h1>{escape(told_too['title'])}</h1>" + "".join(f"<p>{escape(line)}</p>" for line in said)
            html = _page(notices[kind][-1], words, Random(name), file.stem, f"<article>{body}</article>")
            yield Notice(name, "over", html, "\n".join(said))
        for kind in ("brief", "announcement", "about_error", "login_help"):
            for number in range(_DRAWS):
                name = f"short-{kind}-{file.stem}-{number}"
                told_too = words[kind] | {"says": [*words[kind]["says"], *words[kind].get("steps", ())], "buttons": []}
                html = _page(told_too, words, Random(name), file.stem, "")
                yield Notice(name, "short", html, "\n".join(told_too["says"]))


def _page(notice: dict[str, Any], words: dict[str, Any], draw: Random, language: str, article: str) -> str:
    """Return the page of a notice; an article stands before it or after it."""
    style = draw.choice(STYLES)
    box = draw.choice(_BOXES).replace("{}", _body(notice, style, draw))
    main = draw.choice((box + article, article + box))
    if article or draw.random() < 0.5:
        menu = style.links("menu", words["menu"][: draw.randint(3, 8)])
        foot = style.links("list", words["footer"][:4]) + style.text("paragraph", words["footer"][4])
        main = style.part("header", style.text("logo", words["site"]) + menu) + main + style.part("footer", foot)
    elif draw.random() < 0.5:
        main += style.links("footer", words["footer"][:3])
    name = draw.choice((notice["title"], f"{notice['title']} | {words['site']}", words["site"]))
    head = f'<meta charset="utf-8"><title>{escape(name)}</title>{_head(words, draw)}'
    direction = ' dir="rtl"' if language == "ar" else ""
    return f'<!DOCTYPE html>\n<html lang="{language}"{direction}><head>{head}</head>\n<body>{main}</body></html>\n'


def _head(words: dict[str, Any], draw: Random) -> str:
    """Return what templates state in the head of each of their pages, whatever it holds."""
    site, said = escape(words["site"]), escape(draw.choice(words["headlines"]))
    stated = (
        '<meta name="viewport" content="width=device-width">',
        f'<meta property="og:site_name" content="{site}"><meta property="og:title" content="{said}">',
        '<meta property="og:type" content="article">',
        f'<meta name="description" content="{said}">',
        '<meta name="robots" content="noindex">',
    )
    return "".join(part for part in stated if draw.random() < 0.5)


def _body(notice: dict[str, Any], style: Style, draw: Random) -> str:
    title = draw.choice(_TITLES).replace("{}", escape(notice["title"]))
    said = [escape(line, quote=False) for line in notice["says"]]
    shape = draw.randrange(4)
    if shape == 0:
        text = f"<p>{' '.join(said)}</p>"
    elif shape == 1:
        text = f"<div>{'<br><br>'.join(said)}</div>"
    else:
        text = "".join(style.part("paragraph", line) for line in said)
    fields = "".join(
        f'<label>{escape(label)} <input type="{"password" if number == 1 else "text"}"></label>'
        for number, label in enumerate(notice.get("fields", ()))
    )
    button = draw.choice(_BUTTONS)
    buttons = "".join(button.replace("{}", escape(label)) for label in notice["buttons"])
    form = f"<form>{fields}{buttons}</form>" if fields else buttons
    return title + text + form
