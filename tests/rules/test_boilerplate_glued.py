"""What is glued to the end of a paragraph is cut off, and the paragraph stays."""

from __future__ import annotations

import pytest

import cleaner

PROSE = "The harbour was quiet on Monday, and the ferries stayed at their piers until noon, as they do in winter."
FRENCH = "Le bac est resté à quai lundi jusqu'à midi, comme tous les hivers, et le port était presque vide ce jour-là."


@pytest.mark.parametrize(
    ("prose", "glued", "code"),
    [
        (PROSE, "AFP", "BP115"),
        (FRENCH, "Reuters", "BP115"),
        (PROSE, "Read more: Owls nest in the funnel", "BP108"),
        (FRENCH, "Lire aussi : Des hiboux dans la cheminée", "BP108"),
        (PROSE, 'Read more: "Owls nest in the funnel', "BP108"),
        (PROSE, "Share this article", "BP102"),
        (PROSE, "Advertisement", "BP119"),
    ],
)
def test_glued_cruft_is_cut_and_its_line_stays(prose: str, glued: str, code: str) -> None:
    text = f"{prose}\n{prose}{glued}  \n{prose}\n"
    result = cleaner.clean(text)
    assert [line.rstrip() for line in result.text.split("\n")] == [prose, prose, prose, ""]
    assert code in {step.code for step in result.steps}
    assert cleaner.ledger.undo(result.text, result.steps) == text
    assert cleaner.clean(result.text).text == result.text


@pytest.mark.parametrize(
    "end",
    [
        "said the harbour master.It was the winter of",
        "in the summer, said an officer of the AFP",
        "on his page at www.example.Facebook",
        "by the U.S.AFP",
        "as she wrote: Read more: it is good for you",
        'and one line that they left was "until noon.Read more: Owls nest" which was no text',
        "and one line that they left was “until noon.Read more: Owls nest” which was no text",
    ],
)
def test_text_that_only_looks_glued_stays(end: str) -> None:
    long = "The ferries stayed at their piers until noon, as they do in winter, and nobody was on the pier"
    text = f"{PROSE}\n{long} {end}\n{PROSE}"
    assert cleaner.clean(text).text == text


def test_read_more_in_the_middle_of_an_article_is_a_line_that_goes() -> None:
    result = cleaner.clean(f"{PROSE}\nRead more: Owls nest in the funnel\n{PROSE}")
    assert result.text == f"{PROSE}\n{PROSE}"


def test_author_date_and_section_of_the_text_become_tags_where_the_document_has_none() -> None:
    text = (
        "Home » Coast » The ferry leaves at nine\nThe ferry leaves at nine\n"
        f"Published: 3 March 2024, 14:20\nBy Ann Example\n{PROSE}\n{PROSE}"
    )
    metadata = cleaner.clean(text).metadata
    assert metadata["section"] == "Coast"
    assert metadata["author"] == "Ann Example"
    assert "3 March 2024" in metadata["date"]


def test_section_stands_in_a_trail_whose_headline_is_not_repeated() -> None:
    result = cleaner.clean(f"Startseite > Küste > Die Fähre fährt um neun\n{PROSE}\n{PROSE}")
    assert result.metadata["section"] == "Küste"
