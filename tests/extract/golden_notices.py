"""Write what the shipped model of notices says anew: `python tests/extract/golden_notices.py`."""

from __future__ import annotations

import json
from pathlib import Path

from cleaner.extract.learned.notice import read_notice, shipped_notices

GOLDEN = Path(__file__).with_suffix(".json")
NOTICES = (
    ("en", "Sign in", "Please enter your user name and your password. New here? Create an account for free."),
    ("en", "Page not found", "The page that you were looking for does not exist any more. Try the search instead."),
    ("de", "Seite nicht gefunden", "Die Seite, die Sie suchen, gibt es nicht mehr. Zurück zur Startseite."),
    ("fr", "Abonnez-vous", "Cet article est réservé aux abonnés. Déjà abonné ? Connectez-vous."),
    ("ru", "Сайт недоступен", "На сайте идут технические работы. Пожалуйста, попробуйте зайти позже."),
    ("ja", "ログイン", "このページを表示するにはログインしてください。パスワードをお忘れの方はこちら。"),
)
TEXTS = (
    ("en", "Bridge open again", "The bridge at Tollen is open again after the flood. Buses cross it from Monday."),
    ("en", "Bank locks out customers", "A fault in the login page of the bank locked 9,000 customers out on Friday."),
    ("de", "Kran umgestürzt", "Am Hafen von Olm ist am Dienstag ein Kran umgestürzt. Verletzt wurde niemand."),
    ("fr", "Un pont rouvre", "Le pont de Tollen a rouvert mardi, après huit mois de travaux. Le maire était là."),
    ("ru", "Мост открыт", "Мост через реку открыли во вторник после ремонта. По нему уже ходят автобусы."),
    ("ja", "橋が開通", "川にかかる橋が火曜日に開通し、市長があいさつした。工事は八か月続いた。"),
)  # fmt: skip


def readings() -> dict[str, list[str | int]]:
    """Return for each title and text what the shipped model says: the score, the kind, the words."""
    found: dict[str, list[str | int]] = {}
    for _, title, said in (*NOTICES, *TEXTS):
        reading = read_notice([title, said], shipped_notices())
        found[f"{title}: {said}"] = [reading.score, reading.kind, *reading.words]
    return found


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(readings(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
