"""Ask git about a folder that may be a stranger's: nothing that its repository names is ever run."""

from __future__ import annotations

import os
import subprocess
from functools import lru_cache

# Commands that a repository's own configuration may name, and that the questions asked here would run: a monitor of
# changed files, hooks, a pager, and the transport by which a partial clone fetches what it lacks. What the command
# line says goes before the repository's own. Attributes (filters, text conversion, an external diff) play no part in
# these questions, which read neither files nor contents.
_INERT = (
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.pager=cat"),
    *("-c", f"core.attributesFile={os.devnull}"),
    *("-c", "diff.external="),
    *("-c", "protocol.allow=never"),
)
_ENVIRONMENT = {"GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_ASKPASS": "true"}


def asked(folder: str, *arguments: str) -> bytes | None:
    """Return what git says of a folder; None where there is no git, no repository, or the answer is no."""
    try:
        done = subprocess.run(
            ["git", *_INERT, "--no-pager", "-C", folder, *arguments],
            capture_output=True,
            check=True,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **_ENVIRONMENT},
        )
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None
    return done.stdout


def name_in_repository(path: str) -> str:
    """Return a path as git names it: from the top of its repository; outside of one, from the current folder."""
    folder, name = os.path.split(os.path.abspath(path))
    real = os.path.join(os.path.realpath(folder), name)
    for base in (_top(folder), os.path.realpath(os.getcwd())):
        if base and real.startswith(os.path.join(base, "")):
            return os.path.relpath(real, base).replace(os.sep, "/")
    return real.replace(os.sep, "/").lstrip("/")


@lru_cache(1024)
def _top(folder: str) -> str:
    found = os.fsdecode(asked(folder, "rev-parse", "--show-toplevel") or b"").rstrip("\n")
    return os.path.realpath(found) if found else ""
