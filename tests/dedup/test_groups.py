"""`--groups`: each kept text with those that went for it; and the largest of them in the report."""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from running import lines
from versions_of_texts import versions

from cleaner.cli import main
from cleaner.report.page.group import picture


def clean(folder: Path, rows: list[dict[str, Any]], *options: str) -> str:
    (folder / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    command = ["clean", str(folder / "in.jsonl"), "-o", str(folder / "c.jsonl"), "--select", "ND", "--workers", "1"]
    done = CliRunner().invoke(main, [*command, "--groups", str(folder / "groups.jsonl"), *options])
    assert done.exit_code == 0, done.stderr
    return done.stderr


@pytest.mark.parametrize("options", [(), ("--contained", "0.9"), ("--keep", "longest")])
def test_the_groups_are_the_pairs_by_their_kept_text(options: tuple[str, ...], tmp_path: Path) -> None:
    told = clean(tmp_path, versions(21, 80), *options, "--duplicates", str(tmp_path / "pairs.jsonl"))
    assert "each kept text with those that went for it" in told
    expected = defaultdict(list)
    for pair in lines(tmp_path / "pairs.jsonl"):
        expected[pair["duplicate_of"]].append({key: pair[key] for key in ("id", "code", "similarity")})
    found = lines(tmp_path / "groups.jsonl")
    assert {group["id"]: group["removed"] for group in found} == expected
    kept = [row["id"] for row in lines(tmp_path / "c.jsonl")]
    assert [group["id"] for group in found] == [id for id in kept if id in expected]


def test_texts_of_an_index_have_their_groups_behind_those_of_the_run(tmp_path: Path) -> None:
    rows = versions(22, 30)
    (tmp_path / "a").mkdir()
    clean(tmp_path / "a", rows[:20], "--index", str(tmp_path / "corpus.index"))
    clean(tmp_path, rows[20:], "--index", str(tmp_path / "corpus.index"))
    found = lines(tmp_path / "groups.jsonl")
    inside = [group["id"] in {row["id"] for row in lines(tmp_path / "c.jsonl")} for group in found]
    assert sorted(inside, reverse=True) == inside
    assert [group.get("index") for group in found] == [
        None if one else str(tmp_path / "corpus.index") for one in inside
    ]
    assert not all(inside)
    assert any(inside)


def test_the_report_draws_the_largest_group(tmp_path: Path) -> None:
    text = " ".join(f"word{number}" for number in range(60))
    rows = [{"id": f"<{number}>", "text": f"{text} {number}"} for number in range(7)]
    rows += [{"id": "x", "text": text.upper() + " 0"}, {"id": "other", "text": "Nothing of this stands there."}]
    clean(tmp_path, rows, "--report", str(tmp_path / "report.html"))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "The largest group" in page
    assert page.count('r="5.5" class="duplicate"') == 6
    assert page.count('r="5.5" class="exact"') == 1
    assert "<title>x: ND101, 100.0%</title>" in page
    assert "<title>&lt;3&gt;: ND102, 96.5%</title>" in page
    assert "<td>&lt;3&gt;</td><td>ND102</td><td>96.5%</td>" in page
    clean(tmp_path, rows, "--report", str(tmp_path / "report.json"))
    group = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["duplicates"]["group"]
    assert (group["id"], group["number"], len(group["removed"])) == ("<0>", 7, 7)


def test_without_duplicates_there_is_no_group(tmp_path: Path) -> None:
    clean(tmp_path, [{"id": "a", "text": "One text."}], "--report", str(tmp_path / "report.html"))
    assert (tmp_path / "groups.jsonl").read_bytes() == b""
    assert "The largest group" not in (tmp_path / "report.html").read_text(encoding="utf-8")


def dots_of(page: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r'cx="([0-9.]+)" cy="([0-9.]+)" r="5.5"', page)]


@pytest.mark.parametrize("number", [1, 2, 10, 200])
def test_no_two_dots_touch_and_the_more_alike_are_nearer(number: int) -> None:
    removed = [{"id": f"t{place}", "code": "ND102", "similarity": 1 - place % 30 / 100} for place in range(number)]
    page = picture({"id": "kept", "number": number, "removed": removed})
    (middle,) = re.findall(r'cx="([0-9.]+)" cy="[0-9.]+" r="9"', page)
    dots = dots_of(page)
    assert len(dots) == number
    assert all(math.dist(one, other) > 11 for one, other in combinations(dots, 2))
    far = [math.dist(dot, (float(middle), float(middle))) for dot in dots]
    assert min(far) > 9 + 5.5
    assert far == pytest.approx(sorted(far), abs=0.1)
    alike = [float(share) for share in re.findall("ND102, ([0-9.]+)%</title>", page)]
    assert alike == sorted(alike, reverse=True)
    assert f"{number} text{'s' if number > 1 else ''} went for kept" in page
    assert ('class="ring"' in page) == ("within a ring" in page) == (number == 200)
