"""Events become sessions of work that are told in words; bulk changes are no work."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.records import Event
from cairn.core.traces.sessions import SESSION_GAP_S, Session, episodes, names_now
from cairn.core.traces.telling import tell_arrival, tell_session, tell_size, tell_time
from cairn.core.traces.together import companions, together
from cairn.core.traces.topics import topics
from tests.traces.calendars import BERLIN, at, later, sitting, trace

EVENING = [
    trace("2026-05-05 19:40", "changed", "house/lease.md", delta=300),
    trace("2026-05-05 19:45", "changed", "house/lease.md", delta=400),
    trace("2026-05-05 19:50", "changed", "house/budget.xlsx"),
    trace("2026-05-05 20:00", "changed", "house/lease.md", delta=500),
    trace("2026-05-05 20:10", "added", "house/plan.md"),
    trace("2026-05-05 20:30", "changed", "house/lease.md", delta=-100),
    trace("2026-05-05 20:50", "moved", "house/archive/draft.md", was="house/draft.md"),
    trace("2026-05-05 21:05", "changed", "house/lease.md", delta=100),
]


def only(traces: list[Event]) -> Session:
    (session,) = episodes(traces).sessions
    return session


def told(*traces: Event) -> str:
    return tell_session(only(list(traces)), BERLIN).partition(": ")[2]


def test_an_evening_of_work_is_told_in_one_line() -> None:
    assert tell_session(only(EVENING), BERLIN) == (
        "Tuesday evening, 19:40–21:05: edited lease.md (5 saves, +1.2 KB) and budget.xlsx; "
        "created plan.md; moved draft.md to archive/"
    )


def test_each_file_knows_its_saves_visits_and_times() -> None:
    lease = only(EVENING).files[0]
    assert (lease.uri, lease.saves, lease.delta, lease.visits) == (
        "file:~/house/lease.md", 5, 1200, 4,
    )  # fmt: skip
    assert lease.first.isoformat(timespec="milliseconds") == at("2026-05-05 19:40")
    assert lease.last.isoformat(timespec="milliseconds") == at("2026-05-05 21:05")


def test_half_an_hour_of_rest_ends_a_session() -> None:
    first = at("2026-05-05 10:00")
    just_before = later(first, SESSION_GAP_S / 60 - 0.01)
    assert (
        len(episodes([trace(first, "changed", "a"), trace(just_before, "changed", "a")]).sessions)
        == 1
    )
    then = later(first, SESSION_GAP_S / 60)
    assert len(episodes([trace(first, "changed", "a"), trace(then, "changed", "a")]).sessions) == 2


def test_the_order_in_which_traces_come_does_not_matter() -> None:
    mixed = EVENING.copy()
    random.Random(1).shuffle(mixed)
    assert episodes(mixed) == episodes(EVENING)


def test_a_file_that_moves_stays_the_same_file() -> None:
    words = told(
        trace("2026-05-05 10:00", "changed", "a/draft.md", delta=10),
        trace("2026-05-05 10:05", "moved", "a/lease.md", was="a/draft.md"),
        trace("2026-05-05 10:10", "changed", "a/lease.md", delta=10),
    )
    assert words == "edited lease.md (2 saves, +20 B); renamed draft.md to lease.md"


def test_a_file_moved_there_and_back_is_not_said_to_have_moved() -> None:
    words = told(
        trace("2026-05-05 10:00", "moved", "b/x.md", was="a/x.md"),
        trace("2026-05-05 10:01", "moved", "a/x.md", was="b/x.md"),
    )
    assert words == "moved x.md back and forth"


def test_a_new_file_put_in_place_of_an_old_one_is_a_save() -> None:
    words = told(
        trace("2026-05-05 10:00", "changed", "lease.md"),
        trace("2026-05-05 10:05", "added", "lease.tmp"),
        trace("2026-05-05 10:05:01", "moved", "lease.md", was="lease.tmp"),
    )
    assert words == "edited lease.md (2 saves)"


def test_what_a_move_overwrites_is_told_as_deleted() -> None:
    words = told(
        trace("2026-05-05 10:00", "changed", "a/x.md"),
        trace("2026-05-05 10:05", "moved", "a/x.md", was="b/x.md"),
    )
    assert words.startswith("moved x.md to a/; deleted")


def test_created_deleted_and_short_lived_files_are_told_apart() -> None:
    words = told(
        trace("2026-05-05 10:00", "added", "new.md"),
        trace("2026-05-05 10:01", "added", "brief.md"),
        trace("2026-05-05 10:02", "deleted", "brief.md"),
        trace("2026-05-05 10:03", "deleted", "old.md"),
    )
    assert words == "created new.md; deleted old.md; created and deleted again brief.md"


def test_files_of_one_name_are_told_by_their_folders() -> None:
    words = told(
        trace("2026-05-05 10:00", "changed", "one/notes.md"),
        trace("2026-05-05 10:01", "changed", "two/notes.md"),
    )
    assert words == "edited one/notes.md and two/notes.md"


def test_many_files_are_counted() -> None:
    words = told(*sitting("2026-05-05 10:00", *(f"{n}.md" for n in range(9)), every=1, delta=0))
    assert words == "edited 0.md, 1.md, 2.md, 3.md, 4.md and 4 more files"


# -- bulk changes and files that programs write


def checkout(when: str, files: int, kind: str = "added") -> list[Event]:
    start = at(when)
    return [trace(later(start, n / 600), kind, f"src/sub{n % 3}/{n}.py") for n in range(files)]  # type: ignore[arg-type]


def test_an_arrival_of_many_files_is_no_work_and_splits_no_session() -> None:
    found = episodes(EVENING + checkout("2026-05-05 20:20", 300))
    assert found.sessions == episodes(EVENING).sessions
    (arrival,) = found.arrivals
    assert tell_arrival(arrival, BERLIN) == "Tuesday evening, 20:20: arrival of 300 files in ~/src"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("changed", "change of 40 files at once in ~/src"),
        ("deleted", "deletion of 40 files at once in ~/src"),
        ("moved", "move of 40 files at once to ~/src"),
    ],
)
def test_other_bulk_changes_are_called_what_they_are(kind: str, words: str) -> None:
    (arrival,) = episodes(checkout("2026-05-05 20:20", 40, kind)).arrivals
    assert tell_arrival(arrival, BERLIN).endswith(words)


def test_a_mixed_bulk_change_is_counted_by_kind() -> None:
    mixed = checkout("2026-05-05 20:20", 40)
    mixed += [trace(later(item.at, 0.1), "deleted", f"src/old/{n}") for n, item in enumerate(mixed)]
    mixed += [trace(later(mixed[0].at, 0.1), "changed", "src/x")]
    (arrival,) = episodes(mixed).arrivals
    assert "change of 81 files at once in ~/src (40 new, 1 changed, 40 deleted)" in tell_arrival(
        arrival, BERLIN
    )


def test_an_arrival_names_the_folder_that_holds_all_of_it() -> None:
    start = at("2026-05-05 20:20")
    places = ("a/b", "a/b-d", "a/b/c", "a/b-d")
    traces = [trace(later(start, n / 600), "added", f"{places[n % 4]}/{n}") for n in range(20)]
    (arrival,) = episodes(traces).arrivals
    assert tell_arrival(arrival, BERLIN).endswith("arrival of 20 files in ~/a")


def test_nine_files_in_a_moment_are_still_work_and_one_file_saved_often_too() -> None:
    assert not episodes(checkout("2026-05-05 20:20", 9)).arrivals
    one = [trace(later(at("2026-05-05 20:20"), n / 60), "changed", "a.md") for n in range(300)]
    assert not episodes(one).arrivals


def test_a_log_that_is_written_all_day_is_background() -> None:
    start = at("2026-05-05 00:00")
    log = [trace(later(start, 10 * n), "changed", "run.log") for n in range(6 * 48)]
    found = episodes(EVENING + log)
    assert found.sessions == episodes(EVENING).sessions
    assert Counter(found.background) == Counter(log)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 3)).map(
    lambda moment: moment.replace(tzinfo=UTC).isoformat(timespec="milliseconds")
)
names = st.sampled_from([f"file:~/{n}.md" for n in range(30)])
kinds = st.sampled_from(["added", "changed", "moved", "deleted"])
some_traces = st.lists(
    st.builds(Event, kinds, names, moments, names, st.integers(0, 9), st.integers(-9, 9)),
    max_size=120,
)
bursts = st.builds(checkout, st.just("2026-01-02 10:00"), st.integers(0, 40))


@given(some_traces, bursts)
def test_no_event_is_lost_or_in_two_places(traces: list[Event], burst: list[Event]) -> None:
    found = episodes(traces + burst)
    parts = [*found.sessions, *found.arrivals]
    placed = Counter(found.background) + Counter(item for part in parts for item in part.traces)
    assert placed == Counter(traces + burst)
    gaps = [b.start - a.end for a, b in zip(found.sessions, found.sessions[1:], strict=False)]
    assert all(gap >= timedelta(seconds=SESSION_GAP_S) for gap in gaps)
    for session in found.sessions:
        assert session.files
        assert tell_session(session, BERLIN)
        assert {file.uri for file in session.files} <= {item.uri for item in session.traces}
    for arrival in found.arrivals:
        assert tell_arrival(arrival, BERLIN)


@pytest.mark.parametrize("moment", ["", "yesterday", "0001-01-01T00:00:00", "9999-12-31T23:59:59"])
def test_a_time_that_makes_no_sense_stops_nothing(moment: str) -> None:
    assert episodes([Event("changed", "file:~/a", moment), *EVENING]) == episodes(EVENING)


# -- zones


def test_times_are_those_of_the_given_zone() -> None:
    line = tell_session(only(EVENING), ZoneInfo("Asia/Tokyo"))
    assert line.startswith("in the night to Wednesday, 02:40–04:05")


def test_when_the_clock_goes_forward_the_hour_is_not_worked() -> None:
    session = only(sitting("2026-03-29 01:50", "a", "b", "c", every=10))
    assert session.minutes == 20
    assert tell_time(session.start, session.end, BERLIN) == "in the night to Sunday, 01:50–03:10"


def test_when_the_clock_goes_back_the_hour_is_worked_twice() -> None:
    start = at("2026-10-25 02:50")  # the first of the two
    session = only([trace(later(start, n * 20), "changed", "a") for n in range(4)])
    assert session.minutes == 60
    assert tell_time(session.start, session.end, BERLIN) == "in the night to Sunday, 02:50–02:50"


def test_a_night_into_the_next_day_names_both() -> None:
    session = only(sitting("2026-05-05 23:50", "a", "b", "c", every=10))
    assert tell_time(session.start, session.end, BERLIN) == "Tuesday night, 23:50–Wednesday 00:10"


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (999, "999 B"), (1200, "1.2 KB"), (999_999, "1 MB"), (2e9, "2 GB")],
)
def test_sizes_are_short(size: float, words: str) -> None:
    assert tell_size(size) == words


# -- what belongs together


def days(*groups: tuple[str, ...]) -> list[Event]:
    """One session a day, each with these files."""
    start = datetime(2026, 3, 1)
    found = []
    for number, group in enumerate(groups):
        found += sitting(f"{start + timedelta(days=number):%Y-%m-%d} 10:00", *group)
    return found


def test_files_of_the_same_sessions_are_companions() -> None:
    pair, alone = ("lease.md", "budget.xlsx"), ("poem.md", "song.md")
    traces = days(*[pair] * 5, *[alone[:1]] * 5, *[alone[1:]] * 5)
    found = together(episodes(traces).sessions)
    assert [(item.a, item.b, item.sessions) for item in found] == [
        ("file:~/budget.xlsx", "file:~/lease.md", 5)
    ]
    assert found[0].strength == 1.0
    assert companions("file:~/lease.md", found) == found
    assert companions("file:~/poem.md", found) == ()


def test_two_meetings_or_an_arrival_make_no_companions() -> None:
    others = [("x",), ("y",)] * 6
    assert together(episodes(days(*[("a", "b")] * 2, *others)).sessions) == ()
    arrivals = [item for day in range(1, 9) for item in checkout(f"2026-03-0{day} 10:00", 20)]
    assert together(episodes(arrivals).sessions) == ()


def test_a_file_of_every_session_is_nobodys_companion() -> None:
    traces = days(*[("diary", "a")] * 5, *[("diary", "b")] * 5)
    assert together(episodes(traces).sessions) == ()


def test_chance_alone_makes_no_companions() -> None:
    dice = random.Random(7)
    groups = [tuple(f"{dice.randrange(200)}.md" for _ in range(12)) for _ in range(300)]
    assert together(episodes(days(*groups)).sessions) == ()


def test_a_moved_file_keeps_its_companions_and_a_deleted_one_has_none() -> None:
    traces = days(*[("a", "b")] * 6, *[("x",)] * 6)
    moved = trace("2026-06-01 10:00", "moved", "archive/b", was="b")
    deleted = trace("2026-06-01 10:00", "deleted", "b")
    (pair,) = together(episodes([*traces, moved]).sessions)
    assert (pair.a, pair.b) == ("file:~/a", "file:~/archive/b")
    assert together(episodes([*traces, deleted]).sessions) == ()


def test_names_are_followed_through_moves_deletions_and_new_files_of_that_name() -> None:
    traces = [
        trace("2026-05-05 10:00", "changed", "a"),
        trace("2026-05-05 10:01", "moved", "b", was="a"),
        trace("2026-05-05 10:02", "added", "a"),
        trace("2026-05-05 10:03", "moved", "c", was="b"),
        trace("2026-05-05 10:04", "deleted", "a"),
    ]
    assert names_now(traces) == ["file:~/c", "file:~/c", "", "file:~/c", ""]


# -- topics


def test_a_folder_is_about_the_words_that_others_lack() -> None:
    traces = days(
        ("home/lease.md", "home/lease2.md", "home/report.md"),
        ("work/report.md", "work/offer.md"),
        ("garden/tomatoPlan.md", "garden/report.md"),
    )
    titles = {
        "file:~/home/lease.md": "The lease of our flat",
        "file:~/work/offer.md": "Offers 2026",
    }
    found = {item.folder: item for item in topics(episodes(traces).sessions, titles)}
    home = found["file:~/home"]
    assert home.words[0].word == "lease"
    assert (home.words[0].files, home.words[0].example) == (2, "file:~/home/lease.md")
    assert [word.word for word in home.words][-1] == "report"
    assert {word.word for word in found["file:~/garden"].words} == {"tomato", "plan", "report"}
    assert "the" not in {word.word for word in home.words}


def test_topics_are_the_same_each_time_and_leave_out_what_is_gone() -> None:
    traces = days(("a/lease.md", "a/boiler.md"), ("b/song.md",))
    traces.append(trace("2026-06-01 10:00", "deleted", "a/lease.md"))
    mixed = traces.copy()
    random.Random(3).shuffle(mixed)
    found = topics(episodes(traces).sessions, {})
    assert found == topics(episodes(mixed).sessions, {})
    assert [word.word for word in found[0].words] == ["boiler"]
