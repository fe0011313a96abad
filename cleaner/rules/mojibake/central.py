"""Central European, Turkish and Baltic text whose bytes were read as Western: `kuæa` for kuća, `wi±¿±` for wiążą.

Most of its letters are ASCII and right, so that the language can be told of the broken text, too. What it has not is
letters that the language has not; read in the right encoding, the words with such letters fit it far better.
"""

from __future__ import annotations

import re
from functools import cache

from cleaner.language.evidence import evidence_by_language, sample
from cleaner.rules.mojibake.alphabets import ALPHABETS, LANGUAGES, is_one_language
from cleaner.rules.mojibake.western import decoded, is_text, readings, western_bytes

# In natural logarithms: what all that changes gains in the words that it stands in, and each character; and what the
# text and these words have a letter. Of 17,000 clean texts and lines with such letters, and 4,400 in these languages
# with foreign names put in, none, and one, is above all four; of broken sentences nine in ten are.
_GAIN, _GAIN_EACH, _GOOD, _GOOD_WORDS = 10.0, 6.0, 14.5, 14.0
# What is left of a gain at least, however many letters the language has not.
_LEAST_GAIN = 1.0
# The text fits its language this much as well as the one that it fits best: Croatian is Serbian, too.
_AS_WELL = 0.985
# The broken text fits it nearly so, and the words that stay: what is right in a language that has no profile is told as
# one that has the letters. Where fewer characters stay, more than two words are to change.
_BROKEN_AS_WELL, _FEWEST_SAME, _SAME_WORDS = 0.95, 8, 80
# A broken text has one odd letter in so many characters or more, but for the first ones; less is a foreign name.
_CHARS_EACH_ODD, _FIRST_ODD = 150, 3
# One or two odd letters in a text of fewer letters prove nothing: in Friulian and Turkmen, which have no profile, `â`,
# `î`, `û` and `ý` are right.
_FEW_ODD, _FEW_LETTERS, _FEW_LETTERS_ELSE = 2, {"cp1257": 50, "iso8859-16": 50}, 20
# Where one line of a whole text is broken, the text has one letter beyond ASCII in so many characters, and the line
# two odd ones.
_CHARS_EACH_LETTER = 60
# At most so many code points of a text are looked at, and about so many of the words that change.
_MOST_CHARS, _WORDS_CHARS = 20_000, 480
# To tell that it is in none of these languages, so many are enough.
_GLANCE_CHARS = 240
# A sign between two letters, as in `wi±¿±`, or behind one; what print has there (m², 3º) is looked at in vain.
_SIGNS = "¡£¦ª¯±³¹º¼¾¿¶"
_SIGNS_SET = frozenset(_SIGNS)
_SIGN_AT_WORD = re.compile(f"[{_SIGNS}](?:(?<=[A-Za-zà-ÿ].)|[a-z]{{2}})|[A-Za-z](?:(?<=[{_SIGNS}].))")
# One sign behind a word is a sign.
_ONE_SIGN = re.compile(rf"[{_SIGNS}](?![^\W\d_])")
# Where only these would change, they are the marks around words.
_AROUND_WORDS = frozenset("«»ªº")
# One changed word in so many may be what no word is: a foreign one, or one that is broken in another way.
_WORDS_EACH_IMPOSSIBLE, _IMPOSSIBLE_COSTS = 20, 20.0
# A sign inside a word; an ı beside a vowel, as Turkish has none and Turkmen, where it is ý, many.
_IMPOSSIBLE = re.compile(r"[^\W\d_][^\w\s'’‘.,·&/@()-][^\W\d_]|ı[aeioöuüä]|[aeioöuüä]ı")
# An İ beside a vowel stands in a few words that Turkish has borrowed (AİLE); where Turkmen has Ý, in most of all.
_BORROWED = re.compile("İ[AEIOÖUÜÄ]|[AEIOÖUÜÄ]İ")


def odd_letters(text: str, rest: str) -> str:
    """Return the characters that may be Central European ones read wrongly: those that the text's language has not.

    None where it may be in no language of these. `rest` is what of the text is no ASCII.
    """
    every = changed().findall(rest)
    found = set(every)
    if not every or not _are_enough(every, text, rest) or (found <= _SIGNS_SET and not _SIGN_AT_WORD.search(text)):
        return ""
    if not is_one_language(rest):
        return ""
    near = _near(sample(text)[:_GLANCE_CHARS])
    usual = "".join(letters for name, letters in ALPHABETS.items() if name in near)
    # What is neither sign nor letter is a control character, which no text has.
    return "".join(sorted(one for one in found if one.lower() not in usual)) if usual else ""


def _are_enough(found: list[str], text: str, rest: str) -> bool:
    """Whether there are as many odd letters as a broken text, or a broken line of a text, has; a glance."""
    if _are_dense(len(found), text):
        return True
    return _CHARS_EACH_LETTER * len(rest) >= len(text) and _two_in_a_line().search(rest) is not None


def _are_dense(number: int, text: str) -> bool:
    return _CHARS_EACH_ODD * (number + _FIRST_ODD) >= len(text)


