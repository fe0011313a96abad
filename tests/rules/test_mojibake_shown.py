"""Characters that look broken and are what a text shows stay; what is broken beside right letters is still mended."""

from __future__ import annotations

import pytest

import cleaner

ONLY_LETTERS = cleaner.Config(select=("MJ",))

SHOWN = {
    "bytes": "é Ã© C3 A9\nè Ã¨ C3 A8\nç Ã§ C3 A7\n",
    "bytes alone": "Ã© = C3 A9\nÃ± = C3 B1\n",
    "percent": "U+00E9,é,Ã©,%C3%A9\nU+00FC,ü,Ã¼,%C3%BC\n",
    "escapes": "assert decode(b'\\xc3\\xa9', 'latin1') == 'Ã©'",
    "arrows": "What one sees:\n\nÃ© → é\nÃ¼ → ü\nâ€™ → ’\nâ€œ → “\n",
    "table": "| char | seen as | code |\n|---|---|---|\n| é | Ã© | 0xE9 |\n| ñ | Ã± | 0xF1 |\n| ’ | â€™ | 0x2019 |\n",
    "mapping": "MAP = {\n    'Ã©': 'é',\n    'Ã¼': 'ü',\n    'â€™': \"'\",\n}\n",
    "statement": "UPDATE t SET c = REPLACE(c, 'Ã©', 'é');",
    "advice": 'If you see "Ã©" instead of "é", the page was read in the wrong encoding.',
    "row": '"chars": "°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß"',
    "row of both cases": "dead keys (ªəƏþÞıİºſðÐƞȠĳĲ)",
    "row of signs": "éâäàåçêëèïîìæôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║",
    "controls": '"\x80\x81\x82\x83\x84\x85\x86\x87"',
    "controls in code": "e.PAD=`\x80`,e.HOP=`\x81`,e.BPH=`\x82`",
    "controls among letters": '"\x92":1460,"£":24959,"ï":24620,"î":12446',
}

BROKEN = {
    "O gato Ã© preto e o cão é branco.": "O gato é preto e o cão é branco.",
    "Voilà le cafÃ©, dit-il Ã\xa0 sa sœur.": "Voilà le café, dit-il à sa sœur.",
    "â€œThe ferry”, she said, “is late.”": "“The ferry”, she said, “is late.”",
    "1998 – 2002 and 2004 â€“ 2010": "1998 – 2002 and 2004 – 2010",
    "Il dit « Ã© » et rit.": "Il dit « é » et rit.",
    "ДокументовâЂ” не было": "ДокументовâЂ” не было",
    "It costs \x80 20, and nobody\x92s here.": "It costs € 20, and nobody’s here.",
    "Der Preis (C3 A9) fÃ¼r das MÃ¤dchen": "Der Preis (C3 A9) für das Mädchen",
    "中文文字很长很好â€œ测试â€\x9d": "中文文字很长很好“测试”",
}


@pytest.mark.parametrize("text", SHOWN.values(), ids=SHOWN)
def test_what_a_text_shows_stays(text: str) -> None:
    assert cleaner.clean(text, html=False, config=ONLY_LETTERS).text == text


@pytest.mark.parametrize(("text", "want"), BROKEN.items())
def test_what_is_broken_beside_right_letters_is_mended(text: str, want: str) -> None:
    assert cleaner.clean(text, html=False, config=ONLY_LETTERS).text == want


def test_the_first_character_of_a_text_has_nothing_before_it() -> None:
    assert cleaner.clean("Ã©", html=False, config=ONLY_LETTERS).text == "é"
    assert cleaner.clean("Â§ 101", html=False, config=ONLY_LETTERS).text == "§ 101"
