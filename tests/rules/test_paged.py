"""The text of PDFs and scans: what print does to lines is undone where it is proven, and nothing else."""

from __future__ import annotations

import re
import time
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

import cleaner
from cleaner import ledger
from cleaner.cli import main

PAGED = cleaner.Config(select=("PD101", "PD102", "PD103"))

SENTENCES = (
    "The ferry left the harbour at nine in the morning, and nobody on the quay knew when it would come back from the "
    "islands. It carried flour, a piano and eleven letters, of which one was for the keeper of the light. He had not "
    "had any news since spring, when the old boat broke its shaft in the sound and drifted for three days. "
)


def wrapped(text: str, width: int = 64) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return [*lines, line]


def cleaned(text: str, config: cleaner.Config = PAGED) -> str:
    result = cleaner.clean(text, html=False, config=config)
    assert ledger.undo(result.text, result.steps) == text
    assert cleaner.clean(result.text, html=False, config=config).text == result.text
    return result.text


POEM = """The harbour sleeps beneath a shawl of grey and silver mist,
And every mast is pointing at the place the gulls have kissed;
The keeper counts his seven lamps and winds his patient clock,
And no one hears the letter fall that lies beneath the dock."""
UNRHYMED = """the harbour sleeps beneath a shawl
of grey and silver mist, and every mast is pointing
at the place
the gulls have left; the keeper counts his lamps"""
CODE = """for name in sorted(harbours_of_the_northern_islands):
    boats = [boat for boat in name.boats if boat.is_out()]
    print(name, len(boats), sum(boat.tons for boat in boats))
    total = total + sum(boat.tons for boat in boats) - lost"""
ADDRESS = """Northern Islands Ferry Company, Head Office
14 Harbour Street, Third Floor, Old Custom House
Port Ellen, Northern Islands, postcode NI4 7QT"""
TABLE = """Harbour          Boats in spring    Boats in autumn    Tons of herring
Port Ellen       14                 11                 2,340 and a half
Sandvik Bay      9                  8                  1,187 and a half
Old Light        3                  3                  96 and nothing"""
LIST = """- flour for the baker on the hill and for the two schools
- a piano that the priest had ordered from the mainland
- eleven letters, of which one was for the light keeper
- ropes and a brass bell that a smith had cast in winter"""
NUMBERED = """1. Untie the ropes at the stern before those at the bow side.
2. Wait until the bell has rung twice and the gate is down.
3. Leave the harbour at half speed and keep the light astern."""
DIALOGUE = """“Will the boat come back before the winter, do you think so?”
“Nobody knows that, not even the keeper of the northern light.”
“Then I shall wait here on the quay until somebody tells me.”"""
QUOTED = """> The ferry left the harbour at nine in the morning, and
> nobody on the quay knew when it would come back from the
> islands, and it carried flour and a piano to the north."""
HEADERS = """From: The keeper of the light at the old northern harbour
To: The ferry company of the northern islands, head office
Subject: The letter that has not come to me since the spring"""
DASH = "The keeper said-\nand he said it twice and he said nothing else and then he left."
COMPOUND = "A well-known harbour. Everyone who came by the old ferry knew the place as a well-\nknown harbour."
MARKDOWN_RULE = "One thing ends here and is said to be quite enough for today-\n\nAnother begins."
SHORT = "the iron was red-\nhot, the sea blue-\ngreen and the sky grey"
APART = "Nobody on the quay had seen any such rhododendron before, it was red-\n\nhot."
SHORT_APART = "A line that is long enough and ends in prac-\n\nThe sky was blue-\ngreen that day."
CAPITAL = "The ferry of the islands belongs to a house by the name of Ellen-\nBergen, and Ellen rules it."
CHAPTERS = "\n\n".join(
    f"{number}\n\n" + "\n".join(f"This is sentence {n} of chapter {number}." for n in range(20)) for number in (1, 2, 3)
)
DATES = "\n".join(
    f"{year}\nThe harbour froze and no ferry came.\nThe herring stayed away." for year in range(1901, 1920)
)


