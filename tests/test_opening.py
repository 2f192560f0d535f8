"""Opening a place: what is started with which words, and what is never started."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from cairn.app import opening as module
from cairn.app import programs
from cairn.app.opening import open_citation, open_target, plan_opening
from cairn.core.config import Open
from cairn.core.errors import ConfigError, NotFound, Unavailable
from cairn.core.locate import Target, parse_citation
from tests.conftest import wait_until

NOTHING = Open()


@pytest.fixture
def bin_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of programs there is."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(programs.sys, "platform", "linux")
    monkeypatch.chdir(tmp_path)
    return folder


def install(folder: Path, name: str, status: int = 0) -> Path:
    """A program that writes down its arguments, one a line, and ends."""
    told = folder / f"{name}.told"
    script = folder / name
    script.write_text(
        f'#!/bin/sh\nfor word in "$@"; do printf "%s\\n" "$word"; done > "{told}.part"\n'
        f'/bin/mv "{told}.part" "{told}"\nexit {status}\n'
    )
    script.chmod(0o755)
    return told


def note(tmp_path: Path, name: str = "a b.md", content: str = "one\ntwo\n") -> Path:
    path = tmp_path / name
    path.write_text(content)
    return path


def at(path: Path, place: str = "") -> Target:
    return parse_citation(f"{path}{place}")


@pytest.mark.parametrize(
    ("editor", "words"),
    [
        ("vim", ["+2", "PATH"]),
        ("nvim -p", ["-p", "+2", "PATH"]),
        ("nano", ["+2", "PATH"]),
        ("emacs -nw", ["-nw", "+2", "PATH"]),
        ("micro", ["+2", "PATH"]),
        ("helix", ["+2", "PATH"]),
        ("vim.tiny", ["+2", "PATH"]),
        ("code --wait", ["--wait", "-g", "PATH:2"]),
        ("codium", ["-g", "PATH:2"]),
        ("cursor", ["-g", "PATH:2"]),
        ("subl", ["PATH:2"]),
        ("zed", ["PATH:2"]),
        ("kate", ["-l", "2", "PATH"]),
        ("my-own-editor", ["PATH"]),
    ],
)
def test_an_editor_is_told_the_line_in_its_own_way(
    tmp_path: Path, bin_: Path, monkeypatch: pytest.MonkeyPatch, editor: str, words: list[str]
) -> None:
    told = install(bin_, editor.split()[0])
    path = note(tmp_path)
    monkeypatch.setenv("EDITOR", editor)
    assert open_target(at(path, ":2"), NOTHING) == 0
    wait_until(told.exists)
    assert told.read_text().splitlines() == [word.replace("PATH", str(path)) for word in words]


def test_visual_comes_before_editor_and_the_setting_before_both(
    tmp_path: Path, bin_: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two", "three"):
        install(bin_, name)
    path = note(tmp_path)
    monkeypatch.setenv("EDITOR", "one")
    assert plan_opening(at(path), NOTHING).command == ("one", str(path))
    monkeypatch.setenv("VISUAL", "two")
    assert plan_opening(at(path), NOTHING).command == ("two", str(path))
    settings = Open(command="three --at={line} '--file={path}'")
    assert plan_opening(at(path, ":2"), settings).command == (
        "three", "--at=2", f"--file={path}",
    )  # fmt: skip


def test_a_terminal_editor_gives_its_exit_status(
    tmp_path: Path, bin_: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(bin_, "vim", status=3)
    monkeypatch.setenv("EDITOR", "vim")
    assert open_target(at(note(tmp_path)), NOTHING) == 3


def test_a_window_is_left_to_itself(
    tmp_path: Path, bin_: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = bin_ / "kate"
    script.write_text(f'#!/bin/sh\n/bin/sleep 30 &\necho $! > "{bin_}/pid"\nwait\n')
    script.chmod(0o755)
    monkeypatch.setenv("EDITOR", "kate")
    monkeypatch.setattr(module, "_EARLY_S", 0.05)
    assert open_target(at(note(tmp_path)), NOTHING) == 0
    wait_until(lambda: (bin_ / "pid").exists() and (bin_ / "pid").read_text().strip() != "")
    pid = int((bin_ / "pid").read_text())
    assert os.getsid(pid) != os.getsid(0)
    os.killpg(os.getpgid(pid), 15)


def test_a_window_that_can_not_be_opened_is_reported(
    tmp_path: Path, bin_: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(bin_, "xdg-open", status=3)
    monkeypatch.setattr(module, "_EARLY_S", 60.0)
    with pytest.raises(Unavailable, match="exit status 3"):
        open_target(at(note(tmp_path, "a.eml")), NOTHING)


def test_nothing_in_a_name_is_taken_for_a_command_or_an_option(tmp_path: Path, bin_: Path) -> None:
    told = install(bin_, "vim")
    for name in ("-rf.md", "$(touch x).md", "a;touch x.md", "{line}.md", "+9", "'\" \\.md"):
        path = note(tmp_path, name)
        target = parse_citation(name)
        for template in ("vim +{line} {path}", "vim"):
            assert open_target(target, Open(command=template)) == 0
            assert told.read_text().splitlines()[-1] == str(path)
    assert not (tmp_path / "x").exists()


def test_an_address_goes_to_what_the_system_has_for_it(tmp_path: Path, bin_: Path) -> None:
    told = install(bin_, "xdg-open")
    path = note(tmp_path, "a b#c.md")
    settings = Open(command="vscode://file{path}:{line}")
    assert open_target(at(path, "#L2"), settings) == 0
    wait_until(told.exists)
    assert told.read_text() == f"vscode://file{tmp_path}/a%20b%23c.md:2\n"
    settings = Open(command="app://open?url={uri}")
    assert plan_opening(at(path), settings).command[1].startswith("app://open?url=file%3A%2F%2F%2F")


@pytest.mark.parametrize(
    ("viewer", "words"),
    [
        ("zathura", ["-P", "3", "PATH"]),
        ("evince", ["-p", "3", "PATH"]),
        ("okular", ["-p", "3", "PATH"]),
        ("xreader", ["-p", "3", "PATH"]),
        ("xdg-open", ["PATH"]),
    ],
)
def test_a_pdf_opens_at_its_page_where_a_viewer_can(
    tmp_path: Path, bin_: Path, viewer: str, words: list[str]
) -> None:
    install(bin_, viewer)
    path = note(tmp_path, "a.pdf")
    planned = plan_opening(at(path, "#p3"), NOTHING)
    assert planned.command == (viewer, *(word.replace("PATH", str(path)) for word in words))
    assert not planned.in_terminal
    assert ("p3" in planned.note) == (viewer == "xdg-open")


def test_the_setting_for_pages_is_for_pdfs_alone(tmp_path: Path, bin_: Path) -> None:
    for name in ("viewer", "vim", "xdg-open"):
        install(bin_, name)
    settings = Open(command="vim", page_command="viewer --page={page}")
    pdf, text, image = (note(tmp_path, name) for name in ("a.pdf", "a.md", "a.png"))
    image.write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    assert plan_opening(at(pdf, "#p3"), settings).command == ("viewer", "--page=3", str(pdf))
    assert plan_opening(at(text, ":3"), settings).command == ("vim", str(text))
    assert plan_opening(at(image), settings).command == ("xdg-open", str(image))


@pytest.mark.parametrize(
    ("name", "place", "program"),
    [
        ("a.eml", "#L4", "xdg-open"),
        ("a.html", "", "xdg-open"),
        ("a.html", "#L4", "vim"),
        ("a.unknown", "", "vim"),
        ("a.turns.jsonl", "#t2", "vim"),
        ("a.ipynb", "#c3", "xdg-open"),
    ],
)
def test_what_an_editor_shows_better_opens_in_the_editor(
    tmp_path: Path, bin_: Path, monkeypatch: pytest.MonkeyPatch, name: str, place: str, program: str
) -> None:
    install(bin_, "vim"), install(bin_, "xdg-open")
    monkeypatch.setenv("EDITOR", "vim")
    planned = plan_opening(at(note(tmp_path, name), place), NOTHING)
    assert planned.command[0] == program
    assert (f"+{place[2:]}" in planned.command) == (program == "vim" and place != "")


def test_a_long_text_in_another_script_is_a_text(
    tmp_path: Path, bin_: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(bin_, "vim"), install(bin_, "xdg-open")
    monkeypatch.setenv("EDITOR", "vim")
    for shift in range(3):
        path = note(tmp_path, "a.txt", "x" * shift + "漢" * 9000)
        assert plan_opening(at(path), NOTHING).command[0] == "vim"


def test_what_lies_inside_a_file_opens_that_file_and_says_so(tmp_path: Path, bin_: Path) -> None:
    install(bin_, "xdg-open")
    path = note(tmp_path, "trip.eml")
    planned = plan_opening(at(path, "!/plan.docx#n3"), NOTHING)
    assert planned.command == ("xdg-open", str(path))
    assert planned.note == "plan.docx is inside trip.eml, which is opened"


def test_a_program_in_disguise_is_not_run(tmp_path: Path, bin_: Path) -> None:
    install(bin_, "xdg-open")
    with pytest.raises(ConfigError, match="might be run"):
        plan_opening(at(note(tmp_path, "Invoice.desktop", "[Desktop Entry]\nExec=x\n")), NOTHING)


def test_without_any_program_the_error_names_path_and_setting(tmp_path: Path, bin_: Path) -> None:
    for name, setting in (("a.md", "open.command"), ("a.pdf", "open.page_command")):
        path = note(tmp_path, name)
        with pytest.raises(ConfigError) as caught:
            plan_opening(at(path, "#p1" if name == "a.pdf" else ":1"), NOTHING)
        assert str(path) in caught.value.message
        assert setting in caught.value.hint


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("gone {path}", "`gone`"),
        ("vim {lin} {path}", "unknown placeholder {lin}"),
        ("vim 'a", "not a command"),
        ("   ", "not a command"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, bin_: Path, command: str, says: str) -> None:
    install(bin_, "vim")
    with pytest.raises(ConfigError) as caught:
        plan_opening(at(note(tmp_path), ":1"), Open(command=command))
    assert says in caught.value.message and "open.command" in caught.value.message


def test_print_only_prints_the_command(
    tmp_path: Path, bin_: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = install(bin_, "vim")
    path = note(tmp_path, "a\x1b[31m b.md")
    open_target(at(path, ":2"), Open(command="vim +{line} {path}"), only_print=True)
    printed = capsys.readouterr().out
    assert printed == f"vim +2 '{tmp_path}/a\\x1b[31m b.md'\n"
    assert not told.exists()


def test_a_missing_file_and_a_pipe_are_not_opened(tmp_path: Path, bin_: Path) -> None:
    with pytest.raises(NotFound, match="is not there"):
        plan_opening(Target(tmp_path / "none.md"), NOTHING)
    os.mkfifo(tmp_path / "pipe.md")
    with pytest.raises(NotFound):
        plan_opening(Target(tmp_path / "pipe.md"), NOTHING)


def test_on_a_mac_texts_open_as_texts(
    tmp_path: Path, bin_: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs.sys, "platform", "darwin")
    text = note(tmp_path, "run.command")
    assert plan_opening(at(text), NOTHING).command == ("open", "-t", str(text))
    pdf = note(tmp_path, "a.pdf")
    assert plan_opening(at(pdf), NOTHING).command == ("open", str(pdf))


def test_a_citation_of_the_last_answer_opens_with_the_users_settings(
    tmp_path: Path, bin_: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cairn.app.last import remember_last

    told = install(bin_, "vim")
    path = note(tmp_path)
    (tmp_path / "home" / "run").mkdir(parents=True)
    remember_last(str(tmp_path / "home"), [at(path, ":2").address])
    (tmp_path / "config.toml").write_text('[open]\ncommand = "vim +{line}"\n')
    assert open_citation("[1]") == 0
    assert told.read_text().splitlines() == ["+2", str(path)]
    assert shutil.which("vim") == str(bin_ / "vim")
