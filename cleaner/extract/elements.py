"""How elements stand on a page: in a line, in lines of their own, or not at all.

Source: the style sheet that the HTML standard suggests to browsers (section 15, "Rendering").
"""

# ruff: noqa: SIM905 (lists of names read better as text)

from __future__ import annotations

import functools
import re
from typing import Final

# What holds no text of the page, or only for programs that cannot show it.
SKIPPED: Final = frozenset(
    "script style template svg iframe textarea select option optgroup head title object embed canvas map datalist "
    "audio video applet rp rt rtc meta link base param source track col colgroup input wbr progress meter".split()
)
INLINE: Final = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd mark nobr output picture q ruby rb s "
    "samp slot small span strike strong sub sup time tt u var math br".split()
)
BLOCK: Final = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li listing main menu nav noframes noscript ol p pre search "
    "section summary table tbody td tfoot th thead tr ul xmp".split()
)
HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
LISTING: Final = frozenset({"pre", "listing", "xmp"})
# Shown to nobody, or to those whose browser runs no scripts.
UNSEEN: Final = frozenset({"noscript", "noframes"})

# Attributes in which templates name the parts of a page, as testers, editors and search engines see them.
NAMING: Final = frozenset(
    "data-testid data-test data-test-id data-component data-component-name data-type data-module data-block data-name "
    "data-qa data-role data-area itemprop role".split()
)
# Those and what the items of lists are numbered by.
TELLING: Final = NAMING | {"start", "reversed", "type", "value"}

MARKS: Final = {
    "a": "link",
    "b": "strong",
    "strong": "strong",
    "em": "emphasis",
    "i": "emphasis",
    "cite": "emphasis",
    "dfn": "emphasis",
    "var": "emphasis",
    "code": "code",
    "kbd": "code",
    "samp": "code",
    "tt": "code",
    "del": "deleted",
    "s": "deleted",
    "strike": "deleted",
}

# A style that takes an element off the page, or says how it stands.
HIDING: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# The classes by which frameworks hide text from all but screen readers, alone or with a prefix of their own; modules of
# CSS put a component's name before a class, and a key behind it.
_FOR_SCREEN_READERS: Final = re.compile(
    r"(?:^|[\s_-])(?<!\bnot-)(?<!\bno-)(?<!\bun-)(?:sr-?only|visually-?hidden|hidden-?visually|element-invisible"
    r"|screen-?reader-?(?:text|only)|screenreader|assistive-text|a11y-(?:hidden|text))(?:[\s_]|$)",
    re.IGNORECASE,
)
# Containers in which spans of different classes that touch are columns, and not parts of a word.
OF_COLUMNS: Final = frozenset("div td th header footer section article aside main nav form address figure".split())


@functools.lru_cache(maxsize=20_000)
def is_for_screen_readers(names: str) -> bool:
    """Tell whether one of these classes hides what is written for screen readers."""
    return _FOR_SCREEN_READERS.search(names) is not None
