"""Comments below an article go as a whole; a forum, whose posts are the content, stays."""

from __future__ import annotations

import cleaner

ARTICLE = (
    "The café on the corner opened again on Monday after two years of work, and the whole street came. There were "
    "cakes and music, the mayor cut a ribbon, and nobody went home before midnight.\n"
    "For two years the house had stood empty. The new owners took out the old floor, found a well beneath it, and had "
    "to begin again; the permit alone took seven months, as they told everybody who asked.\n"
    "Now the kitchen is where the stage was, and the stage is in the yard. On Fridays there will be music, on Sundays "
    "breakfast until three, and on all other days the coffee that the street had missed so much.\n"
)


def test_comments_below_an_article_go_to_the_end() -> None:
    comments = "3 Comments\nAnn says:\nI was there.\nBob says:\nThe well is the best of it.\nAnn says:\nSee you!\n"
    assert cleaner.clean(ARTICLE + comments).text == ARTICLE


def test_posts_with_scores_are_the_content_of_a_forum() -> None:
    posts = "".join(
        f"Re: The well (Score: {score})\nby Ann Example on Monday May 6, 2024 @10:2{score}\n"
        f"A well of that depth is not built for one house, I have seen {score} of them.\n"
        for score in range(5)
    )
    cleaned = cleaner.clean(f"{ARTICLE}5 Comments\n{posts}").text
    assert cleaned.count("A well of that depth") == 5


def test_posts_of_a_forum_stay_where_a_heading_of_comments_stands_between_them() -> None:
    post = "{name} · 20/07/2021 11:1{minute}\nThe well beneath my house is as deep, and nobody who built it is left.\n"
    first = "".join(post.format(name=name, minute=at) for at, name in enumerate(("anna", "bert", "carla", "dora")))
    opening = f"Who knows how deep these wells are?\n{ARTICLE}"
    last = "".join(post.format(name=name, minute=5 + at) for at, name in enumerate(("emil", "fritz", "gerda", "hanna")))
    cleaned = cleaner.clean(f"anna · 20/07/2021 11:01\n{opening}{first}Post a comment\n{last}").text
    assert cleaned.count("The well beneath my house") == 8


def test_posts_many_times_as_long_as_what_stands_above_them_are_what_the_page_is_about() -> None:
    post = "Ann says:\n" + "The well beneath my house is as deep, and nobody who built it is left to tell. " * 9 + "\n"
    assert cleaner.clean(ARTICLE + "9 Comments\n" + post * 9).text == ARTICLE
    assert cleaner.clean(ARTICLE + "29 Comments\n" + post * 29).text.count("The well beneath") == 29 * 9


def test_posts_above_the_beginning_of_a_thread_are_no_article() -> None:
    long = "The well beneath my house is as deep, and nobody who built it is left to tell.\n" * 18
    first = "Ann says:\nI was there.\nBob says:\nSo was I.\n" * 5 + "Ann says:\n" + long
    last = "4 Comments\n" + "Carla says:\nThe stage was better, and so were the chairs around it.\n" * 4
    opening = ARTICLE[:400].strip() + "\n"
    cleaned = cleaner.clean(opening + first + last).text
    assert cleaned.count("The stage was better") == 4
