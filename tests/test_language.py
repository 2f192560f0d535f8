"""The language of a text is told when it is certain, and nothing is claimed when it is not."""

from __future__ import annotations

import subprocess
import sys
import tempfile

import pytest

from cairn.core import language
from cairn.core.language import covered, detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We agreed on four hundred euros for the garden, and the rest comes in May.", "en"),
        (
            "Wir haben uns auf vierhundert Euro für den Garten geeinigt, der Rest kommt im Mai.",
            "de",
        ),
        ("Nous avons convenu de quatre cents euros pour le jardin, le reste vient en mai.", "fr"),
        ("Acordamos cuatrocientos euros para el jardín, y el resto llegará en mayo.", "es"),
        ("Мы договорились о четырёхстах евро на сад, остальное придёт в мае.", "ru"),
        ("Ми домовилися про чотириста євро на сад, решта надійде у травні.", "uk"),
        ("اتفقنا على أربعمئة يورو للحديقة، والباقي يأتي في شهر مايو.", "ar"),
        ("हमने बगीचे के लिए चार सौ यूरो तय किए हैं, बाकी मई में आएगा।", "hi"),
        ("庭の予算は四百ユーロに決まりました。", "ja"),
        ("我们商定花园的预算是四百欧元。", "zh"),
        ("정원 예산은 사백 유로로 정했습니다.", "ko"),
        ("เราตกลงกันว่างบประมาณของสวนคือสี่ร้อยยูโร", "th"),
        ("Συμφωνήσαμε σε τετρακόσια ευρώ για τον κήπο.", "el"),
    ],
)
def test_prose_is_recognised(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\n",
        "ok",
        "12 | 400.00 | 2026-03-02\n13 | 180.00 | 2026-03-04\n" * 20,
        "def total(rows):\n    return sum(row[1] * row[2] for row in rows if row)\n" * 20,
        "https://example.org/a/b/c?d=e https://example.org/f " * 30,
        "\ud800\udc00\x00\ufffd" * 50,
        "x" * 5000,
        "़" * 5000,
    ],
    ids=range(9),
)
def test_what_is_no_prose_has_no_language(text: str) -> None:
    assert detect(text) == ""


def test_a_foreign_heading_does_not_decide() -> None:
    body = "Die Wohnung wird am ersten Mai übergeben, die Schlüssel liegen beim Nachbarn. " * 40
    assert detect("Subject: Re: your order has been shipped today\n\n" + body) == "de"


def test_only_english_is_covered_and_doubt_is_not_held_against_a_text() -> None:
    assert covered("en") and covered("")
    assert not covered("de") and not covered("ja")


def test_nothing_is_loaded_until_it_is_asked() -> None:
    code = "import sys, cairn.core.language; sys.exit('py3langid' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_room_for_the_model_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk must not keep files from being read."""
    monkeypatch.setattr(tempfile, "tempdir", "/nonexistent")
    language._all_languages.cache_clear()
    language._identifier.cache_clear()
    assert detect("Wir haben uns auf vierhundert Euro für den Garten geeinigt.") == ""
    assert detect("Договорились на четыреста евро за сад, остальное в мае.") == ""
    language._all_languages.cache_clear()
    language._identifier.cache_clear()
