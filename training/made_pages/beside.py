"""Made-up pages in two columns: a short reference beside other prose, and articles whose body is the second column."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from random import Random
from typing import Any, NamedTuple

from .listings import listing, signature
from .small import RIGHT_TO_LEFT, texts
from .styles import STYLES, TABLES

# What names the column that holds a reference, one beside it, and the two parts of an article: of half of the columns
# nothing does, or what says nothing, as there are always names that no page had.
_REFERENCE = ("doc", "reference", "entry", "content", "main-col", "body", "api", "page")
_BESIDE = ("side", "sidebar", "notes", "column-2", "extra", "aside", "box", "col-small")
_HEAD = ("head", "intro", "top", "hero", "article-header", "summary")
_BODY = ("body", "content", "text", "article-body", "main-col", "story")
_SAYS_NOTHING = ("", "", "left", "right", "c{}", "col-{}", "w{}", "css-{}x{}", "panel", "part", "row-{}", "grid-{}")


class BesidePage(NamedTuple):
    """A page, and the text of it without the headline; `form` says what the second column is."""

    name: str
    form: str
    html: str
    expected_text: str


def beside_pages() -> Iterator[BesidePage]:
    """Yield the same pages each time: each form in 26 languages, in markup that is drawn anew for each."""
    for language, words in texts():
        for form, pages in _FORMS.items():
            for number in range(pages):
                name = f"beside-{form.__name__.strip('_')}-{language}-{number}"
                draw = Random(name)
                articles = draw.sample(words["articles"], 2)
                html, text = _page(form, _Columns(words, *articles, draw), language)
                yield BesidePage(name, f"beside-{form.__name__.strip('_')}", html, text)


class _Columns(NamedTuple):
    words: dict[str, Any]
    told: dict[str, Any]
    other: dict[str, Any]
    draw: Random

    def column(self, names: tuple[str, ...], content: str, tags: tuple[str, ...] = ("div", "div", "section")) -> str:
        """Return an element with one of the names as its class or id, or without any."""
        draw = self.draw
        name = draw.choice(names if draw.random() < 0.5 else _SAYS_NOTHING).replace("{}", str(draw.randint(1, 99)))
        tag, attribute = draw.choice(tags), draw.choice(("class", "class", "id"))
        named = f' {attribute}="{name}"' if name else ""
        return f"<{tag}{named}>{content}</{tag}>"

    def paragraphs(self, says: list[str]) -> str:
        """Return some of what is said as one to three paragraphs."""
        size = self.draw.randint(1, 2)
        parts = [" ".join(says[at : at + size]) for at in range(0, len(says), size)]
        return "".join(f"<p>{escape(part, quote=False)}</p>" for part in parts)


def _facts(columns: _Columns) -> tuple[str, list[str]]:
    """Return a list of terms, a table or a list, and its lines."""
    draw = columns.draw
    facts = draw.sample(columns.words["facts"], draw.randint(2, 3))
    rows, labels = [" ".join(fact) for fact in facts], [part for fact in facts for part in fact]
    return draw.choice(
        (
            ("<dl>" + "".join(f"<dt>{a}</dt><dd>{b}</dd>" for a, b in facts) + "</dl>", labels),
            ("<table>" + "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in facts) + "</table>", rows),
            ("<ul>" + "".join(f"<li>{a}: {b}</li>" for a, b in facts) + "</ul>", [f"{a}: {b}" for a, b in facts]),
        )
    )


def _code(columns: _Columns) -> tuple[str, list[str]]:
    code = columns.draw.choice((listing, signature))(columns.draw)
    return f"<pre><code>{escape(code, quote=False)}</code></pre>", [code]


def _reference(columns: _Columns) -> tuple[str, str, list[str]]:
    """Return a short reference and, in a column of its own, prose about something else."""
    draw, heading = columns.draw, columns.words["heading"]
    title = signature(draw).split("(")[0].split("[")[0].split("::")[0].strip("$>< ") + draw.choice(("()", "", ""))
    says = draw.choice([*columns.told["says"], *columns.other["says"]])
    parts = [(f"<p>{escape(says, quote=False)}</p>", [says]), _code(columns)]
    if draw.random() < 0.8:
        markup, lines = _facts(columns)
        parts.append((f"<h2>{heading}</h2>{markup}", [heading, *lines]))
    if draw.random() < 0.4:
        parts.append(_code(columns))
    body = f"<h1>{escape(title)}</h1>" + "".join(markup for markup, _ in parts)
    column = columns.column(_REFERENCE, body, ("div", "div", "main", "article"))
    prose = columns.paragraphs([line for line in columns.told["says"] + columns.other["says"] if line != says][:4])
    beside = columns.column(_BESIDE, prose, ("div", "div", "div", "section", "aside"))
    both = beside + column if draw.random() < 0.2 else column + beside
    return title, both, [line for _, lines in parts for line in lines]


def _headed(columns: _Columns) -> tuple[str, str, list[str]]:
    """Return an article whose headline, first sentence and facts stand in one column, and its body in another."""
    draw, (first, *says) = columns.draw, columns.told["says"]
    title = columns.told["title"]
    markup, lines = _facts(columns) if draw.random() < 0.5 else ("", [])
    head = f"<h1>{escape(title)}</h1><p>{escape(first, quote=False)}</p>{markup}"
    both = columns.column(_HEAD, head, ("div", "header", "section")) + columns.column(_BODY, columns.paragraphs(says))
    return title, both, [first, *lines, *says]


def _explained(columns: _Columns) -> tuple[str, str, list[str]]:
    """Return a headline with code or facts in one column, and in another the prose that explains them."""
    draw, says, title = columns.draw, columns.told["says"], columns.told["title"]
    markup, lines = draw.choice((_code, _facts))(columns)
    head = f"<h1>{escape(title)}</h1>{markup}"
    body, heading = columns.paragraphs(says), columns.words["heading"]
    if draw.random() < 0.5:
        body, says = f"<h2>{heading}</h2>{body}", [heading, *says]
    return title, columns.column(_HEAD, head) + columns.column(_BODY, body), [*lines, *says]


def _article(columns: _Columns) -> tuple[str, str, list[str]]:
    """Return an article and, in a column of its own, one to three sentences of another."""
    draw, (title, says) = columns.draw, (columns.told["title"], columns.told["says"])
    body = "".join(f"<p>{escape(line, quote=False)}</p>" for line in says) if draw.random() < 0.5 else ""
    column = columns.column(_BODY, f"<h1>{escape(title)}</h1>{body or columns.paragraphs(says)}")
    beside = columns.column(_BESIDE, columns.paragraphs(columns.other["says"][: draw.randint(1, 3)]))
    return title, column + beside, says


# Pages of each form in each language.
_FORMS: dict[Callable[[_Columns], tuple[str, str, list[str]]], int] = {
    _reference: 8,
    _article: 6,
    _headed: 4,
    _explained: 4,
}


def _page(form: Callable[[_Columns], tuple[str, str, list[str]]], columns: _Columns, language: str) -> tuple[str, str]:
    draw, words, style = columns.draw, columns.words, columns.draw.choice(STYLES)
    title, main, lines = form(columns)
    if style is TABLES or draw.random() < 0.5:
        main = style.part("main", main)
    menu = style.part("header", style.text("logo", words["site"]) + style.links("menu", words["menu"][:5]))
    foot = style.part("footer", style.links("list", words["footer"][:3]) + style.text("paragraph", words["footer"][-1]))
    name = draw.choice(("{0}", "{0} | {1}", "{1} - {0}")).format(title, words["site"])
    viewport = '<meta name="viewport" content="width=device-width">' if draw.random() < 0.7 else ""
    direction = ' dir="rtl"' if language in RIGHT_TO_LEFT else ""
    head = f'<meta charset="utf-8">{viewport}<title>{escape(name)}</title>'
    body = style.part("page", menu + main + foot)
    html = f'<!DOCTYPE html>\n<html lang="{language}"{direction}><head>{head}</head>\n<body>{body}</body></html>\n'
    return html, "\n".join(lines)
