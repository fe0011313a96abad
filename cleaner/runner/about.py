"""What a run was made of, in the words of its report."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.config import Config
from cleaner.remote.address import shown
from cleaner.runner.manifest import changed

# Inputs that the page names one by one.
NAMED_INPUTS = 5


def about(inputs: Sequence[str], out: str, config: Config) -> dict[str, str]:
    """Say what a run was made of, as the page tells it."""
    named = ", ".join(map(shown, inputs[:NAMED_INPUTS]))
    if len(inputs) > NAMED_INPUTS:
        named += f" and {len(inputs) - NAMED_INPUTS:,} more"
    settings = (f"{key} = {_shown(value)}" for key, value in changed(config).items())
    return {"input": named, "output": shown(out), "settings": "; ".join(settings) or "as they come"}


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
