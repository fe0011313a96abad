"""Tell documentation: a licence, a changelog, or Markdown as it stands in repositories.

What stands around an article is part of the text there: "Comments" heads a section of a handbook, "See also" its last
list, and a licence begins with its copyright line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.rules.boilerplate.case import Case

# What may go from documentation: a sentence that says by itself that it is a page's, such as a cookie notice.
SENTENCES = frozenset({"BP101", "BP106", "BP120", "BP121", "BP123", "BP126"})
MIN_SENTENCE_CHARS = 60
_ATX = re.compile(r"#{1,6} ")
_MARKED = re.compile(r"\s*(?:[-*+>|#`<]|\d+[.)] |\[)")

# Sentences of licences that hardly stand elsewhere, and ones that articles quote: two of these are asked for.
_LICENCE = (
    "permission is hereby granted, free of charge",
    "permission to use, copy, modify",
    "redistribution and use in source and binary forms",
    "redistributions of source code must retain",
    "under the terms of the gnu",
    'the software is provided "as is"',
    "this software is provided by the",
    "this software is provided 'as-is'",
    "this file is part of",
    "licensed under the apache license",
    "without warranties or conditions of any kind",
    "spdx-license-identifier",
    "packaging-manuals/copyright-format",
    "terms and conditions for copying, distribution",
    "terms and conditions for use, reproduction",
    "everyone is permitted to copy and distribute verbatim copies",
    "copying and distribution of this file, with or without modification",
    "permission is granted to anyone to make or distribute verbatim copies",
    "unlimited permission to copy",
    "creative commons corporation is not a law firm",
    "by exercising the licensed rights",
)
_QUOTED = (
    "gnu general public license",
    "gnu lesser general public license",
    "mozilla public license",
    "without any warranty",
    "without warranty of any kind",
    "fitness for a particular purpose",
    "copyright holder",
    "copyright notice",
    "all other trademarks",
    "licensed under the",
    "license agreement",
    "derivative works",
    # The deeds of Creative Commons, 4.0 and 3.0.
    "copy and redistribute the material in any medium or format",
    "transform, and build upon the material",
    "give appropriate credit, provide a link to the licen",
    "restrict others from doing anything the licen",
    "to copy, distribute and transmit the work",
    "in the manner specified by the author or licensor",
    "conditions can be waived if you get permission",
)
# Each of these sentences has one of these words: most texts are told by their absence.
_LICENCE_WORDS = (
    "licen",
    "permission",
    "redistribut",
    "software is",
    "file is part",
    "gnu",
    "warrant",
    "spdx",
    "packaging-",
    "terms and",
    "verbatim",
    "fitness",
    "copyright",
    "trademark",
    "derivative",
    "build upon",
    "transmit",
    "law firm",
)
_TITLE = re.compile(
    r"#* ?(?:the )?(?:(?:mit|isc|bsd|apache|gnu|zlib|boost|mozilla|eclipse|unlicense|creative commons)\b.{0,50}"
    r"licen[cs]e|licen[cs]e|licenza|lizenz|licencia|copying|third.party (?:notices|licen[cs]es).*)\W*"
)
# The least number of different rows that name a holder in a list of holders; a page's footer has fewer.
_HOLDER_MARKS = ("copyright", "(c)", "©")
_HOLDER = re.compile(r"[-*#/; ]*(?:copyright\b|\(c\)|©)", re.IGNORECASE)
MIN_HOLDERS = 3
# A number alone is a rating; a version has two dots, a date, or a word or mark before it.
_VERSION = re.compile(
    r"(?:[#*=\[\s]|v(?:ersion|\.)?|release|changes in|new in){1,12}\d+\.\d[\w.+-]*.{0,60}"
    r"|\d+\.\d[\w.+-]*\]?\W{1,4}(?:unreleased|\d{4}[./-]\d\d?[./-]\d\d?|\d{1,2}[. ]+\w+ \d{4}|\w+ \d{1,2}, \d{4})\W*"
    r"|\d+\.\d+\.\d[\w.+-]*\W*",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"(?:#+\s*)?(?:change\s?logs?|changes|release notes|history|news|what's new|journal des modifications|änderungen|"
    r"historial de cambios|更新日志|変更履歴|журнал изменений)\W*",
    re.IGNORECASE,
)
MIN_VERSIONS, MIN_VERSIONS_UNDER_TITLE = 3, 2
# Three numbers that are a date: with a year in full, or of two digits each.
_DATE = re.compile(r"(?:\d\d?\.\d\d?\.(?:19|20)\d\d|\d\d\.\d\d\.\d\d)\W*")
# An article may quote a sentence of a licence; a page that was saved whole is one with two.
MIN_SENTENCES, MIN_SENTENCES_IN_PAGE = 1, 2

# Markup that a person writes into a document of a repository, and hardly an extractor into an article: what a text must
# hold that has it, and then a look at it.
_MARKUP: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (marks, re.compile(pattern, re.MULTILINE))
    for marks, pattern in (
        (("```", "~~~"), r"^ {0,3}(?:```|~~~)"),
        (("`",), r"`(?<![\w`]`)[^`\n]{1,80}`"),
        (("--",), r"^[ \t]{0,8}\|?[ :]{0,8}-{2,}[ :]{0,8}\|[-| :]*$"),
        (("[ ]", "[x]", "[X]"), r"^[ \t]*[-*] \[[ xX]\] "),
        (("]:",), r"^\[[^\]\n]+\]: *\S"),
        (("![",), r"!\[[^\]\n]{0,200}\]\([^)\n]{0,200}(?:badge|\.svg)|\[!\["),
        (
            ("<",),
            r"^[ \t]*</?(?:p|div|a|img|br|details|summary|table|tr|td|h\d|ul|li|sub|kbd|code|pre|center)\b[^>\n]*>",
        ),
        (("<!--", ":::", "{{", "```{"), r"^<!--|^:::|^\{\{|^```\{"),
        (("::",), r"^[ \t]{0,8}\.\. [\w-]{1,40}::"),
        (("``",), r"``[^`'\n]{1,80}``"),
        (("`_",), r"`[^`\n]{1,200}`__?(?!\w)"),
        (("---\n", "+++\n"), r"\A(?:---|\+\+\+)\n(?:\w[\w-]* ?[:=].*\n|[ \t-].*\n|\n)+?(?:---|\+\+\+)\n"),
    )
)
# What a text must hold that has a link, or a heading.
_LINK_MARKS, _HEADING_MARKS = ("](", "[["), ("#", "---", "===")
# A link to another file of the same tree, or to a place in this one. Three of them are a list of contents.
_NEAR_LINK = re.compile(r"\]\((?:#|\.{0,2}/|[\w-]+(?:/[\w.-]+)*(?:\.mdx?)?(?:#[\w-]*)?\))|\[\[[^\]\n]{1,200}\]\]")
MANY_LINKS = 3
_HEADING = re.compile(r"^#{1,6} +\S.*$|^\S.{0,80}\n(?:=|-){3,}[ \t]*$", re.MULTILINE)
_LIST_ITEM = re.compile(r"^[ \t]*(?:[-*+]|\d+\.) ", re.MULTILINE)
# A handbook has a heading every few lines; an article, a few.
MIN_HEADINGS, MAX_CHARS_A_HEADING = 2, 350
MIN_SIGNS, MIN_SIGNS_IN_MARKDOWN = 2, 1


def spare_documentation(case: Case) -> None:
    """Put back what is part of a text that is documentation, and headings with text of their own below them."""
    if not (case.taken or case.cuts):
        return
    lines, rows = case.page.lines, case.page.texts
    headings = [_ATX.match(lines[number]) is not None for number in case.page.numbers]
    text, judged = "\n".join(lines), rows
    if case.whole_page:  # its menus and its footer have copyright lines and numbers enough
        judged = [each for row, each in enumerate(rows) if row not in case.taken]
        text = "\n".join(judged)
    markdown = headings.count(True) >= MIN_HEADINGS
    if is_documentation(text, judged, markdown=markdown, whole_page=case.whole_page):
        case.cuts.clear()
        for row, verdict in list(case.taken.items()):
            if not (verdict.sure and verdict.code in SENTENCES and _is_sentence(lines[case.page.numbers[row]])):
                del case.taken[row]
        return
    for row in range(len(rows) - 2, -1, -1):
        if headings[row] and row in case.taken and row + 1 not in case.taken and not headings[row + 1]:
            del case.taken[row]


def _is_sentence(line: str) -> bool:
    return len(line) >= MIN_SENTENCE_CHARS and not _MARKED.match(line)


def is_documentation(text: str, rows: Sequence[str], *, markdown: bool = False, whole_page: bool = False) -> bool:
    """Return whether a text is a licence, a changelog, or Markdown of a repository.

    `rows` are its lines without the blank ones. Where the text is surely `markdown`, one sign of such is enough.
    """
    if _signs(text) >= (MIN_SIGNS_IN_MARKDOWN if markdown else MIN_SIGNS):
        return True
    sentences = MIN_SENTENCES_IN_PAGE if whole_page else MIN_SENTENCES
    return is_licence(text, rows, sentences) or is_changelog(rows)


def is_licence(text: str, rows: Sequence[str], sentences: int = MIN_SENTENCES) -> bool:
    """Return whether a text is a licence, has some sentences of one, or lists the holders of rights."""
    lowered = text.lower()
    if _has(lowered, _HOLDER_MARKS) and len(_holders(rows)) >= MIN_HOLDERS:
        return True
    if not any(word in lowered for word in _LICENCE_WORDS):
        return False
    lowered = " ".join(lowered.replace("“", '"').replace("”", '"').split())
    if sum(sentence in lowered for sentence in _LICENCE) >= sentences:
        return True
    quoted = sum(sentence in lowered for sentence in _QUOTED)
    return quoted >= 3 or (quoted >= 1 and any(_TITLE.fullmatch(row.lower()) for row in rows[:3]))


def _holders(rows: Sequence[str]) -> set[str]:
    return {row for row in rows if len(row) <= 200 and _HOLDER.match(row)}


def is_changelog(rows: Sequence[str]) -> bool:
    """Return whether the rows list what changed from version to version."""
    versions = sum(len(row) <= 120 and "." in row and _is_version(row) for row in rows)
    titled = any(len(row) <= 60 and _CHANGES.fullmatch(row) for row in rows[:3])
    return versions >= (MIN_VERSIONS_UNDER_TITLE if titled else MIN_VERSIONS)


def _is_version(row: str) -> bool:
    return _VERSION.fullmatch(row) is not None and _DATE.fullmatch(row) is None


def _signs(text: str) -> int:
    """Count the kinds of markup in a text that repositories have."""
    headings = len(_HEADING.findall(text)) if _has(text, _HEADING_MARKS) else 0
    links = len(_NEAR_LINK.findall(text)) if _has(text, _LINK_MARKS) else 0
    signs = (links > 0) + (links >= MANY_LINKS)
    signs += sum(_has(text, marks) and pattern.search(text) is not None for marks, pattern in _MARKUP)
    if headings >= MIN_HEADINGS and len(text) <= MAX_CHARS_A_HEADING * headings:
        signs += 1 + (_LIST_ITEM.search(text) is not None)
    return signs


def _has(text: str, marks: Sequence[str]) -> bool:
    return any(mark in text for mark in marks)
