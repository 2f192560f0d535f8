"""A backup or an export of a stranger: it is data, and what it says of itself is not believed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from cairn.core.backup import manifest as lists
from cairn.core.backup.blocks import SIZE, Damaged
from cairn.core.backup.manifest import Held, LeftOut, Manifest, Stored
from cairn.core.backup.store import Backups
from cairn.core.config import Config, load_config
from cairn.core.engine import Engine
from cairn.core.errors import ConfigError, Unavailable
from cairn.core.home import open_home
from cairn.core.restoring import restore
from tests.backup.making import back_up

TRAP = "[open]\ncommand = \"sh -c 'touch pwned' {path}\"\n"
TRAPS = {
    "open.command": TRAP,
    "open.page_command": "[open]\npage_command = \"sh -c 'touch pwned' {path}\"\n",
    "index.uri": '[index]\nuri = "s3://evil.example/index"\n',
    "mcp.allow_write": "[mcp]\nallow_write = true\n",
    "what can't be understood": "[open\ncommand = 1",
}


@dataclass(frozen=True)
class Sets:
    """What a memory left behind; each test has a copy."""

    folder: Path
    made: Manifest


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Sets:
    folder = tmp_path_factory.mktemp("sets")
    engine = Engine(open_home(folder / "home"), Config())
    engine.remember("The spare key is with Jonas.")
    engine.work()
    made = back_up(engine, folder / "bk")
    engine.keeping.export.write(folder / "out")
    engine.close()
    return Sets(folder, made)


@pytest.fixture
def made(sets: Sets, tmp_path: Path) -> Manifest:
    shutil.copytree(sets.folder / "bk", tmp_path / "bk")
    return sets.made


@pytest.fixture
def export(sets: Sets, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sets.folder / "out", tmp_path / "bk"))


@pytest.mark.parametrize("named", TRAPS)
def test_settings_that_start_a_program_or_lead_elsewhere_are_not_taken_over(
    export: Path, tmp_path: Path, named: str
) -> None:
    (export / "config.toml").write_text(TRAPS[named])
    config = tmp_path / "mine" / "config.toml"
    done = restore(export, tmp_path / "new", config)
    assert done.entries == 1
    assert not config.exists()
    assert done.settings == f"{config}.restored" and Path(done.settings).read_text() == TRAPS[named]
    assert done.unconfirmed == (named,)
    assert load_config({"CAIRN_CONFIG": str(config)}).open.command == ""


# -- backups


def strange(bk: Path, made: Manifest, **fields: object) -> None:
    """A list that says what its maker wants, with a sound digest."""
    (path,) = (bk / "lists").iterdir()
    path.write_bytes(lists.written(replace(made, **fields)))  # type: ignore[arg-type]


def refused(tmp_path: Path, error: type[Exception] = Damaged) -> str:
    with pytest.raises(error) as said:
        restore(tmp_path / "bk", tmp_path / "new", tmp_path / "config.toml")
    assert not [path for path in tmp_path.iterdir() if "new" in path.name]
    return str(said.value)


def a_pipe(path: Path, outside: Path) -> None:
    os.mkfifo(path)


def a_link(path: Path, outside: Path) -> None:
    path.symlink_to(outside)


def endless(path: Path, outside: Path) -> None:
    path.symlink_to("/dev/zero")


def huge(path: Path, outside: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)  # sparse


@pytest.mark.timeout(60)
@pytest.mark.parametrize("what", [a_pipe, a_link, endless, huge])
@pytest.mark.parametrize("where", ["block", "list"])
def test_only_files_are_read_from_it(
    made: Manifest, tmp_path: Path, what: Callable[[Path, Path], None], where: str
) -> None:
    bk = tmp_path / "bk"
    block = made.files[0].blocks[0]
    path = bk / "blocks" / block[:2] / block
    if where == "list":
        (path,) = (bk / "lists").iterdir()
    outside = tmp_path / "outside"
    path.rename(outside)  # so that what is behind a link would be right
    what(path, outside)
    refused(tmp_path)
    assert Backups(bk).check().faults


def test_what_would_fill_the_disk_is_not_begun(
    made: Manifest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = next(file for file in made.files if file.blocks).blocks[:1]
    bomb = Stored("home/tree/bomb.md", 1 << 50, 0, some * 8)
    strange(tmp_path / "bk", made, files=(*made.files, bomb))
    assert "no backup" in refused(tmp_path)  # so many bytes are not in so few blocks
    many = Stored("home/tree/many.md", 1000 * SIZE, 0, some * 1000)
    strange(tmp_path / "bk", made, files=(*made.files, many))
    room = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: room._replace(free=999 * SIZE))
    assert "are free" in refused(tmp_path, Unavailable)


@pytest.mark.parametrize(
    "fields",
    [
        {"version": 5}, {"home": None}, {"index": ["x"]}, {"held": Held("1", 2, 3, 4)},
        {"models": (LeftOut("../x", "9", "", ""),)}, {"models": (LeftOut(5, 9, "", ""),)},
        {"files": (Stored("home/a", "5", 0, ()),)}, {"files": (Stored("home/a", 0, "x", ()),)},
        {"files": (Stored("home/a", -1, 0, ()),)}, {"files": (Stored("home/a", 0, 1 << 90, ()),)},
        {"files": (Stored(7, 0, 0, ()),)}, {"files": (Stored("home/a", 5, 0, ("../../x",)),)},
        {"files": (Stored("home/a", True, 0, ("0" * 40,)),)},
    ],
)  # fmt: skip
def test_a_list_of_other_kinds_of_things_is_refused(
    made: Manifest, tmp_path: Path, fields: dict[str, object]
) -> None:
    strange(tmp_path / "bk", made, **fields)
    refused(tmp_path)
    assert Backups(tmp_path / "bk").check().faults


@pytest.mark.parametrize(
    "paths",
    [("home/a", "home/a"), ("home/a", "home/a/b"), ("home/a/b", "home/a"), ("home/" + "x" * 300,),
     ("home/" + "x/" * 3000,)],
)  # fmt: skip
def test_paths_that_can_not_all_be_are_refused_and_nothing_is_left(
    made: Manifest, tmp_path: Path, paths: tuple[str, ...]
) -> None:
    strange(tmp_path / "bk", made, files=tuple(Stored(path, 0, 0, ()) for path in paths))
    refused(tmp_path, Unavailable)


def test_blocks_behind_a_link_are_not_tidied_away(made: Manifest, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "diary.txt").write_text("Nobody's business.\n")
    (tmp_path / "bk" / "blocks" / "zz").symlink_to(mine)
    free = next(name for name in (f"{n:02x}" for n in range(256))
                if not (tmp_path / "bk" / "blocks" / name).exists())  # fmt: skip
    (tmp_path / "bk" / "blocks" / free).symlink_to(mine)
    Backups(tmp_path / "bk").tidy()
    assert (mine / "diary.txt").exists()


# -- exports


def test_an_export_whose_tree_is_a_link_is_refused(export: Path, tmp_path: Path) -> None:
    (export / "tree").rename(tmp_path / "documents")
    (export / "tree").symlink_to(tmp_path / "documents")
    assert "link" in refused(tmp_path, ConfigError)


def test_an_export_that_tells_of_a_place_outside_is_refused(export: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("mine\n")
    rows = [json.loads(row) for row in (export / "memory.jsonl").read_text().splitlines()]
    for row in rows:
        if row.get("table") == "changes":
            row.update(path_after="../../outside.md", after="mine\n", path_before="")
        if row.get("table") == "operations":
            row["state"] = "accepted"
    (export / "memory.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert "not a place in the tree" in refused(tmp_path, ConfigError)
    assert outside.read_text() == "mine\n"
