"""Phrases in German, French and Spanish, counted from Monday 8 May 2023."""

from __future__ import annotations

from datetime import date

import pytest

from cairn.core.times.phrases import find, iso

SAID = date(2023, 5, 8)
GERMAN = {
    "Ich war gestern dort": "2023-05-07",
    "letzten Dienstag": "2023-05-02",
    "nächste Woche": "2023-05-15/2023-05-21",
    "vor zwei Wochen": "2023-04-24/2023-04-30",
    "in drei Tagen": "2023-05-11",
    "Besprechung am 3. März 2025": "2025-03-03",
    "vom 3. bis 9. Juni": "2023-06-03/2023-06-09",
    "am Freitag um 15 Uhr": "2023-05-12T15:00",
    "seit März": "2023-03-01/2023-05-08",
    "Ende Mai": "2023-05-21/2023-05-31",
    "letztes Jahr": "2022",
    "letzten Sommer": "2022-06-01/2022-08-31",
    "am 12.5. treffen wir uns": "2023-05-12",
    "zwei Tage vor Weihnachten": "2023-12-23",
    "Wir haben uns am Freitag gesehen": "2023-05-12",
    "heute Abend": "2023-05-08",
    "bis Freitag": "2023-05-08/2023-05-12",
    "am 12.5.2026": "2026-05-12",
}
FRENCH = {
    "hier": "2023-05-07",
    "la semaine dernière": "2023-05-01/2023-05-07",
    "le mois prochain": "2023-06",
    "lundi dernier": "2023-05-01",
    "il y a deux semaines": "2023-04-24/2023-04-30",
    "dans trois jours": "2023-05-11",
    "le 12 mai 2023": "2023-05-12",
    "le 1er mai": "2023-05-01",
    "du 3 au 9 juin": "2023-06-03/2023-06-09",
    "depuis mars": "2023-03-01/2023-05-08",
    "jusqu’en juillet": "2023-05-08/2023-06-30",
    "à la fin du mois": "2023-05-21/2023-05-31",
    "l'été dernier": "2022-06-01/2022-08-31",
    "aujourd'hui": "2023-05-08",
    "vendredi à 15h": "2023-05-12T15:00",
}
SPANISH = {
    "ayer": "2023-05-07",
    "la semana pasada": "2023-05-01/2023-05-07",
    "el próximo viernes": "2023-05-12",
    "el lunes que viene": "2023-05-15",
    "hace dos semanas": "2023-04-24/2023-04-30",
    "dentro de tres días": "2023-05-11",
    "el 12 de mayo de 2023": "2023-05-12",
    "del 3 al 9 de junio": "2023-06-03/2023-06-09",
    "desde marzo": "2023-03-01/2023-05-08",
    "a finales de mayo": "2023-05-21/2023-05-31",
    "el verano pasado": "2022-06-01/2022-08-31",
    "este fin de semana": "2023-05-13/2023-05-14",
    "mañana por la mañana": "2023-05-09",
    "dos días antes de Navidad": "2023-12-23",
}
CASES = [
    (language, text, expected)
    for language, cases in (("de", GERMAN), ("fr", FRENCH), ("es", SPANISH))
    for text, expected in cases.items()
]


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_a_phrase_is_understood_in_its_language(language: str, text: str, expected: str) -> None:
    assert [iso(when) for when in find(text, SAID, language)] == [expected]


@pytest.mark.parametrize("text", ["hier", "ayer", "la semana pasada", "letzte Woche", "Ende Mai"])
def test_and_in_no_other(text: str) -> None:
    assert find(text, SAID, "en") == []
    assert find(text, SAID, "fi") == []


@pytest.mark.parametrize(
    ("language", "text"),
    [("de", "Guten Morgen"), ("de", "Frohe Weihnachten"), ("fr", "je suis ici"),
     ("fr", "il a été malade"), ("es", "Buenos días"), ("de", "So ist das"),
     ("de", "Do it"), ("de", "die Bank am Ufer"), ("fr", "Mars est une planète"),
     ("es", "una vez más"), ("fr", "neuf personnes")],
)  # fmt: skip
def test_what_is_no_date_is_left_alone(language: str, text: str) -> None:
    assert [when.text for when in find(text, SAID, language)] == []


def test_dates_in_digits_are_found_in_any_language() -> None:
    assert [iso(when) for when in find("2026-05-12 ja 13.5.2026", None, "fi")] == [
        "2026-05-12",
        "2026-05-13",
    ]
