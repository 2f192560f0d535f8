"""Questions made from a memory: the same each time, judged rightly, and compared between runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cairn.core.config import Config, Recall
from cairn.core.conversing import converse, judge, request
from cairn.core.engine import Engine
from cairn.core.errors import NotFound
from cairn.core.home import open_home
from cairn.core.personal.bench import Bench
from cairn.core.personal.cases import Case, cases
from cairn.core.personal.runs import Runs, compare
from cairn.core.personal.trying import Outcome, is_right
from cairn.core.records import Answer, Citation, Sentence, Span

THINGS = {
    "boiler": ("serviced by Carlo Brandt", "189 euros"),
    "roof": ("mended with slate", "2400 euros"),
    "piano": ("tuned in the autumn", "95 euros"),
    "bicycle": ("bought from a neighbour", "320 euros"),
    "tent": ("kept behind the winter clothes", "4 kilos"),
    "cellar": ("dried after the flood", "7 days"),
    "apple tree": ("pruned by grandfather", "31 apples"),
    "printer": ("thrown out broken", "12 years"),
    "kayak": ("painted green and white", "58 euros"),
    "fence": ("built along the meadow", "46 metres"),
    "stove": ("swept before Christmas", "75 euros"),
    "carpet": ("woven in Isfahan", "880 euros"),
}


def write(folder: Path) -> Path:
    folder.mkdir()
    for thing, (deed, amount) in THINGS.items():
        text = (
            f"# The {thing}\n\nThe old {thing} was {deed} and nobody complained about that.\n\n"
            f"All in all the {thing} came to {amount} in the end.\n\n"
            f"Whoever asks about the {thing} should look at this page before anything else.\n"
        )
        (folder / f"{thing.replace(' ', '-')}.md").write_text(text)
    return folder


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("bench")
    engine = Engine(open_home(folder / "home"), Config())
    engine.add(write(folder / "life"))
    engine.work()
    yield engine
    engine.close()


def bench(engine: Engine) -> Bench:
    return Bench(engine.asking, engine.index, engine.journal, engine.config)


def run(engine: Engine, limit: int = 24) -> list[Outcome]:
    trial = bench(engine)
    return [trial.attempt(case) for case in trial.cases(limit)]


def test_the_same_memory_gives_the_same_questions_of_each_kind(filled: Engine) -> None:
    made = bench(filled).cases(24)
    assert made == bench(filled).cases(24)
    assert len(made) <= 24 and len({case.id for case in made}) == len(made)
    assert {case.kind for case in made} == {"found", "value", "absent"}
    assert len({case.uri for case in made if case.kind == "found"}) >= 8


def test_no_question_gives_its_own_answer_away(filled: Engine) -> None:
    for case in bench(filled).cases(40):
        if case.kind == "value":
            assert case.value not in case.text
        assert case.kind == "absent" or (case.uri and case.hashes)


def test_a_sound_memory_answers_most_of_them(filled: Engine) -> None:
    outcomes = run(filled)
    right = [each for each in outcomes if each.right]
    assert len(right) >= 0.8 * len(outcomes), [each for each in outcomes if not each.right]
    assert all(each.rank for each in outcomes if each.case.kind == "found")


def test_asking_them_leaves_nothing_behind(filled: Engine) -> None:
    tables = ("turns", "answered", "signals", "quoted", "events")
    before = {name: filled.journal.read(f"SELECT * FROM {name}") for name in tables}
    run(filled, 12)
    assert {name: filled.journal.read(f"SELECT * FROM {name}") for name in tables} == before
    assert filled.asking.session.latest() == []


def test_a_run_is_kept_without_a_word_of_the_memory(filled: Engine) -> None:
    benched = bench(filled).keep(run(filled, 12), 1.0)
    (row,) = filled.journal.read("SELECT * FROM self_tests WHERE id = ?", benched.run.id)
    text = str(row).casefold()
    assert not any(thing in text for thing in THINGS)
    assert not any(deed.split()[-1] in text for deed, _ in THINGS.values())


def test_a_worse_setting_is_seen_and_what_got_worse_is_named(filled: Engine) -> None:
    first = bench(filled)
    outcomes = [first.attempt(case) for case in first.cases(24)]
    before = first.keep(outcomes, 1.0)
    strict = replace(filled.config, recall=Recall(min_relevance=0.99))
    second = Bench(filled.asking, filled.index, filled.journal, strict)
    filled.asking._settings = strict.recall
    try:
        worse = [second.attempt(case) for case in second.cases(24)]
    finally:
        filled.asking._settings = filled.config.recall
    benched = second.keep(worse, 1.0)
    assert benched.run.fingerprint != before.run.fingerprint
    compared = benched.compared
    assert compared is not None and compared.before.id == before.run.id
    assert compared.changed == ("recall.min_relevance",)
    assert compared.both == len(outcomes)
    assert len(compared.worse) >= 0.5 * len([each for each in outcomes if each.right])
    assert set(compared.worse) <= {each.case.id for each in worse if not each.right}
    assert compared.right_before - compared.right_now == len(compared.worse) - len(compared.better)


def test_it_is_compared_with_the_last_run_that_was_made_otherwise(filled: Engine) -> None:
    runs, case = Runs(filled.journal), Case("found", "a b c", "file:/x", ("h",))
    kept = [
        runs.keep("2026-01-01", made, [Outcome(case, right, 1, True)], 1.0)
        for made, right in (
            ({"model": "a"}, True),
            ({"model": "b"}, False),
            ({"model": "b"}, False),
        )
    ]
    before = runs.before(kept[-1])
    assert before is not None and before.id == kept[0].id
    assert compare(before, kept[-1]).worse == (case.id,)
    assert runs.before(kept[-1]) == before


def test_only_the_last_thirty_runs_are_kept(filled: Engine) -> None:
    runs = Runs(filled.journal)
    for _ in range(35):
        runs.keep("2026-01-01", {}, [], 0.1)
    assert len(runs.all()) == 30


def test_what_was_called_good_must_stay_and_what_was_called_bad_must_not_come_back(
    filled: Engine,
) -> None:
    for verdict, thing in (("good", "roof"), ("bad", "kayak")):
        converse(filled.asking, request(f"how much did the {thing} come to?", {}))
        judge(filled.asking, filled.private, verdict)  # type: ignore[arg-type]
    said = filled.asking.feedback.all()
    try:
        by_kind = {each.case.kind: each for each in run(filled, 8)}
        assert by_kind["good"].right and by_kind["good"].case.text.endswith("roof come to?")
        assert not by_kind["bad"].right
        made = cases([], said, 8)
        assert [case.kind for case in made] == ["bad", "good"]
    finally:
        with filled.journal.write() as db:
            db.execute("DELETE FROM feedback")
        filled.asking.session.clear()


def test_an_empty_memory_has_no_questions(tmp_path: Path) -> None:
    engine = Engine(open_home(tmp_path / "home"), Config())
    try:
        with pytest.raises(NotFound):
            bench(engine).cases()
    finally:
        engine.close()


def citation(hash: str, uri: str = "file:/a.md") -> Citation:
    return Citation(1, uri, Span(0, 1, "L", 1, 1), "", "", "", hash)


def answer(text: str, *hashes: str) -> Answer:
    cited = tuple(map(citation, hashes))
    return Answer("", (Sentence(text, (1,)),), cited, 2, 1.0, abstained=not hashes)


@pytest.mark.parametrize(
    ("case", "given", "right"),
    [
        (Case("value", "x", value="189"), answer("It cost 189 euros.", "h"), True),
        (Case("value", "x", value="18"), answer("It cost 189 euros.", "h"), False),
        (Case("value", "x", value="9"), answer("It cost 1,9 euros.", "h"), False),
        (Case("value", "x", value="189"), answer("It was 189.", "h"), True),
        (Case("absent", "x"), answer(""), True),
        (Case("absent", "x"), answer("It is so.", "h"), False),
        (Case("found", "x", "file:/a.md"), answer("", "h"), True),
        (Case("found", "x", "file:/b.md"), answer("", "h"), False),
        (Case("good", "x", "", ("g", "h")), answer("", "h"), True),
        (Case("good", "x", "", ("g",)), answer("", "h"), False),
        (Case("good", "x"), answer(""), True),
        (Case("good", "x"), answer("", "h"), False),
        (Case("bad", "x", "", ("h",)), answer("", "h", "i"), False),
        (Case("bad", "x", "", ("g", "h")), answer("", "h"), True),
        (Case("bad", "x"), answer(""), False),
        (Case("bad", "x"), answer("", "h"), True),
    ],
)
def test_each_kind_has_its_own_right_answer(case: Case, given: Answer, right: bool) -> None:
    assert is_right(case, given) is right
