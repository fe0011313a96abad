"""English names of the languages that the detectors know, by ISO 639-1 code."""

from __future__ import annotations

from collections.abc import Mapping

_NAMES = """
af Afrikaans, am Amharic, ar Arabic, az Azerbaijani, be Belarusian, bg Bulgarian, bn Bengali, bs Bosnian, ca Catalan,
cs Czech, cy Welsh, da Danish, de German, el Greek, en English, eo Esperanto, es Spanish, et Estonian, eu Basque,
fa Persian, fi Finnish, fr French, ga Irish, gl Galician, gu Gujarati, he Hebrew, hi Hindi, hr Croatian, hu Hungarian,
hy Armenian, id Indonesian, is Icelandic, it Italian, ja Japanese, ka Georgian, kk Kazakh, km Khmer, kn Kannada,
ko Korean, ku Kurdish, ky Kyrgyz, la Latin, lo Lao, lt Lithuanian, lv Latvian, mk Macedonian, ml Malayalam,
mn Mongolian, mr Marathi, ms Malay, mt Maltese, my Burmese, ne Nepali, nl Dutch, no Norwegian, pa Punjabi, pl Polish,
ps Pashto, pt Portuguese, ro Romanian, ru Russian, si Sinhala, sk Slovak, sl Slovene, so Somali, sq Albanian,
sr Serbian, sv Swedish, sw Swahili, ta Tamil, te Telugu, tg Tajik, th Thai, tl Tagalog, tr Turkish, tt Tatar,
uk Ukrainian, ur Urdu, uz Uzbek, vi Vietnamese, yi Yiddish, zh Chinese, zh-cn Chinese (simplified),
zh-tw Chinese (traditional), und not known,
as Assamese, bo Tibetan, br Breton, ceb Cebuano, co Corsican, dv Dhivehi, fo Faroese, fy West Frisian,
gd Scottish Gaelic, ht Haitian, jv Javanese, lb Luxembourgish, lg Ganda, mg Malagasy, mi Maori, oc Occitan,
om Oromo, or Odia, sd Sindhi,
sn Shona, st Southern Sotho, su Sundanese, ti Tigrinya, tn Tswana, ts Tsonga, ug Uyghur, xh Xhosa, yo Yoruba,
zu Zulu
"""

NAMES: Mapping[str, str] = dict(entry.strip().split(" ", 1) for entry in _NAMES.split(","))