@pytest.mark.parametrize(
    "text",
    [
        *(
            POEM,
            UNRHYMED,
            CODE,
            ADDRESS,
            TABLE,
            LIST,
            NUMBERED,
            DIALOGUE,
            QUOTED,
            HEADERS,
            DASH,
            COMPOUND,
            SHORT,
            APART,
            SHORT_APART,
        ),
        *(MARKDOWN_RULE, CAPITAL, CHAPTERS, DATES, SENTENCES, "\n".join(SENTENCES.split(". "))),
        *("", "3\n\n4\n\n5", "a-\nb", "12"),
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert cleaned(text) == text


def test_nothing_of_it_runs_unless_asked() -> None:
    text = "\n".join(wrapped(SENTENCES))
    assert not {"PD101", "PD102", "PD103"} & cleaner.Config().codes()
    assert cleaner.clean(text, html=False).text == text
    assert cleaner.Config(extend_select=("PD",)).codes() - cleaner.Config().codes() == {"PD101", "PD102", "PD103"}


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("This is an exam-\nple of what an example can be.", "This is an example\nof what an example can be."),
        ("This is an EXAMPLE, and no exam-\nple, at all.", "This is an EXAMPLE, and no example,\nat all."),
        ("Nobody on the quay had seen any such rhodo-\ndendron before.", None),
        ("Eine lange Zeile mit einem getrennten Wort, das Beispiel: Bei-\nspiel", None),
        (
            "The committee met on Monday and found the prac-\ntices of the har-\nbour office good.",
            "The committee met on Monday and found the practices\nof the harbour\noffice good.",
        ),
        ("In the year of the ferry the harbour office was said to be in-\nteresting.", None),
        ("Ce quai est magni-\nfique. Magnifique, vraiment.", "Ce quai est magnifique.\nMagnifique, vraiment."),
    ],
)
def test_a_hyphenated_word_is_joined(text: str, want: str | None) -> None:
    got = cleaned(text)
    assert got == want if want else "-\n" not in got and "-" not in got


def test_the_parts_tell_that_they_are_words() -> None:
    text = "He saw the hand and made a bag; later on that day he saw another hand-\nbag on the quay."
    assert cleaned(text) == text


@pytest.mark.parametrize("width", [50, 64, 76])
def test_a_wrapped_paragraph_is_one_line(width: int) -> None:
    paragraphs = [SENTENCES.strip(), ("And then " + SENTENCES).strip()]
    text = "\n\n".join("\n".join(wrapped(paragraph, width)) for paragraph in paragraphs)
    assert cleaned(text) == "\n\n".join(paragraphs)


def test_a_hyphen_at_a_line_end_of_a_wrapped_paragraph_takes_no_space() -> None:
    text = (
        "The harbour is a well-known one, and so is the well-\nknown ferry of the islands that comes in the evening\n"
    )
    text += "with flour and letters."
    assert "well-known ferry" in cleaned(text)


def pages(head: str = "", number: str = "{}", breaks: str = "") -> tuple[str, str]:
    """Return a text of eight pages with what print repeats on them, and the text without."""
    lines = wrapped(SENTENCES * 30)[: 8 * 20]
    marked, plain = list[str](), list[str]()
    for page in range(8):
        part = lines[20 * page : 20 * page + 20]
        marked += [*([breaks + head.format(page + 11)] if head else []), *part, number.format(page + 11)]
        plain += part
    return "\n".join(marked), "\n".join(plain)


FURNITURE = cleaner.Config(select=("PD102",))


@pytest.mark.parametrize(
    ("head", "number"),
    [
        ("", "{}"),
        ("", "- {} -"),
        ("", "Page {} of 18"),
        ("", "Seite {}"),
        ("THE OLD BRIDGE", "{}"),
        ("The old bridge · {}", "{}"),
    ],
)
def test_page_numbers_and_heads_go(head: str, number: str) -> None:
    text, want = pages(head, number)
    assert cleaned(text, FURNITURE).strip("\n") == want


