"""The hooks with the real pre-commit, in a real repository: a bad file is stopped, mended, and passes."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from real_parts import needs
from running import ARTICLE

needs(importlib.util.find_spec("pre_commit"), "pre-commit (it is in the test extra)")
needs(shutil.which("git"), "git")

ROOT = Path(__file__).parents[2]
NEEDED = [".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE", "cleaner", "samples"]


def git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for name, value in (("NAME", "A. Committer"), ("EMAIL", "a@example.org")):
        environment |= {f"GIT_AUTHOR_{name}": value, f"GIT_COMMITTER_{name}": value}
    environment |= {
        "PRE_COMMIT_HOME": str(folder.parent / "pre-commit"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    return subprocess.run(
        ["git", "-C", str(folder), *arguments], capture_output=True, text=True, env=environment, check=False
    )


def snippet(name: str) -> str:
    page = (ROOT / "docs" / "how-to" / "repository.md").read_text("utf-8")
    found = re.search(rf"<!-- run by: \S+ {name} -->\n```yaml\n(.*?)```", page, re.DOTALL)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a repository with the hooks installed from a shallow clone of this one, without tags."""
    folder = tmp_path_factory.mktemp("hooks")
    # As it is in the working tree, which may be ahead of what is committed.
    tree = folder / "tree"
    tree.mkdir()
    for name in NEEDED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tree / name)
    git(tree, "init", "-q")
    git(tree, "add", "-A")
    assert git(tree, "commit", "-qm", "the hooks").returncode == 0
    cloned = git(folder, "clone", "-q", "--depth", "1", "--no-tags", f"file://{tree}", str(folder / "clone"))
    assert cloned.returncode == 0, cloned.stderr
    revision = git(folder / "clone", "rev-parse", "HEAD").stdout.strip()
    own = folder / "own"
    own.mkdir()
    git(own, "init", "-q")
    ours, rev = f"repo: {folder / 'clone'}", f"rev: {revision}"
    config = re.sub(r"rev: \S+", rev, re.sub(r"repo: https:\S+", ours, snippet("pre-commit")))
    assert ours in config
    assert rev in config
    install(own, config)
    return own


def install(own: Path, config: str) -> None:
    """Begin a repository that has the hooks."""
    (own / ".pre-commit-config.yaml").write_text(config)
    git(own, "add", "-A")
    run = subprocess.run(
        [sys.executable, "-m", "pre_commit", "install", "--install-hooks"],
        cwd=own,
        capture_output=True,
        text=True,
        env={**os.environ, "PRE_COMMIT_HOME": str(own.parent / "pre-commit")},
        check=False,
    )
    if run.returncode and ("network" in run.stdout or "ConnectionError" in run.stdout or "resolve" in run.stdout):
        needs(False, "a package index that can be reached")
    assert run.returncode == 0, run.stdout + run.stderr
    assert git(own, "commit", "-qm", "begin").returncode == 0


def test_a_bad_file_is_stopped_and_mended_and_the_second_commit_passes(repository: Path) -> None:
    page = repository / "café.md"
    page.write_text(f"# Caf\u00c3\u00a9 news\n\n{ARTICLE}\n", encoding="utf-8")
    git(repository, "add", "-A")
    first = git(repository, "commit", "-m", "news")
    assert first.returncode == 1
    assert "files were modified by this hook" in first.stderr
    assert page.read_text(encoding="utf-8") == f"# Café news\n\n{ARTICLE}\n"
    git(repository, "add", "-A")
    second = git(repository, "commit", "-m", "news")
    assert second.returncode == 0, second.stderr
    assert ".cleaner_cache" not in git(repository, "status", "--porcelain").stdout


def test_what_cannot_be_mended_is_told_once_with_its_place(repository: Path) -> None:
    page = repository / "cruft.txt"
    page.write_text(f"{ARTICLE}\n\nAnother story altogether, of a lighthouse.\n\nLeave a Comment\n", encoding="utf-8")
    git(repository, "add", "-A")
    stopped = git(repository, "commit", "-m", "cruft")
    assert stopped.returncode == 1
    assert stopped.stderr.count("cruft.txt:9:1: BP103 comment-form") == 1
    page.unlink()
    git(repository, "add", "-A")


def test_a_copy_of_a_committed_file_is_stopped_whichever_files_are_passed(repository: Path) -> None:
    (repository / "zebra.txt").write_text(ARTICLE + "\n", encoding="utf-8")
    git(repository, "add", "-A")
    assert git(repository, "commit", "-qm", "an original", "--no-verify").returncode == 0
    copy = repository / "a-copy.txt"
    copy.write_text(ARTICLE + " The end.\n", encoding="utf-8")
    git(repository, "add", "-A")
    stopped = git(repository, "commit", "-m", "a copy")
    assert stopped.returncode == 1
    assert "a-copy.txt:1:1: ND102 near-duplicate" in stopped.stderr
    assert "like café.md" in stopped.stderr or "like zebra.txt" in stopped.stderr


def test_the_hook_of_a_clone_stops_a_bad_file_before_anything_is_published(repository: Path) -> None:
    own = repository.parent / "today"
    own.mkdir()
    git(own, "init", "-q")
    install(own, snippet("pre-commit-local").replace("/path/to/cleaner", str(repository.parent / "clone")))
    (own / "cruft.txt").write_text(f"{ARTICLE}\n\nLeave a Comment\n", encoding="utf-8")
    git(own, "add", "-A")
    stopped = git(own, "commit", "-m", "cruft")
    assert stopped.returncode == 1
    assert stopped.stderr.count("cruft.txt:") == 1
    assert "BP103 comment-form" in stopped.stderr


def test_the_commands_of_the_action_write_sarif(tmp_path: Path) -> None:
    from pre_commit.yaml import yaml_load

    steps = yaml_load(snippet("action"))["jobs"]["cleaner"]["steps"]
    assert [step["uses"].split("@")[0] for step in steps if "uses" in step][-1] == "github/codeql-action/upload-sarif"
    install, check = (step["run"] for step in steps if "run" in step)
    assert "webtext-cleaner==" in install
    (tmp_path / "a.txt").write_text("Caf\u00c3\u00a9\n", encoding="utf-8")
    command = check.replace("cleaner check", f"{sys.executable} -m cleaner check", 1)
    done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    assert json.loads((tmp_path / "cleaner.sarif").read_text("utf-8"))["runs"][0]["results"]
