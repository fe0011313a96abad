"""The code blocks of the documentation, run as a reader would, each page in a folder of its own.

A line `<!-- file: NAME -->` above a block writes it to that file; `<!-- run by: tests/X.py -->` says that this test
runs it; `<!-- not run: WHY -->` leaves it. Others run: `console` blocks command by command, and where output stands in
them it must come out; `python` blocks in the namespace of their page; `toml` blocks as a configuration. With
UPDATE_DOCS=1 the output in `console` blocks is written anew.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

_BLOCK = re.compile(
    r"^(?:<!-- (?P<said>.*?) -->\n)?```(?P<language>\w*)[^\n]*\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE
)
_CHANGING = (
    (re.compile(r"\d[\d,]*\.\d+ MB in \d[\d.]* s"), "… MB in … s"),
    (re.compile(r"/tmp/\S*?/world"), "/home/you"),
)
_FOLDERS = ("corpus", "docs", "pages", "crawl", "monday", "tuesday", "texts")

FERRY = "The ferry left the harbour at nine on Monday, and nobody was on the pier when it came back in the evening."
STORIES = [
    "The keeper of the lighthouse has counted the birds of every autumn since he was a boy: forty notebooks are full.",
    "A baker on the square sells one sort of bread, and those who come after ten find the door closed until tomorrow.",
    "The old tram depot becomes a library this winter, with the rails left in the floor and a reading room in the pit.",
    "Two students copy by hand what the harbour master wrote down of each ship, since no machine reads his letters.",
    "The river rose by a metre in the night, and the rowing club carried its boats up to the churchyard in the dark.",
    "A choir of forty sang in the empty swimming bath, where each note stays for eleven seconds, before it was filled.",
]


class Block(NamedTuple):
    """A block of code, what the comment above it says, and where it stands in its page."""

    language: str
    body: str
    said: str
    start: int
    end: int
    line: int


def blocks_of(path: Path) -> list[Block]:
    """Return the code blocks of a page."""
    text = path.read_text(encoding="utf-8")
    return [
        Block(
            found["language"],
            found["body"],
            found["said"] or "",
            *found.span("body"),
            text.count("\n", 0, found.start("body")),
        )
        for found in _BLOCK.finditer(text)
    ]


def page_of(number: int) -> str:
    """Return the markup of a page about a story."""
    other = STORIES[(number + 1) % len(STORIES)]
    return f"""<!doctype html>
