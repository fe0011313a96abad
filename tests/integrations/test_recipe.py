"""The recipe in the README for any HTTP client, run as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from integrations.site_of_pages import PAGES, STORIES, served, unlike

README = Path(__file__).parents[2] / "README.md"


def test_the_recipe_yields_what_is_new_and_is_at_most_ten_lines(tmp_path: Path) -> None:
    pytest.importorskip("httpx")
    found = re.search(r"<!-- recipe -->\n```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    assert len(found[1].split("\n")) <= 10 + 1
    names: dict[str, Any] = {}
    exec(found[1], names)
    with served() as address:
        urls = [f"{address}/{number}.html" for number in range(PAGES)]
        items = list(names["new_articles"](urls, tmp_path / "pages.index"))
        assert unlike(items) == STORIES
        assert len(items) == len(STORIES)
        assert list(names["new_articles"](urls[:20], tmp_path / "pages.index")) == []
