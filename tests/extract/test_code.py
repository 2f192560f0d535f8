"""Source code is cut at definitions."""

from __future__ import annotations

from pathlib import Path

from tests.extract.checks import check_lines, read

PYTHON = '''"""Doc."""
import os

X = 1

# about f
@dec
def f():
    return 1

class Small:
    def g(self): pass

class Long:
    y = 2

    def g(self):
        a = 1

        return a
{filler}
    async def h(self): pass
z = "\\d"
'''.format(filler="\n".join(f"    x{n} = {n}" for n in range(40)))

SCRIPT = """\
import x from 'y'

// adds
export function add(a, b) {

  return a + b
}
export class Sum {
  total = 0
}

const one = 1
"""


def headings(folder: Path, name: str, source: str) -> list[tuple[str, ...]]:
    document = read(folder, name, source)
    check_lines(document, source)
    assert document.kind == "code" and document.title == name
    return list(dict.fromkeys(block.heading for block in document.blocks))


def test_python(tmp_path: Path) -> None:
    names = headings(tmp_path, "a.py", PYTHON)
    assert names == [(), ("f",), ("Small",), ("Long",), ("Long.g",), ("Long.h",)]
    document = read(tmp_path, "a.py", PYTHON)
    block = next(block for block in document.blocks if block.heading == ("f",))
    assert document.text[block.start : block.end].startswith("# about f\n@dec\ndef f")


def test_python_that_does_not_parse_is_cut_by_shape(tmp_path: Path) -> None:
    assert headings(tmp_path, "a.py", "def a():\n  pass\n\ndef b(:\n  x\n") == [("a",), ("b",)]
    assert headings(tmp_path, "a.py", "(" * 5000) == [()]


def test_other_languages(tmp_path: Path) -> None:
    assert headings(tmp_path, "a.js", SCRIPT) == [(), ("add",), ("Sum",)]
    sql = "create table if not exists plants (\n  id int\n);\n\nselect 1;\n"
    assert headings(tmp_path, "a.sql", sql) == [("plants",), ()]
    make = "all: x\n\tcc x\n\nclean:\n\trm x\n"
    document = read(tmp_path, "Makefile", make)
    assert len(document.blocks) == 2


GO = """\
package main

// Bed is where beans grow.
type Bed struct {
\tName string
}

func (b *Bed) Water(n int) error {
\treturn nil
}
"""

RUST = """\
use std::fmt;

impl<T> fmt::Display for Bed<T> {
    fn fmt(&self) {}
}

pub(crate) fn water(n: u32) -> u32 {
    n
}
"""

CPP = """\
#include <x>

void Garden::water(int litres) const {
  if (litres) {
    x();
  }
}

int main(int argc, char** argv)
{
  return 0;
}
"""

TS = """\
export const add = (a: number, b: number): number => {
  return a
}

const plain = 3

export default async function load(url: string) {
}
"""


def test_definitions_of_other_languages(tmp_path: Path) -> None:
    assert headings(tmp_path, "a.go", GO) == [(), ("Bed",), ("Water",)]
    assert headings(tmp_path, "a.rs", RUST) == [(), ("Bed",), ("water",)]
    assert headings(tmp_path, "a.cpp", CPP) == [(), ("Garden::water",), ("main",)]
    assert headings(tmp_path, "a.ts", TS) == [("add",), (), ("load",)]


def test_a_long_class_is_cut_into_its_methods(tmp_path: Path) -> None:
    methods = "\n".join(
        f"    /** Waters. */\n    @Override\n    public List<String> water{n}(int litres) {{\n"
        "        if (litres > 0) {\n            call();\n        }\n    }\n"
        for n in range(8)
    )
    source = (
        f"package x;\n\npublic class Garden extends Base {{\n    int size = 1;\n\n{methods}}}\n"
    )
    names = headings(tmp_path, "Garden.java", source)
    assert names == [(), ("Garden",), *((f"Garden.water{n}",) for n in range(8))]


def test_hostile_code(tmp_path: Path) -> None:
    for source in ("a " * 200_000 + "(", "func (" + "a" * 500_000, "x y z(" * 50_000):
        assert read(tmp_path, "a.cpp", source).text == source
    read(tmp_path, "a.java", "class A {\n" + "  \n x(\n" * 20_000)