<html lang="en"><head><title>Story {number} - The Harbour Post</title></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a> <a href="/sport">Sport</a></nav>
<article><h1>Story {number}</h1><p>{STORIES[number]}</p><p>Nobody on the pier of Saltmere had seen anything like story
{number} before, and most of them stayed until the evening to see how it would end.</p>
<p>{number} people wrote to us.</p>
<p>The Harbour Post is made by its readers</p><p>Leave a Comment</p></article>
<aside><a href="/b">{other[:30]}</a></aside><footer>© The Harbour Post. All rights reserved.</footer></body></html>
"""


def made_world(folder: Path) -> Path:
    """Make the folder that the commands of a page find."""
    import json

    for name in _FOLDERS:
        (folder / name).mkdir(parents=True)
    shutil.copytree(ROOT / "samples", folder / "samples")
    for number in range(len(STORIES)):
        (folder / "pages" / f"{number}.html").write_text(page_of(number), encoding="utf-8")
    (folder / "pages" / "article.html").write_text(page_of(0), encoding="utf-8")
    crawl = [{"id": str(n), "url": f"https://example.org/{n}", "html": page_of(n)} for n in range(len(STORIES))]
    for name, records in (("crawl/pages", crawl), ("monday/a", crawl[:3]), ("tuesday/a", crawl[2:])):
        text = "".join(json.dumps(record) + "\n" for record in records)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    plain = "".join(json.dumps({"id": str(n), "text": story}) + "\n" for n, story in enumerate(STORIES))
    for name in ("pages.jsonl", "old.jsonl", "new.jsonl"):
        (folder / name).write_text(plain, encoding="utf-8")
    (folder / "corpus" / "a.txt").write_text(f"The caf\u00c3\u00a9 on the pier\n\n{FERRY}\n", encoding="utf-8")
    (folder / "corpus" / "b.txt").write_text(f"{STORIES[0]}\n\n{STORIES[1]}\n\nLeave a Comment\n", encoding="utf-8")
    (folder / "corpus" / "c.txt").write_text(f"The caf\u00e9 on the pier\n\n{FERRY}\n", encoding="utf-8")
    (folder / "docs" / "a.md").write_text(f"# Birds  \n\n{STORIES[0]}\n", encoding="utf-8")
    (folder / "README.md").write_text(f"# The tram depot\n\n{STORIES[2]}\n", encoding="utf-8")
    (folder / "draft.md").write_text(f"# The caf\u00c3\u00a9\n\n{STORIES[3]}\n", encoding="utf-8")
    (folder / "texts" / "a.txt").write_text(f"{STORIES[4]}\n(c) the kiosk\n", encoding="utf-8")
    return folder


class Reader:
    """Somebody who does what a page says, in a world of their own."""

    def __init__(self, page: Path, world: Path) -> None:
        self.page = page
        self.world = world
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.outputs: list[tuple[Block, str]] = []

    def follow(self, block: Block) -> None:
        """Do what a block says."""
        if block.said.startswith(("run by: ", "not run: ")):
            if block.said.startswith("run by: "):
                assert (ROOT / block.said.split()[2]).is_file(), block.said
        elif block.said.startswith("file: "):
            path = self.world / block.said.removeprefix("file: ")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.body, encoding="utf-8")
        elif block.language == "console":
            self._commands(block)
        elif block.language == "python":
            where = os.getcwd()
            os.chdir(self.world)
            try:
                exec(compile("\n" * block.line + block.body, str(self.page), "exec"), self.names)
            finally:
                os.chdir(where)
        elif block.language == "toml":
            self._configuration(block.body)
        else:
            assert block.language in ("text", "json"), f"{self.page}:{block.line}: nobody runs {block.language!r}"

    def _configuration(self, body: str) -> None:
        from cleaner.config_file import load_config

        path = self.world / "shown" / "cleaner.toml"
        path.parent.mkdir(exist_ok=True)
        for name in ("my-rules.toml", "site-lines.json"):
            if (self.world / name).exists():
                shutil.copy(self.world / name, path.parent)
        path.write_text(body, encoding="utf-8")
        load_config(path)

    def _commands(self, block: Block) -> None:
        given: list[tuple[str, list[str]]] = []
        for line in block.body.rstrip("\n").split("\n"):
            if line.startswith("$ "):
                given.append((line[2:], []))
            elif given and given[-1][0].endswith("\\"):
                given[-1] = (given[-1][0] + "\n" + line, [])
            else:
                given[-1][1].append(line)
        shown = []
        for command, expected in given:
            came = self._output(command, block)
            shown.append("\n".join([f"$ {command}", *(came if expected else [])]))
            if expected and not os.environ.get("UPDATE_DOCS"):
                # Counts and scores move with every rule; what is said of them does not.
                told = f"{self.page}:{block.line}: {command}; UPDATE_DOCS=1 writes what comes now"
                assert [_masked(line) for line in came] == [_masked(line) for line in expected], told
        self.outputs.append((block, "\n".join(shown) + "\n"))

    def _output(self, command: str, block: Block) -> list[str]:
        bin_ = self.world.parent / "bin"
        environment = {name: value for name, value in os.environ.items() if name != "GITHUB_ACTIONS"}
        environment |= {"PATH": f"{bin_}{os.pathsep}{environment['PATH']}", "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command],
            cwd=self.world,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        text = done.stdout
        # What a linter finds is no failure.
        fine = (0, 1) if re.search(r"cleaner (check|test-pack)\b", command) else (0,)
        assert done.returncode in fine, f"{self.page}:{block.line}: {command}\n{text}"
        for pattern, told in _CHANGING:
            text = pattern.sub(told, text)
        return [line.rstrip() for line in text.rstrip("\n").split("\n")] if text.strip() else []

    def written(self) -> str:
        """Return the page with the output that came."""
        text = self.page.read_text(encoding="utf-8")
        for block, body in reversed(self.outputs):
            text = text[: block.start] + body + text[block.end :]
        return text


def _masked(line: str) -> str:
    return " ".join(re.sub(r"\d[\d,.]*", "#", line).split())


def made_command(folder: Path) -> None:
    """Make the command `cleaner`, and `python`, that the commands of a page find."""
    folder.mkdir()
    for name, run in (("cleaner", "-m cleaner"), ("python", "")):
        script = folder / name
        script.write_text(f'#!/bin/sh\nexec {sys.executable} {run} "$@"\n', encoding="utf-8")
        script.chmod(0o755)
