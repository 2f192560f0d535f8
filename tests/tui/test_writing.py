"""Ask with a model that writes, slowly enough to be watched and stopped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cairn.app.tui.app import Cairn
from cairn.app.tui.screens.ask import Ask
from cairn.app.tui.widgets.turn import Turn
from tests.models.copying import make_copying
from tests.tui.conftest import Lived
from tests.tui.driving import WIDE, Driver, driven, screen, until

ASKED = "What did we agree on for the Garden budget?"
QUOTED = "We agreed on 400 euros for the garden budget."


@pytest.fixture(scope="module")
def home_with_model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    base = tmp_path_factory.mktemp("writing")
    (base / "life").mkdir()
    (base / "life" / "garden.md").write_text(f"# Garden budget\n\n{QUOTED}\n")
    model = make_copying(base / "copying.gguf", ballast=60_000_000)
    (base / "config.toml").write_text(f'[models]\ngenerator = "{model}"\n')
    env = {"CAIRN_HOME": str(base / "home"), "CAIRN_CONFIG": str(base / "config.toml"),
           "HOME": str(base)}  # fmt: skip
    lived = Lived(env, base / "life")
    lived.run("add", str(base / "life"))
    yield lived
    lived.run("daemon", "stop")


@pytest.fixture
def writing(home_with_model: Lived, monkeypatch: pytest.MonkeyPatch) -> Lived:
    for name, value in home_with_model.env.items():
        monkeypatch.setenv(name, value)
    return home_with_model


def asking(app: Cairn) -> Ask:
    place = app.place
    assert isinstance(place, Ask)
    return place


def test_what_is_written_is_seen_while_it_is_and_the_model_is_named(
    writing: Lived, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    hear = Turn.hear

    def noted(turn: Turn, now: dict[str, object]) -> None:
        hear(turn, now)
        seen.append(str(turn.said.content))

    monkeypatch.setattr(Turn, "hear", noted)

    async def test(app: Cairn, pilot: Driver) -> None:
        await until(pilot, lambda: "copying" in screen(pilot).split("\n")[0])
        asking(app).prompt.put(ASKED)
        await pilot.press("enter")
        await until(pilot, lambda: "by copying" in screen(pilot))
        assert f"{QUOTED} [1]" in screen(pilot)
        assert "tier 4" in screen(pilot)

    driven(test, WIDE)
    assert any("We agreed on" in each for each in seen), "no part of it was shown while it came"


def test_escape_ends_the_writing_and_quotes_instead(writing: Lived) -> None:
    async def test(app: Cairn, pilot: Driver) -> None:
        asking(app).prompt.put("And what did we agree on for the garden budget, in euros?")
        await pilot.press("enter")
        await until(pilot, lambda: asking(app).turns)
        turn = asking(app).turns[-1]
        # A quick machine may be done by now.
        await until(pilot, lambda: "stop" in screen(pilot).split("\n")[-1] or not turn.is_open)
        await until(pilot, lambda: "We agreed" in screen(pilot) or not turn.is_open)
        await pilot.press("escape")
        await until(pilot, lambda: not asking(app).turns[-1].is_open)
        await until(pilot, lambda: "stop" not in screen(pilot).split("\n")[-1])
        assert QUOTED in screen(pilot)

    driven(test, WIDE)
