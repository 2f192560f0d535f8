"""Wherever a copy of the memory or an entry is told to go: nothing of the user's is written over,
no link is followed out of sight, and nothing is left half done."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cairn.core.backup.store import Backups
from cairn.core.engine import Engine
from cairn.core.errors import CairnError, ConfigError, Unavailable
from cairn.core.restoring import restore
from tests.backup.making import back_up
from tests.conftest import Cairn

DIARY = "Nobody's business.\n"


@dataclass(frozen=True)
class Near:
    """What lies around: the user's own folder, and the one that is read."""

    mine: Path
    life: Path
    home: Path

    def link(self, to: Path | str, name: str = "link") -> Path:
        path = self.mine / name
        path.symlink_to(to)
        return path


@pytest.fixture
def near(tmp_path: Path, life: Path) -> Iterator[Near]:
    """All is as it was in the end."""
    mine = tmp_path / "mine"
    (mine / "full").mkdir(parents=True)
    (mine / "empty").mkdir()
    for path in (mine / "diary.txt", mine / "full" / "diary.txt"):
        path.write_text(DIARY)
    os.mkfifo(mine / "pipe")
    yield Near(mine, life, tmp_path / "home")
    assert {path.read_text() for path in mine.rglob("diary.txt")} == {DIARY}
    assert sorted(path.name for path in life.iterdir()) == ["boiler.txt", "garden.md"]


REFUSED: dict[str, tuple[Callable[[Near], Path], str]] = {
    "a file": (lambda at: at.mine / "diary.txt", "is not a folder"),
    "below a file": (lambda at: at.mine / "diary.txt" / "x", "is not a folder"),
    "a link to a file": (lambda at: at.link("diary.txt"), "is not a folder"),
    "a link to nothing": (lambda at: at.link("nowhere"), "leads nowhere"),
    "below a link to nothing": (lambda at: at.link("nowhere") / "x", "leads nowhere"),
    "a link to itself": (lambda at: at.link("link"), "leads nowhere"),
    "a folder with something in it": (lambda at: at.mine / "full", "full"),
    "a link to one": (lambda at: at.link("full"), "link"),
    "by two dots": (lambda at: at.mine / "empty" / ".." / "diary.txt", "is not a folder"),
    "a pipe": (lambda at: at.mine / "pipe", "is not a folder"),
    "a device": (lambda at: Path("/dev/null"), "is not a folder"),
    "a device that never ends": (lambda at: Path("/dev/zero"), "is not a folder"),
    "the home": (lambda at: at.home, "own home"),
    "in the home": (lambda at: at.home / "new", "own home"),
    "in the tree": (lambda at: at.home / "tree" / "new", "own home"),
    "in the tree, by a link": (lambda at: at.link(at.home) / "tree" / "new", "own home"),
    "in the tree, by two dots": (lambda at: at.life / ".." / "home" / "tree" / "x", "own home"),
    "in a folder that is read": (lambda at: at.life / "new", "which cairn reads"),
    "in one, by a link": (lambda at: at.link(at.life) / "new", "which cairn reads"),
}  # fmt: skip


def names(root: Path) -> set[Path]:
    return {path for path in root.rglob("*") if path.parent.name not in ("run", "logs")}


@pytest.mark.parametrize("where", REFUSED)
def test_no_copy_is_written_there(engine: Engine, near: Near, where: str) -> None:
    place, words = REFUSED[where]
    engine.folders.register(near.life)
    folder = place(near)
    before = names(near.mine.parent)
    with pytest.raises(ConfigError, match=words) as refused:
        engine.keeping.export.write(folder)
    assert refused.value.hint
    assert names(near.mine.parent) == before


@pytest.mark.parametrize("name", ["new\n\x1b[31m name", "%2e%2e", "~", "-", "ü" * 127])
def test_odd_names_are_names(engine: Engine, near: Near, name: str) -> None:
    engine.keeping.export.write(near.mine / "empty" / name)
    assert [path.name for path in (near.mine / "empty").iterdir()] == [name]


def test_a_name_that_no_file_can_have_is_told(engine: Engine, near: Near) -> None:
    before = names(near.mine)
    for folder in (near.mine / ("x" * 256), near.mine / ("x/" * 3000)):
        with pytest.raises((CairnError, OSError), match="ame too long"):
            engine.keeping.export.write(folder)
    assert names(near.mine) == before


def test_a_link_to_an_empty_folder_is_a_place(engine: Engine, near: Near) -> None:
    engine.keeping.export.write(near.link("empty"))
    assert (near.mine / "empty" / "memory.jsonl").is_file()
    (near.mine / "disk").mkdir()
    back_up(engine, near.link("disk", "other"))
    assert Backups(near.mine / "disk").made()


