"""What there is to know of every code: name, what it finds, why, and when it is wrong."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """One code, for people. `removed` and `kept` are example lines; `off` says that it runs only when selected."""

    code: str
    name: str
    summary: str
    why: str = ""
    wrong_when: str = ""
    before: str = ""
    after: str = ""
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    default_on: bool = True


def from_class(rule: type) -> RuleInfo:
    """Read the information off a rule's docstring: its first line, `Why:`, `Before::`, `After::`, `Wrong when`."""
    return from_docstring(rule.code, rule.name, inspect.getdoc(rule) or "")  # type: ignore[attr-defined]


def from_docstring(code: str, name: str, text: str) -> RuleInfo:
    """Read the information off a text laid out as a rule's docstring."""
    summary, _, rest = text.partition("\n")
    before, after = _block(rest, "Before"), _block(rest, "After")
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", rest)]
    why = next((part.removeprefix("Why:").strip() for part in paragraphs if part.startswith("Why:")), "")
    wrong = next((part.removeprefix("Wrong when").strip() for part in paragraphs if part.startswith("Wrong when")), "")
    return RuleInfo(code, name, summary.strip(), why, wrong, before, after)


def _block(text: str, heading: str) -> str:
    found = re.search(rf"^{heading}(?: (\(.*\)))?::\n\n((?:(?: {{4}}.*)?\n)+)", text + "\n", re.MULTILINE)
    if not found:
        return ""
    where, block = found.groups()
    return (f"{where}\n\n" if where else "") + inspect.cleandoc(block)


# What the near-duplicate stage finds.
DUPLICATES = frozenset({"ND101", "ND102"})

# What is decided outside the chain of rules: by the readers and by the near-duplicate stage.
OUTSIDE = (
    RuleInfo(
        "ND101",
        "exact-duplicate",
        "Drop a text with the same words as an earlier kept one.",
        "The same article stands at several addresses, and a corpus with copies teaches them by heart.",
        "the copies are wanted, as in a count of how often something was printed.",
    ),
    RuleInfo(
        "ND102",
        "near-duplicate",
        "Drop a text whose word 5-grams are at least 70 % those of an earlier kept one (Jaccard similarity).",
        "Reprints differ in a headline, a credit or a dropped paragraph. Candidates come from MinHash; each is then "
        "compared exactly, with a text that is kept.",
        "texts share a form and differ in a few figures (weather reports, stock notices): raise `threshold`.",
    ),
    RuleInfo("RD101", "unreadable-file", "A file cannot be opened or read."),
    RuleInfo("RD102", "broken-archive", "A .gz or .zst is cut or damaged; what stands before the damage is read."),
    RuleInfo("RD103", "not-text", "An image, an archive or other binary data stands where a text should."),
    RuleInfo("RD104", "bad-json", "A line of a JSONL file is no JSON object."),
    RuleInfo("RD105", "missing-field", "A record has neither the text nor the html field."),
    RuleInfo("RD106", "wrong-type", "A record's text or html field holds something else than text."),
    RuleInfo("RD107", "too-large", "A record is over the size limit, `max_record_mb`, 64 unless asked otherwise."),
    RuleInfo("RD108", "bad-parquet", "A Parquet file is cut or damaged; the row groups before it are read."),
    RuleInfo("RD109", "bad-warc", "A WARC file is cut or damaged; the responses before it are read."),
    RuleInfo("RD110", "parser-failed", "The HTML parser failed on a page, so no text could be taken out of it."),
    RuleInfo("RD111", "timed-out", "A record took longer than the time limit, `--timeout-s`."),
    RuleInfo("RD112", "worker-died", "A record took its worker process with it: a crash, or killed by the system."),
    RuleInfo("RD113", "out-of-memory", "A record needs more memory than a worker may have."),
    RuleInfo("RD114", "failed", "A rule failed on a record, which is a mistake in cleaner: please report it."),
)

# The codes for what cannot be read.
UNREADABLE = frozenset(info.code for info in OUTSIDE if info.code.startswith("RD"))
