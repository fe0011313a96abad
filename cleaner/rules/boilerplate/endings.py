"""Cut off what is glued to the last word of a row that stays."""

from __future__ import annotations

from cleaner.rules.boilerplate.case import Case
from cleaner.rules.boilerplate.credits import credit_words
from cleaner.rules.boilerplate.glued import cuts
from cleaner.rules.boilerplate.packs import builtin_pack
from cleaner.rules.boilerplate.phrases import choose


def cut_glued(case: Case) -> None:
    """Note the cuts of rows of prose, for the codes that may be found."""
    agencies = credit_words(builtin_pack("photo-credit")).agencies
    found = cuts(case.page, case.index, agencies, lambda matches: choose(matches, case.codes, case.language))
    case.cuts.update((row, cut) for row, cut in found if cut.code in case.codes)