@pytest.mark.parametrize("breaks", ["", "\f"])
@pytest.mark.parametrize("head", ["", "THE OLD BRIDGE\n\n"])
def test_a_sentence_that_goes_on_behind_a_page_is_one_and_a_paragraph_that_begins_there_its_own(
    head: str, breaks: str
) -> None:
    """Between pages that programs have written stand blank lines."""
    lines = wrapped(SENTENCES * 30)
    cut = [n for n, line in enumerate(lines) if n > 8 and line[0].islower() and lines[n - 1][-1] not in ".!?"]
    places = [0, *(next(n for n in cut if n >= 20 * page) for page in range(1, 6))]
    parts = ["\n".join(lines[start:end]) for start, end in pairwise(places)]
    parts.append("Another paragraph begins here,\n" + "\n".join(lines[:20]))
    text = f"\n\n{breaks}".join(f"{head}{part}\n\nPage {page}" for page, part in enumerate(parts, 7))
    got = re.sub(r"\n{2,}", "\n\n", cleaned(text, FURNITURE)).strip("\n")
    assert got == "\n".join(parts[:-1]) + f"\n\n{parts[-1]}"


def test_form_feeds_alone_end_pages_too() -> None:
    text = "The ferry left the harbour at nine in the\n\n\fmorning, and nobody knew more.\n\n\fThe second story."
    want = "The ferry left the harbour at nine in the\nmorning, and nobody knew more.\n\nThe second story."
    assert cleaned(text, FURNITURE) == want
    assert cleaned("\fA story.\n\f\n", FURNITURE).strip() == "A story."


@pytest.mark.parametrize(
    ("left", "right", "number_of_pages"),
    [("THE OLD BRIDGE", "THE OLD BRIDGE", 8), ("{}   The Old Bridge", "The Old Bridge   {}", 4)],
)
def test_heads_after_form_feeds_go_without_numbers(left: str, right: str, number_of_pages: int) -> None:
    lines = wrapped(SENTENCES * 30)[: number_of_pages * 20]
    parts = ["\n".join(lines[20 * page : 20 * page + 20]) for page in range(number_of_pages)]
    text = "".join(f"\f{(right if page % 2 else left).format(page)}\n{part}\n" for page, part in enumerate(parts))
    assert cleaned(text, FURNITURE).strip("\n") == "\n".join(parts)


def test_all_three_together_give_the_paragraph_back() -> None:
    text, want = pages("THE OLD BRIDGE", "{}")
    got = cleaned(text, cleaner.Config(extend_select=("PD",), ignore=("BP", "HL")))
    assert got.strip() == " ".join(want.split("\n"))


def test_the_time_is_linear() -> None:
    hostile = [
        "\n".join(f"{n % 10_000}\n" + "x\n" * 8 for n in range(5_000)),
        "ab-\ncd " * 20_000,
        "a b c d e f " * 30_000,
        "x\n" + " " * 400_000,
    ]
    for text in hostile:
        start = time.process_time()
        cleaner.clean(text, html=False, config=PAGED)
        assert time.process_time() - start < 5


def test_check_shows_and_mends_them(tmp_path: Path) -> None:
    path = tmp_path / "scan.txt"
    path.write_text("This is an exam-\nple of what an example can be.\n", encoding="utf-8")
    found = CliRunner().invoke(main, ["check", "--isolated", "--extend-select", "PD", str(path)])
    assert ":1:16: PD101 hyphenated-word: " in found.output
    assert "'exam-' at the end of a line is 'example'" in found.output
    CliRunner().invoke(main, ["check", "--isolated", "--extend-select", "PD", "--fix", str(path)])
    assert path.read_text("utf-8") == "This is an example\nof what an example can be.\n"
