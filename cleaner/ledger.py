"""Apply edits, take them back, and find where a character came from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate

from cleaner.document import Edit, Finding, Note, Step
from cleaner.errors import CleanerError


class LedgerError(CleanerError, ValueError):
    """An edit does not fit the text that it is applied to or taken back from.

    `start` is the place, in code points.
    """

    def __init__(self, message: str, start: int) -> None:
        super().__init__(message)
        self.start = start


def apply(text: str, edits: Sequence[Edit]) -> str:
    """Return the text with the edits made.

    The edits stand in order of `start` and do not overlap. Raises `LedgerError` where `old` is
    not what stands there.

    >>> apply("Café  noir", [Edit(4, "  ", " ", "one space")])
    'Café noir'
    """
    if not edits:
        return text
    parts = []
    end = 0
    for edit in edits:
        if edit.start < end:
            raise LedgerError(f"edits overlap at {edit.start}", edit.start)
        if not text.startswith(edit.old, edit.start):
            found = text[edit.start : edit.start + len(edit.old)]
            raise LedgerError(f"expected {edit.old!r} at {edit.start}, found {found!r}", edit.start)
        parts.append(text[end : edit.start])
        parts.append(edit.new)
        end = edit.start + len(edit.old)
    parts.append(text[end:])
    return "".join(parts)


def inverse(edits: Sequence[Edit]) -> list[Edit]:
    """Return the edits that take these back, placed in the text that these made."""
    back = []
    shift = 0
    for edit in edits:
        back.append(replace(edit, start=edit.start + shift, old=edit.new, new=edit.old))
        shift += len(edit.new) - len(edit.old)
    return back


def undo(text: str, steps: Sequence[Step]) -> str:
    """Return the text as it was before the steps.

    Raises `LedgerError` where the text is not the one that the steps made.
    """
    for step in reversed(steps):
        text = apply(text, inverse(step.edits))
    return text


def origin(offset: int, steps: Sequence[Step]) -> int:
    """Return the place, before the steps, of the character that stands at `offset` after them.

    What stands in the middle of a replacement comes from the start of what it replaced.

    >>> origin(2, [Step("WS101", (Edit(0, "   ", "", "indent"),))])
    5
    """
    for step in reversed(steps):
        edits = inverse(step.edits)
        # What took something out stands before the character at its place, hence right.
        index = bisect_right([edit.start for edit in edits], offset) - 1
        if index < 0:
            continue
        edit = edits[index]
        shift = sum(len(e.new) - len(e.old) for e in edits[:index])
        inside = offset - edit.start
        if inside < len(edit.old):
            offset = edit.start + shift
        else:
            offset += shift + len(edit.new) - len(edit.old)
    return offset


def moved(step: Step, by: int) -> Step:
    """Return a step in a longer text, in which the one that it is about begins at this place."""
    if not by:
        return step
    return Step(
        step.code,
        tuple(replace(f, start=f.start + by) if isinstance(f, Edit | Note) else f for f in step.findings),
    )


def steps_by_code(code: str, findings: Iterable[Finding]) -> list[Step]:
    """Sort what a rule found into one step a code, in order of code.

    A rule looks at one text, but steps are made one after the other: the places of a later
    code's edits are moved by what the earlier ones put in and took out. A finding without a
    code of its own is the rule's.
    """
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.code or code, []).append(finding)
    steps: list[Step] = []
    done: list[Edit] = []
    for group in sorted(groups):
        found = groups[group]
        steps.append(Step(group, tuple(_moved(found, done) if done else found)))
        done = sorted(done + [f for f in found if isinstance(f, Edit)], key=lambda edit: edit.start)
    return steps


def _moved(findings: Sequence[Finding], done: Sequence[Edit]) -> list[Finding]:
    """Place the findings in the text that the edits in `done`, sorted, have made."""
    starts = [edit.start for edit in done]
    shifts = [0, *accumulate(len(edit.new) - len(edit.old) for edit in done)]
    return [
        replace(f, start=f.start + shifts[bisect_right(starts, f.start)]) if isinstance(f, Edit | Note) else f
        for f in findings
    ]
