"""HTML to text: the main text of a page, its headline and what is known of it."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.document import Document, Step
from cleaner.extract.frame import narrow
from cleaner.extract.metadata import metadata_of
from cleaner.extract.page import Element, is_of_today, parse
from cleaner.folding import letters
from cleaner.rules.headlines import TitleInText

if TYPE_CHECKING:
    from cleaner.extract.block import Block, Page
    from cleaner.extract.learned.explain import Explained
    from cleaner.extract.learned.page_facts import PageFacts

# jusText, the extractor's second opinion, takes time with the square of a page's blocks: two seconds at 2,500,
# ten minutes at 60,000. The largest of 960 labelled pages has 1,900.
_MOST_BLOCKS = 5_000
# Below that share of the frame's prose the narrowed page has lost text, and the whole page is read again.
_TRUSTED_SHARE = 0.7


class ExtractionError(ValueError):
    """A page could not be read at all: the parser or the extractor gave up on its markup. The cause is chained."""


class TextBlocks(NamedTuple):
    """The blocks of a page, and those of them that are its text, in order; the text is `plain` of these."""

    page: Page
    kept: tuple[Block, ...]

    def markdown(self, text: str, steps: Sequence[Step], *, url: str | None) -> str:
        """Return what the rules left of the text as Markdown; `steps` made `text` of it."""
        from cleaner.extract.left import left
        from cleaner.extract.markdown import render

        return render(self.page, left(self.page, self.kept, text, steps), url=url)


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a page says: its main text ("" where it has none), and its metadata where they could be told.

    `title` is the headline, without the site's name where that can be told. `date` is
    YYYY-MM-DD. `author` names several with "; " between them. `language` and `canonical` are as the page states them.
    """

    text: str
    title: str | None = None
    author: str | None = None
    date: str | None = None
    sitename: str | None = None
    url: str | None = None
    language: str | None = None
    canonical: str | None = None
    blocks: tuple[Explained, ...] = ()
    text_blocks: TextBlocks | None = field(default=None, compare=False, repr=False)


def extract(html: str, *, url: str | None = None, extractor: str = "learned", blocks: bool = False) -> Extracted:
    """Return the main text and the metadata of a page; `extractor` is `learned` or `trafilatura`.

    `blocks` asks the learned extractor to say of each block why it was kept or left out.

    Comments of readers are left out. The result depends on the page and its url alone, never on
    what was extracted before nor on the day. A page without main text, or one whose markup
    is no HTML, gives the text "".

    A title that stands in the text, too, is given on pages of today's markup; pages of the years of
    layout tables state none apart from the text, so there the text keeps its headline and
    `title` is None (as annotators of such pages do; see benchmarks/NOTES.md).

    Raises `ExtractionError` where the parser or the extractor fails on the markup.
    """
    _quiet()
    # The parsers below have no common base: lxml's errors, RecursionError on deep markup, ValueError, AssertionError.
    try:
        tree = parse(html, with_methods=extractor != "learned")
        if tree is None:
            return Extracted("", url=url)
        known = metadata_of(tree, url=url)
        recent = is_of_today(tree)
        why: tuple[Explained, ...] = ()
        found: TextBlocks | None = None
        if extractor == "learned":
            read = _read(tree)
            del tree  # to free it later, when it is in none of the processor's caches, takes twice the time
            text, found, why = _learned_text(*read, blocks)
        else:
            text = _main_text(tree, html, url)
        title = known.title
        if title and not recent and _stands_in(text, title):
            title = None
    except MemoryError:  # the page is not at fault, and the worker says what is
        raise
    except Exception as error:
        raise ExtractionError(f"the page's markup could not be read: {type(error).__name__}: {error}") from error
    return Extracted(
        text=text,
        title=title,
        author=known.author,
        date=known.date,
        sitename=known.sitename,
        url=known.url,
        language=known.language,
        canonical=known.canonical,
        blocks=why,
        text_blocks=found,
    )


