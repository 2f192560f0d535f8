"""The git history of a tree is named with the command that takes the forgotten out of it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.forget.preview import ForgetPlan
from cairn.core.home import open_home
from tests.forget.scenarios import World

WORD = "zqhistory"
_PLAN = f"# Garden\n\nWe decided to plant three {WORD} trees behind the house.\n"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "a")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "a@example.org")
    engine = Engine(open_home(tmp_path / "home"), Config())
    world = World(engine, tmp_path / "life")
    world.write("plan.md", _PLAN)
    engine.add(world.life)
    world.remember("The spare key is with Jonas.")
    world.settle()
    git(world, "init", "-q", ".")
    committed(world)
    (filed,) = (each for each in engine.tree.catalogue.all() if WORD in each.entry.body)
    engine.memory.move(filed.entry.id, "elsewhere")
    world.settle()
    committed(world)
    yield world
    engine.close()


def git(world: World, *arguments: str) -> str:
    command = ["git", "-C", str(world.engine.tree.files.root), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def committed(world: World) -> None:
    git(world, "add", "-A")
    git(world, "commit", "-q", "-m", "as it is")


def holding(world: World) -> set[str]:
    """Paths that had the word at any time, by name or in what they said."""
    found = {path for path in git(world, "log", "--all", "--format=", "--name-only").split("\n")
             if WORD in path}  # fmt: skip
    for commit in git(world, "rev-list", "--all").split():
        asked = ["git", "-C", str(world.engine.tree.files.root), "grep", "-il", WORD, commit]
        done = subprocess.run(asked, check=False, capture_output=True, text=True)
        found |= {line.partition(":")[2] for line in done.stdout.splitlines()}
    return found


def command_of(plan: ForgetPlan) -> str:
    (told,) = (each for each in plan.stays if "filter-repo" in each)
    found = re.search("`(.+)`", told)
    assert found
    return found[1]


def test_every_path_that_ever_had_it_is_named(world: World) -> None:
    plan = world.engine.plan_forget(str(world.life / "plan.md"))
    words = shlex.split(command_of(plan))
    named = {word for before, word in pairwise(words) if before == "--path"}
    had = holding(world)
    assert len(had) > 3
    assert had <= named
    assert words[: words.index("&&")][3:] == ["add", "-A", "--", "."]
    key = world.engine.memory.find("spare key").path
    assert key in git(world, "ls-files").split("\n")
    assert key not in named


def test_of_a_repository_around_it_nothing_else_is_added(world: World) -> None:
    tree = world.engine.tree.files.root
    (tree / ".git").rename(tree.parent / ".git")
    words = shlex.split(command_of(world.engine.plan_forget(str(world.life / "plan.md"))))
    assert words[: words.index("&&")][2:] == [str(tree.parent), "add", "-A", "--", "tree"]


def test_nothing_is_named_where_there_is_no_history(world: World) -> None:
    shutil.rmtree(world.engine.tree.files.root / ".git")
    plan = world.engine.plan_forget(str(world.life / "plan.md"))
    assert not [each for each in plan.stays if "git" in each]


@pytest.mark.skipif(not shutil.which("git-filter-repo"), reason="git filter-repo is not here")
def test_the_command_takes_it_out_and_leaves_the_files(world: World) -> None:
    root = world.engine.tree.files.root
    plan = world.engine.plan_forget(str(world.life / "plan.md"))
    world.engine.apply(plan)
    before = {path: path.read_bytes() for path in root.rglob("*.md")}
    subprocess.run(command_of(plan), shell=True, check=True, capture_output=True)
    assert {path: path.read_bytes() for path in root.rglob("*.md")} == before
    committed(world)
    assert holding(world) == set()
    assert git(world, "status", "--short") == ""
    assert git(world, "rev-list", "--all", "--objects", "--reflog").count("spare-key") > 0
