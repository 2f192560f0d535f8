"""Every page of `--help`: it fits a screen, its examples parse, and the documents agree with it."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from cairn.app import cli, manual

ROOT = Path(__file__).parent.parent
SCREEN, SCREEN_OF_GROUP, WIDTH = 30, 40, 80
_COMMAND = re.compile(
    r"`((?:[A-Z_]+=\S+ )?cairn(?: [^`]*)?)`|^\$ (cairn [^\n]*)|^(cairn [^\n]*)  ", re.MULTILINE
)
_BETWEEN = re.compile(r"\|\||&&|[|;>]")


def whole() -> Any:
    return typer.main.get_command(cli.app)


def pages() -> Iterator[tuple[str, Any, Any]]:
    """Every command with its path and its context."""
    top = whole()
    context = top.make_context("cairn", [], resilient_parsing=True)
    yield "cairn", top, context
    for name in top.list_commands(context):
        command = top.get_command(context, name)
        yield from _below(name, command, _context(command, name, context))


def _below(path: str, command: Any, context: Any) -> Iterator[tuple[str, Any, Any]]:
    yield path, command, context
    for name, each in getattr(command, "commands", {}).items():
        if not each.hidden:
            yield from _below(f"{path} {name}", each, _context(each, name, context))


def _context(command: Any, name: str, parent: Any) -> Any:
    return command.make_context(name, [], parent=parent, resilient_parsing=True)


PAGES = {path: (command, context) for path, command, context in pages()}


def page(path: str) -> str:
    command, context = PAGES[path]
    return str(command.get_help(context))


@pytest.mark.parametrize("path", PAGES)
def test_help_fits_a_screen(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    lines = page(path).splitlines()
    is_group = path == "cairn" or hasattr(PAGES[path][0], "commands")
    assert len(lines) <= (SCREEN_OF_GROUP if is_group else SCREEN)
    assert max(map(len, lines)) <= WIDTH


@pytest.mark.parametrize("path", [path for path in PAGES if path != "cairn"])
def test_help_has_two_examples_of_the_command_itself(path: str) -> None:
    _, examples = manual.parts(PAGES[path][0].help or "")
    assert len(examples) >= 2
    for example in examples:
        assert f"cairn {path.removesuffix(' list')}" in example, example
        assert_parses(example)


WITHOUT_JSON = {"open", "watch", "demo", "mcp", "completion", "config edit"}
"""They show, run or print something else than data."""


def test_every_command_that_has_data_tells_it_as_json() -> None:
    silent = {
        path
        for path, (command, _) in PAGES.items()
        if not hasattr(command, "commands")
        if not any("--json" in option.opts for option in command.params)
    }
    assert silent == WITHOUT_JSON


def test_the_overview_names_every_command_once() -> None:
    names = re.findall(r"^  ([a-z, -]+?)  ", page("cairn"), re.MULTILINE)
    listed = [name for names_ in names for name in names_.split(", ")]
    assert sorted(listed) == sorted(cli.FILES)


def test_each_option_says_what_it_does() -> None:
    silent = [
        f"{path} {option.opts}"
        for path, (command, _) in PAGES.items()
        for option in command.params
        if option.param_type_name == "option" and not option.help
    ]
    assert silent == []


@pytest.mark.parametrize(
    "document", ["README.md", *sorted(f"docs/{each.name}" for each in (ROOT / "docs").glob("*.md"))]
)
def test_what_the_documents_say_to_type_can_be_typed(document: str) -> None:
    found = ["".join(each) for each in _COMMAND.findall((ROOT / document).read_text("utf-8"))]
    for typed in found:
        if "…" not in typed or '"…"' in typed:
            assert_parses(typed)


def test_the_readme_names_every_command() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    missing = [
        name for name in cli.FILES if not re.search(rf"`(?:cairn )?{re.escape(name)}\b", text)
    ]
    assert missing == []


def assert_parses(typed: str) -> None:
    """Are there such a command, and such options of it?"""
    for part in _BETWEEN.split(_without_quotes(typed)):
        words = shlex.split(part.strip(" $()"), comments=True)
        if "cairn" not in words:
            continue
        words = words[words.index("cairn") + 1 :]
        if not words or words[0].isupper() or words[0] == "…" or " " in words[0]:
            continue
        path = _path(words)
        options = {name for each in PAGES[path][0].params for name in _names(each)}
        given = {word.partition("=")[0] for word in words if re.match(r"--?[a-zA-Z0]", word)}
        unknown = given - options - {"-h", "--help"}
        assert not unknown, f"{typed}: {path} has no {unknown}"


def _without_quotes(typed: str) -> str:
    """A pipe within quotes is none."""
    return re.sub(r"\"[^\"]*\"|'[^']*'", '"x y"', typed)


def _names(option: Any) -> list[str]:
    return [*option.opts, *option.secondary_opts] if option.param_type_name == "option" else []


def _path(words: list[str]) -> str:
    if f"{words[0]} {words[1] if len(words) > 1 else ''}" in PAGES:
        return f"{words[0]} {words[1]}"
    plain = "cairn" if words[0].startswith("-") else words[0]
    assert plain in PAGES, f"there is no command {words[0]}"
    return "tree list" if plain == "tree" else plain


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        (["sarch"], 2, "did you mean `cairn search`?"),
        (["boiler"], 2, "`cairn ask boiler` asks for it"),
        (["ask", "--foo", "x"], 2, "`cairn ask --help` says how"),
        (["show"], 2, "missing argument"),
        (["search", "-n", "0", "x"], 2, "`cairn search --help` says how"),
    ],
)
def test_what_can_t_be_understood_says_what_to_type(
    typed: list[str], code: int, words: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "cairn.app", *typed],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_the_shell(shell: str) -> None:
    run = [sys.executable, "-P", "-m", "cairn.app"]
    done = subprocess.run([*run, "completion", shell], capture_output=True, text=True, check=True)
    assert "_CAIRN_COMPLETE=complete_" + shell in done.stdout


def test_the_document_on_json_names_every_command_that_prints_it() -> None:
    text = (ROOT / "docs" / "json.md").read_text("utf-8")
    told = set(re.findall(r"\*\*([a-z -]+)\*\*", text))
    there = {
        path
        for path, (command, _) in PAGES.items()
        if any("--json" in option.opts for option in command.params)
    }
    usual = {path.removesuffix(" list") if path == "tree list" else path for path in there}
    assert usual - told == set()
    assert {each.partition(" -")[0] for each in told} - usual - {"tree"} == set()
