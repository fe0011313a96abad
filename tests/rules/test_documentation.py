"""Licences, changelogs and Markdown of repositories keep their lines; no article is taken for one of them."""

from __future__ import annotations

import time

import pytest

import cleaner
from cleaner.rules.boilerplate import documentation
from cleaner.rules.boilerplate.documentation import is_documentation, is_licence

PROSE = (
    "The mill stands where the brook leaves the wood, and for two hundred years it ground the corn of the village.\n"
    "Nobody remembers who built it, but the beam above the door has a year cut into it, and the letters of a name.\n"
)
LICENCE = """MIT License

Copyright (c) 2019 The Weir Authors

Permission is hereby granted, free of charge, to any person who obtains a copy of this software, to deal in it freely.
"""
CHANGES = (
    "# Changelog\n\n## 1.1.0\n\n- Share\n- Comments\n- Search\n\n## 1.0.0 - 2020-02-02\n\n- Related links\n- Print\n"
)
HANDBOOK = f"# Weir\n\n{PROSE}\n## Comments\n\nLines with `#` are comments.\n\n## See also\n\n* [gates](using/gates)\n"
HOLDERS = "Copyright 2001 A. Miller\nCopyright 2004 B. Sawyer\n© 2009 Weir Society\n"
NEWS = (
    f"NEWS -- what is new\n\n* Changes in 2.1\n\n{PROSE}\n* Changes in 2.0\n\nComments\n\n* Changes in 1.9\n\n"
    "Print\n\nCopyright (C) 2020 A. Miller\n"
)
HEADER = f"..\n    This file is part of weir.\n    Copyright 2010-2025 A. Miller\n\nweir\n####\n\n{PROSE}"
PERMITTED = (
    f"Things to do\n\n{PROSE}\nCopyright (C) 2012-2023 A. Miller\n\nCopying and distribution of this file,\n"
    "with or without modification, are permitted in any medium, provided this notice stays.\n"
)
VERBATIM = (
    f"{PROSE}\nCopyright (C) 1997-2022 A. Miller\n\n  Permission is granted to anyone to make or distribute verbatim\n"
    "  copies of this text as received, in any medium.\n"
)
UNLIMITED = (
    f"{PROSE}\nCopyright (C) 2006 A. Miller\n\nThis text is free: you have unlimited permission to copy,\n"
    "distribute and modify it.\n"
)
DEED = (
    "Attribution 4.0 International\n\nYou are free to:\n\n"
    "Share — copy and redistribute the material in any medium or format.\n"
    "Adapt — remix, transform, and build upon the material for any purpose, even commercially.\n"
    "Attribution — You must give appropriate credit, provide a link to the license, and say what was changed.\n\n"
    "© 2020 Weir Society. Some rights reserved.\n"
)
OLDER_DEED = (
    "Attribution 3.0 Unported\n\nYou are free to Share — to copy, distribute and transmit the work.\n"
    "Attribution — You must attribute the work in the manner specified by the author or licensor.\n"
    "Waiver — Any of the above conditions can be waived if you get permission from the copyright holder.\n\n"
    "© 2011 Weir Society\n"
)
LEGAL_CODE = (
    "Attribution 4.0 International\n\nBy exercising the Licensed Rights (defined below), You accept and agree to be\n"
    f"bound by these terms.\n\n{PROSE}\n© 2020 Weir Society\n"
)
STRUCTURED = f"weir\n====\n\n.. image:: weir.png\n\n{PROSE}\nSee ``gates``.\n\nCopyright 2014 A. Miller.\n"


@pytest.mark.parametrize(
    "text",
    [
        *(LICENCE, PERMITTED, VERBATIM, UNLIMITED, HOLDERS, HEADER),
        *(DEED, OLDER_DEED, LEGAL_CODE),
        *(CHANGES, NEWS, HANDBOOK, STRUCTURED),
    ],
)
def test_documentation_keeps_all_its_lines(text: str) -> None:
    assert cleaner.clean(text).text.split() == text.split()


@pytest.mark.parametrize(
    "footer", ["© 2019 Weir Media", "Leave a Comment", "Related articles\nA new gate\nThe old wheel"]
)
def test_article_still_loses_what_stands_below_it(footer: str) -> None:
    assert cleaner.clean(f"{PROSE}\n{footer}\n").text.split() == PROSE.split()


def test_markdown_article_keeps_a_heading_with_text_below_and_loses_one_with_links_below() -> None:
    text = f"# The mill\n\n{4 * PROSE}\n## Comments\n\n{4 * PROSE}\n## Related articles\n\nA new gate\nThe old wheel\n"
    cleaned = cleaner.clean(text).text
    assert "## Comments" in cleaned
    assert "Related articles" not in cleaned


def test_cookie_notice_goes_from_documentation_too() -> None:
    notice = "We use cookies to improve your experience on our site. By continuing you accept our use of cookies."
    assert notice not in cleaner.clean(f"{HANDBOOK}\n{notice}\n").text


def test_news_of_two_versions_are_a_changelog() -> None:
    rows = ["News", "New in 2.1:", "* gates open", "New in 2.0:", "* wheels turn"]
    assert is_documentation("\n".join(rows), rows)
    assert not is_documentation("\n".join(rows[:3]), rows[:3])


@pytest.mark.parametrize("dates", [("10.15.15", "09.21.15", "08.27.15"), ("13.01.2026", "1.2.2026", "31.12.2025")])
def test_dates_are_no_versions(dates: tuple[str, ...]) -> None:
    assert not is_documentation("\n".join(dates), dates)
    assert is_documentation("2.1.0\n2.0.4\n2.0.3", ["2.1.0", "2.0.4", "2.0.3"])


def test_whole_page_that_quotes_a_licence_is_no_documentation() -> None:
    text = f"{PROSE}The mill's plans are free, under the terms of the GNU Free Documentation License.\n"
    assert is_documentation(text, text.split("\n"))
    assert not is_documentation(text, text.split("\n"), whole_page=True)


def test_article_about_a_licence_is_no_documentation() -> None:
    text = f"{PROSE}The program is under the GNU General Public License, its author said on Monday.\n"
    assert not is_documentation(text, text.split("\n"))


@pytest.mark.parametrize(
    "piece", ["![", "[[", "](", "\n", "#", " ", "-", "`", "- :\n", "copyright ", "1.1", "|-", "<p "]
)
def test_hostile_texts_take_no_time(piece: str) -> None:
    text = "---\n" + piece * (200_000 // len(piece))
    started = time.process_time()
    is_documentation(text, [row for row in text.split("\n") if row])
    assert time.process_time() - started < 2


@pytest.mark.parametrize("sentence", documentation._LICENCE)
def test_each_sentence_of_licences_is_seen_in_capitals_and_with_other_quotation_marks(sentence: str) -> None:
    written = sentence.upper().replace(' "', " “")
    text = f"Café\n{PROSE}\n{written}\n"
    assert is_licence(text, text.split("\n"))
    assert not is_licence(PROSE, PROSE.split("\n"))


@pytest.mark.parametrize("sentence", documentation._QUOTED)
def test_a_sentence_that_articles_quote_tells_a_licence_below_its_title(sentence: str) -> None:
    text = f"MIT License\n{PROSE}\n{sentence}\n"
    assert is_licence(text, text.split("\n"))
    assert not is_licence(text.replace("MIT License", "Café"), text.split("\n")[1:])
