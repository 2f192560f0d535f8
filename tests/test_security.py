"""docs/SECURITY.md makes no promise without a test that exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
PAGE = (ROOT / "docs" / "SECURITY.md").read_text("utf-8")
NAMED = sorted(set(_TEST.findall(PAGE)))


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_a_test_that_is_named_exists(file: str, test: str) -> None:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert test in names if test else any(name.startswith("test_") for name in names)


def test_every_promise_names_its_test() -> None:
    rows = re.findall(r"^\| (?!promised|---|\s*\|)(.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
    promises = [row for row in rows if not row[0].startswith("of ")]
    assert len(promises) > 15
    assert [row[0] for row in promises if not _TEST.search(row[1])] == []


def test_the_readme_leads_there() -> None:
    assert "docs/SECURITY.md" in (ROOT / "README.md").read_text("utf-8")
