"""The collection: added, copied, pulled, used, measured, forgotten; the user's files stay."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn.core.config import Models
from cairn.core.errors import Busy, ConfigError, NotFound, Unavailable
from cairn.core.home import Home, open_home
from cairn.core.models.files.collection import Collection
from cairn.core.models.files.trying import Trying
from cairn.core.models.fit.machine import Machine, Speeds
from tests.conftest import wait_until
from tests.models.dense import Size
from tests.models.host import Host, serving
from tests.models.large import Large, make_large
from tests.models.tiny import make_model


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_model(tmp_path_factory.mktemp("model") / "tiny.gguf", window=512).read_bytes()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    opened = open_home(tmp_path / "home")
    known = {"memory": 20e9, "disk": 1e9, "compute": 20e9, "calm": True}
    from cairn.core.models.files import trying

    (opened.cache / "machine.json").write_text(json.dumps({**known, "of": trying._name()}))
    return opened


@pytest.fixture
def models(home: Home) -> Collection:
    return Collection(home, Models())


@pytest.fixture
def host(data: bytes) -> Iterator[Host]:
    with serving(data) as opened:
        yield opened


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def add(models: Collection, path: Path, copy: bool = False) -> str:
    return models.add(path, copy=copy, tell=lambda *now: None, stop=lambda: False).name


def pull(models: Collection, url: str) -> str:
    return models.pull(url, lambda *now: None, lambda: False).name


def names(models: Collection) -> list[str]:
    return [each.kept.name for each in models.all()]


def test_a_file_is_known_where_it_lies(models: Collection, data: bytes, tmp_path: Path) -> None:
    path = put(tmp_path / "My Model (1).gguf", data)
    name = add(models, path)
    assert name == "my-model-1"
    assert add(models, path) == name
    assert names(models) == ["shipped", name]
    listed = models.all()[1]
    assert (listed.kept.path, listed.kept.kind, listed.used) == (str(path), "generator", False)
    assert listed.plan
    assert listed.plan.fits
    assert models.forget(name) == ()
    models.remove(name)
    assert path.read_bytes() == data
    assert names(models) == ["shipped"]


def test_another_file_of_that_name_gets_another(
    models: Collection, data: bytes, tmp_path: Path
) -> None:
    (tmp_path / "b").mkdir()
    first = add(models, put(tmp_path / "same.gguf", data))
    second = add(models, put(tmp_path / "b/same.gguf", data))
    assert (first, second) == ("same", "same-2")
    assert add(models, put(tmp_path / "none.gguf", data)) == "none-2"  # it means to do without


def test_a_copy_is_cairns_own_to_delete(
    models: Collection, home: Home, data: bytes, tmp_path: Path
) -> None:
    path = put(tmp_path / "stick.gguf", data)
    name = add(models, path, copy=True)
    copy = home.models / "stick.gguf"
    path.unlink()
    assert models.use(name)[0].path == str(copy)
    assert models.forget(name) == (copy,)
    assert models.remove(name) == (copy,)
    assert not copy.exists()


def test_what_is_broken_is_not_taken_in(models: Collection, data: bytes, tmp_path: Path) -> None:
    evil = data.replace(b"<0x41>", b"<\x00x41>")  # llama.cpp ends itself at this
    foreign = data.replace(b"\x05\0\0\0\0\0\0\0llama", b"\x05\0\0\0\0\0\0\0lemma")
    foreign = foreign.replace(b"llama.", b"lemma.")
    odd = data[:-1000] + b"\xff" * 1000
    for content, says in (
        (data[:3000], "cut off"), (evil, "falls over"), (foreign, "not known"),
        (odd, "weights are no numbers"),
    ):  # fmt: skip
        with pytest.raises(Unavailable, match=says) as caught:
            add(models, put(tmp_path / "bad.gguf", content), copy=True)
        assert "config set" not in caught.value.hint  # nothing is set yet
        assert caught.value.hint
    assert names(models) == ["shipped"]
    assert not list(Path(models._shelf.folder).glob("*.gguf"))


def test_what_does_not_fit_is_refused_with_what_to_do(
    models: Collection, data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path / "m.gguf", data)
    name = add(models, path)
    little = Machine(4 << 30, 300 << 20, 2)
    monkeypatch.setattr(Trying, "machine", lambda self, measured=True: little)
    for attempt in (
        lambda: add(models, path),
        lambda: models.use(name),
        lambda: models.bench(name),
    ):
        with pytest.raises(Unavailable, match="can be used now") as caught:
            attempt()
        assert "close some programs" in caught.value.hint
    listed = models.all()[1]
    assert listed.plan
    assert not listed.plan.fits


def test_a_file_that_changed_is_looked_through_again(
    models: Collection, data: bytes, tmp_path: Path
) -> None:
    path = put(tmp_path / "m.gguf", data)
    name = add(models, path)
    put(path, data.replace(b"<0x41>", b"<\x00x41>"))
    with pytest.raises(Unavailable, match="falls over"):
        models.use(name)
    path.unlink()
    with pytest.raises(NotFound):
        models.use(name)
    assert "not there" in models.all()[1].trouble
    models.remove(name)
    assert names(models) == ["shipped"]


def test_what_is_in_use_is_listed_and_not_removed(home: Home, data: bytes, tmp_path: Path) -> None:
    path = put(tmp_path / "m.gguf", data)
    name = add(Collection(home, Models()), path)
    models = Collection(home, Models(generator=str(path)))
    assert [each.kept.name for each in models.all() if each.used] == ["shipped", name]
    with pytest.raises(ConfigError, match="is in use"):
        models.remove(name)
    by_hand = Collection(home, Models(generator=str(put(tmp_path / "by hand.gguf", data))))
    assert "by-hand" in names(by_hand)
    with pytest.raises(ConfigError, match="not cairn's"):
        by_hand.remove("by-hand")


def test_an_embedder_has_to_be_like_the_index(models: Collection, tmp_path: Path) -> None:
    from cairn import assets

    path = put(tmp_path / "e.gguf", assets.path("embedder.gguf").read_bytes())
    kept, _ = models.use(add(models, path))
    assert kept.kind == "embedder"


def test_what_is_pulled_is_kept_and_held_to_its_sum(
    models: Collection, home: Home, host: Host, data: bytes
) -> None:
    url = f"{host.url}/file.gguf"
    deal = models.deal(url)
    assert (deal.host, deal.sha256, deal.here) == ("127.0.0.1", "", False)
    assert host.asked == []  # nothing before there was a yes
    name = pull(models, url)
    kept = models.find(name)
    assert kept.sha256 == hashlib.sha256(data).hexdigest()
    assert Path(kept.path).parent == home.models
    assert models.deal(url).here
    assert models.remove(name) == (Path(kept.path),)
    assert models.deal(url).sha256 == kept.sha256
    host.data = data + bytes(32)  # another file by now
    with pytest.raises(Unavailable, match="is not the file"):
        pull(models, url)
    assert names(models) == ["shipped"]
    assert models.unfinished() == []


def test_a_whole_file_that_is_no_model_is_not_kept(
    models: Collection, home: Home, host: Host, data: bytes
) -> None:
    host.data = data[:3000]
    with pytest.raises(Unavailable, match="cut off"):
        pull(models, f"{host.url}/file.gguf")
    assert [path.name for path in home.models.iterdir()] == []


def test_one_that_will_not_run_is_kept_but_not_used(
    models: Collection, host: Host, data: bytes
) -> None:
    host.data = data.replace(b"<0x41>", b"<\x00x41>")
    with pytest.raises(Unavailable, match="falls over") as caught:
        pull(models, f"{host.url}/file.gguf")
    assert "cairn model remove file" in caught.value.hint
    assert "did not run" in models.all()[1].trouble
    with pytest.raises(Unavailable, match="falls over"):
        models.use("file")
    assert len(models.remove("file")) == 1
    host.data = data  # put right there meanwhile: it is not held to what never ran
    assert pull(models, f"{host.url}/file.gguf") == "file"
    assert models.all()[1].trouble == ""


def test_a_pull_that_was_stopped_is_listed_and_can_be_dropped(
    models: Collection, host: Host
) -> None:
    url = f"{host.url}/waits"
    began = time.monotonic()
    with pytest.raises(Unavailable, match="stopped"):
        models.pull(url, lambda *now: None, lambda: bool(models.unfinished()[0][1])
                    if models.unfinished() else time.monotonic() > began + 30)  # fmt: skip
    [(left, size)] = models.unfinished()
    assert left == url
    assert size > 0
    assert models.deal(url).waiting == size
    models.remove(url)
    assert models.unfinished() == []


def test_a_later_part_of_a_split_model_leads_to_the_first(models: Collection) -> None:
    with pytest.raises(ConfigError, match="one part of a model") as caught:
        models.deal("https://example.org/big-00002-of-00003.gguf?download=true")
    first = "https://example.org/big-00001-of-00003.gguf?download=true"
    assert caught.value.hint == f"`cairn model pull {first}` fetches all 3 parts"
    assert models.deal(first).parts == 3
    with pytest.raises(ConfigError, match="which one can't be"):
        models.deal("https://example.org/big-00004-of-00003.gguf")


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("split")
    make_model(folder / "tiny.gguf", window=512, part_tensors=5)
    return [path.read_bytes() for path in sorted(folder.glob("tiny-*.gguf"))]


def test_a_split_model_is_pulled_part_by_part(
    models: Collection, host: Host, split: list[bytes]
) -> None:
    assert len(split) == 3
    host.files = {f"/tiny-{n:05}-of-00003.gguf": part for n, part in enumerate(split, start=1)}
    url = f"{host.url}/tiny-00001-of-00003.gguf"
    told: list[int] = []
    kept = models.pull(url, lambda done, total: told.append(done), lambda: False)
    assert (kept.name, kept.size) == ("tiny", sum(map(len, split)))
    assert kept.sha256.split() == [hashlib.sha256(part).hexdigest() for part in split]
    assert told == sorted(told)
    assert told[-1] == kept.size
    assert models.use("tiny")[1].fits  # llama.cpp loads it from the first
    assert models.unfinished() == []
    with pytest.raises(NotFound):
        models.forget(url)  # it is known by its name
    assert len(models.remove("tiny")) == 3
    host.files["/tiny-00002-of-00003.gguf"] = split[0]
    with pytest.raises(Unavailable, match="not the file that is wanted"):
        models.pull(url, lambda *now: None, lambda: False)  # held to its sums from now on


def test_a_split_model_goes_on_with_the_part_at_which_it_stopped(
    models: Collection, home: Home, host: Host, split: list[bytes]
) -> None:
    host.files = {f"/tiny-{n:05}-of-00003.gguf": part for n, part in enumerate(split[:1], start=1)}
    url = f"{host.url}/tiny-00001-of-00003.gguf"
    with pytest.raises(NotFound, match="no such file"):
        models.pull(url, lambda *now: None, lambda: False)
    assert models.unfinished() == [(url, len(split[0]))]
    assert models.deal(url).waiting == len(split[0])
    host.files |= {f"/tiny-{n:05}-of-00003.gguf": part for n, part in enumerate(split, start=1)}
    host.asked.clear()
    assert pull(models, url) == "tiny"
    assert [path for path, _ in host.asked] == [*sorted(host.files)[1:]]
    models.remove("tiny")
    assert sorted(path.name for path in home.models.iterdir()) == ["models.json"]


def test_what_is_left_of_a_split_model_can_be_dropped(
    models: Collection, home: Home, host: Host, split: list[bytes]
) -> None:
    host.files = {"/tiny-00001-of-00003.gguf": split[0]}
    url = f"{host.url}/tiny-00001-of-00003.gguf"
    with pytest.raises(NotFound):
        models.pull(url, lambda *now: None, lambda: False)
    assert sum(path.suffix == ".gguf" for path in models.remove(url)) == 1
    assert models.unfinished() == []
    assert list(home.models.iterdir()) in ([], [home.models / "models.json"])


def test_parts_that_do_not_belong_together_are_not_kept(
    models: Collection, home: Home, host: Host, split: list[bytes]
) -> None:
    host.files = {f"/tiny-{n:05}-of-00003.gguf": split[0] for n in (1, 2, 3)}
    with pytest.raises(Unavailable, match="do not belong together"):
        pull(models, f"{host.url}/tiny-00001-of-00003.gguf")
    assert models.unfinished() == []
    assert not list(home.models.glob("*.gguf"))


def test_names_that_are_not_known_lead_to_those_that_are(models: Collection) -> None:
    with pytest.raises(NotFound, match="to pull"):
        models.deal("no-such-model")
    with pytest.raises(NotFound) as caught:
        models.find("qwen3-4b")
    assert "cairn model pull qwen3-4b" in caught.value.hint
    with pytest.raises(NotFound, match="no model that writes"):
        models.bench("")


def test_a_benchmark_has_the_expectation_beside_it(
    models: Collection, data: bytes, tmp_path: Path
) -> None:
    found = models.bench(add(models, put(tmp_path / "m.gguf", data)))
    assert found.tried.speed > 0
    assert found.tried.read_speed > 0
    assert found.plan.speed > 0
    assert 0 < found.tried.memory < 2 << 30


def test_others_are_added_and_used_while_one_comes(
    models: Collection, host: Host, data: bytes, tmp_path: Path
) -> None:
    url = f"{host.url}/waits"
    done = threading.Event()
    coming = threading.Thread(
        target=lambda: done.set() if pull(models, url) == "waits" else None, daemon=True
    )
    coming.start()
    wait_until(lambda: bool(models.unfinished() and models.unfinished()[0][1]))
    with pytest.raises(Busy, match="already"):
        pull(models, url)
    with pytest.raises(Busy, match="being fetched"):
        models.remove(url)
    assert add(models, put(tmp_path / "m.gguf", data)) == "m"
    host.go_on.set()
    coming.join(60)
    assert done.is_set()
    assert set(names(models)) == {"shipped", "m", "waits"}


def test_one_at_a_time(models: Collection, data: bytes, tmp_path: Path) -> None:
    path = put(tmp_path / "m.gguf", data)
    with models._alone(), pytest.raises(Busy):
        add(models, path)


def test_a_damaged_list_of_models_says_what_to_do(models: Collection, home: Home) -> None:
    (home.models / "models.json").write_text("{")
    with pytest.raises(Unavailable, match="damaged") as caught:
        models.all()
    assert "add" in caught.value.hint


def test_speeds_are_measured_once(home: Home) -> None:
    (home.cache / "machine.json").unlink()
    models = Collection(home, Models())
    assert models.machine(measured=False).speeds == Speeds()
    first = models.machine().speeds
    assert min(first.memory, first.disk, first.compute) > 1e6
    assert models.machine(measured=False).speeds == first
    assert [path.name for path in home.cache.iterdir()] == ["machine.json"]
    assert os.stat(home.cache / "machine.json").st_mode & 0o077 == 0


def test_what_packing_has_written_goes_with_the_model(models: Collection, tmp_path: Path) -> None:
    size = Size(layers=2, width=256, hidden=512, heads=4, key_heads=4)
    path = make_large(tmp_path / "rests.gguf", Large("nemotron", size, "Q8_0"))
    name = add(models, path)
    packed = models.pack(name, lambda *now: None, lambda: False)
    assert packed.parent == tmp_path and packed.stat().st_size > 0
    models.remove(name)
    assert path.exists() and not packed.exists()
