"""Settings: each mistake is named with its file, key and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from cairn.app import render
from cairn.app.commands.config import config_get
from cairn.core.config import Config, build_config, load_config, parse_setting, setting_names
from cairn.core.errors import ConfigError


def load(tmp_path: Path, text: str, **env: str) -> Config:
    file = tmp_path / "settings.toml"
    file.write_text(text)
    return load_config({"CAIRN_CONFIG": str(file), **env})


def test_without_a_file_every_setting_has_its_default() -> None:
    assert load_config({"CAIRN_CONFIG": "/nowhere/config.toml"}) == Config()


def test_a_file_sets_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    config = load(tmp_path, "[watch]\nquiet_s = 5\n")
    assert config.watch.quiet_s == 5.0
    assert config.limits == Config().limits


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    config = load(tmp_path, "[models]\nthreads = 1\n", CAIRN_MODELS_THREADS="2")
    assert config.models.threads == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[watch]\nquite_s = 5\n", ["settings.toml", "watch.quite_s", "watch.quiet_s"]),
        ("[wach]\nquiet_s = 5\n", ["settings.toml", "wach", "watch"]),
        ("quiet_s = 5\n", ["settings.toml", "quiet_s"]),
        ("watch = 5\n", ["settings.toml", "watch", "section"]),
        ("[recall]\nmin_relevance = 7\n", ["recall.min_relevance", "outside 0 to 1"]),
        ("[watch]\nquiet_s = 'soon'\n", ["settings.toml", "watch.quiet_s", "a number", "soon"]),
        ("[models]\nthreads = 1.5\n", ["models.threads", "a whole number"]),
        ("[models]\nthreads = true\n", ["models.threads", "a whole number"]),
        ("[watch]\nquiet_s = -1\n", ["watch.quiet_s", "outside"]),
        ("[watch]\nquiet_s = nan\n", ["watch.quiet_s", "outside"]),
        ("[watch\n", ["settings.toml", "not valid TOML", "config edit"]),
        ("a = " + "[" * 100_000, ["settings.toml", "nested too deeply", "config edit"]),
    ],
)
def test_a_mistake_in_the_file_names_file_key_and_remedy(
    tmp_path: Path, text: str, says: list[str]
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    told = f"{caught.value.message} {caught.value.hint}"
    assert all(word in told for word in says), told
    assert caught.value.hint


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("CAIRN_WATCH_QUIT_S", "5", "CAIRN_WATCH_QUIET_S"),
        ("CAIRN_HOEM", "/x", "CAIRN_HOME"),
        ("CAIRN_MODELS_THREADS", "two", "a whole number"),
    ],
)
def test_a_mistake_in_the_environment_names_the_variable(
    variable: str, value: str, says: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config({variable: value})
    assert variable in caught.value.message
    assert says in f"{caught.value.message} {caught.value.hint}"


def test_an_unreadable_file_is_an_error_and_not_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(ConfigError, match="can't be read"):
        load_config({"CAIRN_CONFIG": str(tmp_path / "folder")})


def test_every_setting_survives_being_written_as_text() -> None:
    for name in setting_names():
        section, key = name.split(".")
        default = getattr(getattr(Config(), section), key)
        assert parse_setting(name, str(default), "test") == default
        assert build_config({name: default}) == Config()


def test_a_setting_takes_no_terminal_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "settings.toml").write_text('[models]\ngenerator = "m\\u001b]0;owned\\u0007"\n')
    monkeypatch.setenv("CAIRN_CONFIG", str(tmp_path / "settings.toml"))
    for is_terminal, told in ((True, "m\\x1b]0;owned\\x07\n"), (False, "m\x1b]0;owned\x07\n")):
        monkeypatch.setattr(render, "is_terminal", lambda answer=is_terminal: answer)
        config_get("models.generator")
        assert capsys.readouterr().out == told
