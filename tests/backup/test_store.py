"""A folder of backups: shared blocks, whatever stops one, damage that is found, owner only."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cairn.app import backing_up
from cairn.app.backup_operations import OPERATIONS
from cairn.core.backup import manifest as lists
from cairn.core.backup.blocks import SIZE, Damaged
from cairn.core.backup.manifest import Manifest, Stored
from cairn.core.backup.snapshot import FOLDER, Snapshot
from cairn.core.backup.store import Backups
from cairn.core.engine import Engine
from cairn.core.errors import Busy, ConfigError, NotFound, Unavailable
from cairn.core.forget import remains
from tests.backup.making import store


@pytest.fixture
def still(tmp_path: Path) -> Snapshot:
    """What a home holds still, without the home."""
    folder = tmp_path / "still"
    (folder / "tree" / "inbox").mkdir(parents=True)
    (folder / "tree" / "inbox" / "key.md").write_text("The spare key is with Jonas.\n")
    (folder / "journal.db").write_bytes(os.urandom(5 * SIZE + 17))
    (folder / "empty").touch()
    return Snapshot(str(folder), "me", "", 1, 2, 3, 4, ())


@pytest.fixture
def backups(tmp_path: Path) -> Backups:
    return Backups(tmp_path / "bk")


def test_what_has_not_changed_is_stored_once(backups: Backups, still: Snapshot) -> None:
    store(backups, still)
    whole = backups.written
    journal = Path(still.folder, "journal.db")
    assert whole == 5 * SIZE + 17 + 29
    with journal.open("r+b") as file:
        file.seek(2 * SIZE)
        file.write(b"one page of it has changed")
    again = Backups(backups.folder)
    store(again, still)
    assert again.written == SIZE
    found = again.check()
    assert [each.size for each in found.made] == [whole, whole]
    assert found.faults == () and found.bytes_read == whole + SIZE and found.unneeded == 0


def test_what_comes_out_is_what_went_in(backups: Backups, still: Snapshot, tmp_path: Path) -> None:
    made = store(backups, still)
    assert backups.at() == made
    backups.copy_out(made, tmp_path / "out", lambda done, of: None)
    for path in Path(still.folder).rglob("*"):
        copy = tmp_path / "out" / "home" / path.relative_to(still.folder)
        if path.is_file():
            assert copy.read_bytes() == path.read_bytes()
            assert copy.stat().st_mtime_ns == path.stat().st_mtime_ns


def test_only_its_owner_can_look_into_it(backups: Backups, still: Snapshot) -> None:
    backups.folder.mkdir(mode=0o755)
    os.umask(0o022)
    store(backups, still)
    for path in (backups.folder, *backups.folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


@pytest.mark.parametrize("how", ["flip", "cut", "gone", "list"])
def test_every_damage_is_found_and_the_next_backup_mends_what_it_can(
    backups: Backups, still: Snapshot, how: str
) -> None:
    made = store(backups, still)
    name = next(file for file in made.files if file.path.endswith("key.md")).blocks[0]
    path = backups.folder / "blocks" / name[:2] / name
    if how == "list":
        path = next((backups.folder / "lists").iterdir())
    data = path.read_bytes()
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(data[:-3] if how == "cut" else data[:9] + b"!" + data[10:])
    ((when, problem),) = backups.check().faults
    assert when and ("missing" if how == "gone" else "damaged") in problem
    if how != "list":
        with pytest.raises(Damaged):
            backups.copy_out(made, backups.folder.with_name("out"), lambda done, of: None)
        store(backups, still)
        assert backups.check().faults == ()


def test_fewer_are_kept_and_nothing_else_is(backups: Backups, still: Snapshot) -> None:
    for number in range(3):
        Path(still.folder, "journal.db").write_bytes(bytes([number]) * SIZE)
        store(backups, still)
    assert len(backups.prune(2)) == 1
    found = backups.check()
    assert len(found.made) == 2 and found.unneeded == 0 and found.faults == ()
    assert backups.size() == found.bytes_read == 2 * SIZE + 29


def test_nothing_is_tidied_away_while_a_list_can_not_be_read(
    backups: Backups, still: Snapshot
) -> None:
    for number in range(2):
        Path(still.folder, "journal.db").write_bytes(bytes([number]) * SIZE)
        store(backups, still)
    first = min((backups.folder / "lists").iterdir())
    first.write_text("{")
    before = backups.size()
    backups.tidy()
    assert backups.size() == before


def test_a_backup_that_fails_leaves_the_earlier_ones_whole_and_makes_room(
    backups: Backups, still: Snapshot
) -> None:
    store(backups, still)
    before = backups.size()
    Path(still.folder, "journal.db").write_bytes(os.urandom(3 * SIZE))
    Path(still.folder, "tree", "away.md").symlink_to(still.folder)  # passed over
    unreadable = Path(still.folder, "zzz")
    unreadable.touch()
    config = Path(still.folder, "nowhere")
    really = backups._blocks.put
    calls = iter(range(100))

    def put(data: bytes) -> str:
        if next(calls) == 2:
            raise OSError(28, "No space left on device")
        return really(data)

    backups._blocks.put = put  # type: ignore[method-assign]
    with pytest.raises(Unavailable, match="full; the backups that were there are whole"):
        store(backups, still, config)
    assert backups.size() == before
    assert backups.check().faults == () and len(backups.made()) == 1


def test_what_a_killed_one_has_left_goes_with_the_next(backups: Backups, still: Snapshot) -> None:
    backups.folder.mkdir(mode=0o700)
    with backups.held("me"):
        backups._blocks.put(b"Said to a backup that was killed, and forgotten since.")
    store(backups, still)
    found = backups.check()
    assert found.unneeded == 0 and found.faults == ()
    backups.tidy = _fail  # type: ignore[method-assign]
    store(backups, still)  # it is made all the same
    assert len(backups.made()) == 2


def _fail() -> None:
    raise OSError(5, "Input/output error")


def test_one_that_is_begun_is_named_before_a_byte_is_copied(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def call(operation: str, args: dict[str, Any] | None = None) -> dict[str, Any]:
        return OPERATIONS[operation](engine, args or {}) if operation in OPERATIONS else {}

    named: list[str] = []
    make = Backups.make

    def look(self: Backups, *args: Any) -> Manifest:
        named.extend(remains.backups(engine.journal))
        return make(self, *args)

    monkeypatch.setattr(backing_up.client, "call", call)
    monkeypatch.setattr(Backups, "make", look)
    for _ in range(2):
        backing_up.back_up(tmp_path / "bk", 0)
    path = tmp_path / "bk"
    assert len(named) == 1 + 2 and all(f"the backup {path} of" in each for each in named)
    assert len(remains.backups(engine.journal)) == 2
    assert not (engine.home.path / FOLDER).exists()


def test_one_process_at_a_time_and_one_memory_in_a_folder(
    backups: Backups, still: Snapshot
) -> None:
    with (
        backups.held("me"),
        pytest.raises(Busy, match="under way"),
        Backups(backups.folder).held("me"),
    ):
        pass
    with pytest.raises(ConfigError, match="another memory"):
        store(backups, replace(still, home="you"))


def test_a_folder_with_other_things_is_left_alone(backups: Backups, still: Snapshot) -> None:
    backups.folder.mkdir()
    (backups.folder / "photo.jpg").touch()
    with pytest.raises(ConfigError, match="other things"):
        store(backups, still)
    assert os.listdir(backups.folder) == ["photo.jpg"]
    with pytest.raises(NotFound):
        backups.check()


@pytest.mark.parametrize("path", ["home/../../etc/x", "/etc/x", "other/x", "home", "home/a\0b"])
def test_a_list_that_would_lead_out_is_refused(
    backups: Backups, still: Snapshot, path: str
) -> None:
    made = store(backups, still)
    evil = replace(made, files=(Stored(path, 0, 0, ()),))
    with pytest.raises(Damaged, match="no backup"):
        lists.read(lists.written(evil), "there")


def test_a_newer_format_is_refused_by_its_number(backups: Backups, still: Snapshot) -> None:
    document = json.loads(lists.written(store(backups, still)))
    with pytest.raises(Unavailable, match="newer"):
        lists.read(json.dumps({**document, "format": 99}).encode(), "there")
