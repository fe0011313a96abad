"""HTML elements out of values. Whatever is not an element already is text, and is escaped: nobody can forget to."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from typing import Final

from cleaner.inert import inert

# Characters that no HTML file may hold, beside those that are a command to a terminal, too.
_FORBIDDEN: Final = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")

_EMPTY: Final = frozenset({"meta", "input", "br"})


class Html(str):
    """Markup that is finished; any other text is escaped where it is put into an element."""

    __slots__ = ()


Child = str | int | float | None


def element(name: str, /, *children: Child, **attributes: str | int | float | bool | None) -> Html:
    """Return an element. `None` is nothing; `class_` and `aria_label` are written without and with a hyphen.

    >>> element("p", "2 < 3", class_="note")
    '<p class="note">2 &lt; 3</p>'
    """
    parts = [f"<{name}"]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        key = key.rstrip("_").replace("_", "-")
        parts.append(f" {key}" if value is True else f' {key}="{text(value)}"')
    parts.append(">")
    if name not in _EMPTY:
        parts.append(joined(*children))
        parts.append(f"</{name}>")
    return Html("".join(parts))


def joined(*children: Child) -> Html:
    """Return the children one after the other."""
    return Html("".join(child if isinstance(child, Html) else text(child) for child in children if child is not None))


def text(value: Child) -> Html:
    r"""Return a value as text: escaped, and without what no HTML file may hold or what turns the direction of others.

    >>> print(text("a\x00 & <b>"))
    a\x00 &amp; &lt;b&gt;
    """
    return Html(html.escape(_FORBIDDEN.sub("\ufffd", inert(str(value), keep="\n\t"))))


def document(title: str, style: str, *body: Child) -> Html:
    """Return a whole page. Its policy allows this style sheet, by its hash, and nothing else whatever."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        Html(f"<style>{style}</style>"),
    )
    return Html(f"<!doctype html>\n{element('html', head, element('body', *body), lang='en')}\n")
