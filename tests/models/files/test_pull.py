"""Pulling from a real host on 127.0.0.1: whole and right, or resumed, or refused in words."""

from __future__ import annotations

import hashlib
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cairn.core.errors import ConfigError, NotFound, Unavailable
from cairn.core.models.files import pull as module
from cairn.core.models.files.arrivals import Arrivals
from cairn.core.models.files.kept import Kept, Shelf
from cairn.core.models.files.pull import Halted, Pulled, Wanted, pull
from cairn.core.models.files.pull_parts import pull_parts
from cairn.core.models.files.unfinished import PART
from cairn.core.models.fit.shape import Shape
from cairn.core.models.plan import Plan
from tests.conftest import wait_until
from tests.models.host import Host, serving

DATA = b"GGUF" + os.urandom(3_000_000)
SUM = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    monkeypatch.setattr(module, "_PAUSE_S", 0.0)
    with serving(DATA) as opened:
        yield opened


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "model.gguf"


def fetch(
    host: Host, target: Path, path: str, *, sha256: str = SUM, size: int = len(DATA),
    stop: Callable[[], bool] = lambda: False,
) -> Pulled:  # fmt: skip
    wanted = Wanted(f"{host.url}/{path}", size, sha256)
    return pull(wanted, target, lambda done, total: None, stop)


def waiting(target: Path) -> int:
    part = target.with_name(target.name + PART)
    return part.stat().st_size if part.exists() else 0


def left(target: Path) -> list[str]:
    return sorted(path.name for path in target.parent.iterdir() if path.name.startswith("model"))


def test_what_comes_is_whole_and_right(host: Host, target: Path) -> None:
    told: list[tuple[int, int]] = []
    wanted = Wanted(f"{host.url}/file.gguf", len(DATA), SUM)
    found = pull(wanted, target, lambda *now: told.append(now), lambda: False)
    assert found == Pulled(target, len(DATA), SUM)
    assert target.read_bytes() == DATA
    assert left(target) == ["model.gguf"]
    assert told[-1] == (len(DATA), len(DATA))


@pytest.mark.parametrize("path", ["moved", "plain.gguf", "file.gguf"])
def test_without_a_known_sum_it_is_told(host: Host, target: Path, path: str) -> None:
    assert fetch(host, target, path, sha256="", size=0).sha256 == SUM


def test_a_line_that_breaks_is_taken_up_where_it_broke(host: Host, target: Path) -> None:
    host.failures["breaks"] = 3
    assert fetch(host, target, "breaks").sha256 == SUM
    starts = [int(span[6:-1] or 0) if span else 0 for _, span in host.asked]
    assert starts == sorted(set(starts))
    assert len(starts) == 4


def test_a_host_without_ranges_begins_again(host: Host, target: Path) -> None:
    host.failures["half"] = 2
    assert fetch(host, target, "half").sha256 == SUM
    assert target.read_bytes() == DATA


def test_what_an_earlier_try_left_need_not_come_again(host: Host, target: Path) -> None:
    with pytest.raises(Halted):
        fetch(host, target, "waits", stop=lambda: waiting(target) > 0)
    before = waiting(target)
    assert 0 < before < len(DATA)
    assert not target.exists()
    host.go_on.set()
    assert fetch(host, target, "waits").sha256 == SUM
    assert host.asked[-1][1] == f"bytes={before}-"


def test_what_is_left_of_another_file_is_not_taken_up(host: Host, target: Path) -> None:
    with pytest.raises(Halted):
        fetch(host, target, "waits", stop=lambda: waiting(target) > 0)
    host.go_on.set()
    assert fetch(host, target, "file.gguf").sha256 == SUM
    assert host.asked[-1][1] == ""


def test_a_file_that_changed_meanwhile_comes_anew(host: Host, target: Path) -> None:
    with pytest.raises(Halted):
        fetch(host, target, "waits", sha256="", stop=lambda: waiting(target) > 0)
    notes = target.with_name("model.gguf.part.json")
    notes.write_text(notes.read_text().replace("/waits", "/file.gguf"))
    host.go_on.set()
    host.tag, host.data = '"two"', b"GGUF" + bytes(5000)
    found = fetch(host, target, "file.gguf", sha256="", size=0)
    assert target.read_bytes() == host.data
    assert found.size == 5004


MONDAY, TUESDAY = "Mon, 02 Nov 2026 10:00:00 GMT", "Tue, 03 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (('W/"one"', ""), ('W/"two"', "")),
        (("", MONDAY), ("", TUESDAY)),
        (('"one"', MONDAY), ("", TUESDAY)),
        (('W/"one"', ""), ("", "")),
        (("", ""), ("", "")),
    ],
)
def test_two_files_are_not_joined_by_a_host_that_goes_on_regardless(
    host: Host, target: Path, before: tuple[str, str], after: tuple[str, str]
) -> None:
    host.tag, host.modified = before
    with pytest.raises(Halted):
        fetch(host, target, "waits", sha256="", size=0, stop=lambda: waiting(target) > 0)
    host.go_on.set()
    host.tag, host.modified = after
    host.data = b"GGUF" + bytes(len(DATA) - 4)
    fetch(host, target, "waits", sha256="", size=0)
    assert target.read_bytes() == host.data


@pytest.mark.parametrize(("tag", "modified"), [('W/"one"', ""), ("", MONDAY), ('"one"', MONDAY)])
def test_any_word_of_the_host_that_it_is_the_same_will_do(
    host: Host, target: Path, tag: str, modified: str
) -> None:
    host.tag, host.modified = tag, modified
    with pytest.raises(Halted):
        fetch(host, target, "waits", sha256="", size=0, stop=lambda: waiting(target) > 0)
    before = waiting(target)
    host.go_on.set()
    assert fetch(host, target, "waits", sha256="", size=0).sha256 == SUM
    assert host.asked[-1][1] == f"bytes={before}-"


