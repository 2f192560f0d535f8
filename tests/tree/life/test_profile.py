"""The page about the user: what is on it, and what of the user's own survives."""

from __future__ import annotations

from pathlib import Path

import pytest

from cairn.core.records import Entry, Relation, Source
from cairn.core.tree.life.known import SECTIONS, Known, sections
from cairn.core.tree.life.profile import BEGIN, NAME, profile_page, write_profile
from tests.tree.life.rows import entry

NOW = "2026-05-10T10:00:00+00:00"


def fact(id: str, body: str, **fields: object) -> Entry:
    source = Source(f"chat:claude/{id}#t4", body)
    return entry(id, **({"body": body, "sources": (source,), "subject": "you"} | fields))


LIFE = (
    fact("e_job", "You work as a nurse.", attribute="occupation"),
    fact("e_home", "You live in Berlin.", attribute="home"),
    fact("e_tea", "You prefer tea to coffee.", kind="preference"),
    fact("e_ana", "Your sister lives in Porto.", kind="person", title="Ana"),
    fact("e_shed", "You are building a shed.", kind="project", title="Shed"),
    fact("e_send", "You will send Ana the plan.", kind="promise", valid_until="2026-05-12"),
)
KNOWN: tuple[Known, ...] = tuple((each, "validated") for each in LIFE)


def lines(*entries: Entry) -> list[str]:
    found = sections([(each, "validated") for each in entries], NOW, {})
    return [line for rows in found.values() for line in rows]


def page(was: str = "", known: tuple[Known, ...] = KNOWN) -> str:
    made = profile_page(was, known, NOW, {})
    assert made is not None
    return made


def test_the_page_says_who_where_and_what_is_promised_each_with_its_citation() -> None:
    text = page()
    assert text.splitlines()[1:8] == [
        "# Profile", "", "## Who", "", "- You work as a nurse. [[e_job]] `chat:claude/e_job#t4`",
        "", "## Where",
    ]  # fmt: skip
    titles = [line for line in text.splitlines() if line.startswith("## ")]
    assert titles == [f"## {name}" for name in SECTIONS]
    assert "- Ana: Your sister lives in Porto. [[e_ana]] `chat:claude/e_ana#t4`" in text
    assert "- You will send Ana the plan. (by 2026-05-12) [[e_send]]" in text


def test_links_lead_to_where_an_entry_lies() -> None:
    found = sections(KNOWN, NOW, {"e_home": "people/me/home [1].md"})
    assert found["Where"] == ["- You live in Berlin. [[people/me/home 1]] `chat:claude/e_home#t4`"]


def test_sections_without_anything_are_left_out() -> None:
    text = page(known=((LIFE[2], "core"),))
    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## Preferences"]


def test_only_what_the_user_said_and_what_is_borne_out_is_on_it() -> None:
    for origin in ("other", "assistant", "tool", "document", "context"):
        assert lines(fact("e", "You live in Rome.", origin=origin)) == []
    assert sections([(LIFE[0], "draft")], NOW, {}) == {}
    assert lines(fact("e", "You live in Rome.", valid_until="2026-01-01")) == []
    assert lines(fact("e", "Ana lives in Rome.", subject="Ana")) == []
    assert lines(fact("e", "The shed is red.", subject="")) == []
    assert lines(fact("e", "You will call.", kind="promise", tags=("done",))) == []


def test_what_the_user_said_of_others_is_not_about_the_user() -> None:
    for kind in ("fact", "preference", "promise"):
        assert lines(fact("e", "Ana loves tea.", kind=kind, subject="tea")) == []
    named = fact("e", "Kim lives in Oslo.", subject="Kim")
    assert lines(named) == []
    assert list(sections([(named, "core")], NOW, {}, ("kim",))) == ["Where"]
    assert (
        sections([(fact("e", "Kimberley is a nurse.", subject=""), "core")], NOW, {}, ("Kim",))
        == {}
    )


def test_the_superseded_is_not_on_it() -> None:
    old, new = fact("old", "You live in Rome."), fact("new", "You live in Bonn.")
    after = Entry(**{f: getattr(new, f) for f in Entry.__slots__} | {
        "relations": (Relation("supersedes", "old"),)})  # fmt: skip
    assert [line[:20] for line in lines(old, after)] == ["- You live in Bonn. "]


def test_a_promise_stays_while_it_is_overdue_for_no_more_than_a_season() -> None:
    assert lines(fact("e", "You will call.", kind="promise", valid_until="2026-04-20"))
    assert not lines(fact("e", "You will call.", kind="promise", valid_until="2026-01-20"))


def test_the_order_of_entries_changes_nothing() -> None:
    assert page(known=tuple(reversed(KNOWN))) == page()


