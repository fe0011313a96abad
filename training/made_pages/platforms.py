"""Made-up pages in the markup of well-known software: boards, shops, wikis, blogs, documentation, news, recipes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from html import escape
from pathlib import Path
from random import Random
from typing import NamedTuple

import lxml.html

from .listings import listing, signature
from .sentences import CODE, Sentences

_TEMPLATES = Path(__file__).with_name("platforms")
_LANGUAGES = Path(__file__).with_name("languages")
# Pages of a template, each in another language unless the template names its own.
_PAGES = 5
_REPEATED = re.compile(r"\{\*(\d+)-(\d+)\}((?:(?!\{\*|\{\?\}|\{/\}).)*)\{/\}", re.DOTALL)
_OPTIONAL = re.compile(r"\{\?\}((?:(?!\{\*|\{\?\}|\{/\}).)*)\{/\}", re.DOTALL)
_WORD = re.compile(r"\{(\w+)\}")
_OWN_LANGUAGES = re.compile(r"<!-- languages: ([\w ]+) -->\n")
_DATES = ("May {d}, {y}", "{d} May {y}", "{y}-05-{d}", "{d}.05.{y}", "{d}/05/{y}")


class PlatformPage(NamedTuple):
    """A page, and the text of it without the headline; `platform` is the template."""

    name: str
    platform: str
    html: str
    expected_text: str


def platform_pages() -> Iterator[PlatformPage]:
    """Yield the same pages each time, some of each template.

    In a template `{*2-4}…{/}` stands for two to four of what is inside, `{?}…{/}` for one or none; `{w}`, `{s}`, `{p}`
    and the like are drawn anew each time. An element with `keep` is text of the page.
    """
    languages = sorted(file.stem for file in _LANGUAGES.glob("*.toml"))
    for row, file in enumerate(sorted(_TEMPLATES.glob("*.html"))):
        template = file.read_text(encoding="utf-8")
        own = _OWN_LANGUAGES.match(template)
        chosen = own[1].split() if own else [languages[(row + 5 * k) % len(languages)] for k in range(_PAGES)]
        for number in range(_PAGES):
            language = chosen[number % len(chosen)]
            html, text = _filled(template.replace(own[0] if own else "", ""), language, Random(f"{file.stem} {number}"))
            yield PlatformPage(f"{file.stem}-{language}-{number}", file.stem, html, text)


def _filled(template: str, language: str, draw: Random) -> tuple[str, str]:
    words = tomllib.loads((_LANGUAGES / f"{language}.toml").read_text(encoding="utf-8"))
    said = Sentences(words, draw)
    title = said.sentence(5).rstrip(".。")
    date = draw.choice(_DATES)
    while _REPEATED.search(template) or _OPTIONAL.search(template):
        template = _REPEATED.sub(lambda at: at[3] * draw.randint(int(at[1]), int(at[2])), template)
        template = _OPTIONAL.sub(lambda at: at[1] if draw.random() < 0.5 else "", template)

    def value(name: str) -> str:
        match name:
            case "title":
                return title
            case "site":
                return str(words["site"])
            case "w":
                return said.word()
            case "s":
                return said.sentence(draw.randint(5, 12))
            case "p":
                return said.prose(draw.randint(1, 4))
            case "n":
                return str(draw.randint(2, 59))
            case "name":
                return f"{said.word()} {said.word()}".title()
            case "date":
                return date.format(d=draw.randint(10, 28), y=draw.randint(2006, 2025))
            case "code":
                return draw.choice(CODE)
            case "listing":
                return listing(draw)
            case "signature":
                return signature(draw)
        raise ValueError(f"a template asks for {name!r}, which nothing stands for")

    body = _WORD.sub(lambda at: escape(value(at[1]), quote=False), template)
    head = f'<head><meta charset="utf-8"><title>{escape(title)} - {escape(str(words["site"]))}</title></head>'
    direction = ' dir="rtl"' if language == "ar" else ""
    return _marked(f'<html lang="{language}"{direction}>{head}{body}</html>')


def _marked(html: str) -> tuple[str, str]:
    """Return the page without its marks, and the text of what was marked, a line each."""
    page = lxml.html.document_fromstring(html)
    lines = []
    for element in page.iterfind(".//*[@keep]"):
        del element.attrib["keep"]
        lines.append(" ".join(" ".join(element.itertext()).split()))
    return "<!DOCTYPE html>\n" + str(lxml.html.tostring(page, encoding="unicode")), "\n".join(lines)
