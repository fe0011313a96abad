"""What `--fix` mends without being asked twice."""

from __future__ import annotations

from cleaner.document import Edit

# Safe is a change after which a reader finds every word where it was: broken letters made whole, characters without
# a meaning and white space gone, and of a headline that stands twice the copy. What takes a line out is not: the
# best rules err on a line in a hundred, and the line is gone. Nor are entities: a text may be about them. Nor
# the title, whose only other copy is in another field.
SAFE = frozenset({"MJ101", "MJ102", "WS101", "WS102", "WS103", "WS104", "HL101"})


def is_safe(code: str, edit: Edit) -> bool:
    """Tell whether an edit may be made without being asked twice; a rule may say of any that it may not."""
    return edit.safe and code in SAFE
