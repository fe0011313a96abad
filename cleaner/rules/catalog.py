"""What there is to know of every code: name, what it finds, why, and when it is wrong."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from typing import Literal, NamedTuple


class Family(NamedTuple):
    """Rules whose codes begin alike: `title` heads them in the reference, `label` is what a report calls their finds.

    `colour` is the class that the style sheet of a report has for them. `leaves_out` says that its rules leave whole
    records out, where others edit them.
    """

    prefix: str
    title: str
    label: str = "others"
    colour: str = "others"
    leaves_out: bool = False


BOILERPLATE = Family("BP", "Boilerplate", "boilerplate", "boilerplate")
LETTERS = Family("MJ", "Letters", "broken letters", "letters")
DUPLICATE = Family("ND", "Duplicates", leaves_out=True)
RENDERING = Family("MD", "Markdown")
OWN = Family("", "Rules of one's own")
INPUT = Family("RD", "Input that cannot be read", leaves_out=True)

Fix = Literal["safe", "unsafe", ""]


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """One code, for people.

    `fix` says what the rule's edits are: safe ones are made by `check --fix` without being asked twice; empty where
    it makes none. `removed` and `kept` are example lines; `found_by` says what of it is listed and
    what is learned; where `default_on` is false, it runs only when selected.
    """

    code: str
    name: str
    family: Family
    summary: str
    fix: Fix = ""
    why: str = ""
    wrong_when: str = ""
    before: str = ""
    after: str = ""
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    found_by: str = ""
    default_on: bool = True


def from_class(rule: type) -> RuleInfo:
    """Read the information off a rule: its class, its docstring with `Why:`, `Before::`, `After::` and `Wrong when`."""
    text = inspect.getdoc(rule) or ""
    summary, _, rest = text.partition("\n")
    before, after = _block(rest, "Before"), _block(rest, "After")
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", rest)]
    why = next((part.removeprefix("Why:").strip() for part in paragraphs if part.startswith("Why:")), "")
    wrong = next((part.removeprefix("Wrong when").strip() for part in paragraphs if part.startswith("Wrong when")), "")
    return RuleInfo(
        rule.code,  # type: ignore[attr-defined]
        rule.name,  # type: ignore[attr-defined]
        getattr(rule, "family", OWN),
        summary.strip(),
        getattr(rule, "fix", ""),
        why,
        wrong,
        before,
        after,
        default_on=getattr(rule, "default_on", True),
    )


def _block(text: str, heading: str) -> str:
    found = re.search(rf"^{heading}(?: (\(.*\)))?::\n\n((?:(?: {{4}}.*)?\n)+)", text + "\n", re.MULTILINE)
    if not found:
        return ""
    where, block = found.groups()
    return (f"{where}\n\n" if where else "") + inspect.cleandoc(block)


# What readers, workers and the pipeline say of input that cannot be read.
_INPUT_CODES = (
    ("RD101", "unreadable-file", "A file cannot be opened or read."),
    ("RD102", "broken-archive", "A .gz or .zst is cut or damaged; what stands before the damage is read."),
    ("RD103", "not-text", "An image, an archive or other binary data stands where a text should."),
    ("RD104", "bad-json", "A line of a JSONL file is no JSON object."),
    ("RD105", "missing-field", "A record has neither the text nor the html field."),
    ("RD106", "wrong-type", "A record's text or html field holds something else than text."),
    ("RD107", "too-large", "A record is over the size limit, `max_record_mb`, 64 unless asked otherwise."),
    ("RD108", "bad-parquet", "A Parquet file is cut or damaged; the row groups before it are read."),
    ("RD109", "bad-warc", "A record of an archive is cut or damaged; those before and behind it are read."),
    ("RD110", "parser-failed", "The HTML parser failed on a page, so no text could be taken out of it."),
    ("RD111", "timed-out", "A record took longer than the time limit, `--timeout-s`."),
    ("RD112", "worker-died", "A record took its worker process with it: a crash, or killed by the system."),
    ("RD113", "out-of-memory", "A record needs more memory than a worker may have."),
    ("RD114", "failed", "A rule failed on a record, which is a mistake in cleaner: please report it."),
    (
        "RD115",
        "bad-csv",
        "A CSV file has another delimiter or no header; a row has more cells than it, or a quotation mark without end.",
    ),
)

# What is decided outside the chain of rules: by the readers, by the near-duplicate stage, and by `check` of files.
OUTSIDE = (
    RuleInfo(
        "MJ107",
        "not-utf8",
        LETTERS,
        "Tell of a file in another encoding than UTF-8, and write it in UTF-8 where unsafe fixes are asked for.",
        "unsafe",
        "Readers of a corpus take its files for UTF-8, and break the letters of one that is not. `check` tells the "
        "likely encoding (the byte order mark, what a page declares, else a detector); `clean` reads all of them, and "
        "writes UTF-8.",
        "the file is meant for a program that wants its encoding; or it is short and nothing declares the encoding: a "
        "detector may take one for another, so look at the difference.",
    ),
    RuleInfo(
        "MD101",
        "markdown",
        RENDERING,
        "Write the text of a page as Markdown, where that was asked for (`--render markdown`).",
        "",
        "Headings, lists, links, emphasis, code and tables of a page are worth keeping for some. The rules and the "
        "search for duplicates see the text plain, so that nothing else changes; the ledger has it plain, too.",
        "a reader of the corpus wants words alone.",
    ),
    RuleInfo(
        "ND101",
        "exact-duplicate",
        DUPLICATE,
        "Drop a text with the same words as an earlier kept one.",
        "",
        "The same article stands at several addresses, and a corpus with copies teaches them by heart.",
        "the copies are wanted, as in a count of how often something was printed.",
    ),
    RuleInfo(
        "ND102",
        "near-duplicate",
        DUPLICATE,
        "Drop a text whose word 5-grams are at least 70 % those of an earlier kept one (Jaccard similarity).",
        "",
        "Reprints differ in a headline, a credit or a dropped paragraph. Candidates come from MinHash; each is then "
        "compared exactly, with a text that is kept.",
        "texts share a form and differ in a few figures (weather reports, stock notices): raise `threshold`.",
    ),
    RuleInfo(
        "ND103",
        "contained-text",
        DUPLICATE,
        "Drop a text of which a given share or more stands in a longer kept one; off unless asked (`contained`).",
        "",
        "A teaser that ends in *read more*, the first state of an article that grew, a wire story to which a paper "
        "added a paragraph: they are not alike enough to be near-duplicates, and say nothing that it does not. "
        "The share is that of its word 5-grams, counted exactly; texts of under 30 words are left alone.",
        "the short form is wanted for itself: summaries, abstracts, poems that a collection holds, too.",
    ),
    RuleInfo(
        "ND104",
        "repeated-passage",
        DUPLICATE,
        "Take a paragraph that several texts have out of all but the first; off unless asked (`passages`).",
        "unsafe",
        "A disclaimer, an author's life, a box on the company or the tail of a press release stands in hundreds of "
        "texts that are otherwise different, and a corpus teaches it by heart. What goes is a run of whole lines with "
        "at least 20 words (25 characters where no spaces are written) that as many kept texts have as `--passages` "
        "says, word for word; a text that would lose more than half stays whole unless asked otherwise.",
        "the passage belongs to each of the texts: a law's preamble, a refrain, the terms of a family of licences.",
    ),
    *(RuleInfo(code, name, INPUT, summary) for code, name, summary in _INPUT_CODES),
    RuleInfo(
        "RD116",
        "http-status",
        INPUT,
        "Leave out an archived answer of another status than 2xx.",
        "",
        "Error pages and redirections are no articles, and a crawl has thousands of them.",
        "the error pages are what is looked for.",
    ),
)

DUPLICATES = frozenset(info.code for info in OUTSIDE if info.family is DUPLICATE and not info.fix)
UNREADABLE = frozenset(code for code, _, _ in _INPUT_CODES)