def test_a_known_sum_is_word_enough(host: Host, target: Path) -> None:
    host.tag = ""
    with pytest.raises(Halted):
        fetch(host, target, "waits", stop=lambda: waiting(target) > 0)
    host.go_on.set()
    assert fetch(host, target, "waits").sha256 == SUM
    assert host.asked[-1][1].startswith("bytes=")


def test_a_kill_costs_nothing_but_the_rest(host: Host, target: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from cairn.core.models.files.pull import Wanted, pull\n"
        "pull(Wanted(sys.argv[1], int(sys.argv[2]), sys.argv[3]), Path(sys.argv[4]),\n"
        "     lambda *now: None, lambda: False)"
    )
    arguments = [f"{host.url}/waits", str(len(DATA)), SUM, str(target)]
    running = subprocess.Popen([sys.executable, "-P", "-c", program, *arguments])
    wait_until(lambda: waiting(target) > 1_000_000)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert not target.exists()
    before = waiting(target)
    host.go_on.set()
    assert fetch(host, target, "waits").sha256 == SUM
    assert host.asked[-1][1] == f"bytes={before}-"


def test_a_full_disk_is_told_and_what_came_is_kept(host: Host, target: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, limits[1]))
    try:
        with pytest.raises(Unavailable, match="the disk is full") as caught:
            fetch(host, target, "file.gguf")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "goes on where it stopped" in caught.value.hint
    assert not target.exists()
    assert 0 < waiting(target) <= 2_000_000
    assert fetch(host, target, "file.gguf").sha256 == SUM


def test_it_is_not_begun_where_there_is_no_room(host: Host, target: Path) -> None:
    with pytest.raises(Unavailable, match="are free on that disk"):
        wanted = Wanted(f"{host.url}/file.gguf", 1 << 60, "")
        host.data = DATA  # the host names its length, which is fine; what is spare is not
        module_spare = module._SPARE_DISK
        module._SPARE_DISK = 1 << 60
        try:
            pull(wanted, target, lambda *now: None, lambda: False)
        finally:
            module._SPARE_DISK = module_spare
    assert waiting(target) == 0


def test_a_wrong_sum_leaves_nothing(host: Host, target: Path) -> None:
    with pytest.raises(Unavailable, match="is not the file that is wanted") as caught:
        fetch(host, target, "file.gguf", sha256="0" * 64)
    assert SUM[:12] in caught.value.message
    assert left(target) == []


def test_another_length_than_the_known_one_is_refused_before_it_comes(
    host: Host, target: Path
) -> None:
    with pytest.raises(Unavailable, match="has another file there"):
        fetch(host, target, "file.gguf", size=1000)
    assert waiting(target) == 0


@pytest.mark.parametrize(
    ("path", "kind", "says"),
    [
        ("gone.gguf", NotFound, "has no such file"),
        ("private.gguf", Unavailable, "signed in"),
        ("page.gguf", Unavailable, "something else than a GGUF file"),
        ("elsewhere", ConfigError, "without encryption"),
        ("circle", Unavailable, "refuses the file"),
    ],
)
def test_what_the_host_will_not_give_is_said(
    host: Host, target: Path, path: str, kind: type[Exception], says: str
) -> None:
    with pytest.raises(kind, match=says) as caught:
        fetch(host, target, path, sha256="", size=0)
    assert caught.value.hint  # type: ignore[attr-defined]
    assert left(target) == []


def test_a_busy_host_is_asked_again_but_not_for_ever(host: Host, target: Path) -> None:
    host.failures["busy"] = 3
    assert fetch(host, target, "busy").sha256 == SUM
    target.unlink()
    host.failures["busy"] = 100
    with pytest.raises(Unavailable, match="busy or broken") as caught:
        fetch(host, target, "busy")
    assert "goes on where it stopped" in caught.value.hint
    assert len(host.asked) == 4 + 5


def test_nobody_there_is_told(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSE_S", 0.0)
    with serving(DATA) as host:
        gone = host
    with pytest.raises(Unavailable, match="can't be reached"):
        fetch(gone, target, "file.gguf")


@pytest.mark.parametrize(
    "url",
    ["http://example.org/m.gguf", "ftp://example.org/m", "file:///etc/passwd", "https://", "m.gguf",
     "https://user:word@example.org/m.gguf", "https://[x/y.gguf", "https://example.org:99999/m",
     "https://example.org/mod\u00e8le.gguf", "https://example.org/a b.gguf",
     "https://example.org/a\nb.gguf"],
)  # fmt: skip
def test_addresses_that_can_be_listened_to_or_are_none_are_refused(url: str, target: Path) -> None:
    with pytest.raises((ConfigError, NotFound)):
        Arrivals(Shelf(target.parent), untried).deal(url)
    with pytest.raises(ConfigError):
        pull(Wanted(url, 0, ""), target, lambda *now: None, lambda: False)
    assert left(target) == []


def untried(kept: Kept, shape: Shape, whole: bool) -> Plan:
    raise AssertionError


def test_a_long_name_is_cut_by_its_bytes(host: Host, tmp_path: Path) -> None:
    name = "%E4%B8%AD" * 90 + ".gguf"
    host.files["/" + name] = DATA
    pulled = pull_parts(Wanted(f"{host.url}/{name}", 0, ""), tmp_path, lambda *now: None, bool)
    assert pulled.path.name.startswith("\u4e2d" * 26 + ".")


def test_a_host_that_leads_nowhere_is_told(host: Host, target: Path) -> None:
    with pytest.raises(Unavailable, match="can't be reached"):
        fetch(host, target, "nowhere")
