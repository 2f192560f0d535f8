"""`cairn model …` as a person types it: added, used, measured, pulled after a yes, removed."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn.core.home import home_path, open_home
from cairn.core.models.files import trying
from tests.conftest import Cairn, wait_until
from tests.models.host import Host, serving
from tests.models.tiny import make_model


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("model") / "tiny.gguf", window=512)


@pytest.fixture(autouse=True)
def _known_speeds() -> None:
    """The machine need not be measured in each test's home."""
    home = open_home(home_path())
    speeds = {"memory": 20e9, "disk": 1e9, "compute": 20e9, "calm": True, "of": trying._name()}
    (home.cache / "machine.json").write_text(json.dumps(speeds))


@pytest.fixture
def host(model: Path) -> Iterator[Host]:
    with serving(model.read_bytes()) as opened:
        yield opened


def parts() -> list[Path]:
    return list((Path(os.environ["CAIRN_HOME"]) / "models").glob("*.part"))


def test_a_model_is_added_used_measured_and_removed(cairn: Cairn, model: Path) -> None:
    assert cairn("model", "add", str(model)).out == "tiny\n"
    ran = cairn("model", "use", "tiny")
    assert ran.code == 0, ran.err
    assert "fits" in ran.err
    assert cairn("config", "get", "models.generator").out.strip() == str(model)
    rows = [line.split("\t") for line in cairn("model", "list").out.splitlines()]
    assert [row[:3] for row in rows[:2]] == [
        ["shipped", "used", "embedder"], ["tiny", "used", "generator"],
    ]  # fmt: skip
    assert all(len(row) == 8 for row in rows)
    assert "qwen3-4b" in [row[0] for row in rows]
    measured = json.loads(cairn("model", "bench", "--json").out)["data"]
    assert measured["measured"]["speed"] > 0
    assert measured["expected"]["fits"]
    assert "tiny.gguf fits" in cairn("doctor").out
    busy = cairn("model", "remove", "tiny")
    assert (busy.code, "is in use" in busy.err) == (2, True)
    assert cairn("model", "use", "none").code == 0
    assert cairn("config", "get", "models.generator").out.strip() == ""
    assert "its file stays" in cairn("model", "remove", "tiny").err
    assert model.is_file()


def test_what_is_recommended_can_be_read_by_a_program(cairn: Cairn) -> None:
    ran = cairn("model", "recommend", "--json")
    document = json.loads(ran.out)
    assert document["command"] == "model recommend"
    data = document["data"]
    assert (ran.code == 0) == bool(data["best"])
    assert {"name", "size", "licence", "sha256", "fits", "speed", "answer_s"} <= set(
        data["offers"][0]
    )
    assert data["machine"]["total"] > 0


def test_a_pull_asks_first_and_without_a_terminal_needs_a_yes(cairn: Cairn, host: Host) -> None:
    url = f"{host.url}/file.gguf"
    ran = cairn("model", "pull", url)
    assert ran.code == 2
    assert "127.0.0.1" in ran.err
    assert "--yes" in ran.err
    code, said = on_a_terminal(cairn, ["model", "pull", url], "n\n")
    assert code == 1
    assert "fetch it from 127.0.0.1?" in said
    assert host.asked == []
    code, said = on_a_terminal(cairn, ["model", "pull", url], "y\n")
    assert code == 0, said
    assert "checksum" in said
    ran = cairn("model", "remove", "file")
    assert "to be deleted" in ran.err
    assert cairn("model", "remove", "file", "--yes").code == 0


def test_a_pull_that_is_broken_off_goes_on_the_next_time(cairn: Cairn, host: Host) -> None:
    url = f"{host.url}/waits"
    running = cairn.start("model", "pull", url, "--yes")
    wait_until(lambda: bool(parts()) and parts()[0].stat().st_size > 1000)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    pid = json.loads(cairn("daemon", "status", "--json").out)["data"]["daemon"]["pid"]
    os.kill(pid, signal.SIGKILL)
    host.go_on.set()
    ran = cairn("model", "pull", url, "--yes", "--json")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["data"]["sha256"]
    assert host.asked[-1][1].startswith("bytes=")
    assert parts() == []


def test_ctrl_c_says_that_a_pull_can_go_on(cairn: Cairn, host: Host) -> None:
    url = f"{host.url}/waits"
    running = cairn.start("model", "pull", url, "--yes")
    wait_until(lambda: bool(parts()) and parts()[0].stat().st_size > 1000)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "goes on from here" in said
    assert said.endswith("stopped\n")
    rows = [line.split("\t") for line in cairn("model", "list").out.splitlines()]
    assert [row[:2] for row in rows if row[1] == "unfinished"] == [[url, "unfinished"]]
    assert {len(row) for row in rows} == {8}


_WRONG = [
    (["pull", "no-such-model", "--yes"], 1, "no model called"),
    (["pull", "http://example.org/m.gguf", "--yes"], 2, "without encryption"),
    (["use", "qwen3-8b"], 1, "cairn model pull qwen3-8b"),
    (["add", "/no/such/file.gguf"], 1, "is not there"),
    (["add", __file__], 3, "not a GGUF file"),
    (["bench"], 1, "in use"),
    (["remove", "shipped"], 2, "not cairn's"),
]


def test_what_goes_wrong_says_what_to_do(cairn: Cairn) -> None:
    for arguments, code, says in _WRONG:
        ran = cairn("model", *arguments)
        assert ran.code == code
        assert says in ran.err
        assert "hint: " in ran.err
        assert "Traceback" not in ran.err
    arguments, code, says = _WRONG[0]
    document = json.loads(cairn("model", *arguments, "--json").out)
    assert document["command"] == "model pull"
    assert document["error"]["exit_code"] == code
    assert says in document["error"]["message"]


def test_every_command_has_examples(cairn: Cairn) -> None:
    for name in ("list", "recommend", "pull", "add", "use", "remove", "bench"):
        assert cairn("model", name, "--help").out.count(f"cairn model {name}") >= 2


def on_a_terminal(cairn: Cairn, arguments: list[str], answer: str) -> tuple[int, str]:
    """What a person sees, on stderr as on stdout."""
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-P", "-m", "cairn.app", *arguments],
        stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, **cairn.env},
    )  # fmt: skip
    os.close(theirs)
    os.write(ours, answer.encode())
    said = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # the terminal is closed when its last user has left
            break
        if not piece:
            break
        said += piece
    os.close(ours)
    return running.wait(60), said.decode("utf-8", "replace")
