"""Tests that need a real part: a server, a browser, a cluster.

Where the part is missing such a test is skipped and says why; in CI, which installs every part, it fails.
"""

from __future__ import annotations

import os

import pytest


def needs(there: object, what: str) -> None:
    """Skip the test, or the module at import, where a real part is not there; fail where it has to be."""
    if there:
        return
    if os.environ.get("CLEANER_REQUIRE_REAL_PARTS"):
        pytest.fail(f"{what} is missing, and CLEANER_REQUIRE_REAL_PARTS says that it has to be there", pytrace=False)
    pytest.skip(f"{what} is missing", allow_module_level=True)
