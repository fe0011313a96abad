"""A page in two columns: prose beside a short reference is none of its text, and an article's body may be a column."""

from __future__ import annotations

import pytest

from cleaner import clean

# A reference, and the lines of its text.
REFERENCES = {
    "en": (
        "connect()",
        "<p>Opens the valve.</p><pre><code>connect(port)\nconnect(port, slow=True)</code></pre><h2>Arguments</h2>"
        "<dl><dt>port</dt><dd>Number of the pipe.</dd><dt>slow</dt><dd>Open over ten seconds.</dd></dl>",
        "Opens the valve.\nconnect(port)\nconnect(port, slow=True)\nArguments\nport\nNumber of the pipe.\nslow\n"
        "Open over ten seconds.",
    ),
    "fr": (
        "lever()",
        "<p>Lève le pont.</p><pre><code>lever(pont)</code></pre><h2>Paramètres</h2><dl><dt>pont</dt>"
        "<dd>Le numéro du pont.</dd></dl><pre><code>lever(3)</code></pre>",
        "Lève le pont.\nlever(pont)\nParamètres\npont\nLe numéro du pont.\nlever(3)",
    ),
    "ru": (
        "signal()",
        "<p>Включает лампу.</p><pre><code>signal(level)</code></pre><h2>Параметры</h2><dl><dt>level</dt>"
        "<dd>Высота в метрах.</dd></dl>",
        "Включает лампу.\nsignal(level)\nПараметры\nlevel\nВысота в метрах.",
    ),
}
PROSE = {
    "en": (
        "The bakery on Mill Lane will close on Sundays from October, its owner said on Tuesday. She has baked there "
        "since the year of the two winters, and her sons work in the city now.",
        "The council voted against a second bridge. Eleven members said that the first had never been paid for, and "
        "the mayor asked them to think again before the spring.",
    ),
    "fr": (
        "La boulangerie de la rue du Moulin fermera le dimanche à partir d'octobre, a dit mardi sa propriétaire. Elle "
        "y fait le pain depuis l'année des deux hivers, et ses fils travaillent à la ville.",
        "Le conseil a voté contre un second pont. Onze membres ont dit que le premier n'avait jamais été payé, et la "
        "maire leur a demandé d'y réfléchir avant le printemps.",
    ),
    "ru": (
        "Пекарня на Мельничной улице с октября не будет работать по воскресеньям, сказала во вторник хозяйка. Она "
        "печёт там с года двух зим, а её сыновья работают теперь в городе.",
        "Совет проголосовал против второго моста. Одиннадцать членов сказали, что первый так и не был оплачен, и мэр "
        "попросила их подумать ещё раз до весны.",
    ),
}
# Headlines, what stands under them in the first column, and its lines.
STORIES = (
    ("en", "A new roof for the ferry house", "<p>Harbour office, Olm</p>"),
    ("en", "How the valve works", "<p>Three parts and a spring.</p><pre><code>open(valve)</code></pre>"),
    ("fr", "Un toit neuf", "<p>Les travaux commencent.</p>"),
)


def page(language: str, title: str, columns: str) -> str:
    """Give a page with a menu and a footer around two columns."""
    menu = "<header><nav><ul><li><a href='/'>Home</a></li><li><a href='/n'>News</a></li></ul></nav></header>"
    foot = "<footer><p>Olm Courier, Quay Street 4</p><p><a href='/imprint'>Imprint</a></p></footer>"
    head = (
        f"<head><meta charset='utf-8'><meta name='viewport' content='width=device-width'><title>{title}</title></head>"
    )
    return f"<!DOCTYPE html><html lang='{language}'>{head}<body>{menu}{columns}{foot}</body></html>"


def paragraphs(language: str) -> str:
    """Give prose in a language as markup."""
    return "".join(f"<p>{line}</p>" for line in PROSE[language])


# Of 42 pages like these, written before anything was learned from columns, 34 come out right (benchmarks/NOTES.md): not
# all of those whose columns have no names, or whose language has few labelled pages.
COLUMNS = {
    "en": ("div class='info-column'", "div class='rail'", "aside class='marginalia'"),
    "fr": ("aside class='marginalia'",),
    "ru": ("div class='info-column'", "div class='rail'", "aside class='marginalia'"),
}


@pytest.mark.parametrize(("language", "column"), [(name, column) for name in COLUMNS for column in COLUMNS[name]])
def test_prose_beside_a_reference_is_left(language: str, column: str) -> None:
    title, markup, expected = REFERENCES[language]
    beside = f"<{column}>{paragraphs(language)}</{column.split()[0]}>"
    text = clean(page(language, title, f"<div class='manual'><h1>{title}</h1>{markup}</div>{beside}")).text
    assert text.split("\n") == expected.split("\n")


@pytest.mark.parametrize("names", [("header-block", "text-block"), ("column-left", "column-main"), ("", "")])
@pytest.mark.parametrize(("language", "title", "head"), STORIES)
def test_a_second_column_may_be_the_body(language: str, title: str, head: str, names: tuple[str, str]) -> None:
    first, second = (f"<div class='{name}'>" if name else "<div>" for name in names)
    columns = f"{first}<h1>{title}</h1>{head}</div>{second}{paragraphs(language)}</div>"
    text = clean(page(language, title, columns)).text
    assert all(line in text for line in PROSE[language])