def likely(text: str, odd: str) -> str | None:
    """Return the encoding that a text was in before it was read as Western; None where nothing tells.

    `odd` are its odd letters. A letter of Central Europe that is right says that the rest is, too.
    """
    if not _are_dense(sum(map(text.count, odd)), text):
        return None
    data = western_bytes(text)
    if data is None or decoded(data, "utf-8") is not None:
        return None
    near = _near(sample(text))
    best, most = None, 0.0
    for encoding, anew in readings(data[:_MOST_CHARS], LANGUAGES):
        languages = tuple(name for name in LANGUAGES[encoding] if name in near)
        few = _FEW_LETTERS.get(encoding, _FEW_LETTERS_ELSE)
        if sum(map(text.count, odd)) <= _FEW_ODD and sum(map(str.isalpha, text[:_MOST_CHARS])) < few:
            continue
        gain = _gain(text[:_MOST_CHARS], anew, languages) if languages else 0.0
        if gain > most:
            best, most = encoding, gain
    return best


def _near(text: str) -> frozenset[str]:
    """Return the languages that a text, partly broken, may be in."""
    evidence, _ = evidence_by_language(text)
    least = _BROKEN_AS_WELL * max(evidence.values())
    return frozenset(name for name, value in evidence.items() if value >= least)


def _gain(text: str, anew: str, languages: tuple[str, ...]) -> float:
    """Return how much better a text read anew fits one of the languages, in natural logarithms; 0 for not enough.

    The words that change are looked at first, then the text as a whole.
    """
    before, after, same = _words(text, anew)
    if not before or not is_text(anew):
        return 0.0
    impossible = sum(map(bool, map(_IMPOSSIBLE.search, after)))
    borrowed = sum(map(bool, map(_BORROWED.search, after)))
    if _WORDS_EACH_IMPOSSIBLE * impossible > len(after) or 2 * borrowed > len(after):
        return 0.0
    changed_ones = [one for one, other in zip("".join(before), "".join(after), strict=True) if one != other]
    number = len(changed_ones)
    if _AROUND_WORDS.issuperset(changed_ones):
        return 0.0
    if number == 1 and _ONE_SIGN.search(before[0]):
        return 0.0
    evidence, letters = evidence_by_language(" ".join(after))
    least = max(evidence_by_language(" ".join(before))[0].values()) + max(_GAIN, _GAIN_EACH * number)
    if max(evidence[name] for name in languages) <= least:
        return 0.0
    whole, all_letters = evidence_by_language(sample(anew))
    language = max(languages, key=whole.__getitem__)
    stay = " ".join(same)
    is_good = (
        evidence[language] > max(least, _GOOD_WORDS * letters)
        and whole[language] > max(_GOOD * all_letters, _AS_WELL * max(whole.values()))
        and (language in _near(stay) if len(stay) > _FEWEST_SAME else len(set(map(_letters, after))) > 2)
    )
    gain = evidence[language] - least - impossible * _IMPOSSIBLE_COSTS if is_good else 0.0
    # Where a quotation mark becomes a letter that the language has not (Ą in Romanian), another encoding is as good.
    return max(_LEAST_GAIN, gain - _GAIN_EACH * _foreign_letters(anew, language)) if gain > 0 else 0.0


def _foreign_letters(text: str, language: str) -> int:
    """Return how many letters of a text are neither ASCII nor of the language's alphabet."""
    letters = ALPHABETS[language]
    return sum(one > "\x7f" and one.isalpha() and one.lower() not in letters for one in text)


def _letters(word: str) -> str:
    return "".join(filter(str.isalpha, word)).casefold()


def _words(text: str, anew: str) -> tuple[list[str], list[str], list[str]]:
    """Return the first words that change, as they are and as they would be, and the first that stay."""
    before: list[str] = []
    after: list[str] = []
    same: list[str] = []
    size = 0
    for one, other in zip(text.split(" "), anew.split(" "), strict=True):
        if one == other:
            if len(same) < _SAME_WORDS:
                same.append(one[:_WORDS_CHARS])
        elif size < _WORDS_CHARS:
            before.append(one[:_WORDS_CHARS])
            after.append(other[:_WORDS_CHARS])
            size += len(one)
    return before, after, same


@cache
def changed() -> re.Pattern[str]:
    """Return an expression for what a letter in one of the encodings becomes where that is another letter or a sign."""
    high = bytes(range(0x80, 0x100))
    western = [chr(byte) if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([byte]).decode("cp1252") for byte in high]
    found = set(_SIGNS)
    for encoding in LANGUAGES:
        others = high.decode(encoding, "replace")
        found.update(
            one
            for one, other in zip(western, others, strict=True)
            if one != other and other.isalpha() and (one.isalpha() or not one.isprintable())
        )
    return re.compile(f"[{re.escape(''.join(sorted(found)))}]")


@cache
def _two_in_a_line() -> re.Pattern[str]:
    letters = re.sub(f"[{_SIGNS}]", "", changed().pattern)
    return re.compile(rf"{letters}[^\n]*?{letters}")
