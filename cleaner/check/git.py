"""Ask git about a folder that may be a stranger's: nothing that its repository names is ever run."""

from __future__ import annotations

import os
import subprocess

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
