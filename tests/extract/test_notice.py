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


SITE = (
    "<!doctype html><html lang=en><head><title>Olm</title></head><body><header><nav><a href=/>Home</a> <a href=/n>News"
    "</a> <a href=/s>Sport</a></nav>{beside}</header><main>{text}</main><footer><p>© 2024 Quill</p><a href=/p>Privacy"
    "</a></footer></body></html>"
)
# A short article, its sentences, and what its publisher says of rights below it.
RIGHTS = {
    "de": (
        "Leuchtturm brennt wieder",
        ("Der Leuchtturm brennt seit Montag wieder.", "Die Arbeiten dauerten drei Monate.", "Abends wird geläutet."),
        "Alle Texte und Bilder dieser Seiten sind urheberrechtlich geschützt. Nachdruck und Verbreitung nur mit "
        "schriftlicher Genehmigung des Verlags. Zitate sind mit Angabe der Quelle gestattet. Für die Inhalte fremder "
        "Seiten übernehmen wir keine Haftung.",
    ),
    "ja": (
        "灯台に再び灯がともる",
        ("灯台は月曜日から再び光っている。", "工事には三か月かかった。", "灯台守は毎晩記録をつける。"),
        "当サイトの記事と写真は著作権法で保護されています。許可なく複製、転載、配布することを禁じます。"
        "引用の際は出典を明記してください。外部サイトの内容について責任を負いません。",
    ),
    "ko": (
        "등대에 불이 다시 켜진다",
        ("등대가 월요일 저녁에 다시 켜졌다.", "수리에는 석 달이 걸렸다.", "등대지기는 밤마다 기록을 남긴다."),
        "이 사이트의 모든 기사와 사진은 저작권법에 따라 보호됩니다. 사전 허락 없이 복제하거나 다른 매체에 배포할 "
        "수 없습니다. 인용할 경우에는 출처를 반드시 밝혀 주십시오. 이용자의 개인정보는 법령에 따라 처리됩니다.",
    ),
    "ru": (
        "Маяк снова горит",
        ("Маяк снова горит с понедельника.", "Ремонт занял три месяца.", "Смотритель каждую ночь ведёт журнал."),
        "Все тексты сайта охраняются авторским правом. Перепечатка без письменного согласия издателя "
        "запрещена. При цитировании ссылка на источник обязательна. Редакция не отвечает за чужие сайты.",
    ),
}


@pytest.mark.parametrize(
    "layout",
    [
        "<article><h1>{title}</h1>{said}</article><div class=b><p>{rights}</p></div>",
        "<div><h1>{title}</h1>{said}</div><div>{rights}</div>",
        "<main><h1>{title}</h1><div>{said}</div><section><p>{rights}</p></section></main>",
    ],
)
@pytest.mark.parametrize("language", RIGHTS)
def test_notice_of_rights_goes_from_beside_a_short_article(language: str, layout: str) -> None:
    title, said, rights = RIGHTS[language]
    body = layout.format(title=title, said="".join(f"<p>{line}</p>" for line in said), rights=rights)
    head = f"<!doctype html><html lang={language}><head><title>{title}</title><meta name=viewport content=width></head>"
    assert clean(f"{head}<body>{body}</body></html>").text.split("\n") == list(said)


def test_a_short_list_is_no_notice_where_nothing_can_be_pressed() -> None:
    said = "Das Stellwerk am Bahnhof Grünau, seit 1994 außer Betrieb, soll vom kommenden Frühjahr an als Museum öffnen."
    text = clean(f"<html><body><h1>Museum</h1><p>{said}</p><ol><li>Karte lösen.<li>Helm aufsetzen.</ol>").text
    assert text == f"{said}\n1. Karte lösen.\n2. Helm aufsetzen."


@pytest.mark.parametrize("heading", ["Login", "Registro", "Inscription", "订阅"])
def test_a_heading_in_a_box_of_its_own_is_judged_with_what_it_heads(heading: str) -> None:
    first = (
        "The mill on the Skell grinds again since Monday. The baker has bought all of its first flour, and says that "
    )
    first += "the bread of the whole valley will taste of it until the end of the summer."
    second = (
        "Whoever wants a sack writes his name on the slate beside the door. The miller looks at it every evening and "
    )
    second += "fills the sacks in the order of the names, so that nobody has to stand in the yard before sunrise."
    box = f"<div class=heading><h2>{heading}</h2><a href='#a'><svg></svg></a></div>"
    text = f"<article class=post><h1>The mill grinds again</h1><p>{first}</p>{box}<p>{second}</p></article>"
    page = f"<!doctype html><title>The mill grinds again</title><nav><a href=/>Home</a> <a href=/n>News</a></nav>{text}"
    assert clean(page, html=True).text.split("\n") == [first, heading, second]


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


# What shops and boards say where one registers; with the rules it is more than little text.
ACCOUNT = (
    "<p>By creating an account with our shop you will be able to check out faster, keep several addresses, and view "
    "and follow your orders.</p>"
)
RULES = (
    "<p>In order to register you must agree to the rules below. Registration is free. You will have to activate your "
    "account before you can log in for the first time: we will send you a link by e-mail.</p><p>We ask that you do not "
    "post anything that is rude, untrue or somebody else's. We may remove what we find, and close an account, at any "
    "time and without a reason. Please choose a user name that does not offend others.</p><p>Note that passwords are "
    "case-sensitive. Please enter a password for your user account, of eight characters or more, and enter it again "
    "below to confirm it. We will never share your e-mail address with anyone.</p>"
)
FERRY = (
    "<p>The ferry between Olm and Pasterby will run twice a day from the first week of April, the harbour office "
    "said.</p><p>Until then the mail goes by sledge, as it did when the river froze in the year of the great flood.</p>"
)
LOGIN = "<form><input><input type=password><button>Log in</button> <a href=/lost>Lost your password?</a></form>"


@pytest.mark.parametrize("said", [ACCOUNT, ACCOUNT + RULES])
def test_a_page_to_register_on_has_no_text(said: str) -> None:
    assert len(RULES) > LITTLE_TEXT
    form = "<form><input name=u><input type=password><button>Create account</button></form>"
    result = clean(
        SITE.format(beside="", text=f"<article><h1>Create an account</h1>{said}{form}</article>"), blocks=True
    )
    assert result.text == ""
    assert any("it reads like a notice" in reason for block in result.blocks for reason in block.reasons)


@pytest.mark.parametrize("paragraphs", [1, 5])
def test_a_short_text_beside_a_field_for_a_password_stays(paragraphs: int) -> None:
    result = clean(SITE.format(beside=LOGIN, text="<h1>Twice a day to Pasterby</h1>" + paragraphs * FERRY))
    assert result.text.count("The ferry between Olm") == paragraphs
