"""Ask git about a folder that may be a stranger's: nothing that its repository names is ever run."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from functools import cache, lru_cache

from cleaner.errors import InputError

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


# So long git may take to answer, in slices: a pause of the machine, or of all of us, is at most one of them.
_SLICES, _SLICE_S = 120, 0.5


def asked(folder: str, *arguments: str) -> bytes | None:
    """Return what git says of a folder; None where there is no git, no repository, or the answer is no.

    Raises `InputError` where git does not come to an end: a `.gitignore` may be a pipe that nobody writes to.
    """
    git = _git()
    if git is None:
        return None
    try:
        process = subprocess.Popen(
            [git, *_INERT, "--no-pager", "-C", folder, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **_ENVIRONMENT},
        )
    except (OSError, ValueError):
        return None
    with process:
        for _ in range(_SLICES):
            with contextlib.suppress(subprocess.TimeoutExpired):
                out, _ = process.communicate(timeout=_SLICE_S)
                return out if process.returncode == 0 else None
        process.kill()
    raise InputError(f"{folder}: git has not answered for {_SLICES * _SLICE_S:.0f} s; is one of its files a pipe?")


@cache
def _git() -> str | None:
    """Return where git is. In the current folder, which PATH or Windows may name, is none of ours."""
    folders = (folder for folder in os.get_exec_path() if os.path.isabs(folder))
    found = (shutil.which(os.path.join(folder, "git")) for folder in folders)
    return next(filter(None, found), None)


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