def test_the_commands_say_so_and_change_nothing(cairn: Cairn, near: Near) -> None:
    assert cairn("add", str(near.life)).code == 0
    near.link("nowhere")
    near.link(near.home, "by")
    odd = near.mine / "a\nb\x1b[31m"
    for folder, words in {
        near.mine / "full": "name a new folder",
        near.mine / "diary.txt": "is not a folder",
        near.mine / "link": "leads nowhere",
        near.mine / "by" / "new": "own home",
        near.life / "new": "which cairn reads",
    }.items():
        for command in ("export", "backup"):
            ran = cairn(command, str(folder))
            assert (ran.code, ran.out) == (2, ""), folder
            assert words in ran.err
    ran = cairn("export", str(odd))
    assert ran.code == 0 and odd.is_dir()
    assert "\x1b" not in ran.err and len(ran.err.splitlines()) == 1


# -- restoring


def test_what_is_no_backup_is_not_restored(near: Near, tmp_path: Path) -> None:
    sources = ("diary.txt", "pipe", "full", "nothing", "full/../diary.txt")
    for folder in (
        *(near.mine / name for name in sources),
        near.link("nowhere"),
        Path("/dev/zero"),
    ):
        with pytest.raises(CairnError, match="holds neither"):
            restore(folder, tmp_path / "home", tmp_path / "config.toml")
    assert not (tmp_path / "home").exists()


def test_settings_are_restored_over_no_file_of_the_user(
    engine: Engine, near: Near, tmp_path: Path
) -> None:
    mine = tmp_path / "config.toml"
    mine.write_text("[answer]\n")
    back_up(engine, tmp_path / "bk", config=mine)
    for settings in (near.link("nowhere"), near.link("diary.txt", "linked")):
        beside = settings.with_name(f"{settings.name}.restored")
        beside.symlink_to("diary.txt")
        done = restore(tmp_path / "bk", tmp_path / settings.name, settings)
        assert settings.is_symlink()
        assert done.settings == str(beside) and not beside.is_symlink()
        assert beside.read_text() == "[answer]\n"
    assert not (near.mine / "nowhere").exists()


@pytest.mark.parametrize("held", [True, False])
def test_a_home_that_is_a_link_stays_one(
    engine: Engine, near: Near, tmp_path: Path, held: bool
) -> None:
    engine.remember("The spare key is with Jonas.")
    back_up(engine, tmp_path / "bk")
    real = tmp_path / "disk" / "memory"
    (real / "tree").mkdir(parents=True)
    if held:
        (real / "tree" / "note.md").write_text(DIARY)
    done = restore(tmp_path / "bk", near.link(real), tmp_path / "c.toml", replace=held)
    assert done.entries == 1 and (near.mine / "link").is_symlink()
    assert len(list((real / "tree").rglob("*jonas.md"))) == 1
    aside = sorted(path.name for path in real.parent.iterdir() if path != real)
    assert [name.partition(".before-")[0] for name in aside] == ["memory"] * held


def test_a_backup_writes_through_no_link_in_its_folder(engine: Engine, near: Near) -> None:
    folder = near.mine / "bk"
    back_up(engine, folder)
    (folder / ".lock").unlink()
    (folder / ".lock").symlink_to(near.mine / "new")
    with pytest.raises(Unavailable, match="can't be used"):
        back_up(engine, folder)
    assert not (near.mine / "new").exists()


# -- entries


PLACES = ("..", "../..", "a/../b", "../mine", "out", "out/new.md", "dangling", "dangling/x",
          "dangling.md", "linked.md", ".git", ".obsidian/x.md", "_context.md", "profile.md",
          "x" * 256, "x" * 253 + ".md", "x/" * 3000, "a\0b", "\udcff")  # fmt: skip


def test_no_entry_is_moved_out_or_over_something(engine: Engine, near: Near) -> None:
    engine.remember("The spare key is with Jonas.")
    (filed,) = engine.memory.tree.catalogue.all()
    tree = engine.home.tree
    (tree / "out").symlink_to(near.mine)
    (tree / "linked.md").symlink_to(near.mine / "diary.txt")
    for name in ("dangling", "dangling.md"):
        (tree / name).symlink_to("nowhere")
    before = names(near.mine.parent)
    for place in (*PLACES, str(near.mine / "\n/..")):
        with pytest.raises(CairnError):
            engine.memory.move(filed.entry.id, place)
    assert names(near.mine.parent) == before
    for name in (
        "../../mine/diary.txt",
        str(near.mine / "diary.txt"),
        "out/diary.txt",
        "linked.md",
    ):
        with pytest.raises(CairnError, match="there is no entry"):
            engine.memory.edit(name, DIARY)
        with pytest.raises(CairnError, match="there is no entry"):
            engine.memory.merge([filed.entry.id, name])


def test_a_text_that_never_ends_is_not_read_to_its_end(cairn: Cairn) -> None:
    cairn("remember", "The spare key is with Jonas.")
    ran = cairn("edit", "spare", "key", "--from", "/dev/zero")
    assert ran.code == 2 and "too long for an entry" in ran.err
