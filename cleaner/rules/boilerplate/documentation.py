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
# Each of these sentences has one of these words, which stand here in ASCII: most texts are told by their absence.
_LICENCE_WORDS = (
    b"licen",
    b"permission",
    b"distribut",
    b"software is",
    b"file is part",
    b"gnu",
    b"warrant",
    b"copyright",
    b"reproduction",
    b"fitness",
    b"trademar",  # not with its k, for the sign of kelvin is one, too, in lower case
    b"derivative",
    b"build upon",
    b"commons",
)


def _plain_words(sentence: str) -> list[bytes]:
    """Return the words that a text in ASCII has where it has the sentence; k may be the sign of kelvin there."""
    return [word.encode() for word in sentence.split() if not {*word} & {'"', "k"}]


# The sentences by the first of these words that they have, each with its words.
_SENTENCES: dict[bytes, list[tuple[str, list[bytes]]]] = {}
for _sentence in (*_LICENCE, *_QUOTED):
    _first = next(word for word in _LICENCE_WORDS if word.decode() in _sentence)
    _SENTENCES.setdefault(_first, []).append((_sentence, _plain_words(_sentence)))
_TITLE = re.compile(
    r"#* ?(?:the )?(?:(?:mit|isc|bsd|apache|gnu|zlib|boost|mozilla|eclipse|unlicense|creative commons)\b.{0,50}"
    r"licen[cs]e|licen[cs]e|licenza|lizenz|licencia|copying|third.party (?:notices|licen[cs]es).*)\W*"
)
# The least number of different rows that name a holder in a list of holders; a page's footer has fewer.
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

# Markup that a person writes into a document of a repository, and hardly an extractor into an article: signs of which a
# text must hold one that has it, what it must hold besides, and then a look at it.
_MARKUP: tuple[tuple[frozenset[str], tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (frozenset(signs), marks, re.compile(pattern, re.MULTILINE))
    for signs, marks, pattern in (
        ("`~", ("```", "~~~"), r"^ {0,3}(?:```|~~~)"),
        ("`", ("`",), r"`(?<![\w`]`)[^`\n]{1,80}`"),
        ("|", ("--",), r"^[ \t]{0,8}\|?[ :]{0,8}-{2,}[ :]{0,8}\|[-| :]*$"),
        ("[", ("[ ]", "[x]", "[X]"), r"^[ \t]*[-*] \[[ xX]\] "),
        ("[", ("]:",), r"^\[[^\]\n]+\]: *\S"),
        ("[", ("[",), r"!\[[^\]\n]{0,200}\]\([^)\n]{0,200}(?:badge|\.svg)|\[!\["),
        (
            "<",
            ("<",),
            r"^[ \t]*</?(?:p|div|a|img|br|details|summary|table|tr|td|h\d|ul|li|sub|kbd|code|pre|center)\b[^>\n]*>",
        ),
        (("<", "::", "{", "`"), ("<!--", ":::", "{{", "```{"), r"^<!--|^:::|^\{\{|^```\{"),
        (("::",), ("::",), r"^[ \t]{0,8}\.\. [\w-]{1,40}::"),
        ("`", ("``",), r"``[^`'\n]{1,80}``"),
        ("`", ("`_",), r"`[^`\n]{1,200}`__?(?!\w)"),
    )
)
_SIGNS = tuple(sorted(frozenset[str]().union(*(signs for signs, _, _ in _MARKUP))))
_FRONT_MATTER = re.compile(r"(?:---|\+\+\+)\n(?:\w[\w-]* ?[:=].*\n|[ \t-].*\n|\n)+?(?:---|\+\+\+)\n")
_FRONT = ("---\n", "+++\n")
# What a text must hold that has a link, or a heading below its first line.
_LINK_MARKS, _HEADING_MARKS = ("](", "[["), ("\n#", "\n---", "\n===")
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
    headings = [lines[number][:1] == "#" and _ATX.match(lines[number]) is not None for number in case.page.numbers]
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
    plain = text.encode("ascii", "ignore").lower()
    if ("©" in text or b"copyright" in plain or b"(c)" in plain) and len(_holders(rows)) >= MIN_HOLDERS:
        return True
    likely = [
        sentence
        for word, its in _SENTENCES.items()
        if word in plain
        for sentence, words in its
        if all(each in plain for each in words)
    ]
    if not likely:
        return False
    lowered = " ".join(text.lower().replace("“", '"').replace("”", '"').split())
    found = [sentence for sentence in likely if sentence in lowered]
    quoted = sum(sentence in _QUOTED for sentence in found)
    if len(found) - quoted >= sentences or quoted >= 3:
        return True
    return quoted >= 1 and any(_TITLE.fullmatch(row.lower()) for row in rows[:3])


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
    present = [sign for sign in _SIGNS if sign in text]
    headings = len(_HEADING.findall(text)) if text[:1] == "#" or _has(text, _HEADING_MARKS) else 0
    links = len(_NEAR_LINK.findall(text)) if "[" in present and _has(text, _LINK_MARKS) else 0
    count = (links > 0) + (links >= MANY_LINKS)
    count += text.startswith(_FRONT) and _FRONT_MATTER.match(text) is not None
    for signs, marks, pattern in _MARKUP if present else ():
        if not signs.isdisjoint(present) and _has(text, marks):
            count += pattern.search(text) is not None
    if headings >= MIN_HEADINGS and len(text) <= MAX_CHARS_A_HEADING * headings:
        count += 1 + (_LIST_ITEM.search(text) is not None)
    return count


def _has(text: str, marks: Sequence[str]) -> bool:
    # Most are told by their last sign, which takes a tenth of the time. A generator for `any` takes as long as both.
    for mark in marks:  # noqa: SIM110
        if mark[-1] in text and mark in text:
            return True
    return False
