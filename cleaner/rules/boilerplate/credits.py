"""The credits of pictures, alone or at the end of a caption: "Photo: Jane Doe", "The harbour (AFP)"."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cleaner.rules.boilerplate.case import Case
from cleaner.rules.boilerplate.keys import key
from cleaner.rules.boilerplate.packs import Pack, builtin_pack
from cleaner.rules.boilerplate.page import FINAL_MARKS

CREDIT = "BP114"
# The longest caption with a credit; the shortest and the longest that begins with ©; the longest label of a credit,
# the longest name after it, and its words. In code points. Of 173 lines that go from 20,600 development texts and
# pages the longest has 96, of 8 with © 46, of 88 with a label the longest label 13, the longest name 74 and 8 words.
CAPTION_CHARS, RIGHTS_CHARS, LABEL_CHARS, NAME_CHARS, NAME_WORDS = 200, (4, 60), 30, 100, 12
# A gallery has at least this many lines with credits. A caption says something beside its credit: it has these words.
GALLERY, CAPTION_WORDS = 3, 8
# A caption that is a sentence has at least these words.
SENTENCE_WORDS = 5
_DIGIT = re.compile(r"\d")
# Between the label of a credit and the name.
_MARK = re.compile("[:：=©|]")


@dataclass(frozen=True, slots=True)
class CreditWords:
    """The agencies, as written, and the labels of credits, folded; what is `glued` to a word has one of the endings."""

    agencies: frozenset[str]
    labels: frozenset[str]
    last_words: frozenset[str]
    endings: tuple[str, ...]
    glued: re.Pattern[str]


@functools.cache
def credit_words(pack: Pack) -> CreditWords:
    """Return the words of the photo-credit pack."""
    agencies = pack.words["agencies"]
    endings = (*sorted(name for name in agencies if name.isupper() and name.isascii()), "Reuters", "Getty Images")
    return CreditWords(
        frozenset(agencies),
        frozenset(key(label) for label in pack.words["labels"]),
        frozenset(name.split()[-1] for name in agencies),
        endings,
        re.compile(rf"[^\W\d_A-Z][.)»\"”](?:{'|'.join(map(re.escape, endings))})$"),
    )


def photo_credit(text: str, words: CreditWords) -> str | None:
    """Say what makes a line a picture's caption with its credit, or the credit alone; None for another line."""
    if len(text) > CAPTION_CHARS:
        return None
    bare = text.rstrip(").] ")
    word = bare[bare.rfind(" ") + 1 :]
    for cut in ("(", "/", "©", "–", "—", "-"):
        word = word[word.rfind(cut) + 1 :]
    if word in words.last_words:
        before = _before_agency(bare, words)
        if before is not None and _is_credit_join(before, text, words) and not _is_told(text):
            return f"it ends in the credit {text[len(before.rstrip()) :].strip()!r}"
    if text.endswith(words.endings) and words.glued.search(text):
        return "an agency's name is glued to its last word"
    if (
        text[0] == "©"
        and RIGHTS_CHARS[0] <= len(text) <= RIGHTS_CHARS[1]
        and text[-1] != "."
        and not _DIGIT.search(text)
    ):
        return "it begins with ©"
    return _labelled(text, words)


def _before_agency(bare: str, words: CreditWords) -> str | None:
    """Return what stands before the name of an agency at the end of the text, or None."""
    for count in (3, 2, 1):
        parts = re.split(r"(?<=[\s(/©–—-])", bare)
        if len(parts) >= count:
            name = "".join(parts[-count:])
            if name in words.agencies:
                return bare[: len(bare) - len(name)]
    return None


def _is_credit_join(before: str, text: str, words: CreditWords) -> bool:
    """Whether the agency stands apart: in brackets, after a slash, the © sign or a label alone ("Photo AFP")."""
    stripped = before.rstrip()
    if not stripped:
        return False
    opening = stripped[-1]
    if text[0] in '"«“„' or stripped[:-1].rstrip()[-1:] in '"»”':
        return False  # the end of a quotation
    if key(stripped.lstrip("([")) in words.labels:
        return True
    return opening in "/©|" or (opening == "(" and text.rstrip()[-1] in ")]")


def _is_told(text: str) -> bool:
    """Whether a whole sentence stands before the bracket at the end: of 60 such captions annotators kept 56."""
    caption = text[: max(text.rfind("("), text.rfind("["), 0)].rstrip()
    return caption[-1:] in FINAL_MARKS and len(caption.split()) >= SENTENCE_WORDS


def _labelled(text: str, words: CreditWords) -> str | None:
    """Say that the line begins with a credit label, a colon and a name."""
    at = next((mark.start() for mark in _MARK.finditer(text, 1, LABEL_CHARS + 1) if mark.group() != text[0]), 0)
    if not at:
        return None
    label = key(text[:at])
    rest = text[at + 1 :].strip()
    if label not in words.labels or not rest or len(rest) > NAME_CHARS:
        return None
    tokens = rest.split()
    capitals = sum(token[0].isupper() or not token[0].islower() for token in tokens)
    if len(tokens) <= NAME_WORDS and 2 * capitals >= len(tokens) and rest[-1] not in "!?":
        return f"it begins with the label {label!r} of a picture's credit"
    return None


def take_credits(case: Case) -> None:
    """Take the rows that are a picture's credit or a caption with one."""
    if CREDIT not in case.codes:
        return
    page = case.page
    words = credit_words(builtin_pack("photo-credit"))
    rows = [row for row in case.stamp_rows() if not page.prose[row] and row not in case.taken]
    found = {row: reason for row in rows if (reason := photo_credit(page.texts[row], words))}
    if len(found) >= GALLERY and _is_gallery(page.texts, words):
        return
    for row, reason in found.items():
        case.take(row, CREDIT, f"a picture's credit: {reason}", sure=True)


def _is_gallery(texts: Sequence[str], words: CreditWords) -> bool:
    """Tell whether half of the rows are captions: what a gallery of pictures has to say."""
    captions = [text for text in texts if len(text.split()) >= CAPTION_WORDS and photo_credit(text, words)]
    return 2 * len(captions) >= len(texts)
