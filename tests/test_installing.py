"""What the page on installing says of shells and containers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "how-to" / "install.md"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_told_how_to_complete(shell: str) -> None:
    assert f"_CLEANER_COMPLETE={shell}_source cleaner" in PAGE.read_text(encoding="utf-8")
    code = "from cleaner.cli import main; main(prog_name='cleaner')"
    source = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "_CLEANER_COMPLETE": f"{shell}_source"}, capture_output=True
    )
    assert source.returncode == 0 or (shell == "bash" and b"bash" in source.stderr.lower()), source.stderr
    asked = {"_CLEANER_COMPLETE": f"{shell}_complete", "COMP_WORDS": "cleaner che", "COMP_CWORD": "1"}
    if shell == "fish":
        asked |= {"COMP_WORDS": "cleaner", "COMP_CWORD": "che"}
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, **asked}, capture_output=True, text=True)
    assert "check" in done.stdout


def test_the_dockerfile_is_short_slim_and_runs_as_no_root() -> None:
    lines = (PAGE.parents[2] / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 15
    assert lines[0].endswith("-slim")
    assert [line for line in lines if line.startswith("USER")] == ["USER cleaner"]
