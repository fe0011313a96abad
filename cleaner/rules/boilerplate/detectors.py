"""The detectors of boilerplate, in the order in which they look at a text.

A detector is a function over a `Case`. It looks at the rows of `case.page`, and at what those before it have found, and

* adds to `case.hits` what speaks against a row and is not enough alone (`Hit(code, what, careful=True)`),
* takes rows with `case.take(row, code, message, sure=…)`, where `message` says why to a person,
* tags what a row says of the text (`case.tags[row] = ("author", name)`), or
* notes what is to be cut off the end of a row that stays (`case.cuts`).

It finds codes of `case.codes` only, changes nothing else, and is linear in the length of the text. What it takes stays
taken, but for what the last two put back.
The rule runs again on the text that is left, until nothing is found: a detector must come to an end there.

A further detector is one module and its line in the table.
"""

from __future__ import annotations

from collections.abc import Callable

from cleaner.rules.boilerplate.breadcrumbs import take_breadcrumbs
from cleaner.rules.boilerplate.bylines import take_bylines
from cleaner.rules.boilerplate.case import Case
from cleaner.rules.boilerplate.credits import take_credits
from cleaner.rules.boilerplate.dates import take_dates
from cleaner.rules.boilerplate.documentation import spare_documentation
from cleaner.rules.boilerplate.endings import cut_glued
from cleaner.rules.boilerplate.fields import take_fields
from cleaner.rules.boilerplate.line_model.take import take_learned
from cleaner.rules.boilerplate.phrases import find_phrases
from cleaner.rules.boilerplate.related import take_related
from cleaner.rules.boilerplate.tables import spare_tables
from cleaner.rules.boilerplate.threads import take_thread
from cleaner.rules.boilerplate.whole_page.take import take_furniture
from cleaner.rules.boilerplate.witnesses import take_witnessed

DETECTORS: tuple[Callable[[Case], None], ...] = (
    find_phrases,  # first: what they take bounds the prose, by which others know the head and the tail
    take_credits,
    take_breadcrumbs,
    take_dates,
    take_fields,
    take_bylines,
    take_witnessed,  # after all that add hits
    take_related,
    take_thread,
    take_furniture,  # needs the phrases around the text as evidence that it is a whole page
    take_learned,  # after all that can name their reason
    cut_glued,
    spare_tables,  # the last two put back: rows of tables that stay,
    spare_documentation,  # and what is part of a licence, a changelog or a handbook
)
