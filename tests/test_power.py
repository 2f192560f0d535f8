"""Battery or mains, by what the system says of its power supplies."""

from __future__ import annotations

from pathlib import Path

from cairn.core.power import on_battery


def supply(folder: Path, name: str, **facts: str) -> None:
    (folder / name).mkdir(parents=True)
    for fact, value in facts.items():
        (folder / name / fact).write_text(value + "\n")


def test_a_discharging_battery_without_mains_counts(tmp_path: Path) -> None:
    supply(tmp_path, "BAT0", type="Battery", status="Discharging")
    assert on_battery(tmp_path)
    supply(tmp_path, "AC", type="Mains", online="0")
    assert on_battery(tmp_path)
    (tmp_path / "AC" / "online").write_text("1\n")
    assert not on_battery(tmp_path)


def test_a_mouse_has_a_battery_of_its_own(tmp_path: Path) -> None:
    supply(tmp_path, "hidpp", type="Battery", status="Discharging", scope="Device")
    assert not on_battery(tmp_path)


def test_a_machine_that_says_nothing_runs_on_mains(tmp_path: Path) -> None:
    assert not on_battery(tmp_path)
    assert not on_battery(tmp_path / "none")
    supply(tmp_path, "BAT0", type="Battery")
    assert not on_battery(tmp_path)
