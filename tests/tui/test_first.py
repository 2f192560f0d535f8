from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn.app.tui import kept, likely
from cairn.app.tui.app import Cairn
from cairn.app.tui.screens.first import First
from cairn.app.tui.screens.paths import Paths
from cairn.app.tui.screens.sure import Sure
from cairn.core.config import Tui
from tests.tui.conftest import Lived
from tests.tui.driving import NARROW, WIDE, Driver, driven, screen, typed, until

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])
TURN = {
    "type": "user", "uuid": "u1", "parentUuid": None, "sessionId": "s1", "cwd": "/x",
    "version": "2.0", "timestamp": "2026-03-01T10:00:00Z",
    "message": {"role": "user", "content": "Where is the lighthouse key?"},
}  # fmt: skip


@pytest.fixture(scope="module")
def new_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """A user with documents, notes and an agent's log, who has never opened cairn."""
    base = tmp_path_factory.mktemp("new")
    for name in ("Documents", "notes", "letters"):
        (base / name).mkdir()
        (base / name / f"{name}.md").write_text(f"# {name}\n\nThe lighthouse of {name}.\n")
    project = base / ".claude" / "projects" / "-x"
    project.mkdir(parents=True)
    (project / "s1.jsonl").write_text(json.dumps(TURN) + "\n")
    env = {"CAIRN_HOME": str(base / "home"), "CAIRN_CONFIG": str(base / "config.toml"),
           "HOME": str(base)}  # fmt: skip
    lived = Lived(env, base)
    yield lived
    lived.run("daemon", "stop")


@pytest.fixture
def new(new_home: Lived, monkeypatch: pytest.MonkeyPatch) -> Lived:
    for name in ("CLAUDE_CONFIG_DIR", "CODEX_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in new_home.env.items():
        monkeypatch.setenv(name, value)
    new_home.run("daemon", "stop")
    shutil.rmtree(new_home.life / "home", ignore_errors=True)
    return new_home


async def begun(app: Cairn, pilot: Driver) -> First:
    await until(pilot, lambda: isinstance(app.screen, First))
    await until(pilot, lambda: "~/notes" in screen(pilot))
    assert isinstance(app.screen, First)
    return app.screen


def roots(app: Cairn) -> list[str]:
    state = app.latest.state or {"roots": [], "home": ""}
    return [root["path"] for root in state["roots"] if "/home/tree" not in root["path"]]


@SIZES
def test_folders_and_conversations_are_chosen_and_read_and_it_never_comes_again(
    new: Lived, size: tuple[int, int]
) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await begun(app, pilot)
        await until(pilot, lambda: "2 folders: 2 files" in screen(pilot))
        assert not roots(app)
        await pilot.press("down", "space")
        await until(pilot, lambda: "1 folder: 1 file" in screen(pilot))
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, Paths))
        await typed(pilot, "lett")
        await until(pilot, lambda: "~/notes/" not in screen(pilot))
        await pilot.press("tab", "enter")
        await until(pilot, lambda: "2 folders: 2 files" in screen(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "Claude Code" in screen(pilot))
        await until(pilot, lambda: "expires" in screen(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "(•)  none" in screen(pilot), 60)
        assert not roots(app), "nothing is read before the end"
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, First))
        assert app.here == "ask"
        wanted = sorted(str(new.life / name) for name in ("Documents", "letters"))
        await until(pilot, lambda: sorted(roots(app)) == wanted)
        await until(pilot, lambda: (app.latest.state or {})["counts"]["conversations"] == 1)
        await until(pilot, lambda: "up to date" in screen(pilot))

    driven(test, size)

    async def again(app: Cairn, pilot: Driver) -> None:
        await until(pilot, lambda: app.latest.state is not None)
        await pilot.pause(0.5)
        assert not isinstance(app.screen, First)

    driven(again, size)


@SIZES
def test_all_of_it_can_be_skipped_and_asked_for_again(new: Lived, size: tuple[int, int]) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await begun(app, pilot)
        await pilot.press("escape")
        await until(pilot, lambda: "Which conversations" in screen(pilot))
        await pilot.press("left")
        await until(pilot, lambda: "Which folders" in screen(pilot))
        assert "none is chosen" in screen(pilot)
        await pilot.press("f1")
        await until(pilot, lambda: "Keys in the first run" in screen(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "Keys in" not in screen(pilot))
        await pilot.press("escape", "escape")
        await until(pilot, lambda: "Shall a model" in screen(pilot))
        await pilot.press("backspace")
        await until(pilot, lambda: "Which conversations" in screen(pilot))
        await pilot.press("escape", "escape")
        await until(pilot, lambda: not isinstance(app.screen, First))
        assert kept.get("set_up") and not roots(app)
        await app.run_action("set_up")
        await begun(app, pilot)

    driven(test, size)


def test_a_model_is_fetched_only_after_a_yes(new: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await begun(app, pilot)
        await pilot.press("escape", "escape")
        await until(pilot, lambda: "(•)  none" in screen(pilot), 60)
        await pilot.press("end", "space")
        await until(pilot, lambda: "( )  none" in screen(pilot) or "none" not in screen(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Sure), 60)
        await until(pilot, lambda: "licence: " in screen(pilot))
        await pilot.press("n")
        await until(pilot, lambda: len(app.screen_stack) == 1)
        assert not app.pulling

    driven(test)


def test_the_mouse_does_it_too_and_any_size_will_do(new: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        first = await begun(app, pilot)
        await until(pilot, lambda: len(first.choices.taken) == 2)
        await pilot.click("#first-rows", offset=(6, 0))
        await until(pilot, lambda: len(first.choices.taken) == 1)
        for size in ((40, 10), (20, 5), (140, 40)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert "Which folders" in screen(pilot)

    driven(test)


def test_in_plain_mode_only_text_is_drawn(new: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        await begun(app, pilot)
        assert "step 1 of 3" in screen(pilot)
        assert not set(screen(pilot)) & set("│╭╮╰╯─▎▏█▍━")

    driven(test, WIDE, Tui(plain=True))


def test_likely_folders_are_those_with_something_in_them(tmp_path: Path) -> None:
    for name in ("Documents", "notes", "Downloads", "Dokumente", "vaults/mine"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "x.md").write_text("x")
    (tmp_path / "Notizen").mkdir()
    known = tmp_path / ".config" / "obsidian" / "obsidian.json"
    known.parent.mkdir(parents=True)
    inner = tmp_path / "Documents" / "inner"
    inner.mkdir()
    (inner / "y.md").write_text("y")
    vaults = {"a": {"path": str(tmp_path / "vaults/mine")}, "b": {"path": str(inner)}, "c": 1}
    known.write_text(json.dumps({"vaults": vaults}))
    (tmp_path / ".config" / "user-dirs.dirs").write_text('XDG_DOCUMENTS_DIR="$HOME/Dokumente"\n')
    found = [path.name for path in likely.folders(tmp_path)]
    assert found == ["mine", "Dokumente", "Documents", "notes", "Downloads"]
    assert not likely.is_taken(tmp_path / "Downloads")
