"""Made-up pages without main text, and pages that look like them and have a short one.

`python -m training.made_pages` measures an installed cleaner on them. Every word was made up for this
project. Nineteen kinds of pages without text (a portal, a login wall, a 404 …) and five with one (a brief, a
poem, an article on the error 404 …), in twelve languages and six styles of markup each.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from .styles import STYLES, TABLES, Style
from .templates import WITH_TEXT, WITHOUT_TEXT, Words, expected

LANGUAGES = Path(__file__).with_name("languages")
# Pages that a server sends without the site's menus around them, as many servers do.
_ALONE = frozenset({"captcha", "cookies", "script", "redirect", "parked", "maintenance", "age", "broken"})


class MadePage(NamedTuple):
    """A page and the text that should come out of it; `kind` names its template, `style` its markup."""

    name: str
    kind: str
    style: str
    language: str
    html: str
    expected_text: str


def made_pages() -> Iterator[MadePage]:
    """Yield each kind in each language, the same pages in the same order each time.

    Each kind meets each style twice. `expected_text` is "" for a page without text; elsewhere it is the
    text without the headline, one line a paragraph, step or verse.
    """
    files = sorted(LANGUAGES.glob("*.toml"))
    for row, kind in enumerate([*WITHOUT_TEXT, *WITH_TEXT]):
        for column, file in enumerate(files):
            words = tomllib.loads(file.read_text(encoding="utf-8"))
            style = STYLES[(row + column) % len(STYLES)]
            html = _page(kind, words, style, file.stem)
            text = expected(words, kind) if kind in WITH_TEXT else ""
            yield MadePage(f"{kind}-{file.stem}-{style.name}", kind, style.name, file.stem, html, text)


def _page(kind: str, words: Words, style: Style, language: str) -> str:
    random = Random(f"{kind} {language}")  # a text as seed gives the same numbers in each process
    title, main = (WITHOUT_TEXT | WITH_TEXT)[kind](words, style, random)
    if kind not in _ALONE or random.random() < 0.3:
        main = _chrome(main, words, style, random)
    elif style is TABLES:
        main = style.part("main", main)
    name = random.choice(["{0}", "{0} | {1}", "{1} - {0}"]).format(title, words["site"])
    direction = ' dir="rtl"' if language == "ar" else ""
    viewport = "" if style.name in ("tables", "bare") else '<meta name="viewport" content="width=device-width">'
    head = f'<meta charset="utf-8">{viewport}<title>{name}</title>'
    body = style.part("page", main)
    return f'<!DOCTYPE html>\n<html lang="{language}"{direction}><head>{head}</head>\n<body>{body}</body></html>\n'


def _chrome(main: str, words: Words, style: Style, random: Random) -> str:
    """Return the main part with the site's header, menu, sidebar and footer around it."""
    menu = style.links("menu", words["menu"][: random.randint(5, 8)])
    parts = [style.part("header", style.text("logo", words["site"]) + menu), style.part("main", main)]
    if random.random() < 0.6:
        read = style.links("list", random.sample(words["headlines"], random.randint(3, 6)))
        parts.append(style.part("sidebar", style.text("heading", words["sidebar"]) + read))
    parts.append(
        style.part("footer", style.links("list", words["footer"][:4]) + style.text("paragraph", words["footer"][4]))
    )
    return "\n".join(parts)
