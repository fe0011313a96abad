"""The language of a text: tell it, and leave out what is in another than the wanted ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from cleaner.document import Document, Drop, Note, Tag
from cleaner.language import check_backend, detect_language
from cleaner.language.mixture import foreign, tell
from cleaner.rules.catalog import Family

LANGUAGE = Family("LG", "Language", leaves_out=True)


class UnwantedLanguage:
    """Drop a text that is in none of the wanted languages.

    Why: sites mix languages, and a crawl that asked for one gets the others with it.

    Found by the rule `language`; `languages` names the wanted ones; without it, nothing is dropped. With `min_share`
    above 0 a text stays where at least this part of it is in wanted languages, with 0 where most of it is.

    Wrong when a text is too short to tell close languages apart (Danish and Norwegian, Croatian and Slovene): see its
    score.
    """

    code: ClassVar[str] = "LG102"
    name: ClassVar[str] = "unwanted-language"
    family: ClassVar[Family] = LANGUAGE


@dataclass(frozen=True, slots=True)
class LanguageTag:
    """Tell the language of a text: an ISO 639-1 code and how probable it is.

    Why: a corpus is sorted and filtered by language, and a page's own `lang` is often the template's.

    `languages` are the codes of those that are wanted; a text in another is dropped as `LG102 unwanted-language`. None
    means any. `backend` (`language_backend` in a configuration) is `langdetect` (its profiles, our arithmetic) or
    `fasttext` (the extra `fasttext`). A text in which nothing tells the language is `und`.

    Of a text in two languages or more, `Result.languages` has the part of each, by groups of lines, where the second
    has a tenth of the text and a hundred characters (`langdetect` alone): `{"fr": 0.62, "en": 0.38}`. `min_share` is
    the part that has to be in the wanted ones, in [0, 1].

    Wrong when a text is a name, a line of figures or changes its language within a line; then the score is low.
    """

    code: ClassVar[str] = "LG101"
    name: ClassVar[str] = "language"
    family: ClassVar[Family] = LANGUAGE

    also: ClassVar[tuple[type, ...]] = (UnwantedLanguage,)

    languages: tuple[str, ...] = ()
    backend: str = "langdetect"
    min_share: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a backend that there is not, with a `ValueError`."""
        check_backend(self.backend)

    def __call__(self, document: Document) -> Iterator[Tag | Drop]:
        """Yield the tags `language`, `language_score` and, of several, `languages`; a drop where it is not wanted."""
        if self.backend == "langdetect":
            found, parts = tell(document.text)
        else:
            found, parts = detect_language(document.text, self.backend), {}
        yield Tag("language", found.language, code=self.code)
        yield Tag("language_score", found.score, code=self.code)
        if parts:
            yield Tag("languages", ", ".join(f"{name} {part}" for name, part in parts.items()), code=self.code)
        if not self.languages:
            return
        wanted, details = ", ".join(self.languages), {"language": found.language, "language_score": found.score}
        share = sum(part for name, part in (parts or {found.language: 1.0}).items() if name in self.languages)
        if self.min_share and share < self.min_share:
            message = f"{share:.2f} of the text is in {wanted}, wanted is at least {self.min_share}"
            yield Drop(message, details=details, code=UnwantedLanguage.code)
        elif not self.min_share and found.language not in self.languages:
            message = f"the language is {found.language} ({found.score:.2f}), wanted is {wanted}"
            yield Drop(message, details=details, code=UnwantedLanguage.code)


@dataclass(frozen=True, slots=True)
class ForeignParagraph:
    """Tell of paragraphs in another language than the rest of the text.

    Why: banners, licences and comments stand in English under articles in other languages, and translations side by
    side; someone who keeps a corpus of one language wants to see them. Nothing is changed.

    A paragraph is a line; it is told where it fits another language far better than the text's, which short ones and
    those in close kin (Danish and Norwegian) never do.

    Wrong when a text quotes at length.
    """

    code: ClassVar[str] = "LG103"
    name: ClassVar[str] = "foreign-paragraph"
    family: ClassVar[Family] = LANGUAGE
    default_on: ClassVar[bool] = False

    def __call__(self, document: Document) -> Iterator[Note]:
        """Yield a note for each line in another language."""
        text = document.text
        main = tell(text).language.language
        start = 0
        for line in text.split("\n") if main != "und" else ():
            other = foreign(line, main)
            if other is not None:
                yield Note(start, line, f"this paragraph is in {other}, the text in {main}", code=self.code)
            start += len(line) + 1