def _read(tree: Element) -> tuple[Page, PageFacts, Element]:
    """Return all that is needed of a page's tree: its blocks, what it says of itself, and its scripts."""
    from cleaner.extract.embedded import scripts_of
    from cleaner.extract.learned.page_facts import read_page

    return *read_page(tree), scripts_of(tree)


def _learned_text(
    page: Page, about: PageFacts, scripts: Element, blocks: bool
) -> tuple[str, TextBlocks, tuple[Explained, ...]]:
    """Return the blocks that the model takes for text, as plain text; and what it says of each, where asked."""
    from cleaner.extract.embedded import embedded_page
    from cleaner.extract.learned import explain_blocks, text_blocks
    from cleaner.extract.plain import plain
    from cleaner.extract.walk import read_blocks

    kept = tuple(text_blocks(page, about))
    if not kept and (embedded := embedded_page(scripts)) is not None:
        hidden = read_blocks(embedded)
        if found := tuple(text_blocks(hidden, about)):
            page, kept = hidden, found
    return plain(page, kept), TextBlocks(page, kept), explain_blocks(page, about) if blocks else ()


def _main_text(tree: Element, html: str, url: str | None) -> str:
    """Return the text of the page's frame, or of the whole page where that says clearly more."""
    from trafilatura.xpaths import BODY_XPATH

    frame = narrow(tree)
    # Where no element bears a name that the extractor knows, it takes loose paragraphs and loses headings and lists.
    if frame.element is not None and not any(named(tree) for named in BODY_XPATH):
        frame.element.tag = "div"
        frame.element.set("class", "article-content")
    text = _text_of(tree, url)
    if len(text) < _TRUSTED_SHARE * frame.prose and (whole := parse(html, with_methods=True)) is not None:
        text = max(text, _text_of(whole, url), key=len)
    # Where a page has no text of its own, the extractor gives its menu.
    return "" if frame.prose == 0 and _is_only_labels(text, tree) else text


def _is_only_labels(text: str, tree: Element) -> bool:
    """Say whether each line is the label of a link or a button, or meant for a browser without scripts."""
    labels = {letters(label.text_content()) for label in tree.iter("a", "button", "label", "option", "noscript")}
    return all(letters(line) in labels for line in text.split("\n") if not line.isspace())


def _text_of(tree: Element, url: str | None) -> str:
    import trafilatura

    blocks = sum(1 for _ in tree.iter("p", "div", "li", "td", "dd", "br"))
    found = trafilatura.bare_extraction(tree, url=url, include_comments=False, fast=blocks > _MOST_BLOCKS)
    return tidy(getattr(found, "text", None) or "")


def tidy(text: str) -> str:
    r"""Return the text without what rendering table cells leaves: empty rows, and bars around a lone cell.

    >>> tidy("| | |\n| Café opens | |\n| 1 | 2 |")
    'Café opens\n| 1 | 2 |'
    """
    if "|" not in text:
        return text.strip("\n")
    return "\n".join(row for line in text.split("\n") if (row := _tidy_row(line)) is not None).strip("\n")


def _tidy_row(line: str) -> str | None:
    stripped = line.strip()
    if not (stripped.startswith("|") and stripped.endswith("|")):
        return line
    cells = [cell for cell in re.split(r"(?<!\\)\|", stripped) if cell and not cell.isspace()]
    if not cells:
        return None
    return cells[0].strip().replace("\\|", "|") if len(cells) == 1 else line


def _stands_in(text: str, title: str) -> bool:
    return next(iter(TitleInText()(Document("", text, title=title))), None) is not None


def _quiet() -> None:
    """Return the extractors' loggers a handler, so that Python does not print their warnings for want of one.

    A host that configures logging still sees them; nothing of its configuration is touched.
    """
    for name in ("trafilatura", "htmldate", "courlan", "justext", "readability"):
        logger: Any = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
