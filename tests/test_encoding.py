"""The encoding of a page that declares it late, wrongly or not at all."""

from __future__ import annotations

import time

import pytest
from growth import grows_less

from cleaner.encoding import decode

PLAIN = "The boat leaves the harbour at six and comes back at noon, as it has done for years. " * 60
FILL = "<script>var tide = 1;</script>\n" * 200


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("windows-1251", "Паром отходит в шесть"),
        ("iso-8859-2", "Loď odplouvá v šest"),
        ("euc-kr", "배는 여섯 시에 떠난다"),
    ],
)
@pytest.mark.parametrize(
    "meta", ["<meta charset='{}'>", "<META http-equiv=Content-Type content='text/html; charset={}'>"]
)
def test_an_encoding_that_is_declared_late_is_believed(encoding: str, words: str, meta: str) -> None:
    page = f"<html><head>{FILL}{meta.format(encoding)}</head><body><p>{words}</p></body></html>"
    assert words in decode(page.encode(encoding), html=True).text


def test_a_late_declaration_in_which_the_bytes_are_not_valid_is_not_believed() -> None:
    page = f"<html><head>{FILL}<meta charset=euc-kr></head><body>Café, déjà vu, Ångström</body></html>"
    assert "Café" in decode(page.encode("cp1252"), html=True).text


def test_utf_8_goes_before_a_late_declaration() -> None:
    page = f"<html><head>{FILL}<meta charset=windows-1251></head><body>Café Ångström</body></html>"
    assert "Café Ångström" in decode(page.encode(), html=True).text


@pytest.mark.parametrize("declared", ["iso-8859-1", "iso-8859-15", "windows-1251", "gbk", "shift_jis"])
def test_what_is_utf_8_beyond_doubt_is_utf_8_whatever_it_declares(declared: str) -> None:
    page = f"<meta charset={declared}><p>La vergüenza de ayer, el corazón de mañana, más canción, también así</p>"
    assert decode(page.encode(), html=True) == (page, "utf-8")
    assert decode(page.encode(), content_type=f"text/html; charset={declared}") == (page, "utf-8")


@pytest.mark.parametrize(("declared", "words"), [("gbk", "联通"), ("windows-1251", "ТЂСЃ"), ("iso-8859-1", "Ã© is é")])
def test_few_bytes_that_happen_to_be_utf_8_are_what_is_declared(declared: str, words: str) -> None:
    page = f"<meta charset={declared}><p>{words}</p>"
    assert words in decode(page.encode(declared), html=True).text


@pytest.mark.parametrize("words", ["The café of Mr Åsker", "it’s a “fine” day – at 10 °C", "Müller, Curaçao", "señor"])
@pytest.mark.parametrize("html", [True, False])
def test_few_letters_of_windows_1252_are_no_damaged_utf_8(words: str, html: bool) -> None:
    for text in (f"{PLAIN}{words}. {PLAIN}", f"{words}. {PLAIN}", f"{PLAIN * 12}{words}"):
        assert words in decode(text.encode("cp1252"), html=html).text


def test_damage_in_utf_8_is_still_damage() -> None:
    data = ("Café Ångström " * 200).encode() + b"\xc3 and \xe9 " + ("Ärger " * 200).encode()
    assert decode(data).text.count("\ufffd") == 2
    assert decode((PLAIN + "at the café").encode()[:-1]).text == PLAIN + "at the caf\ufffd"


def test_many_declarations_take_no_time() -> None:
    assert decode(b"<meta " * 300_000 + b"\xe9 ", html=True).text.endswith("é ")


@pytest.mark.parametrize("text", ["Библиотека открыла новую дверь утром.", "Η βιβλιοθήκη άνοιξε τη νέα πόρτα."])
def test_runs_of_utf7_may_end_with_spaces_alone(text: str) -> None:
    data = text.encode("utf-7")
    assert b"-" not in data
    assert decode(data).text == text


@pytest.mark.parametrize("text", ["call +3581234567 or +49301234567 now", "C+Foo +Bar +Bazz and +more words +here"])
def test_plus_signs_before_words_are_no_utf7(text: str) -> None:
    assert decode(text.encode()).text == text


@pytest.mark.parametrize("encoding", ["iso2022_jp", "iso2022_kr", "utf-7"])
def test_escaped_encodings_are_known_without_a_declaration(encoding: str) -> None:
    texts = {"iso2022_jp": "フェリーは朝の港を出発します。", "iso2022_kr": "저녁 음악회는 일곱 시에 시작한다."}
    text = texts.get(encoding, "Der Fährmann möchte süße Äpfel.")
    assert decode(text.encode(encoding)) == (text, encoding)
    page = f"<html><body><p>{text}</p></body></html>"
    assert decode(page.encode(encoding), html=True).text == page


@pytest.mark.parametrize(
    "data", [b"call +49 30-1234 or +abc- and +def-", b"g++ -O2 +foo- +bar- C++-", b"a \x1b[31mred\x1b[0m"]
)
def test_ascii_is_not_taken_for_an_escaped_encoding(data: bytes) -> None:
    assert decode(data).text == data.decode("ascii")


@pytest.mark.parametrize("part", [b"+", b"+abc", b"+abcd+", b"abc+/", b"+abc ", b"\x1b$B"])
def test_time_to_look_for_escapes_grows_no_faster_than_the_bytes(part: bytes) -> None:
    def seconds(size: int) -> float:
        data = part * (size // len(part))
        start = time.process_time()
        decode(data)
        return max(time.process_time() - start, 0.002)

    assert grows_less(16, seconds, 200_000, 1_600_000)


# Each in Windows-1252, with a letter or two beyond ASCII that the detector takes for ones of other encodings.
WESTERN_LINES = (
    "Gazeta më e lexuar në vendin tonë është shitur në tre qytete.",
    "Det første møte ble flyttet til en annen uke.",
    "La biblioteca és al costat de la plaça i obre a les nou.",
    "Les billets coûtent 15 euros et le café est offert.",
    "The café is open all day.",
)


@pytest.mark.parametrize("line", WESTERN_LINES)
@pytest.mark.parametrize("form", ["{}\n", '{{"text": "{}"}}\n', 'id,text\n1,"{}"\n', PLAIN + "\n{}\n" + PLAIN])
def test_few_western_letters_are_not_taken_for_those_of_another_encoding(line: str, form: str) -> None:
    text = form.format(line)
    assert decode(text.encode("cp1252")).text == text


@pytest.mark.parametrize(
    ("encoding", "line"),
    [
        ("cp1250", "Ön milyen nyelven beszél, és hol tanult meg ilyen jól főzni?"),
        ("cp1250", "Kniha leží na stole a nikdo ji dnes ještě neotevřel."),
        ("cp1253", "Η βιβλιοθήκη άνοιξε τη νέα πόρτα."),
        ("cp1254", "Kütüphane yarın sabah saat dokuzda açılıyor ve herkes gelebilir."),
        ("cp1257", "Bibliotēka rīt no rīta atver jaunās durvis, un visi ir gaidīti."),
    ],
)
def test_a_text_in_another_encoding_is_not_taken_for_western(encoding: str, line: str) -> None:
    for text in (f"{line}\n", f'{{"text": "{line}"}}\n'):
        assert decode(text.encode(encoding)).text == text
