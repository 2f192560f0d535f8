"""Address books: each contact as lines that a person can read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.extract.checks import check_chunks, read

ANNA = """\
BEGIN:VCARD
VERSION:3.0
N:Müller;Anna;;Dr.;
FN:Dr. Anna Müller
NICKNAME:Anni
ORG:Garden Ltd;Research
TITLE:Head of beds
EMAIL;TYPE=INTERNET,WORK:anna@example.org
TEL;TYPE=CELL:+49 170 1
TEL;TYPE=HOME,VOICE:+49 30 2
ADR;TYPE=HOME:;;Street 1;Berlin;;10115;Germany
BDAY:1990-03-03
PHOTO;ENCODING=b;TYPE=JPEG:AAAA
 BBBBCCCC
item1.TEL:+49 5
item1.X-ABLabel:_$!<HomeFAX>!$_
NOTE:Likes roses\\, not tulips.\\nAllergic to nuts.
END:VCARD
"""


def test_a_contact_in_readable_lines(tmp_path: Path) -> None:
    document = read(tmp_path, "a.vcf", ANNA)
    assert (document.kind, document.title) == ("contact", "Dr. Anna Müller")
    assert document.text == (
        "Dr. Anna Müller\n"
        "Nickname: Anni\n"
        "Organisation: Garden Ltd, Research\n"
        "Title: Head of beds\n"
        "Mail (work): anna@example.org\n"
        "Phone (mobile): +49 170 1\n"
        "Phone (home): +49 30 2\n"
        "Phone (homefax): +49 5\n"
        "Address (home): Street 1, Berlin, 10115, Germany\n"
        "Birthday: 3 March 1990 (1990-03-03)\n"
        "Note: Likes roses, not tulips.\nAllergic to nuts."
    )


def test_a_birthday_does_not_date_the_text(tmp_path: Path) -> None:
    document = read(tmp_path, "2026-01-01.vcf", ANNA)
    assert document.when == ""
    assert {chunk.when for chunk in check_chunks(document)} == {""}


def test_each_contact_is_cited_where_it_begins(tmp_path: Path) -> None:
    bob = 'BEGIN:VCARD\nVERSION:4.0\nFN:Bob\nTEL;VALUE=uri;TYPE="home":tel:+1-5\nEND:VCARD\n'
    document = read(tmp_path, "people.vcf", ANNA + bob)
    first, second = check_chunks(document)
    assert document.title == "people"
    assert (first.heading, first.span.locator) == (("Dr. Anna Müller",), "L1")
    assert (second.heading, second.span.locator) == (("Bob",), f"L{ANNA.count(chr(10)) + 1}")
    assert second.text == "Bob\nPhone (home): +1-5"


def test_old_cards_from_phones(tmp_path: Path) -> None:
    card = (
        "BEGIN:VCARD\r\nVERSION:2.1\r\n"
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=\r\n=C3=B6rg;;;\r\n"
        "TEL;CELL;PREF:0170\r\nPHOTO;JPEG;BASE64:AAAA\r\nBBBB\r\n\r\nBDAY:19900303\r\nEND:VCARD\r\n"
    )
    assert read(tmp_path, "a.vcf", card).text == (
        "Jörg Müller\nPhone (mobile): 0170\nBirthday: 3 March 1990 (1990-03-03)"
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("BDAY:--0229", "29 February"),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-03-03", "3 March"),
        ("BDAY:1990-03-03T00:00:00Z", "3 March 1990 (1990-03-03)"),
        ("BDAY:in spring", "in spring"),
        ("BDAY:--9999", "--9999"),
    ],
)
def test_birthdays(tmp_path: Path, value: str, shown: str) -> None:
    text = read(tmp_path, "a.vcf", f"BEGIN:VCARD\nFN:x\n{value}\nEND:VCARD\n").text
    assert text == f"x\nBirthday: {shown}"


def test_pictures_don_t_count_for_the_limit_of_text(tmp_path: Path) -> None:
    picture = "PHOTO;ENCODING=b:" + "\n AAAAAAAAAAAAAAAAAAAAAAAA" * 250_000
    document = read(tmp_path, "a.vcf", f"BEGIN:VCARD\nFN:Bob\n{picture}\nEND:VCARD\n")
    assert document.text == "Bob"


@pytest.mark.parametrize(
    "rows",
    ["FN:x", "FN:x\nTEL:" + "1" * 300_000, "FN:x\nADR:" + ";" * 300_000 + "b",
     "FN:x\n" + "EMAIL:a@b\n" * 20_000,
     "N:" + ";" * 9000 + "\nORG:x", "FN:x\nNOTE:" + "\\" * 99_999],
)  # fmt: skip
def test_hostile_cards(tmp_path: Path, rows: str) -> None:
    assert read(tmp_path, "a.vcf", f"BEGIN:VCARD\n{rows}\n").text.startswith("x")
