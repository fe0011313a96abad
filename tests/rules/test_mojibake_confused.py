"""Text that was read in another encoding of one byte a letter is read anew; what is right stays."""

from __future__ import annotations

import pytest

import cleaner
from cleaner.document import Edit

LETTERS = cleaner.Config(select=("MJ",))

RUSSIAN = "Вечерний концерт начнётся в семь часов у старого моста и закончится в десять."
UKRAINIAN = "Вечірній концерт розпочнеться о сьомій біля старого мосту і закінчиться о десятій."
GREEK = "Η βραδινή συναυλία αρχίζει στις επτά δίπλα στην παλιά γέφυρα και τελειώνει στις δέκα."
HEBREW = "הקונצרט של הערב מתחיל בשעה שבע ליד הגשר הישן ומסתיים בשעה עשר"
ARABIC = "تبدأ حفلة المساء في الساعة السابعة بجوار الجسر القديم وتنتهي في الساعة العاشرة"
POLISH = "Wieczorny koncert rozpocznie się o siódmej przy starym moście, a słuchacze wrócą późno i będą zmęczeni."
ROMANIAN = "Concertul de seară începe la şapte lângă podul vechi şi se termină după ce pleacă toţi oaspeţii."
TURKISH = "Akşam konseri eski köprünün yanında saat yedide başlıyor ve gece yarısına doğru bitiyor."
LITHUANIAN = "Vakaro koncertas prasidės septintą valandą prie senojo tilto, o žmonės grįš namo vėlai šį šaltą vakarą."
CROATIAN = "PDV je uključen u cijenama, a kuća se prodaje sljedeći tjedan."
SLOVENE = "Dolgo pričakovani razpis za skupne projekte je tu, začne pa se že jutri zvečer."
CZECH = "Každý má právo opustit kteroukoli zemi, i svou vlastní, a vrátit se do své země večer."
HUNGARIAN = "A nyomozó a vénember felől kezdett érdeklődni, de nem kapott egyenes választ."
LATVIAN = "Vakara koncerts sākas pulksten septiņos pie vecā tilta, un cilvēki nāk no visām pusēm."
CHINESE = "晚上的音乐会七点在老桥旁边开始，十点结束，很多人都来听。"
TAIWANESE = "晚上的音樂會七點在老橋旁邊開始，十點結束，很多人都來聽。"
JAPANESE = "夜のコンサートは七時に古い橋のそばで始まり、十時に終わります。"
KOREAN = "저녁 음악회는 일곱 시에 오래된 다리 옆에서 시작하여 열 시에 끝난다."


def as_western(data: bytes) -> str:
    """Read bytes as a browser reads what is said to be Latin-1: as Windows-1252, with controls in its gaps."""
    return "".join(
        chr(byte) if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([byte]).decode("cp1252") for byte in data
    )


def cleaned(text: str) -> str:
    return cleaner.clean(text, html=False, config=LETTERS).text


BROKEN = [
    (RUSSIAN, "cp1251"),
    (RUSSIAN, "koi8-r"),
    (RUSSIAN, "cp866"),
    (UKRAINIAN, "cp1251"),
    (GREEK, "cp1253"),
    (HEBREW, "cp1255"),
    (ARABIC, "cp1256"),
    (POLISH, "cp1250"),
    (POLISH, "iso8859-2"),
    (ROMANIAN, "cp1250"),
    (TURKISH, "cp1254"),
    ("İSTANBUL VALİLİĞİ AİLE YARDIMINI İADE ETTİ", "cp1254"),
    (LITHUANIAN, "cp1257"),
    (CROATIAN, "cp1250"),
    (SLOVENE, "cp1250"),
    (CZECH, "cp1250"),
    (CZECH, "iso8859-2"),
    (HUNGARIAN, "cp1250"),
    (LATVIAN, "cp1257"),
    (CHINESE, "gbk"),
    (TAIWANESE, "big5"),
    (JAPANESE, "shift_jis"),
    (JAPANESE, "euc_jp"),
    (KOREAN, "euc_kr"),
]


@pytest.mark.parametrize(("text", "encoding"), BROKEN, ids=[f"{encoding}-{text[:9]}" for text, encoding in BROKEN])
def test_line_read_as_western_is_read_anew(text: str, encoding: str) -> None:
    assert cleaned(as_western(text.encode(encoding))) == text
    assert cleaned(text.encode(encoding).decode("latin-1")) == text


def test_a_wide_space_is_text() -> None:
    text = f"{JAPANESE}\n橋の北側　駅"
    assert cleaned(as_western(text.encode("shift_jis"))) == text


@pytest.mark.parametrize("text", dict.fromkeys(text for text, _ in BROKEN))
def test_what_is_right_stays(text: str) -> None:
    assert cleaned(text) == text
    assert cleaned(text.upper()) == text.upper()


