"""Calendars: when and where in plain words, rules that can be read, one day for each entry."""

from __future__ import annotations

from pathlib import Path

import pytest

from cairn.core.errors import ExtractError
from tests.extract.checks import check_chunks, read

MEETING = """\
BEGIN:VCALENDAR
VERSION:2.0
X-WR-CALNAME:Garden club
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:19701025T030000
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
DTSTART;TZID=Europe/Berlin:20260303T100000
DTEND;TZID=Europe/Berlin:20260303T113000
RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20260501T000000Z
EXDATE;TZID=Europe/Berlin:20260310T100000
SUMMARY:Planning\\, spring
LOCATION:Shed\\; behind
  the house
ORGANIZER;CN="Müller, Anna":mailto:anna@example.org
ATTENDEE;CN=Bob;PARTSTAT=ACCEPTED:mailto:bob@example.org
ATTENDEE;PARTSTAT=DECLINED:mailto:eve@example.org
DESCRIPTION:Bring seeds.\\n\\nAnd spades.
BEGIN:VALARM
DESCRIPTION:not shown
END:VALARM
END:VEVENT
BEGIN:VEVENT
SUMMARY:Fair
DTSTART;VALUE=DATE:20260501
DTEND;VALUE=DATE:20260504
STATUS:CANCELLED
END:VEVENT
END:VCALENDAR
"""


def one(folder: Path, *rows: str, kind: str = "VEVENT") -> str:
    """The text of a calendar with one entry."""
    rows = ("BEGIN:VCALENDAR", f"BEGIN:{kind}", *rows, f"END:{kind}", "END:VCALENDAR")
    return read(folder, "a.ics", "\r\n".join(rows)).text


def test_events_in_plain_words(tmp_path: Path) -> None:
    document = read(tmp_path, "a.ics", MEETING)
    assert (document.kind, document.title, document.when) == ("event", "Garden club", "")
    assert document.text == (
        "Planning, spring\n"
        "When: Tuesday 3 March 2026, 10:00 to 11:30 Europe/Berlin "
        "(2026-03-03T10:00:00+01:00 to 2026-03-03T11:30:00+01:00)\n"
        "Repeats: every week on Tuesday until 2026-05-01\n"
        "Except on: 2026-03-10\n"
        "Where: Shed; behind the house\n"
        "Organizer: Müller, Anna <anna@example.org>\n"
        "With: Bob <bob@example.org> (accepted), eve@example.org (declined)\n\n"
        "Bring seeds.\n\nAnd spades.\n\n"
        "Fair\n"
        "Status: cancelled\n"
        "When: Friday 1 May 2026 to Sunday 3 May 2026, all day (2026-05-01 to 2026-05-03)"
    )
    first, second = check_chunks(document)
    assert (first.when, first.heading) == ("2026-03-03T10:00:00+01:00", ("Planning, spring",))
    assert (second.when, second.heading) == ("2026-05-01", ("Fair",))
    rows = MEETING.split("\n")
    assert [rows[chunk.span.first - 1] for chunk in (first, second)] == ["BEGIN:VEVENT"] * 2


def test_a_single_event_dates_and_names_the_file(tmp_path: Path) -> None:
    rows = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Dentist\nDTSTART:20260303T100000Z\nEND:VEVENT"
    document = read(tmp_path, "a.ics", rows)
    assert (document.title, document.when) == ("Dentist", "2026-03-03T10:00:00+00:00")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=DAILY", "every day"),
        ("FREQ=DAILY;INTERVAL=3;COUNT=10", "every 3 days 10 times"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR", "every 2 weeks on Monday, Wednesday and Friday"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "every month on the 15th"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"),
        ("FREQ=MONTHLY;BYDAY=2TU", "every month on the second Tuesday"),
        ("FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1", "every month on the last Friday"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "every month on the last weekday"),
        ("FREQ=YEARLY", "every year on 3 March"),
        ("FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "every year on the last Sunday in October"),
        ("FREQ=YEARLY;RSCALE=CHINESE", "every year of the Chinese calendar"),
        ("W2 TU #10", "every 2 weeks on Tuesday"),
    ],
)
def test_recurrence(tmp_path: Path, rule: str, words: str) -> None:
    text = one(tmp_path, "SUMMARY:x", "DTSTART:20260303", f"RRULE:{rule}")
    assert text.endswith(f"Repeats: {words}")


@pytest.mark.parametrize(
    "rule",
    ["", "FREQ=", "FREQ=SOMETIMES", "FREQ=WEEKLY;BYDAY=XX,99MO", "FREQ=YEARLY;BYMONTH=13,0,-1",
     "FREQ=DAILY;INTERVAL=" + "9" * 500, "FREQ=MONTHLY;BYMONTHDAY=" + "1," * 9000, "=;=;;"],
)  # fmt: skip
def test_senseless_rules_harm_nothing(tmp_path: Path, rule: str) -> None:
    assert one(tmp_path, "SUMMARY:Tea", "DTSTART:20260303", f"RRULE:{rule}").startswith("Tea\n")


