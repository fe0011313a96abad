"""Texts made up with passages that several of them have."""

from __future__ import annotations

import random

from versions_of_texts import Records

VOCABULARY = [f"{start}{end}" for start in "bdfgklmnprst" for end in ("ara", "olin", "umeta", "ivo", "esk", "ondar")]


def sentence(draw: random.Random, count: int) -> str:
    return " ".join(draw.choices(VOCABULARY, k=count)).capitalize() + "."


def planted(seed: int, texts: int, count: int) -> Records:
    """Texts with passages of one to four lines in two to nine of them; some lose most, some are then like another."""
    draw = random.Random(seed)
    parts = [[sentence(draw, draw.randrange(3, 60)) for _ in range(draw.randrange(4, 14))] for _ in range(texts)]
    for _ in range(count):
        passage = [sentence(draw, draw.choice([5, 12, 25, 40])) for _ in range(draw.randrange(1, 5))]
        for number in draw.sample(range(texts), draw.randrange(2, 10)):
            place = draw.randrange(len(parts[number]) + 1)
            parts[number][place:place] = passage
    notice = sentence(draw, 90)
    for _ in range(6):
        body = sentence(draw, 110)
        parts += [[body, notice], [body], [f"{body} {sentence(draw, 5)}", notice]]
    parts += [[sentence(draw, 30), notice], [sentence(draw, 200), notice]]
    draw.shuffle(parts)
    return [{"id": f"{number:05}", "text": "\n\n".join(part)} for number, part in enumerate(parts)]
