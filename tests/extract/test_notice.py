"""Pages of little text: a notice is none, a short text is one, and wording alone tells them apart."""

from __future__ import annotations

import json
import tomllib
from importlib.util import find_spec
from pathlib import Path

import msgspec
import pytest
from extract import golden_notices
from extract.golden_notices import NOTICES, TEXTS
from real_parts import needs

from cleaner import clean
from cleaner.extract.learned.notice import (
    LITTLE_TEXT,
    is_notice,
    notice_score,
    read_notice,
    read_notices,
    sentences,
    shipped_notices,
)

LAYOUTS = {
    "alone": "<h1>{title}</h1><p>{said}</p>",
    "site": "<header><nav><a href=/>Home</a> <a href=/n>News</a> <a href=/s>Sport</a></nav></header><main><article>"
    "<h1>{title}</h1><p>{said}</p></article></main><footer><p>© 2024 Quill</p><a href=/p>Privacy</a></footer>",
    "boxes": "<div id=top><a href=/>Home</a> | <a href=/c>Contact</a></div><div class=box><div>{title}</div>"
    "<div>{said}</div></div>",
}


def page(language: str, title: str, said: str, layout: str) -> str:
    body = LAYOUTS[layout].format(title=title, said=said)
    return f"<!doctype html><html lang={language}><head><title>{title}</title></head><body>{body}</body></html>"


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("language", "title", "said"), NOTICES)
def test_notice_is_no_text(language: str, title: str, said: str, layout: str) -> None:
    assert clean(page(language, title, said, layout)).text == ""


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("language", "title", "said"), TEXTS)
def test_short_text_is_text(language: str, title: str, said: str, layout: str) -> None:
    assert said in clean(page(language, title, said, layout)).text


def test_page_without_text_says_why() -> None:
    blocks = clean(page(*NOTICES[0], "alone"), blocks=True).blocks
    (notice,) = [block for block in blocks if block.kind == "notice"]
    assert not notice.kept
    (reason,) = notice.reasons
    assert reason.startswith("it reads like a notice: a login (")
    assert "your" in reason


def test_article_that_speaks_of_logins_at_length_is_not_judged() -> None:
    told = " ".join(["Please enter your user name and your password to continue."] * (LITTLE_TEXT // 50))
    assert told in clean(page("en", "Log in", told, "alone")).text


def test_page_that_asks_for_a_password_or_is_doubtful_needs_less() -> None:
    assert not is_notice(-150, secret=False, doubtful=False)
    assert is_notice(-150, secret=True, doubtful=False)
    assert is_notice(-150, secret=False, doubtful=True)
    assert not is_notice(-250, secret=False, doubtful=True)


def test_sentences_are_told_apart_in_all_scripts() -> None:
    assert sentences(["One. Two! — Three?", "…", "一つ。二つ。"]) == ["One.", "Two!", "— Three?", "一つ。", "二つ。"]
    assert len(sentences(["a. " * 10_000])) == 40
    assert len(sentences(["a" * 10_000])[0]) == 400
    assert notice_score([], shipped_notices()) == 0


def test_file_of_another_format_is_refused() -> None:
    data = msgspec.msgpack.encode({"format": 9, "names": [], "weights": b"", "kinds": b"", "scale": 1, "bias": 0})
    with pytest.raises(ValueError, match="of format 9"):
        read_notices(data)


def test_shipped_model_says_of_sentences_what_it_said() -> None:
    assert golden_notices.readings() == json.loads(golden_notices.GOLDEN.read_text(encoding="utf-8"))


def test_learning_gives_the_same_file_again_and_what_it_learned() -> None:
    needs(find_spec("sklearn"), "scikit-learn (the extra [train])")
    from training.notices.fit import fitted, model_file
    from training.notices.sentences import Sentence

    said = [("Please sign in now.", "a login"), ("Page not found.", "a page that is not there"), ("Rain fell.", "")]
    said += [("Please sign in here.", "a login"), ("The bridge is open.", ""), ("The page is not there.", "an error")]
    found = [Sentence(text, kind, "en", 1.0, text) for text, kind in said]
    data = model_file(fitted(found))
    assert model_file(fitted(found)) == data
    model = read_notices(data)
    assert notice_score(["Please sign in."], model) > 0 > notice_score(["Rain fell on the bridge."], model)
    assert read_notice(["Please sign in."], model).kind == "a login"


def test_wordings_have_kinds_that_are_known_and_texts_beside_them() -> None:
    from training.notices.sentences import KINDS, made_up_notices

    files = sorted(Path(__file__).parents[2].glob("training/notices/wordings/*.toml"))
    assert len(files) > 30
    for file in files:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        assert {*table} - {"texts"} <= {*KINDS}, file.name
        assert len(table["texts"]) >= 6, file.name
    assert len({language for _, language, _ in made_up_notices()}) == 12
