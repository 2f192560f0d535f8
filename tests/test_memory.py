"""The doors to the memory: the user's word counts once, for the right entry, and is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.errors import CairnError, ConfigError, NotFound, Unavailable
from cairn.core.home import open_home
from cairn.core.records import Entry, Source
from cairn.core.tree.curate.material import Proposal
from cairn.core.tree.curate.reconcile import Place, claim_key
from cairn.core.tree.ledger import Edit, Plan
from cairn.core.tree.markdown import render
from cairn.core.tree.plan import Step
from cairn.core.tree.review import ReviewKind, Reviews, Verdict


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(open_home(tmp_path / "home"), Config())
    yield engine
    engine.close()


def add(engine: Engine, id: str, body: str, **rest: object) -> None:
    made = replace(Entry(id, body, "fact", body, "2026-03-02", author="rules"), **rest)  # type: ignore[arg-type]
    plan = Plan("ADD", (Edit(id, "", "", f"home/{id}.md", render(made)),), "said so", "rules")
    engine.tree.commit([plan])
    engine.curation.life.begin({id: 0.5}, engine.tree.now())


def vouched(engine: Engine) -> set[str]:
    return {id for id, each in engine.curation.life.all().items() if each.vouched}


def is_rejected(engine: Engine, body: str) -> bool:
    sql = "SELECT 1 FROM proposals WHERE key = ? AND state = 'rejected'"
    return bool(engine.journal.read(sql, claim_key("fact", body)))


def test_what_stays_of_a_merge_is_vouched_for_also_where_it_did_not_change(engine: Engine) -> None:
    add(engine, "e_1", "The beds cost 400.")
    add(engine, "e_2", "The beds cost 400 euros.")
    engine.curation.life.begin({"e_2": 0.5}, engine.tree.now())
    engine.memory.merge(["e_1", "e_2"])
    assert vouched(engine) == {"e_1"}


def test_what_replaces_is_vouched_for_and_what_is_replaced_is_not(engine: Engine) -> None:
    add(engine, "e_1", "The beds cost 400.", valid_until="2026-04-01")
    add(engine, "e_2", "The beds cost 380.")
    with engine.journal.write() as db:
        db.execute("UPDATE signals SET uses = 7 WHERE entry = 'e_1'")
    step = Step("supersede", ("e_1", "e_2"))
    number = engine.curation.reviews.ask(
        "supersede", "k", ("e_1", "e_2"), (step,), "newer", engine.tree.now()
    )
    engine.memory.review(number, "accept")
    assert vouched(engine) == {"e_2"}
    signals = engine.curation.life.get("e_2")
    assert signals and signals.uses == 7


def test_an_accepted_merge_vouches_for_what_stays(engine: Engine) -> None:
    add(engine, "e_1", "The beds cost 400.")
    add(engine, "e_2", "The beds cost 400 euros.", sources=(Source("file:/a", "400"),))
    step = Step("merge", ("e_1", "e_2"))
    ids = ("e_1", "e_2")
    number = engine.curation.reviews.ask("merge", "k", ids, (step,), "same", engine.tree.now())
    engine.memory.review(number, "accept")
    assert vouched(engine) == {"e_1"}


def test_a_text_of_the_users_is_put_there_and_the_plan_is_carried_out(engine: Engine) -> None:
    add(engine, "e_1", "The beds cost 400.")
    add(engine, "e_2", "The beds cost 380.")
    steps = (Step("supersede", ("e_1", "e_2")), Step("relate", ("e_2", "e_1"), {"type": "follows"}))
    ids = ("e_1", "e_2")
    number = engine.curation.reviews.ask("supersede", "k", ids, steps, "newer", engine.tree.now())
    text = engine.memory.kept("e_2").text.replace("380", "370")
    engine.memory.review(number, "edit", text)
    newer, older = engine.memory.find("e_2").entry, engine.memory.find("e_1").entry
    assert "370" in newer.body and older.valid_until
    assert [each.type for each in newer.relations] == ["supersedes", "follows"]


@pytest.mark.parametrize("verdict", ["accept", "edit", "reject", "keep-both"])
def test_what_was_answered_is_not_carried_out_again(engine: Engine, verdict: Verdict) -> None:
    number = asked(engine, "supersede")
    engine.memory.review(number, "keep-both")
    before = [(each.path, each.entry) for each in engine.tree.catalogue.all()]
    text = engine.memory.kept("e_2").text.replace("380", "370")
    with pytest.raises(NotFound, match="does not wait for an answer: it was answered with"):
        engine.memory.review(number, verdict, text)
    assert [(each.path, each.entry) for each in engine.tree.catalogue.all()] == before
    assert not is_rejected(engine, "The beds cost 380.")
    assert engine.curation.reviews.get(number).state == "kept-both"


@pytest.mark.parametrize("kind", ["supersede", "merge", "weak"])
@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_a_kill_before_the_answer_is_noted_leaves_a_question_that_can_be_answered(
    engine: Engine, kind: ReviewKind, verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = asked(engine, kind)
    with monkeypatch.context() as patched:
        patched.setattr(Reviews, "decide", killed)
        with pytest.raises(KeyboardInterrupt):
            engine.memory.review(number, verdict)
    after = [(each.path, each.entry) for each in engine.tree.catalogue.all()]
    assert engine.memory.review(number, verdict) is None
    assert [(each.path, each.entry) for each in engine.tree.catalogue.all()] == after
    assert engine.curation.reviews.get(number).state == f"{verdict}ed"


def asked(engine: Engine, kind: ReviewKind) -> int:
    add(engine, "e_1", "The beds cost 400.")
    add(engine, "e_2", "The beds cost 380.")
    ids = ("e_1", "e_2")
    step = {"weak": Step("archive", ids), "merge": Step("merge", ids)}
    plan = (step.get(kind, Step("supersede", ids)),)
    return engine.curation.reviews.ask(kind, "k", ids, plan, "newer", engine.tree.now())


def killed(*given: object) -> None:
    raise KeyboardInterrupt


def test_what_is_thrown_out_and_brought_back_may_be_said_again(engine: Engine) -> None:
    add(engine, "e_1", "The beds cost 400.")
    done = engine.memory.throw_out(["e_1"])
    assert is_rejected(engine, "The beds cost 400.")
    undo = engine.memory.undo(done.id)
    assert not is_rejected(engine, "The beds cost 400.")
    again = engine.memory.undo(undo.id)
    engine.memory.undo(again.id)
    engine.memory.throw_out(["e_1"])
    engine.memory.bring_back("e_1")
    assert not is_rejected(engine, "The beds cost 400.")


def test_what_the_user_did_last_is_taken_back_without_a_number(engine: Engine) -> None:
    add(engine, "e_1", "The beds cost 400.")
    with pytest.raises(NotFound, match="nothing of yours"):
        engine.memory.undo()
    moved = engine.memory.move("e_1", "beds")
    away = engine.memory.archive(["e_1"])
    add(engine, "e_2", "The fence costs 90.")
    assert engine.memory.undo().undoes == away.id
    assert engine.memory.undo().undoes == moved.id
    with pytest.raises(NotFound, match="nothing of yours"):
        engine.memory.undo()
    with pytest.raises(NotFound, match="no operation 0"):
        engine.memory.undo(0)
    assert engine.memory.find("e_1").path == "home/e_1.md" and engine.memory.find("e_2")


def test_what_was_just_done_to_a_file_is_the_latest(engine: Engine) -> None:
    add(engine, "e_1", "The beds cost 400.")
    engine.memory.move("e_1", "beds")
    file = engine.tree.files.root / engine.memory.find("e_1").path
    file.write_text(file.read_text().replace("400", "390"))
    engine.memory.undo()
    assert "400" in file.read_text()


def test_an_addition_that_is_undone_again_is_not_proposed(engine: Engine) -> None:
    add(engine, "e_1", "The beds cost 400.")
    last = engine.memory.log(limit=1)[0].id
    for expected in (True, False, True):
        last = engine.memory.undo(last).id
        assert is_rejected(engine, "The beds cost 400.") is expected


def test_moving_a_file_is_no_word_for_it(engine: Engine) -> None:
    add(engine, "e_1", "The beds cost 400.")
    root = engine.tree.files.root
    (root / "home/e_1.md").rename(root / "e_1.md")
    engine.memory.notice()
    assert vouched(engine) == set()
    (root / "e_1.md").write_text((root / "e_1.md").read_text().replace("400", "390"))
    engine.memory.notice()
    assert vouched(engine) == {"e_1"}


def test_a_remembered_thought_has_a_life_at_once(engine: Engine) -> None:
    path, _ = engine.remember("The spare key is with Jonas.")
    id = engine.memory.find(str(path)).entry.id
    signals = engine.curation.life.get(id)
    assert signals and signals.vouched == 1 and signals.importance == 1.0


def test_a_thought_that_would_be_no_file_is_refused(engine: Engine) -> None:
    with pytest.raises(CairnError):
        engine.remember("界" * 900_000)
    engine.remember("short")


def away(engine: Engine, id: str) -> None:
    """Its file is gone for a moment, as when a folder is synchronized."""
    path = engine.tree.files.path(engine.memory.find(id).path)
    text = path.read_text()
    path.unlink()
    assert engine.memory.notice() == [id]
    path.write_text(text)
    assert engine.memory.notice() == [id]


def test_what_was_away_is_not_called_wrong_when_it_is_archived(engine: Engine) -> None:
    for id in ("e_1", "e_2", "e_3"):
        add(engine, id, f"The beds of {id} cost 400.")
    engine.memory.archive(["e_2"])
    engine.memory.throw_out(["e_3"])
    for id in ("e_1", "e_2", "e_3"):
        away(engine, id)
    engine.memory.archive(["e_1"])
    assert engine.tree.catalogue.rejected(["e_1", "e_2", "e_3"]) == ["e_3"]


def test_what_was_thrown_out_is_not_wrong_in_the_tree_as_it_was(tmp_path: Path) -> None:
    now = datetime(2026, 5, 4, 12, tzinfo=UTC)
    engine = Engine(open_home(tmp_path / "home"), Config(), lambda: now)
    add(engine, "e_1", "The beds cost 400.")
    now += timedelta(hours=1)
    engine.memory.throw_out(["e_1"])
    now += timedelta(hours=1)
    engine.memory.restore_as_of(now - timedelta(minutes=90))
    engine.memory.archive(["e_1"])
    assert not engine.tree.catalogue.rejected(["e_1"])
    engine.close()


def test_what_was_deleted_is_not_proposed_again(engine: Engine) -> None:
    add(engine, "e_1", "The beds cost 400 euros.")
    body, sources = "The beds cost 400 euros.", (Source("file:/a#L1", "400"),)
    said = Proposal("fact", "Beds", body, sources, "user")
    place = Place("", "", "file:/a", "", "")
    assert engine.curation.fresh([said], place)
    engine.tree.files.path("home/e_1.md").unlink()
    engine.memory.notice()
    assert not engine.curation.fresh([said], place)


def test_private_mode_changes_nothing(engine: Engine) -> None:
    add(engine, "e_1", "The beds cost 400.")
    at = engine.tree.now()
    step = (Step("archive", ("e_1",)),)
    number = engine.curation.reviews.ask("weak", "k", ("e_1",), step, "r", at)
    engine.private.begin()
    before = (
        engine.journal.read("SELECT * FROM reviews"),
        engine.journal.read("SELECT * FROM proposals"),
    )
    for call in (
        lambda: engine.memory.review(number, "keep-both"),
        lambda: engine.memory.review(number, "reject"),
        lambda: engine.memory.reopen(number),
        lambda: engine.memory.throw_out(["e_1"]),
        lambda: engine.memory.undo(1),
        lambda: engine.remember("x"),
    ):
        with pytest.raises(Unavailable):
            call()
    assert before == (
        engine.journal.read("SELECT * FROM reviews"),
        engine.journal.read("SELECT * FROM proposals"),
    )


def test_a_file_that_cannot_be_read_is_still_shown(engine: Engine) -> None:
    add(engine, "e_1", "The beds cost 400.")
    engine.tree.files.path("home/e_1.md").write_bytes(b"\xff\xfe")
    engine.memory.notice()
    assert engine.memory.kept("e_1").text == ""
    with pytest.raises(Unavailable, match="not UTF-8"):
        engine.memory.archive(["e_1"])


def test_a_thought_is_filed_as_what_it_is_and_counts_at_once(engine: Engine) -> None:
    engine.remember("I live in Potsdam.")
    (filed,) = engine.tree.catalogue.all()
    assert (filed.entry.subject, filed.entry.attribute, filed.entry.value) == (
        "me",
        "home",
        "Potsdam",
    )
    assert filed.entry.body == "I live in Potsdam."
    signals = engine.curation.life.get(filed.entry.id)
    assert signals and signals.maturity == "validated"
    engine.upkeep.write_profile()
    assert "I live in Potsdam." in (engine.home.tree / "profile.md").read_text()


def test_a_thought_with_letters_missing_is_not_kept(engine: Engine) -> None:
    with pytest.raises(ConfigError, match="not UTF-8"):
        engine.memory.remember("J\udcf6rg owes 42 euro")
    assert not list(engine.tree.catalogue.all())
