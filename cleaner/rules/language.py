"""The language of a text: tell it, and leave out what is in another than the wanted ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from cleaner.document import Document, Drop, Tag
from cleaner.language import check_backend, detect_language
from cleaner.rules.catalog import Family

LANGUAGE = Family("LG", "Language", leaves_out=True)


class UnwantedLanguage:
    """Drop a text that is in none of the wanted languages.

    Why: sites mix languages, and a crawl that asked for one gets the others with it.

    Found by the rule `language`; `languages` names the wanted ones; without it, nothing is dropped.

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

    Wrong when a text is a name, a line of figures or half in one language and half in another; then the score is low.
    """

    code: ClassVar[str] = "LG101"
    name: ClassVar[str] = "language"
    family: ClassVar[Family] = LANGUAGE

    also: ClassVar[tuple[type, ...]] = (UnwantedLanguage,)

    languages: tuple[str, ...] = ()
    backend: str = "langdetect"

    def __post_init__(self) -> None:
        """Refuse a backend that there is not, with a `ValueError`."""
        check_backend(self.backend)

    def __call__(self, document: Document) -> Iterator[Tag | Drop]:
        """Yield the tags `language` and `language_score`, and a drop where the language is not wanted."""
        found = detect_language(document.text, self.backend)
        yield Tag("language", found.language, code=self.code)
        yield Tag("language_score", found.score, code=self.code)
        if self.languages and found.language not in self.languages:
            wanted = ", ".join(self.languages)
            message = f"the language is {found.language} ({found.score:.2f}), wanted is {wanted}"
            details = {"language": found.language, "language_score": found.score}
            yield Drop(message, details=details, code=UnwantedLanguage.code)
