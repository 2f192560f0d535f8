"""What is passed over: cairn's own list, hidden names, and what `.cairnignore` says of both."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec
from pathspec.patterns.gitignore import GitIgnorePatternError

from cairn.core.watch.ignore import IGNORE_FILE, Rules, _swift


def passes(root: Path, name: str, *, hidden: bool = False) -> bool:
    """Is a file or, with a slash at its end, a folder let through?"""
    return Rules(root, hidden).judge(root / name, name.endswith("/")) is None


def write(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines))


@pytest.mark.parametrize(
    "name",
    """.env secrets.toml credentials.json me.kdbx id_rsa id_ed25519.pub server.pem .netrc
    ID_RSA Server.PEM 4913
    ~$a.docx .~lock.a.odt# a.md~ .a.md.swp x.part x.crdownload #a# .#a .DS_Store ._a.md
    node_modules/ .git/ __pycache__/ .cache/""".split(),
)
def test_secrets_leavings_and_tools_folders_are_passed_over(tmp_path: Path, name: str) -> None:
    assert not passes(tmp_path, name)
    assert not passes(tmp_path, f"sub/{name}")


@pytest.mark.parametrize(
    "name",
    "notes.md environment.txt credentials-for-teaching.md keys.md build/ vendor/ 2026/".split(),
)
def test_ordinary_names_are_let_through(tmp_path: Path, name: str) -> None:
    assert passes(tmp_path, name)


def test_build_outputs_are_passed_over_beside_a_project_file_only(tmp_path: Path) -> None:
    assert passes(tmp_path, "target/notes.md")
    (tmp_path / "Cargo.toml").touch()
    assert not passes(tmp_path, "target/notes.md")


def test_hidden_files_are_read_when_wanted_but_not_keys_and_tools(tmp_path: Path) -> None:
    assert not passes(tmp_path, ".config/a.md")
    assert passes(tmp_path, ".config/a.md", hidden=True)
    assert not passes(tmp_path, ".env", hidden=True)
    assert not passes(tmp_path, ".git/", hidden=True)
    assert not passes(tmp_path, IGNORE_FILE, hidden=True)


def test_an_ignore_file_has_gitignores_syntax(tmp_path: Path) -> None:
    write(tmp_path / IGNORE_FILE, "# mine", "*.log", "!keep.log", "drafts/", "/top.md", "a/**/z.md")
    assert not passes(tmp_path, "x.log")
    assert passes(tmp_path, "keep.log")
    assert not passes(tmp_path, "sub/drafts/")
    assert not passes(tmp_path, "sub/drafts/note.md")
    assert not passes(tmp_path, "top.md")
    assert passes(tmp_path, "sub/top.md")
    assert not passes(tmp_path, "a/b/c/z.md")


def test_the_nearest_ignore_file_has_the_last_word(tmp_path: Path) -> None:
    write(tmp_path / IGNORE_FILE, "*.txt")
    write(tmp_path / "sub" / IGNORE_FILE, "!*.txt")
    assert not passes(tmp_path, "a.txt")
    assert passes(tmp_path, "sub/a.txt")


def test_an_ignore_file_can_let_in_what_cairn_passes_over(tmp_path: Path) -> None:
    write(tmp_path / IGNORE_FILE, "!.journal/", "!server.key")
    assert passes(tmp_path, ".journal/a.md")
    assert passes(tmp_path, "server.key")


def test_an_ignore_file_that_changes_is_read_again(tmp_path: Path) -> None:
    rules = Rules(tmp_path, False)
    write(tmp_path / IGNORE_FILE, "*.md")
    assert rules.judge(tmp_path / "a.md", False)
    write(tmp_path / IGNORE_FILE, "*.log", "")
    assert rules.judge(tmp_path / "a.md", False) is None
    (tmp_path / IGNORE_FILE).unlink()
    assert rules.judge(tmp_path / "a.log", False) is None


def test_the_rule_is_named_with_its_file_and_line(tmp_path: Path) -> None:
    write(tmp_path / IGNORE_FILE, "# one", "", "*.log")
    verdict = Rules(tmp_path, False).judge(tmp_path / "a.log", False)
    assert verdict and verdict.reason == f"{tmp_path / IGNORE_FILE}:3 says so"


def test_lines_that_are_no_patterns_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / IGNORE_FILE).write_bytes(b"!\n\xff\xfe[\n***\n[z\n*.log\n" + b"a" * 100_000)
    assert not passes(tmp_path, "a.log")


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 60 + "*b", "a" * 250),
        ("*[a-b]?" * 40 + "*c", "a" * 250),
        ("/" + "*a" * 30 + "/" + "*a" * 30 + "*b", f"{'a' * 250}/{'a' * 250}"),
        ("**/a/" * 40 + "b", "a/" * 1500 + "c"),
        ("**/*a*a*a/" * 10 + "*b", f"{'a' * 60}/" * 60 + "c"),
        ("*(" * 10 + "x", "(" * 200),
        ("*[(]" * 10 + "x", "(" * 200),
    ],
)
def test_no_pattern_of_a_stranger_takes_long(tmp_path: Path, pattern: str, path: str) -> None:
    (tmp_path / IGNORE_FILE).write_text(f"{pattern}\n*.log\n")
    chain = Rules(tmp_path, False).chain(tmp_path)
    assert chain[0].says(tmp_path / path, False) is None
    assert chain[0].says(tmp_path / f"{path}.log", False) == (True, 2)


_PATTERNS = st.lists(
    st.sampled_from(["*", "*", "**", "/", "/", "/**/", "**/", "a", "b", "?", "[ab]", "\\*", "(",
                     "[(]"]),
    min_size=1, max_size=9,
).map("".join)  # fmt: skip
_PATHS = st.lists(st.text("ab*(", min_size=1, max_size=5), min_size=1, max_size=5).map("/".join)


@given(_PATTERNS, st.lists(_PATHS, min_size=1, max_size=20))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_the_swift_form_of_a_pattern_matches_the_same(pattern: str, paths: list[str]) -> None:
    try:
        (plain,) = GitIgnoreSpec.from_lines([pattern]).patterns
    except (ValueError, GitIgnorePatternError):
        return
    if plain.regex is not None:
        swift = re.compile(_swift(plain.regex.pattern), re.DOTALL)
        for path in (*paths, *(f"{path}/" for path in paths)):
            was, now = plain.regex.match(path), swift.match(path)
            assert (was and was.groupdict()) == (now and now.groupdict()), (pattern, path)


@pytest.mark.timeout(30)
def test_an_ignore_file_that_is_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / IGNORE_FILE)
    assert passes(tmp_path, "a.log")


def test_a_newline_in_a_name_hides_nothing_from_a_pattern(tmp_path: Path) -> None:
    (tmp_path / IGNORE_FILE).write_text("*.log\n")
    assert not passes(tmp_path, "a\nb/c.log")


def test_what_cairn_makes_of_entries_is_not_read(tmp_path: Path) -> None:
    rules = Rules(tmp_path, False, lambda path: path.endswith("_context.md"))
    verdict = rules.judge(tmp_path / "garden" / "_context.md", False)
    assert verdict and "cairn makes it" in verdict.reason
    assert rules.judge(tmp_path / "garden" / "beds.md", False) is None
