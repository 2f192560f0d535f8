"""The rules of CONTRIBUTING.md that a machine can keep: who imports whom, what stays light."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = {"lancedb", "pyarrow", "llama_cpp", "textual"}

# Lower layers first; a module may import only from its own layer's line or those above it.
LAYERS = (
    ("core.records", "core.errors", "core.config", "core.uris", "core.authors", "native", "assets"),
    ("core.schema", "core.migrating", "core.sqlite", "core.rows", "core.queueing",
     "core.progress", "core.power",
     "core.locate", "core.nearby", "core.passage", "core.leash", "core.destination"),
    ("core.home", "core.journal", "core.runs", "core.tombstones", "core.process", "core.confine",
     "core.sentences", "core.times", "core.report", "core.language", "core.redact", "core.backup",
     "core.salvage", "core.replacing"),
    ("core.chats", "core.extract", "core.chunk", "core.cleared", "core.models", "core.index",
     "core.tree", "core.watch", "core.recall", "core.traces", "core.moving"),
    ("core.answer", "core.ingest", "core.fetch", "core.capture", "core.private", "core.effort",
     "core.behaviour", "core.overview", "core.curation"),
    ("core.own", "core.conversations", "core.memory", "core.upkeep", "core.considering",
     "core.export", "core.pausing"),
    ("core.citations", "core.forget"),
    ("core.keeping", "core.answering"),
    ("core.asking",),
    ("core.conversing",),
    ("core.personal",),
    ("core.finding",),
    ("core.engine",),
    ("core.restoring", "core.repair", "core.deep"),
    ("app",),
)  # fmt: skip


def sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(path: Path, *, top_level: bool = False) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    nodes = tree.body if top_level else list(ast.walk(tree))
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer(module: str) -> int:
    for number, names in enumerate(LAYERS):
        if any(module == name or module.startswith(name + ".") for name in names):
            return number
    raise AssertionError(f"{module} has no place in LAYERS")


@pytest.mark.parametrize("path", sources("app", "core"), ids=module_of)
def test_imports_point_one_way(path: Path) -> None:
    mine = layer(module_of(path)) if path.parent != ROOT / "core" or path.stem != "__init__" else 0
    for name in imports(path):
        if name.startswith("cairn."):
            target = name.removeprefix("cairn.")
            assert layer(target) <= mine, f"{module_of(path)} imports {target}"


@pytest.mark.parametrize("path", sources("core"), ids=module_of)
def test_the_core_knows_no_front_end_and_never_prints(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(path)} & {"typer", "textual", "rich"}
    if path.stem in ("worker", "child"):  # programs of their own, with a stderr of their own
        return
    calls = [
        node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)
    ]
    assert not [call for call in calls if isinstance(call, ast.Name) and call.id == "print"]


@pytest.mark.parametrize("path", sources("app"), ids=module_of)
def test_the_front_ends_import_no_engine_library(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(path)} & (HEAVY - {"textual"})


@pytest.mark.parametrize("path", sources("app", "core", "native/py", "tests"), ids=module_of)
def test_no_file_is_too_long_to_read(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        module_of(path)
        for path in sources("app", "core", "native/py")
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []


@pytest.mark.parametrize(
    "command",
    [
        ["--help"],
        ["ask", "--help"],
        ["status"],
        ["ask", "anything"],
        ["tree"],
        ["search", "x", "--no-daemon"],
    ],
    ids=" ".join,
)
def test_the_command_line_stays_light(command: list[str]) -> None:
    """What the process of a command has really imported when it ends."""
    code = (
        "import sys, json, atexit\n"
        "from cairn.app.main import main\n"
        "sys.argv = ['cairn', *sys.argv[1:]]\n"
        "def tell(): print('LOADED' + json.dumps(sorted(sys.modules)), file=sys.stderr)\n"
        "atexit.register(tell)\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command],
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    subprocess.run(
        [sys.executable, "-m", "cairn.app", "daemon", "stop"], check=True, capture_output=True
    )
    assert done.returncode in (0, 1), done.stderr
    loaded = {name.split(".")[0] for name in json.loads(done.stderr.rpartition("LOADED")[2])}
    if "--no-daemon" in command:
        assert "lancedb" in loaded  # the check itself can tell
    else:
        assert not loaded & (HEAVY | {"networkx", "numpy", "pypdf"})
