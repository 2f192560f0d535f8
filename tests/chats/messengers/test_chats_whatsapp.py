"""last verified: 2026-11-21 against the samples of whatstk and line forms that users reported."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn.core.chats.formats import format_of
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import Turn
from tests.chats.reading import about, items, passed, turns_of

LRM = "\u200e"


def chat(folder: Path, *lines: str, name: str = "WhatsApp Chat with Ana.txt") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def turns(path: Path) -> list[Turn]:
    return turns_of(items("whatsapp", path))


def fits(path: Path) -> bool:
    return format_of("whatsapp").fits(Transcript(path))


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("25/08/2026, 14:30 - Ana: hi", "2026-08-25T14:30:00"),
        ("[25/08/2026, 14:30:05] Ana: hi", "2026-08-25T14:30:05"),
        (f"{LRM}[25/08/2026, 14:30:05] ~\u202fAna: hi", "2026-08-25T14:30:05"),
        ("8/25/26, 2:30\u202fPM - Ana: hi", "2026-08-25T14:30:00"),
        ("8/25/26, 12:05\u202fAM - Ana: hi", "2026-08-25T00:05:00"),
        ("[8/25/26, 12:05:07\u202fPM] Ana: hi", "2026-08-25T12:05:07"),
        ("25.08.26, 14:30 - Ana: hi", "2026-08-25T14:30:00"),
        ("[25-08-2026 14:30:05] Ana: hi", "2026-08-25T14:30:05"),
        ("[25.8.2026 klo 14.30.18] Ana: hi", "2026-08-25T14:30:18"),
        ("25.08.2026 14.30 - Ana: hi", "2026-08-25T14:30:00"),
        ("25/08/2026 à 14:30 - Ana : hi", "2026-08-25T14:30:00"),
        ("[2026-08-25, 14:30:56] Ana: hi", "2026-08-25T14:30:56"),
        ("2026-08-25 14:30 - Ana: hi", "2026-08-25T14:30:00"),
        ("2026-08-25, 2:30 p.m. - Ana: hi", "2026-08-25T14:30:00"),
        ("25/08/26, 2:30 pm - Ana: hi", "2026-08-25T14:30:00"),
        ("25/8/2026, 9:29 p. m. - Ana: hi", "2026-08-25T21:29:00"),
        ("25/08/2026 14:30 - Ana: hi", "2026-08-25T14:30:00"),
        ("2026/08/25, 14:30 - Ana: hi", "2026-08-25T14:30:00"),
        ("2026/8/25 下午2:30 - Ana: hi", "2026-08-25T14:30:00"),
        ("2026年8月25日 下午2:30 - Ana: hi", "2026-08-25T14:30:00"),
        ("2026/08/25 午後2:30 - Ana: hi", "2026-08-25T14:30:00"),
        ("[2026. 8. 25. 오후 2:30:05] Ana: hi", "2026-08-25T14:30:05"),
        ("2026. 8. 25. 오전 12:30 - Ana: hi", "2026-08-25T00:30:00"),
        ("2026. 08. 25. 14:30 - Ana: hi", "2026-08-25T14:30:00"),
        ("٢٥\u200f/٨\u200f/٢٠٢٦، ٢:٣٠ م - Ana: hi", "2026-08-25T14:30:00"),
        ("۱۴۰۵/۶/۳،\u200f ۱۴:۳۰ - Ana: hi", "2026-08-25T14:30:00"),
        ("25/8/2569 14:30 - Ana: hi", "2026-08-25T14:30:00"),
        ("[14:30, 25/08/2026] Ana: hi", "2026-08-25T14:30:00"),
    ],
)  # fmt: skip
def test_the_date_is_read_in_every_form_that_phones_write(
    tmp_path: Path, line: str, when: str
) -> None:
    path = chat(tmp_path, line)
    assert fits(path)
    (turn,) = turns(path)
    assert (turn.when[:19], turn.who, turn.text) == (when, "Ana", "hi")


def dated(form: str, *days: tuple[int, int, int]) -> Iterator[str]:
    for number, (year, month, day) in enumerate(days):
        written = form.format(y=year, m=month, d=day, s=year % 100)
        yield f"{written}, 14:30 - Ana: {number}"


AUGUST = [(2026, 8, day) for day in range(1, 9)]


@pytest.mark.parametrize("form", ["{d}/{m}/{s}", "{m}/{d}/{s}", "{s}/{m}/{d}", "{d:02}/{m:02}/{y}"])
def test_time_that_goes_forward_tells_the_order_of_the_numbers(tmp_path: Path, form: str) -> None:
    days = [(2026, 7, 30), *AUGUST, (2026, 9, 2)]
    found = turns(chat(tmp_path, *dated(form, *days)))
    assert [turn.when[:10] for turn in found] == [f"{y}-{m:02}-{d:02}" for y, m, d in days]


def test_without_a_number_over_12_the_dates_that_lie_together_are_likely(tmp_path: Path) -> None:
    path = chat(tmp_path, *dated("{m}/{d}/{s}", *AUGUST))
    assert turns(path)[0].when.startswith("2026-08-01")
    assert "dates of unclear order" not in passed(items("whatsapp", path))


def test_an_order_that_nothing_tells_is_said(tmp_path: Path) -> None:
    path = chat(tmp_path, "01/02/2024, 14:30 - Ana: a", "01/02/2024, 14:31 - Ben: b")
    assert passed(items("whatsapp", path)) == {"dates of unclear order": 2}
    assert turns(path)[0].when.startswith("2024-02-01")
    same = chat(tmp_path / "same", "02/02/2024, 14:30 - Ana: a")
    assert not passed(items("whatsapp", same))


def test_what_is_in_the_future_is_not_likely(tmp_path: Path) -> None:
    year = time.localtime().tm_year
    path = chat(tmp_path, f"1/12/{year + 1}, 14:30 - Ana: a", f"12/1/{year}, 14:31 - Ana: b")
    assert turns(path)  # nonsense, but no crash
    path = chat(tmp_path / "b", "05/06/26, 14:30 - Ana: a", "13/06/26, 14:30 - Ana: a")
    assert turns(path)[0].when.startswith("2026-06-05")


def test_lines_that_are_no_message_continue_the_one_before(tmp_path: Path) -> None:
    path = chat(
        tmp_path,
        "25/08/2026, 14:30 - Ana: shopping:",
        "- milk: 2",
        "",
        "25/08 is too late",
        "25/08/2026, 14:31 - Ben: ok: fine",
    )
    first, second = turns(path)
    assert first.text == "shopping:\n- milk: 2\n\n25/08 is too late"
    assert (second.text, second.line) == ("ok: fine", 5)


@pytest.mark.parametrize(
    "line",
    [
        "25/08/2026, 14:30 - Messages and calls are end-to-end encrypted. Tap to learn more.",
        '25/08/2026, 14:30 - Ana changed the subject from "A" to "Trip: Rome"',
        "25/08/2026, 14:30 - Ana hat die Gruppe „Reise: Rom“ erstellt",
        "25/08/2026, 14:30 - Ana changed the subject to “Trip: Rome”",
        "25/08/2026, 14:30 - Añadiste a Ben",
        f"[25/08/2026, 14:30:00] Trip: {LRM}Ana hat dich hinzugefügt und noch jemanden",
        "[25/08/2026, 14:30:00] Ana: Los mensajes están cifrados de extremo a extremo. Nadie "
        "fuera de este chat, ni siquiera WhatsApp, puede leerlos.",
        "25/08/2026, 14:30 - Ana: null",
    ],
)  # fmt: skip
def test_what_whatsapp_says_itself_is_passed_over(tmp_path: Path, line: str) -> None:
    assert passed(items("whatsapp", chat(tmp_path, line))) == {"system": 1}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<Media omitted>", "media"), ("<Medien ausgeschlossen>", "media"),
        ("<Multimedia omitido>", "media"), ("<Médias omis>", "media"),
        ("<Arquivo de mídia oculto>", "media"), ("<Без медиафайлов>", "media"),
        ("<미디어 파일을 제외한 내용>", "media"), ("image omitted", "media"),
        ("Bild weggelassen", "media"), ("video omitido", "media"),
        (f"{LRM}figurinha omitida", "media"),
        ("This message was deleted", "deleted"), ("You deleted this message", "deleted"),
        ("Diese Nachricht wurde gelöscht.", "deleted"), ("Se eliminó este mensaje.", "deleted"),
        ("このメッセージは削除されました", "deleted"), ("삭제된 메시지입니다.", "deleted"),
        ("", "empty"),
    ],
)  # fmt: skip
def test_messages_that_are_not_there_are_counted(tmp_path: Path, text: str, kind: str) -> None:
    path = chat(tmp_path, f"[25/08/2026, 14:30:00] Ana: {text}")
    assert passed(items("whatsapp", path)) == {kind: 1}


@pytest.mark.parametrize(
    ("text", "said", "files"),
    [
        ("IMG-20260825-WA0001.jpg (file attached)", "", ("IMG-20260825-WA0001.jpg",)),
        (f"{LRM}PTT-20260825-WA0002.opus (archivo adjunto)", "", ("PTT-20260825-WA0002.opus",)),
        ("rent.pdf (Datei angehängt)\nlook", "look", ("rent.pdf",)),
        (f"{LRM}<attached: 00000021-PHOTO.jpg>", "", ("00000021-PHOTO.jpg",)),
        (f"rent.pdf • {LRM}3 pages {LRM}<angehängt: 0002-rent.pdf>", "", ("0002-rent.pdf",)),
        (f"look {LRM}<adjunto: 0003-PHOTO.jpg>", "look", ("0003-PHOTO.jpg",)),
        ("<Media omitted>\nthe caption", "the caption", ()),
        (f"7 pm {LRM}<This message was edited>", "7 pm", ()),
        ("um 7 <Diese Nachricht wurde bearbeitet.>", "um 7", ()),
        ("see notes.txt (draft)", "see notes.txt (draft)", ()),
        ("I <3 you > me", "I <3 you > me", ()),
        ("@\u2068Ben\u2069 hi", "@Ben hi", ()),
        ("the image omitted the roof", "the image omitted the roof", ()),
        (f"{LRM}Location: https://map.s/1,2", "Location: https://map.s/1,2", ()),
    ],
)  # fmt: skip
def test_files_and_marks_are_told_from_words(
    tmp_path: Path, text: str, said: str, files: tuple[str, ...]
) -> None:
    (turn,) = turns(chat(tmp_path, f"[25/08/2026, 14:30:00] Ana: {text}"))
    assert (turn.text, turn.attachments) == (said, files)


def test_both_phones_and_later_exports_are_one_conversation(tmp_path: Path) -> None:
    android = chat(
        tmp_path,
        "25/08/2026, 14:30 - Ana: see you at 8",
        "25/08/2026, 14:30 - Ana: ok",
        "25/08/2026, 14:30 - Ana: ok",
    )
    apple = chat(
        tmp_path / "WhatsApp Chat - ANA",
        f"[8/25/26, 2:29:59\u202fPM] Ana: {LRM}Messages and calls are end-to-end encrypted.",
        "[8/25/26, 2:30:05\u202fPM] Ana: see you at 8",
        "[8/25/26, 2:30:06\u202fPM] Ana: ok",
        "[8/25/26, 2:30:07\u202fPM] Ana: ok",
        "[8/25/26, 2:31:07\u202fPM] Ben: new",
        name="_chat.txt",
    )
    first, later = turns(android), turns(apple)
    assert [(t.conversation, t.key) for t in first] == [(t.conversation, t.key) for t in later[:3]]
    assert len({turn.key for turn in later}) == 4


@pytest.mark.parametrize(
    "name",
    [
        "WhatsApp Chat with Ana & Ben.txt", "WhatsApp-Chat mit Ana & Ben.txt",
        "Chat de WhatsApp con Ana & Ben (1).txt", "Discussion WhatsApp avec Ana & Ben.txt",
        "Conversa do WhatsApp com Ana & Ben.txt", "WhatsApp-chat met ANA & Ben.txt",
        "Чат WhatsApp с Ana & Ben.txt", "Ana & Ben ile WhatsApp Sohbeti.txt",
    ],
)  # fmt: skip
def test_the_name_of_the_file_is_the_name_of_the_chat(tmp_path: Path, name: str) -> None:
    path = chat(tmp_path, "25/08/2026, 14:30 - Ana: hi", name=name)
    assert list(about(items("whatsapp", path))) == ["ana & ben"]


def test_a_chat_inside_a_zip_is_called_after_the_zip(tmp_path: Path) -> None:
    path = tmp_path / "WhatsApp Chat - Trip.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("_chat.txt", "[25/08/2026, 14:30:00] Ana: hi\n")
        archive.writestr("00001-PHOTO.jpg", b"")
    (found,) = about(items("whatsapp", path, member="_chat.txt")).values()
    assert (found.conversation, found.title, found.people) == ("trip", "Trip", ("Ana",))


def test_without_a_name_the_first_line_of_an_iphone_says_it(tmp_path: Path) -> None:
    path = chat(
        tmp_path / "Downloads",
        f"[25/08/2026, 14:30:00] Trip: {LRM}Messages and calls are end-to-end encrypted. No one.",
        "[25/08/2026, 14:31:00] Ana: hi",
        name="_chat.txt",
    )
    (found,) = about(items("whatsapp", path)).values()
    assert (found.conversation, found.people) == ("trip", ("Ana",))


@pytest.mark.parametrize(
    "lines",
    [
        ["[2024-01-02 10:00:00] ERROR: disk full", "[2024-01-02 10:00:01] INFO: ok"],
        ["[2024-01-02 10:00:00] nginx: started", "[2024-01-02 10:00:01] sshd: accepted"],
        ["2024-01-02 10:00 - server.py: started", "2024-01-02 10:00 - app/main.c: done"],
        ["2024-01-02 10:00:00,123 - root - INFO - a: b"] * 3,
        ["25/08/2026, 14:30 - Lunch", "26/08/2026, 14:30 - Dinner", "27/08/2026, 14:30 - Tea: 1"],
        ["Notes", "25/08/2026, 14:30 - Ana: hi"],
        ["[2019-12-24, 12:23] Jane Doe: Hello", "[2019-12-24, 12:24] John Doe: Hi"],
    ],
)
def test_logs_and_notes_are_no_chats(tmp_path: Path, lines: list[str]) -> None:
    assert not fits(chat(tmp_path, *lines, name="app.txt"))


def test_a_chat_under_any_name_is_recognised(tmp_path: Path) -> None:
    lines = ["[15-01-20 02:22:56] Mary: hi", "[15-01-20 03:33:01] +1 123 456 789: ho"]
    assert fits(chat(tmp_path, *lines, name="lorem.txt"))
    assert not fits(chat(tmp_path, *lines, name="lorem.md"))


def test_reading_twice_gives_the_same_and_the_zone_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = chat(tmp_path, *dated("{d}/{m}/{y}", *AUGUST))
    first = turns(path)
    assert turns(path) == first
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        moved = turns(path)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert [turn.key for turn in moved] == [turn.key for turn in first]
    assert moved[0].when.endswith("+09:00")


@pytest.mark.parametrize(
    "text",
    ["", "\0" * 100, "99/99/9999, 99:99 - Ana: x", "00/00/00, 14:30 - Ana: x", "[" * 50_000,
     "1" * 200_000, "25/08/2026, 14:30 - " + ":" * 100_000,
     "25/08/2026, 14:30 - A: " + "<" * 90_000,
     "25/08/2026, 14:30 - A: " + "x.y " * 60_000, "25/08/2026, 14:30 - A: x\n" + "y" * 3_000_000],
)  # fmt: skip
def test_nonsense_is_read_quickly_and_without_a_crash(tmp_path: Path, text: str) -> None:
    path = chat(tmp_path, text)
    started = time.process_time()
    fits(path)
    for turn in turns(path):
        assert len(turn.text) < 1_200_000
    assert time.process_time() - started < 5