@pytest.mark.parametrize(
    ("encoding", "read_as"),
    [
        ("koi8-r", "cp1251"),
        ("cp1251", "koi8-r"),
        ("cp866", "cp1251"),
        ("cp1251", "cp866"),
        ("utf-8", "koi8-r"),
        ("utf-8", "cp866"),
    ],
)
def test_cyrillic_read_as_other_cyrillic_is_read_anew(encoding: str, read_as: str) -> None:
    text = RUSSIAN.replace("ё", "е")
    assert cleaned(text.encode(encoding).decode(read_as)) == text


def test_a_comma_without_a_space_does_not_make_a_word_impossible() -> None:
    text = "Ovdje se prodaju voće,kruh i mlijeko, a navečer se kuha juha za sve koji dolaze pješice."
    assert cleaned(as_western(text.encode("cp1250"))) == text


def test_short_lines_follow_the_rest_of_their_text() -> None:
    text = f"Глава 2\n{RUSSIAN}\n\nОн.\nThe end, and 5 °C."
    broken = "\n".join(as_western(line.encode("cp1251", "ignore")) for line in text.split("\n"))
    assert cleaned(broken).split("\n")[:4] == text.split("\n")[:4]


def test_message_names_both_encodings_and_undo_gives_the_text_back() -> None:
    broken = as_western(RUSSIAN.encode("cp1251"))
    result = cleaner.clean(broken, html=False, config=LETTERS)
    edits = [finding for step in result.steps for finding in step.findings if isinstance(finding, Edit)]
    assert {(edit.code, edit.message, edit.safe) for edit in edits} == {
        ("MJ105", "Windows-1251 read as Windows-1252", True)
    }
    assert cleaner.ledger.undo(result.text, result.steps) == broken


@pytest.mark.parametrize(
    "text",
    [
        "ÄÖÜ äöü ß – die Umlaute, und ÀÂÇÈÉÊËÎÏÔÙÛÜ die Buchstaben der Franzosen.",
        "þetta er góður dagur og ég ætla að fara út með þér, sagði hún við þá báða.",
        "x¹ + y³ = z², a±b, 3¼ Zoll, 5 µm; n¹x³y±z",
        "ɪntəˈnæʃənəl fəˈnɛtɪk ˈælfəbɛt ðə θɪŋ",
        "Õ Ö Ü Õ Ö Ü õunapuu õitses öösel, ütles ta.",
        "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞß",
        "НИИ кВт МэВ дБА РосАтом ГлавСтрой",
        "┌──────┐ │ Имя  │ └──────┘",
        "Là où l’été s’achève, à Orléans, l’œuvre naît çà et là…",
        # Languages without a profile that are written with such letters: Turkmen, Aromanian, Friulian.
        "Bu ýörite sahypa öndürijilik sebäpli ýapyk.",
        "Muabeti trâ aestâ adresâ di IP",
        "Vuelistu cjalâ o ripristinâ ?",
        # A foreign name in a language that has other letters.
        "Concertul de ieri cu Joao Conceição a fost foarte frumos si toti oamenii au fost multumiti.",
        "Molière i João stigli su u Zagreb bez najave i odmah otišli na koncert.",
        "Podlaha má 30 m² a cena je 3º nižšia.",
    ],
)
def test_odd_text_stays(text: str) -> None:
    assert cleaned(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "  or:  %s [ВЫБАР]... --reference=RФАЙЛ ФАЙЛ...",  # signs would stand for letters
        "keys = 'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ'",
        'a = "ìíîïñòóôõöùúûüý"',
        "Lenghis slavis orientâls",  # Friulian, Turkmen, Mossi, Igbo
        "Ream dai Paîs Bas",
        "Moldawiýa Respublikasy",
        "ÝERI BEÝIK DÖWLETI ÜSTÜNE",
        "GOÝY ÝÜZE ÝÖNE ÝAGDAÝY",
        "Damsã import filter",
        "Jikodo di èzí",
    ],
)
def test_alphabets_and_short_texts_without_a_profile_are_right(text: str) -> None:
    assert cleaned(text) == text


def test_of_two_encodings_that_of_the_quotation_marks_is_taken() -> None:
    evening = "Concertul de seară începe la șapte lângă podul vechi și se termină după ce pleacă toți oaspeții."
    meant = " ".join([evening] * 12 + ["În ziarul „Viața” scrie că drumul este închis."])
    assert cleaned(as_western(meant.encode("iso8859-16"))) == meant
    polish = POLISH.replace("Wieczorny koncert", "„Wieczorny koncert”")
    assert cleaned(as_western(polish.encode("iso8859-16"))) == polish
    assert cleaned(as_western(polish.encode("cp1250"))) == polish
