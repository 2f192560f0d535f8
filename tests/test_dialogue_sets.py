"""Files of the sets of dialogues, made here in small, become dialogues and `turns.jsonl`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.bench.dialogue_sets import Dialogue, load
from tests.bench.recall_score import Ranked, summarize, trec

LOCOMO: list[dict[str, Any]] = [
    {
        "sample_id": "conv-1",
        "conversation": {
            "speaker_a": "Ann", "speaker_b": "Bo",
            "session_1_date_time": "1:56 pm on 8 May, 2023",
            "session_1": [
                {"speaker": "Ann", "dia_id": "D1:1", "text": "The bike is fixed."},
                {"speaker": "Bo", "dia_id": "D1:2", "text": "Look!", "blip_caption": "a red kite"},
            ],
            "session_2_date_time": "12:05 am on 1 June, 2023",
            "session_2": [{"speaker": "Bo", "dia_id": "D2:1", "text": "I moved to Ulm."}],
        },
        "qa": [
            {"question": "Where did Bo move?", "answer": "Ulm", "category": 4,
             "evidence": ["D2:1; D1:2", "D2:1", "D:9"]},
            {"question": "Why?", "category": 5, "evidence": []},
        ],
    }
]  # fmt: skip
REALTALK: dict[str, Any] = {
    "name": {"speaker_1": "Cy", "speaker_2": "Di"},
    "session_1_date_time": "29.12.2023, 22:42:04",
    "session_1": [
        {"speaker": "Cy", "dia_id": "D1:1", "date_time": "29.12.2023, 22:42:04", "clean_text": "A"},
        {"speaker": "Di", "dia_id": "D1:3", "date_time": "29.12.2023, 22:40:00", "clean_text": "B"},
    ],
    "qa": [{"question": "Who?", "answer": "Di", "category": 3, "evidence": ["D1:3", "D1:2"]}],
}  # fmt: skip
BEAM: list[dict[str, Any]] = [
    {
        "batch_number": 1,
        "turns": [
            [{"role": "user", "id": 0, "time_anchor": "March-15-2024", "content": "Tea? ->-> 1,1"},
             {"role": "assistant", "id": 1, "content": "Green, as in\nMay."}],
        ],
    },
    {"batch_number": 2, "turns": [[{"role": "user", "id": 2, "content": "And now? ->-> 2,N/A"}]]},
]  # fmt: skip
PROBES: dict[str, Any] = {
    "abstention": [{"question": "Which cup?", "ideal_response": "Nothing", "rubric": []}],
    "event_ordering": [
        {"question": "In which order?", "answer": "So", "rubric": [],
         "source_chat_ids": [[0, 2], 7]},
    ],
    "knowledge_update": [
        {"question": "Which tea?", "answer": "Green", "rubric": [],
         "source_chat_ids": {"original_info": [0], "updated_info": [1]}},
    ],
}  # fmt: skip
LONGMEMEVAL: list[dict[str, Any]] = [
    {
        "question_id": "q1", "question_type": "knowledge-update", "question": "Which cup?",
        "answer": "Blue", "question_date": "2023/06/01 (Thu) 10:00",
        "haystack_session_ids": ["s2", "s1", "s2"],
        "haystack_dates": ["2023/05/20 (Sat) 02:21", "2023/05/02 (Tue) 23:59",
                           "2023/05/21 (Sun) 00:00"],
        "haystack_sessions": [
            [{"role": "user", "content": "The blue cup. ", "has_answer": True},
             {"role": "assistant", "content": "Noted."}],
            [{"role": "user", "content": "Hello", "has_answer": False}],
            [{"role": "user", "content": "The same sitting again"}],
        ],
        "answer_session_ids": ["s2", "s9"],
    },
    {
        "question_id": "q2_abs", "question_type": "multi-session", "question": "Which pan?",
        "answer": "None was named", "haystack_dates": ["2023/05/20 (Sat) 02:21"],
        "haystack_sessions": [[{"role": "user", "content": "A pot.", "has_answer": True}]],
        "answer_session_ids": ["1"],
    },
]  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name, values in {
        "a/one.json": LOCOMO, "b/corrected.json": LOCOMO, "c/two.json": REALTALK,
        "d/7/x.json": BEAM, "d/7/deep/y.json": PROBES, "e/other.json": [{"turns": 3}, 4],
        "f/anything.json": LONGMEMEVAL,
    }.items():  # fmt: skip
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), "utf-8")
    (tmp_path / "e" / "torn.json").write_text('{"dia_id": ', "utf-8")
    (tmp_path / "e" / "deep.json").write_text('{"turns": ' + "[" * 100_000, "utf-8")
    return tmp_path


def only(data: Path, dataset: str) -> Dialogue:
    (dialogue,) = load(data, dataset)
    return dialogue


def test_each_set_is_known_by_its_content(data: Path) -> None:
    assert {(each.dataset, each.name) for each in load(data)} == {
        ("locomo", "conv-1"), ("realtalk", "two"), ("beam", "7"), ("longmemeval", "q1"),
        ("longmemeval", "q2_abs"),
    }  # fmt: skip
    assert [each.name for each in load(data / "c" / "two.json")] == ["two"]


def test_turns_of_people_have_their_sitting_time_and_picture(data: Path) -> None:
    turns = only(data, "locomo").turns
    assert [(turn.id, turn.title, turn.when.isoformat(), turn.text) for turn in turns] == [
        ("D1:1", "Session 1, 8 May 2023", "2023-05-08T13:56:00", "The bike is fixed."),
        ("D1:2", "Session 1, 8 May 2023", "2023-05-08T13:57:00", "Look! [photo: a red kite]"),
        ("D2:1", "Session 2, 1 June 2023", "2023-06-01T00:05:00", "I moved to Ulm."),
    ]
    assert {(turn.author, turn.origin) for turn in turns} == {("Ann", "other"), ("Bo", "other")}


def test_evidence_that_is_no_turn_is_counted_and_left_out(data: Path) -> None:
    first, second = only(data, "locomo").questions
    assert (first.evidence, first.invalid, first.answer) == (("D2:1", "D1:2"), 1, "Ulm")
    assert (first.category, second.category, second.evidence) == ("single-hop", "adversarial", ())
    (asked,) = only(data, "realtalk").questions
    assert (asked.evidence, asked.invalid, asked.category) == (("D1:3",), 1, "commonsense")


def test_time_never_runs_backwards(data: Path) -> None:
    for dataset in ("realtalk", "beam"):
        times = [turn.when for turn in only(data, dataset).turns]
        assert times == sorted(times)


def test_a_chat_with_an_assistant(data: Path) -> None:
    dialogue = only(data, "beam")
    assert [(turn.id, turn.origin, turn.author, turn.text) for turn in dialogue.turns] == [
        ("0", "user", "", "Tea?"), ("1", "assistant", "", "Green, as in\nMay."),
        ("2", "user", "", "And now?"),
    ]  # fmt: skip
    assert [(each.id, each.evidence, each.invalid) for each in dialogue.questions] == [
        ("abstention-1", (), 0), ("event_ordering-1", ("0", "2"), 1),
        ("knowledge_update-1", ("0", "1"), 0),
    ]  # fmt: skip


def test_a_question_with_the_sittings_that_hide_its_answer(data: Path) -> None:
    first, absent = load(data, "longmemeval")
    assert [(turn.id, turn.title, turn.origin, turn.text) for turn in first.turns] == [
        ("s1:1", "Session 1, 2 May 2023", "user", "Hello"),
        ("s2:1", "Session 2, 20 May 2023", "user", "The blue cup."),
        ("s2:2", "Session 2, 20 May 2023", "assistant", "Noted."),
    ]
    (asked,) = first.questions
    assert (asked.evidence, asked.sittings, asked.invalid) == (("s2:1",), ("s2",), 1)
    assert (asked.category, first.now.isoformat()) == ("knowledge-update", "2023-06-01T10:00:00")
    (asked,) = absent.questions
    assert (asked.category, asked.evidence, asked.sittings) == ("abstention", (), ())
    assert absent.now.isoformat() == "2023-05-20T03:21:00"


def test_a_turn_is_a_line_and_nothing_of_the_questions_is_written(data: Path) -> None:
    dialogue = only(data, "locomo")
    file = dialogue.write(data / "out")
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [line["id"] for line in lines] == [turn.id for turn in dialogue.turns]
    assert lines[2] == {
        "conversation": "conv-1 2", "title": "Session 2, 1 June 2023",
        "time": "2023-06-01T00:05:00", "author": "Bo", "origin": "other", "id": "D2:1",
        "text": "I moved to Ulm.",
    }  # fmt: skip


def test_figures_of_a_ranking(data: Path) -> None:
    asked = only(data, "locomo").questions[0]
    other = only(data, "realtalk").questions[0]
    fill = tuple(f"x{number}" for number in range(9))
    ranked = [
        Ranked("one", asked, ("D1:1", "D2:1", *fill, "D1:2"), 1.0),  # the other is the 12th
        Ranked("one", asked, ("D1:2", "D2:1"), 1.0),
        Ranked("two", other, (), 1.0),
    ]
    figures = summarize(ranked)
    assert [each.recall for each in ranked] == [0.5, 1.0, 0.0]
    assert ranked[0].ndcg == pytest.approx(1 / np.log2(3) / (1 + 1 / np.log2(3)))
    assert (figures["recall@10"], figures["recall@10_micro"]) == (0.375, 0.5)
    assert figures["by_category"]["single-hop"]["recall@10"] == 0.75
    low, high = figures["recall@10_95"]
    assert 0 < low < 0.375 < high <= 0.5


def test_another_turn_of_the_right_sitting_counts_for_the_sitting_only(data: Path) -> None:
    (asked,) = load(data, "longmemeval")[0].questions
    figures = summarize([Ranked("q1", asked, ("s1:1", "s2:2"), 1.0)])
    assert (figures["recall@10"], figures["session_recall@10"]) == (0.0, 1.0)
    assert figures["session_ndcg@10"] == pytest.approx(1 / np.log2(3), abs=1e-4)


def test_questions_with_a_memory_of_their_own_are_drawn_from_all_of_them(data: Path) -> None:
    (asked,) = load(data, "longmemeval")[0].questions
    found = [("s2:1",), ("s1:1",), ("s2:1",), ()]
    ranked = [Ranked(f"q{n}", asked, units, 1.0) for n, units in enumerate(found)]
    figures = summarize(ranked)
    low, high = figures["recall@10_95"]
    assert figures["recall@10"] == 0.5 and low < 0.5 < high


def test_a_grade_weighs_as_much_as_it_is(data: Path) -> None:
    asked = replace(only(data, "locomo").questions[0], gains=(3, 1))
    best = 3 + 1 / np.log2(3)
    ranked = Ranked("one", asked, ("D1:2", "D2:1"), 1.0)
    assert ranked.ndcg == pytest.approx((1 + 3 / np.log2(3)) / best)


def test_a_run_names_every_unit_by_its_place(data: Path) -> None:
    asked = only(data, "locomo").questions[0]
    assert [*trec("locomo", Ranked("conv-1", asked, ("D2:1", "D1:1"), 1.0))] == [
        "locomo/conv-1/1 Q0 locomo/conv-1/D2:1 1 2 cairn\n",
        "locomo/conv-1/1 Q0 locomo/conv-1/D1:1 2 1 cairn\n",
    ]
