"""Texts made up with their versions: teasers, grown and syndicated forms, copies with words changed."""

from __future__ import annotations

import random
from typing import Any

Records = list[dict[str, Any]]


def words(draw: random.Random, count: int) -> list[str]:
    return [f"w{draw.getrandbits(32):x}" for _ in range(count)]


def versions(seed: int, families: int) -> Records:
    """Articles with their teasers, grown and syndicated forms, and forms with more and more words changed, shuffled."""
    draw = random.Random(seed)
    texts = []
    for _ in range(families):
        article = words(draw, draw.randrange(40, 400))
        texts.append(article)
        for kind in draw.choices(["stub", "grown", "syndicated", "edited", "part", "copy"], k=draw.randrange(4)):
            cut = draw.randrange(25, len(article))
            if kind == "stub":
                texts.append([*article[:cut], "read", "more"])
            elif kind == "grown":
                texts.append(article + words(draw, draw.randrange(5, 200)))
            elif kind == "syndicated":
                texts.append([*words(draw, 20), *article[:cut], *words(draw, 30), *article[cut:]])
            elif kind == "part":
                begin = draw.randrange(len(article) - 25)
                texts.append(article[begin : begin + cut])
            else:
                changed = list(article)
                for _ in range(0 if kind == "copy" else draw.randrange(len(article) // 20 + 1)):
                    changed[draw.randrange(len(changed))] = words(draw, 1)[0]
                texts.append(changed + words(draw, draw.choice([0, 0, 10])))
    draw.shuffle(texts)
    return [{"id": f"d{number}", "text": " ".join(text)} for number, text in enumerate(texts)]
