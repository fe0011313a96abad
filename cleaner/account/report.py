"""What a run asks of the report that it is given to write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from cleaner.account.collect import Collector
    from cleaner.account.summary import Summary


class Report(Protocol):
    """Shows a run that has finished; `cleaner.report` has the one that writes pages."""

    @property
    def path(self) -> str:
        """The file that is written."""
        ...

    def check(self) -> None:
        """Raise `OutputError` where the report could not be written there."""
        ...

    def write(
        self, collector: Collector, summary: Summary, corpus: str | None, about: Mapping[str, str], place: str
    ) -> None:
        """Write the report at a place. `corpus` is the finished file with the kept texts, None where there is none."""
        ...
