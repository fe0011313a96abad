"""A recipe that a page states for search engines is text, wherever its box stands."""

from __future__ import annotations

import json
import time

import pytest

import cleaner
from cleaner.extract.learned.recipe import stated_lines
from cleaner.extract.page import parse

INGREDIENTS = ["300 g rye flour", "2 dl lukewarm ferry water", "1 pinch of salt", "salt"]
STEPS = [
    "Stir the flour into the water &amp; let it stand by the stove.",
    "Knead the dough until the first ferry sails.\nBake it for forty minutes.",
]
STORY = "".join(
    f"<p>The bread of the ferrymen is baked on the {day}, when the harbour smells of rye and of the tar of the ropes,"
    " and nobody in the town would think of buying another loaf before the week is over.</p>"
    for day in ("first Monday of the month", "second day of May", "last day before the ice")
)


def page(box: str, *, recipe: object = None, after: str = "") -> str:
    stated = recipe or {
        "@type": "Recipe",
        "recipeIngredient": INGREDIENTS,
        "recipeInstructions": [{"@type": "HowToStep", "text": step} for step in STEPS],
    }
    return (
        "<!doctype html><html lang=en><title>The ferrymen's bread</title><meta name=viewport content=1>"
        f"<script type=application/ld+json>{json.dumps(stated)}</script>"
        "<nav><a href=/>Home</a> <a href=/rye>300 g rye flour</a></nav>"
        f"<article><h1>The ferrymen's bread</h1>{STORY}{after}</article>{box}<footer>© The Bakery</footer>"
    )


BOX = (
    "<aside class='related widget sidebar'><h3>The ferrymen's bread</h3><a href=/print>Print</a> <a href=/pin>Pin</a>"
    "<h4>Ingredients</h4><ul>{}</ul><h4>Steps</h4><ol>{}</ol><p>Rate this recipe</p></aside>"
)
SHOWN = BOX.format(
    "".join(f"<li><label><input type=checkbox>{line}</label>" for line in INGREDIENTS),
    "".join(f"<li><div>{line}</div>" for step in STEPS for line in step.split("\n")),
)


def lines(html: str) -> list[str]:
    return cleaner.clean(html).text.split("\n")


def test_the_lines_of_a_stated_recipe_are_text_in_whatever_box() -> None:
    found = [line.lstrip("-0123456789. ") for line in lines(page(SHOWN))]
    for line in ("g rye flour", "dl lukewarm ferry water", "pinch of salt", "salt", "Bake it for forty minutes."):
        assert line in found
    assert "Stir the flour into the water & let it stand by the stove." in found
    assert not {"Rate this recipe", "Print", "Pin", "Home"} & set(found)


def test_the_story_before_it_stays() -> None:
    assert [line for line in lines(page(SHOWN)) if line.startswith("The bread")] == lines(page(""))


def test_a_stated_recipe_that_is_not_shown_adds_nothing() -> None:
    """A link of the menu that says what an ingredient says is no line of a recipe, nor is a list of teasers."""
    teasers = BOX.format("".join(f"<li><a href=/{n}>{line}</a>" for n, line in enumerate(INGREDIENTS)), "")
    assert lines(page(teasers)) == lines(page(""))


def test_an_ingredient_may_be_linked_and_its_amount_in_a_column() -> None:
    box = BOX.format(
        "<li><a href=/rye>Rye flour</a> 300 g<li><span class=a>6</span><span class=b>dl</span> ferry water",
        f"<li>{STEPS[0]}",
    )
    recipe = {
        "@type": "Recipe",
        "recipeIngredient": ["Rye flour 300 g", "6 dl ferry water"],
        "recipeInstructions": STEPS,
    }
    found = " ".join(lines(page(box, recipe=recipe)))
    assert "Rye flour 300 g" in found
    assert "ferry water" in found


def test_microdata_says_the_same() -> None:
    box = BOX.format(
        "".join(f"<li itemprop=recipeIngredient>{line}" for line in INGREDIENTS),
        f"<li itemprop=recipeInstructions>{STEPS[0]}",
    )
    found = lines(page(box, recipe={"@type": "Article"}))
    assert "- 2 dl lukewarm ferry water" in found
    assert "1. Stir the flour into the water & let it stand by the stove." in found


@pytest.mark.parametrize(
    "steps",
    [
        "\n".join(STEPS),
        STEPS,
        [{"@type": "HowToStep", "text": f"<p>{step}</p>"} for step in STEPS],
        [{"@type": "HowToSection", "itemListElement": [{"@type": "HowToStep", "text": step} for step in STEPS]}],
        {"@type": "ItemList", "itemListElement": STEPS},
    ],
)
def test_steps_are_stated_in_many_ways(steps: object) -> None:
    recipe = {"@context": "https://schema.org", "@graph": [{"@type": "Recipe", "recipeInstructions": steps}]}
    found = stated_lines(parse(page("", recipe=recipe)))
    assert "stir the flour into the water let it stand by the stove" in found
    assert "bake it for forty minutes" in found


def test_what_is_no_recipe_states_none() -> None:
    assert stated_lines(parse(page("", recipe={"@type": "Recipe", "recipeIngredient": {"a": [1, None]}}))) == ()
    assert stated_lines(parse(page("", recipe=["recipeIngredient"]))) == ()


def test_very_many_lines_take_no_long_time() -> None:
    recipe = {"@type": "Recipe", "recipeIngredient": [f"{n} sacks of rye from the mill" for n in range(20_000)]}
    html = page("".join(f"<p>{n} sacks of oats from the mill on the hill" for n in range(5_000)), recipe=recipe)
    begin = time.process_time()
    cleaner.clean(html)
    assert time.process_time() - begin < 20


def test_no_more_is_read_than_a_recipe_says() -> None:
    steps = [f"Step {number}: stir the pot and wait for the ferry. " * 50 for number in range(400)]
    stated = stated_lines(parse(page("", recipe={"@type": "Recipe", "recipeInstructions": steps})))
    assert 40_000 < sum(map(len, stated)) <= 50_000


def test_letters_that_fold_to_two_do_not_lift_the_bound() -> None:
    steps = ["\u00df" * 30_000, "stir the pot " * 1_000]
    assert stated_lines(parse(page("", recipe={"@type": "Recipe", "recipeInstructions": steps}))) == ()
