"""Why a block was kept or left out: the class it was taken for, and the facts that weighed most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np

from cleaner.extract.block import Page
from cleaner.extract.learned.choice import chosen
from cleaner.extract.learned.judge import Verdict, judge_in_stretches, sums_of, total_of, without_adverts
from cleaner.extract.learned.layout import Rows
from cleaner.extract.learned.model import VALUE_BITS, Model
from cleaner.extract.learned.names import GROUPS
from cleaner.extract.learned.page_facts import PageFacts

_MOST_REASONS: Final = 3
_TOGETHER: Final = "the list, table or section it belongs to"
_STATED: Final = "what the page states as its recipe"

# Families of facts, by what their names begin with; the first that fits counts. The last, "", takes the rest.
_FAMILIES: Final = (
    ("the blocks beside it", ("score", "up", "tree", "kin_score", "kin_mass", "since_sure", "until_sure", "section_",
                              "heading_score", "after", "before", "size+", "size-", "link+", "link-", "tag0+", "tag0-",
                              "last+", "last-", "stops+", "stops-", "kin+", "kin-", "sibling+", "sibling-",
                              "run_", "from_main")),
    ("the page as a whole", ("page_",)),
    ("the classes around it", ("near_name", "any_name", "own_", "around_")),
    ("its words", ("first_word", "whole_text", "word_", "title_", "described", "dated", "addressed", "repeated")),
    ("what the page states as its text", ("stated", "in_stated")),
    ("its links", ("link", "links")),
    ("the elements around it", ("in_", "tag", "kind", "level", "depth", "siblings", "heading_tag")),
    ("its place", ("place", "prose_place", "from_headline", "size_from", "prose_from", "since_", "until_", "to_")),
    ("what stands in the same containers", ("share", "blocks", "mean", "prose", "kin_", "kin", "sibling")),
    ("its length and characters", ("",)),
)  # fmt: skip

# The class of a block that is left out: the first of these families of names around it, or of the elements it is in.
_CLASSES: Final = (
    ("consent", ("cookie|",), ()),
    ("advertisement", ("advert|",), ()),
    ("comments", ("comment|",), ()),
    ("sharing", ("share|",), ()),
    ("newsletter", ("newsletter|",), ()),
    ("breadcrumb", ("breadcrumb|",), ()),
    ("related", ("related|", "popular|"), ()),
    ("login", ("login|",), ()),
    ("navigation", ("nav|",), ("nav",)),
    ("search", ("search|",), ()),
    ("footer", ("foot|",), ("footer",)),
    ("sidebar", ("sidebar|",), ("aside",)),
    ("promotion", ("promo|",), ()),
    ("dialogue", ("modal|",), ("dialog",)),
    ("header", ("header|",), ("header",)),
    ("form", (), ("form",)),
)


class Explained(NamedTuple):
    """One block of a page: its text, whether it was kept, what it was taken for, and why.

    `score` is how sure the model is that it is text, from 0 to 1000; `reasons` name the kinds of facts that
    weighed most for the verdict, the heaviest first.
    """

    text: str
    kept: bool
    kind: str
    score: int
    reasons: tuple[str, ...]

    @property
    def overruled(self) -> bool:
        """Whether something else than the block's own score decided."""
        return self.kind == "notice" or self.reasons[:1] in ((_TOGETHER,), (_STATED,))


def explained(page: Page, about: PageFacts, model: Model) -> list[Explained]:
    """Return what the model says of each block of a page."""
    verdicts = judge_in_stretches(page, about, model, every=True)
    return [told for stretch, verdict in verdicts for told in _explained(stretch, model, verdict)]


def _explained(page: Page, model: Model, verdict: Verdict) -> list[Explained]:
    rows, kept = verdict.rows, verdict.kept > 0
    kinds = _kinds(rows, kept, page)
    reasons = _reasons(model, verdict)
    for number in np.flatnonzero(
        verdict.likely != chosen(without_adverts(verdict.scores, verdict.layout), rows)
    ).tolist():
        first = _STATED if verdict.stated[number] else _TOGETHER
        reasons[number] = (first, *reasons[number])[:_MOST_REASONS]
    if verdict.notice:
        for number in np.flatnonzero(verdict.likely).tolist():
            kinds[number], reasons[number] = "notice", (verdict.notice.reason,)
    return [
        Explained(block.text, bool(is_kept), kind, int(score), why)
        for block, is_kept, kind, score, why in zip(page.blocks, kept, kinds, verdict.scores, reasons, strict=True)
    ]


def _kinds(rows: Rows, kept: Any, page: Page) -> list[str]:
    n = len(kept)
    return [page.blocks[number].kind if kept[number] else _class(rows, number) for number in range(n)]


def _class(rows: Rows, number: int) -> str:
    """Return what a block that was left out was taken for."""
    if rows["title_same"][number] >= 2 and abs(rows["from_headline"][number]) <= 3:
        return "headline"
    if rows["kind"][number] == 4 or _named("caption|", "near_name", rows, number):
        return "caption"
    if rows["size"][number] < 80 and _named("author|", "near_name", rows, number):
        return "byline"
    for scope in ("near_name", "any_name"):
        for name, groups, elements in _CLASSES:
            if any(_named(group, scope, rows, number) for group in groups):
                return name
            if any(rows[f"in_{element}"][number] for element in elements):
                return name
    return "links" if rows["link"][number] > 700 else "other"


_GROUP: Final = {group.split("|")[0] + "|": number for number, group in enumerate(GROUPS)}


def _named(group: str, scope: str, rows: Rows, number: int) -> bool:
    return bool(rows[f"{scope}{_GROUP[group]}"][number])


def _reasons(model: Model, verdict: Verdict) -> list[tuple[str, ...]]:
    """Return for each block the families of facts that weighed most.

    A family's weight is what the block's sum would lose if its facts were those of the page's middle block of
    the other verdict (of all blocks, where there is none).
    """
    rows, kept = verdict.rows, verdict.kept > 0
    other_of_kept, other_of_left = _middle(rows, ~kept), _middle(rows, kept)
    weights = []
    for _, names in _members(tuple(rows)):
        changed = dict(rows)
        for name in names:
            changed[name] = np.where(kept, other_of_kept[name], other_of_left[name])
        changed["score"] = model.score(total_of(model.first, changed))
        difference = verdict.total - sums_of(model, changed, verdict.layout)
        weights.append(np.where(kept, difference, -difference))
    labels = [label for label, _ in _members(tuple(rows))]
    table = np.array(weights)
    order = np.argsort(-table, axis=0, kind="stable")[:_MOST_REASONS]
    least = 1 << (VALUE_BITS - 3)  # an eighth of a logit
    return [
        tuple(labels[place] for place in order[:, block] if table[place, block] >= least)
        for block in range(table.shape[1])
    ]


def _middle(rows: Rows, chosen: Any) -> Mapping[str, int]:
    if not chosen.any():
        chosen = np.ones(len(chosen), bool)
    middle = (int(chosen.sum()) - 1) // 2
    return {name: int(np.sort(row[chosen])[middle]) for name, row in rows.items()}


def _members(names: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    """Return the facts of each family; the first pass's own score is of none, since all facts make it."""
    members: dict[str, list[str]] = {label: [] for label, _ in _FAMILIES}
    for name in names:
        if name == "score":
            continue
        label = next(label for label, begins in _FAMILIES if any(name.startswith(begin) for begin in begins))
        members[label].append(name)
    return list(members.items())
