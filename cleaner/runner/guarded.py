"""Work on records of which each can cost itself alone: whatever goes wrong with one becomes its reason."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Generic, TypeVar

from cleaner.document import Drop
from cleaner.runner.crash import OUT_OF_MEMORY, crash

In = TypeVar("In")
Out = TypeVar("Out")


class Guarded(ABC, Generic[In, Out]):
    """The work on a chunk, record by record, as a pool of workers asks for it."""

    __slots__ = ()

    @abstractmethod
    def work(self, record: In) -> Out:
        """Return what comes out for a record; may fail."""

    @abstractmethod
    def not_read(self, place: str, why: Drop) -> In:
        """Return what stands for a record that could not even be read."""

    @abstractmethod
    def refuse(self, record: In | None, place: str, why: Drop) -> Out:
        """Return what comes out for a record that is not to be worked on; None for one that cannot even be read."""

    @abstractmethod
    def sketched(self, outcomes: list[Out]) -> list[Out]:
        """Add what is made for many at once."""

    def __call__(self, chunk: Any) -> list[Out]:
        """Do a chunk in this process."""
        return self.sketched([self._done(item) for item in chunk.items()])

    def _done(self, item: Any) -> Out:
        record: In | None = None
        with suppress(MemoryError):
            record = self.read(item)
            return self.clean(record)
        return self.refuse(record, item.place, OUT_OF_MEMORY)

    def read(self, item: Any) -> In:
        """Read one record.

        A lack of memory is raised, here and below: it may be the fault of what this process had done before.
        """
        try:
            record: In = item.read()
        except MemoryError:
            raise
        except Exception as error:  # a mistake of ours must not cost the run
            return self.not_read(item.place, crash(error, item.place))
        return record

    def is_text(self, record: In) -> bool:
        """Tell whether a record that was read is text, and no page."""
        return True

    def clean(self, record: In) -> Out:
        """Work on one record that was read."""
        return self._guarded(record, self.work)

    def finished(self, record: In) -> Out:
        """Work on one record, and do what `sketched` does for it alone."""
        return self._guarded(record, lambda record: self.sketched([self.work(record)])[0])

    def _guarded(self, record: In, do: Callable[[In], Out]) -> Out:
        try:
            return do(record)
        except MemoryError:
            raise
        except Exception as error:  # a mistake of ours must not cost the run
            why = crash(error)
        # Not within the block above: what the error holds, all that was in memory as it came, is free only now.
        return self.refuse(record, "", why)
