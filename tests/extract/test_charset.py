"""Encodings without a mark are told by what their letters would be."""

from __future__ import annotations

from pathlib import Path

import pytest

from cairn.core.extract.charset import guess_charset
from tests.extract.checks import read

JAPANESE = "これは日本語の文章です。今日は天気がいいですね。漢字も混ざっています。\n"
KANJI = "名前,年齢,住所\n佐藤太郎,三十,東京都\n鈴木花子,二十,大阪府\n"
CHINESE = "这是一个简单的中文句子，我们在这里测试编码的检测。\n"
TAIWAN = "這是一個簡單的中文句子，我們在這裡測試編碼的檢測。\n"
KOREAN = "이것은 한국어 문장입니다. 오늘은 날씨가 좋네요.\n"
RUSSIAN = "Это простое предложение, чтобы проверить кодировку. Привет, мир!\n"
GREEK = "Αυτό είναι ένα απλό ελληνικό κείμενο για δοκιμή\n"
HEBREW = "זהו משפט פשוט בעברית לבדיקה של הקוד\n"
ARABIC = "هذه جملة بسيطة باللغة العربية للاختبار\n"
GERMAN = "Für die Übung müssen wir größere Bäume fällen. Äpfel, Öl, Überfluß, süß\n"
FRENCH = "L’été dernier, j’ai été à Genève où il a neigé: où êtes-vous né?\n"


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (JAPANESE, "cp932"),
        (KANJI, "cp932"),
        (JAPANESE, "euc_jp"),
        (CHINESE, "gb18030"),
        (TAIWAN, "big5"),
        (TAIWAN, "gb18030"),
        (KOREAN, "cp949"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "cp866"),
        (GREEK, "cp1253"),
        (HEBREW, "cp1255"),
        (ARABIC, "cp1256"),
    ],
)
def test_foreign_texts(tmp_path: Path, text: str, charset: str) -> None:
    document = read(tmp_path, "a.txt", text.encode(charset))
    assert document.text == text
    assert document.note == f"not valid UTF-8; read as {charset}"


@pytest.mark.parametrize("text", [GERMAN, FRENCH, "naïve café", "10 € für Müller"])
def test_western_texts(tmp_path: Path, text: str) -> None:
    document = read(tmp_path, "a.txt", text.encode("cp1252"))
    assert document.text == text and document.note.endswith("read as cp1252")


def test_a_long_text_is_sampled_between_characters() -> None:
    assert guess_charset((JAPANESE * 20_000).encode("cp932")) == "cp932"
    assert guess_charset((JAPANESE.strip() * 5000).encode("cp932")) == "cp932"
    assert guess_charset(bytes(range(128, 256)) * 10_000) == ""


def test_utf_16_without_a_mark(tmp_path: Path) -> None:
    for charset in ("utf-16-le", "utf-16-be"):
        document = read(tmp_path, "a.txt", "Beans and peas".encode(charset))
        assert (document.text, document.note) == ("Beans and peas", f"read as {charset}")