@pytest.mark.parametrize(
    ("start", "iso"),
    [
        (";TZID=America/New_York:20260703T100000", "2026-07-03T10:00:00-04:00"),
        (";TZID=/example.org/20260101/Europe/Berlin:20260703T100000", "2026-07-03T10:00:00+02:00"),
        (";TZID=W. Europe Standard Time:20260703T100000", "2026-07-03T10:00:00+02:00"),
        (";TZID=../../etc/passwd:20260703T100000", "2026-07-03T10:00:00"),
        (";TZID=My own zone:20260703T100000", "2026-07-03T10:00:00"),
        (":20260703T100000", "2026-07-03T10:00:00"),
        (":2026-07-03T10:00:00Z", "2026-07-03T10:00:00+00:00"),
        (";VALUE=DATE:20260703", "2026-07-03"),
        (":20261332T990000", ""),
        (":tomorrow", ""),
        (":00010101T000000Z", "0001-01-01T00:00:00+00:00"),
    ],
)
def test_times_and_zones(tmp_path: Path, start: str, iso: str) -> None:
    rows = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nDTSTART{start}\nEND:VEVENT\n"
    assert read(tmp_path, "a.ics", rows).when == iso


def test_a_duration_gives_the_end(tmp_path: Path) -> None:
    text = one(tmp_path, "SUMMARY:x", "DTSTART:20260303T230000", "DURATION:PT1H30M")
    assert "Tuesday 3 March 2026, 23:00 to Wednesday 4 March 2026, 00:30 (2026" in text
    assert "23:00 (2026" in one(tmp_path, "DTSTART:20260303T230000", "DURATION:P999999D")


def test_tasks_and_journal_entries(tmp_path: Path) -> None:
    task = ("SUMMARY:Pay rent", "DUE;VALUE=DATE:20260401", "COMPLETED:20260330T080000Z")
    assert one(tmp_path, *task, kind="VTODO") == (
        "Pay rent\nKind: task\nDue: Wednesday 1 April 2026, all day (2026-04-01)\n"
        "Done: Monday 30 March 2026 (2026-03-30T08:00:00+00:00)"
    )
    entry = ("DTSTART:20260303", "DESCRIPTION:One.", "DESCRIPTION:<p>Two <b>bold</b></p>")
    text = one(tmp_path, *entry, kind="VJOURNAL")
    assert text.endswith("\n\nOne.\n\nTwo bold")


def test_a_message_that_cancels_says_so(tmp_path: Path) -> None:
    rows = "BEGIN:VCALENDAR\nMETHOD:CANCEL\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR"
    assert "Status: cancelled" in read(tmp_path, "a.ics", rows).text


def test_old_calendars_with_quoted_printable(tmp_path: Path) -> None:
    rows = ("SUMMARY;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Gr=C3=BC=", "=C3=9Fe: an alle",
            "DTSTART:20260303T100000")  # fmt: skip
    assert one(tmp_path, *rows).startswith("Grüße: an alle\nWhen:")


def test_without_an_extension_it_is_known_by_its_content(tmp_path: Path) -> None:
    assert read(tmp_path, "download", MEETING).kind == "event"


@pytest.mark.parametrize(
    "rows",
    [
        "SUMMARY:x",  # torn off
        "SUMMARY:x\nEND:VALARM\nBEGIN:VALARM\nBEGIN:VALARM\nEND:VEVENT",
        "SUMMARY:x\n" + "BEGIN:X\n" * 20_000,
        "SUMMARY:x\nX;A=" + '"' * 200_001 + ":y",
        "SUMMARY:x\nX" + ";" * 200_000 + ":y",
        "SUMMARY:x\nCOMMENT:" + "<a " * 100_000,
        "SUMMARY:x\n" + "ATTENDEE:mailto:a@b\n" * 20_000,
        "SUMMARY:x\nEXDATE:" + "20260101," * 50_000,
        "SUMMARY:x\nCOMMENT;ENCODING=QUOTED-PRINTABLE:" + "a=\n" * 50_000,
        "SUMMARY:x\nno property at all",
        "SUMMARY:x\n:\n;:\n=:;\n",
    ],
)
def test_hostile_calendars(tmp_path: Path, rows: str) -> None:
    assert read(tmp_path, "a.ics", f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{rows}").text.startswith("x")


def test_a_calendar_without_entries_is_skipped(tmp_path: Path) -> None:
    with pytest.raises(ExtractError) as caught:
        read(tmp_path, "a.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR\n")
    assert caught.value.skipped


def test_an_event_of_nothing_but_dates_or_people_is_kept(tmp_path: Path) -> None:
    assert "Also on: 1997-01-01, 1997-01-20" in one(tmp_path, "RDATE;VALUE=DATE:19970101,19970120")
    assert "With: Ida" in one(tmp_path, "ATTENDEE;CN=Ida:mailto:ida@example.org")


def test_available_times_are_kept(tmp_path: Path) -> None:
    text = one(tmp_path, "SUMMARY:Mornings", "DTSTART:20111002T090000Z", kind="AVAILABLE")
    assert text.startswith("Mornings\nKind: available time\nWhen: Sunday 2 October 2011")


@pytest.mark.parametrize("fold", ["\n ", "\n\n ", "\n \n "])
def test_names_that_stand_alone_on_their_line_keep_their_value(tmp_path: Path, fold: str) -> None:
    rows = (
        "BEGIN:VCALENDAR", f"VERSION{fold}:2.0", "BEGIN:VEVENT", f"SUMMARY{fold}:Boxing Day",
        f"DTSTART{fold};VALUE=DATE\n :20031226", "END:VEVENT", "BEGIN:VEVENT", "SUMMARY:Next",
        "END:VEVENT", "END:VCALENDAR",
    )  # fmt: skip
    content = "\n".join(rows)
    document = read(tmp_path, "a.ics", content)
    assert [block.heading for block in document.blocks] == [("Boxing Day",), ("Next",)]
    assert document.blocks[0].when == "2003-12-26"
    lines = content.split("\n")
    assert [lines[place.number - 1] for place in document.places] == ["BEGIN:VEVENT"] * 2