def test_core_comes_first_and_a_section_is_short() -> None:
    many: list[Known] = [(fact(f"e_{n}", f"You own {n} cups."), "validated") for n in range(40)]
    many.append((fact("z", "You are a nurse.", title="Z"), "core"))
    found = sections(many, NOW, {})["Who"]
    assert len(found) == 12
    assert found[0].startswith("- You are a nurse.")


def test_who_somebody_is_comes_before_what_else_is_known() -> None:
    many: list[Known] = [
        (fact(f"e_{n}", f"You own {n} cups.", title="A"), "core") for n in range(20)
    ]
    many.append((fact("z", "You are a nurse.", title="Z", attribute="job"), "validated"))
    assert sections(many, NOW, {})["Who"][0].startswith("- You are a nurse.")


def test_text_around_the_block_is_kept_byte_for_byte() -> None:
    before, after = "My notes\r\n\ttab  \n\n", "\n## Mine\n\n- [ ] todo\u2028x\n\n\n"
    made = before + page() + after
    changed = page(made, KNOWN[:2])
    assert changed.startswith(before + BEGIN)
    assert changed.endswith(" -->\n" + after)
    assert "tea" not in changed
    assert page(changed) == made


def test_a_line_that_the_user_writes_into_the_block_moves_below_it() -> None:
    was = page().replace("## Where\n", "## Where\nI also stay in Oslo\n\n## Hobbies\n")
    made = page(was)
    assert made.endswith(" -->\n\nI also stay in Oslo\n## Hobbies\n")
    assert made.partition("\n\nI also")[0] + "\n" == page()
    assert page(made) == made


def test_a_line_that_the_user_corrects_stays_corrected() -> None:
    was = page().replace("You live in Berlin.", "You live in Potsdam, near Berlin.")
    made = page(page(was))
    assert "- You live in Potsdam, near Berlin. [[e_home]]" in made.partition(" -->\n\n")[2]
    assert "You live in Berlin." not in made
    assert "You work as a nurse." in made


def test_a_line_that_the_user_deletes_stays_out_also_when_its_source_changes() -> None:
    tea = "- You prefer tea to coffee. [[e_tea]] `chat:claude/e_tea#t4`\n"
    made = page(page().replace(tea, ""))
    elsewhere = fact("e_tea2", "You prefer tea to coffee.", kind="preference")
    assert "tea" not in page(made, (*KNOWN, (elsewhere, "core")))
    assert "## Preferences" not in made
    assert "You prefer coffee" in page(
        made, (*KNOWN, (fact("n", "You prefer coffee.", kind="preference"), "core"))
    )


def test_a_page_of_the_users_own_is_left_alone() -> None:
    for own in (
        "# Me\n", "---\ntitle: x\n---\n", page() + page(), page().replace(BEGIN, ""),
        page().replace("<!-- cairn: end", ""), BEGIN, page() + BEGIN,
    ):  # fmt: skip
        assert profile_page(own, KNOWN, NOW, {}) is None


def test_a_claim_cannot_break_out_of_its_line() -> None:
    evil = "You like --> <!-- cairn: end of what\n\n# Hacked\n[[e_x|y]] [[z]] " + "long " * 500
    was = page(known=((fact("e", evil, kind="preference", sources=(
        Source(f"file:~/a`b\n# {BEGIN}c.md#L1"),)), "core"),))  # fmt: skip
    assert [line for line in was.splitlines() if line.startswith("#")] == [
        "# Profile", "## Preferences",
    ]  # fmt: skip
    assert page(was, KNOWN) == page()
    assert was.count("[[") == 1
    assert max(map(len, was.splitlines())) < 400


def test_the_file_is_written_only_when_something_changed(tmp_path: Path) -> None:
    path = tmp_path / NAME
    assert not write_profile(tmp_path, (), NOW)
    assert not path.exists()
    assert write_profile(tmp_path, KNOWN, NOW)
    before = path.stat()
    assert not write_profile(tmp_path, KNOWN, "2026-05-11T10:00:00+00:00")
    assert path.stat().st_ino == before.st_ino
    assert write_profile(tmp_path, KNOWN[:3], NOW)
    assert path.read_text("utf-8") == page(page(), KNOWN[:3])


@pytest.mark.parametrize("data", [b"", b" \n", b"\xff\xfe", b"x" * 2_000_000])
def test_a_file_that_is_empty_or_odd_is_not_touched(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / NAME
    path.write_bytes(data)
    assert not write_profile(tmp_path, KNOWN, NOW)
    assert path.read_bytes() == data


def test_a_link_or_a_folder_in_its_place_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.md").write_text(page())
    (tmp_path / NAME).symlink_to(tmp_path / "elsewhere.md")
    assert not write_profile(tmp_path, KNOWN[:1], NOW)
    assert (tmp_path / NAME).is_symlink()
    (tmp_path / NAME).unlink()
    (tmp_path / NAME).mkdir()
    assert not write_profile(tmp_path, KNOWN, NOW)
