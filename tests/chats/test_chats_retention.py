"""Which programs delete their conversations is told by their own settings, in their own order."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cairn.core.chats.retention import Retention, retention


def put(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value))


def of(kind: str, home: Path, **env: str) -> Retention | None:
    return retention(kind, env, home, home / "root")


def days(kind: str, home: Path, **env: str) -> int | None:
    found = of(kind, home, **env)
    assert found
    return found.days


def test_claude_code_deletes_after_thirty_days_by_itself(tmp_path: Path) -> None:
    assert of("claude-code", tmp_path) == Retention(
        "Claude Code deletes conversations after 30 days"
        " (cleanupPeriodDays in ~/.claude/settings.json)",
        30,
        "cleanupPeriodDays",
    )


def test_the_strongest_setting_of_claude_code_holds(tmp_path: Path) -> None:
    managed = tmp_path / "root/etc/claude-code"
    for path, value in (
        (tmp_path / ".claude/settings.json", 99999),
        (tmp_path / ".claude/settings.local.json", 1),
        (managed / "managed-settings.json", 90),
        (managed / "managed-settings.d/10-keep.json", 365.0),
    ):
        put(path, {"cleanupPeriodDays": value})
        assert days("claude-code", tmp_path) == value
    found = of("claude-code", tmp_path)
    assert found
    assert "after 365 days" in found.words
    assert "10-keep.json" in found.words


def test_the_settings_are_where_the_environment_says(tmp_path: Path) -> None:
    put(tmp_path / ".claude/settings.json", {"cleanupPeriodDays": 7})
    put(tmp_path / "other/settings.json", {"cleanupPeriodDays": 1})
    found = of("claude-code", tmp_path, CLAUDE_CONFIG_DIR=str(tmp_path / "other"))
    assert found
    assert found.words.endswith("after 1 day (cleanupPeriodDays in ~/other/settings.json)")


def test_zero_days_may_mean_that_nothing_is_kept(tmp_path: Path) -> None:
    put(tmp_path / ".claude/settings.json", {"cleanupPeriodDays": 0})
    found = of("claude-code", tmp_path)
    assert found
    assert found.days == 0
    assert "keep no conversations" in found.words


BROKEN = (
    "", "[", "[1]", "null", "[" * 100_000, '{"a":' * 50_000, '"' + '\\"' * 100_000, "/*" * 100_000,
    '{"cleanupPeriodDays": "5", "general": "x", "history": 3}',
    '{"cleanupPeriodDays": true, "general": {"sessionRetention": [1]}}',
    '{"cleanupPeriodDays": -3, "general": {"sessionRetention": {"maxAge": null}}}',
    '{"cleanupPeriodDays": 1e999, "general": null}', '{"cleanupPeriodDays": NaN}',
    '{"cleanupPeriodDays": ' + "9" * 5000 + "}", "\0\ufffe", " " * (1 << 20),
)  # fmt: skip


@pytest.mark.parametrize("text", BROKEN, ids=range(len(BROKEN)))
def test_of_broken_settings_the_default_holds(tmp_path: Path, text: str) -> None:
    put(tmp_path / ".claude/settings.json", text)
    put(tmp_path / ".gemini/settings.json", text)
    put(tmp_path / ".codex/config.toml", text)
    assert days("claude-code", tmp_path) == 30
    assert days("gemini", tmp_path) == 30
    assert of("codex", tmp_path) is None


def test_absurd_numbers_stay_numbers(tmp_path: Path) -> None:
    put(tmp_path / ".claude/settings.json", '{"cleanupPeriodDays": ' + "9" * 400 + "}")
    assert days("claude-code", tmp_path) == 1_000_000


def test_a_pipe_or_a_folder_in_place_of_settings_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".claude").mkdir()
    (tmp_path / ".gemini/settings.json").mkdir(parents=True)
    os.mkfifo(tmp_path / ".claude/settings.json")
    assert days("claude-code", tmp_path) == 30
    assert days("gemini", tmp_path) == 30


@pytest.mark.parametrize(
    ("given", "rules", "after"),
    [
        ({}, "after 30 days", 30),
        ({"maxAge": "2w"}, "after 14 days", 14),
        ({"maxAge": "3m"}, "after 90 days", 90),
        ({"maxAge": "36h"}, "after 1 day", 1),
        ({"maxAge": "5h", "minRetention": "1h"}, "after 5 hours", 0),
        ({"maxCount": 50}, "after 30 days and beyond the newest 50 of a project", 30),
        ({"maxAge": "", "maxCount": 5}, "beyond the newest 5 of a project", None),
    ],
)
def test_gemini_deletes_by_age_and_number(
    tmp_path: Path, given: dict[str, object], rules: str, after: int | None
) -> None:
    put(tmp_path / ".gemini/settings.json", {"general": {"sessionRetention": given}})
    where = "(general.sessionRetention in ~/.gemini/settings.json)"
    words = f"Gemini CLI deletes conversations {rules} {where}"
    assert of("gemini", tmp_path) == Retention(words, after, "general.sessionRetention")


@pytest.mark.parametrize(
    "given",
    [
        {"enabled": False},
        {"maxAge": "30 days"},
        {"maxAge": "0d"},
        {"maxAge": "5h"},
        {"maxAge": ""},
        {"maxCount": 0},
    ],
    ids=str,
)
def test_gemini_keeps_all_where_its_cleaning_is_off_or_makes_no_sense(
    tmp_path: Path, given: dict[str, object]
) -> None:
    put(tmp_path / ".gemini/settings.json", {"general": {"sessionRetention": given}})
    assert of("gemini", tmp_path) is None


def test_settings_of_the_whole_machine_surround_those_of_the_user(tmp_path: Path) -> None:
    def given(**values: object) -> dict[str, object]:
        return {"general": {"sessionRetention": values}}

    put(tmp_path / "root/etc/gemini-cli/system-defaults.json", given(maxAge="4d"))
    assert days("gemini", tmp_path) == 4
    text = '// mine\n{"general": {"sessionRetention": {"maxAge": "5d" /* "6d" */}}}'
    put(tmp_path / "g/.gemini/settings.json", text)
    home = {"GEMINI_CLI_HOME": str(tmp_path / "g")}
    assert days("gemini", tmp_path, **home) == 5
    put(tmp_path / "strong.json", given(maxAge="6d"))
    strong = {"GEMINI_CLI_SYSTEM_SETTINGS_PATH": str(tmp_path / "strong.json")}
    assert days("gemini", tmp_path, **home, **strong) == 6


def test_codex_shortens_its_list_of_prompts_only(tmp_path: Path) -> None:
    assert of("codex", tmp_path) is None
    put(tmp_path / ".codex/config.toml", "[history]\nmax_bytes = 1000\n")
    found = of("codex", tmp_path)
    assert found
    assert found.days is None
    assert found.words.startswith("Codex CLI keeps all conversations")


def test_the_others_keep_theirs(tmp_path: Path) -> None:
    assert {of(kind, tmp_path) for kind in ("opencode", "aider", "whatsapp", "none")} == {None}
